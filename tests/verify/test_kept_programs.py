"""Programs that are kept once they were read: they are what their texts say, and nothing else comes out."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker import language, library
from checker.base.diagnostic import Diagnostic
from checker.language import Limits
from checker.verify.cache.programs import KeptPrograms, own_programs
from checker.verify.cache.store import Store, open_store
from tests.helpers.places import ROOT

MODEL = """
use size
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) { for cell in cells { place cell at STEP } }
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot <= STEP
scenario s { given cells: Cells let shelf = fill(cells) check low(shelf) }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.layout").write_text(MODEL)
    (tmp_path / "size.layout").write_text("const STEP: va = 4K\n")
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the texts that are read."""
    found: list[str] = []
    whole = language.load_text

    def reading(name: str, *rest: Any) -> object:
        found.append(Path(name).name)
        return whole(name, *rest)

    monkeypatch.setattr(language, "load_text", reading, raising=False)
    return found


def store_in(folder: Path) -> Store:
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    return opened


def opened(folder: Path, limits: Limits = library.LIMITS) -> library.Program:
    """The model, as a run of its own would have it."""
    found = library.open_program(folder / "model.layout", limits, shelf=KeptPrograms(store_in(folder)))
    assert not isinstance(found, Diagnostic), found
    return found


def test_what_was_read_is_not_read_again_and_is_the_same(folder: Path, read: list[str]) -> None:
    first, again = opened(folder), opened(folder)
    assert read == ["model.layout"]
    assert again == first
    assert repr(again) == repr(first)
    assert again.program.sources == first.program.sources
    assert again.program.scenarios[0].checks[0].span == first.program.scenarios[0].checks[0].span


@pytest.mark.parametrize("model", ["linux-x86-reversed", "kexec-hazards"])
def test_shipped_models_are_the_same(model: str, tmp_path: Path, read: list[str]) -> None:
    shelf = KeptPrograms(store_in(tmp_path))
    both = [library.open_program(library.models()[model], shelf=shelf) for _ in range(2)]
    assert len(read) == 1
    assert both[0] == both[1]


def new_module(folder: Path) -> None:
    (folder / "size.layout").write_text("const STEP: va = 8K\n")


def new_text(folder: Path) -> None:
    (folder / "model.layout").write_text(MODEL + "# more\n")


@pytest.mark.parametrize("change", [new_module, new_text])
def test_what_is_changed_is_read_again(folder: Path, read: list[str], change: Callable[[Path], None]) -> None:
    first = opened(folder)
    change(folder)
    assert opened(folder).program.sources != first.program.sources
    assert len(read) == 2


def test_a_module_that_is_found_earlier_now_is_read(folder: Path, read: list[str], tmp_path: Path) -> None:
    (folder / "model.layout").write_text(MODEL.replace("use size", "use size, walks"))
    before = opened(folder)
    (folder / "walks.layout").write_text("const OTHER: va = 4K\n")
    assert opened(folder).program.sources != before.program.sources
    assert len(read) == 2


def test_a_module_that_is_gone_is_missed(folder: Path) -> None:
    opened(folder)
    (folder / "size.layout").unlink()
    found = library.open_program(folder / "model.layout", shelf=KeptPrograms(store_in(folder)))
    assert isinstance(found, Diagnostic)


def test_other_limits_are_kept(folder: Path, read: list[str]) -> None:
    opened(folder)
    found = library.open_program(
        folder / "model.layout", replace(library.LIMITS, runs=0), shelf=KeptPrograms(store_in(folder))
    )
    assert isinstance(found, Diagnostic)
    assert len(read) == 2


class Harm:
    """A thing that does something when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return Path.touch, (self.target,)  # type: ignore[return-value]


def kept_file(folder: Path) -> Path:
    (found,) = (folder / "kept").rglob("*.program")
    return found


@pytest.mark.parametrize("damage", ["cut", "code", "other", "empty"])
def test_nothing_but_programs_comes_out(folder: Path, read: list[str], damage: str) -> None:
    first = opened(folder)
    file = kept_file(folder)
    whole = file.read_bytes()
    bad = {
        "cut": whole[: len(whole) // 2],
        "code": pickle.dumps(Harm(folder / "harm")),
        "other": pickle.dumps(first.program.algorithms),
        "empty": b"",
    }
    file.write_bytes(bad[damage])
    assert opened(folder) == first
    assert len(read) == 2
    assert not (folder / "harm").exists()
    assert opened(folder) == first
    assert len(read) == 2


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_what_others_can_write_is_not_opened(folder: Path, read: list[str], mode: int) -> None:
    opened(folder)
    kept_file(folder).chmod(mode)
    opened(folder)
    assert len(read) == 2


@pytest.mark.parametrize(("mode", "kept"), [(0o700, True), (0o770, False), (0o707, False)])
def test_they_are_kept_where_nobody_else_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, kept: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    own = tmp_path / ".cache" / "mapproof"
    own.mkdir(parents=True)
    own.chmod(mode)
    assert (own_programs() is not None) is kept
    assert [each.name for each in own.iterdir()] == (["programs"] if kept else [])


def test_none_are_kept_where_there_is_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".cache").write_text("no folder")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_programs() is None


def test_they_are_no_entries_and_go_with_them(folder: Path) -> None:
    opened(folder)
    kept = store_in(folder)
    state = kept.state()
    assert not isinstance(state, Diagnostic)
    assert (state.entries, state.bytes) == (0, kept_file(folder).stat().st_size)
    assert not isinstance(kept.clear(), Diagnostic)
    assert list((folder / "kept").rglob("*")) == []


def loaded(folder: Path, *options: str) -> set[str]:
    """The modules that a run loads whose user has this home."""
    command = [sys.executable, "-X", "importtime", "-m", "checker", "verify", str(folder / "model.layout"), "-q"]
    env = {**os.environ, "HOME": str(folder)}
    done = subprocess.run([*command, *options], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


PARSER = {"lark", "checker.language.syntax.parse"}


def test_the_parser_is_loaded_once_and_the_solver_where_something_is_asked(folder: Path) -> None:
    cache = ("--cache", str(folder / "kept"))
    assert loaded(folder, "--no-cache") >= {*PARSER, "z3"}
    again = loaded(folder, *cache)
    assert "z3" in again
    assert PARSER.isdisjoint(again)
    assert {*PARSER, "z3", "rich"}.isdisjoint(loaded(folder, *cache, "--trust-cache"))
