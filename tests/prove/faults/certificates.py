"""Faults in rechecking, and the certificates that it reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from checker import library
from checker.prove import Claim
from checker.prove.proof import goals as proofs
from checker.prove.proof import journal
from checker.prove.terms import sexpr
from checker.verify import certificate
from tests.helpers import seams
from tests.helpers.patching import meanwhile
from tests.prove import test_rechecking
from tests.prove.faults.checks import certified, recheck
from tests.prove.faults.seeding import Believes, Fault, Seeding, noting
from tests.verify import test_certificate

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault(
    "a recheck believes the invariants that are brought along",
    recheck(test_rechecking.test_a_proof_without_invariants_is_rejected),
)
def _(seed: Seeding) -> None:
    seed.into(seams.RECHECK_OBLIGATION)(lambda rightly, group, part: None)


@fault(
    "a recheck does not compare the obligations", recheck(test_rechecking.test_a_proof_of_other_obligations_is_rejected)
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECHECK_PROOF)
    def _(rightly: Any, group: Any, claim: Claim, evidence: Any, scenario: Any, author: Any) -> Any:
        with meanwhile(seams.DIGEST, lambda proof, *spelt: claim.obligations):
            return rightly(group, claim, evidence, scenario, author)


@fault(
    "a recheck takes what was shown from some premises for shown",
    recheck(test_rechecking.test_what_is_not_so_is_not_confirmed_beside_what_is),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECHECK_OBLIGATION)
    def _(rightly: Any, group: Any, part: journal.Obligation) -> None:
        key = tuple(term.get_id() for term in part.premises)
        if key not in group.shown:
            rightly(group, part)
            group.shown[key] = part


@fault(
    "a recheck makes do with fewer proofs than a property has parts",
    recheck(test_rechecking.test_a_property_takes_as_many_proofs_as_it_has_parts),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECHECK_PROOF)
    def _(rightly: Any, group: Any, claim: Claim, evidence: Any, scenario: Any, author: Any) -> Any:
        wanted = proofs.goals_of(claim.check, scenario, author)[: len(evidence.supports)]
        with meanwhile(seams.GOALS, lambda *_: wanted):
            return rightly(group, claim, evidence, scenario, author)


@fault(
    "a recheck does not run the map on which a property says something",
    recheck(test_rechecking.test_a_proof_must_show_that_it_says_something),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECHECK_PROOF)
    def _(rightly: Any, group: Any, claim: Claim, evidence: Any, scenario: Any, author: Any) -> Any:
        group.judge = Believes()
        return rightly(group, claim, evidence, scenario, author)


@fault(
    "a recheck does not run counterexamples",
    recheck(test_rechecking.test_what_is_proved_cannot_be_claimed_to_be_refuted),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECHECK)
    def _(rightly: Any, group: Any, claim: Claim) -> Any:
        group.judge = Believes()
        return rightly(group, claim)


@fault(
    "what cannot be brought along is believed",
    recheck(test_rechecking.test_what_cannot_be_brought_along_is_decided_again),
)
def _(seed: Seeding) -> None:
    seed.into(seams.DECIDE_AGAIN)(lambda rightly, group, claim: claim)


@fault(
    "an invariant may speak of the region whose turn it is",
    recheck(test_rechecking.test_an_invariant_cannot_speak_of_the_region_whose_turn_it_is),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.STATE_VARIABLES)
    def _(rightly: Any, loop: Any, scalars: Any) -> dict[str, Any]:
        return {**rightly(loop, scalars), **sexpr.free(step.constraint for step in loop.steps)}


@fault(
    "a certificate's digest is not compared", certified(test_certificate.test_a_certificate_that_was_changed_is_noticed)
)
def _(seed: Seeding) -> None:
    seed.into(seams.SEAL)(lambda rightly, each: each)


@fault(
    "a certificate may be about other sources", certified(test_certificate.test_sources_that_were_changed_are_noticed)
)
def _(seed: Seeding) -> None:
    @seed.into(seams.OPEN_CERTIFIED)
    def _(rightly: Any, file: certificate.File, folder: Path, limits: Any) -> Any:
        program = library.open_program(folder / file.file)
        assert isinstance(program, library.Program)
        return rightly(replace(file, sources=dict(program.program.sources)), folder, limits)


@fault("a certificate may leave checks out", certified(test_certificate.test_no_check_can_be_left_out_or_put_elsewhere))
def _(seed: Seeding) -> None:
    @seed.into(seams.READ_CLAIMS)
    def _(rightly: Any, made: certificate.Certificate, *rest: Any) -> Any:
        count = len(made.files[0].claims)
        with meanwhile(seams.STATED, lambda tasks: seams.STATED.function(tasks)[:count]):
            return rightly(made, *rest)
