"""Marks as the map tells them: what the passes of a run make of them, said of the fields that the map gives.

What is said here decides which sums are looked at (`checker.prove.pieces.tallies`), and nothing else: a sum of what the
map decides is one whatever it is of. That what a pass adds up is such a sum, invariants have to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import partial

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.program.fold import FALSE, TRUE, conjunction, disjunction
from checker.program.types import BOOL
from checker.prove.system.receive import unchanged_fields

REGION = "region"
"""The variable in what is said of a region."""


@frozen
class ToldByMap:
    """The ``fields`` that a run has as the ``map`` gave them, what its parameters are, and the conditions under which
    a region comes to it, and has its marks."""

    map: str
    fields: frozenset[str]
    arguments: Mapping[str, p.Expr]
    comes: p.Expr = TRUE
    marks: Mapping[str, p.Expr | None] = field(default_factory=dict)

    def of_map(self, expr: p.Expr, variable: str) -> p.Expr | None:
        """Say of the map what is said of a region; None where the map does not tell."""
        fields = walk.fields_read(expr)
        unknown = (
            walk.scalars_read(expr) - self.arguments.keys(),
            {each for each in fields - self.fields if self.marks.get(each) is None},
            walk.regions_read(expr) - {variable},
        )
        return None if any(unknown) else walk.rewrite(expr, self._instead)

    def _instead(self, expr: p.Expr) -> p.Expr | None:
        match expr:
            case p.Var(name=name):
                return self.arguments.get(name)
            case p.Field(name=name) if self.marks.get(name) is not None:
                return self.marks[name]
            case p.Field(type=kind, name=name):
                return p.Field(kind, REGION, name)
            case _:
                return None

    def there(self) -> p.Expr | None:
        """The condition under which a region is in the run's list, and not dropped."""
        dropped = self.marks.get(p.DROPPED)
        return None if dropped is None else conjunction(self.comes, negation(dropped))


def begun(run: p.Run, scenario: p.Scenario) -> ToldByMap | None:
    """Return what the map tells where a run begins; None where that is not known."""
    if run.chained or walk.has_split(run.algorithm.body):
        return None
    record = run.algorithm.record
    passed = dict(zip((name for name, _, _ in run.algorithm.parameters), run.arguments, strict=True))
    fixed = {name: passed[name] for name in passed.keys() - walk.assigned(run.algorithm.body)}
    marks: dict[str, p.Expr | None] = dict.fromkeys((*p.MARKS, *record.truths), FALSE)
    written = walk.writes(run.algorithm.body)
    if run.handover is None:
        fields = frozenset(name for name, _ in record.inputs) - written
        return ToldByMap(run.source, fields, fixed, marks=marks)
    giver = next((each for each in scenario.runs if each.name == run.source), None)
    before = None if giver is None else begun(giver, scenario)
    if giver is None or before is None:
        return None
    *_, left = after_each_pass(giver, before)
    passes, there = left.of_map(run.handover.where, run.handover.variable), left.there()
    if passes is None or there is None:
        return None
    fields = left.fields & unchanged_fields(run.handover, record)
    return ToldByMap(before.map, fields - written, fixed, conjunction(there, passes), marks)


def after_each_pass(run: p.Run, told: ToldByMap) -> Iterator[ToldByMap]:
    """Return what the map tells where a run begins, and after each of its outer passes."""
    yield told
    straight = [each for each in run.algorithm.body if isinstance(each, p.Pass)]
    for made in walk.outer_passes(run.algorithm.body):
        plain = any(each is made for each in straight) and not made.beside and not walk.has_pass(made.body)
        ends = p.Exit.PASS in walk.exits(made.body)
        told = _after(made, told) if plain and not ends else _without(told, walk.writes(made.body))
        yield told


def _without(told: ToldByMap, written: frozenset[str]) -> ToldByMap:
    marks = {name: None if name in written else each for name, each in told.marks.items()}
    return ToldByMap(told.map, told.fields, told.arguments, told.comes, marks)


def _after(made: p.Pass, told: ToldByMap) -> ToldByMap:
    """The word of the map on marks, after a pass that every region comes to."""
    marks = dict(told.marks)
    there = told.there()
    # What is asked of a mark in a pass that sets it may be asked before or after.
    before = _without(told, walk.writes(made.body))
    for statement, conditions in under(made.body, (made.where,), {}):
        name, value = _set(statement)
        if name not in marks:
            continue
        turn = all_of((there, *(before.of_map(each, made.variable) for each in conditions)))
        old = marks[name]
        if old is None or value is None or turn is None:
            marks[name] = None
        else:
            marks[name] = disjunction(old, turn) if value else conjunction(old, negation(turn))
    return ToldByMap(told.map, told.fields, told.arguments, told.comes, marks)


def _set(statement: p.Statement) -> tuple[str, bool | None]:
    """The field that a statement sets, and the truth value that it gives it, if that is one."""
    match statement:
        case p.SetField(field=name, value=p.Const(value=value)):
            return name, bool(value)
        case p.SetField(field=name):
            return name, None
        case p.Mark(mark=name):
            return name, True
        case p.Export():
            return p.EXPORTED, True
        case _:
            return "", None


def all_of(conditions: Iterable[p.Expr | None]) -> p.Expr | None:
    """That all of some conditions hold; None where one is not known."""
    found = list(conditions)
    known = [each for each in found if each is not None]
    every: p.Expr = TRUE
    for each in known:
        every = conjunction(every, each)
    return every if len(known) == len(found) else None


def negation(expr: p.Expr) -> p.Expr:
    """``not expr``, of constants too."""
    return FALSE if expr == TRUE else TRUE if expr == FALSE else p.Not(expr, BOOL)


def under(
    body: tuple[p.Statement, ...], conditions: tuple[p.Expr, ...], local: Mapping[str, p.Expr]
) -> Iterator[tuple[p.Statement, tuple[p.Expr, ...]]]:
    """The statements of a turn that set something, each with the conditions under which it is executed. Names that a
    turn gives to expressions are these expressions, if it does not change them."""
    local = dict(local)
    changed = walk.assigned(body)

    def said(expr: p.Expr) -> p.Expr:
        return walk.rewrite(expr, partial(_named, local))

    for statement in body:
        match statement:
            case p.Declare(name=name, value=value) if name not in changed:
                local[name] = said(value)
            case p.Assign(name=name, value=value):
                yield p.Assign(name, said(value), span=statement.span), conditions
            case p.SetField() | p.Mark() | p.Export():
                yield statement, conditions
            case p.If(condition=condition, then=then, otherwise=otherwise):
                yes = said(condition)
                yield from under(then, (*conditions, yes), local)
                yield from under(otherwise, (*conditions, negation(yes)), local)
                if _ends(then):
                    conditions = (*conditions, negation(yes))
                if _ends(otherwise):
                    conditions = (*conditions, yes)
            case _:
                pass


def _named(local: Mapping[str, p.Expr], expr: p.Expr) -> p.Expr | None:
    return local.get(expr.name) if isinstance(expr, p.Var) else None


def _ends(block: tuple[p.Statement, ...]) -> bool:
    return bool(block) and isinstance(block[-1], p.Leave)
