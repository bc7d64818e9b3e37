"""What the models of arm64 and of 32-bit firmware say of a map is what the kernels of captures did with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command import mapproof
from tests.helpers.places import SHARED

CAPTURES = SHARED / "captures"
ARM64 = sorted(CAPTURES.glob("arm64-*"))
MIXED = sorted(CAPTURES.glob("*-mixed32-*"))


def laid_out(*words: str) -> dict[int, int]:
    """The addresses that `run` gives regions with an address, by their physical ones."""
    done = mapproof("run", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return addresses(each for each in json.loads(done.stdout)["regions"] if each["placed"])


def addresses(regions: Any) -> dict[int, int]:
    return {int(str(each["phys_addr"]), 0): int(str(each["virt_addr"]), 0) for each in regions}


@pytest.mark.parametrize("capture", ARM64, ids=lambda path: path.name)
def test_arm64_has_the_addresses_that_the_stub_left_in_memory(capture: Path) -> None:
    left = json.loads((capture / "memory-map-with-virt.json").read_text())
    told = addresses(each for each in left if int(each["attribute"], 16) >> 63)
    assert told
    assert laid_out("auto", str(capture)) == told


@pytest.mark.parametrize("capture", MIXED, ids=lambda path: path.name)
def test_32_bit_firmware_has_the_addresses_that_the_kernel_exported(capture: Path) -> None:
    exported = addresses(json.loads((capture / "runtime-map.json").read_text()))
    made = laid_out("auto", str(capture))
    assert {physical: made[physical] for physical in exported} == exported
    assert len(exported) > 100


def test_of_i386_no_address_is_said() -> None:
    row = "efi: mem{:02}: [{:12}|{}|  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x{:016x}-0x{:016x}] (1MB)\n"
    rows = row.format(0, "Conventional", "   ", 0x100000, 0x1FFFFF)
    rows += row.format(1, "Runtime Data", "RUN", 0x1F8ED000, 0x1F9ECFFF)
    done = mapproof("run", "auto", "-", stdin=f"Linux version 6.1.0-50-686-pae (gcc-12)\n{rows}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "linux-i386 is for this map, and leaves addresses open" in done.stderr
    assert "`mapproof run linux-i386 MAP` shows one choice of many" in done.stderr
