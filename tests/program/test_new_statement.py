"""A statement is added to the core the obvious way, with one thing forgotten each time: there is an error, or the right
verdict, but never a proof of what is not so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from checker import program as p
from checker.interpret import run
from checker.interpret.machine import Ending
from checker.program.statements import StatementNode
from checker.prove import Verdict
from checker.prove.system.turn import EffectsError, Turn
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import select
from tests.helpers import seams
from tests.helpers.loading import load_source, verdicts
from tests.helpers.patching import meanwhile
from tests.helpers.prover import provable

PAGE = 4096

LIFTED = load_source(
    """
    algorithm lifted(map: MemoryMap) {
        var cursor: va = EFI_WINDOW.end
        for region in map where region.runtime { cursor -= region.size  place region at cursor }
        var seen: u64 = 0
        for region in map where region.placed { seen +%= 1  if seen > 2 { drop region } }
    }
    scenario s {
        given map: MemoryMap where well_formed(map), page_aligned(map), budget(map)
        let made = lifted(map)
        check no_overlap(made)
    }
    """
)
"""The regions lie below each other; from the third on, something is done to each: `drop`, until it is lifted."""


@dataclass(frozen=True)
class Lift(StatementNode, parts=()):
    """The region is moved one page up, onto the one before."""

    region: str
    field: str
    declared: bool = True

    @property
    def effects(self) -> p.Effects:
        """The address, or, where that is forgotten, nothing."""
        writes = (self.field,) if self.declared else ()
        return p.Effects(reads=(self.field,), writes=writes, binds=(), assigns=(), leaves=(), chooses=False)


def lifting(statement: Any) -> p.Program:
    """The program, with ``statement`` where it drops a region."""

    def change(node: p.Node) -> p.Node:
        return statement if node == p.Mark("region", p.DROPPED) else node.with_children(change)

    program = LIFTED.with_children(change)
    assert program != LIFTED
    return program


def in_a_run(rightly: Any, statement: Any) -> Any:
    def lift(machine: Any) -> Any:
        machine.region[statement.field] += PAGE
        return Ending.DONE

    return lift if isinstance(statement, Lift) else rightly(statement)


def in_a_turn(rightly: Any, statement: Any, turn: Turn, variable: str) -> None:
    if not isinstance(statement, Lift):
        rightly(statement, turn, variable)
        return
    assert turn.region is not None
    old = turn.region[statement.field]
    turn.write(statement.field, select(turn.live, n.wrap(n.add(old, n.const(PAGE)), 64), old))


def with_handlers(work: Callable[[], Any], in_turn: Any = in_a_turn) -> Any:
    """The result of some work, where the interpreter and the prover know the statement."""
    with (
        meanwhile(seams.STATEMENT, lambda *given, right=seams.STATEMENT.function: in_turn(right, *given)),
        meanwhile(seams.RUN_STATEMENT, lambda *given, right=seams.RUN_STATEMENT.function: in_a_run(right, *given)),
    ):
        return work()


def proved(program: p.Program) -> bool:
    (scenario,) = program.scenarios
    return provable(scenario, next(check for check in scenario.checks if check.written))


def test_without_the_statement_it_is_proved() -> None:
    assert proved(LIFTED)


def test_a_class_without_effects_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="effects"):

        class Bare(StatementNode, parts=()):
            """Says nothing."""


def test_a_class_that_does_not_say_what_it_consists_of_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="parts"):

        class Bare(StatementNode):  # type: ignore[call-arg]
            """Says nothing."""


def test_a_class_that_leaves_out_a_part_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="address"):

        class Partial(StatementNode, parts=()):
            """Says less than there is."""

            address: p.Expr

            @property
            def effects(self) -> p.Effects:
                return p.Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


def test_no_effect_can_be_left_out() -> None:
    with pytest.raises(TypeError, match="writes"):
        p.Effects(reads=(), binds=(), assigns=(), leaves=(), chooses=False)  # type: ignore[call-arg]


def test_a_statement_that_nobody_handles_is_an_error() -> None:
    program = lifting(Lift("region", "virt_addr"))
    with pytest.raises(AssertionError, match="unreachable"):
        proved(program)


def test_an_effect_that_is_not_declared_is_an_error() -> None:
    program = lifting(Lift("region", "virt_addr", declared=False))
    with pytest.raises(EffectsError, match="virt_addr"):
        with_handlers(lambda: proved(program))


def test_an_effect_that_is_declared_and_not_had_is_an_error() -> None:
    def forgets(rightly: Any, statement: Any, turn: Turn, variable: str) -> None:
        if not isinstance(statement, Lift):
            rightly(statement, turn, variable)

    program = lifting(Lift("region", "virt_addr"))
    with pytest.raises(EffectsError, match="virt_addr"):
        with_handlers(lambda: proved(program), forgets)


def test_with_its_effects_declared_what_is_not_so_is_not_proved() -> None:
    """It takes three regions to break it, of which the last is lifted."""
    program = lifting(Lift("region", "virt_addr"))
    assert not with_handlers(lambda: proved(program))
    found = {result.check.label: result for _, result in with_handlers(lambda: verdicts(program))}
    overlapping = found["no_overlap(made)"]
    assert overlapping.verdict is Verdict.REFUTED and overlapping.counterexample is not None
    assert {len(column) for column in overlapping.counterexample.maps.values()} == {3}


def test_the_third_region_lies_over_the_second() -> None:
    program = lifting(Lift("region", "virt_addr"))
    names = dict.fromkeys((name for name, _ in program.algorithms[0].record.inputs), 0)
    regions = [{**names, "phys_addr": k * PAGE, "num_pages": 1, "attribute": 1 << 63} for k in range(3)]
    layout = with_handlers(lambda: run(program.algorithms[0], regions, {}))
    assert layout.regions[2]["virt_addr"] == layout.regions[1]["virt_addr"]
