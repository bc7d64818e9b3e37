"""The cache by the real command: the same reports with and without it, and what is told where it cannot be used."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from checker.base.exit_status import ExitStatus
from checker.report.lines import plain
from checker.report.renderers import RENDERERS
from checker.report.reports import VerifyReport, Versions
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, prove
from tests.helpers.command import mapproof, program
from tests.helpers.in_process import run

CHECKS = "check low(shelf) check none(shelf) expect refuted check odd(shelf) expect vacuous"
WITHOUT_Z3 = "import sys; sys.modules['z3'] = None"
"""To load the solver is an error."""
SMALL_FILES = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
"""No file can be longer than a hundred bytes: what is written after that fails, as on a disk that is full."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    return tmp_path


def report(folder: Path, *options: str, sabotage: str = "") -> Any:
    """What JSON says of a run, but for times."""
    done = mapproof("verify", "cells.layout", "--format", "json", *options, cwd=folder, sabotage=sabotage)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for each in (*told["results"], told["summary"]):
        del each["seconds"]
    return told


def test_reports_are_the_same_bytes_with_a_cache_and_without(folder: Path) -> None:
    without = report(folder, "--no-cache")
    assert report(folder, "--cache", "kept") == without
    assert report(folder, "--cache", "kept") == without
    done = mapproof("cache", "--cache", "kept", "--format", "json", cwd=folder)
    assert json.loads(done.stdout)["entries"] == len(without["results"])


@pytest.mark.slow
def test_what_is_told_in_full_is_the_same_too(folder: Path) -> None:
    """Also on how many maps the interpreter tried to break a proof."""
    done = [mapproof("verify", "cells.layout", "-v", "--cache", "kept", cwd=folder).stdout for _ in range(2)]
    cold, warm = (re.sub(r"\d+\.\d\d s", "", each) for each in done)
    assert warm == cold
    assert "attacked with" in cold


def test_trust_loads_no_solver_and_is_told(folder: Path) -> None:
    assert mapproof("verify", "cells.layout", "--cache", "kept", cwd=folder).returncode == 0
    told = report(folder, "--cache", "kept", "--trust-cache", sabotage=WITHOUT_Z3)
    assert told["summary"]["trusted"] == len(told["results"]) == 3
    assert all(each["trusted"] for each in told["results"])
    done = mapproof("verify", "cells.layout", "--cache", "kept", "--trust-cache", cwd=folder)
    assert "3 from the cache, NOT CHECKED" in done.stdout
    assert "note[C072]" in done.stderr


@pytest.mark.parametrize("name", RENDERERS)
def test_every_format_tells_of_what_was_not_checked(name: str, folder: Path) -> None:
    from checker import library

    opened = library.open_program(folder / "cells.layout")
    assert isinstance(opened, library.Program)
    task = plan([opened], ("none",))[0]
    found = CheckResult(task, 0, next(iter(prove(task, Options()))), trusted=True)
    made = VerifyReport([found], [], 1.0, ExitStatus.AS_EXPECTED, Versions("t", "s"))
    for each, said in ((made, True), (VerifyReport([], [], 1.0, ExitStatus.AS_EXPECTED, Versions("t", "s")), False)):
        text = RENDERERS[name].render(each)
        told = text if isinstance(text, str) else plain(text)
        assert ("NOT CHECKED" in told or "trusted" in told) is said


def test_a_full_disk_loses_no_verdict(folder: Path) -> None:
    done = mapproof("verify", "cells.layout", "--cache", "kept", cwd=folder, sabotage=SMALL_FILES)
    assert done.returncode == 0
    assert "3 checks: 1 proved, 1 refuted, 1 vacuous; all as expected" in done.stdout
    assert done.stderr.count("warning[C070]: what was found is not kept in the cache kept") == 1
    assert [path for path in (folder / "kept").rglob("*") if path.is_file()] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="to root no folder is read only")
def test_a_read_only_cache_is_read(folder: Path) -> None:
    assert mapproof("verify", "cells.layout", "--cache", "kept", cwd=folder).returncode == 0
    for path in (folder / "kept").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = mapproof("verify", "cells.layout", "--cache", "kept", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cache", "cells.layout"), "cannot use the cache cells.layout"),
        (("--trust-cache", "--no-cache"), "leave --no-cache out"),
        (("--trust-cache", "--cache", "kept", "--cross-check", "cvc5"), "leave --cross-check out"),
        (("--trust-cache", "--cache", "open"), "others can write to open"),
    ],
    ids=["no folder", "none", "a solver", "others"],
)
def test_what_cannot_be_done_is_refused(folder: Path, options: tuple[str, ...], said: str) -> None:
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    done = mapproof("verify", "cells.layout", *options, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert "proved" not in done.stdout


def test_without_a_home_there_is_no_cache_and_that_is_told(folder: Path) -> None:
    sabotage = "import os; os.environ.update(HOME='/dev/null/nowhere'); del os.environ['MAPPROOF_CACHE']"
    done = mapproof("verify", "cells.layout", cwd=folder, sabotage=sabotage)
    assert done.returncode == 0
    assert "warning[C070]: there is no cache" in done.stderr


def test_it_is_kept_at_home_and_cleared(folder: Path) -> None:
    home = f"import os; os.environ.update(HOME={str(folder)!r}); del os.environ['MAPPROOF_CACHE']"
    assert mapproof("verify", "cells.layout", cwd=folder, sabotage=home).returncode == 0
    assert len(list((folder / ".cache" / "mapproof" / "searches").rglob("*.json"))) == 3
    done = mapproof("cache", "clear", cwd=folder, sabotage=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("removed 3 searches\n0 searches kept, 0 bytes, in ")


@pytest.mark.parametrize("action", ["info", "clear"])
def test_to_ask_for_a_cache_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    monkeypatch.delenv("MAPPROOF_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for words in ((), ("--cache", "kept")):
        done = run(tmp_path, "cache", action, *words)
        assert (done.status, done.stderr) == (0, "")
        assert "0 searches kept, 0 bytes, in " in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_killed_while_it_writes_leaves_nothing_that_is_read(folder: Path) -> None:
    killed = "import os, signal; os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)"
    assert mapproof("verify", "cells.layout", "--cache", "kept", cwd=folder, sabotage=killed).returncode == -9
    assert [path.name[:10] for path in (folder / "kept").rglob("*") if path.is_file()] == [".mapproof."]
    without = report(folder, "--no-cache")
    assert report(folder, "--cache", "kept") == without
    assert mapproof("cache", "clear", "--cache", "kept", cwd=folder).returncode == 0
    assert list((folder / "kept").iterdir()) == []


def test_where_there_is_to_be_none_none_is_made(folder: Path) -> None:
    done = mapproof("cache", cwd=folder)
    assert done.returncode == 2
    assert "MAPPROOF_CACHE is `none`" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["cells.layout"]
