"""`mapproof compare`: what differs between two maps of one machine, and what that breaks."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.compare.effects import Compared, e820_of, effects
from checker.compare.maps import Change, MapChanges, end_of, map_changes, strips
from checker.memmap import ATTRIBUTES, RUNTIME, TYPES, Descriptor, MemoryMap, write_json
from checker.memmap.formats.json_map import JSON
from tests.helpers.command import mapproof
from tests.helpers.places import CAPTURES, DATA

PAGE = 0x1000
ACPI, RAM, BOOT = (TYPES[name] for name in ("ACPIReclaimMemory", "ConventionalMemory", "BootServicesData"))
CODE, DATA_ = (TYPES[name] for name in ("RuntimeServicesCode", "RuntimeServicesData"))
WB, XP, UC = (ATTRIBUTES[name] for name in ("WB", "XP", "UC"))


def entry(kind: int, start: int, end: int, attribute: int = WB, virtual: int = 0) -> Descriptor:
    return Descriptor(kind, start * PAGE, end - start, attribute, virtual)


def differences(
    first: Sequence[Descriptor], second: Sequence[Descriptor], *, addressed: bool = False
) -> list[tuple[tuple[Change, ...], int, int]]:
    """How entries differ, and how many of each list."""
    found = map_changes(first, second, addressed=addressed).changes
    return [(each.how, len(each.before), len(each.after)) for each in found]


def broken(first: Sequence[Descriptor], second: Sequence[Descriptor], *, addressed: bool = False) -> list[str]:
    changes = map_changes(first, second, addressed=addressed)
    return [str(each.code) for each in effects(Compared(first, second, changes, addressed))]


# An ACPI region that slid by three pages, as on laptops whose firmware allocates it anew at each boot.
SLID = (
    [entry(RAM, 0, 0x865), entry(ACPI, 0x865, 0x872), entry(RAM, 0x872, 0x900)],
    [entry(RAM, 0, 0x862), entry(ACPI, 0x862, 0x86F), entry(RAM, 0x86F, 0x900)],
)


def test_an_acpi_region_that_slid_has_moved_and_resume_is_refused() -> None:
    assert ((Change.MOVED,), 1, 1) in differences(*SLID)
    assert broken(*SLID) == ["M380"]


def test_what_boot_services_use_otherwise_breaks_nothing() -> None:
    first = [entry(RAM, 0, 0x100), entry(BOOT, 0x100, 0x200)]
    second = [entry(RAM, 0, 0x180), entry(BOOT, 0x180, 0x200)]
    assert len(differences(first, second)) == 2
    assert e820_of(first) == e820_of(second)
    assert broken(first, second) == []


NEIGHBOURS = [entry(RAM, 0, 0x10), entry(ACPI, 0x10, 0x20), entry(ACPI, 0x20, 0x30), entry(RAM, 0x30, 0x40)]


@pytest.mark.parametrize(
    "second",
    [
        NEIGHBOURS[::-1],
        [NEIGHBOURS[1], NEIGHBOURS[0], NEIGHBOURS[3], NEIGHBOURS[2]],
        [*NEIGHBOURS, NEIGHBOURS[1]],
        [*NEIGHBOURS, entry(ACPI, 0x18, 0x28)],
        [entry(RAM, 0, 0x40), *NEIGHBOURS],
        [*NEIGHBOURS, entry(DATA_, 0x80, 0x80)],
    ],
    ids=["backwards", "shuffled", "duplicate", "overlap", "overlap of a lower kind", "empty"],
)
def test_the_e820_table_is_the_memory_not_the_list(second: list[Descriptor]) -> None:
    """The kernel sorts and merges it before it is hashed for hibernation."""
    assert e820_of(second) == e820_of(NEIGHBOURS)
    assert "M380" not in broken(NEIGHBOURS, second)


def test_soft_reserved_neighbours_stay_apart_unless_the_list_has_them_in_a_row() -> None:
    first, second = entry(RAM, 0, 0x10, WB | ATTRIBUTES["SP"]), entry(RAM, 0x10, 0x20, WB | ATTRIBUTES["SP"])
    assert len(e820_of([first, second])) == 1
    assert len(e820_of([second, first])) == 2


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (NEIGHBOURS[:3], NEIGHBOURS, "0 entries gone, 1 new; RAM 0x30000-0x3ffff is new"),
        (NEIGHBOURS, NEIGHBOURS[:3], "1 entry gone, 0 new; RAM 0x30000-0x3ffff, in the second is not there"),
        ([entry(RAM, 0, 0x40)], NEIGHBOURS, "1 entry gone, 3 new; ACPI data 0x10000-0x2ffff is new"),
        (NEIGHBOURS[:2], NEIGHBOURS[:3], "ACPI data 0x10000-0x1ffff, in the second 0x10000-0x2ffff"),
    ],
)
def test_what_refuses_resume_is_an_entry_that_differs(
    first: list[Descriptor], second: list[Descriptor], said: str
) -> None:
    changes = map_changes(first, second, addressed=False)
    (found,) = [each for each in effects(Compared(first, second, changes, False)) if str(each.code) == "M380"]
    assert said in found.message


@pytest.mark.parametrize(
    ("second", "how"),
    [
        (entry(DATA_, 0x10, 0x20, RUNTIME | WB), None),
        (entry(DATA_, 0x12, 0x22, RUNTIME | WB), (Change.MOVED,)),
        (entry(DATA_, 0x10, 0x28, RUNTIME | WB), (Change.GREW,)),
        (entry(DATA_, 0x14, 0x20, RUNTIME | WB), (Change.SHRANK,)),
        (entry(DATA_, 0x12, 0x28, RUNTIME | WB), (Change.MOVED, Change.GREW)),
        (entry(CODE, 0x10, 0x20, RUNTIME | WB), (Change.RETYPED,)),
        (entry(DATA_, 0x10, 0x20, RUNTIME | WB | XP), (Change.ATTRIBUTES,)),
        (entry(DATA_, 0x12, 0x22, RUNTIME | WB | XP), (Change.MOVED, Change.ATTRIBUTES)),
    ],
)
def test_an_entry_is_found_again(second: Descriptor, how: tuple[Change, ...] | None) -> None:
    first = entry(DATA_, 0x10, 0x20, RUNTIME | WB)
    assert differences([first], [second]) == ([] if how is None else [(how, 1, 1)])


def test_an_entry_of_another_type_elsewhere_is_another_one() -> None:
    found = differences([entry(DATA_, 0x10, 0x20)], [entry(ACPI, 0x40, 0x50)])
    assert found == [((Change.GONE,), 1, 0), ((Change.NEW,), 0, 1)]


def test_a_region_that_was_split_is_the_sum_of_its_parts() -> None:
    whole = [entry(CODE, 0x10, 0x20, RUNTIME | WB)]
    parts = [entry(CODE, 0x10, 0x18, RUNTIME | WB), entry(DATA_, 0x18, 0x20, RUNTIME | WB | XP)]
    assert differences(whole, parts) == [((Change.SPLIT, Change.RETYPED, Change.ATTRIBUTES), 1, 2)]
    assert differences(parts, whole) == [((Change.MERGED, Change.RETYPED, Change.ATTRIBUTES), 2, 1)]
    assert broken(whole, parts) == ["M384"]
    assert broken(parts, whole) == []


def test_parts_with_a_hole_between_them_are_no_split() -> None:
    found = differences([entry(CODE, 0x10, 0x20)], [entry(CODE, 0x10, 0x17), entry(CODE, 0x18, 0x20)])
    assert all(Change.SPLIT not in how for how, _, _ in found)


def test_the_order_of_the_list_counts() -> None:
    first = [entry(DATA_, 0x10, 0x20, RUNTIME | WB), entry(CODE, 0x20, 0x30, RUNTIME | WB)]
    found = map_changes(first, first[::-1], addressed=False)
    assert (found.changes, found.in_order, found.equal) == ((), False, False)
    assert "M386" in broken(first, first[::-1])


def test_memory_that_is_no_longer_runtime_is_told_and_what_a_kernel_had_marked_is_not() -> None:
    first = [entry(DATA_, 0x10, 0x20, RUNTIME | WB), entry(BOOT, 0x20, 0x30, RUNTIME | WB)]
    second = [entry(DATA_, 0x10, 0x18, RUNTIME | WB), entry(BOOT, 0x20, 0x30, WB)]
    assert "M382" in broken(first, second)
    assert "M382" not in broken(first[1:], second[1:])


def test_another_cacheability_of_runtime_memory_is_told() -> None:
    first, second = [entry(DATA_, 0x10, 0x20, RUNTIME | WB)], [entry(DATA_, 0x10, 0x20, RUNTIME | UC)]
    assert broken(first, second) == ["M383"]


def test_large_pages_are_counted_where_addresses_allow_them() -> None:
    first = [entry(DATA_, 0x200, 0x600, RUNTIME | WB, 0xFFFFFFFEFF000000)]
    second = [entry(DATA_, 0x200, 0x600, RUNTIME | WB, 0xFFFFFFFEFF001000)]
    assert broken(first, second, addressed=True) == ["M381", "M385"]
    assert broken(second, first, addressed=True) == ["M381"]


def test_an_address_that_differs_is_a_difference_only_where_both_have_some() -> None:
    first = [entry(DATA_, 0x10, 0x20, RUNTIME | WB, 0x1000)]
    second = [entry(DATA_, 0x10, 0x20, RUNTIME | WB, 0x2000)]
    assert differences(first, second, addressed=True) == [((Change.ADDRESS,), 1, 1)]
    assert differences(first, second) == []


ENTRIES = st.lists(
    st.builds(
        lambda kind, start, pages, attribute: entry(kind, start, start + pages, attribute),
        st.sampled_from([ACPI, RAM, CODE, DATA_]),
        st.integers(0, 40),
        st.integers(0, 8),
        st.sampled_from([WB, RUNTIME | WB]),
    ),
    max_size=12,
)


@given(ENTRIES, ENTRIES)
def test_every_entry_is_the_same_or_in_one_change(first: list[Descriptor], second: list[Descriptor]) -> None:
    found = map_changes(first, second, addressed=False)
    before = Counter(each for change in found.changes for each in change.before)
    after = Counter(each for change in found.changes for each in change.after)
    common = Counter(first) & Counter(second)
    assert before == Counter(first) - common
    assert after == Counter(second) - common
    assert found.same == common.total()


@given(ENTRIES, ENTRIES)
def test_strips_are_what_the_maps_hold(first: list[Descriptor], second: list[Descriptor]) -> None:
    cut = list(strips(first, second))
    assert all(one.end <= other.start for one, other in pairwise(cut))
    for page in range(60):
        address = page * PAGE
        held = next((each for each in cut if each.start <= address < each.end), None)
        for entries, found in ((first, held and held.before), (second, held and held.after)):
            there = [each for each in entries if each.phys_addr <= address < end_of(each)]
            assert bool(there) == (found is not None)
            assert found is None or found in there


@given(ENTRIES)
def test_a_map_is_equal_to_itself(entries: list[Descriptor]) -> None:
    assert map_changes(entries, entries, addressed=True) == MapChanges((), len(entries), in_order=True)


# --- the command


def written(folder: Path, name: str, entries: Sequence[Descriptor]) -> str:
    (folder / name).write_text(write_json(MemoryMap(tuple(entries), JSON, name)))
    return str(folder / name)


def test_two_boots_are_drawn_side_by_side_in_80_columns(tmp_path: Path) -> None:
    done = mapproof("compare", written(tmp_path, "a.json", SLID[0]), written(tmp_path, "b.json", SLID[1]))
    assert done.returncode == 1, done.stderr
    assert "  moved     ACPIReclaimMemory 0x865000-0x871fff\n            now 0x862000-0x86efff, 12 KiB lower\n" in (
        done.stdout
    )
    assert "error[M380]: " in done.stdout
    drawn = done.stdout[done.stdout.index("  first") :]
    assert "0x862000 |                       |   +-----------------------+\n" in drawn
    assert "0x865000 +-----------------------+   |                       |\n" in drawn
    assert max(map(len, done.stdout.splitlines()[2:])) <= 80


def test_a_capture_and_itself_are_equal() -> None:
    capture = str(CAPTURES / "q35-512m-6.1")
    done = mapproof("compare", capture, capture)
    assert done.returncode == 0
    assert "125 and 125 regions as listed: equal\n" in done.stdout
    assert "104 and 104 regions with addresses: equal\n" in done.stdout


E820 = """BIOS-e820: [mem 0x0000000000100000-0x0000000068864fff] usable
BIOS-e820: [mem 0x0000000068865000-0x0000000068871fff] ACPI data
BIOS-e820: [mem 0x0000000068872000-0x0000000068ffffff] usable
"""
SLID_E820 = E820.replace("68864fff", "68861fff").replace("68865000", "68862000").replace("68871fff", "6886efff")


def test_the_e820_tables_of_two_boots_are_enough(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(E820)
    (tmp_path / "b.txt").write_text(SLID_E820.replace("68872000", "6886f000"))
    done = mapproof("compare", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert done.returncode == 1
    assert "now 0x68862000-0x6886efff, 12 KiB lower\n" in done.stdout
    assert "error[M380]" in done.stdout
    other = mapproof("compare", str(tmp_path / "a.txt"), str(DATA / "maps" / "linux-x86-type.txt"))
    assert other.returncode == 2
    assert "error[M174]" in other.stderr


def test_what_kernels_made_says_nothing_of_the_e820_table() -> None:
    first, second = [entry(DATA_, 0x10, 0x20, RUNTIME | WB)], [entry(DATA_, 0x12, 0x22, RUNTIME | WB)]
    changes = map_changes(first, second, addressed=False)
    compared = Compared(first, second, changes, is_addressed=False, tells_all=False)
    assert [str(each.code) for each in effects(compared)] == ["M382"]


def test_two_kernels_are_compared_by_their_addresses() -> None:
    folder = CAPTURES / "shaped-esrt-mok-6.12"
    done = mapproof("compare", str(folder / "runtime-map.json"), str(folder / "kexec1-runtime-map.json"))
    assert done.returncode == 1
    assert "error[M381]: " in done.stdout
    assert "0x3dfc0000 is at" in done.stdout


def test_many_changes_at_high_addresses_fit_into_80_columns(tmp_path: Path) -> None:
    port, top = TYPES["MemoryMappedIOPortSpace"], 0xF_FFFF_FFF0_0000
    first = written(tmp_path, "a.json", [entry(port, top, top + 0x10, RUNTIME | UC, 1 << 63)])
    second = written(tmp_path, "b.json", [entry(port, top + 0x20, top + 0x30, RUNTIME | WB, 3 << 62)])
    done = mapproof("compare", first, second)
    assert "  moved, attributes, virtual address\n            MemoryMappedIOPortSpace 0xf" in done.stdout
    assert max(map(len, done.stdout.splitlines()[2:])) <= 80


def test_memory_that_is_free_after_boot_is_counted_and_shown_if_asked_for(tmp_path: Path) -> None:
    first = written(tmp_path, "a.json", [entry(RAM, 0, 0x100), entry(BOOT, 0x100, 0x200)])
    second = written(tmp_path, "b.json", [entry(RAM, 0, 0x180), entry(BOOT, 0x180, 0x200)])
    brief, whole = mapproof("compare", first, second), mapproof("compare", first, second, "--all")
    assert brief.returncode == whole.returncode == 1
    assert "2 changes of memory that is free once boot services have ended (--all)\n" in brief.stdout
    assert "  grew      ConventionalMemory 0x0-0xfffff\n" in whole.stdout


def test_json_has_every_change_and_what_it_breaks(tmp_path: Path) -> None:
    done = mapproof(
        *("compare", written(tmp_path, "a.json", SLID[0]), written(tmp_path, "b.json", SLID[1]), "--format", "json")
    )
    said = json.loads(done.stdout)
    assert (said["equal"], said["exit_status"]) == (False, 1)
    (maps,) = said["maps"]
    assert [(each["changes"], each["lasting"]) for each in maps["changes"]] == [
        (["shrank"], False),
        (["moved"], True),
        (["grew"], False),
    ]
    assert [each["code"] for each in maps["breaks"]] == ["M380"]


def test_which_lists_are_compared_can_be_said(tmp_path: Path) -> None:
    log = tmp_path / "console.txt"
    log.write_text("\n".join((DATA / "maps" / name).read_text() for name in ("uboot.txt", "xen.txt")))
    second = mapproof("convert", str(log), "--list", "2", "--to", "json")
    (tmp_path / "second.json").write_text(second.stdout)
    assert "--list 2" in mapproof("compare", str(log), str(log)).stderr
    alike = mapproof("compare", str(log), str(log), "--list", "2")
    assert (alike.returncode, alike.stderr) == (0, "")
    refused = mapproof("compare", str(log), str(log), "--strict")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "error[" in refused.stderr


def test_raw_arrays_are_compared_at_the_stride_that_is_given(tmp_path: Path) -> None:
    for name, entries in zip(("a", "b"), SLID, strict=True):
        rows = (struct.pack("<IIQQQQQ", each.type, 0, each.phys_addr, 0, each.num_pages, WB, 0) for each in entries)
        (tmp_path / name).write_bytes(b"".join(rows))
    words = (str(tmp_path / "a"), str(tmp_path / "b"))
    assert "--stride 48" in mapproof("compare", *words).stderr
    done = mapproof("compare", *words, "--stride", "48")
    assert done.returncode == 1, done.stderr
    assert "now 0x862000-0x86efff, 12 KiB lower\n" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("README.md", "README.md"), "M101"),
        (("missing.txt", "README.md"), "M130"),
        ((str(DATA), str(DATA)), "M101"),
        ((str(DATA / "maps" / "linux-x86-type.txt"), str(CAPTURES / "q35-512m-6.1" / "runtime-map.json")), "M174"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_remedy(words: tuple[str, ...], code: str) -> None:
    done = mapproof("compare", *words)
    assert done.returncode == 2
    assert f"error[{code}]" in done.stderr
    assert "help: " in done.stderr
    assert done.stdout == ""
