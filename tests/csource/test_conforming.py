"""`mapproof import` and `mapproof conform`: a tree of our own against a model written by hand, and patches of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.command import mapproof
from tests.helpers.places import ROOT

TREE = ROOT / "tests" / "data" / "trees" / "upwards"
BINDING = f"--binding={TREE / 'upwards.toml'}"
MODEL = str(TREE / "upwards.layout")
MERGING = TREE.parent / "merging"


def test_a_tree_is_proved_to_do_what_the_model_does() -> None:
    done = mapproof("conform", MODEL, str(TREE), BINDING)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map, of any length" in done.stdout
    assert "proved   placed_alike(upwards, upwards_2)" in done.stdout


def test_a_tree_that_does_something_else_is_shown_on_the_smallest_map() -> None:
    done = mapproof("conform", "linux-x86-forward", str(TREE), BINDING, "--placement", "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["alike"] is False
    assert len(found["results"][0]["counterexample"]["maps"]["map"]) == 1


def test_a_patch_that_only_refactors_is_proved_to_change_nothing() -> None:
    done = mapproof("conform", "--patch", str(TREE / "refactored.patch"), str(TREE), BINDING, "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map" in done.stdout


def test_a_patch_that_moves_regions_is_shown_on_the_smallest_map() -> None:
    done = mapproof("conform", "--patch", str(TREE / "moved.patch"), str(TREE), BINDING)
    assert done.returncode == 1, done.stderr
    assert "they differ on a map of 1 region" in done.stdout
    assert "BOOT_SERVICES_DATA" in done.stdout


@pytest.mark.parametrize("command", [("import",), ("conform", MODEL)])
def test_c_that_is_not_understood_ends_with_its_place(command: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(TREE, tmp_path / "tree")
    path = tmp_path / "tree" / "walk.c"
    path.write_text(path.read_text().replace("put(md);", "put(md + 1);"))
    done = mapproof(*command, str(tmp_path / "tree"), BINDING)
    assert done.returncode == 2
    assert "walk.c:25:" in done.stderr
    assert "error[S00" in done.stderr
    assert not done.stdout


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    patch = tmp_path / "old.patch"
    patch.write_text((TREE / "moved.patch").read_text().replace("return true", "return 1"))
    done = mapproof("conform", "--patch", str(patch), str(TREE), BINDING)
    assert done.returncode == 2
    assert "error[S009]: a hunk does not fit the tree" in done.stderr


def test_what_is_imported_is_written_to_a_file_that_other_commands_read(tmp_path: Path) -> None:
    made = tmp_path / "made.layout"
    assert mapproof("import", str(TREE), BINDING, "-o", str(made)).returncode == 0
    done = mapproof("diff", MODEL, str(made), "--placement", "-q")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_merging_of_neighbours_is_proved_to_be_that_of_the_model() -> None:
    binding = f"--binding={MERGING / 'merging.toml'}"
    done = mapproof("conform", str(MERGING / "merging.layout"), str(MERGING), binding, "--assuming", "", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map, of any length" in done.stdout


def test_a_merging_that_asks_for_less_is_shown_on_two_regions() -> None:
    binding = f"--binding={MERGING / 'merging.toml'}"
    done = mapproof("conform", "--patch", str(MERGING / "loose.patch"), str(MERGING), binding)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "they differ on a map of 2 regions" in done.stdout


def test_findings_in_sarif_stand_at_the_lines_of_c(tmp_path: Path) -> None:
    report = tmp_path / "found.sarif"
    patch = str(TREE / "moved.patch")
    assert mapproof("conform", "--patch", patch, str(TREE), BINDING, "--output", f"sarif={report}").returncode == 1
    (found,) = json.loads(report.read_text())["runs"][0]["results"]
    places = [each["physicalLocation"] for each in (*found["locations"], *found.get("relatedLocations", []))]
    assert any(each["artifactLocation"]["uri"].endswith("walk.c") for each in places), places
