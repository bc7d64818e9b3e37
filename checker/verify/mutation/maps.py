"""Maps on which mutants are tried before a solver is asked: those of the original's verdicts, and drawn ones.

What an algorithm compares is mostly where regions begin and end, with each other or with a value that is given. So the
maps are drawn as those of attacks are, and once more with such values tied to regions, and some with all regions of one
kind. Nothing here can make a verdict
wrong: a map that does not keep what is assumed is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from checker import program as p
from checker.interpret import Values, holds
from checker.program.types import Enumeration, Flags, Integer, Quantity, Type
from checker.program.valuation import Column, Valuation
from checker.verify import replay
from checker.verify.attack import draws_kept
from checker.verify.attack.draw import length
from checker.verify.attack.values import PAGE
from checker.verify.results import CheckResult

_DRAWN = 120
"""Maps that are drawn for the checks that are decided together."""

_TIED = 3
"""The times that each is tried with values tied to its regions."""

_ROWS = (1, 2, 2, 3, 3, 4, 5, 6)
"""The lengths of these maps, in turn."""

_ALIKE = 0.4
"""The part of the maps in which all regions are of one kind."""

_BESIDE = ((0, 0, -PAGE, PAGE),) * 3 + ((0, -1, 1),)
"""The bytes from an edge of a region to a value that is tied to it, in a map."""


def maps_to_try(found: Sequence[CheckResult], every: Sequence[CheckResult]) -> Iterator[Valuation]:
    """Give the maps for checks that are decided together: those that refute one of them, or one of ``every``, in
    whichever scenario, those on which a proof says something, and some that are drawn."""
    subject = found[0].task.subject
    for each in every:
        refuting = each.result.counterexample
        if refuting is not None:
            yield from (refuting,) if each.task is found[0].task else as_maps_of(subject, refuting)
    for each in found:
        if each.result.evidence is not None:
            yield from each.result.evidence.spoken
    if any(each.result.evidence is not None for each in found):
        assumptions = found[0].task.checks[0].assumptions
        # What is assumed of values alone is kept by few that are drawn: those are tied first.
        draw = draws_kept(subject, tuple(each for each in assumptions if not isinstance(each.formula, p.Plain)))
        for number in range(_DRAWN):
            drawn = draw(f"mutants {number}", _ROWS[number % len(_ROWS)])
            if drawn is not None:
                tied = (_Tie(subject, drawn, Random(f"mutants {number} {turn}")).values() for turn in range(_TIED))
                for values in (drawn, *tied):
                    world = replay.world(subject, values)
                    if world is not None and holds(assumptions, world):
                        yield values


def as_maps_of(scenario: p.Scenario, values: Valuation) -> tuple[Valuation, ...]:
    """Return the values of a context or of another scenario for a scenario, with a map for each that is given; none if
    other things are given there."""
    known = {each.name for each in scenario.scalars}
    column = next(iter(values.maps.values()))
    maps = {each.name: values.maps.get(each.name, column) for each in scenario.maps}
    lists = {each.name: (each.record, maps[each.name]) for each in scenario.maps}
    if not known <= values.scalars.keys() or values.beside.keys() != {each.name for each in scenario.beside}:
        return ()
    lists |= {each.name: (each.record, values.beside[each.name]) for each in scenario.beside}
    for record, rows in lists.values():
        fields = {name for name, _ in record.inputs}
        if any(row is not None and row.keys() != fields for row in rows):
            return ()
    scalars = {name: value for name, value in values.scalars.items() if name in known}
    return (Valuation(maps, scalars, beside=values.beside),)


class _Tie:
    """Ties values of a scenario to the edges of regions."""

    def __init__(self, scenario: p.Scenario, drawn: Valuation, random: Random) -> None:
        self.scenario, self.drawn, self.random = scenario, drawn, random
        self.beside = random.choice(_BESIDE)
        kinds = dict(scenario.maps[0].record.inputs)
        self.start = next((name for name, kind in kinds.items() if isinstance(kind, Integer) and kind.is_address), "")
        regions = [each for column in drawn.maps.values() for each in column if each is not None and self.start]
        self.kind = self._kind(regions[0]) if regions and random.random() < _ALIKE else {}
        self.edges = [(each[self.start], each[self.start] + length(kinds, each)) for each in regions]

    def _kind(self, region: Values) -> Values:
        """The type and the attributes of a region."""
        inputs = self.scenario.maps[0].record.inputs
        return {name: region[name] for name, kind in inputs if isinstance(kind, Enumeration | Flags)}

    def values(self) -> Valuation:
        """The values, some of them tied."""
        if not self.edges:
            return self.drawn
        maps: dict[str, Column] = {
            each.name: tuple(
                region and self._row(each.record, region, self.start) for region in self.drawn.maps[each.name]
            )
            for each in self.scenario.maps
        }
        lists = {
            each.name: tuple(self._row(each.record, entry, "") for entry in self.drawn.beside[each.name])
            for each in self.scenario.beside
        }
        scalars = dict(self.drawn.scalars)
        for first in range(0, len(self.scenario.scalars), 2):
            # Mostly where something begins, and where it ends.
            pair = {each.name: each.type for each in self.scenario.scalars[first : first + 2]}
            scalars |= self._tied(pair, {name: scalars[name] for name in pair}, "", 0.9)
        return replace(self.drawn, maps=maps, beside=lists, scalars=scalars)

    def _row(self, record: p.Record, row: Mapping[str, int], start: str) -> Values:
        return self._tied(dict(record.inputs), row, start)

    def _tied(self, kinds: Mapping[str, Type], row: Mapping[str, int], start: str, chance: float = 0.6) -> Values:
        """The values with some that may be an address at the edges of one region, in the order in which they stand."""
        names = [name for name, kind in kinds.items() if name != start and _may_be_an_address(kind)]
        low, high = self.random.choice(self.edges)
        if start and self.random.random() < 0.7:
            low = row[start]
            high = low + length(dict(kinds), dict(row))
        chosen = [name for name in names if self.random.random() < chance]
        edges = [self.random.choice((low, high)) + self.random.choice(self.beside) for _ in chosen]
        if self.random.random() < 0.7:
            edges.sort()
        alike = self.kind if start else {}
        return {**row, **alike, **{name: edge % (1 << 64) for name, edge in zip(chosen, edges, strict=True)}}


def _may_be_an_address(kind: Type) -> bool:
    return isinstance(kind, Integer) and kind.width == 64 and kind.quantity not in (Quantity.PAGES, Quantity.BYTES)
