"""What the engine does with the answers of the solver: it believes no proof that excludes what happens, and claims no
bound up to which it did not search."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest

from checker import program as p
from checker.prove import Limits, Verdict, decide
from checker.prove.invariants import templates
from checker.prove.invariants.templates import IN_STEP, TEMPLATES
from checker.prove.search.shapes import exhaustive, shapes
from checker.prove.system.system import System
from checker.prove.terms.encode import FALSE
from checker.verify import replay
from tests.helpers.loading import load_file, load_source, verdicts
from tests.helpers.places import FOOLING, FOOLING_RUNS


@pytest.mark.parametrize("name", ["two-parts", "third-kernel", "depends-on-boot-services"])
def test_a_proof_with_no_room_for_a_run_that_exists_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a rule of the proof said of all runs what is not so: then everything follows."""
    solve = System.solve

    def contradicting_itself(system: System) -> None:
        solve(system)
        system.facts.append(FALSE)

    monkeypatch.setattr(System, "solve", contradicting_itself)
    found = [result for _, result in verdicts(load_file(FOOLING / f"{name}.layout")) if result.check.written]
    wrong = [result for result in found if result.verdict is Verdict.ERROR]
    assert all(result.detail == "the proof has no room for a run that exists" for result in wrong)
    assert [result for result in found if result.check.expected is p.Expected.PROVED] == [
        result for result in wrong if result.check.expected is p.Expected.PROVED
    ]
    assert wrong


@pytest.mark.parametrize(("name", "rows"), [("overlap-from-third-region", 4), ("neighbours-found-later", 3)])
@pytest.mark.parametrize("per_query", [0, 1, 10_000])
def test_no_bound_is_claimed_up_to_which_the_effort_did_not_suffice(name: str, rows: int, per_query: int) -> None:
    """What is broken by a map of so many regions may remain unknown, but not as if such maps had been looked at."""
    broken = next(made for made in load_file(FOOLING / f"{name}.layout").scenarios if made.name == "broken")
    checks = [check for check in broken.checks if check.expected is p.Expected.REFUTED]
    limits = Limits(1_000_000, per_query)
    for check in checks:
        (result,) = decide(broken, (check,), replay, limits)
        assert result.verdict in (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.PROVED_TO_BOUND)
        assert result.bound is None or result.bound < rows
    assert checks


@pytest.mark.parametrize(("name", "lists"), [("order-received", 1), ("two-orders", 2)])
@pytest.mark.parametrize("rows", range(5))
def test_a_length_is_exhausted_if_every_order_of_every_list_is_looked_at(name: str, lists: int, rows: int) -> None:
    scenario = next(
        made
        for made in load_file(FOOLING_RUNS / f"{name}.layout").scenarios
        if sum(run.handover is not None and run.handover.travel is p.Travel.ANYHOW for run in made.runs) == lists
    )
    looked_at = {tuple(order for _, order in shape.orders) for shape in shapes(scenario, rows)}
    everything = set(product(permutations(range(rows)), repeat=lists))
    assert looked_at <= everything
    assert exhaustive(scenario, rows) == (looked_at == everything)


def test_every_invariant_that_was_found_says_from_which_template_it_comes() -> None:
    names = {family.name for family in (*IN_STEP, *TEMPLATES)}
    proved = [
        result
        for _, result in verdicts(load_file(FOOLING / "two-parts.layout"))
        if result.verdict is Verdict.PROVED and result.invariants
    ]
    assert proved
    for result in proved:
        assert set(result.worded) == set(result.invariants)
        assert {each.template for each in result.worded.values()} <= names
        again = replace(result.outcome, worded={})
        assert again == result.outcome, "it is no part of the proof"


def test_a_proof_has_only_the_kernels_that_its_check_is_about() -> None:
    text = """
algorithm down(map: MemoryMap) {
    var cursor: va = EFI_WINDOW.end
    for region in map where region.runtime { cursor -%= region.size  place region at cursor }
}
scenario two {
    given map: MemoryMap where well_formed(map)
    let first = down(map)
    let other = down(map)
    assuming no_wrap(map) {
        check no_overlap(first)
        check each r in first with s in other where r.placed: s.virt_addr == r.virt_addr
    }
}
"""
    alone, both = (result for _, result in verdicts(load_source(text), twice=True) if result.check.written)
    assert (alone.verdict, both.verdict) == (Verdict.PROVED, Verdict.PROVED)
    assert [each for each in alone.invariants if "other" in each] == []
    assert [each for each in both.invariants if "other" in each]


def test_a_proof_may_need_the_kernels_beside_those_that_its_check_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a pair has what one region decides is an invariant of the one run that is claimed of the other."""
    program = load_source(
        """
        algorithm gathered(map: MemoryMap, from_: bool) {
            var all: MemoryAttribute = if from_ then UC else 0
            for r in map { all |= r.attribute }
            for r in map where r.attribute has WB { if all has UC { place r at 0 } }
        }
        scenario gathering {
            given map: MemoryMap
            let made = gathered(map, false)
            let begun = gathered(map, true)
            check each a, b in made where a.attribute has UC and b.attribute has WB: b.placed
            check each r in begun where r.attribute has WB: r.placed
        }
        """
    )
    (scenario,) = program.scenarios
    alone, _ = scenario.checks
    assert [result.verdict for _, result in verdicts(program, twice=True)] == [Verdict.PROVED] * 2
    # Templates that follow the goal itself back through a turn find without it what the other run tells.
    followed = ("effects", "goals ahead")
    monkeypatch.setattr(templates, "TEMPLATES", tuple(t for t in templates.TEMPLATES if t.name not in followed))
    without = replace(scenario, runs=scenario.runs[:1], checks=(alone,))
    (result,) = decide(without, (alone,), replay, Limits())
    assert result.verdict is Verdict.PROVED_TO_BOUND
    (result, _) = decide(scenario, scenario.checks, replay, Limits())
    assert result.verdict is Verdict.PROVED
