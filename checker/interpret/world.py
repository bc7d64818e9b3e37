"""A scenario with values: every given map, every run, every hand-over between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker import program as p
from checker.interpret.evaluate import Environment, Values, Wrapped, evaluate
from checker.interpret.execute import Chooser, Layout, lowest, run

Column = tuple[Values | None, ...]
"""A map as a column of a table whose rows are the regions of all maps: the fields of each, None where it is absent."""


@dataclass(frozen=True)
class Setting:
    """Everything that a scenario leaves open.

    ``maps`` are columns of equal length. ``choosers`` resolve what a run chooses, ``orders`` the order in which
    regions reach a run whose hand-over keeps none (as region numbers), ``generations`` how often a chained run is
    repeated; runs that are missing there choose the lowest values, receive the regions as they stand, and are made
    once.
    """

    maps: Mapping[str, Column]
    scalars: Mapping[str, int] = field(default_factory=dict)
    choosers: Mapping[str, Chooser] = field(default_factory=dict)
    orders: Mapping[str, Sequence[int]] = field(default_factory=dict)
    generations: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """A scenario with values: its maps, its scalars, by run the layouts, and by map and by run the records."""

    maps: Mapping[str, Column]
    scalars: Mapping[str, int]
    layouts: Mapping[str, Layout]
    records: Mapping[str, p.Record]

    def regions(self, name: str) -> list[tuple[int, Values]]:
        """The regions of a map, or of a layout as the algorithm left them, with their numbers, in the list's order."""
        if name in self.layouts:
            layout = self.layouts[name]
            return list(zip(layout.origins, layout.regions, strict=True))
        marks = dict.fromkeys((*p.MARKS, *self.records[name].marks), 0)
        return [(number, {**fields, **marks}) for number, fields in enumerate(self.maps[name]) if fields is not None]


def realise(scenario: p.Scenario, setting: Setting) -> World:
    """Run everything that the scenario runs."""
    records = {given.name: given.record for given in scenario.maps}
    records |= {step.name: step.algorithm.record for step in scenario.runs}
    layouts: dict[str, Layout] = {}
    for step in scenario.runs:
        apply = _applier(step, setting)
        if step.handover is None:
            column = setting.maps[step.source]
            numbers = [number for number, fields in enumerate(column) if fields is not None]
            layouts[step.name] = apply([fields for fields in column if fields is not None], numbers)
            continue
        layout = layouts[step.source]
        wrapped: tuple[Wrapped, ...] = ()
        possible = True
        for _ in range(setting.generations.get(step.name, 1)):
            handed = list(_handed(layout, step.handover, setting.orders.get(step.name)))
            received = apply([fields for _, fields in handed], [number for number, _ in handed])
            wrapped += received.wrapped
            possible = possible and received.possible
            layout = received
        layouts[step.name] = replace(layout, wrapped=wrapped, possible=possible)
    return World(setting.maps, setting.scalars, layouts, records)


def _applier(step: p.Run, setting: Setting) -> Callable[[Sequence[Values], Sequence[int]], Layout]:
    names = [name for name, _, _ in step.algorithm.parameters]
    wrapped: list[Wrapped] = []
    env = Environment(setting.scalars, on_wrap=wrapped.append)
    values = [evaluate(argument, env) for argument in step.arguments]
    arguments = dict(zip(names, values, strict=True))
    choose = setting.choosers.get(step.name, lowest)

    def apply(regions: Sequence[Values], numbers: Sequence[int]) -> Layout:
        made = run(step.algorithm, regions, arguments, choose, numbers)
        return replace(made, wrapped=(*wrapped, *made.wrapped))

    return apply


def _handed(layout: Layout, handover: p.Handover, order: Sequence[int] | None) -> Iterator[tuple[int, Values]]:
    """What arrives of a layout: the regions that are passed, in the order of travel, with the fields that travel."""
    widths = dict(handover.fields)
    passed: dict[int, Values] = {}
    for number, region in zip(layout.origins, layout.regions, strict=True):
        env = Environment({}, {handover.variable: region}, exact=True)
        if not region[p.DROPPED] and evaluate(handover.where, env):
            passed[number] = {
                name: value % (1 << widths[name]) if name in widths else 0 for name, value in region.items()
            }
    numbers = list(passed)
    if handover.travel is p.Travel.BACKWARD:
        numbers.reverse()
    elif handover.travel is p.Travel.ANYHOW and order is not None:
        numbers = [number for number in order if number in passed]
    yield from ((number, passed[number]) for number in numbers)


def alike(scenario: p.Scenario, setting: Setting) -> bool:
    """Whether maps that are given as being alike are: what must be equal is, and is there."""
    for given in scenario.maps:
        if given.like is not None:
            for other, own in zip(setting.maps[given.like.map], setting.maps[given.name], strict=True):
                if other != own and not all(_may_differ(given, fields, setting) for fields in (other, own)):
                    return False
    return True


def _may_differ(given: p.GivenMap, fields: Values | None, setting: Setting) -> bool:
    like = given.like
    if fields is None or like is None:
        return True
    marked = {**fields, **dict.fromkeys((*p.MARKS, *given.record.marks), 0)}
    return bool(evaluate(like.where, Environment(setting.scalars, {like.variable: marked}, exact=True)))
