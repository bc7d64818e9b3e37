"""Limits on what a memory map, or what is handed over with it, may cost to be read. The largest real maps have a few
hundred entries, the largest made up for a purpose 200,000."""

from __future__ import annotations

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Span
from checker.base.limits import limit, passed
from checker.base.values import frozen

_CUT = "cut the part out that holds the memory map"
_ONE = "real maps have a few hundred descriptors: give one map"


@frozen
class Limits:
    """The limits of a memory map and of a hand-over."""

    map_bytes: int = limit(48 << 20, "bytes in a map, or in the files of a capture", MapCode.INPUT_TOO_LARGE, _CUT)
    lines: int = limit(250_000, "lines in a file that is no JSON", MapCode.INPUT_TOO_LARGE, _CUT)
    line: int = limit(1 << 20, "characters in a line", MapCode.LINE_TOO_LONG, _CUT)
    values: int = limit(2_000_000, "commas, brackets and lines in a JSON text", MapCode.INPUT_TOO_LARGE, _CUT)
    descriptors: int = limit(250_000, "descriptors in an input", MapCode.TOO_MANY, _ONE)
    lists: int = limit(1_000, "lists in a text", MapCode.TOO_MANY, _ONE)
    folders: int = limit(10_000, "entries in a copy of runtime-map", MapCode.TOO_MANY, _ONE)
    compared: int = limit(4_096, "entries in a map that is compared", MapCode.TOO_MANY_COMPARED, _ONE)
    captured: int = limit(
        32_768, "entries in the maps of a capture", MapCode.TOO_MANY_COMPARED, "leave out some kernels"
    )
    kernels: int = limit(100, "kernels in a capture", MapCode.TOO_MANY_PARTS, "leave out some kernels")
    setup_entries: int = limit(
        1_000, "setup_data entries", MapCode.TOO_MANY_PARTS, "real lists have a few: copy it again"
    )
    steps: int = limit(
        10_000_000, "steps of an algorithm on a map", "C013", "give a smaller map, or a shorter algorithm"
    )


STANDARD = Limits()


def beyond(limits: Limits, name: str, where: str = "", span: Span | None = None) -> Diagnostic:
    """The diagnostic where the limit ``name`` is passed; ``where`` is a file that has no text to point at."""
    message, remedy = passed(limits, name)
    code: str = Limits.__dataclass_fields__[name].metadata["code"]
    return Diagnostic(code, f"{where}: {message}" if where else message, span, help=remedy)
