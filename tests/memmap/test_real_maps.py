"""Maps of real machines are read whole, whatever printed them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from checker.memmap import (
    Descriptor,
    Format,
    MemoryMap,
    Origin,
    Reading,
    read_bytes,
    read_path,
    read_runtime_bytes,
    read_runtime_path,
)
from tests.helpers.places import DATA, SHARED

MAPS = DATA / "maps"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAPS / "expected.json").read_text())
INDEX: list[dict[str, Any]] = json.loads((SHARED / "corpus" / "index.json").read_text()) if SHARED.is_dir() else []
CAPTURES = sorted(path.parent for path in (SHARED / "captures").glob("*/dmesg-efi.txt"))


def read(path: Path) -> MemoryMap:
    answer = read_path(str(path))
    assert isinstance(answer, MemoryMap), answer
    return answer


def figures(entries: Iterable[Descriptor]) -> dict[str, Any]:
    entries = list(entries)
    boot = [each for each in entries if each.type in (3, 4)]
    return {
        "entries": len(entries),
        "runtime_entries": sum(each.attribute >> 63 for each in entries),
        "boot_services_entries": len(boot),
        "boot_services_pages": sum(each.num_pages for each in boot),
        "highest_end": hex(max(each.phys_addr + each.num_pages * 4096 for each in entries)),
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_each_format_is_recognised_by_its_content(name: str) -> None:
    memory_map = read(MAPS / name)
    got = figures(memory_map.descriptors) | {"format": memory_map.format.value}
    assert {key: got[key] for key in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "position", "expected"),
    [
        ("linux-x86-type.txt", 2, Descriptor(3, 0x2000, 10, 0xF)),
        ("linux-x86-type.txt", 50, Descriptor(0, 0, 0, 0)),
        ("linux-x86-flags-halfopen.txt", 69, Descriptor(11, 0xFE7E0000000, 0x20000, 0x8000000000000001)),
        ("linux-x86-flags-closed.txt", 41, Descriptor(0, 0x7A700000, 0x100, 0x070000000000000F)),
        ("linux-x86-flags-closed.txt", 48, Descriptor(11, 0xFF000000, 0x1000, 0x800000000000100D)),
        ("linux-generic.txt", 52, Descriptor(2, 0x413FBFF0000, 0x10, 0xF)),
        ("linux-arm64-with-header.txt", 28, Descriptor(11, 0x4000000, 0x4000, 0x8000000000000002)),
        ("uefi-shell-ia64.txt", 18, Descriptor(11, 0xF0000000000, 0x40000, 0x8000000000000001)),
        ("uefi-shell-utf16.txt", 50, Descriptor(0, 0xBB000000, 0x4800, 0)),
        ("uboot.txt", 13, Descriptor(5, 0x3FF00000, 0x10, 0x8000000000000008)),
        ("xen.txt", 54, Descriptor(11, 0xFF000000, 0x1000, 0x800000000000100D)),
        ("freebsd.txt", 0, Descriptor(11, 0x1E88180, 1, 1 << 63, 0x1E88180)),
        ("grub.txt", 2, Descriptor(6, 0x7EF6000, 0x14, 0x8000000000000008)),
        ("haiku.txt", 25, Descriptor(5, 0xBFF51000, 2, 0x8000000000000008, 0xBFF51000)),
        ("mikanos.csv", 42, Descriptor(10, 0x7F78000, 0x88, 0xF)),
        ("mikanos-columns.txt", 48, Descriptor(6, 0xFFC00000, 0x400, 0x8000000000000001)),
        ("uefi-rs.txt", 2, Descriptor(6, 0x7CF0000, 0x100, 0x800000000000000F)),
        ("uefi-rs.txt", 4, Descriptor(0x80000000, 0xFE00000000, 0x300000, 0)),
        ("uefi-rs-old-pretty.txt", 1, Descriptor(5, 0x7EAED000, 0x100, 0x8000000000000008)),
        ("uboot-efi-mem.txt", 4, Descriptor(5, 0x1F9EF000, 0x100, 0x800000000000000F)),
        ("edk2-debug.txt", 0, Descriptor(6, 0x7E8ED000, 0x100, 0x800000000000000F)),
        ("e820.txt", 0, Descriptor(7, 0, 0x9F, 0)),
        ("e820.txt", 1, Descriptor(0, 0x9F000, 1, 0)),
        ("e820.txt", 6, Descriptor(7, 0x100000000, 0x40000, 0x40000)),
        ("iomem.txt", 3, Descriptor(11, 0xC0000, 10, 0)),
        ("uefi-lessons.txt", 114, Descriptor(11, 0xFFC00000, 0x400, 0x8000000000000001)),
        ("esx-boot.txt", 0, Descriptor(2, 0x713D4000, 0xC2, 0xF)),
        ("runtime-map.json", 0, Descriptor(11, 0xFFC00000, 0x400, 0x8000000000000001, 0xFFFFFFFEFFC00000)),
    ],
)
def test_an_entry_reads_as_it_was_printed(name: str, position: int, expected: Descriptor) -> None:
    assert read(MAPS / name).descriptors[position] == expected


def test_of_two_lists_in_a_kernel_log_the_first_is_the_map() -> None:
    memory_map = read(MAPS / "linux-two-lists.txt")
    assert memory_map.origin is Origin.FIRMWARE
    assert memory_map.descriptors[0].phys_addr == 0


def test_the_second_list_can_be_asked_for() -> None:
    memory_map = read_runtime_path(str(MAPS / "linux-two-lists.txt"))
    assert isinstance(memory_map, MemoryMap)
    assert memory_map.origin is Origin.KERNEL
    assert len(memory_map.descriptors) == 104
    assert memory_map.descriptors[0] == Descriptor(11, 0xFFC00000, 0x400, 0x8000000000000001)


def test_a_log_without_a_second_list_says_so() -> None:
    answer = read_runtime_bytes("log", (MAPS / "linux-x86-type.txt").read_bytes())
    assert not isinstance(answer, MemoryMap)
    assert answer.code == "M160"


def test_a_log_that_holds_the_second_list_alone_gives_that() -> None:
    lines = (MAPS / "linux-two-lists.txt").read_text().splitlines(keepends=True)
    marker = next(i for i, line in enumerate(lines) if "EFI runtime memory map:" in line)
    answer = read_bytes("log", "".join(lines[marker:]).encode())
    assert isinstance(answer, MemoryMap)
    assert (answer.origin, len(answer.descriptors)) == (Origin.KERNEL, 104)


def test_of_two_boots_in_one_log_the_first_is_read() -> None:
    first = (MAPS / "linux-x86-type.txt").read_bytes()
    answer = read_bytes("log", first + (MAPS / "linux-x86-flags-halfopen.txt").read_bytes())
    assert isinstance(answer, MemoryMap)
    assert answer.format == Format("linux-x86-type")


def test_of_two_boots_that_print_no_numbers_the_first_is_read_too() -> None:
    rows = (MAPS / "linux-generic.txt").read_bytes()
    answer = read_bytes("log", rows + b"[    0.000000] Linux version 6.1.0\n" + rows)
    assert isinstance(answer, MemoryMap)
    assert len(answer.descriptors) == 53


def test_a_console_log_may_hold_the_lists_of_several_programs() -> None:
    parts = ["uboot.txt", "grub.txt", "linux-arm64-with-header.txt"]
    text = b"\n=> bootefi\n".join((MAPS / part).read_bytes() for part in parts)
    known = {"uboot-efidebug": read_bytes("uboot", (MAPS / parts[0]).read_bytes())}
    known["linux-generic-efi-init"] = read_bytes("kernel", (MAPS / parts[2]).read_bytes())
    for number, name in ((1, "uboot-efidebug"), (3, "linux-generic-efi-init"), (None, "linux-generic-efi-init")):
        answer, alone = read_bytes("console", text, reading=Reading(number=number)), known[name]
        assert isinstance(answer, MemoryMap) and isinstance(alone, MemoryMap)
        assert (answer.format.value, answer.descriptors) == (name, alone.descriptors)


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["file"])
def test_every_map_of_the_collection_agrees_with_its_index(entry: dict[str, Any]) -> None:
    memory_map = read(SHARED / "corpus" / entry["file"])
    entries = memory_map.descriptors
    assert memory_map.format.value == entry["format"]
    got = figures(entries)
    assert got["entries"] == entry["entries"]
    assert got["boot_services_entries"] == entry["boot_services_entries"]
    assert got["boot_services_pages"] == entry["total_boot_services_pages"]
    assert got["highest_end"] == entry["highest_end"]
    assert sum(each.num_pages == 0 for each in entries) == entry["zero_length_entries"]
    assert sum(each.phys_addr % 4096 != 0 for each in entries) == entry["unaligned_entries"]
    if entry["format"] != "mikanos-csv":  # its attribute word is cut off above the low bits
        assert got["runtime_entries"] == entry["runtime_entries"]
        assert sum(e.num_pages for e in entries if e.attribute >> 63) == entry["runtime_pages"]


@pytest.mark.parametrize("capture", [c for c in CAPTURES if c.is_dir()], ids=lambda path: path.name)
def test_both_lists_of_a_capture_are_read(capture: Path) -> None:
    log = capture / "dmesg-efi.txt"
    text = log.read_text(errors="replace")
    firmware, _, kernel = text.partition("EFI runtime memory map:")
    if "arm64" in capture.name:
        assert len(read(log).descriptors) == sum(bool(re.search(r"efi:   0x.*\[", line)) for line in text.splitlines())
    elif "efi: mem00" in firmware:
        assert len(read(log).descriptors) == len(re.findall(r"efi: mem\d+: ", firmware))
        second = read_runtime_path(str(log))
        assert isinstance(second, MemoryMap)
        assert len(second.descriptors) == len(re.findall(r"efi: mem\d+: ", kernel))
    else:
        assert not isinstance(read_path(str(log)), MemoryMap)


@pytest.mark.parametrize(
    "path", sorted((SHARED / "captures").glob("*/*map*.json")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_every_captured_runtime_map_is_read(path: Path) -> None:
    raw = json.loads(path.read_text())
    answer = read_path(str(path))
    if not raw:
        assert not isinstance(answer, MemoryMap)
        assert answer.code == "M101"
        return
    assert isinstance(answer, MemoryMap)
    fields = ("type", "phys_addr", "num_pages", "attribute", "virt_addr")
    assert [Descriptor(*(int(each[f], 16) for f in fields)) for each in raw] == list(answer.descriptors)
