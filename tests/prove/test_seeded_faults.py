"""Faults put into the prover on purpose: each is caught by the checks that are named beside it.

The table goes to tests/data/seeded-faults.md; `MAPPROOF_WRITE=1` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
import z3

from checker.language import program as p
from checker.prove import (
    Limits,
    Result,
    Verdict,
    assume,
    encode,
    engine,
    execute,
    handing,
    houdini,
    loops,
    proof,
    system,
)
from checker.prove import numbers as n
from checker.prove import walk as shape
from prove.generate_programs import scenario
from prove.support import FOOLING, MODELS, ROOT, load_file, provable, verdicts
from prove.test_differential import compare, unroll
from prove.test_fooling import UNDECIDED
from prove.test_numbers import divisions, masks, pairs, ranges
from prove.test_system import examine

TABLE = ROOT / "tests" / "data" / "seeded-faults.md"

Patch = pytest.MonkeyPatch

# --- checks: each tells whether something is noticed


def differential(patch: Patch) -> bool:
    """The interpreter against the terms."""
    for seed in range(120):
        maker, made, _ = scenario(seed)
        try:
            compare(maker, made, *unroll(maker, made, 2))
        except n.OutOfReachError:
            continue
        except (AssertionError, KeyError, z3.Z3Exception):
            return True
    return False


def paths(patch: Patch, first: int = 0) -> bool:
    """Real runs against the loop system."""
    for seed in range(first, first + 12):
        try:
            examine(patch, seed)
        except AssertionError:
            return True
    return False


def numbers(patch: Patch) -> bool:
    """Arithmetic at the edges."""
    try:
        for check in (ranges, divisions, pairs, masks):
            check()
    except AssertionError:
        return True
    return False


def wrong(result: Result, name: str) -> bool:
    undecided = (name, result.check.label) in UNDECIDED and result.verdict is Verdict.PROVED_TO_BOUND
    return not result.as_expected and not undecided


def fooling(name: str, patch: Patch) -> bool:
    """The verdicts on a program that tries to fool the prover, and what can be proved of it without a search."""
    program = load_file(FOOLING / f"{name}.layout")
    for made in program.scenarios:
        for check in made.checks:
            if check.expected is p.Expected.REFUTED and provable(made, check):
                return True
    return any(wrong(result, name) for _, result in verdicts(program))


def replay(name: str, patch: Patch) -> bool:
    """A counterexample that the interpreter does not reproduce."""
    return any(r.verdict is Verdict.ERROR for _, r in verdicts(load_file(FOOLING / f"{name}.layout")))


def golden(name: str, patch: Patch) -> bool:
    """The verdicts that a shipped model states."""
    found = verdicts(load_file(MODELS / f"{name}.layout"), Limits(effort=20_000_000, per_query=4_000_000))
    return any(not result.as_expected for _, result in found)


# --- faults


@dataclass(frozen=True)
class Fault:
    """What is done to the prover, and what notices."""

    text: str
    seed: Callable[[Patch], None]
    caught_by: Mapping[str, Callable[[Patch], bool]]


FAULTS: list[Fault] = []


def fault(text: str, **caught_by: Callable[[Patch], bool]) -> Callable[[Callable[[Patch], None]], None]:
    def note(seed: Callable[[Patch], None]) -> None:
        FAULTS.append(Fault(text, seed, {name.replace("_", " "): check for name, check in caught_by.items()}))

    return note


@fault("sums and differences are not wrapped", differential=differential, replay=partial(replay, "bits-turned-over"))
def _(patch: Patch) -> None:
    patch.setattr(n, "wrap", lambda number, width: number)
    patch.setattr(n, "wrap_once", lambda op, left, right, width: n.exact(op, left, right))


@fault("`<` means `<=`", differential=differential)
def _(patch: Patch) -> None:
    compare_rightly = n.compare
    patch.setattr(n, "compare", lambda rel, a, b: compare_rightly(p.Rel.LE if rel is p.Rel.LT else rel, a, b))


@fault("the range of a type ends one too late", numbers=numbers)
def _(patch: Patch) -> None:
    def in_range(number: n.Num, width: int) -> Any:
        return z3.And(n.compare(p.Rel.LE, n.const(0), number), n.compare(p.Rel.LE, number, n.const(1 << width)))

    patch.setattr(n, "in_range", in_range)


@fault("holes in masks are not seen", differential=differential, fooling=partial(fooling, "mask-with-a-hole"))
def _(patch: Patch) -> None:
    patch.setattr(n, "mask", lambda number, bits: n.remainder(number, 1 << bits.bit_length()))


@fault("a remainder by more than the scale is 0", differential=differential)
def _(patch: Patch) -> None:
    rightly = n.remainder
    patch.setattr(n, "remainder", lambda a, by: n.const(0) if a.scale >= 4096 else rightly(a, by))


@fault("a hand-over does not cut fields", differential=differential, fooling=partial(fooling, "cut-on-the-way"))
def _(patch: Patch) -> None:
    patch.setattr(handing, "_cut", lambda value, kind, bits: value)


@fault("dropped regions are visited again", differential=differential, fooling=partial(fooling, "dropped-runtime"))
def _(patch: Patch) -> None:
    rightly = execute.visit

    def visit(statement: p.Pass, turn: execute.Turn, enabled: Any) -> None:
        assert turn.region is not None
        dropped, turn.region[p.DROPPED] = turn.region[p.DROPPED], encode.FALSE
        rightly(statement, turn, enabled)
        turn.region[p.DROPPED] = encode.disj(turn.region[p.DROPPED], dropped)

    patch.setattr(loops, "visit", visit)
    patch.setattr("checker.prove.bounded.visit", visit)


@fault(
    "checked operators in filters owe nothing", differential=differential, fooling=partial(fooling, "wrap-in-filter")
)
def _(patch: Patch) -> None:
    patch.setattr(execute.Turn, "environment", _quiet)


def _quiet(turn: execute.Turn, name: str) -> encode.Environment:
    regions = {} if turn.region is None else {name: turn.region}
    return encode.Environment(turn.scalars, regions, path=turn.live)


@fault(
    "a choice may be the end of its range", differential=differential, fooling=partial(fooling, "choose-wrapped-range")
)
def _(patch: Patch) -> None:
    rightly = execute.choose

    def choose(statement: p.Choose, turn: execute.Turn, variable: str) -> None:
        one = p.Const(statement.high.type, 1)
        high = p.Arith(statement.high.type, p.Op.ADD, statement.high, one, False, statement)  # type: ignore[arg-type]
        rightly(replace(statement, high=high), turn, variable)

    patch.setattr(execute, "choose", choose)
    patch.setattr("checker.prove.bounded.choose", choose)


@fault("a break is forgotten in the next turn", fooling=partial(fooling, "break-is-not-continue"))
def _(patch: Patch) -> None:
    patch.setattr(shape, "breaks", lambda statements: False)


@fault("the region of a turn counts twice in a total", paths=paths, fooling=partial(fooling, "total-off-by-a-page"))
def _(patch: Patch) -> None:
    rightly = loops.LoopBuilder._bounds

    def bounds(self: loops.LoopBuilder, track: loops.Track, turn: int | None, row: Any) -> Any:
        return rightly(self, track, None, row)

    patch.setattr(loops.LoopBuilder, "_bounds", bounds)


@fault("what regions add up to is forgotten from turn to turn", golden=partial(golden, "linux-x86-reversed"))
def _(patch: Patch) -> None:
    patch.setattr(loops.LoopBuilder, "_unless", lambda self, condition, total, row: n.const(0))


@fault(
    "assumptions about order hold of pairs the other way round",
    golden=partial(golden, "linux-x86-reversed"),
)
def _(patch: Patch) -> None:
    rightly = assume.pair

    def pair(first: Any, second: Any, given: Any, *, ordered: bool = True) -> Any:
        return rightly(second, first, given, ordered=ordered)

    patch.setattr(assume, "pair", pair)


@fault(
    "passes that go backwards come to the first witness first",
    paths=paths,
    fooling=partial(fooling, "reversed-is-not-forwards"),
)
def _(patch: Patch) -> None:
    patch.setattr(loops.LoopBuilder, "_visiting", lambda self: (0, 1))


@fault("no region but the witnesses has a turn", paths=paths)
def _(patch: Patch) -> None:
    rightly = loops.LoopBuilder._step

    def step(self: loops.LoopBuilder, turn: int | None) -> loops.Step:
        made = rightly(self, turn)
        return replace(made, constraint=encode.FALSE) if turn is None else made

    patch.setattr(loops.LoopBuilder, "_step", step)


@fault("candidates need not hold at the start", fooling=partial(fooling, "after-break"), paths=paths)
def _(patch: Patch) -> None:
    _filter_but(patch, lambda facts: not facts)


@fault(
    "candidates need not survive the turn of a witness",
    fooling=partial(fooling, "congruence-on-one-branch"),
    paths=paths,
)
def _(patch: Patch) -> None:
    rightly = houdini.inductive

    def inductive(loop: loops.Loop, *rest: Any) -> Any:
        return rightly(replace(loop, steps=loop.steps[:1]), *rest)

    patch.setattr(engine, "inductive", inductive)
    patch.setattr("prove.test_system.inductive", inductive)


def _filter_but(patch: Patch, _: Any) -> None:
    rightly = houdini._Filter.sieve

    def sieve(self: houdini._Filter, alive: Any) -> list[int]:
        return rightly(self, alive) if self.use else list(alive)

    patch.setattr(houdini._Filter, "sieve", sieve)


@fault("what is true of two regions is taken for true of one", fooling=partial(fooling, "at-most-one-region"))
def _(patch: Patch) -> None:
    needed, regions = proof.witnesses_needed, proof.witness_regions
    patch.setattr(proof, "witnesses_needed", lambda goal: 2)
    patch.setattr(proof, "witness_regions", lambda goal, columns: regions(goal, columns[: needed(goal)]))


@fault("a region between neighbours never joins the list later", fooling=partial(fooling, "neighbours-found-later"))
def _(patch: Patch) -> None:
    patch.setattr(loops, "_later", lambda track: iter(()))


@fault("nothing is vacuous", fooling=partial(fooling, "never-applies"))
def _(patch: Patch) -> None:
    patch.setattr(engine._Group, "_not_vacuous", lambda self, check, found: Result(check, Verdict.PROVED))


@fault(
    "fields are as the map has them, whatever earlier passes wrote",
    paths=paths,
)
def _(patch: Patch) -> None:
    rightly = loops.LoopBuilder._entering

    def entering(self: loops.LoopBuilder, track: loops.Track, turn: int | None, *rest: Any) -> Any:
        written, track.written = track.written, frozenset()
        found = rightly(self, track, turn, *rest)
        track.written = written
        return found

    patch.setattr(loops.LoopBuilder, "_entering", entering)


@fault(
    "what holds in the second kernel holds in all",
    fooling=partial(fooling, "third-kernel"),
)
def _(patch: Patch) -> None:
    rightly, asked = system.System._filter, set[int]()

    def once(self: system.System, claims: Any, made: Any) -> Any:
        if id(self) in asked:
            return list(claims)
        asked.add(id(self))
        return rightly(self, claims, made)

    patch.setattr(system.System, "_filter", once)


@fault(
    "maps that are alike do not differ",
    fooling=partial(fooling, "depends-on-boot-services"),
)
def _(patch: Patch) -> None:
    patch.setattr(assume, "may_differ", lambda like, fields, given: encode.FALSE)


@fault("passes that go different ways are made in step", fooling=partial(fooling, "order-on-the-way"))
def _(patch: Patch) -> None:
    patch.setattr(system.System, "_early", lambda self, run: None)
    patch.setattr(system, "_TRAVEL", dict.fromkeys(p.Travel, 1))


@pytest.mark.parametrize("seeded", FAULTS, ids=lambda each: each.text)
def test_caught(seeded: Fault) -> None:
    for name, check in seeded.caught_by.items():
        with pytest.MonkeyPatch.context() as patch:
            seeded.seed(patch)
            assert check(patch), f"{name} does not notice"


def test_enough() -> None:
    assert len(FAULTS) >= 12


def test_table() -> None:
    lines = ["# Faults seeded into the prover, and the checks that catch them", ""]
    lines += ["Written by tests/prove/test_seeded_faults.py, which seeds each fault and runs each check named.", ""]
    lines += ["| fault | caught by |", "| --- | --- |"]
    lines += [f"| {each.text} | {', '.join(map(described, each.caught_by.items()))} |" for each in FAULTS]
    text = "\n".join(lines) + "\n"
    if os.environ.get("MAPPROOF_WRITE"):
        TABLE.write_text(text)
    assert TABLE.read_text() == text


def described(named: tuple[str, Any]) -> str:
    name, check = named
    if isinstance(check, partial) and check.args:
        return f"{name} ({check.args[0]})"
    return name
