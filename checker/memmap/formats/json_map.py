"""The project's own JSON: ``{"regions": [{"type": 6, "phys_addr": "0x...", "num_pages": 1, ...}]}``.

Read with either kind of number in every field, also as a bare list, or under ``map`` as counterexamples have it.
Other
keys are ignored. ``virt_addr`` may be absent or ``null``; both are address 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, JSONDecoder, scanstring  # type: ignore[attr-defined]
from typing import NamedTuple

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.memmap.descriptor import Descriptor, Format, MemoryMap
from checker.memmap.files import too_many_values
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.numbers import LIMITS, number
from checker.memmap.remedies import remedy
from checker.memmap.text.row_grammar import shown

JSON = Format("json")

_LISTS = ("regions", "map")
_BEGIN = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{\]])')
_BLANK = re.compile(r"[ \t\n\r]*")


class _RepeatedKeyError(Exception):
    """Two equal keys in one object."""


def looks_like_json(text: str) -> bool:
    """Tell whether the text begins as a JSON map does (a kernel log begins with ``[`` and a number)."""
    return _BEGIN.match(text) is not None


def read_json(source: Source, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map of a JSON text."""
    wrong = too_many_values(source, limits)
    if wrong is not None:
        return wrong
    try:
        value = json.loads(source.text, object_pairs_hook=_object)
    except _RepeatedKeyError as repeated:
        return _answer(
            source,
            _repeated_key(source.text),
            MapCode.JSON_REPEATED_KEY,
            f"the key `{shown(str(repeated))}` is there twice",
        )
    except JSONDecodeError as error:
        place = min(error.pos, len(source.text))
        return _answer(source, (place, min(place + 1, len(source.text))), MapCode.JSON_SYNTAX, f"not JSON: {error.msg}")
    except (RecursionError, ValueError):
        return _answer(
            source, (0, 1), MapCode.JSON_SYNTAX, "not JSON that can be a map: too deep, or a number too long"
        )
    regions = value
    if isinstance(value, dict):
        regions = next((value[key] for key in _LISTS if key in value), None)
    if not isinstance(regions, list):
        return _answer(source, (0, 1), MapCode.JSON_SHAPE, "expected a list of regions, or an object with `regions`")
    if len(regions) > limits.descriptors:
        return beyond(limits, "descriptors", source.name)
    if not regions:
        return _answer(source, (0, 1), MapCode.NO_MAP, "the list of regions is empty")
    descriptors = []
    for index, region in enumerate(regions):
        descriptor = _descriptor(region)
        if not isinstance(descriptor, Descriptor):
            code, key, message = descriptor
            return _answer(source, _place(source.text, index, key), code, message)
        descriptors.append(descriptor)
    return MemoryMap(tuple(descriptors), JSON, source.name)


def write_json(memory_map: MemoryMap) -> str:
    """The map as JSON that ``read_json`` reads back: addresses and attributes are hexadecimal strings."""
    regions = [
        {
            "type": each.type,
            "phys_addr": f"{each.phys_addr:#x}",
            "num_pages": each.num_pages,
            "attribute": f"{each.attribute:#x}",
            "virt_addr": f"{each.virt_addr:#x}",
        }
        for each in memory_map.descriptors
    ]
    rows = ",\n".join(f"  {json.dumps(region)}" for region in regions)
    return f'{{"regions": [\n{rows}\n]}}\n' if rows else '{"regions": []}\n'


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedKeyError(key)
            seen.add(key)
    return made


def _descriptor(region: object) -> Descriptor | tuple[MapCode, str | None, str]:
    """The descriptor of a region, or what is wrong with which key."""
    if not isinstance(region, dict):
        return MapCode.JSON_SHAPE, None, "a region is an object with type, phys_addr, num_pages and attribute"
    fields = []
    for key, limit in LIMITS.items():
        value = region.get(key)
        if key == "virt_addr" and value is None:
            fields.append(0)
            continue
        if key not in region:
            return MapCode.JSON_SHAPE, None, f"this region has no `{key}`"
        read = number(value)
        if read is None:
            return MapCode.JSON_SHAPE, key, f'`{key}` should be a whole number or a string such as "0x1000"'
        if not 0 <= read <= limit:
            return MapCode.OUT_OF_RANGE, key, f"`{key}` is between 0 and {limit:#x}"
        fields.append(read)
    return Descriptor(*fields)


class _Item(NamedTuple):
    """Find a member of an object or list: its key (or index) and its value, as offsets."""

    key: str | int
    key_start: int
    start: int
    end: int


def _items(text: str, start: int) -> Iterator[_Item]:
    """The members of the object or list that begins at ``start``; the text is known to be JSON."""
    decoder = JSONDecoder()
    position = _skip(text, start + 1)
    count = 0
    while text[position] not in "]}":
        key: str | int = count
        key_start = position
        if text[start] == "{":
            key, position = scanstring(text, position + 1)
            position = _skip(text, _skip(text, position) + 1)
        _, end = decoder.raw_decode(text, position)
        yield _Item(key, key_start, position, end)
        count += 1
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _list_start(text: str) -> int:
    start = _skip(text, 0)
    if text[start] == "[":
        return start
    places = {item.key: item.start for item in _items(text, start)}
    return next((places[key] for key in _LISTS if key in places), start)


def _place(text: str, index: int, key: str | None) -> tuple[int, int]:
    """Find a region, or the value of one of its keys."""
    region = next(item for item in _items(text, _list_start(text)) if item.key == index)
    if key is not None:
        return next((item.start, item.end) for item in _items(text, region.start) if item.key == key)
    return region.start, region.end


def _repeated_key(text: str) -> tuple[int, int]:
    """Find the second of two equal keys, in the outermost objects; else the beginning.

    The text may stop being JSON behind the repeated key.
    """
    start = _skip(text, 0)
    try:
        return _find_repeated_key(text, start)
    except (IndexError, RecursionError, ValueError):
        return start, start + 1


def _find_repeated_key(text: str, start: int) -> tuple[int, int]:
    objects = [start] if text[start] == "{" else []
    listed = _list_start(text)
    if text[listed] == "[":
        objects += [item.start for item in _items(text, listed) if text[item.start] == "{"]
    for begin in objects:
        seen: set[str | int] = set()
        for item in _items(text, begin):
            if item.key in seen:
                return item.key_start, item.key_start + len(json.dumps(item.key))
            seen.add(item.key)
    return start, start + 1


def _answer(source: Source, place: tuple[int, int], code: MapCode, message: str) -> Diagnostic:
    return Diagnostic(code, message, Span(source, *place), help=remedy(code))
