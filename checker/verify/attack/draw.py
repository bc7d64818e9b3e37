"""Maps drawn so that many keep what is usually assumed: regions that follow each other, touch, or nearly do.

What a scenario really assumes is judged afterwards, by the interpreter. So nothing here can make a verdict wrong: a
map that is drawn badly is one that is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from math import prod
from random import Random

from checker import program as p
from checker.base.values import frozen
from checker.interpret import Chooser, Values
from checker.program.records import Identity
from checker.program.types import Integer, Quantity, Type, width
from checker.program.valuation import MAX_GENERATIONS, Column, Valuation
from checker.verify.attack.values import PAGE, Words

_FEW = 7
"""The number of values of a field that are tried in maps of one region; more are drawn at random."""

_GAPS = (0, 0, 0, 0, 1, 1, 15, 16, 511, 512, 513)
"""Pages between a region and the next one; most regions touch."""


@frozen
class Drawer:
    """Draws maps for a scenario; ``seeds`` are some that are known to keep what is assumed."""

    scenario: p.Scenario
    words: Words
    random: Random
    seeds: tuple[Valuation, ...] = ()

    def single_rows(self) -> Iterator[Valuation]:
        """The empty map, and maps of one region with all combinations of a few values, in an order drawn at random."""
        yield self.valuation([])
        few = {name: self._few(kind) for name, kind in self.scenario.maps[0].record.inputs}
        for number in self._shuffled(prod(map(len, few.values()))):
            region, below = {}, 1
            for name, values in few.items():
                region[name] = values[number // below % len(values)]
                below *= len(values)
            yield self.valuation([region])

    def _shuffled(self, count: int) -> Iterator[int]:
        """The numbers below ``count`` in an order drawn at random, as far as they are asked for: a record of eight
        fields has millions of combinations, of which hundreds are looked at."""
        moved: dict[int, int] = {}
        for index in range(count):
            other = self.random.randrange(index, count)
            chosen = moved.get(other, other)
            moved[other] = moved.pop(index, index)
            yield chosen

    def _few(self, kind: Type) -> Sequence[int]:
        values = self.words.of(kind)
        if len(values) <= _FEW:
            return values
        return [*values[: _FEW // 2], *self.random.sample(values[_FEW // 2 :], _FEW - _FEW // 2)]

    def drawn(self, rows: int) -> Valuation:
        """A map of so many regions."""
        return self.valuation(self._regions(rows, self.scenario.maps[0].record))

    def mutated(self, seed: Valuation) -> Valuation:
        """A map that is another one, with some fields changed and perhaps a region twice, missing, or elsewhere."""
        columns = {name: list(column) for name, column in seed.maps.items()}
        count = len(next(iter(columns.values())))
        order = list(range(count))
        change = self.random.randrange(4)
        if count and change == 0:
            order.insert(self.random.randrange(count + 1), self.random.randrange(count))
        elif count and change == 1:
            self.random.shuffle(order)
        record = self.scenario.maps[0].record
        table = [{name: column[row] for name, column in columns.items()} for row in order]
        for row in table if record.inputs else ():
            if self.random.random() < 0.5:
                field, kind = self.random.choice(record.inputs)
                for name, region in row.items():
                    if region is not None:
                        row[name] = {**region, field: self._beside(kind, region[field])}
        maps: dict[str, Column] = {name: tuple(row[name] for row in table) for name in columns}
        made = self.valuation([], scalars=seed.scalars if self.random.random() < 0.8 else None)
        beside = made.beside if self.random.random() < 0.3 else self._mutated_lists(seed)
        return self._ordered(replace(made, maps=maps, beside=beside), len(table))

    def _mutated_lists(self, seed: Valuation) -> dict[str, tuple[Values, ...]]:
        """The lists beside the map of another valuation, with some fields changed."""
        found: dict[str, tuple[Values, ...]] = {}
        for each in self.scenario.beside:
            entries = [dict(entry) for entry in seed.beside[each.name]]
            for entry in entries if each.record.inputs else ():
                if self.random.random() < 0.3:
                    field, kind = self.random.choice(each.record.inputs)
                    entry[field] = self._beside(kind, entry[field])
            found[each.name] = tuple(entries)
        return found

    def _beside(self, kind: Type, value: int) -> int:
        """A value near another one, or any."""
        if isinstance(kind, Integer) and self.random.random() < 0.7:
            step = PAGE if kind.is_address else 1
            return (value + step * self.random.choice((-512, -1, 1, 2, 16, 512))) % (1 << kind.width)
        return self.random.choice(self.words.of(kind))

    def valuation(self, regions: list[Values], scalars: Values | None = None) -> Valuation:
        """Values for all that is given, with these regions in the first map, and in the others as they may be."""
        given = self._scalars() if scalars is None else scalars
        maps: dict[str, Column] = {}
        for each in self.scenario.maps:
            if each.like is not None:
                other = maps[each.like.map]
                maps[each.name] = tuple(self._like(each, region) for region in other)
            elif maps:
                maps[each.name] = tuple(self._regions(len(regions), each.record))
            else:
                maps[each.name] = tuple(regions)
        if len(maps) > 1:
            # A region may be missing in any map, not only in those that are like another one.
            first = self.scenario.maps[0].name
            others = [column for name, column in maps.items() if name != first]
            maps[first] = tuple(
                None if self.random.random() < 0.15 and any(column[row] is not None for column in others) else region
                for row, region in enumerate(maps[first])
            )
        beside = {
            each.name: tuple(self._near(regions, entry, each) for entry in self._regions(self._count(), each.record))
            for each in self.scenario.beside
        }
        return self._ordered(Valuation(maps, given, beside=beside), len(regions))

    @cached_property
    def _indices(self) -> tuple[p.Index, ...]:
        return p.indices_of(self.scenario.checks)

    def _count(self) -> int:
        """The number of entries of a list beside the map."""
        return self.random.choice((0, 1, 1, 2, 2, 3, 5))

    def _near(self, regions: Sequence[Values], entry: Values, given: p.GivenList) -> Values:
        """An entry, perhaps with an address in it that is one of some region or beside it: what matters of two lists is
        mostly how they lie to each other."""
        names = [(name, kind) for name, kind in given.record.inputs if isinstance(kind, Integer) and kind.is_address]
        if not names or not regions or self.random.random() < 0.4:
            return entry
        kinds = dict(self.scenario.maps[0].record.inputs)
        field, kind = self.random.choice(names)
        known = [value for name, value in self.random.choice(regions).items() if kinds.get(name) == kind]
        return {**entry, field: self._beside(kind, self.random.choice(known))} if known else entry

    def _ordered(self, values: Valuation, rows: int) -> Valuation:
        """The values with an order for what comes in none, and a length for each chain."""
        orders = {
            run.name: tuple(self.random.sample(range(rows), rows))
            for run in self.scenario.runs
            if run.handover is not None and run.handover.travel is p.Travel.ANYHOW
        }
        lengths = {run.name: self.random.randint(1, MAX_GENERATIONS) for run in self.scenario.runs if run.chained}
        indices = {each.variable.name: self._number(each.type) for each in self._indices}
        return replace(values, orders=orders, generations=lengths, indices=indices)

    def _number(self, kind: Type) -> int:
        """A number for what ranges over many: one that the program names, or one of any size."""
        if self.random.random() < 0.5:
            return self.random.choice(self.words.of(kind))
        return self.random.randrange(1 << self.random.randint(1, width(kind)))

    def _scalars(self) -> Values:
        if self.seeds and self.random.random() < 0.5:
            return self.random.choice(self.seeds).scalars
        return {each.name: self.random.choice(self.words.of(each.type)) for each in self.scenario.scalars}

    def _like(self, given: p.GivenMap, region: Values | None) -> Values | None:
        """A region as a map that is like another one may have it. The interpreter says which of them
        may differ; the others are made the same again."""
        chance = self.random.random()
        if region is None or chance < 0.4:
            return region
        if chance < 0.75:
            return None
        name, kind = self.random.choice(given.record.inputs)
        return {**region, name: self.random.choice(self.words.of(kind))}

    def _regions(self, rows: int, record: p.Record) -> list[Values]:
        """Regions that follow each other in physical memory, and otherwise have the values that the program names; then
        as they are, the other way round, or in any order."""
        kinds = dict(record.inputs)
        styles = [{name: self.random.choice(self.words.of(kind)[:9]) for name, kind in kinds.items()} for _ in range(3)]
        wild = self.random.random() < 0.15
        regions: list[Values] = []
        before: Values | None = None
        for _ in range(rows):
            region = dict(self.random.choice(styles))
            for name, kind in record.inputs:
                value = self._field(kind, name, region[name], before, kinds, wild=wild)
                region[name] = value % (1 << width(kind))
            regions.append(region)
            before = region
        how = self.random.randrange(4)
        if how == 0:
            regions.reverse()
        elif how == 1:
            self.random.shuffle(regions)
        return regions

    def _field(
        self, kind: Type, name: str, usual: int, before: Values | None, kinds: dict[str, Type], *, wild: bool
    ) -> int:
        if not isinstance(kind, Integer):
            return usual if self.random.random() < 0.7 else self.random.choice(self.words.of(kind))
        if wild:
            return self.random.choice(self.words.of(kind))
        if before is None and kind.is_address:
            value = self.random.choice(self.words.of(kind))
            return value if self.random.random() < 0.1 else value - value % PAGE
        if before is not None and kind.is_address:
            gap = self.random.choice(_GAPS) * PAGE
            if self.random.random() < 0.15:
                # On to the next large page, or to just before it.
                gap = -(before[name] + length(kinds, before)) % (512 * PAGE) - self.random.choice((0, 0, PAGE))
            return max(0, before[name] + length(kinds, before) + gap)
        if before is not None and kind.quantity is not Quantity.PAGES:
            near = before[name] + self.random.choice((0, 1, 2, 8, 16))
            return near if self.random.random() < 0.7 else self.random.choice(self.words.of(kind))
        small = self.random.choice((1, 1, 2, 3, 15, 16, 17, 511, 512, 513))
        return small if self.random.random() < 0.8 else self.random.choice(self.words.of(kind))


def length(kinds: dict[str, Type], region: Values) -> int:
    """The length of a region in bytes, by the first field that says so."""
    for name, kind in kinds.items():
        if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES:
            return region[name] * PAGE
        if isinstance(kind, Integer) and kind.quantity is Quantity.BYTES:
            return region[name]
    return 0


@frozen
class Chance:
    """Chooses at random, notes what was chosen, and chooses the same again for the same region."""

    values: Valuation
    kinds: dict[str, Type]
    random: Random
    made: dict[tuple[str, str, int | None], int]

    def chooser(self, run: str) -> Chooser:
        """The chooser of a run."""
        last: list[tuple[int, int]] = []

        def choose(name: str, region: int | None, legal: range) -> int | None:
            key = (run, name, region)
            if key in self.made:
                # A valuation has one value for it: where that is not legal this is no run that could be shown.
                return self.made[key] if self.made[key] in legal else None
            if not legal:
                return None
            own = self._length(region)
            picked = self._pick(legal, last[-1] if last else None, own)
            last.append((picked, own))
            self.made[key] = picked
            return picked

        return choose

    def _pick(self, legal: range, before: tuple[int, int] | None, own: int) -> int:
        """Mostly beside what was chosen before, or at an end of what is legal."""
        way = self.random.randrange(6)
        if before is not None and way < 3:
            beside = before[0] + before[1] if way else before[0] - own
            beside += -(beside - legal.start) % legal.step
            if beside in legal:
                return beside
        if way == 3:
            return legal[0]
        if way == 4:
            last = legal[-1]
            room = last - own + own % legal.step
            return room if room in legal else last
        return legal[self.random.randrange(-((legal.start - legal.stop) // legal.step))]

    def _length(self, region: int | None) -> int:
        if region is None:
            return 0
        rows = (column[region] for column in self.values.maps.values())
        return next((length(self.kinds, fields) for fields in rows if fields is not None), 0)


def without(values: Valuation, rows: set[int], entries: Collection[Identity] = ()) -> Valuation:
    """The values without some rows, and some entries of lists beside the map; those that are left are counted anew."""
    left = [row for row in range(len(next(iter(values.maps.values())))) if row not in rows]
    place: dict[int | None, int | None] = {row: number for number, row in enumerate(left)}
    place[None] = None
    gone = {(each.beside, each.origin) for each in entries}
    return replace(
        values,
        beside={
            name: tuple(entry for number, entry in enumerate(found) if (name, number) not in gone)
            for name, found in values.beside.items()
        },
        maps={name: tuple(column[row] for row in left) for name, column in values.maps.items()},
        choices={(run, name, place[row]): value for (run, name, row), value in values.choices.items() if row in place},
        orders={
            run: tuple(number for row in order if (number := place.get(row)) is not None)
            for run, order in values.orders.items()
        },
    )
