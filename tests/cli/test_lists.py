"""Lists beside the map: read from files, in counterexamples, and what is said where one is missing or wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import mapproof
from tests.helpers.places import ROOT

PROGRAM = ROOT / "tests" / "data" / "fooling" / "entries-last-decides.layout"
MAP = """[{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"},
          {"type": 6, "phys_addr": "0xa000", "num_pages": 1, "attribute": "0x800000000000000f"}]"""
RESERVED = '[{"start": "0x8000", "length": 1}, {"start": "1M", "length": 2}]'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.json").write_text(MAP)
    (tmp_path / "reserved.json").write_text(RESERVED)
    return tmp_path


def test_run_takes_a_list_from_a_file(folder: Path) -> None:
    given = ["--given", f"reserved={folder / 'reserved.json'}", "--format", "json"]
    done = mapproof("run", f"{PROGRAM}:any", str(folder / "map.json"), *given)
    assert done.returncode == 0, done.stderr
    assert [region["placed"] for region in json.loads(done.stdout)["regions"]] == [False, True]


def test_check_against_takes_a_list_from_a_file(folder: Path) -> None:
    given = ["--given", f"reserved={folder / 'reserved.json'}"]
    done = mapproof("check", str(folder / "map.json"), "--against", f"{PROGRAM}:right", *given)
    assert done.returncode == 0 and "holds" in done.stdout
    done = mapproof("check", str(folder / "map.json"), "--against", f"{PROGRAM}:wrong", *given)
    assert done.returncode == 1 and "broken" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "is no list of entries"),
        ('[{"start": "0x8000"}]', "entry 0: there is no `length`"),
        ('[{"start": "0x8000", "length": -1}]', "entry 0: `length`: `-1` is not a pages"),
        ('[{"start": 0, "length": 1, "end": 2}]', "entry 0: `Reservation` has no field `end`"),
    ],
)
def test_a_list_that_is_none_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "reserved.json").write_text(text)
    done = mapproof(
        "run", f"{PROGRAM}:any", str(folder / "map.json"), "--given", f"reserved={folder / 'reserved.json'}"
    )
    assert done.returncode == 2 and said in done.stderr, done.stderr


def test_a_list_that_is_missing_or_foreign_is_told_of(folder: Path) -> None:
    done = mapproof("run", f"{PROGRAM}:any", str(folder / "map.json"))
    assert done.returncode == 2 and "--given reserved=FILE" in done.stderr
    done = mapproof("run", f"{PROGRAM}:any", str(folder / "map.json"), "--given", f"e820={folder / 'reserved.json'}")
    assert done.returncode == 2 and "has no list `e820`" in done.stderr
    done = mapproof("check", str(folder / "map.json"), "--against", f"{PROGRAM}:right")
    assert done.returncode == 2 and "--given reserved=FILE" in done.stderr


@pytest.mark.slow
def test_a_counterexample_brings_its_lists_along(tmp_path: Path) -> None:
    made = mapproof("verify", str(PROGRAM), "--counterexamples", str(tmp_path))
    assert made.returncode == 0, made.stderr
    (path,) = tmp_path.glob("*.json")
    kept = json.loads(path.read_text())
    assert [list(entry) for entry in kept["beside"]["reserved"]] == [["start", "length"]] * 2
    assert mapproof("replay", str(path)).returncode == 1
    placed = mapproof("run", f"{PROGRAM}:last", str(path), "--format", "json")
    assert [region["placed"] for region in json.loads(placed.stdout)["regions"]] == [True]
    kept["beside"]["reserved"][0] = kept["beside"]["reserved"][1]
    path.write_text(json.dumps(kept))
    assert mapproof("replay", str(path)).returncode == 0


@pytest.mark.slow
def test_a_certificate_has_the_lists(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.json"
    made = mapproof("verify", str(PROGRAM), "--certificate", str(certificate))
    assert made.returncode == 0, made.stderr
    again = mapproof("recheck", str(certificate))
    assert again.returncode == 0, again.stdout + again.stderr
