"""Most tests run the command in a fork of a process in which all is loaded: it says there what it says on its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.helpers.command import ENVIRONMENT, MAP, mapproof, program
from tests.helpers.places import ROOT
from tests.helpers.warm import Warm


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(program("check low(shelf) check none(shelf)"))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (("verify", "cells.layout", "-v", "--jobs", "2"), ""),
        (("run", "auto", "-"), MAP),
        (("run", "linux-x86-reversed", "-", "--format", "json"), MAP),
        (("check", "nowhere.txt"), ""),
        (("chekc",), ""),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_says_the_same_in_a_process_that_is_warm(words: tuple[str, ...], stdin: str, folder: Path) -> None:
    warm, fresh = (mapproof(*words, stdin=stdin, cwd=folder, fresh=each) for each in (False, True))
    said, there = ((each.returncode, without_times(each.stdout), each.stderr) for each in (warm, fresh))
    assert said == there
    assert warm.stdout + warm.stderr


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d\d s", "_ s", text)


def test_one_command_leaves_nothing_to_the_next(folder: Path) -> None:
    before = mapproof("verify", "cells.layout", "--property", "low", cwd=folder)
    (folder / "cells.layout").write_text(program("check none(shelf)"))
    after = mapproof("verify", "cells.layout", cwd=folder)
    assert (before.returncode, after.returncode) == (0, 1)
    assert "low" not in after.stdout


def test_a_command_that_does_not_end_is_ended(folder: Path) -> None:
    (folder / "cells.layout").write_text(program("check low(shelf)"))
    warm = Warm(ROOT, ENVIRONMENT)
    assert warm.run(("verify", "cells.layout"), "", folder, 60).returncode == 0
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run(("verify", "cells.layout", "--watch"), "", folder, 0.5)
    assert warm.run(("models",), "", folder, 60).returncode == 0
    warm.stop()
