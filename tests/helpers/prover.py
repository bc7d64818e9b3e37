"""The steps of the prover, one at a time. No other test reaches into its engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker import program as p
from checker.program.slice import slice_for
from checker.prove import Limits, Outcome, groups
from checker.prove.attempts import Missing
from checker.prove.engine import _Group, _Groups
from checker.prove.invariants.templates import Stage
from checker.prove.proof.goals import Goal, GoalProof, SolvedSystem, _claim, solve
from checker.prove.proof.journal import LoopInvariants
from checker.prove.rechecking import _supported
from checker.prove.search.shapes import Shape
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import Term
from checker.prove.terms.solver import Answer
from checker.verify import replay

solve_with = _supported
"""The system of a goal with the invariants and claims that support brings along, believed as they are."""

claim = _claim
"""A formula as what a proof has to show of the witnesses of a solved system."""


class Prover:
    """The engine at work on checks that share their assumptions."""

    def __init__(self, scenario: p.Scenario, checks: Sequence[p.Check], limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._group = _Group(scenario, tuple(checks), replay, self.limits)
        self._groups = _Groups(scenario, tuple(checks), replay, self.limits)

    def proves(self, check: p.Check, stages: Sequence[Stage] = tuple(Stage), effort: Effort | None = None) -> bool:
        """Tell if there is a proof, with some effort, or all that the limits allow. No counterexample is looked for."""
        group = self._groups.of(check)
        group.effort = self.limits.allowance() if effort is None else effort
        return not isinstance(group.prove(check, stages), Missing)

    def show(self, goal: Goal) -> GoalProof:
        """Return the proof of a goal with all invariants that the search finds; there must be one."""
        for stage in Stage:
            shown = self._group.attempts._with_all(goal, stage, self._group.effort)
            if isinstance(shown, GoalProof):
                return shown
        raise AssertionError(shown)

    def show_needed(self, goal: Goal, effort: Effort | None = None) -> GoalProof:
        """Return the proof of a goal with the invariants that were found to be needed; there must be one."""
        shown = self._group.attempts.show(goal, effort or self._group.effort)
        assert isinstance(shown, GoalProof), shown
        return shown

    def in_both_ways(self, count: int, stage: Stage) -> Iterator[tuple[list[int], list[int]]]:
        """Return, loop by loop, the numbers of the candidates that are invariants: found all at once, and each by
        asking for what it rests on. Nothing where the solver gave up, as then they may differ."""
        effort = self.limits.allowance()
        at_once = self._group.attempts._solve((count, (), None, None, None), stage, effort)
        if effort.gave_up:
            return
        search, _ = self._group.attempts._search((count, (), None, None, None), stage)
        asked = self.limits.allowance()
        one_by_one: list[list[int]] = []
        for loop, entry in enumerate(search.tentative.loops):
            one_by_one.append([])
            for i in range(len(entry.invariants)):
                if search.holds((loop, i), asked):
                    one_by_one[-1].append(i)
                if asked.gave_up:
                    return
        kept = [entry for entry in at_once.journal if isinstance(entry, LoopInvariants)]
        for entry, all_of_it, own in zip(kept, search.tentative.loops, one_by_one, strict=True):
            numbers = {term.get_id() for term in entry.invariants}
            yield [i for i, term in enumerate(all_of_it.invariants) if term.get_id() in numbers], own

    def search(self, check: p.Check, shape: Shape, effort: int | None = None) -> Outcome | Answer:
        """Look for a counterexample of one shape."""
        self._group.effort = self.limits.allowance()
        return self._group._search_shape(check, shape, effort)

    def candidates(self, count: int) -> Iterator[dict[Stage, set[int]]]:
        """Return, loop by loop, the numbers of the candidates that each stage has, where so many witnesses are looked
        at."""
        attempts = self._group.attempts
        loops: list[Loop] = []

        def noted(loop: Loop, _: object) -> list[Term]:
            loops.append(loop)
            return []

        solve(attempts.given, count, None, noted, lambda _, claims: [True] * len(claims))
        for loop in loops:
            made = {stage: attempts._candidates(loop, (count, (), None, None, None), stage) for stage in Stage}
            yield {stage: {each.term.get_id() for each in found} for stage, found in made.items()}

    def solve(
        self, count: int, neighbours: Neighbours | None, stage: Stage, beside: tuple[str, ...] = ()
    ) -> SolvedSystem:
        """Return the loops of the runs with their invariants, as goals about so many witnesses share them."""
        return self._group.attempts._solve((count, beside, neighbours, None, None), stage, self._group.effort)


def provable(scenario: p.Scenario, check: p.Check, beside: Sequence[p.Check] | None = None) -> bool:
    """Tell if the proof alone, without any search for a counterexample, would go through.

    ``beside`` are the checks that share its loops; by default all with the same assumptions.
    """
    if beside is None:
        beside = next(group for group in groups(scenario) if check in group)
    return Prover(slice_for(scenario, beside), beside).proves(check)


def wrongly_proved(scenario: p.Scenario, limits: Limits, stages: Sequence[Stage] = tuple(Stage)) -> list[str]:
    """The checks that are stated to be refuted and would be proved, if no counterexample was looked for."""
    hopeful = replace(scenario, checks=tuple(replace(each, expected=p.Expected.PROVED) for each in scenario.checks))
    wrong = {
        id(now) for was, now in zip(scenario.checks, hopeful.checks, strict=True) if was.expected is p.Expected.REFUTED
    }
    found = []
    for group in groups(hopeful):
        prover = Prover(slice_for(hopeful, group), group, limits)
        found += [check.label for check in group if id(check) in wrong and prover.proves(check, stages)]
    return found
