"""Invariants are looked for from the end of a proof, or all of them at once: both ways keep the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from checker import program as p
from checker.prove import Limits
from checker.prove.attempts import all_at_once
from checker.prove.invariants.templates import Stage
from checker.prove.proof.goals import Goal, GoalProof, endings, goals_of, rebuilt, statements
from checker.prove.proof.journal import LoopInvariants
from checker.prove.proof.smtlib import digest
from checker.prove.proof.tentative import Tentative
from checker.prove.system.loop import Loop
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import OutOfReachError, Term
from checker.prove.terms.solver import Answer, implied
from tests.helpers import seams
from tests.helpers.fresh import in_fresh_process
from tests.helpers.loading import load_file
from tests.helpers.patching import meanwhile
from tests.helpers.places import FOOLING, FOOLING_RUNS, MODELS
from tests.helpers.prover import Prover
from tests.writers.programs import scenario

CHUNKS, SIZE = 2, 8

LITTLE = Limits(effort=4_000_000, per_query=400_000)
"""As much as most programs take whose invariants are found; the others end where it is spent."""


def both_ways(seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """The invariants of each loop of a random program, in Houdini's way and by asking for each candidate."""
    _, made, _ = scenario(seed)
    if all_at_once(made):
        return
    try:
        prover = Prover(made, made.checks, LITTLE)
        yield from prover.in_both_ways(1 + seed % 2, Stage.BASIC)
    except OutOfReachError:
        return


def compared(seeds: range) -> int:
    """Hold both ways against each other. Returns how many loops had invariants."""
    found = 0
    for seed in seeds:
        for at_once, one_by_one in both_ways(seed):
            assert at_once == one_by_one, seed
            found += bool(at_once)
    return found


@pytest.mark.parametrize("effort", range(20_000, 120_000, 20_000))
def test_what_ran_out_of_effort_goes_on_where_there_is_more(effort: int) -> None:
    made = load_file(FOOLING_RUNS / "joined-across-what-differs.layout").scenarios[1]
    (check,) = made.checks
    prover = Prover(made, made.checks)
    assert not prover.proves(check, (Stage.LOCKSTEP,), Effort(effort, effort))
    assert prover.proves(check, (Stage.LOCKSTEP,))


def test_without_effort_nothing_is_asked_of_each_candidate() -> None:
    rightly, asked = seams.INDUCTIVE.now, []

    def noted(loop: Loop, facts: Sequence[Term], candidates: Sequence[Term], effort: Effort) -> list[Term]:
        before = effort.queries
        found = rightly(loop, facts, candidates, effort)
        asked.append((len(candidates), effort.queries - before, found))
        return found

    _, made, _ = scenario(4)
    with meanwhile(seams.INDUCTIVE, noted):
        Prover(made, made.checks, Limits(effort=1, per_query=1)).solve(1, None, Stage.BASIC)
    assert asked
    for candidates, queries, found in asked:
        assert candidates > 20
        assert queries < 5
        assert found == []


def asked_of_pieces() -> tuple[int, int]:
    """Return the queries that it takes to show a goal region by region: alone, and after it was shown as a whole."""
    made = next(each for each in load_file(FOOLING / "split-counted-once.layout").scenarios if each.name == "twin")
    (check,) = (each for each in made.checks if each.label == "no_overlap(made)")
    whole, pieces = goals_of(check, made)
    alone, after = Limits().allowance(), Limits().allowance()
    Prover(made, [check]).show_needed(pieces, alone)
    prover = Prover(made, [check])
    prover.show_needed(whole)
    prover.show_needed(pieces, after)
    return alone.queries, after.queries


def test_where_a_region_is_parted_decides_little_about_what_is_needed() -> None:
    alone, after = in_fresh_process(asked_of_pieces)
    # By how much is chance: of several unsat cores Z3 finds one by the numbers of terms.
    assert after < alone


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, CHUNKS * SIZE, SIZE))
def test_both_ways_find_the_same_invariants(start: int) -> None:
    assert compared(range(start, start + SIZE)) > SIZE // 4


def goals(model: str) -> Iterator[tuple[Prover, p.Check, Goal]]:
    """The goals of what a model expects to be proved, of runs that are not chained."""
    for made in load_file(MODELS / f"{model}.layout").scenarios:
        for check in made.checks:
            prover = Prover(made, [each for each in made.checks if each.assumptions == check.assumptions])
            if check.expected is p.Expected.PROVED and not any(run.chained for run in made.runs):
                yield from ((prover, check, goal) for goal in goals_of(check, made))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["proposals/boot-services-unmapped", "proposals/rederive"])
def test_what_is_left_is_the_system_with_the_needed_invariants_alone(model: str) -> None:
    """It is never built: what other candidates gave is taken out of what was built with all."""
    compared_ones = 0
    for prover, _, goal in goals(model):
        shown = prover.show_needed(goal)
        entries = iter([e for e in shown.solved.journal if isinstance(e, LoopInvariants)])
        built = rebuilt(shown.solved.system.given, goal, lambda _, e=entries: list(next(e).invariants), ())
        again = GoalProof(goal, built, tuple(endings(goal, built)))
        assert digest(statements([shown])) == digest(statements([again]))
        compared_ones += 1
    assert compared_ones


def test_each_statement_of_what_is_left_is_shown() -> None:
    for prover, check, goal in goals("proposals/rederive"):
        shown = prover.show_needed(goal)
        for part in statements([shown]):
            # Not in the `assert`: to spell so many terms takes seconds, and a seeded fault has it fail.
            answer = implied(Limits().allowance(), part.premises, *part.conclusions)
            assert answer is Answer.UNSAT, f"{check.label}: {part.what}"


def test_few_candidates_are_assumed() -> None:
    (found,) = (
        prover.show_needed(goal)
        for prover, check, goal in goals("linux-x86-reversed")
        if check.label == "no_overlap(first) assuming no_wrap(map)"
    )
    (own,) = found.solved.support.loops
    assert len(own) < 12


def test_a_proof_brings_along_nothing_of_a_pass_that_it_does_not_rest_on() -> None:
    """Linux 5.7 merges and drops what earlier kernels left before it places anything: that no two regions overlap
    follows from how it places them, whatever came before. Z3's cores hold more than that by chance."""
    found = [
        prover.show_needed(goal)
        for prover, check, goal in goals("x86/linux-x86-5-7")
        if check.label.startswith("no_overlap(made)") and goal.parted is None
    ]
    assert found
    for shown in found:
        before, placing, _ = shown.solved.support.loops
        assert placing
        assert not before


def test_a_candidate_is_a_premise_only_where_it_stands_among_the_facts() -> None:
    """Were it taken for what is known in another place, a proof could rest on what is no invariant."""
    (prover, _, goal), *_ = goals("proposals/boot-services-unmapped")
    tentative = Tentative(prover.show_needed(goal).solved)
    facts = tentative.solved.facts
    candidate = next(number for number, tag in enumerate(tentative.tags) if tag is not None)
    assert [each.tag for each in tentative.premises(facts)] == tentative.tags
    with pytest.raises(AssertionError, match="no fact stands"):
        list(tentative.premises((facts[candidate], *facts[:candidate])))
