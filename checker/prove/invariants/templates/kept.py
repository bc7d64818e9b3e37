"""Variables and fields in which a pass keeps something, of the region that had its turn last or of its variables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

import z3

from checker import program as p
from checker.program.types import BOOL, Boolean, Integer
from checker.program.walk import fields_read, regions_read, scalars_read, statements
from checker.prove.invariants.subject import Subject
from checker.prove.invariants.templates.marks import as_term
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system.loop import Whose
from checker.prove.system.state import RunVariable, WitnessField
from checker.prove.terms import build
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import TRUE, Environment, conj, disj, encode, equal, neg
from checker.prove.terms.numbers import Term


def kept(about: Subject) -> Iterator[Term]:
    """Of two regions next to each other of which a goal speaks, and of which the one had its turn and the other did
    not: a variable is what the turn of the one made it, if that says it alone; where the goal speaks of them, or
    always."""
    loop, view = about.loop, about.loop.view
    goals = [goal for goal in about.claims if goal.relation is p.Relation.NEXT]
    turns = [step for step in loop.steps if step.whose is Whose.WITNESS]
    if not goals or len(turns) < 2:
        return
    for last, other in permutations(range(2)):
        own = [key for key in loop.head if isinstance(key, WitnessField) and key.witness == last]
        pairs = [(as_term(loop.head[key], loop.head[key]), as_term(loop.start[key], loop.head[key])) for key in own]
        state = {as_term(value, value).get_id() for key, value in loop.head.items() if key not in own}
        between = conj(view.seen[last], neg(view.seen[other]))
        guards = [between, *(conj(between, each) for each in _spoken(about, goals, (last, other)))]
        for key in (each for each in loop.head if isinstance(each, RunVariable)):
            head = loop.head[key]
            made = z3.substitute(as_term(turns[last].after[key], head), *pairs)
            if not build.Constants().of(made) & state:
                yield from (disj(neg(guard), build.same(as_term(head, head), made)) for guard in guards)


def _spoken(about: Subject, goals: list[p.ForAll], order: tuple[int, int]) -> Iterator[Term]:
    """The conditions under which goals speak of the witnesses in this order."""
    for goal in goals:
        if set(goal.lists) <= about.loop.view.witnesses[0].keys():
            regions = witness_regions(goal, [about.loop.view.witnesses[i] for i in order])
            env = Environment(about.known, dict(zip(goal.variables, regions, strict=True)), exact=True)
            yield encode(goal.where, env)


def congruent(about: Subject, run: str) -> Iterator[Term]:
    """Two addresses among the variables agree modulo something: always, or where others have values of which the same
    is so as is asked of regions."""
    addresses = [
        value
        for key, quantity, value in about.scalars
        if key.run == run and about.changes(key) and Integer("", 64, quantity).is_address
    ]
    flags = [TRUE, *about.booleans(run)]
    guards = [conj(flag, each) for flag in flags for each in (TRUE, *_asked_of_variables(about, run))]
    for one, other in combinations(addresses, 2):
        for modulus in about.words.moduli:
            same = n.compare(p.Rel.EQ, n.remainder(one, modulus), n.remainder(other, modulus))
            yield from (disj(neg(guard), same) for guard in guards)


def _asked_of_variables(about: Subject, run: str) -> Iterator[Term]:
    """The questions of a pass about one field of a region, asked of the variables of the same type that it changes."""
    types = dict(about.given.record.fields)
    for owner, variable, expr in about.words.questions:
        fields = fields_read(expr)
        if owner != run or len(fields) != 1 or regions_read(expr) != {variable} or scalars_read(expr):
            continue
        (name,) = fields
        for key, (kind, value) in about.loop.view.scalars.items():
            if key.run == run and about.changes(key) and kind == types.get(name) and not isinstance(kind, Boolean):
                env = Environment(about.known, {variable: {name: value}}, exact=True)
                yield encode(expr, env)


def alike(about: Subject, run: str) -> Iterator[Term]:
    """Two fields to which a pass gives the same value have it in common in a witness that it gave one to: one that had
    its turn, and has a mark that goes with it."""
    written = [each for each in statements(about.loop.view.passes[run].body) if isinstance(each, p.SetField)]
    for one, other in combinations(written, 2):
        if one.field == other.field or _plain(one.value) != _plain(other.value) or one.value.type == BOOL:
            continue
        for index, columns in enumerate(about.loop.view.witnesses):
            region, seen = columns[run], about.loop.view.seen[index]
            same = equal(region[one.field], region[other.field])
            marks = [name for name in about.given.record.truths if WitnessField(run, index, name) in about.loop.head]
            yield from (disj(neg(guard), same) for guard in (seen, *(region[name] for name in marks)))


def _plain(value: p.Expr) -> p.Expr:
    """The value without what makes another type of it."""
    return _plain(value.operand) if isinstance(value, p.Convert) else value
