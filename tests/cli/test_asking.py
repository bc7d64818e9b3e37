"""What is asked for on the command line is done, all of it, or it is said that it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import PREFIX, mapproof, program

CHECKS = "check low(shelf) check none(shelf) expect refuted check odd(shelf) expect vacuous"
IDLE = "\nscenario idle { given cells: Cells let shelf = count_up(cells) }\n"
COUNTS = "algorithm count_up(cells: Cells) { for cell in cells { place cell at (cell.base as va & 0xfff) + 4K } }"
"""Its run brings the checker's own `exact_arithmetic` along."""


def selected(folder: Path, *names: str) -> list[str]:
    options = [word for name in names for word in ("--property", name)]
    done = mapproof("verify", "cells.layout", "--format", "json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [result["property"] for result in json.loads(done.stdout)["results"]]


@pytest.mark.slow
def test_several_properties_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    assert selected(tmp_path, "low", "odd") == ["low(shelf)", "odd(shelf)"]
    assert selected(tmp_path, "odd", "low", "*") == selected(tmp_path)


def test_each_of_several_properties_must_mean_a_check(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    done = mapproof("verify", "cells.layout", "--property", "low", "--property", "lou", cwd=tmp_path)
    assert done.returncode == 2
    assert "1 check: 1 proved" in done.stdout
    assert done.stderr == "error[C004]: no check is called `lou`\n  help: did you mean low?\n"


@pytest.mark.parametrize("name", ["zzz*", "s"])
def test_what_no_check_is_called_gets_a_list_of_what_they_are_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    done = mapproof("verify", "cells.layout", "--property", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no check is called `{name}`\n  help: there is low, none, odd\n" in done.stderr


def test_a_list_of_names_is_short(tmp_path: Path) -> None:
    rules = "".join(f"property p{i}(shelf: Shelf) = each c in shelf: c.placed\n" for i in range(8))
    checks = "".join(f"check p{i}(shelf) " for i in range(8))
    (tmp_path / "cells.layout").write_text(
        f"{PREFIX}{rules}scenario s {{ given cells: Cells let shelf = fill(cells) {checks}}}"
    )
    done = mapproof("verify", "cells.layout", "--property", "*called*", cwd=tmp_path)
    assert "help: there is p0, p1, p2, p3, p4 and 3 more\n" in done.stderr


@pytest.mark.parametrize("assumed", ["", " where never"])
def test_a_file_without_a_written_check_has_nothing_to_check(tmp_path: Path, assumed: str) -> None:
    (tmp_path / "idle.layout").write_text(PREFIX + COUNTS + IDLE.replace("cells: Cells", f"cells: Cells{assumed}"))
    done = mapproof("verify", "idle.layout", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "idle.layout:11:1: error[C004]: scenario `idle` states no `check`" in done.stderr
    assert "help: say what must hold" in done.stderr


def test_a_scenario_without_a_written_check_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf)") + COUNTS + IDLE)
    done = mapproof("verify", ".", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == report["summary"]["exit_status"] == 2
    assert [result["property"] for result in report["results"]] == ["low(shelf)", "exact_arithmetic(shelf)"]
    (complaint,) = report["diagnostics"]
    assert (complaint["code"], complaint["span"]["line"]) == ("C004", 12)


def test_the_checkers_own_check_counts_once_it_is_written(tmp_path: Path) -> None:
    written = IDLE.replace(" }", " check exact_arithmetic(shelf) }")
    (tmp_path / "cells.layout").write_text(PREFIX + COUNTS + written)
    done = mapproof("verify", "cells.layout", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_modules_in_a_folder_need_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf)"))
    (tmp_path / "module.layout").write_text("const HIGH: va = 8K\n")
    assert mapproof("verify", ".", cwd=tmp_path).returncode == 0
    assert "there is nothing to check in module.layout" in mapproof("verify", "module.layout", cwd=tmp_path).stderr
