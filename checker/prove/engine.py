"""From a scenario's checks to verdicts.

For each check, searches for a counterexample and stages of a proof for every length take turns (`ROUNDS`): first what
costs milliseconds where there is something to find. A proof counts only once a map was found on which the property says
something. All checks under the same assumptions share loops and invariants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from functools import cached_property, partial
from typing import Any

from checker import program as p
from checker.base.limits import passed
from checker.base.values import mutable
from checker.program.slice import about, run_names, slice_for
from checker.program.valuation import MAX_GENERATIONS
from checker.program.walk import has_split
from checker.prove.attempts import Attempts, Missing, ProofUnderWay, all_at_once, deduced
from checker.prove.invariants.core import shortened
from checker.prove.invariants.templates import Stage
from checker.prove.invariants.vocabulary import vocabulary
from checker.prove.pieces.afterwards import split_afterwards
from checker.prove.proof.compared_totals import suggestions
from checker.prove.proof.goals import Goal, GoalProof, nonvacuous_formulas, only, shared, statements
from checker.prove.proof.smtlib import Spelling, digest, written
from checker.prove.proof.vacuity import why_impossible, why_vacuous
from checker.prove.proof.watch import admitted
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
from checker.prove.rounds import BY_AUTHORS, DEEPER, FOR_AN_AUTHOR, LENGTH, ROUNDS, Clear
from checker.prove.search.long_maps import long_map, speaking
from checker.prove.search.shapes import Shape, exhaustive, has_few, most_pieces, shapes
from checker.prove.search.shrink import simplify, smallest
from checker.prove.search.unroll import Unrolled, with_zeros
from checker.prove.system import inputs
from checker.prove.system.loops.authors import ways_of
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import OutOfReachError
from checker.prove.terms.solver import Answer, Solver

_PAIR = _WORTH_TELLING = 2
"""The least bound that says something: of fewer regions none can come to lie upon another."""

_CHEAP = 2_000_000
"""The most that the search for a counterexample of more than `LENGTH` regions may cost, for each shape."""

_FOR_THE_SEARCH = 4
"""Of so many parts of a check's effort one is kept for the search that follows a proof that fails: what is refuted
must not depend on how hard it is to fail."""


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
    groups = _Groups(slice_for(scenario, together), together, judge, limits, write)
    for check in checks:
        began = time.monotonic()
        group = groups.of(check)
        group.effort = limits.allowance()
        outcome = group.decide(check)
        yield Result(check, outcome, cost_of(group.effort, began), group.attempts.helped(outcome))


def cost_of(effort: Effort, began: float) -> Cost:
    """The price of what was begun at that time, and took that effort."""
    return Cost(effort.spent, effort.hardest, effort.gave_up, time.monotonic() - began)


@mutable
class _Groups:
    """The checks in smaller groups, of those that are about the same runs, or some of them: a proof has no more loops,
    and no more in them, than it needs. What is unrolled to look for counterexamples is the whole, and all share it."""

    scenario: p.Scenario
    checks: tuple[p.Check, ...]
    judge: Judge
    limits: Limits
    write: bool = False
    groups: dict[tuple[str, ...], _Group] = field(default_factory=dict)
    unrolled: dict[Shape, Unrolled] = field(default_factory=dict)
    spelling: Spelling = field(default_factory=Spelling)

    def of(self, check: p.Check) -> _Group:
        """The group of a check."""
        runs = self._runs(check)
        if runs not in self.groups:
            # What is claimed of some of the runs may be what the proof of a claim about all of them needs.
            alike = tuple(each for each in self.checks if set(self._runs(each)) <= set(runs))
            self.groups[runs] = _Group(
                self.scenario, alike, self.judge, self.limits, self.write, self.unrolled, self.spelling, self.checks
            )
        return self.groups[runs]

    def _runs(self, check: p.Check) -> tuple[str, ...]:
        return run_names(about(self.scenario, (check,)))


@mutable
class _Group:
    scenario: p.Scenario
    checks: tuple[p.Check, ...]
    judge: Judge
    limits: Limits
    write: bool = False
    unrolled: dict[Shape, Unrolled] = field(default_factory=dict)
    spelling: Spelling = field(default_factory=Spelling)
    """The terms of proofs as text: checks of a group have most of them in common."""
    beside: tuple[p.Check, ...] = ()
    """All checks under the same assumptions, if these are not all."""
    attempts: Attempts = field(init=False)
    given: inputs.Inputs = field(init=False)
    proving: inputs.Inputs = field(init=False)
    effort: Effort = field(init=False)
    uncut: dict[Shape, Unrolled] = field(default_factory=dict)
    """The same where all numbers that are given are 0, to look for a map on which something is said."""
    clear: set[tuple[p.Check, Shape]] = field(default_factory=set)
    """The shapes that hold no counterexample to a check."""

    def __post_init__(self) -> None:
        # Not at the cost of a check: what is shared must not depend on which of them comes first.
        self.given = inputs.inputs(self.scenario, self.checks[0].assumptions)
        self.proving = deduced(self.given, self.limits)
        self.attempts = self._attempts(about(self.scenario, self.checks), self.checks)
        self.effort = self.limits.allowance()

    def _attempts(self, scenario: p.Scenario, checks: Sequence[p.Check]) -> Attempts:
        scenario = split_afterwards(scenario)
        totals = [formula for check in checks for formula in check.of_totals]
        goals = [formula for check in checks for formula in check.quantified]
        goals += [each for formula in totals for each in suggestions(formula, self.proving)]
        there = {each.name for each in scenario.maps} | {each.name for each in scenario.runs}
        others = (each for each in scenario.checks if each.lists <= there)
        plain = [formula for check in (*checks, *others) for formula in check.of_ends]
        words = vocabulary(scenario.runs, goals, self.given.assumptions, plain)
        return Attempts(replace(self.proving, scenario=scenario), words, goals, self.limits)

    @cached_property
    def wider(self) -> Attempts | None:
        """Attempts with all runs beside these that there are on every map, and with what checks claim of them: one run
        may have in common with another what it takes to prove something of it. None where there are no more than
        these."""
        scenario = split_afterwards(slice_for(self.scenario, self.checks))
        if scenario.runs == self.attempts.given.scenario.runs:
            return None
        there = {each.name for each in scenario.maps} | {each.name for each in scenario.runs}
        return self._attempts(scenario, [each for each in self.beside if set(each.lists) <= there])

    # --- one check

    def decide(self, check: p.Check) -> Outcome:
        try:
            outcome = self._decide(check)
        except OutOfReachError as reason:
            return Unknown(f"the encoding has no form for {reason.what}")
        if isinstance(outcome, Unknown | ProvedToBound):
            return replace(outcome, why="; ".join((outcome.why, *self._passed())), gap=self.attempts.gap())
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
        lists = len(self.scenario.maps) + sum(most_pieces(self.scenario, run) for run in self.scenario.runs)
        return length * lists * len(self.given.record.inputs) > self.limits.shown

    def _decide(self, check: p.Check) -> Outcome:
        # Where a refutation is expected it is looked for first; that changes how long a verdict takes, not the verdict.
        first = (replace(ROUNDS[-1], stages=()),) if check.expected is p.Expected.REFUTED else ()
        self.attempts.begin()
        proof, missing = ProofUnderWay(check, self.attempts), Missing("nothing was tried")
        for each in (*first, *ROUNDS):
            found = self._search_up_to(check, min(each.length, self.limits.bound), each.effort)
            if not isinstance(found, Clear):
                return found
            for_later = 0 if each.patience is None else self.effort.left - each.patience
            with self.effort.reserving(max(self.limits.effort // _FOR_THE_SEARCH, for_later)):
                shown = proof.go_on(each.stages, self.effort)
            if not isinstance(shown, Missing):
                return self._not_vacuous(check, shown, self.attempts)
            missing = shown
        with self.effort.reserving(self.limits.effort // _FOR_THE_SEARCH):
            by_author = self._by_author(check)
        if by_author is not None:
            return self._not_vacuous(check, by_author, self.attempts)
        if self.wider is not None:
            proof = ProofUnderWay(check, self.wider)
            with self.effort.reserving(self.limits.effort // _FOR_THE_SEARCH):
                shown = proof.go_on(tuple(Stage), self.effort)
            if not isinstance(shown, Missing):
                return self._not_vacuous(check, shown, self.wider)
        searched = self._search_up_to(check, min(LENGTH, self.limits.bound), None)
        if isinstance(searched, Clear):
            searched = self._search_up_to(check, self.limits.bound, _CHEAP)
        if isinstance(searched, Clear):
            searched = self._long(check) or searched
        if not isinstance(searched, Clear):
            return searched
        if searched.length is None:
            return Unknown(f"{missing.what}; the search for a counterexample ran out of effort")
        why = f"{missing.what}; no counterexample with up to {searched.length} regions"
        if any(run.chained for run in self.scenario.runs):
            return Unknown(f"{why} and {MAX_GENERATIONS} hand-overs in a chain")
        covered = next(rows for rows in range(searched.length, -1, -1) if exhaustive(self.scenario, rows))
        # Two maps of so many regions may have none of them in common.
        bound = covered // len(self.scenario.maps)
        return ProvedToBound(bound, why) if bound >= _WORTH_TELLING else Unknown(why)

    def _search_up_to(self, check: p.Check, bound: int, effort: int | None) -> Refuted | Failed | Clear:
        """A counterexample with the fewest descriptors, or the length up to which there is none.

        A length that is too hard for ``effort`` ends the search: a longer map would not be the shortest one.
        """
        clear: int | None = None
        for length in range(bound + 1):
            if self._too_large(length):
                break
            answers: list[Refuted | Failed | Answer] = []
            if length > LENGTH and not has_few(self.scenario, length):
                break
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
        accept = partial(self.judge.breaks, self.scenario, check)
        found = smallest(unrolled, solver, self.given.record, accept) if shape.rows else first
        for candidate in (found, first):
            if accept(candidate):
                return Refuted(simplify(candidate, self.scenario, accept))
        return Failed("the interpreter does not reproduce the prover's counterexample", first)

    def _long(self, check: p.Check) -> Refuted | None:
        """A counterexample longer than those that are searched for; none for who asks for short ones."""
        if self.limits.bound < Limits().bound:
            return None
        every = (self._unroll(next(shapes(self.scenario, rows))) for rows in (1, _PAIR))
        accept = partial(self.judge.breaks, self.scenario, check)
        seeds = speaking(nonvacuous_formulas(check), every, self.effort)
        found = long_map(self.scenario, check, seeds, accept, self.limits.bound + 1, self._too_large)
        return None if found is None else Refuted.within(self.limits.bound, found)

    # --- proof

    def prove(self, check: p.Check, stages: Sequence[Stage] = tuple(Stage)) -> tuple[GoalProof, ...] | Missing:
        """The proof of a check, or what is missing, without any search for a counterexample."""
        shown = ProofUnderWay(check, self.attempts).go_on(stages, self.effort)
        return self._by_author(check) or shown if isinstance(shown, Missing) else shown

    def _by_author(self, check: p.Check) -> tuple[GoalProof, ...] | None:
        """The proof of a check by the author of some variable, or of two, if there is one."""
        for stages, spoken in ((BY_AUTHORS, False), (DEEPER, True)):
            for way in ways_of(check, self.attempts.given.scenario, spoken):
                with self.effort.reserving(max(0, self.effort.left - FOR_AN_AUTHOR)):
                    shown = ProofUnderWay(check, self.attempts, way).go_on(stages, self.effort)
                if not isinstance(shown, Missing):
                    return shown
        return None

    def _why(self, check: p.Check, formula: p.ForAll | p.TotalsAtMost | None) -> str | None:
        """Say why a check says nothing; None where that cannot be proved."""
        if formula is None:
            return why_impossible(check, self._shows)
        return why_vacuous(check, formula, self.scenario, self._shows)

    def _shows(self, goal: Goal) -> bool:
        return isinstance(self.attempts.show(goal, self.effort), GoalProof)

    # --- vacuity

    def _not_vacuous(self, check: p.Check, proof: tuple[GoalProof, ...], attempts: Attempts) -> Outcome:
        """A proof says something only if some map meets the assumptions and the property speaks of it."""
        spoken = []
        for formula in nonvacuous_formulas(check):
            found = self._speaks(check, formula)
            if found is Answer.UNSAT:
                missing = self._why(check, formula)
                if missing is None:
                    return Unknown(f"no map of up to {LENGTH} regions on which the property says anything")
                return Vacuous(missing)
            if isinstance(found, Answer):
                return Unknown("no map was found on which the property says anything")
            unrolled, model = found
            if formula is not None and not admitted(formula, proof, unrolled, model, self.effort):
                return Failed("the proof has no room for a run that exists")
            spoken.append(unrolled.concrete(model))
        # Of a proof that was looked for from its end nothing, or next to nothing, could be left out.
        kept = tuple(shared(shortened(proof, self.effort) if all_at_once(attempts.given.scenario) else proof))
        evidence = Evidence(tuple(shown.solved.support for shown in kept), tuple(spoken))
        ends = (end for shown in kept for end in shown.ends)
        texts = written(self.scenario.name, check.label, ends) if self.write else ()
        return Proved(evidence, digest(statements(kept), self.spelling), texts, attempts.worded(kept))

    def _speaks(self, check: p.Check, formula: p.ForAll | p.TotalsAtMost | None) -> tuple[Unrolled, Any] | Answer:
        """A short map that keeps the assumptions and of which ``formula`` speaks, with all its lists; or UNSAT."""
        unsure = False
        for shape, unroll, at_most in self._unrollings():
            if self._too_large(shape.rows) or self.effort.left == 0:
                return Answer.UNKNOWN
            unrolled = unroll(shape)
            solver = Solver(self.effort, unrolled.constraints)
            if formula is not None:
                solver.add(unrolled.applies(formula))
            answer = solver.check(at_most=at_most)
            if answer is Answer.SAT:
                model = solver.model()
                if self.judge.applies(self.scenario, only(check, formula), unrolled.concrete(model)):
                    return unrolled, model
            unsure = unsure or (answer is not Answer.UNSAT and at_most is None)
        return Answer.UNKNOWN if unsure else Answer.UNSAT

    def _unrollings(self) -> Iterator[tuple[Shape, Callable[[Shape], Unrolled], int | None]]:
        """The shapes in which a map is looked for on which something is said, with the effort that each is worth.

        Where regions are split at addresses that are given, maps on which nothing is split are found a hundred times
        faster, if longer: with 0 in the place of all numbers that are given no region has more than one piece. That a
        property says something of such a map is as good, and the interpreter has the last word.
        """
        every = [partial(shapes, self.scenario, length) for length in range(LENGTH + 1)]
        if any(has_split(run.algorithm.body) for run in self.scenario.runs):
            yield from ((shape, self._unroll_uncut, _CHEAP) for few in every[: _PAIR + 1] for shape in few())
        yield from ((shape, self._unroll, None) for each in every for shape in each())

    def _unroll_uncut(self, shape: Shape) -> Unrolled:
        if shape not in self.uncut:
            self.uncut[shape] = Unrolled(with_zeros(self.given), shape)
        return self.uncut[shape]
