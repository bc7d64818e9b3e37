"""What the shipped model does to the map of a real boot is what the kernel did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command import mapproof
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
