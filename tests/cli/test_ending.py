"""A command that a signal ends: what was decided is told, in every format; the rest is named; no process is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.cli import progress
from checker.cli.folders import checking, identifying
from checker.report.renderers import RENDERERS
from checker.verify.budget import decide as budgets
from tests.helpers.command import ENVIRONMENT, program
from tests.helpers.in_process import run
from tests.helpers.places import DATA, ROOT
from tests.helpers.reading import annotations, junit, outcome, sarif, written

EVERY_FORMAT = [word for name in RENDERERS for word in ("--output", f"{name}={name}.report")]

FIRST_IS_SLOW = """
import checker.prove as p, sys, time
from pathlib import Path
right = p.decide
def decide(scenario, checks, *rest):
    if scenario.name == "s":
        time.sleep(60)
    yield from right(scenario, checks, *rest)
    Path("decided").touch()
p.decide = decide
from checker.cli import main
main()
"""
"""Decides all but the scenario `s`: what comes before it in the report is open, what comes behind is decided."""

SECOND = "scenario t { given cells: Cells let shelf = fill(cells) check low(shelf) check none(shelf) }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(program("check low(shelf)") + SECOND)
    return tmp_path


def ended_by(signals: list[signal.Signals], folder: Path, *options: str) -> tuple[int, str, list[str]]:
    """The status of a verification, and what it prints, when signals come as soon as one scenario of two is decided;
    and the processes that it had."""
    command = [sys.executable, "-c", FIRST_IS_SLOW, "verify", "cells.layout", "--jobs", "2", *options]
    out, pipe = folder / "out", subprocess.STDOUT
    with (
        out.open("w") as file,
        subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=file, stderr=pipe, start_new_session=True
        ) as running,
    ):
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        deadline = time.monotonic() + 60
        while not (folder / "decided").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)  # it is told by then
        found = children.read_text().split()
        for each in signals:
            os.killpg(running.pid, each)
        status = running.wait(timeout=30)
    return status, out.read_text(), found


@pytest.mark.parametrize(
    ("signals", "status", "code", "name"),
    [
        ([signal.SIGINT], 130, "C055", "SIGINT"),
        ([signal.SIGTERM, signal.SIGTERM], 143, "C056", "SIGTERM"),
    ],
)
def test_a_signal_loses_nothing_that_was_decided(
    folder: Path, signals: list[signal.Signals], status: int, code: str, name: str
) -> None:
    """The second scenario is decided, though its turn in the report has not come; of the first it is said that it is
    not. Two signals in a row are what `timeout` sends."""
    kept = ("--counterexamples", "maps", "--certificate", "c.json", "--write-baseline", "base.json")
    done, said, children = ended_by(signals, folder, "--no-cache", *kept, *EVERY_FORMAT)
    assert done == status
    assert children and not any(os.path.exists(f"/proc/{child}") for child in children)
    reports = written(folder)
    assert set(reports) == set(RENDERERS)
    told = json.loads(reports["json"])
    assert [(each["scenario"], each["property"], each["verdict"]) for each in told["results"]] == [
        ("t", "low(shelf)", "proved"),
        ("t", "none(shelf)", "refuted"),
    ]
    assert [(each["scenario"], each["property"], each["code"]) for each in told["undecided"]] == [
        ("s", "low(shelf)", code)
    ]
    assert [each["code"] for each in told["diagnostics"]] == [code]
    assert told["summary"]["exit_status"] == status
    found = sarif(reports["sarif"])
    assert [each["ruleId"] for each in found["results"]] == ["V001", "V009"]
    (invocation,) = found["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (status, False)
    assert [each["descriptor"]["id"] for each in invocation["toolExecutionNotifications"]] == [code]
    assert sorted(map(outcome, junit(reports["junit"]))) == [
        f"error {code}: error",
        "failure V001: refuted",
        "failure V009: not decided",
        "passed",
    ]
    assert [each.about["title"] for each in annotations(reports["github"])] == [
        f"error [{code}]",
        "refuted [V001]",
        "not decided [V009]",
    ]
    assert reports["markdown"].startswith("## mapproof: interrupted\n")
    for text in (reports["text"], said):
        assert ": refuted  none(shelf)" in text
        assert f"not decided: 1 of 3 checks (interrupted by {name})" in text
        assert f"NOT all was done: interrupted by {name} [{code}]" in text
    assert len(list((folder / "maps").iterdir())) == 1
    assert not (folder / "c.json").exists() and not (folder / "base.json").exists()
    assert "c.json is not written: not everything" in said
    assert "base.json is not written: not everything" in said


HEEDING = """
import time
from checker.cli.ending import heed_signals, interruption

class Freed:
    def __del__(self):
        print("now", flush=True)
        time.sleep(20)

heed_signals()
try:
    try:
        {work}
        time.sleep(20)
    finally:
        time.sleep(1)
        print("tidy", flush=True)
except KeyboardInterrupt as error:
    print(interruption(error).message, flush=True)
time.sleep(0.5)
"""


@pytest.mark.parametrize("work", ["Freed()", "print('now', flush=True)"], ids=["freeing an object", "anywhere"])
def test_a_signal_ends_the_command_wherever_it_comes_and_lets_it_tidy_up(work: str) -> None:
    """Python drops what is raised while an object is freed."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "env": ENVIRONMENT, "text": True}
    with subprocess.Popen([sys.executable, "-c", HEEDING.format(work=work)], **pipes) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "now\n"
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=60)[0].splitlines() == ["tidy", "interrupted by SIGINT"]
        assert running.returncode == 0
        assert time.monotonic() - began < 10


def test_what_was_decided_is_in_the_cache(folder: Path) -> None:
    """So that to run it again costs only the rest; also where it was killed, and could say nothing."""
    for ending in (signal.SIGINT, signal.SIGKILL):
        kept = folder / f"cache-{ending}"
        ended_by([ending], folder, "--cache", str(kept))
        assert len([path for path in kept.rglob("*") if path.is_file() and path.stat().st_size > 100]) == 2, ending
        (folder / "decided").unlink()


def stopping_after(right: Callable[..., Iterator[Any]], count: int, kind: type) -> Callable[..., Iterator[Any]]:
    """What gives events, until there were some of a kind; then somebody presses Ctrl-C."""

    left = count

    def events(*given: Any, **named: Any) -> Iterator[Any]:
        nonlocal left
        for event in right(*given, **named):
            if isinstance(event, kind):
                if left == 0:
                    raise KeyboardInterrupt
                left -= 1
            yield event

    return events


def test_recheck_tells_what_it_has_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "cells.layout").write_text(program("check low(shelf) check none(shelf) expect refuted"))
    assert run(folder, "verify", "cells.layout", "--no-cache", "--certificate", "c.json").status == 0
    monkeypatch.setattr(progress, "verify", stopping_after(progress.verify, 1, progress.CheckResult))
    done = run(folder, "recheck", "c.json", "--format", "json")
    told = json.loads(done.stdout)
    assert done.status == 130
    assert len(told["results"]) == len(told["undecided"]) == 1
    named = {each["property"]: each.get("verdict") for each in (*told["results"], *told["undecided"])}
    assert set(named) == {"low(shelf)", "none(shelf)"}
    assert {"proved", "refuted", None} >= set(named.values())


def test_a_folder_of_maps_tells_what_it_has_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_bytes((DATA / "maps" / "linux-x86-type.txt").read_bytes())
    right = checking.check_material

    def check(material: Any, *rest: Any) -> Any:
        if material.map.source.endswith("b.txt"):
            raise KeyboardInterrupt
        return right(material, *rest)

    monkeypatch.setattr(checking, "check_material", check)
    done = run(tmp_path, "check", ".", "--format", "json", *EVERY_FORMAT)
    told = json.loads(done.stdout)
    assert (done.status, told["exit_status"]) == (130, 130)
    assert [each["map"]["source"] for each in told["maps"]] == ["./a.txt"]
    assert [(each["code"], each["message"]) for each in told["diagnostics"]] == [
        ("C055", "interrupted by SIGINT: 2 of 3 files were not looked at")
    ]
    assert told["diagnostics"][0]["notes"] == ["./b.txt was not looked at", "./c.txt was not looked at"]
    assert all("b.txt was not looked at" in report for name, report in written(tmp_path).items() if name != "text")


def test_a_folder_of_captures_tells_what_it_has_identified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def identify(path: str, asked: object) -> Any:
        raise KeyboardInterrupt

    (tmp_path / "a.txt").write_text("none")
    monkeypatch.setattr(identifying, "identify_one", identify)
    done = run(tmp_path, "identify", ".", "--format", "json")
    told = json.loads(done.stdout)
    assert (done.status, told["exit_status"]) == (130, 130)
    assert [each["code"] for each in told["diagnostics"]] == ["C055"]


def test_budgets_that_were_found_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "decide_budgets", stopping_after(budgets.decide_budgets, 1, tuple))
    words = ("efi-stub-flat", "linux-x86-as-told")
    done = run(ROOT, "budget", *words, "--format", "json", "--jobs", "1", "--attack", "0")
    told = json.loads(done.stdout)
    assert (done.status, told["exit_status"]) == (130, 130)
    assert len(told["budgets"]) == 1
    assert [each["code"] for each in told["diagnostics"]] == ["C055"]
    assert len(told["diagnostics"][0]["notes"]) == 1


def test_claims_that_were_decided_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two algorithms place alike, which is decided; then comes the signal."""
    monkeypatch.setattr(progress, "verify", stopping_after(progress.verify, 1, progress.CheckResult))
    done = run(folder, "diff", "linux-x86-as-told", "linux-x86-as-told", "--format", "json", *EVERY_FORMAT)
    told = json.loads(done.stdout)
    assert (done.status, told["exit_status"], told["alike"]) == (130, 130, None)
    assert [each["code"] for each in told["diagnostics"]] == ["C055"]
    assert set(written(folder)) == set(RENDERERS)
