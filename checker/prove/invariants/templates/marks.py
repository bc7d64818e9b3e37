"""Things that were done to a witness, and that were not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import z3

from checker import program as p
from checker.prove.invariants.subject import ALL, Subject
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Whose
from checker.prove.system.state import Stopped, WitnessField
from checker.prove.terms import build
from checker.prove.terms.encode import (
    FALSE,
    Environment,
    Value,
    conj,
    disj,
    encode,
    equal,
    neg,
)
from checker.prove.terms.numbers import Num, Term


def untouched(about: Subject) -> Iterator[Term]:
    """A witness that has not had its turn, or is not selected, is as it was at the start of the pass."""
    view = about.loop.view
    for run in view.tracks:
        for index, seen in enumerate(view.seen):
            for key, value in about.loop.head.items():
                if isinstance(key, WitnessField) and (key.run, key.witness) == (run, index):
                    same = equal(value, about.loop.start[key])
                    yield disj(seen, same)
                    yield disj(view.selects[run][index], same)


def effects(about: Subject) -> Iterator[Term]:
    """A witness that had its turn is what that makes of it, where nothing else decides that but what it was before, and
    what no turn changes; or so until the pass ends, as a pass that goes on had not ended then."""
    loop = about.loop
    turns = [step for step in loop.steps if step.whose is Whose.WITNESS]
    for index, step in enumerate(turns):
        own = [key for key in loop.head if isinstance(key, WitnessField) and key.witness == index]
        pairs = [(as_term(loop.head[key], loop.head[key]), as_term(loop.start[key], loop.head[key])) for key in own]
        ended = [as_term(value, value) for key, value in loop.head.items() if isinstance(key, Stopped)]
        pairs += [(each, FALSE) for each in ended]
        gone = {as_term(loop.head[key], loop.head[key]).get_id() for key in own} | {each.get_id() for each in ended}
        others = {as_term(value, value).get_id() for value in loop.head.values()} - gone
        for key in own:
            head = loop.head[key]
            made = z3.substitute(as_term(step.after[key], head), *pairs)
            if not build.Constants().of(made) & others:
                yield disj(neg(loop.view.seen[index]), *ended, build.same(as_term(head, head), made))


def in_common(about: Subject, run: str) -> Iterator[Term]:
    """A variable that keeps flags has none that a witness which had its turn has not, or has all that it has: of those
    that the run, or a goal, asks for. Or it never has one, or always."""
    view = about.loop.view
    for kept, asked in about.questions_of_flags(run):
        yield from (kept, neg(kept))
        for index, columns in enumerate(view.witnesses):
            selected = conj(view.seen[index], view.selects[run][index], columns[run][PRESENT])
            own = encode(asked.expr, Environment(about.known, {asked.variable: columns[run]}))
            yield disj(neg(selected), neg(kept), own)
            yield disj(neg(selected), neg(own), kept)


def one_of_two(about: Subject, run: str) -> Iterator[Term]:
    """A witness that a pass selects has, after its turn, one of two marks, or lacks one: which, variables decided; or
    the pass has ended."""
    for index, columns in enumerate(about.loop.view.witnesses):
        every = (*p.MARKS, *about.given.record.truths)
        marks = [columns[run][name] for name in every if WitnessField(run, index, name) in about.loop.head]
        for selected in about.selected(run, index):
            ended = (about.loop.head[key] for key in (Stopped(run),) if key in about.loop.head)
            left = disj(neg(conj(about.loop.view.seen[index], selected)), *ended)
            for one, other in combinations(marks, 2):
                for first, second in product((one, neg(one)), (other, neg(other))):
                    yield disj(left, first, second)


def as_term(value: Value, like: Value) -> Term:
    """Return a value as Z3 has it, in the unit of another one."""
    if isinstance(value, Num):
        assert isinstance(like, Num)
        return value.at(like.scale)
    return value


def marks(about: Subject, run: str) -> Iterator[Term]:
    """Things that were done to a witness go together, and with the conditions by which regions are selected; or else
    the pass has ended, in its turn or before."""
    view, ended = about.loop.view, Stopped(run)
    for index, columns in enumerate(view.witnesses):
        region = columns[run]
        marks = [
            value
            for name, value in region.items()
            if name in (*p.MARKS, *about.given.record.truths) and WitnessField(run, index, name) in about.loop.head
        ]
        conditions = [*marks]
        if about.stage in ALL:
            before = [region[name] for name in p.MARKS if WitnessField(run, index, name) not in about.loop.head]
            conditions += [each for mark in before for each in (mark, neg(mark))]
        for owner, variable, expr in (*about.words.selections, *about.words.conditions):
            if owner == run:
                conditions.append(encode(expr, Environment(about.known, {variable: region}, exact=True)))
        had_turn = conj(view.seen[index], region[PRESENT])
        for mark in marks:
            yield disj(neg(had_turn), mark)
            yield disj(neg(mark), region[PRESENT])
            for condition in (each for each in conditions if each is not mark):
                yield disj(neg(conj(had_turn, condition)), mark)
                yield disj(neg(mark), condition)
                if about.stage in ALL:
                    yield disj(neg(conj(had_turn, mark)), condition)
                    if ended in about.loop.head:
                        yield disj(neg(conj(had_turn, condition)), mark, about.loop.head[ended])
