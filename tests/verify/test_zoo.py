"""What has broken, in ``models/bugs``: every entry is refuted as it was, by no larger map than the catalogue's, and
proved as it is mended, and the index says so. What the prover finds is held in ``test_models.py``; nothing is proved
here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import checker
from checker.program import Expected
from tests.helpers.places import ROOT
from tests.records.zoo import BUGS, INDEX, KEPT, UNSAID, entries, index

CATALOGUE = tomllib.loads((KEPT / "catalogue.toml").read_text(encoding="utf-8"))
FILES = sorted(BUGS.glob("*.layout"))
MAPS = sorted(KEPT.glob("*.json"))
ENTRIES = entries()
EXPECTED = {
    "broken": Expected.REFUTED,
    "mended": Expected.PROVED,
    "spared": Expected.PROVED,
    "possible": Expected.REFUTED,
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_entry_is_a_pair_of_scenarios_that_check_the_same(path: Path) -> None:
    found = checker.load(path)
    assert isinstance(found, checker.Program)
    scenarios = {each.name: each for each in found.program.scenarios}
    assert set(scenarios) - {"spared", "possible"} == {"broken", "mended"}
    for name, expected in EXPECTED.items():
        if name in scenarios:
            assert {each.expected for each in scenarios[name].checks if each.written} == {expected}, name
    broken, mended = ([each for each in scenarios[name].checks if each.written] for name in ("broken", "mended"))
    names = [{each.label.partition("(")[0] for each in checks} for checks in (broken, mended)]
    assert names[0] <= names[1]


def test_the_index_is_made_of_the_files() -> None:
    assert INDEX.name == "README.md"
    assert INDEX.read_text(encoding="utf-8") == index(ENTRIES)


def test_every_verdict_on_record_is_the_one_that_an_entry_stands_for() -> None:
    for each in ENTRIES:
        assert each.broken, each.path
        assert each.proved, each.path
        assert all(re.search(r": refuted \(\d+\)$", said) for said in each.broken), each.broken
        assert all(said.endswith(": proved") for said in each.proved), each.proved


def test_no_smallest_map_is_larger_than_the_catalogues() -> None:
    for each in ENTRIES:
        sizes = [int(size) for said in each.broken for size in re.findall(r"\((\d+)\)$", said)]
        assert max(sizes) <= CATALOGUE[each.number], (each.path.name, sizes)


def test_every_number_of_the_catalogue_is_an_entry_or_is_said_not_to_be() -> None:
    listed = {each.number for each in ENTRIES}
    assert set(CATALOGUE) == listed
    unsaid = set(re.findall(r"\d+", " ".join(re.findall(r"^\| ([^|]+) \|", UNSAID.read_text(), re.MULTILINE))))
    assert {str(number) for number in range(1, 43)} <= listed | unsaid


@pytest.mark.parametrize("kept", MAPS, ids=lambda path: path.stem)
def test_the_interpreter_still_breaks_an_entry_on_its_smallest_map(kept: Path) -> None:
    again = checker.replay(kept, folder=ROOT)
    assert not isinstance(again, checker.Diagnostic), again
    assert not again.holds
