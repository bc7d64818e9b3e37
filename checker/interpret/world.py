"""A scenario with values: every given map, every run, every hand-over between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from checker import program as p
from checker.base.values import frozen
from checker.interpret.evaluate import Environment, Values, Wrapped, in_algorithm, in_formula
from checker.interpret.execute import runner
from checker.interpret.machine import Chooser, Layout, lowest
from checker.program.records import Identity
from checker.program.valuation import Column, Valuation


@frozen
class World:
    """A scenario with values: its maps, its scalars, by run the layouts, and by map and by run the records.

    ``indices`` and ``most`` say which numbers are looked at where a quantifier ranges over numbers
    (`checker.interpret.indices`).
    """

    maps: Mapping[str, Column]
    scalars: Mapping[str, int]
    layouts: Mapping[str, Layout]
    records: Mapping[str, p.Record]
    indices: Mapping[str, int] = field(default_factory=dict)
    most: int = 64
    beside: Mapping[str, tuple[Values, ...]] = field(default_factory=dict)
    """The given lists beside the map."""

    @cached_property
    def known(self) -> Mapping[str, int]:
        """The scalars that are given, and those that runs have ended with."""
        ended = (
            (p.final(run, name), value) for run, made in self.layouts.items() for name, value in made.ended.items()
        )
        return {**self.scalars, **dict(ended)}

    @cached_property
    def _lists(self) -> dict[str, Sequence[tuple[Identity, Values]]]:
        """The lists of regions that were asked for."""
        return {}

    def regions(self, name: str) -> Sequence[tuple[Identity, Values]]:
        """The regions of a map, or of a layout as the algorithm left them, in the list's order, each with its
        identity."""
        if name not in self._lists:
            self._lists[name] = self._regions(name)
        return self._lists[name]

    def _regions(self, name: str) -> Sequence[tuple[Identity, Values]]:
        if name in self.layouts:
            layout = self.layouts[name]
            return list(zip(layout.identities, layout.regions, strict=True))
        marks = dict.fromkeys((*p.MARKS, *self.records[name].marks), 0)
        if name in self.beside:
            entries = enumerate(self.beside[name])
            return [(Identity(number, beside=name), {**entry, **marks}) for number, entry in entries]
        rows = ((Identity(row), fields) for row, fields in enumerate(self.maps[name]))
        return [(identity, {**fields, **marks}) for identity, fields in rows if fields is not None]


def realise(scenario: p.Scenario, values: Valuation, choosers: Mapping[str, Chooser] | None = None) -> World:
    """Run everything that the scenario runs.

    ``choosers`` resolve what each run chooses: they are asked instead of the choices that ``values`` have. Runs that
    are missing there, or among the orders and generations, choose the lowest values, receive the regions as they
    stand, and are made once.
    """
    records = {given.name: given.record for given in scenario.maps}
    records |= {step.name: step.algorithm.record for step in scenario.runs}
    records |= {given.name: given.record for given in scenario.beside}
    layouts: dict[str, Layout] = {}
    for step in scenario.runs:
        apply = _applier(step, values, (choosers or {}).get(step.name, lowest))
        if step.handover is None:
            column = values.maps[step.source]
            known = [Identity(number) for number, fields in enumerate(column) if fields is not None]
            layouts[step.name] = apply([fields for fields in column if fields is not None], known)
            continue
        layout = layouts[step.source]
        wrapped: tuple[Wrapped, ...] = ()
        possible = True
        for _ in range(values.generations.get(step.name, 1)):
            handed = list(_handed(layout, step.handover, values.orders.get(step.name)))
            received = apply([fields for _, fields in handed], [identity for identity, _ in handed])
            wrapped += received.wrapped
            possible = possible and received.possible
            layout = received
        layouts[step.name] = replace(layout, wrapped=wrapped, possible=possible)
    return World(values.maps, values.scalars, layouts, records, values.indices, beside=values.beside)


def _applier(
    step: p.Run, values: Valuation, choose: Chooser
) -> Callable[[Sequence[Values], Sequence[Identity]], Layout]:
    names = [name for name, _, _ in step.algorithm.parameters]
    wrapped: list[Wrapped] = []
    env = Environment(values.scalars, on_wrap=wrapped.append)
    beside = {name: values.beside[step.list_of(name)] for name, _ in step.algorithm.beside}
    arguments = {name: in_algorithm(argument)(env) for name, argument in zip(names, step.arguments, strict=True)}
    lay_out = runner(step.algorithm)

    def apply(regions: Sequence[Values], identities: Sequence[Identity]) -> Layout:
        made = lay_out(regions, arguments, choose, identities, beside=beside)
        return replace(made, wrapped=(*wrapped, *made.wrapped)) if wrapped else made

    return apply


def _handed(layout: Layout, handover: p.Handover, order: Sequence[int] | None) -> Iterator[tuple[Identity, Values]]:
    """Return what arrives of a layout: the regions that are passed, in the order of travel, with the fields that
    travel."""
    widths = dict(handover.fields)
    passed: dict[Identity, Values] = {}
    travels = in_formula(handover.where)
    for identity, region in zip(layout.identities, layout.regions, strict=True):
        if not region[p.DROPPED] and travels(Environment({}, {handover.variable: region})):
            passed[identity] = {
                name: value % (1 << widths[name]) if name in widths else 0 for name, value in region.items()
            }
    known = list(passed)
    if handover.travel is p.Travel.BACKWARD:
        known.reverse()
    elif handover.travel is p.Travel.ANYHOW and order is not None:
        known = [identity for origin in order for identity in passed if identity.origin == origin]
    yield from ((identity, passed[identity]) for identity in known)


def alike(scenario: p.Scenario, values: Valuation) -> bool:
    """Tell whether maps that are given as being alike are: what must be equal is, and is there."""
    for given in scenario.maps:
        if given.like is not None:
            for other, own in zip(values.maps[given.like.map], values.maps[given.name], strict=True):
                if other != own and not all(_may_differ(given, fields, values) for fields in (other, own)):
                    return False
    return True


def _may_differ(given: p.GivenMap, fields: Values | None, values: Valuation) -> bool:
    like = given.like
    if fields is None or like is None:
        return True
    marked = {**fields, **dict.fromkeys((*p.MARKS, *given.record.marks), 0)}
    return bool(in_formula(like.where)(Environment(values.scalars, {like.variable: marked})))
