"""`pytest --mapproof`: checks are items like others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from junitparser import JUnitXml

from checker import program as p
from checker import prove
from checker.prove import decide, load_solver
from checker.report.views import verdicts
from checker.verify import run as run_module
from checker.verify.executors import local, remote
from tests.helpers.command import HARD, program

pytest_plugins = ("pytester",)

# Before: pytester forgets the modules that a run in this process loads, and what knows these by name then does not.
LOADED = (verdicts, run_module, decide, remote)
load_solver()


@pytest.fixture(autouse=True)
def _nobodys_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


CHECKS = "check low(shelf) check none(shelf) expect refuted check odd(shelf) expect vacuous"


def run(pytester: pytest.Pytester, checks: str, *options: str) -> pytest.RunResult:
    pytester.path.joinpath("cells.layout").write_text(program(checks))
    return pytester.runpytest_inprocess("-p", "no:xdist", "-p", "no:hypothesispytest", *options)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    return {name: count for name, count in result.parseoutcomes().items() if name != "warnings"}


def test_nothing_is_collected_unless_it_is_asked_for(pytester: pytest.Pytester) -> None:
    assert run(pytester, CHECKS).ret is pytest.ExitCode.NO_TESTS_COLLECTED


def test_each_check_is_an_item_and_passes_if_its_verdict_is_the_one_it_expects(pytester: pytest.Pytester) -> None:
    result = run(pytester, CHECKS, "--mapproof", "-v", "--junitxml=junit.xml")
    result.stdout.fnmatch_lines(
        [
            "cells.layout::s::low(shelf) PASSED*",
            "cells.layout::s::none(shelf) PASSED*",
            "cells.layout::s::odd(shelf) PASSED*",
        ]
    )
    assert outcomes(result) == {"passed": 3}
    cases = [case for suite in JUnitXml.fromfile(str(pytester.path / "junit.xml")) for case in suite]
    told = [(case.classname, case.name, case.is_passed) for case in cases]
    assert told == [("cells.layout.s", f"{name}(shelf)", True) for name in ("low", "none", "odd")]
    assert '<property name="verdict" value="refuted"' in (pytester.path / "junit.xml").read_text()


def test_a_failure_shows_the_counterexample_as_the_report_does(pytester: pytest.Pytester) -> None:
    result = run(pytester, "check low(shelf) check none(shelf)", "--mapproof")
    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines(
        [
            "*s: none(shelf)*",
            "refuted: expected proved",
            "cells.layout:*: refuted*none(shelf)*expected proved",
            "*counterexample: `cells` of 1 region",
            "*why: region 0: *",
        ]
    )


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ("check odd(shelf)", "vacuous: expected proved"),
        ("check low(shelf) expect refuted", "proved: expected refuted"),
        ("check low(shelf) expect proved_to_bound", "proved: expected proved-to-bound"),
    ],
)
def test_any_other_verdict_than_expected_fails(pytester: pytest.Pytester, checks: str, said: str) -> None:
    result = run(pytester, checks, "--mapproof")
    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines([said])


def test_what_is_undecided_fails_in_words_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("hard.layout").write_text(HARD)
    result = pytester.runpytest_inprocess("-p", "no:xdist", "--mapproof", "--mapproof-timeout", "0.01")
    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines(
        ["undecided: this is neither proved nor refuted", "*out of time: 0.01 s*(--mapproof-timeout)"]
    )


@pytest.mark.parametrize("word", ["-3", "0", "nan", "inf", "soon"])
def test_a_time_that_is_none_is_refused(pytester: pytest.Pytester, word: str) -> None:
    result = run(pytester, CHECKS, "--mapproof", f"--mapproof-timeout={word}")
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--mapproof-timeout: {word} is no number of seconds above 0"])


def test_checks_that_belong_together_share_a_process_and_only_those_asked_for(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    right = local.LocalExecutor.run

    def watched(self: local.LocalExecutor, work: object, items: Sequence[object], *rest: object) -> object:
        ran.extend([items] if items else [])
        return right(self, work, items, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(local.LocalExecutor, "run", watched)
    assert outcomes(run(pytester, CHECKS, "--mapproof", "-k", "low or odd")) == {"passed": 2, "deselected": 1}
    ((batch,),) = ran
    ((_, task, _),) = batch  # type: ignore[misc]
    assert [check.label for check in task.checks] == ["low(shelf)", "odd(shelf)"]


def test_an_item_is_found_by_its_own_name_and_the_first_failure_can_be_the_last(pytester: pytest.Pytester) -> None:
    checks = "check none(shelf) check low(shelf)"
    assert outcomes(run(pytester, checks, "--mapproof", "-x")) == {"failed": 1}
    assert outcomes(run(pytester, checks, "--mapproof", "cells.layout::s::low(shelf)")) == {"passed": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "const SIZE: bytes = 4K;\n",
            ["broken.layout:1:23: error[[]L004[]]: unexpected character ';'", "*help: leave*"],
        ),
        (program(""), ["broken.layout:*: error[[]C004[]]: scenario `s` states no `check`"]),
    ],
)
def test_a_broken_file_is_an_error_of_collecting(pytester: pytest.Pytester, text: str, said: list[str]) -> None:
    pytester.path.joinpath("broken.layout").write_text(text)
    result = run(pytester, CHECKS, "--mapproof")
    assert (result.ret, outcomes(result)) == (pytest.ExitCode.INTERRUPTED, {"errors": 1})
    result.stdout.fnmatch_lines(said)
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_file_that_others_use_has_no_items(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("sizes.layout").write_text("const SIZE: bytes = 4K\n")
    assert outcomes(run(pytester, CHECKS, "--mapproof")) == {"passed": 3}


@pytest.mark.slow
def test_items_are_shared_among_processes(pytester: pytest.Pytester) -> None:
    (pytester.path / "cells.layout").write_text(program(f"{CHECKS} check none(shelf) expect proved"))
    command = [sys.executable, "-m", "pytest", "--mapproof", "-n", "2", "-q"]
    done = subprocess.run(command, cwd=pytester.path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 failed, 3 passed")
    assert "refuted: expected proved" in done.stdout
    assert "counterexample: `cells` of 1 region" in done.stdout


def test_what_was_searched_for_is_kept_and_not_believed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ("--mapproof", "--mapproof-cache", "kept")
    assert outcomes(run(pytester, CHECKS, *cache)) == {"passed": 3}
    entries = [path for path in pytester.path.joinpath("kept").rglob("*.json") if path.is_file()]
    assert len(entries) == 3
    searched: list[str] = []

    def searching(scenario: object, checks: Sequence[p.Check], *_: object) -> Iterator[prove.Result]:
        searched.extend(check.label for check in checks)
        return iter([prove.Result(each, prove.Unknown("not searched for")) for each in checks])

    monkeypatch.setattr(prove, "decide", searching)
    # Of what is vacuous nothing can be brought along: that one is searched for, and comes to nothing here.
    assert outcomes(run(pytester, CHECKS, *cache)) == {"passed": 2, "failed": 1}
    for path in entries:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes().replace(b"proved", b"unread"))
    assert outcomes(run(pytester, CHECKS, *cache))["failed"] >= 2


def test_a_cache_that_cannot_be_used_is_told_and_done_without(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("file").write_text("")
    result = run(pytester, CHECKS, "--mapproof", "--mapproof-cache", "file")
    assert outcomes(result) == {"passed": 3}
    result.stdout.fnmatch_lines(["*C070*"])


def test_the_plugin_loads_nothing_heavy_before_it_collects() -> None:
    heavy = {"z3", "lark", "msgspec", "click", "checker.library", "checker.prove", "checker.program"}
    ask = f"import sys, checker.pytest_plugin; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout == "[]\n"
