"""Mutants: how an algorithm is changed, which changes properties notice, and what is shown of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker import library
from checker.interpret import run
from checker.library import Program
from checker.prove import Limits, Verdict
from checker.report.values import explained
from checker.verify import replay
from checker.verify.mutation.campaign import known_of
from checker.verify.mutation.judge import Known, judge
from checker.verify.mutation.mutants import mutants_of
from checker.verify.mutation.outcomes import Equal, Fate, Killed, Survived, Undecided
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify
from tests.helpers.loading import load_source
from tests.helpers.places import ROOT

OPTIONS = Options(limits=Limits.chosen(bound=3, effort=20))


def program(text: str) -> Program:
    return Program("a.layout", ROOT / "a.layout", load_source(text))


def verdicts(opened: Program) -> tuple[Known, ...]:
    """The verdicts on a program as it is, with maps to try."""
    return known_of([each for each in verify(plan([opened]), OPTIONS) if isinstance(each, CheckResult)])


def fate(opened: Program, known: tuple[Known, ...], name: str) -> Fate:
    (found,) = mutants_of(opened.program, (name,))
    return judge(opened, known, found, OPTIONS).fate


STACK = program(
    """
    algorithm stack(map: MemoryMap) {
        var cursor: va = EFI_WINDOW.start
        for region in map where region.runtime {
            place region at cursor
            cursor +%= (region.num_pages as bytes) <<% 12
        }
    }
    scenario s {
        given map: MemoryMap where well_formed, budget
        let made = stack(map)
        check no_overlap(made), all_runtime_placed(made)
    }
    """
)
"""One region on the other, from the start of the window: that is said of it nowhere."""


@pytest.fixture(scope="module")
def stack() -> tuple[Known, ...]:
    return verdicts(STACK)


def test_each_mutant_has_one_change_and_a_name() -> None:
    shift = "(region.num_pages as bytes) <<% 12"
    size = "(region.num_pages as bytes <<% 12)"
    assert {
        each.name: f"{explained(each.change.before)} -> {explained(each.change.after)}"
        for each in mutants_of(STACK.program)
    } == {
        "stack.missing-1": f"for region in map where region.runtime {{ place region at cursor cursor +%= {shift} }} -> "
        "nothing",
        "stack.constant-1": "0xffffffef00000000 -> 0xffffffef00001000",
        "stack.constant-2": "0xffffffef00000000 -> 0xffffffeefffff000",
        "stack.order-1": "for region, first to last -> last to first",
        "stack.missing-2": "place region at cursor -> nothing",
        "stack.missing-3": f"cursor +%= {shift} -> nothing",
        "stack.order-2": f"place region at cursor, then cursor +%= {shift} -> the other order",
        "stack.comparison-1": "(region.attribute & RUNTIME) == RUNTIME -> (region.attribute & RUNTIME) != RUNTIME",
        "stack.mask-1": "(region.attribute & RUNTIME) == RUNTIME -> (region.attribute & UC) == UC",
        "stack.operator-1": f"cursor +% {size} -> cursor -% {size}",
        "stack.wrap-1": f"cursor +% {size} -> cursor + {size}",
        "stack.wrap-2": "region.num_pages as bytes <<% 12 -> region.num_pages as bytes << 12",
        "stack.constant-3": "region.num_pages as bytes <<% 12 -> region.num_pages as bytes <<% 13",
        "stack.constant-4": "region.num_pages as bytes <<% 12 -> region.num_pages as bytes <<% 11",
    }


def test_a_mutant_stands_where_its_statement_does() -> None:
    places = {each.name: each.change.span.text.split()[0] for each in mutants_of(STACK.program)}
    assert (places["stack.constant-1"], places["stack.mask-1"], places["stack.wrap-2"]) == ("var", "for", "cursor")


@pytest.mark.parametrize(
    ("body", "orders"),
    [
        # No variable knows of the pieces of a pass before it.
        ("for region in map { split region at 8K } var at: va = 4K for region in map { place region at at }", 2),
        # Of pieces nothing is chosen.
        ("for region in map { choose n: pages in 1 .. 9 region.num_pages = n } for r in map { split r at 8K }", 2),
        # A pass behind gives each piece a turn of its own.
        ("var seen: u64 = 0 for region in map { split region at 8K } for region in map { seen +%= 1 }", 3),
    ],
)
def test_statements_that_have_nothing_to_do_with_each_other_have_one_order(body: str, orders: int) -> None:
    text = f"algorithm any(map: MemoryMap) {{ {body} }} scenario s {{ given map: MemoryMap let m = any(map) }}"
    assert len(mutants_of(program(text).program, ("any.order-*",))) == orders


def test_a_map_that_breaks_what_is_proved_kills_without_the_solver(stack: tuple[Known, ...]) -> None:
    (found,) = mutants_of(STACK.program, ("stack.operator-1",))
    judged = judge(STACK, stack, found, OPTIONS)
    assert isinstance(judged.fate, Killed)
    assert (judged.fate.check, judged.fate.verdict, judged.fate.searched) == (
        "no_overlap(made)",
        Verdict.REFUTED,
        False,
    )
    assert judged.effort == 0


def test_arithmetic_that_is_claimed_to_be_exact_and_never_wraps_is_equal(stack: tuple[Known, ...]) -> None:
    assert fate(STACK, stack, "stack.wrap-1") == Equal(ordered=True)


def test_what_nobody_asked_for_survives_and_the_smallest_map_shows_it(stack: tuple[Known, ...]) -> None:
    found = fate(STACK, stack, "stack.constant-1")
    assert isinstance(found, Survived)
    shown = found.difference
    assert [len(column) for column in shown.values.maps.values()] == [1]
    assert replay.breaks(shown.scenario, shown.check, shown.values)


def test_what_a_file_states_of_a_pass_is_not_mutated() -> None:
    stated = program(
        """
        algorithm low(map: MemoryMap) {
            for region in map { invariant each r in map where r.placed: r.virt_addr == 4K place region at 4K }
        }
        scenario s { given map: MemoryMap let made = low(map) check all_runtime_placed(made) }
        """
    )
    kinds = [str(each.change.kind) for each in mutants_of(stated.program)]
    assert kinds == ["missing", "order", "missing", "constant", "constant", "constant"]


def test_what_the_solver_leaves_open_is_not_called_a_survivor(stack: tuple[Known, ...]) -> None:
    (found,) = mutants_of(STACK.program, ("stack.constant-3",))
    judged = judge(STACK, stack, found, replace(OPTIONS, limits=Limits.chosen(bound=2, effort=1)))
    assert isinstance(judged.fate, Undecided)
    assert "no_overlap(made): " in judged.fate.why


def test_an_algorithm_is_mutated_where_it_runs_over_a_record_that_extends_its_own() -> None:
    opened = program(
        """
        record Tagged extends Descriptor { mark tagged }
        list TaggedMap of Tagged
        algorithm stack(map: MemoryMap) {
            for region in map where region.runtime { place region at 4K }
        }
        scenario s {
            given map: TaggedMap
            let made = stack(map)
            check each r in made where r.placed: r.virt_addr == 4K
        }
        """
    )
    known = verdicts(opened)
    killed = fate(opened, known, "stack.constant-1")
    assert isinstance(killed, Killed)
    survived = fate(opened, known, "stack.comparison-1")
    assert isinstance(survived, Survived)
    assert survived.difference.scenario.runs[-1].algorithm.record.marks == ("tagged",)


PINNED = program(
    """
    algorithm pinned(map: MemoryMap) {
        for region in map where region.runtime {
            choose taken: u8 in 0 .. 2
            if taken == 1 { region.num_pages = 0 }
            export region
            place region at 4K
        }
    }
    scenario s {
        given map: MemoryMap where well_formed
        let made = pinned(map)
        check each r in made where r.placed: r.exported
        check each r in made where r.placed: r.virt_addr == 0 expect refuted
        check each r in map with s in made where r.runtime: s.num_pages == r.num_pages expect refuted
    }
    """
)


@pytest.fixture(scope="module")
def pinned() -> tuple[Known, ...]:
    return verdicts(PINNED)


def test_a_refutation_that_is_gone_kills(pinned: tuple[Known, ...]) -> None:
    found = fate(PINNED, pinned, "pinned.constant-5")
    assert isinstance(found, Killed)
    assert (found.check, found.verdict) == ("each r in made where r.placed: r.virt_addr == 0", Verdict.PROVED)


def test_a_proof_that_says_nothing_any_more_kills(pinned: tuple[Known, ...]) -> None:
    found = fate(PINNED, pinned, "pinned.missing-4")
    assert isinstance(found, Killed)
    assert (found.check, found.verdict) == ("each r in made where r.placed: r.exported", Verdict.VACUOUS)


def test_what_is_refuted_of_both_does_not_kill(pinned: tuple[Known, ...]) -> None:
    assert isinstance(fate(PINNED, pinned, "pinned.constant-4"), Survived)


def test_the_contrary_choice_is_no_difference(pinned: tuple[Known, ...]) -> None:
    assert fate(PINNED, pinned, "pinned.comparison-2") == Equal(ordered=True)


def test_one_choice_may_be_the_contrary_and_another_not() -> None:
    opened = program(
        """
        algorithm anywhere(map: MemoryMap) {
            for region in map where region.runtime {
                choose low: bool
                choose address: va in 1M .. 2M aligned 4K
                if low { place region at 4K } else { place region at address }
            }
        }
        scenario s {
            given map: MemoryMap where well_formed
            let made = anywhere(map)
            check all_runtime_placed(made)
        }
        """
    )
    known = verdicts(opened)
    assert fate(opened, known, "anywhere.branch-1") == Equal(ordered=True)
    assert isinstance(fate(opened, known, "anywhere.constant-1"), Survived)


GIVEN_UP = program(
    """
    algorithm given_up(map: MemoryMap) {
        var native: u64 = 0
        for region in map {
            drop region
            if native == 1 { place region at region.virt_addr }
        }
    }
    scenario s {
        given map: MemoryMap
        let made = given_up(map)
        check each r in made: r.dropped
    }
    """
)
"""Nothing is ever placed."""


def test_where_nothing_is_placed_by_either_no_address_differs() -> None:
    known = verdicts(GIVEN_UP)
    assert fate(GIVEN_UP, known, "given_up.missing-4") == Equal(ordered=True)
    assert isinstance(fate(GIVEN_UP, known, "given_up.comparison-1"), Survived)


def test_the_direction_does_not_matter_to_what_is_only_gathered() -> None:
    opened = program(
        """
        algorithm all_or_none(map: MemoryMap) {
            var refused: bool = false
            for region in map where region.virt_addr == 0 { refused = true }
            for region in map where not refused { place region at region.virt_addr }
        }
        scenario s {
            given map: MemoryMap
            let made = all_or_none(map)
            check each r in made where r.placed: r.virt_addr != 0
        }
        """
    )
    (found,) = mutants_of(opened.program, ("all_or_none.order-2",))
    judged = judge(opened, verdicts(opened), found, OPTIONS)
    assert (judged.fate, judged.effort) == (Equal(ordered=True), 0)


def test_every_mutant_of_a_shipped_model_runs() -> None:
    count, desk = 0, library.shared_desk()
    for path in library.models().values():
        opened = library.open_program(path, desk=desk)
        assert isinstance(opened, Program)
        for each in mutants_of(opened.program):
            fields = dict.fromkeys((name for name, _ in each.algorithm.record.inputs), 1)
            scalars = {name: 1 for name, _, default in each.algorithm.parameters if default is None}
            beside = {name: [dict.fromkeys(dict(record.inputs), 1)] for name, record in each.algorithm.beside}
            assert len(run(each.algorithm, [fields, fields], scalars, beside=beside).regions) == 2, each.name
            assert each.algorithm.body != each.original.body
            count += 1
    assert count > 500


def test_mutants_are_of_what_stands_in_the_file_itself() -> None:
    opened = library.open_program(library.models()["kexec-agreement"])
    assert isinstance(opened, Program)
    runs = {each.algorithm.name for scenario in opened.program.scenarios for each in scenario.runs}
    assert runs == {"any_kernel", "map_as_told"}
    assert {each.original.name for each in mutants_of(opened.program)} == {"any_kernel"}


def test_what_a_run_ends_with_is_noticed_though_layouts_are_alike() -> None:
    opened = program(
        """
        algorithm look(map: MemoryMap) {
            var found: u32 = 0
            for region in map {
                place region at 4K
                if region.phys_addr == 0x1234_5000 and region.num_pages == 77 { found = 1 }
            }
        }
        scenario s {
            given map: MemoryMap where each r in map: r.phys_addr != 0x1234_5000
            let made = look(map)
            check made.found == 0
        }
        """
    )
    known = verdicts(opened)
    elsewhere = fate(opened, known, "look.constant-5")
    assert isinstance(elsewhere, Killed)
    assert (elsewhere.check, elsewhere.searched) == ("made.found == 0", True)
    assert fate(opened, known, "look.constant-7") == Equal(ordered=True)


def test_a_map_kills_also_where_a_pass_that_splits_is_never_made() -> None:
    opened = program(
        """
        algorithm cut(map: MemoryMap, from_: pa = 0, to: pa = 0) {
            for region in map where from_ < to { split region at from_, to }
            for region in map where region.runtime { place region at region.phys_addr as va }
        }
        scenario s {
            given map: MemoryMap where well_formed
            let made = cut(map)
            check all_runtime_placed(made)
        }
        """
    )
    (found,) = mutants_of(opened.program, ("cut.mask-1",))
    killed = judge(opened, verdicts(opened), found, OPTIONS).fate
    assert isinstance(killed, Killed)
    assert not killed.searched


def test_a_map_that_refutes_in_one_scenario_is_tried_in_another() -> None:
    opened = program(
        """
        algorithm low(map: MemoryMap) {
            for region in map where region.phys_addr <= 0x1234_5678_9000 and region.num_pages == 77 {
                place region at region.phys_addr as va
            }
        }
        scenario t {
            given map: MemoryMap
            let made = low(map)
            check each r in made where r.placed: r.phys_addr < 0x1234_5678_9000 expect refuted
        }
        scenario s {
            given map: MemoryMap
            let made = low(map)
            check each r in made: r.placed == (r.phys_addr <= 0x1234_5678_9000 and r.num_pages == 77)
        }
        """
    )
    (found,) = mutants_of(opened.program, ("low.comparison-1",))
    killed = judge(opened, verdicts(opened), found, OPTIONS).fate
    assert isinstance(killed, Killed)
    assert (killed.scenario, killed.searched) == ("s", False)
