"""Records as reports show them: which fields say where a region is, how long it is, where it was put; and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from checker import program as p
from checker.base.values import frozen
from checker.memmap.reservations import TAKEN_FROM, TAKEN_TO
from checker.program import types
from checker.program.types import Boolean, Enumeration, Flags, Integer, Quantity, Type
from checker.program.walk import expressions
from checker.report.shapes.common import Fields, Value
from checker.report.shapes.counterexamples import RecordShape, TypeShape
from checker.report.values import page_size, shown


@frozen
class Columns:
    """Fields of a record that are shown, found by their types: the start of a region, its size, its placement."""

    record: p.Record
    start: str | None
    count: str | None
    unit: int | None
    """Bytes of what ``count`` counts; None where the program does not say."""
    rest: tuple[str, ...]
    page: int | None = None
    """Bytes of a page; None where the program does not say."""
    taken: bool = False
    """The record says what else lies in a region: two fields, which are shown as one range."""

    def length(self, region: Mapping[str, int]) -> int | None:
        """The size of a region in bytes, if it can be told."""
        return None if self.count is None or self.unit is None else region[self.count] * self.unit

    def range(self, region: Mapping[str, int], name: str) -> str:
        """From the address in a field to the end of the region, exclusive."""
        length, start = self.length(region), region[name]
        if length is None:
            return f"{start:#x}"
        wraps = " (wraps)" if start + length > 1 << types.width(self.record.type_of(name)) else ""
        return f"{start:#x}..{start + length:#x}{wraps}"

    def others(self, region: Mapping[str, int]) -> list[tuple[str, str]]:
        """The other fields, each with its value in words."""
        told = [(name, shown(self.record.type_of(name), region[name])) for name in self.rest]
        if not self.taken:
            return told
        low, high = region[TAKEN_FROM], region[TAKEN_TO]
        return [*told, (_TAKEN, f"{low:#x}..{high:#x}" if low < high else "-")]

    @property
    def other_names(self) -> list[str]:
        """The names of the other fields."""
        return [*self.rest, *([_TAKEN] if self.taken else [])]


_TAKEN = "memblock holds"
"""The header over what else lies in a region: Linux keeps that in memblock."""


def columns(record: p.Record, program: p.Tree) -> Columns:
    """The columns for a record; ``program`` is what uses it, and shows how large a page is."""
    return columns_of(record, page_size(program))


def columns_of(record: p.Record, page: int | None) -> Columns:
    """The columns for a record with pages of so many bytes; None if that is not known."""
    integers = [(name, kind) for name, kind in record.inputs if isinstance(kind, Integer)]
    places = [n for n, kind in integers if kind.quantity is Quantity.PHYSICAL and n not in record.placements]
    pages = [name for name, kind in integers if kind.quantity is Quantity.PAGES]
    sizes = [name for name, kind in integers if kind.quantity is Quantity.BYTES]
    start = places[0] if places else None
    count = next(iter(pages or sizes), None)
    unit = page if pages else 1
    taken = {TAKEN_FROM, TAKEN_TO} <= {name for name, _ in integers}
    used = {start, count, *record.placements, *([TAKEN_FROM, TAKEN_TO] if taken else [])}
    rest = tuple(name for name, _ in record.inputs if name not in used)
    return Columns(record, start, count, unit, rest, page, taken)


def runtime_bits(record: p.Record) -> list[tuple[str, int]]:
    """Find where a record says that firmware needs the region at run time: the field, and the bit in it. A region
    without it needs no address."""
    words = [(name, kind) for name, kind in record.inputs if isinstance(kind, Flags)]
    return [(name, bit) for name, kind in words for member, bit in kind.members if member == "RUNTIME"]


def landmarks(tree: p.Tree) -> list[str]:
    """Return the virtual addresses that an algorithm names, in their order: mostly the ends of its window."""
    constants = (node for node in expressions(tree) if isinstance(node, p.Const) and isinstance(node.type, Integer))
    found = {node.value for node in constants if node.type == types.VA and node.value}
    return [f"{address:#x}" for address in sorted(found)]


# --- as JSON, and back


def json_record(what: Columns) -> RecordShape:
    """Put a record into its shape."""
    # A name in a program is a string that knows its place; here it is a string.
    fields = {str(name): _json_type(kind) for name, kind in what.record.inputs}
    placement = what.record.placement
    return RecordShape(str(what.record.name), fields, None if placement is None else str(placement), what.page)


def _json_type(kind: Type) -> TypeShape:
    match kind:
        case Boolean():
            return TypeShape(str(kind.name), "bool", 1, None, {})
        case Integer():
            return TypeShape(str(kind.name), "integer", kind.width, kind.quantity.value, {})
        case Enumeration() | Flags():
            members = {str(name): f"{value:#x}" for name, value in kind.members}
            word = "flags" if isinstance(kind, Flags) else "enum"
            return TypeShape(str(kind.name), word, kind.width, None, members)
        case _:
            assert_never(kind)


_WIDEST = 64
"""Bits of the widest type."""


def read_record(shape: RecordShape) -> Columns:
    """Return the columns of a record that was written as JSON. Raises `ValueError` where none is written like that."""
    fields = tuple((name, _read_type(kind)) for name, kind in shape.fields.items())
    if shape.placement is not None and shape.placement not in shape.fields:
        raise ValueError(f"the placement `{shape.placement}` is no field")
    if shape.page is not None and not 0 < shape.page < 1 << _WIDEST:
        raise ValueError(f"a page has no {shape.page} bytes")
    return columns_of(p.Record(shape.name, fields, shape.placement), shape.page)


def _read_type(shape: TypeShape) -> Type:
    members = tuple((name, int(value, 0)) for name, value in shape.members.items())
    if not 1 <= shape.width <= _WIDEST:
        raise ValueError(f"the type `{shape.name}` has {shape.width} bits")
    match shape.kind:
        case "bool":
            return Boolean(shape.name)
        case "integer":
            return Integer(shape.name, shape.width, Quantity(shape.quantity))
        case "enum":
            return Enumeration(shape.name, shape.width, members)
        case "flags":
            return Flags(shape.name, shape.width, members)
        case other:
            raise ValueError(f"there is no kind of type `{other}`")


def read_region(record: p.Record, fields: Fields) -> dict[str, int]:
    """Return the fields of a region, and the mark of being placed, as `checker.report.values` writes them in JSON.
    Raises `ValueError` where a field is missing, or has a value that its type does not have."""
    values = {name: read_value(name, kind, fields.get(name)) for name, kind in record.inputs if name in fields}
    missing = [name for name, _ in record.inputs if name not in fields]
    if missing:
        raise ValueError(f"a region has no `{missing[0]}`")
    return {**values, p.PLACED: int(bool(fields.get(p.PLACED, False))), p.DROPPED: 0}


def read_value(name: str, kind: Type, value: Value) -> int:
    """Return a value as `checker.report.values.json_value` writes it; null is an address that was not given, 0. Raises
    `ValueError` where the type has no such value."""
    number = int(value, 0) if isinstance(value, str) else int(value or 0)
    if not 0 <= number < 1 << types.width(kind):
        raise ValueError(f"`{name}` is {value}, which does not fit {types.width(kind)} bits")
    return number
