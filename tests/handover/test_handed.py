"""What a kernel started by kexec was handed: the entries, their order and addresses, and what it finds taken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.handover import marked, number_of, read_handed, with_addresses
from checker.memmap import RUNTIME, Descriptor, Hold, MemoryMap, Reservation, Surroundings, read_path
from checker.memmap.formats.sysfs import in_directory_order
from tests.helpers.places import CAPTURES


def exported(capture: str, number: int) -> list[tuple[int, int]]:
    """Start and address of the entries that a kernel exported."""
    name = f"kexec{number}-runtime-map.json" if number else "runtime-map.json"
    read = read_path(str(CAPTURES / capture / name))
    assert isinstance(read, MemoryMap)
    return [(each.phys_addr, each.virt_addr) for each in read.descriptors]


@pytest.mark.parametrize(
    ("capture", "number"),
    [("q35-512m-6.1", 1), ("q35-512m-6.1", 2), ("pc-384m-2m-6.1", 1), ("pc-384m-2m-6.1", 2), ("q35-1g-6.19", 1)],
)
def test_the_list_arrives_in_the_order_of_the_call_that_was_used(capture: str, number: int) -> None:
    handed = read_handed(str(CAPTURES / capture), number)
    assert isinstance(handed, MemoryMap), handed
    assert [(each.phys_addr, each.virt_addr) for each in handed.descriptors] == exported(capture, number)


def test_directories_are_read_in_an_order_that_is_not_theirs() -> None:
    made = in_directory_order(range(100))
    assert sorted(made) == [*range(100)]
    assert made[:4] == [55, 83, 17, 45]


def test_a_log_that_prints_the_list_tells_its_order() -> None:
    rows = [Descriptor(4, 0x2000, 1, 15), Descriptor(4, 0x1000, 1, 15)]
    before = [Descriptor(4, 0x1000, 1, 15, 0x9000), Descriptor(4, 0x2000, 1, 15, 0xA000)]
    made = with_addresses(rows, before)
    assert not isinstance(made, Diagnostic)
    assert [each.virt_addr for each in made] == [0xA000, 0x9000]


def test_entries_alike_get_their_addresses_in_turn() -> None:
    row = Descriptor(4, 0x1000, 1, 15)
    made = with_addresses([row, row], [Descriptor(4, 0x1000, 1, 15, 0x9000), Descriptor(4, 0x1000, 1, 15, 0xA000)])
    assert not isinstance(made, Diagnostic)
    assert [each.virt_addr for each in made] == [0x9000, 0xA000]


def test_an_entry_that_the_kernel_before_did_not_have_is_told_of() -> None:
    made = with_addresses([Descriptor(4, 0x1000, 1, 15)], [])
    assert isinstance(made, Diagnostic)
    assert "0x1000" in made.message


def test_a_kernel_that_is_not_there_was_handed_nothing_that_is_known() -> None:
    made = read_handed(str(CAPTURES / "q35-512m-6.1"), 7)
    assert isinstance(made, Diagnostic)
    assert "kernel 7 after the first" in made.message


IOMEM = """00000000-00000fff : Reserved
67001000-7affffff : System RAM
  77000000-77e01d31 : Kernel code
  79310000-7a3fffff : Kernel bss
7eaa0000-7eba1fff : Reserved
"""


def test_a_kernel_finds_its_own_image_taken_and_what_is_no_memory_of_it(tmp_path: Path) -> None:
    copy = tmp_path / "capture"
    shutil.copytree(CAPTURES / "q35-2g-kdump-6.1", copy)
    (copy / "kexec1-iomem.txt").write_text(IOMEM)
    handed = read_handed(str(copy), 1)
    assert isinstance(handed, MemoryMap)
    found = [(each.start, each.end) for each in handed.told.reservations]
    assert {(0x77000000, 0x7A400000), (0, 0x67001000), (0x7B000000, 0xFFFF_FFFF_FFFF_F000)} <= set(found)


def test_where_a_kernel_does_not_tell_where_it_lies_its_marks_do() -> None:
    handed = read_handed(str(CAPTURES / "q35-2g-kdump-6.1"), 1)
    assert isinstance(handed, MemoryMap)
    assert sum(each.what == "what the kernel marked" for each in handed.told.reservations) > 90


def test_what_is_marked_for_a_table_is_told_of_by_the_table() -> None:
    entries = [Descriptor(4, 0x1000, 1, RUNTIME), Descriptor(4, 0x9000, 1, RUNTIME), Descriptor(6, 0, 1, RUNTIME)]
    table = Reservation(0x1000, 0x2000, Hold.ESRT, "ESRT")
    assert [each.start for each in marked(entries, Surroundings((table,)))] == [0x9000]


def test_a_log_of_a_capture_is_known_by_its_name() -> None:
    folder = CAPTURES / "q35-512m-6.1"
    assert number_of(str(folder / "kexec2-dmesg-efi.txt")) == 2
    assert number_of(str(folder / "dmesg-efi.txt")) is None
    assert number_of("/nowhere/kexec2-dmesg-efi.txt") is None
