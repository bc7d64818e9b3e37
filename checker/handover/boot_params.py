"""The EFI part of the boot parameters, decoded into JSON with the raw bytes beside it.

``raw_0x1c0_32_bytes`` holds the 32 bytes in hexadecimal, and they count; a decoded field beside them (``signature``,
``systab``, ``memdesc_size``, ``memdesc_version``, ``memmap``, ``memmap_size``, ``entries``) must agree with them.
Without them those fields are taken, all but ``entries``. ``hdr_setup_data`` is the address of the first ``setup_data``
entry. Other keys are ignored.
"""

from __future__ import annotations

import json
import re
from dataclasses import field, fields

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.handover.structures import EFI_INFO_BYTES, EfiInfo, decode_efi_info, encode_efi_info
from checker.memmap.descriptor import U64_MAX
from checker.memmap.files import too_many_values
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.numbers import number
from checker.memmap.remedies import remedy

RAW_KEY = "raw_0x1c0_32_bytes"
_VALUE = re.compile(r'\s*+:\s*+("(?:[^"\\]++|\\.)*+"|[^,}\s]*+)')
"""What follows a key."""

_DIGITS = re.compile(r"[0-9a-fA-F]*")


@frozen
class BootParams:
    """What a kernel was told about EFI, and where its ``setup_data`` list begins (``None`` if that is not known)."""

    efi_info: EfiInfo
    setup_data: int | None = None
    source: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


class _RepeatedKeyError(Exception):
    """Two equal keys in one object."""


def read_boot_params(source: Source, limits: Limits = STANDARD) -> BootParams | Diagnostic:
    """The boot parameters in a JSON text."""
    wrong = too_many_values(source, limits)
    if wrong is not None:
        return wrong
    try:
        value = json.loads(source.text, object_pairs_hook=_object)
    except _RepeatedKeyError as repeated:
        key = str(repeated)
        return _problem(
            MapCode.JSON_REPEATED_KEY, f"a key is there twice: {json.dumps(key)[:60]}", _span(source, key, 1)
        )
    except json.JSONDecodeError as error:
        place = min(error.pos, len(source.text))
        span = Span(source, place, min(place + 1, len(source.text)))
        return _problem(MapCode.JSON_SYNTAX, f"not JSON: {error.msg}", span)
    except (RecursionError, ValueError):
        return _problem(MapCode.JSON_SYNTAX, "not JSON that can be boot parameters", Span(source, 0, 1))
    if not isinstance(value, dict):
        return _problem(MapCode.BOOT_PARAMS_SHAPE, "expected an object", Span(source, 0, 1))
    if RAW_KEY in value:
        info = _from_raw(source, value[RAW_KEY])
        if isinstance(info, EfiInfo):
            wrong = _disagreement(source, value, info)
            if wrong is not None:
                return wrong
    else:
        info = _from_fields(source, value)
    if isinstance(info, Diagnostic):
        return info
    setup_data = None
    if "hdr_setup_data" in value:
        setup_data = number(value["hdr_setup_data"])
        if setup_data is None or not 0 <= setup_data <= U64_MAX:
            message = f"`hdr_setup_data` is an address between 0 and {U64_MAX:#x}"
            return _problem(MapCode.BOOT_PARAMS_SHAPE, message, _span(source, "hdr_setup_data"))
    return BootParams(info, setup_data, source.name, _span(source, RAW_KEY))


def write_boot_params(params: BootParams) -> str | Diagnostic:
    """The text that ``read_boot_params`` reads back."""
    info = params.efi_info
    raw = encode_efi_info(info)
    if isinstance(raw, Diagnostic):
        return raw
    value: dict[str, object] = {RAW_KEY: raw.hex(), **_decoded(info)}
    if params.setup_data is not None:
        value["hdr_setup_data"] = f"{params.setup_data:#x}"
    return json.dumps(value, indent=1) + "\n"


def _decoded(info: EfiInfo) -> dict[str, object]:
    return {
        "signature": info.signature,
        "systab": f"{info.systab:#x}",
        "memdesc_size": info.memdesc_size,
        "memdesc_version": info.memdesc_version,
        "memmap": f"{info.memmap:#x}",
        "memmap_size": info.memmap_size,
    }


def _from_raw(source: Source, raw: object) -> EfiInfo | Diagnostic:
    if not isinstance(raw, str):
        return _problem(MapCode.BOOT_PARAMS_SHAPE, "expected a string of hexadecimal digits", _span(source, RAW_KEY))
    match = _DIGITS.match(raw)
    if match is None or match.end() < len(raw) or len(raw) % 2:
        wrong = match.end() if match else 0
        message = f"expected pairs of hexadecimal digits; the trouble is at character {wrong}"
        return _problem(MapCode.BOOT_PARAMS_SHAPE, message, _span(source, RAW_KEY))
    info = decode_efi_info(bytes.fromhex(raw))
    if isinstance(info, Diagnostic):
        help_text = f"`{RAW_KEY}` holds {2 * EFI_INFO_BYTES} hexadecimal digits"
        return Diagnostic(info.code, info.message, _span(source, RAW_KEY), help=help_text)
    return info


def _from_fields(source: Source, value: dict[str, object]) -> EfiInfo | Diagnostic:
    found: dict[str, int] = {}
    for each in fields(EfiInfo):
        key = each.name
        if key == "loader_signature":
            text = value.get("signature", "")
            if not isinstance(text, str) or len(text) > 4 or any(ord(letter) > 0xFF for letter in text):
                return _problem(MapCode.BOOT_PARAMS_SHAPE, "`signature` is four characters", _span(source, "signature"))
            found[key] = int.from_bytes(text.encode("latin-1"), "little")
            continue
        read = number(value.get(key))
        if read is None:
            message = f"there is neither `{RAW_KEY}` nor a number under `{key}`"
            return _problem(MapCode.BOOT_PARAMS_SHAPE, message, _span(source, key))
        found[key] = read
    info = EfiInfo(**found)
    encoded = encode_efi_info(info)
    if isinstance(encoded, Diagnostic):
        return Diagnostic(encoded.code, encoded.message, Span(source, 0, 1), help=encoded.help)
    return info


def _disagreement(source: Source, value: dict[str, object], info: EfiInfo) -> Diagnostic | None:
    """The first decoded field that the raw bytes contradict."""
    said: dict[str, object] = {**_decoded(info), "entries": info.entries or 0}
    for key, expected in said.items():
        if key not in value or (key == "entries" and info.entries is None):
            continue
        given = value[key]
        agrees = given == expected if key == "signature" else number(given) == number(expected)
        if not agrees:
            message = f"`{key}` does not agree with `{RAW_KEY}`, which says {json.dumps(expected)}"
            return _problem(MapCode.BOOT_PARAMS_DISAGREE, message, _span(source, key))
    return None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedKeyError(key)
            seen.add(key)
    return made


def _span(source: Source, key: str, skip: int = 0) -> Span:
    """Where the value of a key stands (the ``skip``-th repetition), as far as can be told; else the beginning."""
    quoted, at = json.dumps(key), -1
    while (at := source.text.find(quoted, at + 1)) >= 0:
        match = _VALUE.match(source.text, at + len(quoted))
        if match is not None and skip == 0:
            return Span(source, match.start(1), match.end(1))
        skip -= match is not None
    return Span(source, 0, min(1, len(source.text)))


def _problem(code: MapCode, message: str, span: Span) -> Diagnostic:
    return Diagnostic(code, message, span, help=remedy(code))
