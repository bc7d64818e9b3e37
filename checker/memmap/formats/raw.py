"""Arrays of EFI_MEMORY_DESCRIPTOR as they lie in memory (UEFI 2.10, section 7.2.3): what ``efi_info`` points at.

A record is, little-endian, u32 type, u32 of padding, u64 phys_addr, virt_addr, num_pages and attribute: 40 bytes. The
stride between records is a property of the array: 48 where edk2 made it, 40 where U-Boot or kexec-tools did, and any
other multiple of 8 from 40 upwards is as good. Padding and the bytes past the fortieth mean nothing, but are kept, so
that an array that was decoded encodes to the same bytes.

Nothing in such an array says that it is one, or what its stride is. Readers that go by content therefore never take it;
it has to be asked for, with the stride.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.memmap.descriptor import U32_MAX, Descriptor, Format, MemoryMap
from checker.memmap.files import load
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.numbers import LIMITS
from checker.memmap.remedies import remedy

RAW = Format("efi-descriptors")

DESCRIPTOR_BYTES = 40
"""Bytes of a record that mean something; the smallest stride."""

DESCRIPTOR_VERSION = 1
"""EFI_MEMORY_DESCRIPTOR_VERSION, the only one there has been."""

EDK2_STRIDE = 48
"""The stride of edk2's arrays."""

_RECORD = struct.Struct("<IIQQQQ")


@dataclass(frozen=True, slots=True)
class Record:
    """A descriptor in its array: ``pad`` stands behind the type, ``tail`` behind it, less the zeros that end it."""

    descriptor: Descriptor
    pad: int = 0
    tail: bytes = b""


@frozen
class DescriptorArray:
    """Records at a fixed distance from each other."""

    records: tuple[Record, ...]
    stride: int = EDK2_STRIDE
    version: int = DESCRIPTOR_VERSION

    @property
    def descriptors(self) -> tuple[Descriptor, ...]:
        """The descriptors alone, in order."""
        return tuple(record.descriptor for record in self.records)


def array_of(descriptors: Iterable[Descriptor], *, stride: int = EDK2_STRIDE) -> DescriptorArray:
    """An array of these descriptors, padded with zeros."""
    return DescriptorArray(tuple(map(Record, descriptors)), stride)


def stride_problem(stride: int) -> str | None:
    """Return the reason why a number cannot be a stride."""
    if stride < DESCRIPTOR_BYTES:
        return f"a descriptor size of {stride} is less than the {DESCRIPTOR_BYTES} bytes that a descriptor needs"
    if stride % 8:
        return f"a descriptor size of {stride} is not a multiple of 8"
    return None


def encode_array(array: DescriptorArray, limits: Limits = STANDARD) -> bytes | Diagnostic:
    """The bytes of an array."""
    wrong = _unfit(array.stride, array.version)
    if wrong is not None:
        return wrong
    made = bytearray()
    tail_bytes = array.stride - DESCRIPTOR_BYTES
    if array.stride * len(array.records) > limits.map_bytes:
        return beyond(limits, "map_bytes")
    for index, record in enumerate(array.records):
        each = record.descriptor
        for name, limit in LIMITS.items():
            if not 0 <= getattr(each, name) <= limit:
                return _problem(MapCode.OUT_OF_RANGE, f"descriptor {index}: `{name}` is between 0 and {limit:#x}")
        if not 0 <= record.pad <= U32_MAX:
            return _problem(MapCode.OUT_OF_RANGE, f"descriptor {index}: the padding is between 0 and {U32_MAX:#x}")
        if len(record.tail) > tail_bytes:
            message = f"descriptor {index}: {len(record.tail)} bytes do not fit behind it at a stride of {array.stride}"
            return _problem(MapCode.BYTES_LEFT, message)
        made += _RECORD.pack(each.type, record.pad, each.phys_addr, each.virt_addr, each.num_pages, each.attribute)
        made += record.tail.ljust(tail_bytes, b"\0")
    return bytes(made)


def decode_array(
    data: bytes, *, stride: int, version: int = DESCRIPTOR_VERSION, limits: Limits = STANDARD
) -> DescriptorArray | Diagnostic:
    """The array in ``data``, whole."""
    wrong = _unfit(stride, version)
    if wrong is not None:
        return wrong
    count, left = divmod(len(data), stride)
    if left:
        message = f"descriptor {count} at byte {count * stride} is cut: {left} of its {stride} bytes are there"
        return _problem(MapCode.PARTIAL_DESCRIPTOR, message)
    if count > limits.descriptors:
        return beyond(limits, "descriptors")
    records = []
    for start in range(0, len(data), stride):
        kind, pad, phys_addr, virt_addr, num_pages, attribute = _RECORD.unpack_from(data, start)
        descriptor = Descriptor(kind, phys_addr, num_pages, attribute, virt_addr)
        records.append(Record(descriptor, pad, data[start + DESCRIPTOR_BYTES : start + stride].rstrip(b"\0")))
    return DescriptorArray(tuple(records), stride, version)


def read_raw_path(path: str, *, stride: int, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map in a file that holds a raw array and nothing else."""
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else read_raw_bytes(path, data, stride=stride, limits=limits)


def read_raw_bytes(name: str, data: bytes, *, stride: int, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map in a raw array that the user knows as ``name``; an empty array is no map."""
    if len(data) > limits.map_bytes:
        return beyond(limits, "map_bytes", name)
    array = decode_array(data, stride=stride, limits=limits)
    if isinstance(array, Diagnostic):
        return Diagnostic(array.code, f"{name}: {array.message}", help=array.help)
    if not array.records:
        return _problem(MapCode.NO_MAP, f"{name} is empty")
    return MemoryMap(array.descriptors, RAW, name)


def _unfit(stride: int, version: int) -> Diagnostic | None:
    wrong = stride_problem(stride)
    if wrong is not None:
        return _problem(MapCode.STRIDE, wrong)
    if stride > U32_MAX:
        return _problem(MapCode.OUT_OF_RANGE, f"a descriptor size is at most {U32_MAX:#x}")
    if version != DESCRIPTOR_VERSION:
        return _problem(MapCode.DESCRIPTOR_VERSION, f"descriptor version {version} is not known")
    return None


def _problem(code: MapCode, message: str) -> Diagnostic:
    return Diagnostic(code, message, help=remedy(code))
