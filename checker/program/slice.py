"""The slice of a scenario that some checks are about.

Where a `choose` has nothing to choose from there is no such run, and nothing is claimed of it. That must not silence
what is claimed of the other runs on the same map. So checks are decided in the scenario without the runs that they say
nothing of and that need not exist.

*Sound*, because a check is about the layouts that it names, in what it claims and in what it assumes, and about those
from which these come. What is left out beside them tells nothing of them. What is kept beside them exists on every map
on which the run exists that it comes from, so that it excludes nothing.

Nor does it have the passes that split and that the arguments of a run never make. A split makes a list of another
length, and all that is said of it afterwards is about pieces. A run whose arguments are constants by which no region is
ever split, as where no table is to be reserved, is told without such a pass.

*Sound*, because a pass makes a turn for those regions alone for which its `where` holds. Where that is false whatever a
region's fields are, there is no turn: nothing is split, written, exported or counted, and no run ends. What ``where``
says of parameters that the algorithm neither assigns to nor has another variable of their name for, it says of their
arguments. What it says of a mark of the algorithm's own is so of no region before something sets it, as a run begins
with marks that are false. If an operator in it has to be exact the pass is left, as it is asked for all regions; and so
is one of which invariants are stated, so that these are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import is_

from checker import program as p
from checker.program import fold, walk


def about(scenario: p.Scenario, checks: Sequence[p.Check]) -> p.Scenario:
    """The scenario with the runs that checks are about, and those from which these come, and no other.

    A proof needs no more of it. *Sound*, as above: whether another run exists, and what it makes of a map, changes
    nothing of a layout that does not come from it.
    """
    names = _about(scenario, checks)
    return _with(scenario, [run for run in scenario.runs if run.name in names])


def run_names(scenario: p.Scenario) -> tuple[str, ...]:
    """The names of a scenario's runs, which tell its slices apart."""
    return tuple(run.name for run in scenario.runs)


def slice_for(scenario: p.Scenario, checks: Sequence[p.Check]) -> p.Scenario:
    """The scenario without the runs that none of the checks is about and that need not exist."""
    names = _about(scenario, checks)
    kept: list[p.Run] = []
    there = {each.name for each in scenario.maps}
    for run in scenario.runs:
        if run.name in names or (run.source in there and always_runs(run.algorithm)):
            there.add(run.name)
            kept.append(run)
    return _with(scenario, kept)


def _with(scenario: p.Scenario, kept: Sequence[p.Run]) -> p.Scenario:
    """The scenario with these of its runs, without passes that split and are never made: itself, if that changes
    nothing."""
    runs = tuple(map(without_idle_splits, kept))
    same = len(runs) == len(scenario.runs) and all(map(is_, runs, scenario.runs))
    return scenario if same else replace(scenario, runs=runs)


def _about(scenario: p.Scenario, checks: Sequence[p.Check]) -> set[str]:
    """The maps and layouts that checks are about, and those from which these come."""
    names = {name for check in checks for name in check.lists}
    for run in reversed(scenario.runs):
        if run.name in names:
            names.add(run.source)
    return names


def always_runs(algorithm: p.Algorithm) -> bool:
    """Tell whether an algorithm has a run on every list: there is something in every range that it chooses from."""
    chooses = (statement for statement in walk.statements(algorithm.body) if statement.effects.chooses)
    return all(
        isinstance(each, p.Choose)
        and each.room is None
        and isinstance(each.low, p.Const)
        and isinstance(each.high, p.Const)
        and -(-each.low.value // each.alignment) * each.alignment < each.high.value
        for each in chooses
    )


Known = Mapping[str, p.Const]
"""The parameters of which the values are known."""


def without_idle_splits(run: p.Run) -> p.Run:
    """The run without the passes that split and are never made, and without those that only these would have marked
    regions for: the same one, if none splits and is never made."""
    algorithm = run.algorithm
    if not any(isinstance(each, p.Const) for each in run.arguments) or not walk.has_split(algorithm.body):
        return run
    changed = walk.assigned(algorithm.body) | walk.bound(algorithm.body)
    given = zip(algorithm.parameters, run.arguments, strict=True)
    known = {name: value for (name, _, _), value in given if isinstance(value, p.Const) and name not in changed}
    body = tuple(each for each in algorithm.body if not (walk.has_split(each) and _is_idle(each, known)))
    if len(body) == len(algorithm.body):
        return run
    while any(idle := [_is_idle(each, known, _never_set(algorithm.record, body, each)) for each in body]):
        body = tuple(each for each, never_made in zip(body, idle, strict=True) if not never_made)
    return replace(run, algorithm=replace(algorithm, body=body))


def _never_set(record: p.Record, body: tuple[p.Statement, ...], but: p.Statement) -> frozenset[str]:
    """The marks of the algorithm's own that no statement of a body but one sets: they are false, as when the run began,
    until that one does."""
    own = frozenset(record.marks) - {p.VISITED, p.DROPPED, p.EXPORTED, *record.placed_marks}
    others = walk.statements(tuple(each for each in body if each is not but))
    setting = (each for each in others if not (isinstance(each, p.SetField) and each.value == fold.FALSE))
    return own.difference(*(each.effects.writes for each in setting))


def _is_idle(statement: p.Statement, known: Known, unset: frozenset[str] = frozenset()) -> bool:
    """Tell whether a statement is a pass over the map of which nothing is stated, and that is never made."""
    if not isinstance(statement, p.Pass) or statement.invariants or statement.beside:
        return False
    return never(statement.where, known, unset) and next(walk.checked_arithmetic(statement.where), None) is None


def never(condition: p.Expr, known: Known, unset: frozenset[str] = frozenset()) -> bool:
    """Tell whether a condition is false for all values of what is not known, if marks are ``unset``; if in doubt it is
    not."""
    match condition:
        case p.Const(value=value):
            return value == 0
        case p.Field(name=name):
            return name in unset
        case p.Logic(junction=p.Junction.AND, left=left, right=right):
            return never(left, known, unset) or never(right, known, unset)
        case p.Logic(junction=p.Junction.OR, left=left, right=right):
            return never(left, known, unset) and never(right, known, unset)
        case p.Compare(rel=rel, left=left, right=right):
            return fold.compare(rel, _value(left, known), _value(right, known)) == fold.FALSE
        case _:
            return False


def _value(expression: p.Expr, known: Known) -> p.Expr:
    return known.get(expression.name, expression) if isinstance(expression, p.Var) else expression
