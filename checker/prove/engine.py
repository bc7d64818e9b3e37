"""From a scenario's checks to verdicts.

For each check, in this order: a counterexample with one or two descriptors, which costs milliseconds where there is
one; a proof for every length; a counterexample with more. A proof counts only once a map was found on which the
property says something. All checks under the same assumptions share loops and invariants.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from checker import program as p
from checker.base.limits import passed
from checker.program.slice import slice_for
from checker.program.types import BOOL
from checker.program.valuation import MAX_GENERATIONS
from checker.prove.invariants.core import minimal
from checker.prove.invariants.houdini import follows, inductive
from checker.prove.invariants.templates import Candidate, Stage, candidates
from checker.prove.invariants.vocabulary import vocabulary
from checker.prove.proof.goals import (
    Goal,
    GoalProof,
    SolvedSystem,
    digest,
    endings,
    goals_of,
    nonvacuous_formulas,
    only,
    quantified,
    solve,
)
from checker.prove.proof.journal import FinalObligation, LoopInvariants, final
from checker.prove.proof.smtlib import written
from checker.prove.results import (
    Cost,
    Evidence,
    Failed,
    Judge,
    Limits,
    Outcome,
    Proved,
    ProvedToBound,
    Refuted,
    Result,
    Unknown,
    Vacuous,
)
from checker.prove.search.shrink import simplify, smallest
from checker.prove.search.unroll import Shape, Unrolled, exhaustive, number, shapes
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.terms.encode import has_value
from checker.prove.terms.numbers import OutOfReachError, Term
from checker.prove.terms.sexpr import text
from checker.prove.terms.solver import Answer, Effort, Solver, implied

_QUICK = 2
"""Lengths up to this are searched before a proof is tried."""

_QUICK_EFFORT = 2_000_000
"""The most that one of those searches may cost."""

_FOR_THE_SEARCH = 4
"""Of so many parts of a check's effort one is kept for the search that follows a proof that fails: what is refuted
must not depend on how hard it is to fail."""


def groups(scenario: p.Scenario) -> list[tuple[p.Check, ...]]:
    """The checks of a scenario in groups that are decided each on its own, in any order.

    Checks that are to be proved under the same assumptions, of the same runs, share their loops; where a refutation is
    expected there is nothing to share.
    """
    found: dict[object, list[p.Check]] = {}
    # Most checks share the very same assumptions, and to hash one means to walk through all that it says.
    numbers: dict[p.Conjunct, int] = {}
    numbered: dict[int, int] = {}
    for index, check in enumerate(scenario.checks):
        alone = check.expected is p.Expected.REFUTED
        for each in check.assumptions:
            if id(each) not in numbered:
                numbered[id(each)] = numbers.setdefault(each, len(numbers))
        runs = tuple(run.name for run in slice_for(scenario, (check,)).runs)
        key = index if alone else (runs, *(numbered[id(each)] for each in check.assumptions))
        found.setdefault(key, []).append(check)
    return [tuple(checks) for checks in found.values()]


def decide(
    scenario: p.Scenario,
    checks: Sequence[p.Check],
    judge: Judge,
    limits: Limits,
    write: bool = False,
    beside: Sequence[p.Check] = (),
) -> Iterator[Result]:
    """The verdicts on checks that share their assumptions, in order, each as soon as it is known; proofs are written
    out if ``write`` says so.

    ``beside`` is the whole group that the checks are from, if they are not all of it: what is proved of one check may
    need invariants that only another one suggests, so a verdict must not depend on which of them are asked for.
    """
    together = tuple(beside or checks)
    group = _Group(slice_for(scenario, together), together, judge, limits, write)
    for check in checks:
        began = time.monotonic()
        group.effort = limits.allowance()
        outcome = group.decide(check)
        yield Result(check, outcome, cost_of(group.effort, began))


def cost_of(effort: Effort, began: float) -> Cost:
    """The price of what was begun at that time, and took that effort."""
    return Cost(effort.spent, effort.hardest, effort.gave_up, time.monotonic() - began)


@dataclass(frozen=True)
class Clear:
    """No counterexample has up to ``length`` regions; None: not even that of no regions was surely none."""

    length: int | None


@dataclass(frozen=True)
class Missing:
    """The words for what a proof lacks."""

    what: str


@dataclass
class _Group:
    scenario: p.Scenario
    checks: tuple[p.Check, ...]
    judge: Judge
    limits: Limits
    write: bool = False
    effort: Effort = field(init=False)
    solved: dict[object, SolvedSystem] = field(default_factory=dict)
    unrolled: dict[Shape, Unrolled] = field(default_factory=dict)
    kept: dict[int, Candidate] = field(default_factory=dict)
    """The candidates that were found to be invariants, by the numbers of their terms."""
    clear: set[tuple[p.Check, Shape]] = field(default_factory=set)
    """The shapes that hold no counterexample to a check."""

    def __post_init__(self) -> None:
        self.given = inputs.inputs(self.scenario, self.checks[0].assumptions)
        self.goals = [formula for check in self.checks for formula in quantified(check)]
        self.words = vocabulary(self.scenario.runs, self.goals, self.given.assumptions)
        self.effort = self.limits.allowance()

    # --- one check

    def decide(self, check: p.Check) -> Outcome:
        try:
            outcome = self._decide(check)
        except OutOfReachError as reason:
            return Unknown(f"the encoding has no form for {reason.what}")
        if isinstance(outcome, Unknown | ProvedToBound):
            return replace(outcome, why="; ".join((outcome.why, *self._passed())))
        return outcome

    def _passed(self) -> Iterator[str]:
        """Return the limits of a check that have been passed."""
        if self.effort.spent >= self.limits.effort:
            yield f"more than {self.limits.effort} steps of the solver (--effort)"
        if self.effort.queries >= self.limits.queries:
            yield f"{passed(self.limits, 'queries')[0]} (--limit queries)"
        if self._too_large(self.limits.bound):
            yield f"{passed(self.limits, 'shown')[0]} (--limit shown)"

    def _too_large(self, length: int) -> bool:
        """Tell whether counterexamples of this length would have more values than are allowed."""
        lists = len(self.scenario.maps) + len(self.scenario.runs)
        return length * lists * len(self.given.record.inputs) > self.limits.shown

    def _decide(self, check: p.Check) -> Outcome:
        # Where a refutation is expected it is looked for first; that changes how long a verdict takes, not the verdict.
        if check.expected is p.Expected.REFUTED:
            first = self._search_up_to(check, self.limits.bound, None)
        else:
            first = self._search_up_to(check, min(_QUICK, self.limits.bound), _QUICK_EFFORT)
        if not isinstance(first, Clear):
            return first
        with self.effort.reserving(self.limits.effort // _FOR_THE_SEARCH):
            shown = self._prove(check)
        if not isinstance(shown, Missing):
            return self._not_vacuous(check, shown)
        searched = self._search_up_to(check, self.limits.bound, None)
        if not isinstance(searched, Clear):
            return searched
        if searched.length is None:
            return Unknown(f"{shown.what}; the search for a counterexample ran out of effort")
        why = f"{shown.what}; no counterexample with up to {searched.length} regions"
        if any(run.chained for run in self.scenario.runs):
            return Unknown(f"{why} and {MAX_GENERATIONS} hand-overs in a chain")
        covered = next(rows for rows in range(searched.length, -1, -1) if exhaustive(self.scenario, rows))
        # Two maps of so many regions may have none of them in common.
        return ProvedToBound(covered // len(self.scenario.maps), why)

    def _search_up_to(self, check: p.Check, bound: int, effort: int | None) -> Refuted | Failed | Clear:
        """A counterexample with the fewest descriptors, or the length up to which there is none.

        A length that is too hard for ``effort`` ends the search: a longer map would not be the shortest one.
        """
        clear: int | None = None
        for length in range(bound + 1):
            if self._too_large(length):
                break
            answers: list[Refuted | Failed | Answer] = []
            for shape in shapes(self.scenario, length):
                if self.effort.left == 0 and (check, shape) not in self.clear:
                    answers.append(Answer.UNKNOWN)
                    break
                answers.append(self._search_shape(check, shape, effort))
            for answer in answers:
                if not isinstance(answer, Answer):
                    return answer
            if Answer.UNKNOWN in answers:
                break
            clear = length
        return Clear(clear)

    # --- refutation

    def _unroll(self, shape: Shape) -> Unrolled:
        if shape not in self.unrolled:
            self.unrolled[shape] = Unrolled(self.given, shape)
        return self.unrolled[shape]

    def _search_shape(self, check: p.Check, shape: Shape, effort: int | None) -> Refuted | Failed | Answer:
        """A counterexample of this shape, or whether there is surely none (UNSAT)."""
        if (check, shape) in self.clear:
            return Answer.UNSAT
        unrolled = self._unroll(shape)
        solver = Solver(self.effort, unrolled.constraints)
        solver.add(unrolled.broken(check.goal))
        answer = solver.check(at_most=effort)
        if answer is not Answer.SAT:
            if answer is Answer.UNSAT:
                self.clear.add((check, shape))
            return answer
        first = unrolled.concrete(solver.model())
        found = smallest(unrolled, solver, self.given.record) if shape.rows else first
        accept = partial(self.judge.breaks, self.scenario, check)
        for candidate in (found, first):
            if accept(candidate):
                return Refuted(simplify(candidate, self.scenario, accept))
        return Failed("the interpreter does not reproduce the prover's counterexample", first)

    # --- proof

    def _prove(self, check: p.Check) -> tuple[GoalProof, ...] | Missing:
        """The proof of a check, or what is missing."""
        found = []
        for goal in goals_of(check):
            shown = self._show(goal)
            if isinstance(shown, Missing):
                return shown if isinstance(check.goal, p.ExactArithmetic) else Missing(f"{goal.rule}: {shown.what}")
            found.append(shown)
        return tuple(found)

    def _show(self, goal: Goal) -> GoalProof | Missing:
        """Try with few invariants, then with all that can be found; what is missing, if that is not enough."""
        if isinstance(goal.formula, p.TotalAtMost):
            return Missing("a total cannot be proved")
        missing: Missing | None = None
        several = len(self.scenario.runs) > 1
        for stage in (each for each in Stage if several or each is not Stage.LOCKSTEP):
            solved = self._solve(goal.count, goal.neighbours, stage)
            ends = []
            for end in endings(goal, solved):
                missing = self._missing(end)
                if missing is not None:
                    break
                ends.append(end)
            if missing is None:
                return GoalProof(goal, solved, tuple(ends))
        assert missing is not None
        return missing

    def _missing(self, end: FinalObligation) -> Missing | None:
        """Return what the end of a proof lacks; None if it is as it should be."""
        answer = implied(self.effort, end.premises, end.conclusion)
        if answer is Answer.UNKNOWN:
            return Missing(f"{end.failing}: the solver ran out of effort")
        return None if answer is Answer.UNSAT else Missing(end.failing)

    def _solve(self, count: int, neighbours: Neighbours | None, stage: Stage) -> SolvedSystem:
        """The system with ``count`` witnesses, with invariants for all its loops."""
        key = (count, neighbours, stage)
        if key not in self.solved:
            goals = [goal for goal in self.goals if goal.arity <= count]

            def infer(loop: Loop, facts: Sequence[Term]) -> list[Term]:
                found = candidates(loop, self.words, goals, self.given, stage)
                return self._note(found, inductive(loop, facts, [each.term for each in found], self.effort))

            def holding(facts: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
                return follows(facts, claims, self.effort)

            self.solved[key] = solve(self.given, count, neighbours, infer, holding)
        return self.solved[key]

    # --- vacuity

    def _not_vacuous(self, check: p.Check, proof: tuple[GoalProof, ...]) -> Outcome:
        """A proof says something only if some map meets the assumptions and the property speaks of it."""
        spoken = []
        for formula in nonvacuous_formulas(check):
            found = self._speaks(check, formula)
            if found is Answer.UNSAT:
                missing = self._why_impossible(check) if formula is None else self._why_vacuous(formula)
                if missing is None:
                    return Unknown(f"no map of up to {self.limits.bound} regions on which the property says anything")
                return Vacuous(missing)
            if isinstance(found, Answer):
                return Unknown("no map was found on which the property says anything")
            unrolled, model = found
            if formula is not None and not self._admitted(formula, proof, unrolled, model):
                return Failed("the proof has no room for a run that exists")
            spoken.append(unrolled.concrete(model))
        kept = tuple(minimal(shown, self.effort) for shown in proof)
        evidence = Evidence(tuple(shown.solved.support for shown in kept), tuple(spoken))
        ends = (end for shown in kept for end in shown.ends)
        texts = written(self.scenario.name, check.label, ends) if self.write else ()
        return Proved(evidence, digest(kept), texts, dict(self._templates(kept)))

    def _note(self, found: Sequence[Candidate], invariants: list[Term]) -> list[Term]:
        """Keep which candidates were found to be invariants. Returns these."""
        # A function of its own, so that nothing here outlives the candidates: Z3 gives the number of a term that nobody
        # holds to another one, and what it does depends on the numbers.
        numbers = {term.get_id() for term in invariants}
        for each in found:
            if each.term.get_id() in numbers:
                self.kept.setdefault(each.term.get_id(), each)
        return invariants

    def _templates(self, proof: Sequence[GoalProof]) -> Iterator[tuple[str, str]]:
        """The invariants of a proof, each with the name of the template that it comes from."""
        for entry in (entry for shown in proof for entry in final(shown.solved.journal)):
            for term in entry.invariants if isinstance(entry, LoopInvariants) else ():
                if term.get_id() in self.kept:
                    yield text(term), self.kept[term.get_id()].template

    def _speaks(self, check: p.Check, formula: p.ForAll | None) -> tuple[Unrolled, Any] | Answer:
        """A short map that meets the assumptions and on which ``formula`` applies to something, with all that is made
        of it; UNSAT if there is none."""
        unsure = False
        for shape in (s for length in range(self.limits.bound + 1) for s in shapes(self.scenario, length)):
            if self._too_large(shape.rows) or self.effort.left == 0:
                return Answer.UNKNOWN
            unrolled = self._unroll(shape)
            solver = Solver(self.effort, unrolled.constraints)
            if formula is not None:
                solver.add(unrolled.applies(formula))
            answer = solver.check()
            if answer is Answer.SAT:
                model = solver.model()
                if self.judge.applies(self.scenario, only(check, formula), unrolled.concrete(model)):
                    return unrolled, model
                unsure = True
            unsure = unsure or answer is Answer.UNKNOWN
        return Answer.UNKNOWN if unsure else Answer.UNSAT

    def _admitted(self, formula: p.ForAll, proof: tuple[GoalProof, ...], unrolled: Unrolled, model: Any) -> bool:
        """Tell whether the system in which ``formula`` was proved has room for the run that a model describes, seen
        from a
        region that the formula applies to. Every real run must; this is a watch on the proof rules themselves."""
        rows = next(
            rows
            for rows, (applies, _) in zip(unrolled.rows_of(formula), unrolled.instances(formula), strict=True)
            if number(model, applies)
        )
        solved = next(shown.solved for shown in proof if shown.goal.formula is formula)
        solver = Solver(self.effort, solved.facts)
        # A row in which maps differ is two rows there: only lists that come from the formula's maps can be compared.
        origins = {solved.system.origins[name] for name in formula.lists}
        lists = {name: r for name, r in unrolled.lists.items() if solved.system.origins[name] in origins}
        for witness, row in enumerate(sorted(rows)):
            for name, regions in lists.items():
                for key, value in regions[row].items():
                    if key == PRESENT or number(model, regions[row][PRESENT]):
                        solver.add(has_value(solved.system.layouts[name][witness][key], number(model, value)))
        return solver.check() is not Answer.UNSAT

    def _why_impossible(self, check: p.Check) -> str | None:
        """Say why nothing happens on short maps: nothing ever does; None where that cannot be proved. A run may have
        something to choose from on long maps only, so that none was found says nothing of those."""
        goal = Goal("nothing happens", p.Plain(p.Const(BOOL, 0), check.span))
        return "no map meets the assumptions" if isinstance(self._show(goal), GoalProof) else None

    def _why_vacuous(self, formula: p.ForAll) -> str | None:
        """Say why a property that applies to no short map applies to none; None where that cannot be proved."""
        never = replace(formula, body=p.Const(BOOL, 0))
        if isinstance(self._show(Goal("it never applies", never)), GoalProof):
            return "the property never applies, or no map meets the assumptions"
        if self.given.record.placement is None:
            # Nothing is placed where regions have no place; that says nothing of the property.
            return None
        runs = {run.name for run in self.scenario.runs}
        for name in (each for each in formula.lists if each in runs):
            nothing = p.ForAll(
                (p.Binder("r", p.Regions(name, "", p.Const(BOOL, 1))),),
                p.Relation.ANY,
                p.Const(BOOL, 1),
                p.Not(p.Field(BOOL, "r", p.PLACED), BOOL),
                None,
                formula.span,
            )
            if isinstance(self._show(Goal("nothing is placed", nothing)), GoalProof):
                return "nothing is ever placed"
        return None
