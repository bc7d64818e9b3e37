"""What is read beside a map, of a folder, and of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.inspect import (
    Material,
    is_folder_of_maps,
    kernel_log,
    maps_under,
    material_of,
    this_machine,
)
from checker.library import find_algorithm
from checker.memmap import RUNTIME, TYPES, Descriptor, Limits
from checker.memmap.limits import STANDARD
from tests.helpers.kernel_logs import LONG
from tests.helpers.maps import checked, told

ROWS = (
    Descriptor(TYPES["ConventionalMemory"], 0x100000, 0x7DF00, 0xF),
    Descriptor(TYPES["RuntimeServicesCode"], 0x7F000000, 16, RUNTIME | 0xF),
    Descriptor(TYPES["RuntimeServicesData"], 0x7F010000, 16, RUNTIME | 0xF),
)
CODE, DATA = LONG[5], LONG[6]


def map_rows() -> str:
    return "".join(
        f"efi: mem{number:02d}: type={each.type}, attr={each.attribute:#x}, range=[{each.phys_addr:#018x}-"
        f"{each.phys_addr + each.num_pages * 4096:#018x}) ({each.num_pages >> 8}MB)\n"
        for number, each in enumerate(ROWS)
    )


def table(*rows: tuple[str, int, int, str]) -> str:
    """The memory attributes table as Linux prints it: type, first and last address, and RO, XP, both or none."""
    lines = ["efi: memattr: Processing EFI Memory Attributes table:"]
    for kind, first, last, flags in rows:
        bits = [name if name in flags else "  " for name in ("XP", "RO")]
        columns = f"RUN|  |  |  |  |  |{bits[0]}|  |  |{bits[1]}|   |  |  |  |  "
        lines.append(f"efi: memattr:  {first:#014x}-{last:#014x} [{kind:<19}|{columns}]")
    return "\n".join(lines) + "\n"


CODE_RO = (CODE, 0x7F000000, 0x7F00FFFF, "RO")
DATA_XP = (DATA, 0x7F010000, 0x7F01FFFF, "XP")


def findings(text: str) -> list[tuple[str, str, list[int]]]:
    material = material_of("log", text.encode(), STANDARD)
    assert isinstance(material, Material), material
    chosen = find_algorithm("linux-x86-reversed")
    assert not isinstance(chosen, Diagnostic)
    return told(checked(material, chosen))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([CODE_RO, DATA_XP], []),
        ([(CODE, 0x7F000000, 0x7F007FFF, "RO"), (CODE, 0x7F008000, 0x7F00FFFF, "XP"), DATA_XP], []),
        ([(CODE, 0x7F000000, 0x7F00FFFF, ""), DATA_XP], [("M369", "warning", [1])]),
        ([CODE_RO, (DATA, 0x7F010000, 0x7F01FFFF, "")], [("M369", "warning", [2])]),
        ([CODE_RO, DATA_XP, (DATA, 0x7F020000, 0x7F020FFF, "XP")], [("M368", "error", [])]),
        ([CODE_RO, (CODE, 0x7F010000, 0x7F01FFFF, "RO")], [("M368", "error", [])]),
        ([CODE_RO], [("M370", "warning", [2])]),
        ([(CODE, 0x7F000000, 0x7F007FFF, "RO"), DATA_XP], [("M370", "warning", [1])]),
        ([(CODE, 0x7F001000, 0x7F00FFFF, "RO"), DATA_XP], [("M370", "warning", [1])]),
    ],
)
def test_the_table_of_permissions_is_held_against_the_map(
    rows: list[tuple[str, int, int, str]], expected: list[tuple[str, str, list[int]]]
) -> None:
    assert findings(map_rows() + table(*rows)) == expected


def test_of_the_tables_of_two_boots_the_last_counts() -> None:
    boots = [[(CODE, 0x7F000000, 0x7F00FFFF, ""), DATA_XP], [CODE_RO, DATA_XP]]
    assert findings("".join(f"Linux version 6.1.0\n{map_rows()}{table(*rows)}" for rows in boots)) == []


@pytest.mark.parametrize("banner", ["Linux version 6.1.0\n", ""], ids=["a whole log", "only what is said of EFI"])
def test_the_table_of_another_machine_is_not_held_against_the_map(banner: str) -> None:
    other = map_rows().replace("0x000000007f", "0x000000017f")
    strange = [
        (kind, first + 0x100000000, last + 0x100000000, flags) for kind, first, last, flags in (CODE_RO, DATA_XP)
    ]
    logs = [f"{banner}{map_rows()}{table(CODE_RO, DATA_XP)}", f"{banner}{other}{table(*strange)}"]
    assert other != map_rows()
    assert findings("".join(logs)) == []
    assert findings("".join(reversed(logs))) == []


def test_without_a_table_nothing_is_said_of_permissions() -> None:
    assert findings(map_rows()) == []


def kmsg(text: str) -> str:
    """A text as /dev/kmsg has it."""
    lines = text.splitlines()
    return "".join(f"6,{number},{number * 100},-;{line}\n SUBSYSTEM=acpi\n" for number, line in enumerate(lines))


@pytest.fixture
def system(tmp_path: Path) -> Path:
    (tmp_path / "efi").mkdir()
    return tmp_path / "efi"


def export(system: Path) -> None:
    entry = system / "runtime-map" / "0"
    entry.mkdir(parents=True)
    for name, value in zip(
        ("type", "phys_addr", "virt_addr", "num_pages", "attribute"),
        (5, 0x7F000000, 0xFFFFFFFEFFE00000, 16, RUNTIME | 0xF),
        strict=True,
    ):
        (entry / name).write_text(f"{value:#x}\n")


def test_the_maps_of_this_machine_are_the_firmwares_and_the_kernels(system: Path, tmp_path: Path) -> None:
    export(system)
    (tmp_path / "kmsg").write_text(kmsg(map_rows()))
    found = this_machine(Limits(), system, tmp_path / "kmsg")
    assert not isinstance(found, Diagnostic)
    assert [each.map.format.value for each in found] == ["linux-x86-type", "linux-sysfs-runtime-map"]
    assert found[0].map.descriptors == ROWS


def test_a_machine_that_shows_one_map_has_one(system: Path, tmp_path: Path) -> None:
    export(system)
    (tmp_path / "kmsg").write_text(kmsg("Linux version 6.1.0\n"))
    found = this_machine(Limits(), system, tmp_path / "kmsg")
    assert not isinstance(found, Diagnostic)
    assert [each.map.source for each in found] == [str(system / "runtime-map")]


def test_a_damaged_map_in_the_log_is_wrong_input(system: Path, tmp_path: Path) -> None:
    (tmp_path / "kmsg").write_text(kmsg(map_rows().replace("mem01", "mem07")))
    found = this_machine(Limits(), system, tmp_path / "kmsg")
    assert isinstance(found, Diagnostic)
    assert found.code == "M108"


def test_a_machine_that_shows_no_map_says_why(system: Path, tmp_path: Path) -> None:
    found = this_machine(Limits(), system, tmp_path / "kmsg")
    assert isinstance(found, Diagnostic)
    assert found.code == "M180"
    assert "No such file" in found.message
    assert "runtime-map" in found.message
    assert found.help


def test_what_a_bios_says_of_memory_is_no_map_of_this_machines_efi(system: Path, tmp_path: Path) -> None:
    (tmp_path / "kmsg").write_text(kmsg("BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n"))
    found = this_machine(Limits(), system, tmp_path / "kmsg")
    assert isinstance(found, Diagnostic)
    assert found.code == "M180"
    assert "no map of EFI, only e820" in found.message
    assert "boot with efi=debug" in found.help
    export(system)
    shown = this_machine(Limits(), system, tmp_path / "kmsg")
    assert not isinstance(shown, Diagnostic)
    assert [each.map.source for each in shown] == [str(system / "runtime-map")]


def test_the_log_is_read_no_further_than_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "kmsg").write_text(kmsg(map_rows()) * 1000)
    text = kernel_log(tmp_path / "kmsg", 10_000)
    assert isinstance(text, bytes)
    assert len(text) < 20_000


def test_files_under_a_folder_are_found_and_a_runtime_map_is_one_of_them(tmp_path: Path) -> None:
    export(tmp_path / "deep")
    (tmp_path / "b.txt").touch()
    (tmp_path / "a.txt").touch()
    found = maps_under(str(tmp_path))
    assert not isinstance(found, Diagnostic)
    assert [Path(each).name for each in found] == ["a.txt", "b.txt", "runtime-map"]
    assert is_folder_of_maps(str(tmp_path))
    assert not is_folder_of_maps(str(tmp_path / "deep" / "runtime-map"))
