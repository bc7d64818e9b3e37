"""Values by their types: as a person reads them, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from checker import program as p
from checker.interpret import ShownRegion, ShownValue
from checker.program.types import Boolean, Enumeration, Flags, Integer, Quantity, Type
from checker.program.walk import distinct_nodes
from checker.report.shapes.common import Fields, Value

_UNITS = (("EiB", 1 << 60), ("PiB", 1 << 50), ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))


def shown(kind: Type, value: int) -> str:
    """A value as text: names where its type has some, addresses in hex, sizes in the largest unit that divides them."""
    match kind:
        case Boolean():
            return "true" if value else "false"
        case Enumeration():
            return next((name for name, number in kind.members if number == value), f"{kind.name} {value}")
        case Flags():
            return flags(kind, value)
        case Integer(quantity=Quantity.BYTES):
            return size(value)
        case Integer(quantity=Quantity.PAGES):
            return f"{value} page{'' if value == 1 else 's'}"
        case Integer():
            return f"{value:#x}" if kind.is_address else str(value)
        case _:
            assert_never(kind)


def flags(kind: Flags, value: int) -> str:
    """The names of the bits that are set; bits without a name in hex."""
    parts = []
    for name, bits in kind.members:
        if bits and value & bits == bits:
            parts.append(name)
            value &= ~bits
    if value:
        parts.append(f"{value:#x}")
    return "|".join(parts) or "-"


def size(value: int) -> str:
    """A number of bytes, exactly."""
    for unit, count in _UNITS:
        if value and value % count == 0 and value // count < 10_000:
            return f"{value // count} {unit}"
    return f"{value} bytes" if value < 4096 else f"{value:#x} bytes"


def about(value: int) -> str:
    """A number of bytes, roughly if it is not round."""
    exact = size(value)
    if not exact.endswith("bytes") or value < 4096:
        return exact
    unit, count = next((unit, count) for unit, count in _UNITS if value >= count)
    return f"{value / count:.1f} {unit}"


def explained(parts: Iterable[str | ShownValue | ShownRegion]) -> str:
    """An explanation as one sentence."""
    texts = []
    for part in parts:
        match part:
            case ShownValue():
                texts.append(shown(part.type, part.value))
            case ShownRegion():
                of = part.identity
                texts.append(f"entry {of.origin} of {of.beside}" if of.beside else f"region {of}")
            case _:
                texts.append(part)
    return "".join(texts)


def json_value(kind: Type, value: int) -> Value:
    """A value in JSON: addresses and words of flags are hex strings, everything else a number or a truth value."""
    if isinstance(kind, Boolean):
        return bool(value)
    hexadecimal = isinstance(kind, Flags) or (isinstance(kind, Integer) and kind.is_address)
    return f"{value:#x}" if hexadecimal else value


def json_region(record: p.Record, region: Mapping[str, int]) -> Fields:
    """A region in JSON: its fields, and the marks of its record where an algorithm has been at it."""
    return {name: json_value(kind, region[name]) for name, kind in record.fields if name in region}


def json_placed(record: p.Record, region: Mapping[str, int]) -> Fields:
    """A region of a layout in JSON: its fields, and whether it was placed; without that it has no address."""
    shape = json_region(record, region)
    for name in record.placements:
        if not region[record.placed(name)]:
            shape[name] = None
    return {**shape, p.PLACED: bool(region[p.PLACED])}


def page_size(root: p.Tree) -> int | None:
    """The bytes of a page, going by what a program multiplies its page counts with; None if it does not say."""
    found = {factor for node in distinct_nodes(root) if isinstance(node, p.Arith) and (factor := _factor(node))}
    return found.pop() if len(found) == 1 else None


def _factor(node: p.Arith) -> int | None:
    for counted, by in ((node.left, node.right), (node.right, node.left)):
        inner = counted.operand if isinstance(counted, p.Convert) else counted
        kind = inner.type
        if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES and isinstance(by, p.Const):
            if node.op is p.Op.MUL and isinstance(by.type, Integer) and by.type.quantity is not Quantity.PAGES:
                return by.value
            if node.op is p.Op.SHL and by is node.right and isinstance(counted, p.Convert):
                return 1 << by.value
    return None
