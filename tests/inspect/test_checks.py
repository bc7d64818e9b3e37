"""Each fault of a map is found, with its regions; a map in order has none."""

from __future__ import annotations

import pytest

from checker.base.codes import FindingCode
from checker.inspect import Machine, machine_of
from checker.inspect.checks import CHECKS
from checker.inspect.checks.page_tables import regions_that_break
from tests.helpers.maps import PC, UC, WB, Row, inspected, map_of, told

HEAD, TAIL = PC[:4], PC[4:]
LOW_RAM, RAM, BOOT, DATA, CODE, FLASH = PC

FAULTY: dict[str, tuple[tuple[Row, ...], list[tuple[str, str, list[int]]]]] = {
    "zeros": ((*PC, ("ReservedMemoryType", 0, 0, 0)), [("M330", "warning", [6])]),
    "no pages": ((*HEAD, ("RuntimeServicesCode", 0x7F010000, 0, WB), FLASH), [("M331", "error", [4])]),
    "no pages, not runtime": ((*HEAD, ("LoaderData", 0x7F010000, 0, 0xF), *TAIL), [("M331", "warning", [4])]),
    "past the end": ((*PC, ("ReservedMemoryType", 0xFFFFFFFFFFFFE000, 3, 0xF)), [("M334", "error", [6])]),
    "in the last page": ((*PC, ("ReservedMemoryType", 0xFFFFFFFFFFFFF000, 1, 0xF)), [("M334", "error", [6])]),
    "negative count": ((*PC, ("ReservedMemoryType", 0x100000000, (1 << 64) - 1, 0xF)), [("M334", "error", [6])]),
    "bytes for pages": ((*PC, ("ReservedMemoryType", 0x100000000, 1 << 46, 0xF)), [("M352", "error", [6])]),
    "between pages": ((*HEAD, ("RuntimeServicesCode", 0x7F010800, 16, WB), FLASH), [("M335", "warning", [4])]),
    "overlap": ((*HEAD, ("RuntimeServicesCode", 0x7F00F000, 16, WB), FLASH), [("M350", "error", [3, 4])]),
    "overlap, not runtime": ((RAM, ("ACPIMemoryNVS", 0x200000, 1, 0xF), CODE), [("M350", "warning", [0, 1])]),
    "twice": ((*PC[:5], CODE, FLASH), [("M350", "error", [4, 5])]),
    "inside, far apart": (
        (RAM, ("LoaderData", 0x200000, 1, 0xF), ("LoaderCode", 0x300000, 1, 0xF), CODE),
        [("M350", "warning", [0, 1, 2])],
    ),
    "unsorted": ((*PC, ("ReservedMemoryType", 0xA0000, 0x60, 0xF)), [("M351", "note", [6])]),
    "without RUNTIME": ((*HEAD, ("RuntimeServicesCode", 0x7F010000, 16, 0xF), FLASH), [("M353", "error", [4])]),
    "RUNTIME masked": (
        tuple((name, start, pages, attribute & 0xF) for name, start, pages, attribute in PC),
        [("M353", "error", [3, 4]), ("M354", "warning", [])],
    ),
    "nothing runtime": (PC[:3], [("M354", "warning", [])]),
    "boot services kept": ((*HEAD, ("BootServicesCode", 0x7F020000, 1, WB), FLASH), [("M355", "warning", [4])]),
    "the kernel's memory kept": (
        (
            *HEAD,
            CODE,
            ("LoaderCode", 0x7F020000, 1, WB),
            ("LoaderData", 0x7F021000, 1, WB),
            ("ConventionalMemory", 0x7F022000, 1, WB),
            FLASH,
        ),
        [("M359", "warning", [5, 6, 7])],
    ),
    "no caching": ((*PC[:5], ("MemoryMappedIO", 0xFFC00000, 0x400, 1 << 63)), [("M356", "note", [5])]),
    "frame of 64 KiB": (
        (
            ("ConventionalMemory", 0x40000000, 0x100, 8),
            ("RuntimeServicesCode", 0x7F000000, 8, WB & ~7),
            ("MemoryMappedIO", 0x7F008000, 1, UC),
        ),
        [("M357", "warning", [1, 2])],
    ),
    "large page": ((*PC[:5], ("MemoryMappedIO", 0x7F100000, 1, UC)), [("M358", "note", [3, 4, 5])]),
    "above 128 TiB": ((*PC, ("MemoryMappedIO", 1 << 47, 1, UC)), [("M364", "warning", [6])]),
    "across 512 GiB": ((*PC, ("MemoryMappedIO", (512 << 30) - 0x1000, 2, UC)), [("M365", "warning", [6])]),
    "up to 512 GiB": ((*PC, ("MemoryMappedIO", (512 << 30) - 0x1000, 1, UC)), []),
    "one GiB": ((*PC, ("MemoryMappedIO", 0x2000000000, 0x40000, UC)), []),
    "two GiB": ((*PC, ("MemoryMappedIO", 0x2000000000, 0x80000, UC)), [("M366", "warning", [6])]),
}
"""By what is wrong: a map, and the findings about it."""


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_found_with_its_regions(fault: str) -> None:
    rows, expected = FAULTY[fault]
    assert told(inspected(map_of(rows))) == expected


def test_a_map_in_order_has_no_finding() -> None:
    assert told(inspected(map_of(PC))) == []


@pytest.mark.parametrize("model", ["linux-x86-reversed", "linux-x86-forward"])
def test_an_image_is_torn_apart_by_the_model_that_does_so(model: str) -> None:
    expected = [("M362", "warning", [3, 4])] if model == "linux-x86-forward" else []
    assert told(inspected(map_of(PC), model)) == expected


@pytest.mark.parametrize(
    ("model", "remedy"), [("linux-x86-forward", "on x86-64 since 4.3"), ("efi-stub-packed", "boot with `efi=novamap`")]
)
def test_what_keeps_an_image_together_is_told_for_the_kernels_that_the_model_is_of(model: str, remedy: str) -> None:
    image = map_of((("RuntimeServicesCode", 0x7F000000, 15, WB), ("RuntimeServicesData", 0x7F00F000, 15, WB)))
    (torn,) = [each for each in inspected(image, model).findings if each.code == "M362"]
    assert remedy in torn.help
    assert "M362" not in [code for code, _, _ in told(inspected(image, "efi-stub-novamap"))]


def test_regions_for_which_the_window_has_no_room_are_named() -> None:
    rows = (*PC, ("MemoryMappedIO", 0x1000000000, (64 << 18) - 0x500, UC))
    (full,) = [each for each in told(inspected(map_of(rows))) if each[0] == "M360"]
    assert full == ("M360", "error", [2, 3, 4])


def test_what_fits_in_one_order_only_is_told() -> None:
    large = ("MemoryMappedIO", 0x1000000000, (64 << 18) - (18 << 8), UC)
    codes = [code for code, _, _ in told(inspected(map_of((*PC, large))))]
    assert "M360" not in codes
    assert "M361" in codes
    smaller = ("MemoryMappedIO", 0x1000000000, (64 << 18) - (64 << 8), UC)
    assert "M361" not in [code for code, _, _ in told(inspected(map_of((*PC, smaller))))]


def test_a_whole_gib_is_at_an_address_where_a_page_of_it_maps_the_memory_below() -> None:
    rows = (("MemoryMappedIO", 0x80000000, 1 << 19, UC), ("MemoryMappedIO", 0x200000, 512, UC))
    assert ("M367", "warning", [0]) in told(inspected(map_of(rows)))
    aligned = (("MemoryMappedIO", 0x80000000, 1 << 19, UC),)
    assert "M367" not in [code for code, _, _ in told(inspected(map_of(aligned)))]


def test_more_than_a_gib_is_told_where_it_is_so_of_the_address_in_the_window_alone() -> None:
    region = ("MemoryMappedIO", 0x2020000000, 3 << 17, UC)
    assert "M366" not in [code for code, _, _ in told(inspected(map_of((region, *PC))))]
    before_it = ("MemoryMappedIO", 0x3000000000, 900 << 8, UC)
    assert ("M366", "warning", [0]) in told(inspected(map_of((region, *PC, before_it))))


def test_the_rules_are_those_of_the_module_that_is_proved() -> None:
    """What is never asked keeps them; what is at their edges breaks one of them, or keeps it, as the module says."""
    regions = map_of(tuple(("MemoryMappedIO", start, pages, UC) for start, pages in EDGES)).descriptors
    for rule, broken in BROKEN.items():
        found = regions_that_break(rule, [(each, each.phys_addr) for each in regions])
        assert [each.phys_addr for each in found] == broken, rule
    (two_gib,) = map_of((("MemoryMappedIO", 0x200000, 2 << 18, UC),)).descriptors
    assert regions_that_break("gib_in_step", [(two_gib, 0xFFFFFFFE7FE00000)]) == [two_gib]
    assert regions_that_break("gib_in_step", [(two_gib, 0xFFFFFFFE40200000)]) == []


EDGES = ((0x3FFFF000, 1), (0x3FFFF000, 2), (0x7FFFFFF000, 1), (0x7FFFFFF000, 2), (0xC0001000, 0x80000), (1 << 47, 1))
BROKEN = {
    "in_lower_half": [1 << 47],
    "in_one_table": [0x7FFFFFF000],
    "in_two_tables": [0xC0001000],
    "gib_in_step": [],
}

KERNELS = (0xFFFFFFFEFFC00000, 0xFFFFFFFEFFA00000 + 0x10000, 0xFFFFFFFEFFA00000)
"""Addresses of the last three regions of PC, highest first, as Linux gives them."""


def test_a_kernels_own_list_is_not_held_to_what_firmware_promises() -> None:
    rows = (FLASH, CODE, DATA, ("BootServicesData", 0x7D100000, 1, WB))
    assert told(inspected(map_of(rows, (*KERNELS, 0xFFFFFFFEFF900000)))) == []


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ((0xFFFFFFFF80000000, *KERNELS[1:]), ("M363", "error", [0])),
        ((0xFFFFFFEEFFFFF000, *KERNELS[1:]), ("M363", "error", [0])),
        ((KERNELS[0], 0, KERNELS[2]), ("M332", "error", [1])),
        ((KERNELS[0], KERNELS[2], KERNELS[2]), ("M333", "error", [1, 2])),
    ],
)
def test_virtual_addresses_that_cannot_be_right_are_found(
    addresses: tuple[int, ...], expected: tuple[str, str, list[int]]
) -> None:
    assert expected in told(inspected(map_of((FLASH, CODE, DATA), addresses)))


def test_other_kernels_have_other_addresses() -> None:
    packed = (0x20000000, 0x20410000, 0x20400000)
    assert told(inspected(map_of((FLASH, CODE, DATA), packed))) == []


def test_the_worst_is_told_first() -> None:
    rows = (
        *PC,
        ("ReservedMemoryType", 0xA0000, 0x60, 0xF),
        ("LoaderData", 0, 0, 0xF),
        ("RuntimeServicesData", 0x7F020000, 1, 0xF),
    )
    assert [severity for _, severity, _ in told(inspected(map_of(rows)))] == ["error", "warning", "note"]


def test_equal_entries_are_numbered_one_after_the_other() -> None:
    zero = ("ReservedMemoryType", 0, 0, 0)
    assert told(inspected(map_of((zero, *PC, zero)))) == [("M330", "warning", [0, 7])]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (PC, Machine.PC),
        ((("ConventionalMemory", 0, 0x10000, 8),), Machine.OTHER),
        ((("ConventionalMemory", 0x40000000, 0x10000, 8),), Machine.OTHER),
        ((DATA, CODE), Machine.UNKNOWN),
        ((RAM, CODE), Machine.UNKNOWN),
    ],
)
def test_a_pc_is_known_by_the_hole_for_its_screen(rows: tuple[Row, ...], kind: Machine) -> None:
    assert machine_of(map_of(rows).descriptors) is kind


def test_a_machine_that_is_no_pc_is_not_held_to_its_window() -> None:
    board = (("ConventionalMemory", 0x40000000, 0x10000, 8), CODE, ("BootServicesCode", 0x100000000, 0x1000000, 8))
    made = inspected(map_of(board))
    assert (told(made), made.model, made.room) == ([], None, None)


def test_the_room_in_the_window_adds_up() -> None:
    room = inspected(map_of(PC)).room
    assert room is not None
    assert (room.whole, room.used) == (64 << 30, (0x700 + 16 + 16 + 0x400) << 12)
    assert 0 < room.lost < 4 * (2 << 20)


def test_a_file_of_checks_is_in_the_table() -> None:
    assert len({check.__module__ for check in CHECKS}) == len(CHECKS) == 8


def test_every_code_of_a_check_is_met_by_a_test() -> None:
    mine = {code.value for code in FindingCode if "M350" <= code.value <= "M367"}
    met = {code for _, expected in FAULTY.values() for code, _, _ in expected}
    assert mine - met == {"M360", "M361", "M362", "M363", "M367"}
