"""Counterexamples as files: written, read with suspicion, and run again on a model that may have changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import checker
from checker.memmap import MemoryMap
from checker.report.counterexamples import counterexample_files, pytest_file, read_counterexample
from checker.report.shapes.counterexamples import KeptShape, ReplayableShape
from tests.helpers.command import PREFIX, program
from tests.helpers.places import ROOT

CHOOSING = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells, low: va) {
    for cell in cells {
        choose spot: va in low .. low + 64K aligned 4K
        place cell at spot
    }
}
property near(shelf: Shelf, low: va) = each c in shelf where c.placed: c.spot < low + 8K
scenario s {
    given cells: Cells
    given low: va where low < 1M
    let shelf = fill(cells, low)
    check near(shelf, low)
}
"""


def kept(folder: Path, text: str) -> dict[str, Any]:
    """The file of the only counterexample that a program has."""
    model = folder / "model.layout"
    model.write_text(text)
    opened = checker.load(model)
    assert isinstance(opened, checker.Program), opened
    findings = checker.verify(opened)
    assert not isinstance(findings, checker.Diagnostic)
    (data,) = counterexample_files(findings, folder, "mapproof").values()
    found: dict[str, Any] = json.loads(data)
    return found


def again(counterexample: dict[str, Any], folder: Path) -> checker.Replayed:
    found = checker.replay(counterexample, folder=folder)
    assert isinstance(found, checker.Replayed), found
    return found


def refused(counterexample: object, folder: Path) -> checker.Diagnostic:
    (folder / "c.json").write_text(json.dumps(counterexample))
    found = checker.replay(folder / "c.json")
    assert isinstance(found, checker.Diagnostic)
    assert found.help
    return found


def test_a_counterexample_is_broken_until_the_model_is_mended(tmp_path: Path) -> None:
    found = kept(tmp_path, program("check none(shelf)"))
    replayed = again(found, tmp_path)
    assert (replayed.holds, replayed.changed) == (False, ())
    (tmp_path / "model.layout").write_text(program("check none(shelf)").replace("place cell at 4K", ""))
    replayed = again(found, tmp_path)
    assert (replayed.holds, replayed.changed) == (True, ("model",))


def test_the_choices_and_the_values_given_are_those_of_the_file(tmp_path: Path) -> None:
    found = kept(tmp_path, CHOOSING)
    (choice,) = found["choices"]
    assert int(choice["value"], 0) >= int(found["scalars"]["low"], 0) + 0x2000
    assert not again(found, tmp_path).holds
    lower = found["scalars"]["low"]
    assert again({**found, "choices": [{**choice, "value": lower}]}, tmp_path).holds


def test_a_file_is_a_memory_map_where_its_record_is_one(tmp_path: Path) -> None:
    opened = checker.load("linux-x86-forward")
    assert isinstance(opened, checker.Program)
    findings = checker.verify(opened, properties=["adjacency_preserved(first)"])
    assert not isinstance(findings, checker.Diagnostic)
    for data in counterexample_files(findings, tmp_path, "mapproof").values():
        read = checker.read_map(data)
        assert isinstance(read, MemoryMap)
        assert [each.num_pages for each in read.descriptors] == [1, 1]


def test_files_are_told_apart_by_their_names(tmp_path: Path) -> None:
    model = tmp_path / "model.layout"
    model.write_text(program("check none(shelf) check none(shelf) expect refuted"))
    opened = checker.load(model)
    assert isinstance(opened, checker.Program)
    findings = checker.verify(opened)
    assert not isinstance(findings, checker.Diagnostic)
    names = list(counterexample_files(findings, tmp_path, "mapproof"))
    assert names == ["model-s-none-shelf.json", "model-s-none-shelf.2.json"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda found: found.pop("maps"), "C042"),
        (lambda found: found.update(format="mapproof counterexample 9"), "C042"),
        (lambda found: found.update(map=[]), "C042"),
        (lambda found: found.update(maps={}), "C042"),
        (lambda found: found.update(map=found["map"] * 2000, maps={"cells": found["map"] * 2000}), "C042"),
        (lambda found: found["model"].update(file="gone.layout"), "C001"),
        (lambda found: found.update(property="nothing(shelf)"), "C043"),
        (lambda found: found.update(scenario="elsewhere"), "C043"),
        (lambda found: found.update(maps={"others": found["map"]}), "C043"),
        (lambda found: found.update(scalars={"low": 1}), "C043"),
        (lambda found: found.update(choices=[{"run": "shelf", "name": "x", "region": 0, "value": 1}]), "C043"),
        (lambda found: found.update(choices=[{"run": "x", "name": "x", "region": 0, "value": 1}]), "C043"),
        (lambda found: found.update(orders={"shelf": [0]}), "C043"),
        (lambda found: [each.pop("base") for each in (*found["map"], *found["maps"]["cells"])], "C043"),
        (lambda found: [each.update(base="-1") for each in (*found["map"], *found["maps"]["cells"])], "C043"),
        (lambda found: [each.update(base="x") for each in (*found["map"], *found["maps"]["cells"])], "C043"),
        (lambda found: [each.update(base=1 << 64) for each in (*found["map"], *found["maps"]["cells"])], "C043"),
    ],
)
def test_what_was_changed_by_hand_into_something_else_is_refused(
    change: Callable[[dict[str, Any]], object], code: str, tmp_path: Path
) -> None:
    found = kept(tmp_path, program("check none(shelf)"))
    change(found)
    assert refused(found, tmp_path).code == code


def test_a_map_that_breaks_what_is_assumed_now_is_no_success(tmp_path: Path) -> None:
    found = kept(tmp_path, program("check none(shelf)"))
    stricter = f"{PREFIX}assumption tidy(cells: Cells) = each c in cells: c.base > 4K\n"
    stricter += "scenario s { given cells: Cells where tidy let shelf = fill(cells) check none(shelf) }\n"
    (tmp_path / "model.layout").write_text(stricter)
    said = refused(found, tmp_path)
    assert said.code == "C043" and "`tidy`" in said.message


def test_no_file_and_no_json_are_refused(tmp_path: Path) -> None:
    missing = checker.replay(tmp_path / "missing.json")
    assert isinstance(missing, checker.Diagnostic) and missing.code == "C001"
    assert refused([1, 2], tmp_path).code == "C042"


def test_the_test_that_is_written_fails_until_the_model_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    found = read_counterexample("c", json.dumps(kept(tmp_path, program("check none(shelf)"))).encode(), ReplayableShape)
    assert not isinstance(found, checker.Diagnostic)
    (folder / "test_it.py").write_text(pytest_file(found, tmp_path, folder))
    assert "! broken" in pytested(folder, 1)
    (tmp_path / "model.layout").write_text(program("check none(shelf)").replace("place cell at 4K", ""))
    assert "1 passed" in pytested(folder, 0)


def pytested(folder: Path, status: int) -> str:
    """Run the tests in a folder far from this one's settings."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", str(folder)],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "MAPPROOF_CACHE": "none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def test_a_file_can_be_drawn_without_its_model(tmp_path: Path) -> None:
    data = json.dumps(kept(tmp_path, program("check none(shelf)"))).encode()
    (tmp_path / "model.layout").unlink()
    whole = read_counterexample("c", data, KeptShape)
    assert isinstance(whole, KeptShape)
    assert list(whole.layouts) == ["shelf"]
