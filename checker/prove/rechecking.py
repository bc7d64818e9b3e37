"""Verdicts checked again from what a certificate brings along.

Nothing that it brings is believed. The statements that a proof consists of are derived from the scenario, with the
invariants that are brought in place of those that a search would find, and the solver has to show every one. That a
property says something, or is broken, the interpreter has to see on the maps that are brought. What cannot be brought
(that no short map breaks a property, or that it never applies) is decided again from scratch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from functools import partial

from checker import program as p
from checker.base.values import mutable
from checker.program.slice import about, run_names, slice_for
from checker.program.valuation import Valuation
from checker.prove.attempts import deduced
from checker.prove.engine import cost_of, decide
from checker.prove.pieces.afterwards import split_afterwards
from checker.prove.proof.goals import (
    Goal,
    GoalProof,
    SolvedSystem,
    UnsupportedError,
    endings,
    goals_of,
    nonvacuous_formulas,
    only,
    rebuilt,
    statements,
    system_key,
)
from checker.prove.proof.journal import Obligation
from checker.prove.proof.naming import worded
from checker.prove.proof.smtlib import Spelling, digest, written
from checker.prove.results import (
    Claim,
    Evidence,
    Judge,
    Limits,
    Outcome,
    Proved,
    Refuted,
    RejectedClaim,
    Result,
    Support,
    Unknown,
    Verdict,
)
from checker.prove.search.least import larger_than_needed
from checker.prove.system import inputs
from checker.prove.system.loop import Loop
from checker.prove.system.loops.authors import Way, ways_of
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import OutOfReachError, Term
from checker.prove.terms.sexpr import read, state_variables
from checker.prove.terms.solver import Answer, implied_in_turn


def recheck(
    scenario: p.Scenario,
    claims: Sequence[Claim],
    judge: Judge,
    limits: Limits,
    write: bool = False,
    beside: Sequence[p.Check] = (),
    *,
    least: bool = False,
    words: bool = True,
    renewed: bool = False,
) -> Iterator[Result]:
    """The results that ``claims``, about checks that share their assumptions, amount to: the same verdicts where they
    are right, `REJECTED` where they are not, `UNKNOWN` where that cannot be told within ``limits``. Proofs are written
    out if ``write`` says so. ``beside`` is as `decide` takes it. With ``least``, a counterexample has to be one that a
    search would show. ``words`` says whether invariants are wanted in words. With ``renewed`` the claims are of a
    scenario that was changed since: proofs may have other obligations than they had, as all of them are shown again."""
    together = tuple(beside or (claim.check for claim in claims))
    given = inputs.inputs(slice_for(scenario, together), claims[0].check.assumptions)
    group = _Group(given, deduced(given, limits), judge, limits, write, together, least, words, renewed)
    for claim in claims:
        began = time.monotonic()
        group.effort = limits.allowance()
        try:
            outcome = group.recheck(claim)
        except (_NotSo, UnsupportedError) as reason:
            outcome = RejectedClaim(f"{claim.verdict}: {reason}")
        except _TooHard as reason:
            outcome = Unknown(f"the solver ran out of effort: {reason}")
        except OutOfReachError as reason:
            outcome = RejectedClaim(f"{claim.verdict}: there is no form for {reason.what}")
        yield Result(claim.check, outcome, cost_of(group.effort, began))


_PATIENCE = 1_000_000
"""The effort that a statement may take before it is asked anew. What was once shown is mostly easy; where it takes much
longer, it does so by chance."""


class _NotSo(Exception):
    """A claim is not so."""


class _TooHard(Exception):
    """The solver does not tell within its effort."""


@mutable
class _Group:
    given: inputs.Inputs
    proving: inputs.Inputs
    judge: Judge
    limits: Limits
    write: bool
    checks: tuple[p.Check, ...]
    least: bool = False
    words: bool = True
    renewed: bool = False
    effort: Effort = field(init=False)
    solved: dict[object, SolvedSystem] = field(default_factory=dict)
    shown: dict[object, Obligation] = field(default_factory=dict)
    """The statements that were shown, by the numbers of their terms: those stay theirs as long as the terms are
    kept."""

    spelling: Spelling = field(default_factory=Spelling)

    @property
    def scenario(self) -> p.Scenario:
        return self.given.scenario

    def recheck(self, claim: Claim) -> Outcome:
        """Return what is right of the claim, and nothing else that it says. Raises `_NotSo`, `UnsupportedError`,
        `_TooHard`, and `OutOfReachError`."""
        match claim.verdict:
            case Verdict.PROVED:
                if claim.evidence is None:
                    raise _NotSo("nothing is brought along for it")
                return self._proved_in_some(claim, claim.evidence)
            case Verdict.REFUTED:
                found = claim.counterexample
                if found is None or not self.judge.breaks(self.scenario, claim.check, found):
                    raise _NotSo("the counterexample does not break it")
                if self.least and (why := self._larger(claim.check, found)) is not None:
                    raise _NotSo(f"the counterexample is not the least: {why}")
                return Refuted.within(self.limits.bound, found)
            case Verdict.PROVED_TO_BOUND | Verdict.VACUOUS:
                return self._again(claim)
            case _:
                return Unknown(f"the certificate says {claim.verdict}, which claims nothing")

    def _larger(self, check: p.Check, found: Valuation) -> str | None:
        accept = partial(self.judge.breaks, self.scenario, check)
        return larger_than_needed(found, check, self.given, accept, self.effort, self.limits.bound)

    def _proved_in_some(self, claim: Claim, evidence: Evidence) -> Proved:
        """Return what is right of a proof, which has the runs that its check is about, perhaps by way of the authors
        of variables of theirs; or, if not, all that there are on every map."""
        narrow, wide = (each(self.scenario, (claim.check,)) for each in (about, slice_for))
        ways: list[tuple[p.Scenario, Way]] = [(narrow, ())]
        ways += [(narrow, way) for way in ways_of(claim.check, narrow)]
        ways += [(wide, ())] if narrow.runs != wide.runs else []
        wrong: list[Exception] = []
        for way in ways:
            try:
                return self._proved(claim, evidence, *way)
            except (_NotSo, UnsupportedError) as reason:
                wrong.append(reason)
        raise wrong[0]

    def _proved(self, claim: Claim, evidence: Evidence, scenario: p.Scenario, way: Way) -> Proved:
        sliced = replace(self.proving, scenario=split_afterwards(scenario))
        wanted = goals_of(claim.check, sliced.scenario, way)
        if len(evidence.supports) != len(wanted):
            raise _NotSo(f"it takes {len(wanted)} proofs, and there are {len(evidence.supports)}")
        proof = tuple(self._share(sliced, *each) for each in zip(wanted, evidence.supports, strict=True))
        ends = [end for shown in proof for end in shown.ends]
        told = tuple(statements(proof))
        for part in told:
            self._show(part)
        obligations = digest(told, self.spelling)
        if obligations != claim.obligations and not self.renewed:
            raise _NotSo("its obligations are others")
        formulas = nonvacuous_formulas(claim.check)
        if len(evidence.spoken) != len(formulas):
            raise _NotSo(
                f"it takes {len(formulas)} maps on which it says something, and there are {len(evidence.spoken)}"
            )
        for formula, found in zip(formulas, evidence.spoken, strict=True):
            if not self.judge.applies(self.scenario, only(claim.check, formula), found):
                raise _NotSo("on a map that should show that it says something, it does not")
        texts = written(self.scenario.name, claim.check.label, ends) if self.write else ()
        said = worded(each.solved for each in proof) if self.words else {}
        return Proved(evidence, obligations, texts, said)

    def _share(self, sliced: inputs.Inputs, goal: Goal, support: Support) -> GoalProof:
        key = (run_names(sliced.scenario), *system_key(goal, support))
        if key not in self.solved:
            self.solved[key] = _supported(sliced, goal, support)
        return GoalProof(goal, self.solved[key], tuple(endings(goal, self.solved[key])))

    def _show(self, part: Obligation) -> None:
        """Have the solver show a statement."""
        key = tuple(tuple(term.get_id() for term in terms) for terms in (part.premises, part.conclusions))
        if key in self.shown:
            return
        answer = implied_in_turn(self.effort, part.premises, part.conclusions, patience=_PATIENCE)
        place = f"{part.place}, {part.what}"
        if answer is Answer.UNKNOWN:
            raise _TooHard(place)
        if answer is Answer.SAT:
            raise _NotSo(f"this is not so: {place}")
        self.shown[key] = part

    def _again(self, claim: Claim) -> Outcome:
        """A verdict that nothing can be brought along for, decided again."""
        (found,) = decide(self.scenario, (claim.check,), self.judge, self.limits, beside=self.checks)
        self.effort.spent += found.cost.effort
        self.effort.hardest = max(self.effort.hardest, found.cost.hardest)
        self.effort.gave_up += found.cost.gave_up
        if (found.verdict, found.bound) != (claim.verdict, claim.bound):
            raise _NotSo(f"decided again, it is {found.verdict}")
        return found.outcome


def _supported(given: inputs.Inputs, goal: Goal, support: Support) -> SolvedSystem:
    """The system that a goal asks for, with what was brought along. Raises `UnsupportedError`."""
    loops = iter(support.loops)

    def invariants(loop: Loop) -> list[Term]:
        texts = next(loops, None)
        if texts is None:
            raise UnsupportedError("there are no invariants for a loop")
        found = read(texts, state_variables(loop, given.scalars))
        if isinstance(found, str):
            raise UnsupportedError(found)
        return found

    solved = rebuilt(given, goal, invariants, support.chains)
    if next(loops, None) is not None:
        raise UnsupportedError("there are invariants for loops that do not exist")
    return solved
