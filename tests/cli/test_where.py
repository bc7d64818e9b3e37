"""``mapproof where``, as a process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.memmap import write_json
from tests.helpers.command import mapproof
from tests.helpers.maps import PC, map_of
from tests.helpers.places import DATA

LOG = str(DATA / "maps" / "linux-x86-type.txt")
MODEL = ("--model", "linux-x86-reversed")
OOPS = "BUG: unable to handle page fault for address: fffffffefec3b123\nRIP: 0010:0xfffffffefec3b123\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.json").write_text(write_json(map_of(PC)))
    (tmp_path / "oops.txt").write_text(OOPS)
    return tmp_path


def test_a_physical_address_is_shown_in_its_region_and_with_its_neighbours(folder: Path) -> None:
    done = mapproof("where", "m.json", "0x7f010123", cwd=folder)
    assert done.stdout.splitlines() == [
        "address 0x7f010123",
        "  in     region 4: RuntimeServicesCode 0x7f010000-0x7f01ffff, +0x123",
        "  below  region 3: RuntimeServicesData 0x7f000000-0x7f00ffff, adjacent",
        "  above  region 5: MemoryMappedIO 0xffc00000-0xffffffff, 0x80be0000 bytes away",
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_the_addresses_of_an_oops_are_looked_up_where_a_model_maps_them(folder: Path) -> None:
    done = mapproof("where", LOG, "oops.txt", *MODEL, cwd=folder)
    head, inside, *_ = done.stdout.splitlines()
    assert head == "fault, RIP 0xfffffffefec3b123 (oops.txt:1)"
    assert inside == (
        "  in     region 32: RuntimeServicesCode 0xda43b000-0xda63afff, "
        "mapped at 0xfffffffefec3b000 by linux-x86-reversed, +0x123, physical 0xda43b123"
    )
    assert done.returncode == 0


def test_without_virtual_addresses_it_is_said_how_to_get_them(folder: Path) -> None:
    done = mapproof("where", LOG, "oops.txt", cwd=folder)
    assert done.returncode == 1
    assert "fault, RIP 0xfffffffefec3b123 (oops.txt:1): in no region\n" in done.stdout
    assert "note[M338]: 0xfffffffefec3b123 is in the window of EFI on x86-64" in done.stdout
    assert "--model linux-x86-reversed for Linux since 4.3" in done.stdout


def test_a_log_is_the_map_and_the_oops_in_one(folder: Path) -> None:
    (folder / "dmesg.txt").write_text(Path(LOG).read_text() + OOPS)
    done = mapproof("where", "dmesg.txt", *MODEL, cwd=folder)
    assert (done.returncode, "in     region 32: RuntimeServicesCode" in done.stdout) == (0, True)


def test_an_address_that_no_memory_has_gets_no_physical_neighbours(folder: Path) -> None:
    done = mapproof("where", "m.json", "0xffffffffb0300000", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "address 0xffffffffb0300000: in no region\n")


def test_an_oops_comes_from_standard_input_or_the_map_does(folder: Path) -> None:
    assert "in     region 32" in mapproof("where", LOG, "-", *MODEL, stdin=OOPS).stdout
    assert "in     region 32" in mapproof("where", "-", "0xda43b123", stdin=Path(LOG).read_text()).stdout


def test_the_status_is_1_if_an_address_is_in_no_region(folder: Path) -> None:
    done = mapproof("where", "m.json", "0x7f010123", "0x7f020000", cwd=folder)
    assert done.returncode == 1
    assert "address 0x7f020000: in no region\n" in done.stdout


def test_the_model_that_the_log_tells_of_is_taken_if_that_or_none_is_asked_for(folder: Path) -> None:
    said = "Linux version 6.1.0-amd64 (x86_64-linux-gnu-gcc-12 (Debian 12.2.0) 12.2.0)\n"
    (folder / "dmesg.txt").write_text(said + Path(LOG).read_text().partition("\n")[2])
    done = mapproof("where", "dmesg.txt", "0xfffffffefec3b123", "--model", "auto", cwd=folder)
    assert (done.returncode, "by linux-x86-reversed, +0x123" in done.stdout) == (0, True)
    assert "note[C025]: linux-x86-reversed is taken" in done.stderr
    unasked = mapproof("where", "dmesg.txt", "0xfffffffefec3b123", cwd=folder)
    assert (unasked.returncode, unasked.stdout, unasked.stderr) == (0, done.stdout, done.stderr)


def test_json_has_the_regions_by_their_numbers(folder: Path) -> None:
    done = mapproof("where", LOG, "oops.txt", *MODEL, "--format", "json", cwd=folder)
    report = json.loads(done.stdout)
    assert (report["exit_status"], report["addresses_known"]) == (done.returncode, True) == (0, True)
    (address,) = report["addresses"]
    assert (address["labels"], address["line"], address["in_window"]) == (["fault", "RIP"], 1, True)
    (holder,) = address["regions"]
    assert (holder["space"], holder["region"], holder["offset"], holder["physical"]) == (
        "virtual",
        32,
        "0x123",
        "0xda43b123",
    )
    assert (address["below"]["region"], address["above"]["region"]) == (31, 33)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("m.json", "nowhere"), "error[M182]"),
        (("m.json", "0x10000000000000000"), "error[M182]"),
        (("m.json", "quiet.txt"), "error[M181]"),
        (("m.json",), "error[M181]"),
        (("m.json", "."), "error[M130]"),
        (("nowhere", "0x1000"), "error[M130]"),
        (("quiet.txt", "0x1000"), "error[M101]"),
        (("m.json", "0x1000", "--model", "nowhere"), "error[C002]"),
        (("m.json", "0x1000", *MODEL, "--set", "a=1"), "error[C006]"),
        (("m.json", "0x1000", "--set", "a=1"), "--set is for the parameters of a model"),
        (("-", "-"), "standard input can be read once"),
        ((), "Missing argument 'MAP'"),
    ],
)
def test_what_is_wrong_with_the_command_line_or_an_input_is_2(
    arguments: tuple[str, ...], code: str, folder: Path
) -> None:
    (folder / "quiet.txt").write_text("all is well\n")
    done = mapproof("where", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert code in done.stderr


def test_looking_up_imports_no_solver(folder: Path) -> None:
    arguments = ["where", "m.json", "0x7f010123", *MODEL]
    sabotage = f"import sys; sys.modules['z3'] = None; sys.argv = ['mapproof', *{arguments!r}]"
    done = mapproof(sabotage=sabotage, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
