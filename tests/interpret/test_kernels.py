"""What kernels make of rare maps, as models have it; `python -m tests.kernels` holds compiled kernels against them."""

from __future__ import annotations

import pytest

from checker.base.diagnostic import Diagnostic
from checker.interpret import Layout
from checker.layouts.lay_out import lay_out
from checker.library import find_algorithm
from checker.memmap import Descriptor, Hold, Reservation, Surroundings

RUNTIME = 1 << 63
WB = 0xF
CODE, DATA, RUNTIME_DATA = 3, 4, 6


def made_by(model: str, regions: list[Descriptor], *tables: Reservation, **settings: str) -> Layout:
    chosen = find_algorithm(model)
    assert not isinstance(chosen, Diagnostic)
    layout = lay_out(chosen.algorithm, regions, settings, around=Surroundings(tables))
    assert isinstance(layout, Layout)
    return layout


def listed(layout: Layout) -> list[tuple[int, int, bool]]:
    """The list that is exported: where each entry begins, its pages, and whether it is marked RUNTIME."""
    regions = [layout.regions[index] for index in layout.exported]
    return [(each["phys_addr"], each["num_pages"], bool(each["attribute"] & RUNTIME)) for each in regions]


BOOT_SERVICES = [Descriptor(CODE, 0x10_0000, 2, WB), Descriptor(DATA, 0x20_0000, 4, WB)]


@pytest.mark.parametrize("model", ["linux-x86-4-9", "linux-x86-4-20", "linux-x86-5-7"])
def test_a_list_of_which_nothing_would_be_left_stays_as_it_was(model: str) -> None:
    settings = {"efi_debug": "false"} if model == "linux-x86-5-7" else {}
    assert listed(made_by(model, BOOT_SERVICES, **settings)) == [(0x20_0000, 4, False), (0x10_0000, 2, False)]
    more = [*BOOT_SERVICES, Descriptor(RUNTIME_DATA, 0x30_0000, 1, RUNTIME | WB)]
    assert listed(made_by(model, more, **settings)) == [(0x30_0000, 1, True)]


def test_a_table_that_is_refused_marks_no_piece_that_another_one_makes() -> None:
    halves = [Descriptor(DATA, 0x20_0000, 4, WB), Descriptor(DATA, 0x20_4000, 4, WB)]
    across = Reservation(0x20_2000, 0x20_6000, Hold.ESRT, "ESRT")
    inside = Reservation(0x20_5000, 0x20_6000, Hold.MOKVAR, "MOKvar")
    made = made_by("linux-x86-5-7", halves, across, inside, efi_debug="false")
    assert listed(made) == [(0x20_5000, 1, True)]


@pytest.mark.parametrize(
    ("model", "pieces"),
    [
        ("linux-x86-kexec-4-10", [(0x20_0000, 4, True)]),
        ("linux-x86-kexec", [(0x20_0000, 1, True), (0x20_1000, 1, True), (0x20_2000, 2, True)]),
    ],
)
def test_what_is_marked_is_split_again_from_5_5_on(model: str, pieces: list[tuple[int, int, bool]]) -> None:
    handed = [Descriptor(DATA, 0x20_0000, 4, RUNTIME | WB, 0xFFFF_FFFE_FFE0_0000)]
    table = Reservation(0x20_1000, 0x20_2000, Hold.ESRT, "ESRT")
    assert listed(made_by(model, handed, table)) == pieces


@pytest.mark.parametrize(("model", "marked"), [("linux-x86-4-10", True), ("linux-x86-4-19", False)])
def test_runtime_data_without_its_mark_was_reserved_in_up_to_4_18(model: str, marked: bool) -> None:
    unmarked = [Descriptor(RUNTIME_DATA, 0x20_0000, 1, WB)]
    table = Reservation(0x20_0000, 0x20_1000, Hold.ESRT, "ESRT")
    assert listed(made_by(model, unmarked, table)) == ([(0x20_0000, 1, True)] if marked else [])


def test_from_4_20_on_what_is_given_back_is_mapped_nowhere() -> None:
    regions = [*BOOT_SERVICES, Descriptor(RUNTIME_DATA, 0x30_0000, 1, RUNTIME | WB)]
    kept = made_by("linux-x86-4-19", regions).regions
    unmapped = made_by("linux-x86-4-20", regions).regions
    assert [bool(each["placed"]) for each in kept] == [True, True, True]
    assert [bool(each["placed"]) for each in unmapped] == [False, False, True]
    assert [each["virt_addr"] for each in kept] == [each["virt_addr"] for each in unmapped]


def test_only_in_mixed_mode_all_memory_is_mapped_and_from_5_5_on_none_that_has_a_purpose() -> None:
    special = [Descriptor(7, 0x10_0000, 1, WB | 0x4_0000), Descriptor(7, 0x20_0000, 1, WB)]
    both, one = [(0x10_0000, 1, False), (0x20_0000, 1, False)], [(0x20_0000, 1, False)]
    assert listed(made_by("linux-x86-mixed-4-19", special)) == both
    assert listed(made_by("linux-x86-mixed-5-5", special)) == one
    assert listed(made_by("linux-x86-5-5", special)) == []
