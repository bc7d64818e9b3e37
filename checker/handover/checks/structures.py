"""What is wrong with the bytes that one kernel hands to the next: ``efi_info``, SETUP_EFI, the array of descriptors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.limits import raising
from checker.handover.boot_params import BootParams
from checker.handover.difference import compare
from checker.handover.efi_files import EfiFiles
from checker.handover.findings import entries, examples, finding
from checker.handover.setup_dump import SetupDump
from checker.handover.structures import (
    EFI_SETUP_BYTES,
    EfiInfo,
    EfiSetup,
    EfiSetupWithoutRuntime,
    SetupType,
    decode_efi_setup,
    read_across,
)
from checker.memmap.descriptor import U64_MAX, Descriptor
from checker.memmap.formats.raw import DESCRIPTOR_BYTES, DESCRIPTOR_VERSION, EDK2_STRIDE, decode_array, stride_problem
from checker.memmap.limits import STANDARD, Limits

_STRIDES = (DESCRIPTOR_BYTES, EDK2_STRIDE)
_NO_TABLE = U64_MAX
"""EFI_INVALID_TABLE_ADDR of Linux: a table that the firmware does not have."""


def check_efi_info(info: EfiInfo, before: BootParams | None) -> Iterator[Diagnostic]:
    """What is wrong with an ``efi_info``; ``before`` is what the old kernel was told."""
    if info.is_absent:
        message = "efi_info is all zero: the new kernel runs as if there were no EFI, and says nothing about it"
        yield finding(Severity.ERROR, FindingCode.EFI_ABSENT, message)
        return
    wrong = stride_problem(info.memdesc_size)
    if wrong is not None:
        yield finding(Severity.ERROR, FindingCode.SIZES, wrong)
    elif info.entries is None:
        message = f"memmap_size {info.memmap_size} is not a multiple of memdesc_size {info.memdesc_size}"
        yield finding(Severity.ERROR, FindingCode.SIZES, message)
    elif info.memdesc_size not in _STRIDES:
        message = f"a descriptor size of {info.memdesc_size} is allowed, but neither 40 nor 48"
        yield finding(Severity.NOTE, FindingCode.STRIDE_UNUSUAL, message)
    if info.memdesc_version != DESCRIPTOR_VERSION:
        message = f"the descriptor version is {info.memdesc_version}, not {DESCRIPTOR_VERSION}"
        yield finding(Severity.ERROR, FindingCode.VERSION, message)
    for name, address in (("systab", info.systab), ("memmap", info.memmap)):
        if not address:
            yield finding(Severity.ERROR, FindingCode.NO_POINTER, f"the address `{name}` in efi_info is 0")
    if info.signature == "EL32":
        message = "the firmware has 32 bits (EL32): a 64-bit kernel may give its runtime services up after kexec"
        yield finding(Severity.WARNING, FindingCode.FIRMWARE_32_BIT, message)
    if before is not None and not before.efi_info.is_absent:
        yield from _changed_info(before.efi_info, info)


def _changed_info(before: EfiInfo, info: EfiInfo) -> Iterator[Diagnostic]:
    if before.memdesc_size != info.memdesc_size:
        message = f"the descriptor size is {info.memdesc_size}; the old kernel had {before.memdesc_size}"
        yield finding(Severity.NOTE, FindingCode.STRIDE_CHANGED, message)
    for what, one, other in (
        ("system table is at", f"{before.systab:#x}", f"{info.systab:#x}"),
        ("loader signature is", repr(before.signature), repr(info.signature)),
    ):
        if one != other:
            message = f"the {what} {other}; for the old kernel it was {one}"
            yield finding(Severity.ERROR, FindingCode.SYSTEM_TABLE_CHANGED, message)


def check_count(info: EfiInfo, exported: Sequence[Descriptor], *, complete: bool) -> Iterator[Diagnostic]:
    """Tell whether as many entries are handed over as were exported; fewer may be where the export is not
    ``complete``."""
    if info.is_absent or info.entries is None or info.entries == len(exported):
        return
    severity = Severity.ERROR if complete or info.entries > len(exported) else Severity.WARNING
    message = f"efi_info describes {entries(info.entries)}, the old kernel exports {len(exported)}"
    yield finding(severity, FindingCode.COUNT_DIFFERS, message)


def check_setup(dump: SetupDump, before: EfiFiles | None) -> Iterator[Diagnostic]:
    """What is wrong with the SETUP_EFI entry; ``before`` is what the old kernel shows of its own pointers."""
    found = dump.of_type(SetupType.EFI)
    if not found:
        message = "no SETUP_EFI entry: the new kernel takes the firmware's moved pointers for physical ones"
        yield finding(Severity.ERROR, FindingCode.NO_SETUP_EFI, message)
        return
    if len(found) > 1:
        message = f"there are {len(found)} SETUP_EFI entries; the last one counts"
        yield finding(Severity.WARNING, FindingCode.SETUP_EFI_REPEATED, message)
    entry = found[-1]
    if not entry.whole:
        message = "the bytes of the SETUP_EFI entry were not copied whole"
        yield finding(Severity.WARNING, FindingCode.NOT_GIVEN, message)
        return
    setup = decode_efi_setup(entry.data)
    if isinstance(setup, Diagnostic):
        message = f"the SETUP_EFI entry carries {len(entry.data)} bytes, not {EFI_SETUP_BYTES}: {_misread(entry.data)}"
        yield finding(Severity.ERROR, FindingCode.SETUP_EFI_SIZE, message)
        return
    skewed = read_across(entry.data, EfiSetupWithoutRuntime)
    shifted = before is not None and before.config_table not in (None, 0, setup.tables)
    if before is not None and shifted and skewed.tables == before.config_table:
        message = f"SETUP_EFI was written without the member `runtime`, as by 5.7-rc1: {_misread(entry.data)}"
        yield finding(Severity.ERROR, FindingCode.LAYOUT_SKEW, message)
        return
    yield from _check_pointers(setup)
    if before is not None:
        yield from _check_against(setup, before)


def _check_pointers(setup: EfiSetup) -> Iterator[Diagnostic]:
    for name, value, severity in (
        ("tables", setup.tables, Severity.ERROR),
        ("fw_vendor", setup.fw_vendor, Severity.WARNING),
    ):
        if not value:
            yield finding(severity, FindingCode.TABLES_ZERO, f"`{name}` in SETUP_EFI is 0")
    if not setup.runtime:
        message = "`runtime` in SETUP_EFI is 0, as the kernel's own kexec_file_load() leaves it: kernels from 5.7 on "
        yield finding(Severity.NOTE, FindingCode.RUNTIME_ZERO, message + "do not use it, older ones need it")
    if not setup.smbios:
        message = "`smbios` in SETUP_EFI is 0: the new kernel then mends no entry of the configuration table"
        yield finding(Severity.WARNING, FindingCode.SMBIOS_ZERO, message)
    elif setup.smbios == _NO_TABLE:
        message = "`smbios` in SETUP_EFI says that there is no such table"
        yield finding(Severity.NOTE, FindingCode.SMBIOS_INVALID, message)
    if any(setup.reserved):
        message = "reserved words of SETUP_EFI are not zero"
        yield finding(Severity.WARNING, FindingCode.RESERVED_USED, message)


def _check_against(setup: EfiSetup, before: EfiFiles) -> Iterator[Diagnostic]:
    for name, value, shown, severity in (
        ("fw_vendor", setup.fw_vendor, before.fw_vendor, Severity.WARNING),
        ("runtime", setup.runtime, before.runtime, Severity.WARNING),
        ("tables", setup.tables, before.config_table, Severity.ERROR),
        ("smbios", setup.smbios, before.table("SMBIOS"), Severity.WARNING),
    ):
        if value and shown is not None and value not in (shown, _NO_TABLE):
            message = f"`{name}` in SETUP_EFI is {value:#x}; the old kernel shows {shown:#x}"
            yield finding(severity, FindingCode.POINTER_DIFFERS, message)


def _misread(data: bytes) -> str:
    """What kernels of both layouts make of the data."""
    usual, short = read_across(data, EfiSetup), read_across(data, EfiSetupWithoutRuntime)
    return (
        f"read with `runtime`, tables is {usual.tables:#x} and smbios {usual.smbios:#x}; "
        f"without it, {short.tables:#x} and {short.smbios:#x}"
    )


def check_array(
    data: bytes, info: EfiInfo, exported: Sequence[Descriptor] | None, *, addressed: bool, limits: Limits = STANDARD
) -> list[Diagnostic]:
    """What is wrong with the array of descriptors itself."""
    if len(data) != info.memmap_size:
        message = f"the array has {len(data)} bytes, efi_info says {info.memmap_size}"
        return [finding(Severity.ERROR, FindingCode.ARRAY_SIZE, message)]
    array = decode_array(data, stride=info.memdesc_size, limits=limits)
    if isinstance(array, Diagnostic):
        return [finding(Severity.ERROR, FindingCode.ARRAY_SIZE, f"the array cannot be read: {array.message}")]
    if len(array.records) > limits.compared:
        message = f"the array has {len(array.records)} descriptors; {raising('compared')}"
        return [finding(Severity.ERROR, FindingCode.ARRAY_SIZE, message)]
    findings = []
    if exported is not None:
        difference = compare(exported, array.descriptors, addressed=addressed)
        if not difference.same_layout:
            lost, new = difference.gone, difference.new
            message = f"the array lacks {entries(len(lost))} of the exported map and has {len(new)} others: "
            message += examples((*lost, *new))
            findings.append(finding(Severity.ERROR, FindingCode.ARRAY_DIFFERS, message, (*lost, *new)))
    padded = tuple(record.descriptor for record in array.records if record.pad or record.tail)
    if padded:
        message = f"{entries(len(padded))} of the array carry bytes that mean nothing and are not zero"
        findings.append(finding(Severity.NOTE, FindingCode.ARRAY_PADDING, message, padded))
    return findings
