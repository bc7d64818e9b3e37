"""Logs tell what memory is reserved and taken, and with which switches the kernel was started."""

from __future__ import annotations

import pytest

from checker.memmap import Hold, MemoryMap, Reservation, Surroundings, read_bytes, signs_of_release

ROW = (
    "efi: mem00: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] "
    "range=[0x0000000000000000-0x0000000000000fff] (0MB)\n"
)


def reservations(text: str) -> list[tuple[int, int, Hold]]:
    """The reservations that a log tells of."""
    read = read_bytes("log", (text + ROW).encode())
    assert isinstance(read, MemoryMap), read
    return [(each.start, each.end, each.kind) for each in read.told.reservations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("efi: SMBIOS=0x10 MEMATTR=0x5018 \n", [(0x5018, 0x5019, Hold.TAKEN)]),
        ("efi: MEMATTR=0xffffffffffffffff INITRD=0x1000\n", []),
        ("RAMDISK: [mem 0x1000-0x2fff]\n", [(0x1000, 0x3000, Hold.TAKEN)]),
        ("e820: update [mem 0x9018-0x9c57] usable ==> usable\n", [(0x9018, 0x9C58, Hold.TAKEN)]),
        ("e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n", []),
        ("e820: update [mem 0x9000-0x9fff] usable ==> reserved\n", [(0x9000, 0xA000, Hold.BGRT)]),
        ("e820: update [mem 0x9000-0x9fff] System RAM ==> device reserved\n", [(0x9000, 0xA000, Hold.BGRT)]),
        ("esrt: Reserving ESRT space from 0x9123 to 0xa001.\n", [(0x9000, 0xB000, Hold.ESRT)]),
    ],
)
def test_a_log_tells_what_is_reserved(text: str, expected: list[tuple[int, int, Hold]]) -> None:
    assert reservations(text) == expected


def test_pages_are_those_of_the_table_that_lies_in_them() -> None:
    text = (
        "efi: ESRT=0x9123 MOKvar=0xb000 \n"
        "e820: update [mem 0xd000-0xdfff] usable ==> reserved\n"
        "esrt: Reserving ESRT space from 0x9123 to 0x9183.\n"
        "e820: update [mem 0x9000-0x9fff] usable ==> reserved\n"
        "e820: update [mem 0xb000-0xbfff] usable ==> reserved\n"
    )
    assert reservations(text) == [
        (0xD000, 0xE000, Hold.BGRT),
        (0x9000, 0xA000, Hold.ESRT),
        (0xB000, 0xC000, Hold.MOKVAR),
    ]


def test_a_stretch_is_taken_from_the_first_to_the_last_of_what_lies_in_it() -> None:
    taken = [Reservation(start, start + 0x10, Hold.TAKEN, "") for start in (0x1800, 0x4000, 0x9000)]
    around = Surroundings((*taken, Reservation(0x2000, 0x3000, Hold.ESRT, "ESRT")))
    assert list(around.taken_in_each([(7, 0x1000, 0x5000), (7, 0x2000, 0x3000)])) == [
        {"taken_from": 0x1800, "taken_to": 0x4010},
        {"taken_from": 0, "taken_to": 0},
    ]
    assert around.tables == {"esrt": 0x2000, "esrt_end": 0x3000}


def test_a_kernel_itself_holds_the_boot_services_memory_that_it_finds_untaken() -> None:
    data, conventional = 4, 7
    listed = ((data, 0x10_0000), (data, 0x10_1000), (data, 0x10_3000), (conventional, 0x10_0000), (data, 0x20_0000))
    regions = [(kind, start, start + 0x2000) for kind, start in listed]
    # The second one overlaps the first one, and is not held: so the third one overlaps nothing that is.
    stretches = [(each["taken_from"], each["taken_to"]) for each in Surroundings().taken_in_each(regions)]
    assert stretches == [(0, 0), (0x10_0000, 0x10_2000), (0, 0), (0x10_0000, 0x10_2000), (0, 0)]


def test_of_two_boots_each_tells_its_own() -> None:
    first = "Linux version 6.1.0\nefi: MEMATTR=0x5018 \n" + ROW
    assert reservations(first + "Linux version 6.1.0\nefi: MEMATTR=0x7018 \n") == [(0x5018, 0x5019, Hold.TAKEN)]


@pytest.mark.parametrize(
    ("line", "switches"),
    [
        ("", {}),
        ("Command line: quiet", {"efi_debug": False, "soft_reserve": True}),
        ("Kernel command line: efi=debug,nosoftreserve quiet", {"efi_debug": True, "soft_reserve": False}),
    ],
)
def test_switches_are_those_of_the_command_line(line: str, switches: dict[str, bool]) -> None:
    read = read_bytes("log", f"{line}\n{ROW}".encode())
    assert isinstance(read, MemoryMap)
    assert read.told.switches == switches


@pytest.mark.parametrize(
    ("text", "kernel", "architecture"),
    [
        ("5.15", "5.15", None),
        ("6.1.0-56-amd64", "6.1.0", "x86_64"),
        ("Linux version 6.12 aarch64", "6.12", "arm64"),
        ("bogus", None, None),
    ],
)
def test_the_name_of_a_release_bears_signs(text: str, kernel: str | None, architecture: str | None) -> None:
    signs = signs_of_release(text)
    assert (kernel is None) == (signs is None)
    if signs is not None and signs.kernel is not None:
        assert signs.kernel.values[0] == kernel
        assert (signs.architecture.values[0] if signs.architecture else None) == architecture
