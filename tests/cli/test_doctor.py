"""Second opinions by the real command: a solver that disagrees, one that is missing, one that does not work."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from checker.solvers import SECOND_OPINIONS, SOLVERS
from tests.helpers.command import ROOT, mapproof, program

FAKE = """
from dataclasses import replace
from checker.solvers import SOLVERS
z3 = SOLVERS['z3']
SOLVERS['yices'] = replace(z3, name='yices', version=lambda: '9.9', ask=lambda text, limit: {})
"""
"""Stands in for a solver that is installed."""

HONEST = FAKE.format("z3.ask(text, limit)")
CONTRARY = FAKE.format("'sat' if 'seen1' in text else z3.ask(text, limit)")
TIRED = FAKE.format("'unknown' if 'seen1' in text else z3.ask(text, limit)")
KILLED = FAKE.format("__import__('os').abort() if 'seen1' in text else z3.ask(text, limit)")
BROKEN = FAKE.format("'sat'")
FLAGS_ONLY = HONEST.replace("name='yices'", "name='yices', integers=False, together=False")
NO_CVC5 = "import sys; sys.modules['cvc5'] = None"

CHECKS = "check low(shelf) check none(shelf) expect refuted"


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    return tmp_path


def test_a_disagreement_is_4_and_leaves_what_to_report(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "yices", cwd=cells, sabotage=CONTRARY)
    assert done.returncode == 4
    assert "yices DISAGREES" in done.stdout
    assert "please report" in done.stderr
    (bundle,) = cells.glob("mapproof-disagreement-*")
    assert str(bundle) in done.stderr
    report = (bundle / "report.txt").read_text()
    for said in (
        "mapproof 0",
        "z3, in the proof:     unsat",
        "z3, on this text:     unsat",
        "yices 9.9, on this text: sat",
    ):
        assert said in report
    texts = sorted(bundle.glob("*.smt2"))
    assert texts
    assert all(text.name in report and "(check-sat)" in text.read_text() for text in texts)


def test_what_another_solver_confirms_is_said(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "yices", cwd=cells, sabotage=HONEST)
    assert (done.returncode, done.stderr) == (0, "")
    assert "confirmed by yices" in done.stdout
    assert "; all as expected; yices confirms 1 of 1 proof (" in done.stdout
    assert not list(cells.glob("mapproof-*"))


def test_a_terminal_is_told_how_far_it_is(cells: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", f"{HONEST}\nfrom checker.cli import main\nmain()\n"]
    done = subprocess.run(
        [*command, "verify", "cells.layout", "--cross-check", "yices"],
        cwd=cells,
        env={"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        timeout=120,
        check=False,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # so Linux says that nobody writes any more
        while more := os.read(ours, 1 << 16):
            shown += more
    os.close(ours)
    assert done.returncode == 0
    assert re.search(rb"2/2 checks, \d+ s", shown)
    steps = re.findall(rb"(\d+)/(\d+) statements, \d+ s; asking yices", shown)
    assert steps[-1][0] == steps[-1][1] != b"0"


@pytest.mark.parametrize(("sabotage", "reason"), [(TIRED, "unknown"), (KILLED, "killed")])
def test_what_another_solver_does_not_decide_is_said(cells: Path, sabotage: str, reason: str) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "yices", "-v", cwd=cells, sabotage=sabotage)
    assert done.returncode == 0
    assert "not decided by yices (" in done.stdout
    assert f"keeps the invariants: {reason}" in done.stdout
    assert "yices confirms 0 of 1 proof (" in done.stdout


def test_json_has_an_opinion_only_if_one_was_asked_for(cells: Path) -> None:
    arguments = ("verify", "cells.layout", "--format", "json")
    for each in json.loads(mapproof(*arguments, cwd=cells).stdout)["results"]:
        assert not {"confirmed_by", "cross_check"} & set(each)
    done = mapproof(*arguments, "--cross-check", "yices", cwd=cells, sabotage=HONEST)
    low, none = (
        next(each for each in json.loads(done.stdout)["results"] if each["property"] == f"{name}(shelf)")
        for name in ("low", "none")
    )
    assert low["confirmed_by"] == ["yices"]
    assert low["cross_check"]["confirmed"] == low["cross_check"]["statements"] > 0
    assert (low["cross_check"]["not_decided"], low["cross_check"]["contrary"]) == ([], [])
    assert (none["confirmed_by"], none["cross_check"]) == ([], None)
    summary = json.loads(done.stdout)["summary"]
    assert (summary["proofs"], summary["confirmed"]) == (1, 1)


def test_a_solver_without_integers_confirms_nothing_about_them(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "yices", "-v", cwd=cells, sabotage=FLAGS_ONLY)
    assert done.returncode == 0
    assert "confirmed by" not in done.stdout
    assert "follows: not asked: it takes integers" in done.stdout
    assert "yices confirms 0 of 1 proof (" in done.stdout
    doctor = mapproof("doctor").stdout
    assert "bitwuzla" in doctor
    assert "no integers, of which all proofs are full" in doctor


def test_a_solver_that_is_not_installed_is_2(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "cvc5", cwd=cells, sabotage=NO_CVC5)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cvc5 is not installed: pip install '.[cvc5]' in the clone of mapproof" in done.stderr


def test_a_solver_that_does_not_work_is_not_asked(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "yices", cwd=cells, sabotage=BROKEN)
    assert done.returncode == 2
    assert "yices does not work: integers: said sat instead of unsat" in done.stderr


def test_only_solvers_that_are_known_can_be_asked(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cross-check", "z3", cwd=cells)
    assert done.returncode == 2
    assert ", ".join(f"'{name}'" for name in SECOND_OPINIONS) in done.stderr


def test_texts_are_the_same_on_every_run(cells: Path) -> None:
    def emitted(folder: str) -> dict[str, str]:
        done = mapproof("verify", "cells.layout", "--emit-smt", folder, cwd=cells)
        assert done.returncode == 0
        made = cells / folder
        return {path.relative_to(made).as_posix(): path.read_text() for path in sorted(made.rglob("*.smt2"))}

    first = emitted("first")
    assert first
    assert all(name.startswith("cells.layout/01-s/01-low-shelf/") for name in first)
    assert first == emitted("second")
    again = mapproof("verify", "cells.layout", "--emit-smt", "first", cwd=cells)
    assert again.returncode == 2
    assert "first is not empty" in again.stderr


def test_doctor_tells_what_is_there() -> None:
    done = mapproof("doctor", sabotage=f"{HONEST}\n{NO_CVC5}")
    assert done.returncode == 0
    assert re.search(r"^yices +9\.9, works$", done.stdout, re.MULTILINE)
    assert re.search(
        r"^cvc5 +not installed: pip install '\.\[cvc5\]' in the clone of mapproof$", done.stdout, re.MULTILINE
    )
    solvers = {each["solver"]: each for each in json.loads(mapproof("doctor", "--format", "json").stdout)["solvers"]}
    assert list(solvers) == list(SOLVERS)
    assert solvers["z3"]["works"] is True
    assert solvers["bitwuzla"]["decides"] == ["words of bits"]


def test_doctor_finds_a_solver_that_does_not_work() -> None:
    done = mapproof("doctor", sabotage=BROKEN)
    assert done.returncode == 4
    assert "9.9, does NOT work" in done.stdout
    assert "words: said sat instead of unsat" in done.stdout


def test_a_folder_that_cannot_be_made_for_texts_is_found_out_first(cells: Path) -> None:
    done = mapproof("verify", "cells.layout", "--emit-smt", "/proc/texts", cwd=cells)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Error: --emit-smt: cannot make /proc/texts: No such file or directory\n")
