"""The text forms of a hand-over are read back as written; what is damaged is pointed at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source
from checker.handover import (
    BootParams,
    EfiFiles,
    EfiInfo,
    SetupDump,
    SetupEntry,
    SetupType,
    read_boot_params,
    read_efi_files,
    read_setup_dump,
    write_boot_params,
    write_setup_dump,
)
from tests.helpers.handover_examples import CAPTURES, efi_infos, u32, u64

RAW = "raw_0x1c0_32_bytes"
HEX = "454c363418b05e7f30000000010000004020777fd01700000000000000000000"

entries = st.lists(st.builds(SetupEntry, u32, st.binary(max_size=100), st.booleans()), max_size=5)


def refused(answer: object, code: MapCode, text: str) -> None:
    """The answer is a diagnostic that points at ``text``."""
    assert isinstance(answer, Diagnostic), answer
    assert answer.span is not None
    assert (answer.code, answer.span.text) == (code, text)
    assert answer.help


def dump(text: str) -> SetupDump | Diagnostic:
    return read_setup_dump(Source("setup_data.hex", text))


def params(text: str) -> BootParams | Diagnostic:
    return read_boot_params(Source("boot_params_efi.json", text))


@given(entries)
def test_setup_data_reads_back_what_was_written(written: list[SetupEntry]) -> None:
    assert dump(write_setup_dump(written)) == SetupDump(tuple(written))


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*/kexec*setup_data.hex")), ids=str)
def test_captured_setup_data_is_written_as_it_was_read(path: Path) -> None:
    read = dump(path.read_text())
    assert isinstance(read, SetupDump)
    assert write_setup_dump(read.entries).split() == path.read_text().split()


def test_a_captured_option_rom_is_known_to_be_cut_short() -> None:
    read = dump((CAPTURES / "q35-2g-nvdimm-pci-6.12" / "setup_data.hex").read_text())
    assert isinstance(read, SetupDump)
    assert [(each.name, len(each.data), each.whole) for each in read.entries] == [("SETUP_PCI", 64, False)] * 2


def test_an_unknown_type_is_kept() -> None:
    read = dump("0 type=0x80000001\n00\n")
    assert isinstance(read, SetupDump)
    assert [each.name for each in read.entries] == ["type 0x80000001"]


def test_an_entry_knows_its_lines() -> None:
    read = dump("0 type=0x9\n1 type=0x4\n00\n01\n\n")
    assert isinstance(read, SetupDump)
    (entry,) = read.of_type(SetupType.EFI)
    assert entry.span is not None
    assert entry.span.text == "1 type=0x4\n00\n01"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("00\n0 type=0x4\n", MapCode.SETUP_HEADING, "00"),
        ("0 type=4\n", MapCode.SETUP_HEADING, "0 type=4"),
        ("0 type=0x4\n...\n00\n", MapCode.SETUP_HEADING, "00"),
        ("1 type=0x4\n", MapCode.SETUP_ORDER, "1"),
        ("0 type=0x9\n2 type=0x4\n", MapCode.SETUP_ORDER, "2"),
        ("0 type=0x9\n0 type=0x4\n", MapCode.SETUP_ORDER, "0"),
        ("0 type=0x100000000\n", MapCode.OUT_OF_RANGE, "100000000"),
        ("0 type=0x4\n0011x3\n", MapCode.SETUP_ROW, "x"),
        ("0 type=0x4\n001x\n", MapCode.SETUP_ROW, "x"),
        ("0 type=0x4\n 001\n", MapCode.SETUP_ROW, "1"),
    ],
)
def test_damaged_setup_data_is_pointed_at(text: str, code: MapCode, place: str) -> None:
    refused(dump(text), code, place)


@given(efi_infos, st.none() | u64)
def test_boot_params_read_back_what_was_written(info: EfiInfo, setup_data: int | None) -> None:
    text = write_boot_params(BootParams(info, setup_data))
    assert isinstance(text, str)
    assert params(text) == BootParams(info, setup_data)


@given(efi_infos)
def test_boot_params_without_raw_bytes_are_taken_from_the_fields(info: EfiInfo) -> None:
    text = write_boot_params(BootParams(info))
    assert isinstance(text, str)
    value = json.loads(text)
    del value[RAW]
    assert params(json.dumps(value)) == BootParams(info)


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*/*boot_params_efi.json")), ids=str)
def test_captured_boot_params_agree_with_themselves(path: Path) -> None:
    answer = params(path.read_text())
    assert isinstance(answer, BootParams)
    assert answer.efi_info.entries in (json.loads(path.read_text())["entries"], None)


def test_captured_boot_params_are_decoded() -> None:
    answer = params((CAPTURES / "q35-2g-6.12" / "boot_params_efi.json").read_text())
    assert answer == BootParams(EfiInfo(0x34364C45, 0x7F5EB018, 48, 1, 0x7F772040, 6096), 0)


def test_numbers_that_do_not_fit_are_not_written() -> None:
    answer = write_boot_params(BootParams(EfiInfo(memmap_size=1 << 32)))
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{", MapCode.JSON_SYNTAX, ""),
        ("[]", MapCode.BOOT_PARAMS_SHAPE, "["),
        ("[" * 100_000, MapCode.JSON_SYNTAX, "["),
        (f'{{"{RAW}": 1}}', MapCode.BOOT_PARAMS_SHAPE, "1"),
        (f'{{"{RAW}": "{HEX[:-1]}x"}}', MapCode.BOOT_PARAMS_SHAPE, f'"{HEX[:-1]}x"'),
        (f'{{"{RAW}": "{HEX[:-1]}"}}', MapCode.BOOT_PARAMS_SHAPE, f'"{HEX[:-1]}"'),
        (f'{{"{RAW}": "{HEX}00"}}', MapCode.BYTES_LEFT, f'"{HEX}00"'),
        (f'{{"{RAW}": "{HEX[2:]}"}}', MapCode.BYTES_MISSING, f'"{HEX[2:]}"'),
        (f'{{"{RAW}": "{HEX}", "memdesc_size": 40}}', MapCode.BOOT_PARAMS_DISAGREE, "40"),
        (f'{{"{RAW}": "{HEX}", "systab": "0x7f5eb019"}}', MapCode.BOOT_PARAMS_DISAGREE, '"0x7f5eb019"'),
        (f'{{"{RAW}": "{HEX}", "entries": 126}}', MapCode.BOOT_PARAMS_DISAGREE, "126"),
        (f'{{"{RAW}": "{HEX}", "signature": "EL32"}}', MapCode.BOOT_PARAMS_DISAGREE, '"EL32"'),
        (f'{{"{RAW}": "{HEX}", "hdr_setup_data": -1}}', MapCode.BOOT_PARAMS_SHAPE, "-1"),
        (f'{{"{RAW}": "{HEX}", "hdr_setup_data": null}}', MapCode.BOOT_PARAMS_SHAPE, "null"),
        ('{"a": 1, "a": 2}', MapCode.JSON_REPEATED_KEY, "2"),
        ('{"systab": 0, "memdesc_size": "48 bytes"}', MapCode.BOOT_PARAMS_SHAPE, '"48 bytes"'),
        ('{"signature": "EFI64"}', MapCode.BOOT_PARAMS_SHAPE, '"EFI64"'),
    ],
)
def test_damaged_boot_params_are_pointed_at(text: str, code: MapCode, place: str) -> None:
    refused(params(text), code, place)


def test_the_files_of_a_running_kernel_are_read() -> None:
    text = (CAPTURES / "q35-2g-6.12" / "kexec1-efi-sysfs.txt").read_text()
    tables = (("ACPI20", 0x7F77D014), ("ACPI", 0x7F77D000), ("SMBIOS", 0x7F520000))
    assert read_efi_files(Source("f", text)) == EfiFiles(0x7F52AA18, 0xFFFFFFFEFF1EBB98, 0x7F5EBC98, 64, tables)


def test_a_kernel_without_efi_shows_nothing() -> None:
    text = (CAPTURES / "q35-4g-smm-6.1rt" / "kexec1-efi-sysfs.txt").read_text()
    assert read_efi_files(Source("f", text)) == EfiFiles()


@pytest.mark.parametrize(
    ("text", "place"),
    [("== runtime\n0x\n", "0x"), ("== fw_vendor\n12\n", "12"), ("== fw_platform_size\n0x40\n", "0x40")],
)
def test_a_file_that_holds_no_number_is_pointed_at(text: str, place: str) -> None:
    refused(read_efi_files(Source("f", text)), MapCode.NUMBER_LINE, place)
