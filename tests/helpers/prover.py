"""The steps of the prover, one at a time. No other test reaches into its engine."""

from __future__ import annotations

from collections.abc import Sequence

from checker import program as p
from checker.program.slice import slice_for
from checker.prove import Limits, Outcome, groups
from checker.prove.engine import Missing, _Group
from checker.prove.invariants.templates import Stage
from checker.prove.proof.goals import Goal, GoalProof, SolvedSystem, _claim
from checker.prove.rechecking import _supported
from checker.prove.search.unroll import Shape
from checker.prove.system.loop import Neighbours
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

    def proves(self, check: p.Check) -> bool:
        """Tell if there is a proof, with all the effort that the limits allow. No counterexample is looked for."""
        self._group.effort = self.limits.allowance()
        return not isinstance(self._group._prove(check), Missing)

    def show(self, goal: Goal) -> GoalProof:
        """Return the proof of a goal with all invariants that the search finds; there must be one."""
        shown = self._group._show(goal)
        assert isinstance(shown, GoalProof), shown
        return shown

    def search(self, check: p.Check, shape: Shape, effort: int | None = None) -> Outcome | Answer:
        """Look for a counterexample of one shape."""
        self._group.effort = self.limits.allowance()
        return self._group._search_shape(check, shape, effort)

    def solve(self, count: int, neighbours: Neighbours | None, stage: Stage) -> SolvedSystem:
        """Return the loops of the runs with their invariants, as goals about so many witnesses share them."""
        return self._group._solve(count, neighbours, stage)


def provable(scenario: p.Scenario, check: p.Check, beside: Sequence[p.Check] | None = None) -> bool:
    """Tell if the proof alone, without any search for a counterexample, would go through.

    ``beside`` are the checks that share its loops; by default all with the same assumptions.
    """
    if beside is None:
        beside = next(group for group in groups(scenario) if check in group)
    return Prover(slice_for(scenario, beside), beside).proves(check)
