"""What the shipped model does to the map of a real boot is what the kernel did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command import mapproof
from tests.helpers.places import CAPTURES as KEPT
from tests.helpers.places import SHARED

CAPTURES = SHARED / "captures"
FIRMWARE_OWNED = (5, 6, 11)
"""Types of which every entry of the firmware keeps its place, whatever the kernel reserves or merges elsewhere."""


def native() -> list[Path]:
    """The captures of 64-bit firmware on x86-64 in which the kernel exported something."""
    found = []
    for path in sorted(CAPTURES.glob("*")):
        exported = path / "runtime-map.json"
        if exported.is_file() and "mixed32" not in path.name and json.loads(exported.read_text()):
            found.append(path)
    return found


def entries(regions: list[dict[str, Any]]) -> list[tuple[int, int, int, int]]:
    """Type, start, pages and address of the firmware's own regions."""
    fields = ("type", "phys_addr", "num_pages", "virt_addr")
    rows = [
        tuple(int(str(region[name]), 0) for name in fields) for region in regions if region["virt_addr"] is not None
    ]
    return [row for row in rows if row[0] in FIRMWARE_OWNED]  # type: ignore[misc]


@pytest.mark.parametrize("capture", native(), ids=lambda path: path.name)
def test_the_model_places_what_the_firmware_owns_where_the_kernel_did(capture: Path) -> None:
    log = capture / "dmesg-efi.txt"
    twin = json.loads((capture / "meta.json").read_text()).get("map_from")
    if twin is not None:
        log = CAPTURES / twin / "dmesg-efi.txt"
        if not log.is_file():
            pytest.skip(f"the map of {twin} is not there")
    done = mapproof("run", "linux-x86-reversed", str(log), "--format", "json")
    assert done.returncode == 0, done.stderr
    expected = entries(json.loads((capture / "runtime-map.json").read_text()))
    assert expected
    assert expected == entries(json.loads(done.stdout)["regions"])


@pytest.mark.parametrize("words", [("run", "auto"), ("run", "linux-x86-reversed"), ("convert",), ("where",)])
def test_the_map_of_a_capture_is_that_of_its_log(words: tuple[str, ...]) -> None:
    more = {"convert": ("--to", "json"), "where": ("0x1000",)}.get(words[0], ())
    folder = KEPT / "q35-512m-6.1"
    whole, log = (mapproof(*words, str(path), *more) for path in (folder, folder / "dmesg-efi.txt"))
    assert log.returncode == 0, log.stderr
    assert (whole.returncode, whole.stdout, whole.stderr) == (0, log.stdout, log.stderr)


def test_a_capture_without_a_log_has_the_map_that_the_kernel_exports(tmp_path: Path) -> None:
    shutil.copy(KEPT / "q35-512m-6.1" / "runtime-map.json", tmp_path)
    done = mapproof("convert", str(tmp_path), "--to", "json")
    assert done.stdout == mapproof("convert", str(tmp_path / "runtime-map.json"), "--to", "json").stdout != ""


@pytest.mark.parametrize(
    "words", [("show",), ("compare", "/"), ("where",), ("run", "auto"), ("convert", "--to", "json")]
)
def test_a_folder_that_is_no_capture_is_told_what_one_holds(words: tuple[str, ...], tmp_path: Path) -> None:
    done = mapproof(*words, str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[M101]" in done.stderr
    assert "a capture holds dmesg-efi.txt" in done.stderr
