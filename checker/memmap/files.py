"""Files and the text in them."""

from __future__ import annotations

import codecs

from checker.diagnostic import Diagnostic, Source
from checker.memmap.codes import Code, remedy
from checker.memmap.limits import MAX_INPUT_BYTES

_PROBE = 64


def load(path: str) -> bytes | Diagnostic:
    """The bytes of a file, one more than the limit if there are more."""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Diagnostic(Code.UNREADABLE, f"{path}: {reason}", help=remedy(Code.UNREADABLE))


def decoded(name: str, data: bytes) -> Source | Diagnostic:
    """The text: UTF-16 with a byte-order mark (or plainly so without), else UTF-8; bytes that are neither become
    U+FFFD."""
    if len(data) > MAX_INPUT_BYTES:
        message = f"{name} is larger than {MAX_INPUT_BYTES} bytes"
        return Diagnostic(Code.INPUT_TOO_LARGE, message, help=remedy(Code.INPUT_TOO_LARGE))
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(data) >= 4 and not any(data[1:_PROBE:2]) and all(data[:_PROBE:2]):
        encoding = "utf-16-le"
    return Source(name, data.decode(encoding, "replace"))
