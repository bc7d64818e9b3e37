"""Numbers of JSON and sysfs maps, and the order of the fields of a descriptor in them."""

from __future__ import annotations

import re

from checker.memmap.descriptor import U32_MAX, U64_MAX

LIMITS: dict[str, int] = {
    "type": U32_MAX,
    "phys_addr": U64_MAX,
    "num_pages": U64_MAX,
    "attribute": U64_MAX,
    "virt_addr": U64_MAX,
}
"""The fields of a descriptor with the largest number each can hold (UEFI 2.10, section 7.2.3)."""

_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,32}")


def number(value: object) -> int | None:
    """An integer, or a string such as ``0x1f``; ``None`` for all else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _HEXADECIMAL.fullmatch(value):
        return int(value, 16)
    return None
