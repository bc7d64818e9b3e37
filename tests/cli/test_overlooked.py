"""Whoever edits a shipped file in a folder from which it is not taken is told so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import MAP, ROOT, mapproof

MODEL = "models/linux-x86-reversed.layout"
MODULE = "spec/uefi.layout"
FAST = ("--property", "congruent")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with two shipped files as they are, from which nothing is taken."""
    for name in (MODEL, MODULE):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def edit(clone: Path, name: str) -> None:
    path = clone / name
    path.write_text(path.read_text() + "# edited\n")


def complaint(name: str, done: str = "verified") -> str:
    return f"error[C016]: {name} in this folder is not what was {done}: the installed one was, which differs\n"


def test_a_copy_that_is_the_same_is_no_reason_to_say_anything(clone: Path) -> None:
    done = mapproof("verify", "linux-x86-reversed", *FAST, cwd=clone)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_edited_model_that_is_not_verified_is_told_in_the_end(clone: Path) -> None:
    edit(clone, MODEL)
    done = mapproof("verify", "linux-x86-reversed", *FAST, "--format", "json", cwd=clone)
    help_ = "  help: name the file, or install with `pip install --editable .`\n"
    assert (done.returncode, done.stderr) == (2, complaint(MODEL) + help_)
    assert {result["file"] for result in json.loads(done.stdout)["results"]} == {MODEL}


@pytest.mark.slow
def test_a_file_that_is_named_is_what_is_verified(clone: Path) -> None:
    edit(clone, MODEL)
    assert mapproof("verify", MODEL, *FAST, cwd=clone).stderr == ""
    assert mapproof("verify", "linux-x86-reversed", MODEL, *FAST, cwd=clone).stderr == ""


@pytest.mark.slow
def test_an_edited_module_that_is_not_used_is_told_of_whatever_uses_it(clone: Path) -> None:
    edit(clone, MODULE)
    help_ = "  help: install with `pip install --editable .`\n"
    for what in ("linux-x86-reversed", MODEL):
        assert mapproof("verify", what, *FAST, cwd=clone).stderr == complaint(MODULE) + help_
    (clone / "spec" / "own.layout").write_text((clone / MODEL).read_text())
    assert mapproof("verify", "spec/own.layout", *FAST, cwd=clone).stderr == ""


def test_other_edited_files_are_nobodys_business(clone: Path) -> None:
    (clone / "models" / "coalesced.layout").write_text("# edited\n")
    assert mapproof("verify", "linux-x86-reversed", *FAST, cwd=clone).stderr == ""


@pytest.mark.slow
def test_recheck_and_run_say_so_too(clone: Path) -> None:
    assert mapproof("verify", "linux-x86-reversed", *FAST, "--certificate", "c.json", cwd=clone).returncode == 0
    edit(clone, MODEL)
    assert complaint(MODEL) in mapproof("recheck", "c.json", cwd=clone).stderr
    done = mapproof("run", "linux-x86-reversed", "-", stdin=MAP, cwd=clone)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, complaint(MODEL, "run").rstrip())
