"""The list that `run auto` makes of a capture, held against the one that the kernel exported: entries, order,
attributes and addresses. What came of each is kept in `tests/data/kernels-lists.md`, and written anew by
`python -m tests.cli.test_kernels_lists`."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.in_process import run
from tests.helpers.places import DATA, SHARED

CAPTURES = SHARED / "captures"
RECORD = DATA / "kernels-lists.md"
ROW = re.compile(r"^RM \d+ (\S+) (\S+) (\S+) (\S+) (\S+)$", re.MULTILINE)
FIELDS = ("type", "num_pages", "attribute", "phys_addr", "virt_addr")
BIT_FOR_BIT = "bit for bit"

Entry = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A kernel of a capture: the words that `run auto` gets, the list that it exported, and whether it keeps
    boot-services entries."""

    name: str
    words: tuple[str, ...]
    exported: tuple[Entry, ...]
    keeps: bool


def entries(regions: list[dict[str, Any]]) -> tuple[Entry, ...]:
    """The fields of exported entries; an address that is none is 0."""
    return tuple(tuple(int(str(region[name] or 0), 0) for name in FIELDS) for region in regions)


def cases() -> list[Case]:
    """Every kernel on x86-64 of which a capture has the list."""
    found = []
    for folder in sorted(CAPTURES.glob("*")):
        meta = folder / "meta.json"
        about = json.loads(meta.read_text()) if meta.is_file() else {}
        for number in range(len(about.get("kexec", [])) + 1):
            path = folder / (f"kexec{number}-runtime-map.json" if number else "runtime-map.json")
            exported = entries(json.loads(path.read_text())) if path.is_file() else ()
            if exported:
                words = _words(folder, number, about.get("map_from"))
                found.append(
                    Case(f"{folder.name} {number}", words, exported, "debug" in about["debug"] or bool(number))
                )
    for path in sorted((CAPTURES / "2025").glob("x64*.txt")):
        text = path.read_text()
        rows = tuple(tuple(int(each, 16) for each in row) for row in ROW.findall(text))
        if rows:
            found.append(Case(path.stem, (str(path),), rows, "efi=debug" in text))
    return found


def _words(folder: Path, number: int, twin: str | None) -> tuple[str, ...]:
    if number:
        return (str(folder), "--kexec", str(number))
    return (str(CAPTURES / twin / "dmesg-efi.txt" if twin else folder),)


def outcome(case: Case) -> tuple[str, str]:
    """The model that `run auto` takes, and what its list has in common with the kernel's."""
    done = run(CAPTURES, "run", "auto", *case.words, "--format", "json")
    if done.status:
        return "-", f"status {done.status}"
    said = json.loads(done.stdout)
    made = entries(said["regions"])
    if not case.keeps:
        there = Counter(case.exported)
        made = tuple(each for each in made if each in there or each[0] not in (3, 4) or each[2] >> 63)
    return said["algorithm"], BIT_FOR_BIT if made == case.exported else difference(made, case.exported)


def difference(made: tuple[Entry, ...], exported: tuple[Entry, ...]) -> str:
    """Say in what two lists differ."""
    missing, extra = Counter(exported) - Counter(made), Counter(made) - Counter(exported)
    if not missing and not extra:
        return "another order"
    known = {(each[0], each[1], each[3], each[4]) for each in extra}
    attributes = sum((each[0], each[1], each[3], each[4]) in known for each in missing)
    others = sum(missing.values()) - attributes
    more = sum(extra.values()) - attributes
    parts = [f"{attributes} other attributes"] * bool(attributes) + [f"{others} missing"] * bool(others)
    return ", ".join([*parts, *[f"{more} too many"] * bool(more)]) + f", of {len(exported)}"


def recorded() -> dict[str, tuple[str, str]]:
    """The outcomes that are on record."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in RECORD.read_text().splitlines() if "|" in line]
    return {name: (model, said) for name, model, said in rows[2:]}


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not there")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_auto_makes_of_a_capture_what_is_on_record(case: Case) -> None:
    assert outcome(case) == recorded()[case.name]


def test_the_record_is_whole() -> None:
    assert recorded()
    if CAPTURES.is_dir():
        assert [*recorded()] == [case.name for case in cases()]


def write() -> None:
    """Write the record."""
    rows = [(case.name, *outcome(case)) for case in cases()]
    exact = sum(row[2] == BIT_FOR_BIT for row in rows)
    lines = [
        "# The kernels' lists",
        "",
        "Of each kernel of the captures, the first (0) and later ones: what `run auto` makes, held against the list",
        f"that the kernel exported: entries, order, attributes and addresses. {exact} of {len(rows)} are alike.",
        "",
        "| kernel | model | its list is the kernel's |",
        "| --- | --- | --- |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    RECORD.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(write())
