"""Faults in the obligations of a proof, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import z3

from checker.prove.proof import goals as proofs
from checker.prove.proof import journal
from checker.prove.terms.encode import FALSE
from tests.helpers import seams
from tests.prove import test_essential, test_rechecking
from tests.prove.faults.checks import recheck, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting
from tests.verify import test_cross_check

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault(
    "that the turn of any other region keeps the invariants is left out",
    the_test(test_cross_check.test_every_step_of_every_loop_and_the_end_are_there),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.OBLIGATIONS_OF_LOOP)
    def _(rightly: Any, place: str, kept: journal.LoopInvariants) -> Iterator[journal.Obligation]:
        return (part for part in rightly(place, kept) if "any other region" not in part.what)


@fault(
    "that invariants hold at the start is left out",
    the_test(test_cross_check.test_every_step_of_every_loop_and_the_end_are_there),
    recheck(test_rechecking.test_an_invariant_that_is_not_kept_shows_nothing),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.OBLIGATIONS_OF_LOOP)
    def _(rightly: Any, place: str, kept: journal.LoopInvariants) -> Iterator[journal.Obligation]:
        return (part for part in rightly(place, kept) if "where it starts" not in part.what)


@fault(
    "that one more hand-over keeps what is claimed is left out",
    the_test(test_cross_check.test_a_chain_has_a_beginning_and_a_step),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.OBLIGATIONS_OF_CHAIN)
    def _(rightly: Any, journal: journal.Journal) -> Iterator[journal.Obligation]:
        return (part for part in rightly(journal) if "one more" not in part.what)


@fault(
    "an invariant that is needed for a turn only is left out",
    the_test(test_essential.test_what_is_left_is_a_proof),
    the_test(test_rechecking.test_what_was_decided_is_confirmed),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.CORE)
    def _(rightly: Any, shown: proofs.Shown, effort: Any) -> set[int]:
        at_the_end = [seams.CORE_PREMISES.function(end.premises, rightly(shown, effort), effort) for end in shown.ends]
        return set().union(*(each.behind([end.conclusion]) for each, end in zip(at_the_end, shown.ends, strict=True)))


@fault("the end of a proof is left out", recheck(test_rechecking.test_what_is_refuted_cannot_be_claimed_to_be_proved))
def _(seed: Seeding) -> None:
    @seed.into(seams.OBLIGATIONS)
    def _(rightly: Any, ends: Any) -> Iterator[journal.Obligation]:
        return (part for part in rightly(ends) if part.place != "end")


@fault(
    "invariants are premises of what shows that they are kept",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
    recheck(test_rechecking.test_whatever_invariant_is_changed_is_noticed, "ordered"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.PREMISES_NEEDED)
    def _(rightly: Any, part: journal.Obligation) -> Iterator[journal.Obligation]:
        return rightly(replace(part, premises=(*part.premises, *part.conclusions)))


@fault(
    "a text denies each conclusion instead of all together",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.SMTLIB)
    def _(rightly: Any, part: journal.Obligation, *spelt: Any) -> str:
        return rightly(replace(part, conclusions=(z3.Or(*part.conclusions),)), *spelt)


@fault(
    "every second premise is not written",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    seed.into(seams.SMTLIB)(lambda rightly, part, *spelt: rightly(replace(part, premises=part.premises[::2]), *spelt))


@fault(
    "what is written contradicts itself",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    seed.into(seams.SMTLIB)(
        lambda rightly, part, *spelt: rightly(replace(part, premises=(*part.premises, FALSE)), *spelt)
    )
