"""A counterexample: the map, what every run made of it, what collides and why, and the assumptions that it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker import program as p
from checker.base.diagnostic import LabelledSpan, Span
from checker.interpret import Violation, World
from checker.program.records import Identity
from checker.program.types import Type
from checker.program.valuation import Valuation
from checker.program.walk import fields_read, statements
from checker.report.columns import Columns, columns, json_record, landmarks
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.shapes.counterexamples import ChoiceShape, CounterexampleShape, RunShape, ViolationShape
from checker.report.values import explained, json_placed, json_region, json_value, shown
from checker.report.views.layout import flush_right, placement_cell, region_cells, region_header
from checker.verify.replay import Seen

_BAR = 48
"""Columns of the picture of a layout."""


def why(check: p.Check, seen: Seen) -> str:
    """Say what the counterexample shows, in one sentence."""
    broken = seen.broken
    if broken is None:
        return "run again, the map does not break the property"
    label = "" if check.label.startswith(f"{broken.rule}(") or check.label == broken.rule else f"{broken.rule}: "
    return clean(label + explained(broken.explanation))


def counterexample_lines(scenario: p.Scenario, check: p.Check, found: Valuation, seen: Seen) -> list[Line]:
    """The counterexample in full."""
    world, broken = seen.world, seen.broken
    what = columns(scenario.maps[0].record, scenario)
    names = " and ".join(f"`{given.name}`" for given in scenario.maps)
    lines = [line("counterexample: ", Piece(f"{names} of {size(found)}", Style.STRONG))]
    lines += _indented(_map_table(scenario, what, world, found, broken))
    for given in scenario.beside:
        lines += _indented(_entries_table(given, found, broken))
    lines += _indented([*_values(scenario, found), *_changes(scenario, what, world)])
    for run in scenario.runs:
        lines += _indented(_picture(run.name, what, world, broken))
    lines.append(line("why: ", Piece(why(check, seen), Style.BAD)))
    for each in c_places(scenario, check):
        lines.append(line(f"  {clean(each.span.source.name)}:{each.span.line}: ", clean(each.label)))
    return lines + assumption_lines(check)


def c_places(scenario: p.Scenario, check: p.Check) -> Iterator[LabelledSpan]:
    """The lines of C in which algorithms that were read from a kernel's source write what a check's goal looks at."""
    goal = () if isinstance(check.goal, p.ExactArithmetic) else check.goal
    asked = fields_read(goal)
    for run in scenario.runs:
        if run.name not in check.lists or not is_c(run.algorithm.span):
            continue
        told: dict[Span, dict[str, None]] = {}
        for statement in statements(run.algorithm.body):
            names = [name for name in statement.effects.writes if name in asked]
            if names and is_c(statement.span):
                told.setdefault(statement.span, {}).update(dict.fromkeys(names))
        for span, written in told.items():
            edition = f", {span.source.edition}" if span.source.edition else ""
            yield LabelledSpan(span, f"`{run.name}` writes {' and '.join(written)}{edition}: `{span.short}`")


def is_c(span: Span) -> bool:
    """Tell whether a place is in C, as that of what was read from a tree is."""
    return span.source.name.endswith((".c", ".h"))


def size(found: Valuation) -> str:
    """Count the regions of a counterexample, in words: in all its maps together, each region once; and the entries of
    lists beside the map."""
    count = len(_rows(found))
    words = [f"{count} region{'' if count == 1 else 's'}"]
    for name, entries in found.beside.items():
        words.append(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} of {name}")
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def json_counterexample(scenario: p.Scenario, found: Valuation, seen: Seen) -> CounterexampleShape:
    """Put the counterexample into its shape: ``map`` has the regions as given, ``layouts`` what each run made of
    them."""
    world, broken = seen.world, seen.broken
    record = scenario.maps[0].record
    maps = {
        name: [None if region is None else {**json_region(record, region), p.PLACED: False} for region in column]
        for name, column in found.maps.items()
    }
    return CounterexampleShape(
        [region for region in maps[scenario.maps[0].name] if region is not None],
        maps,
        {run: list(order) for run, order in found.orders.items()},
        dict(found.generations),
        {each.name: json_value(each.type, found.scalars[each.name]) for each in scenario.scalars},
        [
            ChoiceShape(run, name, index, json_value(chosen_types(scenario, run)[name], value))
            for (run, name, index), value in found.choices.items()
        ],
        {} if world is None else {run.name: _json_run(run, world) for run in scenario.runs},
        None if broken is None else _json_violation(broken),
        json_record(columns(record, scenario)),
        indices=dict(found.indices),
        beside={
            each.name: [json_region(each.record, entry) for entry in found.beside[each.name]]
            for each in scenario.beside
        },
    )


def _json_violation(broken: Violation) -> ViolationShape:
    regions = [identity.origin for identity in broken.regions]
    return ViolationShape(broken.rule, regions, explained(broken.explanation))


def _json_run(run: p.Run, world: World) -> RunShape:
    layout = world.layouts[run.name]
    regions = [json_placed(run.algorithm.record, region) for region in layout.regions]
    numbers = [identity.origin for identity in layout.identities]
    named = landmarks(run.algorithm.body)
    return RunShape(run.algorithm.name, regions, numbers, list(layout.exported), named)


def assumptions(check: p.Check) -> list[tuple[str, str | None]]:
    """The rules that a check assumes, with where they are from, each once."""
    return list(dict.fromkeys((conjunct.rule, conjunct.origin) for conjunct in check.assumptions))


def _map_table(
    scenario: p.Scenario, what: Columns, world: World | None, found: Valuation, broken: Violation | None
) -> Iterator[Line]:
    """The map, and beside each region where every run put it."""
    runs = [run.name for run in scenario.runs] if world is not None else []
    single = "" if len(runs) == 1 else " of"
    maps = list(found.maps) if len(found.maps) > 1 else []
    header = [*region_header(what), *(f"in {name}" for name in maps)]
    header += [f"address{single} {name}" if single else f"{name} puts it at" for name in runs]
    rows = []
    for index, region in enumerate(_rows(found)):
        differing = [_difference(what, region, found.maps[name][index]) for name in maps]
        placed = [_placed(what, world, name, index) for name in runs] if world else []
        rows.append([*region_cells(what, index, region), *differing, *placed])
    if not rows:
        yield line("(the map is empty)")
        return
    first, *others = table(header, rows, flush_right(what))
    yield line(Piece(first, Style.DIM))
    for index, text in enumerate(others):
        guilty = broken is not None and index in {identity.origin for identity in broken.regions}
        yield line(Piece(text, Style.BAD if guilty else Style.PLAIN))


def _entries_table(given: p.GivenList, found: Valuation, broken: Violation | None) -> Iterator[Line]:
    """A list beside the map."""
    kinds = given.record.inputs
    entries = found.beside[given.name]
    if not entries:
        yield line(f"({given.name} is empty)")
        return
    rows = [[str(number), *(shown(kind, entry[name]) for name, kind in kinds)] for number, entry in enumerate(entries)]
    first, *others = table([given.name, *(name for name, _ in kinds)], rows, frozenset({0}))
    yield line(Piece(first, Style.DIM))
    guilty = () if broken is None else broken.entries
    for number, text in enumerate(others):
        yield line(Piece(text, Style.BAD if Identity(number, beside=given.name) in guilty else Style.PLAIN))


def _rows(found: Valuation) -> list[Mapping[str, int]]:
    """The regions of all maps, each as the first map that has it has it."""
    return [next(r for r in row if r is not None) for row in zip(*found.maps.values(), strict=True)]


def _difference(what: Columns, shown_as: Mapping[str, int], region: Mapping[str, int] | None) -> str:
    """Say how a map has a region that is shown as another map has it."""
    if region is None:
        return "absent"
    fields = [(name, kind) for name, kind in what.record.inputs if region[name] != shown_as[name]]
    return ", ".join(f"{name} {shown(kind, region[name])}" for name, kind in fields) or "as shown"


def _placed(what: Columns, world: World, run: str, number: int) -> str:
    """The cells of all pieces of a region of the map."""
    layout = world.layouts[run]
    pieces = zip(layout.identities, layout.regions, strict=True)
    return ", ".join(placement_cell(what, region) for identity, region in pieces if identity.origin == number) or (
        "not in it"
    )


def _values(scenario: p.Scenario, found: Valuation) -> Iterator[Line]:
    """The scalars that were given and the choices that were made."""
    for each in scenario.scalars:
        yield line(f"given {each.name} = {shown(each.type, found.scalars[each.name])}")
    for (run, name, index), value in found.choices.items():
        where = "" if index is None else f" for region {index}"
        yield line(f"{run} chose {name} = {shown(chosen_types(scenario, run)[name], value)}{where}")
    for run, order in found.orders.items():
        yield line(f"{run} received the regions in the order {', '.join(map(str, order))}")
    for run, count in found.generations.items():
        yield line(f"{run} is the layout after {count} hand-over{'' if count == 1 else 's'}")


def _changes(scenario: p.Scenario, what: Columns, world: World | None) -> Iterator[Line]:
    """The fields, other than the placement, that a run left different from how they were given."""
    for run in scenario.runs if world is not None else ():
        assert world is not None
        if run.handover is not None:
            continue
        layout = world.layouts[run.name]
        for identity, after in zip(layout.identities, layout.regions, strict=True):
            before = world.maps[run.source][identity.origin]
            for name, kind in what.record.inputs:
                if before is not None and name not in what.record.placements and before[name] != after[name]:
                    values = f"{shown(kind, before[name])} -> {shown(kind, after[name])}"
                    yield line(f"{run.name} changed {name} of region {identity}: {values}")


def _picture(run: str, what: Columns, world: World | None, broken: Violation | None) -> list[Line]:
    """The regions that the violation is about as bars on one scale, lowest first, to see which lie over each other."""
    if world is None or what.record.placement is None or broken is None or len(broken.regions) < 2:
        return []
    spans = [each for each in placed_spans(run, what, world) if each[2] in broken.regions]
    if len(spans) < 2:
        return []
    bars = [(start, length, f"region {identity}") for start, length, identity in sorted(spans)]
    return [line(f"{run}: {scale(bars)}, lowest first"), *bar_lines(bars)]


def placed_spans(run: str, what: Columns, world: World) -> Iterator[tuple[int, int, Identity]]:
    """The address and the length in bytes of each region that a run placed, as far as they can be told."""
    layout = world.layouts[run]
    for identity, region in zip(layout.identities, layout.regions, strict=True):
        length = what.length(region)
        if what.record.placement is not None and region[p.PLACED] and length:
            yield region[what.record.placement], length, identity


Bar = tuple[int, int, str]
"""The address and the length in bytes of something that is drawn, and its name."""


def scale(bars: Sequence[Bar]) -> str:
    """Say from which to which address a picture goes."""
    low = min(start for start, _, _ in bars)
    return f"{low:#x} to {max(start + length for start, length, _ in bars):#x}"


def bar_lines(bars: Sequence[Bar]) -> Iterator[Line]:
    """Draw bars on one scale, a line each."""
    low = min(start for start, _, _ in bars)
    extent = max(start + length for start, length, _ in bars) - low
    names = max(len(name) for _, _, name in bars)
    for start, length, name in bars:
        left = min((start - low) * _BAR // extent, _BAR - 1)
        right = max(left + 1, -((start + length - low) * -_BAR // extent))
        bar = " " * left + "#" * (right - left) + " " * (_BAR - right)
        yield line(f"  {name:{names}} |", Piece(bar, Style.BAD), "|")


def assumption_lines(check: p.Check) -> list[Line]:
    """Draw what is assumed, each rule with its origin."""
    found = assumptions(check)
    if not found:
        return [line("nothing is assumed of the map")]
    names = max(len(rule) for rule, _ in found)
    lines = [line("the map keeps what is assumed:")]
    for rule, origin in found:
        source = f"  {clean(origin)}" if origin else ""
        lines.append(line(f"  {clean(rule):{names}}", Piece(source, Style.DIM)))
    return lines


def chosen_types(scenario: p.Scenario, run: str) -> dict[str, Type]:
    """Return the types of what a run chooses, by name."""
    algorithm = next(each.algorithm for each in scenario.runs if each.name == run)
    return {each.name: each.type for each in statements(algorithm.body) if isinstance(each, p.Choose)}


def _indented(lines: Iterator[Line] | list[Line]) -> Iterator[Line]:
    for each in lines:
        yield Line((Piece("  "), *each.pieces))
