"""From a scenario's checks to verdicts.

For each check, in this order: a counterexample with one or two descriptors, which costs milliseconds where there is
one; a proof for every length; a counterexample with more. A proof counts only once a map was found on which the
property says something. All checks under the same assumptions share loops and invariants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from checker.language import program as p
from checker.language.types import BOOL
from checker.prove import assume, mine
from checker.prove.assume import PRESENT
from checker.prove.bounded import MAX_GENERATIONS, Shape, Unrolled, exhaustive, lists_of, number, shapes
from checker.prove.encode import Environment, conj, disj, encode, has_value, neg
from checker.prove.houdini import follows, inductive
from checker.prove.loop import Loop, Neighbours
from checker.prove.numbers import OutOfReachError, Term
from checker.prove.second.parts import Claimed, Entry, Journal, Kept, Last
from checker.prove.second.smtlib import written
from checker.prove.shrink import simplify, smallest
from checker.prove.solver import Answer, Effort, Solver, refuted
from checker.prove.system import System
from checker.prove.verdict import Applies, Limits, Oracle, Result, Verdict
from checker.prove.vocabulary import vocabulary, witness_regions, witnesses_needed

_QUICK = 2
"""Lengths up to this are searched before a proof is tried."""

_QUICK_EFFORT = 2_000_000
"""What one of those searches may cost."""


def groups(scenario: p.Scenario) -> list[tuple[p.Check, ...]]:
    """The checks of a scenario in groups that are decided each on its own, in any order.

    Checks that are to be proved under the same assumptions share their loops; where a refutation is expected there is
    nothing to share.
    """
    found: dict[object, list[p.Check]] = {}
    for index, check in enumerate(scenario.checks):
        alone = check.expected is p.Expected.REFUTED
        found.setdefault(index if alone else check.assumptions, []).append(check)
    return [tuple(checks) for checks in found.values()]


def decide(
    scenario: p.Scenario,
    checks: Sequence[p.Check],
    oracle: Oracle,
    applies: Applies,
    limits: Limits,
    write: bool = False,
) -> Iterator[Result]:
    """The verdicts on checks that share their assumptions, in order, each as soon as it is known; proofs are written
    out if ``write`` says so."""
    group = _Group(scenario, tuple(checks), oracle, applies, limits)
    for check in checks:
        began = time.monotonic()
        group.effort = Effort(limits.effort, limits.per_query)
        group.ends = []
        result = group.decide(check)
        if write and result.verdict is Verdict.PROVED:
            result = replace(result, written=written(scenario.name, check.label, group.ends))
        yield replace(
            result,
            seconds=time.monotonic() - began,
            effort=group.effort.spent,
            obligations=group.effort.obligations,
        )


@dataclass(frozen=True)
class _Solved:
    """A system whose loops all have their invariants: what is known when everything has run."""

    system: System
    facts: tuple[Term, ...]
    invariants: tuple[str, ...]
    journal: Journal


@dataclass
class _Group:
    scenario: p.Scenario
    checks: tuple[p.Check, ...]
    oracle: Oracle
    applies: Applies
    limits: Limits
    effort: Effort = field(init=False)
    solved: dict[object, _Solved] = field(default_factory=dict)
    unrolled: dict[Shape, Unrolled] = field(default_factory=dict)
    clear: set[tuple[p.Check, Shape]] = field(default_factory=set)
    """The shapes that hold no counterexample to a check."""
    ends: list[Last] = field(default_factory=list)
    """How the proofs of the check that is being decided end."""
    about: str = ""
    """The rule that is being proved."""
    proofs: dict[p.Quantified, _Solved] = field(default_factory=dict)
    """The system in which each formula was proved."""
    excludes: set[p.Quantified] = field(default_factory=set)
    """Formulas whose proof has no room for a run that exists: the proof is wrong."""

    def __post_init__(self) -> None:
        self.given = assume.inputs(self.scenario, self.checks[0].assumptions)
        self.goals = [f for c in self.checks for f in _quantified(c)]
        self.words = vocabulary(self.scenario.runs, self.goals, self.given.assumptions)
        self.effort = Effort(self.limits.effort, self.limits.per_query)

    # --- one check

    def decide(self, check: p.Check) -> Result:
        try:
            return self._decide(check)
        except OutOfReachError as reason:
            return Result(check, Verdict.UNKNOWN, f"the encoding has no form for {reason.what}")

    def _decide(self, check: p.Check) -> Result:
        # Where a refutation is expected it is looked for first; that changes how long a verdict takes, not the verdict.
        if check.expected is p.Expected.REFUTED:
            first = self._search_up_to(check, self.limits.bound, None)
        else:
            first = self._search_up_to(check, min(_QUICK, self.limits.bound), _QUICK_EFFORT)
        if isinstance(first, Result):
            return first
        failure, invariants = self._prove(check)
        if failure is None:
            return self._not_vacuous(check, invariants)
        searched = self._search_up_to(check, self.limits.bound, None)
        if isinstance(searched, Result):
            return searched
        if searched < 0:
            return Result(check, Verdict.UNKNOWN, f"{failure}; the search for a counterexample ran out of effort")
        detail = f"{failure}; no counterexample with up to {searched} descriptors"
        if any(run.chained for run in self.scenario.runs):
            return Result(check, Verdict.UNKNOWN, f"{detail} and {MAX_GENERATIONS} hand-overs in a chain")
        covered = next(rows for rows in range(searched, -1, -1) if exhaustive(self.scenario, rows))
        # Two maps of so many regions may have none of them in common.
        return Result(check, Verdict.PROVED_TO_BOUND, detail, bound=covered // len(self.scenario.maps))

    def _search_up_to(self, check: p.Check, bound: int, effort: int | None) -> Result | int:
        """A counterexample with the fewest descriptors, or the length up to which there is none (-1: not even 0).

        A length that is too hard for ``effort`` ends the search: a longer map would not be the shortest one.
        """
        clear = -1
        for length in range(bound + 1):
            answers = [self._search_shape(check, shape, effort) for shape in shapes(self.scenario, length)]
            for answer in answers:
                if isinstance(answer, Result):
                    return answer
            if Answer.UNKNOWN in answers:
                break
            clear = length
        return clear

    # --- refutation

    def _unroll(self, shape: Shape) -> Unrolled:
        if shape not in self.unrolled:
            self.unrolled[shape] = Unrolled(self.given, shape)
        return self.unrolled[shape]

    def _search_shape(self, check: p.Check, shape: Shape, effort: int | None) -> Result | Answer:
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
        accept = partial(self.oracle, self.scenario, check)
        for candidate in (found, first):
            if accept(candidate):
                shown = simplify(candidate, self.scenario, accept)
                return Result(check, Verdict.REFUTED, counterexample=shown)
        detail = "the interpreter does not reproduce the prover's counterexample"
        return Result(check, Verdict.ERROR, detail, counterexample=first)

    # --- proof

    def _prove(self, check: p.Check) -> tuple[str | None, tuple[str, ...]]:
        """None if every obligation of the check is discharged, else what is missing; and the invariants used."""
        if isinstance(check.goal, p.ExactArithmetic):
            return self._with_invariants(0, None, partial(self._owed, check.goal.run))
        used: tuple[str, ...] = ()
        for conjunct in check.goal:
            self.about = conjunct.rule
            missing, invariants = self._prove_formula(conjunct.formula)
            used += tuple(i for i in invariants if i not in used)
            if missing is not None:
                return f"{conjunct.rule}: {missing}", ()
        return None, used

    def _prove_formula(self, formula: p.Formula) -> tuple[str | None, tuple[str, ...]]:
        match formula:
            case p.TotalAtMost():
                return "a total cannot be proved", ()
            case p.Plain(condition=condition):
                goal = encode(condition, Environment(self.given.scalars, exact=True))
                return self._with_invariants(0, None, lambda solved: self._implied(solved, goal))
            case p.ForPair(order=p.Order.NEXT, regions=regions):
                neighbours: Neighbours | None = Neighbours(regions)
            case _:
                neighbours = None
        count = witnesses_needed(formula)

        def attempt(solved: _Solved) -> str | None:
            missing = self._implied(solved, self._claim(formula, solved.system))
            if missing is None:
                self.proofs[formula] = solved
            return missing

        return self._with_invariants(count, neighbours, attempt)

    def _with_invariants(
        self, count: int, neighbours: Neighbours | None, attempt: Callable[[_Solved], str | None]
    ) -> tuple[str | None, tuple[str, ...]]:
        """Try with few invariants, then with all that can be found. ``attempt`` says what is missing."""
        missing = None
        several = len(self.scenario.runs) > 1
        for reach in (each for each in mine.Reach if several or each is not mine.Reach.AGREED):
            solved = self._solve(count, neighbours, reach)
            before = len(self.ends)
            missing = attempt(solved)
            if missing is None:
                return None, solved.invariants
            del self.ends[before:]
        return missing, ()

    def _implied(self, solved: _Solved, goal: Term) -> str | None:
        answer = refuted(self.effort, solved.facts, goal)
        if answer is Answer.UNSAT:
            self.ends.append(Last(f"{self.about} follows", solved.journal, solved.facts, goal))
            return None
        if answer is Answer.UNKNOWN:
            return "the solver ran out of effort on what the invariants found should imply"
        return "no invariant was found that implies it"

    def _owed(self, run: str, solved: _Solved) -> str | None:
        """The first checked operator of a run that may lose something."""
        for obligation in solved.system.obligations:
            if obligation.run == run:
                kept = neg(obligation.loss.condition)
                answer = refuted(self.effort, obligation.premises, kept)
                if answer is not Answer.UNSAT:
                    where = f"line {obligation.loss.span.line}"
                    unsure = answer is Answer.UNKNOWN
                    return f"{where}: the solver ran out of effort" if unsure else f"{where} may wrap"
                what = f"line {obligation.loss.span.line} loses nothing"
                self.ends.append(Last(what, solved.journal, obligation.premises, kept))
        return None

    def _claim(self, formula: p.Quantified, system: System) -> Term:
        """What the formula says of the witnesses, in the orders that it ranges over."""
        columns = [{name: regions[index] for name, regions in system.layouts.items()} for index in range(system.count)]
        if not isinstance(formula, p.ForPair):
            return assume.instance(formula, witness_regions(formula, columns), self.given.scalars)
        first, second = witness_regions(formula, columns)
        direction = system.directions[formula.regions.name]
        if direction == 0 and formula.order is p.Order.NEXT:
            raise OutOfReachError("neighbours in a list of unknown order")
        orders = []
        if direction >= 0 or formula.order is p.Order.ANY:
            orders.append((first, second))
        if direction <= 0 or formula.order is p.Order.ANY:
            orders.append((second, first))
        return conj(*(assume.instance(formula, each, self.given.scalars) for each in orders))

    def _solve(self, count: int, neighbours: Neighbours | None, reach: mine.Reach) -> _Solved:
        """The system with ``count`` witnesses, with invariants for all its loops."""
        key = (count, neighbours, reach)
        if key in self.solved:
            return self.solved[key]
        goals = [goal for goal in self.goals if witnesses_needed(goal) <= count]

        journal: list[Entry] = []

        def infer(loop: Loop, facts: Sequence[Term]) -> list[Term]:
            kept = inductive(loop, facts, mine.candidates(loop, self.words, goals, self.given, reach), self.effort)
            journal.append(Kept(loop, tuple(facts), tuple(kept)))
            return kept

        def holding(facts: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
            found = follows(facts, claims, self.effort)
            journal.append(Claimed(tuple(facts), tuple(claims), tuple(found)))
            return found

        system = System(self.given, count, infer, holding, neighbours)
        system.solve()
        shown = tuple(" ".join(term.sexpr().split()) for term in system.invariants)
        self.solved[key] = _Solved(system, (*system.facts, *self._late(system)), shown, tuple(journal))
        return self.solved[key]

    def _late(self, system: System) -> Iterator[Term]:
        """Assumptions about layouts, and between maps and layouts, for the witnesses as the algorithms left them."""
        maps = {each.name for each in self.scenario.maps}
        for conjunct in self.given.assumptions:
            formula = conjunct.formula
            if not isinstance(formula, p.Quantified) or witnesses_needed(formula) > system.count:
                continue
            if isinstance(formula, p.ForPair):
                if formula.regions.name not in maps and formula.order is not p.Order.NEXT:
                    yield self._ordered_claim(formula, system)
            elif isinstance(formula, p.ForSame) or formula.regions.name not in maps:
                for index, row in enumerate(system.rows):
                    columns = [{name: regions[index] for name, regions in system.layouts.items()}]
                    said = assume.instance(formula, witness_regions(formula, columns), self.given.scalars)
                    yield disj(self._split(row) if isinstance(formula, p.ForSame) else disj(), said)

    def _split(self, row: assume.Row) -> Term:
        """Whether maps may differ in a region: then its counterpart in the other map may be another row."""
        likes = [each.like for each in self.scenario.maps if each.like is not None]
        return disj(*(assume.may_differ(like, row.fields, self.given) for like in likes))

    def _ordered_claim(self, formula: p.ForPair, system: System) -> Term:
        """What an assumption says of the two witnesses; nothing where it depends on an order that is not known."""
        if system.directions[formula.regions.name] == 0 and formula.order is not p.Order.ANY:
            return conj()
        return self._claim(formula, system)

    # --- vacuity

    def _not_vacuous(self, check: p.Check, invariants: tuple[str, ...]) -> Result:
        """A proof says something only if some map meets the assumptions and the property speaks of it."""
        proved = Result(check, Verdict.PROVED, invariants=invariants)
        if not check.written:
            return proved
        formulas: list[p.Quantified | None] = list(_quantified(check)) or [None]
        for formula in formulas:
            answer = self._speaks(check, formula)
            if answer is Answer.UNSAT:
                missing = "no map meets the assumptions" if formula is None else self._why_vacuous(formula)
                if missing is None:
                    detail = f"no map of up to {self.limits.bound} descriptors on which the property says anything"
                    return Result(check, Verdict.UNKNOWN, detail)
                return Result(check, Verdict.VACUOUS, missing)
            if answer is Answer.UNKNOWN:
                return Result(check, Verdict.UNKNOWN, "no map was found on which the property says anything")
            if formula in self.excludes:
                return Result(check, Verdict.ERROR, "the proof has no room for a run that exists")
        return proved

    def _speaks(self, check: p.Check, formula: p.Quantified | None) -> Answer:
        """Whether there is a short map that meets the assumptions and on which ``formula`` applies to something."""
        unsure = False
        for shape in (s for length in range(self.limits.bound + 1) for s in shapes(self.scenario, length)):
            unrolled = self._unroll(shape)
            solver = Solver(self.effort, unrolled.constraints)
            if formula is not None:
                solver.add(unrolled.applies(formula))
            answer = solver.check()
            if answer is Answer.SAT:
                model = solver.model()
                if self.applies(self.scenario, _only(check, formula), unrolled.concrete(model)):
                    if formula is not None and not self._admitted(formula, unrolled, model):
                        self.excludes.add(formula)
                    return Answer.SAT
                unsure = True
            unsure = unsure or answer is Answer.UNKNOWN
        return Answer.UNKNOWN if unsure else Answer.UNSAT

    def _admitted(self, formula: p.Quantified, unrolled: Unrolled, model: Any) -> bool:
        """Whether the system in which ``formula`` was proved has room for the run that a model describes, seen from a
        region that the formula applies to. Every real run must; this is a watch on the proof rules themselves."""
        rows = next(
            rows
            for rows, (applies, _) in zip(unrolled.rows_of(formula), unrolled.instances(formula), strict=True)
            if number(model, applies)
        )
        solved = self.proofs[formula]
        solver = Solver(self.effort, solved.facts)
        # A row in which maps differ is two rows there: only lists that come from the formula's maps can be compared.
        origins = {solved.system.origins[name] for name in lists_of(formula)}
        lists = {name: r for name, r in unrolled.lists.items() if solved.system.origins[name] in origins}
        for witness, row in enumerate(sorted(rows)):
            for name, regions in lists.items():
                for key, value in regions[row].items():
                    if key == PRESENT or number(model, regions[row][PRESENT]):
                        solver.add(has_value(solved.system.layouts[name][witness][key], number(model, value)))
        return solver.check() is not Answer.UNSAT

    def _why_vacuous(self, formula: p.Quantified) -> str | None:
        """Why a property that applies to no short map applies to none; None where that cannot be proved."""
        never = replace(formula, body=p.Const(BOOL, 0))
        if self._prove_formula(never)[0] is None:
            return "the property never applies, or no map meets the assumptions"
        runs = {run.name for run in self.scenario.runs}
        for name in (each for each in lists_of(formula) if each in runs):
            nothing = p.ForRegion(
                p.Regions(name, "", p.Const(BOOL, 1)),
                "r",
                p.Const(BOOL, 1),
                p.Not(p.Field(BOOL, "r", p.PLACED), BOOL),
                None,
                formula.span,
            )
            if self._prove_formula(nothing)[0] is None:
                return "nothing is ever placed"
        return None


def _only(check: p.Check, formula: p.Quantified | None) -> p.Check:
    """The check reduced to one of its conjuncts."""
    if formula is None or isinstance(check.goal, p.ExactArithmetic):
        return check
    return replace(check, goal=tuple(c for c in check.goal if c.formula is formula))


def _quantified(check: p.Check) -> Iterator[p.Quantified]:
    if not isinstance(check.goal, p.ExactArithmetic):
        yield from (c.formula for c in check.goal if isinstance(c.formula, p.Quantified))
