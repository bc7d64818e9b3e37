"""`mapproof verify --counterexamples` and `mapproof replay`: from a red verdict to a file, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import mapproof, program

pytestmark = pytest.mark.slow

RED = "red/model-s-none-shelf.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.layout").write_text(program("check none(shelf) check low(shelf)"))
    done = mapproof("verify", "model.layout", "--counterexamples", "red", cwd=tmp_path)
    assert done.returncode == 1
    assert "note[C044]: 1 counterexample in red\n" in done.stderr
    return tmp_path


def test_a_counterexample_is_drawn_and_run_again(folder: Path) -> None:
    drawn = mapproof("show", RED, cwd=folder).stdout
    assert drawn.startswith("../model.layout, s: none(shelf)\n")
    assert "breaks the property" in drawn
    done = mapproof("replay", RED, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("! broken  model.layout, s: none(shelf)\n")


def test_it_holds_once_the_model_is_mended(folder: Path) -> None:
    model = folder / "model.layout"
    model.write_text(model.read_text().replace("place cell at 4K", ""))
    done = mapproof("replay", RED, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "  holds" in done.stdout and "changed since the counterexample was made: model" in done.stdout


def test_what_is_wrong_counts_more_than_what_is_broken(folder: Path) -> None:
    (folder / "prose.json").write_text("none")
    done = mapproof("replay", RED, "prose.json", "missing.json", cwd=folder)
    assert done.returncode == 2
    assert "C042" in done.stderr and "C001" in done.stderr and "! broken" in done.stdout
    said = json.loads(mapproof("replay", RED, "prose.json", "--format", "json", cwd=folder).stdout)
    assert [each["outcome"] for each in said["results"]] == ["broken"]
    assert [each["code"] for each in said["diagnostics"]] == ["C042"]
    assert said["exit_status"] == 2


def test_run_takes_the_choices_of_the_run_that_the_algorithm_made(tmp_path: Path) -> None:
    mapproof("verify", "rederive", "--property", "stable*", "--counterexamples", str(tmp_path))
    (file,) = tmp_path.glob("*emptied_regions*")
    first = json.loads(file.read_text())["layouts"]["left"]
    done = mapproof("run", f"rederive:{first['algorithm']}", str(file), "--format", "json")
    assert "note[C045]: as in the counterexample: 2 choices\n" in done.stderr
    placed = {region["phys_addr"]: region["virt_addr"] for region in json.loads(done.stdout)["regions"]}
    assert placed == {region["phys_addr"]: region["virt_addr"] for region in first["regions"]}


@pytest.mark.parametrize("form", ["kernel-log", "raw"])
def test_the_map_of_a_counterexample_is_exported_and_laid_out_alike(form: str, tmp_path: Path) -> None:
    mapproof("verify", "linux-x86-forward", "--property", "adjacency*", "--counterexamples", str(tmp_path))
    file = str(tmp_path / "linux-x86-forward-any_map-adjacency_preserved-first.json")
    exported = str(tmp_path / "map")
    assert mapproof("convert", file, "--to", form, "--output", exported).returncode == 0
    how = ["--stride", "48"] if form == "raw" else []
    made = [
        json.loads(mapproof("run", "linux-x86-forward", *words, "--format", "json").stdout)["regions"]
        for words in ([file], [exported, *how])
    ]
    assert made[0] == made[1]
    assert [region["virt_addr"] for region in made[0]] == ["0xfffffffeffe00000", "0xfffffffeffc01000"]


def test_limits_are_told_with_their_option(folder: Path) -> None:
    done = mapproof("replay", RED, "--limit", "counterexample-bytes=100", cwd=folder)
    assert done.returncode == 2 and "--limit counterexample-bytes=N" in done.stderr


def test_a_test_is_written_for_one_file(folder: Path) -> None:
    assert mapproof("replay", RED, "--pytest", "test_red.py", cwd=folder).returncode == 1
    assert "def test_none_shelf() -> None:" in (folder / "test_red.py").read_text()
    assert mapproof("replay", RED, RED, "--pytest", "test_two.py", cwd=folder).returncode == 2
    done = mapproof("replay", RED, "--pytest", "no/such/test.py", cwd=folder)
    assert done.returncode == 2 and "C014" in done.stderr
    assert not (folder / "test_two.py").exists()


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_proved(folder: Path) -> None:
    (folder / "file").write_text("")
    done = mapproof("verify", "model.layout", "--counterexamples", "file/red", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "C014" in done.stderr and "help: " in done.stderr
