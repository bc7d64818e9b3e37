"""Of the invariants that were found, a proof keeps those that it needs: few enough to be read."""

from __future__ import annotations

from checker.prove import Limits, groups
from checker.prove.invariants.core import minimal
from checker.prove.proof.goals import GoalProof, goals_of
from checker.prove.proof.journal import parts
from checker.prove.terms.effort import Effort
from checker.prove.terms.solver import Answer, implied
from tests.helpers.fresh import in_fresh_process
from tests.helpers.loading import load_file
from tests.helpers.places import MODELS
from tests.helpers.prover import Prover


def found(model: str, scenario: str, label: str) -> GoalProof:
    """A proof with all invariants that the search finds."""
    made = next(each for each in load_file(MODELS / f"{model}.layout").scenarios if each.name == scenario)
    (check,) = (check for check in made.checks if check.label == label)
    beside = next(group for group in groups(made) if check in group)
    (goal,) = goals_of(check, made)
    return Prover(made, beside).show(goal)


def sizes(shown: GoalProof) -> list[int]:
    """How many invariants each loop has."""
    return [len(loop) for loop in shown.solved.support.loops]


def shortening(model: str, scenario: str, label: str) -> tuple[list[int], list[int]]:
    """How many invariants each loop of a proof has, before and after those that it does not need are left out."""
    shown = found(model, scenario, label)
    return sizes(shown), sizes(minimal(shown, Limits().allowance()))


def test_a_proof_is_short_enough_to_be_read() -> None:
    label = "adjacency_preserved(first) assuming no_wrap(map)"
    (before,), (after,) = in_fresh_process(shortening, "linux-x86-reversed", "any_map", label)
    assert before > 50
    assert after < 10


def test_what_is_left_is_a_proof() -> None:
    shown = found(
        "kexec-agreement", "layout_is_not_abi", "no_overlap(second) assuming fits(first) and no_overlap(first)"
    )
    kept = minimal(shown, Limits().allowance())
    assert sum(sizes(kept)) < sum(sizes(shown)) / 4
    assert kept.solved.support.chains == shown.solved.support.chains
    for part in parts(kept.ends):
        assert implied(Limits().allowance(), part.premises, *part.conclusions) is Answer.UNSAT, part.what


def test_where_it_is_too_hard_to_tell_nothing_is_left_out() -> None:
    shown = found("linux-x86-forward", "any_map", "congruent(first)")
    assert minimal(shown, Effort(limit=1, per_query=1)) is shown
