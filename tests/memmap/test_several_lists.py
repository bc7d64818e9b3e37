"""Of several maps in one text the first is taken with a warning, and any can be asked for."""

from __future__ import annotations

import pytest

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.memmap import MemoryMap, Origin, Reading, read_bytes, read_path
from tests.helpers.places import DATA

MAPS = DATA / "maps"
CONSOLE = b"\n".join((MAPS / name).read_bytes() for name in ("uboot.txt", "grub.txt", "xen.txt"))


def read(data: bytes, number: int | None = None) -> MemoryMap:
    answer = read_bytes("console", data, reading=Reading(number))
    assert isinstance(answer, MemoryMap), answer
    return answer


def test_the_first_map_is_taken_with_a_warning_that_offers_the_others() -> None:
    taken = read(CONSOLE)
    (warning,) = taken.remarks
    assert taken.format.value == "uboot-efidebug"
    assert (warning.code, warning.severity) == (MapCode.SEVERAL_LISTS, Severity.WARNING)
    assert warning.message == "console holds 3 maps; list 1 is taken"
    assert all(f"--list {number} (firmware, " in warning.help for number in (1, 2, 3))


def test_all_lists_that_are_offered_are_counted() -> None:
    """A log of Linux has lists of the kernel's as well."""
    taken = read(CONSOLE + b"\n" + (MAPS / "linux-two-lists.txt").read_bytes())
    assert taken.remarks[0].message == "console holds 4 maps, and 3 lists of another kind; list 4 is taken"
    assert all(f"--list {number} (" in taken.remarks[0].help for number in range(1, 8))


@pytest.mark.parametrize(("number", "name"), [(1, "uboot.txt"), (2, "grub.txt"), (3, "xen.txt")])
def test_a_list_that_is_asked_for_is_read_as_if_it_were_alone(number: int, name: str) -> None:
    chosen = read(CONSOLE, number)
    assert chosen.descriptors == read((MAPS / name).read_bytes()).descriptors
    assert not chosen.remarks


def test_the_list_that_the_kernel_made_is_no_second_map_but_can_be_asked_for() -> None:
    log = (MAPS / "linux-two-lists.txt").read_bytes()
    assert not read(log).remarks
    second = read(log, 2)
    assert (second.origin, len(second.descriptors)) == (Origin.KERNEL, 104)


def test_one_map_printed_twice_is_one_map() -> None:
    twice = (MAPS / "xen.txt").read_bytes() + b"\nand once more:\n" + (MAPS / "xen.txt").read_bytes()
    assert not read(twice).remarks
    assert "--list 2" in str(read_bytes("log", twice, reading=Reading(3)))


@pytest.mark.parametrize("name", ["uboot.txt", "runtime-map.json"])
def test_a_list_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    answer = read_path(str(MAPS / name), reading=Reading(4))
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.NO_SUCH_LIST
    assert "--list 1 (" in answer.help
