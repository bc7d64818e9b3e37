"""The fixed structures with which one Linux kernel tells the next about EFI, on x86.

``efi_info`` is a part of the boot parameters (``arch/x86/include/uapi/asm/bootparam.h``): 32 bytes at 0x1c0, which say
where the EFI system table and the memory map are. ``setup_data`` is a linked list; an entry of type SETUP_EFI carries
the physical addresses of what the firmware has moved (``struct efi_setup_data``). Everything is little-endian.

Values encode to the bytes that they were decoded from, and decode from the bytes that they were encoded to.
"""

from __future__ import annotations

import struct
from dataclasses import astuple, fields
from enum import IntEnum
from typing import Any, TypeVar

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.memmap.descriptor import U32_MAX, U64_MAX
from checker.memmap.remedies import remedy

EFI_INFO_OFFSET = 0x1C0
"""Where ``efi_info`` stands in the boot parameters."""

EFI_INFO_BYTES = 32
SETUP_HEADER_BYTES = 16
EFI_SETUP_BYTES = 96
"""Bytes that a SETUP_EFI entry carries, its header not counted."""

_EFI_INFO = struct.Struct("<8I")
_SETUP_HEADER = struct.Struct("<QII")
_EFI_SETUP = struct.Struct("<12Q")
_EFI_SETUP_5_7_RC1 = struct.Struct("<11Q")
_RESERVED = 8


class SetupType(IntEnum):
    """Numbers of ``setup_data`` entries in mainline kernels; distributions have used some of them otherwise."""

    NONE = 0
    E820_EXT = 1
    DTB = 2
    PCI = 3
    EFI = 4
    APPLE_PROPERTIES = 5
    JAILHOUSE = 6
    CC_BLOB = 7
    IMA = 8
    RNG_SEED = 9


@frozen
class EfiInfo:
    """``struct efi_info``; the two addresses are put together from their halves."""

    loader_signature: int = 0
    systab: int = 0
    memdesc_size: int = 0
    memdesc_version: int = 0
    memmap: int = 0
    memmap_size: int = 0

    @property
    def signature(self) -> str:
        """The loader's signature as four characters, such as ``EL64``."""
        return self.loader_signature.to_bytes(4, "little").decode("latin-1")

    @property
    def is_absent(self) -> bool:
        """Tell whether all is zero: a kernel told so runs as if there were no EFI."""
        return not any(astuple(self))

    @property
    def entries(self) -> int | None:
        """How many descriptors the map has; ``None`` if its sizes do not say."""
        if not self.memdesc_size or self.memmap_size % self.memdesc_size:
            return None
        return self.memmap_size // self.memdesc_size


@frozen
class SetupNode:
    """An entry of the ``setup_data`` list as it lies in memory; its length field is that of ``data``."""

    next: int
    type: int
    data: bytes


@frozen
class EfiSetup:
    """``struct efi_setup_data``: what a SETUP_EFI entry carries. ``runtime`` may be unused, but has its place."""

    fw_vendor: int
    runtime: int
    tables: int
    smbios: int
    reserved: tuple[int, ...] = (0,) * _RESERVED


@frozen
class EfiSetupWithoutRuntime:
    """The same structure as 5.7-rc1 had it: one member less, so ``tables`` and ``smbios`` stand 8 bytes earlier."""

    fw_vendor: int
    tables: int
    smbios: int
    reserved: tuple[int, ...] = (0,) * _RESERVED


_Setup = TypeVar("_Setup", EfiSetup, EfiSetupWithoutRuntime)
_LAYOUTS: dict[type[EfiSetup | EfiSetupWithoutRuntime], struct.Struct] = {
    EfiSetup: _EFI_SETUP,
    EfiSetupWithoutRuntime: _EFI_SETUP_5_7_RC1,
}


def encode_efi_info(info: EfiInfo) -> bytes | Diagnostic:
    """The 32 bytes of an ``efi_info``."""
    for field in fields(info):
        limit = U64_MAX if field.name in ("systab", "memmap") else U32_MAX
        if not 0 <= getattr(info, field.name) <= limit:
            return _too_wide(field.name, limit)
    return _EFI_INFO.pack(
        info.loader_signature,
        info.systab & U32_MAX,
        info.memdesc_size,
        info.memdesc_version,
        info.memmap & U32_MAX,
        info.memmap_size,
        info.systab >> 32,
        info.memmap >> 32,
    )


def decode_efi_info(data: bytes) -> EfiInfo | Diagnostic:
    """The ``efi_info`` in exactly 32 bytes."""
    wrong = _wrong_length("efi_info", data, EFI_INFO_BYTES)
    if wrong is not None:
        return wrong
    signature, systab, size, version, memmap, memmap_size, systab_hi, memmap_hi = _EFI_INFO.unpack(data)
    return EfiInfo(signature, systab_hi << 32 | systab, size, version, memmap_hi << 32 | memmap, memmap_size)


def encode_setup_node(node: SetupNode) -> bytes | Diagnostic:
    """The header and the data of an entry."""
    for name, value, limit in (("next", node.next, U64_MAX), ("type", node.type, U32_MAX)):
        if not 0 <= value <= limit:
            return _too_wide(name, limit)
    return _SETUP_HEADER.pack(node.next, node.type, len(node.data)) + node.data


def decode_setup_node(data: bytes, offset: int = 0) -> SetupNode | Diagnostic:
    """The entry that begins at ``offset``; what stands behind it is not looked at."""
    if not 0 <= offset <= len(data) - SETUP_HEADER_BYTES:
        message = f"a setup_data header at byte {offset} needs {SETUP_HEADER_BYTES} bytes; there are {len(data)} in all"
        return _problem(MapCode.BYTES_MISSING, message)
    following, kind, length = _SETUP_HEADER.unpack_from(data, offset)
    start = offset + SETUP_HEADER_BYTES
    if length > len(data) - start:
        message = f"the entry at byte {offset} says that it carries {length} bytes; {len(data) - start} are there"
        return _problem(MapCode.BYTES_MISSING, message)
    return SetupNode(following, kind, data[start : start + length])


def decode_setup_chain(image: bytes, *, base: int, first: int) -> tuple[SetupNode, ...] | Diagnostic:
    """The list that begins at address ``first``, in memory that was copied from address ``base`` on."""
    nodes: list[SetupNode] = []
    seen: set[int] = set()
    used = 0
    at = first
    while at:
        if at in seen:
            return _problem(MapCode.CHAIN_LOOP, f"entry {len(nodes) - 1} points back to the entry at {at:#x}")
        seen.add(at)
        if not base <= at < base + len(image):
            return _problem(MapCode.CHAIN_OUTSIDE, f"entry {len(nodes)} should be at {at:#x}, outside the bytes given")
        node = decode_setup_node(image, at - base)
        if isinstance(node, Diagnostic):
            return node
        nodes.append(node)
        used += SETUP_HEADER_BYTES + len(node.data)
        if used > len(image):
            return _problem(
                MapCode.CHAIN_LOOP, f"the first {len(nodes)} entries overlap: together they need {used} bytes"
            )
        at = node.next
    return tuple(nodes)


def encode_efi_setup(setup: EfiSetup | EfiSetupWithoutRuntime) -> bytes | Diagnostic:
    """The bytes that a SETUP_EFI entry carries: 96, or the 88 of 5.7-rc1."""
    *named, reserved = (getattr(setup, field.name) for field in fields(setup))
    if len(reserved) != _RESERVED:
        return _problem(MapCode.OUT_OF_RANGE, f"`reserved` has {_RESERVED} words")
    words = (*named, *reserved)
    for word in words:
        if not 0 <= word <= U64_MAX:
            return _too_wide("each member", U64_MAX)
    return _LAYOUTS[type(setup)].pack(*words)


def decode_efi_setup(data: bytes) -> EfiSetup | Diagnostic:
    """What exactly 96 bytes of a SETUP_EFI entry say."""
    return _decode_setup(EfiSetup, data)


def decode_efi_setup_without_runtime(data: bytes) -> EfiSetupWithoutRuntime | Diagnostic:
    """What exactly 88 bytes say in the layout of 5.7-rc1."""
    return _decode_setup(EfiSetupWithoutRuntime, data)


def read_across(data: bytes, layout: type[_Setup]) -> _Setup:
    """What a kernel with this layout makes of the data of any other: kernels do not look at the length.

    Missing bytes count as zeros, though a kernel would read what happens to lie there.
    """
    size = _LAYOUTS[layout].size
    return _setup_of(layout, data[:size].ljust(size, b"\0"))


def _decode_setup(layout: type[_Setup], data: bytes) -> _Setup | Diagnostic:
    wrong = _wrong_length("efi_setup_data", data, _LAYOUTS[layout].size)
    return _setup_of(layout, data) if wrong is None else wrong


def _setup_of(layout: type[_Setup], data: bytes) -> _Setup:
    words: tuple[int, ...] = _LAYOUTS[layout].unpack(data)
    values: tuple[Any, ...] = (*words[:-_RESERVED], words[-_RESERVED:])
    return layout(**dict(zip((each.name for each in fields(layout)), values, strict=True)))


def _wrong_length(name: str, data: bytes, size: int) -> Diagnostic | None:
    if len(data) == size:
        return None
    if len(data) < size:
        return _problem(MapCode.BYTES_MISSING, f"{name} has {size} bytes; these end at byte {len(data)}")
    return _problem(
        MapCode.BYTES_LEFT, f"{name} has {size} bytes; there are {len(data) - size} more from byte {size} on"
    )


def _too_wide(name: str, limit: int) -> Diagnostic:
    return _problem(MapCode.OUT_OF_RANGE, f"`{name}` is between 0 and {limit:#x}")


def _problem(code: MapCode, message: str) -> Diagnostic:
    return Diagnostic(code, message, help=remedy(code))
