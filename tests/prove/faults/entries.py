"""Faults in passes over lists beside the map, and in passes in turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.prove.system import inputs, loop, turn
from checker.prove.system.loops import entry_loop
from checker.prove.terms.encode import FALSE, TRUE, equal
from tests.helpers import seams
from tests.prove.faults.checks import fooling, golden
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("a pass in a turn leaves the variables as they were", golden("entries-counted-in-a-turn"))
def _(seed: Seeding) -> None:
    @seed.into(seams.OVER_ENTRIES)
    def _(rightly: Any, builder: Any, track: Any, row: Any, statement: Any, made: turn.Turn, variable: str) -> Any:
        before = dict(made.scalars)
        nested = rightly(builder, track, row, statement, made, variable)
        made.scalars.update(before)
        return nested


@fault("only the entries that are looked at have turns", fooling("entries-last-decides"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENTRY_STEP)
    def _(rightly: Any, builder: Any, number: int | None) -> loop.Step:
        step = rightly(builder, number)
        return replace(step, constraint=FALSE) if number is None else step


@fault("any other entry stands before those that are looked at", fooling("entries-in-their-order"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ANY_OTHER_ENTRY)
    def _(rightly: Any, builder: entry_loop.EntryLoopBuilder, constraints: list[Any]) -> Any:
        entry = rightly(builder, constraints)
        for other in builder.own:
            constraints += inputs.together(entry, other, builder.over, builder.given)
        return entry


@fault("a pass in a turn ends in the state in which it begins", fooling("entries-last-decides"))
def _(seed: Seeding) -> None:
    @seed.into(seams.AFTER_INNER)
    def _(rightly: Any, nested: loop.Nested) -> Any:
        begins = tuple(equal(nested.loop.head[key], value) for key, value in nested.loop.start.items())
        return (*rightly(nested), *begins)


@fault("passes in turns owe nothing", fooling("entries-counted-in-a-turn"))
def _(seed: Seeding) -> None:
    seed.into(seams.INNER_TURNS)(lambda rightly, step: iter(()))


@fault("what is assumed across lists is used the other way round", fooling("entries-of-two-lists"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ACROSS_LISTS)
    def _(rightly: Any, region: Any, name: str, others: Any, given: Any) -> Iterator[Any]:
        for conjunct in given.assumptions:
            formula = conjunct.formula
            if name in formula.lists and len(formula.lists) == 2:
                first, second = formula.lists
                for other in others.get(second if first == name else first, ()):
                    both = (other, region) if first == name else (region, other)
                    yield inputs.instance(formula, both, given.scalars)


@fault("a pass over a list beside the map is made whether or not it should be", fooling("entries-under-a-switch"))
def _(seed: Seeding) -> None:
    @seed.into(seams.VISIT_ENTRY)
    def _(rightly: Any, statement: Any, made: turn.Turn, enabled: Any, variable: str) -> None:
        rightly(statement, made, TRUE, variable)


@fault("a variable that a turn moves by less than its unit stays where it is", fooling("entries-counted-in-a-turn"))
def _(seed: Seeding) -> None:
    seed.into(seams.FITTED)(lambda rightly, builder: builder({}).build())


@fault("of a list beside the map only its first entry is ever looked at", fooling("entries-of-two-lists"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENTRIES)
    def _(rightly: Any, names: Any, given: Any) -> Any:
        found, facts = rightly(names, given)
        for own in found.values():
            facts += [equal(own[0][name], other[name]) for other in own[1:] for name in other]
        return found, facts
