"""Maps of real machines: what is found is what whoever collected them found, with a reader of their own; and no more.

`tests/data/map-findings.md` has the table; `python -m tests.inspect.test_corpus` writes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.base.diagnostic import Diagnostic
from checker.inspect import Inspection, material_at
from checker.memmap.limits import STANDARD
from tests.helpers.maps import checked_by_default, told
from tests.helpers.places import DATA, SHARED

RECORD = DATA / "map-findings.md"
CORPUS = SHARED / "corpus"
INDEX: list[dict[str, Any]] = (
    [each for each in json.loads((CORPUS / "index.json").read_text()) if (CORPUS / each["file"]).is_file()]
    if CORPUS.is_dir()
    else []
)
MAPS = {each["file"]: each for each in INDEX if not each["file"].startswith("oracle")}

BY_EYE = {
    "63-linux4.0-hp-superdome2-12tib.txt": {"M362"},
    "11-linux5.6-rpi4-uboot.txt": {"M356"},
    "15-shell-asrock-b650m-am5.txt": {"M358"},
    "17-shell-inspiron-5680.txt": {"M356"},
    "73-freebsd14-solidrun-lx2160a.txt": {"M356"},
}
"""Findings about what the index does not tell: an attribute word of RUNTIME alone, and a page at 0xfee00000 that is
uncached between others that are not. Both are notes. Linux before 4.3 maps
apart what touches."""

NOTES = {"M351", "M356", "M358"}


def inspection(path: Path) -> Inspection:
    material = material_at(str(path), STANDARD)
    assert not isinstance(material, Diagnostic), material
    return checked_by_default(material)


def independent(entry: dict[str, Any]) -> set[str]:
    """The codes that follow from what the index says of a map."""
    runtime = entry["runtime_entries"] or 0
    firmwares = not entry.get("role", "").startswith("derived")
    facts = {
        "M330": entry["zero_length_entries"],
        "M335": entry["unaligned_entries"],
        "M350": entry["overlapping_pairs"],
        "M351": firmwares and not entry["sorted"],
        "M353": not runtime and entry["runtime_type_entries"],
        "M354": not runtime,
    }
    return {code for code, there in facts.items() if there}


def expected(name: str) -> set[str]:
    """The codes that a map should have."""
    return independent(MAPS[name]) | BY_EYE.get(name, set())


@pytest.mark.parametrize("name", MAPS)
def test_what_is_found_is_what_an_independent_reading_finds(name: str) -> None:
    assert {code for code, _, _ in told(inspection(CORPUS / name))} == expected(name)


@pytest.mark.parametrize("name", [name for name in MAPS if not expected(name) - NOTES])
def test_a_map_in_order_is_not_called_faulty(name: str) -> None:
    assert not inspection(CORPUS / name).faulty


ODD = {
    "shaped-nearlimit-6.1": ["M366"],
    "shaped-odd-6.1": ["M369"],
    "shaped-overflow-6.1": ["M360", "M366"],
}
"""Captures for which firmware was made odd on purpose."""
LOGS = [
    path.parent.name
    for path in sorted((SHARED / "captures").glob("*/dmesg-efi.txt"))
    if "range=[" in path.read_text(encoding="utf-8")
]
WITH_ADDRESSES = [
    name
    for name in LOGS
    if (SHARED / "captures" / name / "runtime-map.json").is_file() and "overflow" not in name and "mixed32" not in name
]
"""Captures of kernels that had room in the window for all regions. Firmware of 32 bits is mapped elsewhere."""


@pytest.mark.parametrize("name", LOGS)
def test_booted_firmware_is_in_order_unless_it_was_made_odd(name: str) -> None:
    made = inspection(SHARED / "captures" / name / "dmesg-efi.txt")
    faults = [code for code, severity, _ in told(made) if severity != "note"]
    assert faults == ODD.get(name, [])


@pytest.mark.parametrize("name", WITH_ADDRESSES)
def test_the_room_that_the_model_takes_is_the_room_that_the_kernel_took(name: str) -> None:
    capture = SHARED / "captures" / name
    taken, predicted = inspection(capture / "runtime-map.json").room, inspection(capture / "dmesg-efi.txt").room
    assert taken is not None
    assert taken == predicted


def table() -> str:
    lines = [
        "# What is found of the maps of real machines",
        "",
        "The maps of the corpus with findings of `mapproof check`, and how many regions each is about. An independent",
        "reading, the corpus' index and a look at the rest, finds the same (tests/inspect/test_corpus.py).",
        "",
        "| map | entries | findings | of the window |",
        "|---|---|---|---|",
    ]
    clean = 0
    for name in MAPS:
        made = inspection(CORPUS / name)
        findings = [f"{severity} {code} ({len(regions)})" for code, severity, regions in told(made)]
        room = "-" if made.room is None else f"{(made.room.used + made.room.lost) / 2**20:.1f} MiB"
        if findings:
            lines.append(f"| {name} | {len(made.map.descriptors)} | {', '.join(findings)} | {room} |")
        else:
            clean += 1
    return "\n".join([*lines, "", f"{len(MAPS)} maps, {clean} of them without a finding."]) + "\n"


@pytest.mark.skipif(not MAPS, reason="the corpus is not there")
def test_the_table_is_that_of_the_corpus() -> None:
    assert RECORD.read_text() == table()


if __name__ == "__main__":
    RECORD.write_text(table())
