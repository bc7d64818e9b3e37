"""The goals themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

import z3

from checker import program as p
from checker.program.walk import expressions, scalars_read
from checker.prove.invariants.subject import Subject
from checker.prove.invariants.templates.marks import as_term
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system import inputs
from checker.prove.system.loop import Whose
from checker.prove.system.state import RunVariable, WitnessField
from checker.prove.terms import build
from checker.prove.terms.encode import FALSE, Environment, Region, conj, disj, encode, neg
from checker.prove.terms.numbers import Term


def goals(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses: always or once they had their turns."""
    for body, seen in instances(about):
        yield body
        yield disj(*map(neg, seen), body)
    yield from _ends(about)


def _ends(about: Subject) -> Iterator[Term]:
    """Each goal about what runs end with, said of what that has come to, where all of it is there."""
    for condition in about.words.ends:
        if all(each.name in about.known for each in expressions(condition) if isinstance(each, p.Var)):
            yield encode(condition, Environment(about.known, exact=True))


def every(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses, or of what the runs have come to."""
    yield from (body for body, _ in instances(about))
    yield from _ends(about)


def once_seen(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses once they had their turns."""
    for body, seen in instances(about):
        yield disj(*map(neg, seen), body)


def found(about: Subject, run: str) -> Iterator[Term]:
    """Each goal, while a Boolean variable has a value, or once the pass has ended; perhaps of an author."""
    authors = about.loop.view.authors
    whose = [FALSE] if authors is None else [FALSE, *map(neg, authors.each)]
    for fact in (*about.booleans(run), *about.loop.view.stopped):
        yield from (disj(but, neg(fact), said) for said in every(about) for but in whose)


def ahead(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses as the turn of one of them would leave it now, which is still to come; of the
    other one, which had its turn."""
    loop, view = about.loop, about.loop.view
    turns = [step for step in loop.steps if step.whose is Whose.WITNESS]
    regions = [value for columns in view.witnesses for region in columns.values() for value in region.values()]
    spoken = [*loop.head.values(), *regions, *about.given.scalars.values()]
    allowed = frozenset().union(*(build.Constants().of(as_term(value, value)) for value in spoken))
    for index, step in enumerate(turns):
        own = [key for key in loop.head if isinstance(key, WitnessField) and key.witness == index]
        pairs = [(as_term(loop.head[key], loop.head[key]), as_term(step.after[key], loop.head[key])) for key in own]
        for body, seen in instances(about):
            if not any(each is view.seen[index] for each in seen):
                continue
            left = z3.substitute(body, *pairs)
            if build.Constants().of(left) <= allowed:
                before = [neg(each) if each is view.seen[index] else each for each in seen]
                yield disj(*map(neg, before), left)


def foreseen(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses as if they were placed where a later pass will place them, as the variables are
    now: once they had their turns, or while a Boolean variable has a value."""
    view, record = about.loop.view, about.given.record
    if record.placement is None:
        return
    for run in view.tracks:
        scope = view.scopes[run]
        for owner, variable, field, expr, path, selected in about.words.addresses:
            names = scalars_read((expr, selected, *path))
            if owner != run or field != record.placement or not names <= scope.keys():
                continue
            if not any(about.changes(RunVariable(run, name)) for name in names):
                continue
            columns = []
            for each in view.witnesses:
                here = Environment(scope, {variable: each[run]})
                placed = {
                    field: encode(expr, here),
                    p.PLACED: conj(*(encode(test, here) for test in (selected, *path))),
                }
                columns.append({**each, run: {**each[run], **placed}})
            for body, seen in instances(about, columns):
                yield disj(*map(neg, seen), body)
                yield from (disj(neg(flag), body) for flag in about.booleans(run))


def instances(
    about: Subject, witnesses: Sequence[Mapping[str, Region]] | None = None
) -> Iterator[tuple[Term, list[Term]]]:
    """Return each goal, said of the witnesses in every order, with their turns."""
    view = about.loop.view
    columns_of = view.witnesses if witnesses is None else witnesses
    for goal in about.claims:
        lists = {name for name in goal.lists if name not in goal.beside}
        if not all(lists <= columns.keys() for columns in columns_of):
            continue
        if goal.beside:
            yield from _with_entries(about, goal)
            continue
        for order in permutations(range(len(columns_of)), goal.arity):
            regions = witness_regions(goal, [columns_of[i] for i in order])
            yield inputs.instance(goal, regions, about.known), [view.seen[i] for i in order]


def _with_entries(about: Subject, goal: p.ForAll) -> Iterator[tuple[Term, list[Term]]]:
    """A goal about entries of lists beside the map, said of those that are looked at and of each witness, with their
    turns."""
    view = about.loop.view
    known = {name: [entry for entry, _ in found] for name, found in view.entries.items()}
    turns = {name: [seen for _, seen in found] for name, found in view.entries.items()}
    if any(len(known.get(name, ())) < goal.beside.count(name) for name in goal.beside):
        return
    seen = [turns[name][goal.beside[:index].count(name)] for index, name in enumerate(goal.beside)]
    if not goal.arity:
        yield inputs.instance(goal, witness_regions(goal, (), known), about.known), seen
    for columns, turn in zip(view.witnesses, view.seen, strict=True) if goal.arity else ():
        yield inputs.instance(goal, witness_regions(goal, [columns], known), about.known), [turn, *seen]
