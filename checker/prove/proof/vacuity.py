"""The reasons why a check says nothing: no map meets what it assumes, or what it claims never applies."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from checker import program as p
from checker.program import fold
from checker.program.types import BOOL
from checker.program.walk import asked_where
from checker.prove.proof.compared_totals import never_applies
from checker.prove.proof.goals import Goal

Shows = Callable[[Goal], bool]
"""Tells whether a goal can be proved."""


def why_impossible(check: p.Check, shows: Shows) -> str | None:
    """Say why nothing happens on short maps: nothing ever does; None where that cannot be proved. A run may have
    something to choose from on long maps only, so that none was found says nothing of those."""
    goal = Goal("nothing happens", p.Plain(p.Const(BOOL, 0), check.span))
    return "no map meets the assumptions" if shows(goal) else None


def why_vacuous(check: p.Check, formula: p.ForAll | p.TotalsAtMost, scenario: p.Scenario, shows: Shows) -> str | None:
    """Say why a property that applies to no short map applies to none; None where that cannot be proved."""
    if all(shows(Goal("it never applies", never)) for never in never_applies(formula)):
        return why_impossible(check, shows) or "the property never applies"
    record = scenario.maps[0].record
    runs = {run.name for run in scenario.runs}
    asked = asked_where(formula, record)
    nowhere: list[p.Expr] = [p.Not(p.Field(BOOL, "r", mark), BOOL) for mark in record.placed_marks]
    for name in (each for each in formula.lists if each in runs & asked):
        nothing = p.ForAll(
            (p.Binder("r", p.Regions(name, "", p.Const(BOOL, 1))),),
            p.Relation.ANY,
            p.Const(BOOL, 1),
            reduce(fold.conjunction, nowhere),
            None,
            formula.span,
        )
        if shows(Goal("nothing is placed", nothing)):
            return "nothing is ever placed"
    return None
