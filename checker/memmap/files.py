"""Files and the text in them."""

from __future__ import annotations

import codecs

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source
from checker.base.files import read, why
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.remedies import remedy

_PROBE = 64


def load(path: str, limits: Limits = STANDARD) -> bytes | Diagnostic:
    """The bytes of a file, one more than the limit if there are more."""
    try:
        return read(path, limits.map_bytes + 1)
    except (OSError, ValueError) as error:
        return Diagnostic(MapCode.UNREADABLE, f"{path}: {why(error)}", help=remedy(MapCode.UNREADABLE))


def decoded(name: str, data: bytes, limits: Limits = STANDARD) -> Source | Diagnostic:
    """The text: UTF-16 with a byte-order mark (or plainly so without), else UTF-8; bytes that are neither become
    U+FFFD."""
    if len(data) > limits.map_bytes:
        return beyond(limits, "map_bytes", name)
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(data) >= 4 and not any(data[1:_PROBE:2]) and all(data[:_PROBE:2]):
        encoding = "utf-16-le"
    text = data.decode(encoding, "replace")
    # Lines that end as on a teletype, of a capture that took line feeds away.
    return Source(name, text if "\n" in text else text.replace("\r", "\n"))


def too_many_lines(source: Source, limits: Limits) -> Diagnostic | None:
    """Refuse a text of more lines than are read."""
    return beyond(limits, "lines", source.name) if source.text.count("\n") >= limits.lines else None


def too_many_values(source: Source, limits: Limits) -> Diagnostic | None:
    """Refuse a JSON text that could have more values than are read: each takes much more memory than it has
    characters."""
    count = sum(source.text.count(sign) for sign in ",[{\n")
    return beyond(limits, "values", source.name) if count > limits.values else None
