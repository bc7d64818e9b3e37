"""Folders of very many files: looked at in batches, by processes of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

import click
import pytest

from checker.base.diagnostic import Diagnostic
from checker.cli import cli, progress
from checker.cli.folders import look as folders
from checker.cli.folders.look import HERE, Where, look_at, look_at_all
from checker.report.views.progress import files_text
from checker.verify.executors.executor import nothing
from tests.helpers.places import ROOT

GOOD = '{{"regions": [{{"type": 5, "phys_addr": "{:#x}", "num_pages": 1, "attribute": "0x800000000000000f"}}]}}'
BAD = '{{"regions": [{{"type": 5, "phys_addr": "{:#x}", "num_pages": 0, "attribute": "0x800000000000000f"}}]}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Maps, some with an error, some that are cut off, and files that hold none."""
    for number in range(60):
        kind = (GOOD, GOOD, BAD, "no map {}", '{{"regions": [{{"type": {}')[number % 5]
        (tmp_path / f"{number:02}.json").write_text(kind.format((number + 1) << 12))
    return tmp_path


def said(*arguments: str) -> tuple[int, str, str]:
    out, wrong = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(wrong), cli.make_context("mapproof", list(arguments)) as context:
        status = int(cli.invoke(context))
    return status, out.getvalue(), wrong.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_processes_find_what_one_finds(folder: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = said("check", str(folder), "--format", form)
    monkeypatch.setattr(folders, "MANY", 10)
    monkeypatch.setattr(folders, "_BATCH", 7)
    assert said("check", str(folder), "--format", form, "--jobs", "2") == alone
    assert alone[0] == 2
    assert "M331" in alone[1]


def test_of_a_few_files_a_bar_tells_how_far_it_is_and_of_one_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Shown(progress.Progress):
        def update(self, said: progress.Said) -> None:
            told.append(said(0.0))

    monkeypatch.setattr(progress, "progress", lambda: nullcontext(Shown()))
    paths = sorted(map(str, folder.iterdir()))[:3]
    found, ended = look_at(paths, str.upper, HERE)
    assert (found, ended) == ({path: path.upper() for path in paths}, None)
    assert [each.partition("] ")[2].partition(" files")[0] for each in told] == ["0/3", "1/3", "2/3"]
    told.clear()
    assert look_at(paths[:1], str.upper, HERE) == ({paths[0]: paths[0].upper()}, None)
    assert told == []


CAPTURES = ROOT / "tests" / "data" / "handover" / "captures"


@pytest.mark.parametrize("jobs", [None, 2])
def test_each_capture_of_a_folder_is_identified(
    tmp_path: Path, jobs: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("q35-512m-6.1", "q35-512m-6.1-nodebug", "q35-512m-mixed32-6.1"):
        (tmp_path / name).symlink_to(CAPTURES / name)
    firmware_only = tmp_path / "a.txt"
    firmware_only.write_text((CAPTURES / "q35-512m-6.1" / "dmesg-efi.txt").read_text())
    monkeypatch.setattr(folders, "MANY", 4 if jobs else 200)
    arguments = ("identify", str(tmp_path), *(("--jobs", str(jobs)) if jobs else ()))
    status, out, wrong = said(*arguments, "--format", "json")
    told = json.loads(out)
    assert (status, told["exit_status"], told["passed_over"]) == (0, 0, [str(firmware_only)])
    assert [(each["placed"], each["explained_by"]) for each in told["captures"]] == [
        (104, ["linux-x86-reversed", "linux-x86-merged"]),
        (6, ["linux-x86-reversed", "linux-x86-merged"]),
        (115, ["linux-x86-mixed"]),
    ]
    assert "note[M172]" in wrong
    last = said(*arguments)[1].splitlines()[-1]
    by = "2 by linux-x86-reversed, linux-x86-merged; 1 by linux-x86-mixed; 0 by none"
    assert last == f"3 captures explained: {by}; 1 more that is none"


def test_a_capture_that_nothing_explains_is_told_with_what_comes_nearest(tmp_path: Path) -> None:
    folder = tmp_path / "all" / "one"
    shutil.copytree(CAPTURES / "q35-512m-6.1", folder)
    addressed = folder / "runtime-map.json"
    addressed.write_text(
        re.sub(r'(?<="virt_addr":)"0x[0-9a-f]+"', '"0xffffffff00000000"', addressed.read_text(), count=1)
    )
    status, out, _ = said("identify", str(tmp_path / "all"))
    assert (status, "explained by none; nearest is linux-x86-reversed, " in out) == (1, True)


def look_once(path: str, parent: int) -> str:
    """Look at a file, away from the first process; some files are the end of a process."""
    assert os.getpid() != parent
    if path == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "faulty":
        raise ValueError("no")
    return path.upper()


def test_a_file_at_which_a_process_fails_costs_itself_alone() -> None:
    paths = ["a", "deadly", "b", "faulty", "c"]
    with click.Context(cli):
        found: dict[str, str | Diagnostic] = {}
        assert look_at_all(paths, partial(look_once, parent=os.getpid()), Where("local", 2), nothing, found) is None
    assert [found[path] for path in "abc"] == ["A", "B", "C"]
    deadly, faulty = found["deadly"], found["faulty"]
    assert isinstance(deadly, Diagnostic) and isinstance(faulty, Diagnostic)
    assert (deadly.code, deadly.message) == ("C063", "deadly was not looked at: its process was ended by SIGKILL")
    assert faulty.message.startswith("faulty was not looked at: ValueError: no (look_once, line ")


def test_a_bar_says_how_far_it_is() -> None:
    assert files_text(2_500, 10_000, 20.0) == "[#######.......................] 2500/10000 files, 20 s, 60 s left"
    assert files_text(0, 3, 0.0) == "[..............................] 0/3 files, 0 s"
