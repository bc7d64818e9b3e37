"""Candidates about entries of lists beside the map."""

from __future__ import annotations

from collections.abc import Iterator

from checker import program as p
from checker.program.types import Boolean, Integer
from checker.program.walk import fields_read, passes, regions_read, scalars_read
from checker.prove.invariants.subject import Subject, orders
from checker.prove.system.state import RunVariable, When, WitnessField
from checker.prove.terms.encode import Environment, Region, conj, disj, encode, equal, is_true, neg
from checker.prove.terms.numbers import Num, Term


def kept(about: Subject, run: str) -> Iterator[Term]:
    """Marks of a region and truth values stay as they were where the loop began, or once they are set; or a pass has
    ended."""
    for value, then in _flags(about, run):
        yield disj(neg(then), value)
        yield disj(then, neg(value))
        for stopped in about.loop.view.stopped:
            yield disj(neg(stopped), value)
            yield disj(neg(stopped), neg(value))
            yield disj(stopped, neg(value), then)
            yield disj(stopped, value, neg(then))
    if about.loop.view.entries:
        yield from (neg(stopped) for stopped in about.loop.view.stopped)


def answers(about: Subject, run: str) -> Iterator[Term]:
    """The answer that a region and an entry give, once they had their turns, decides marks and truth values, and is
    decided by these."""
    view = about.loop.view
    flags = [each for each, _ in _flags(about, run)]
    for index, (columns, turn) in enumerate(zip(view.witnesses, view.seen, strict=True)):
        marks = [value for name, value in columns[run].items() if name in _marks(about)]
        after = [value for value in marks if not any(value is each for each in flags)]
        conditions = list(_conditions(about, run, columns))
        for seen, condition in conditions:
            both = [disj(neg(seen), neg(turn), each) for each in (condition, neg(condition))]
            yield from both
            for flag in (*flags, *after):
                for one in (flag, neg(flag)):
                    for said in both:
                        yield disj(said, one)
                        yield from (disj(said, one, stopped) for stopped in view.stopped)
        yield from _starts(about, run, index, conditions)
    for seen, condition in _conditions(about, run, {}):
        for flag in flags:
            for one in (flag, neg(flag)):
                yield from (disj(neg(seen), one, each) for each in (condition, neg(condition)))


def _starts(about: Subject, run: str, index: int, conditions: list[tuple[Term, Term]]) -> Iterator[Term]:
    """A field of a region that the loop may write is as it was unless one of the answers is so."""
    for key in _fields_written(about, run, index):
        value = about.loop.head[key]
        same = [*orders(value, about.loop.start[key]), equal(value, about.loop.start[key])]
        for seen, condition in conditions:
            for each in (condition, neg(condition)):
                yield from (disj(neg(seen), each, one) for one in same)


def variables(about: Subject, run: str) -> Iterator[Term]:
    """An entry that had its turn stands to the run's variables in some order."""
    view = about.loop.view
    own = [each for each in about.scalars if each[0].run == run and about.changes(each[0]) and each[0].when is When.NOW]
    for name, found in view.entries.items():
        for entry, seen in found:
            alone = [condition for when, condition in _conditions(about, run, {}) if when is seen]
            guards = [seen, *(conj(seen, condition) for condition in alone)]
            for kind, term in _numbers(about, name, entry):
                for _, quantity, value in own:
                    if quantity is kind.quantity:
                        yield from (disj(neg(guard), each) for guard in guards for each in orders(value, term))


def passed(about: Subject, run: str) -> Iterator[Term]:
    """An entry that had its turn is none that a pass would select now: it was got out of the way."""
    made = next((each for each in about.given.scenario.runs if each.name == run), None)
    scope = about.loop.view.scopes[run]
    for each in passes(made.algorithm.body) if made is not None else ():
        plain = each.beside and regions_read(each.where) <= {each.variable} and scalars_read(each.where) <= scope.keys()
        if made is None or not plain or not about.knows(run, each.where) or not scalars_read(each.where):
            continue
        for entry, seen in about.loop.view.entries.get(made.list_of(each.beside), ()):
            yield disj(neg(seen), neg(encode(each.where, Environment(scope, {each.variable: entry}))))


def _fields_written(about: Subject, run: str, index: int) -> list[WitnessField]:
    keys = [key for key in about.loop.head if isinstance(key, WitnessField)]
    return [key for key in keys if (key.run, key.witness) == (run, index)]


def _marks(about: Subject) -> tuple[str, ...]:
    return (*p.MARKS, *about.given.record.truths)


def _flags(about: Subject, run: str) -> Iterator[tuple[Term, Term]]:
    """The truth values that the loop may change, with what they were where it began; and what goals ask of a region."""
    for index, columns in enumerate(about.loop.view.witnesses):
        now = columns[run]
        own = {key.name: key for key in _fields_written(about, run, index)}
        before = {**now, **{name: about.loop.start[key] for name, key in own.items()}}
        for owner, variable, expr in about.words.conditions:
            if owner == run and fields_read(expr) & own.keys() and not isinstance(expr, p.Field):
                both = (Environment(about.known, {variable: region}, exact=True) for region in (now, before))
                value, then = (encode(expr, each) for each in both)
                yield value, then
    for key, value in about.loop.head.items():
        if isinstance(key, WitnessField) and key.run == run and key.name in _marks(about):
            yield value, about.loop.start[key]
        if isinstance(key, RunVariable) and key.run == run:
            kind, _ = about.loop.view.scalars[key]
            yield from [(value, about.loop.start[key])] if isinstance(kind, Boolean) else ()


def _conditions(about: Subject, run: str, columns: dict[str, Region] | object) -> Iterator[tuple[Term, Term]]:
    """The answers of a region and an entry, or of an entry alone, each with that the entry had its turn."""
    known: dict[str, Region] = columns if isinstance(columns, dict) else {}
    for owner, variable, column, region, expr in about.words.entries:
        if not isinstance(expr.type, Boolean) or bool(region) is not bool(known):
            continue
        seen_in = (name for name in (column, run) if name in known)
        for entry, seen in about.loop.view.entries.get(owner, ()):
            regions = {variable: entry}
            if region:
                regions[region] = known[next(seen_in, run)]
            term = encode(expr, Environment(about.known, regions, exact=True))
            if not is_true(term):
                yield seen, term


def _numbers(about: Subject, owner: str, entry: Region) -> Iterator[tuple[Integer, Num]]:
    """The numbers about an entry."""
    record = next(each.record for each in about.given.scenario.beside if each.name == owner)
    for name, kind in record.inputs:
        value = entry[name]
        if isinstance(kind, Integer) and isinstance(value, Num):
            yield kind, value
    for name, variable, _, region, expr in about.words.entries:
        if name == owner and not region and isinstance(expr.type, Integer):
            value = encode(expr, Environment(about.known, {variable: entry}, exact=True))
            if isinstance(value, Num) and value.constant is None:
                yield expr.type, value


__all__ = ["answers", "kept", "passed", "variables"]
