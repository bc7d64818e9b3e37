"""Reports for build services: each format tells a wrong model, an undecided one, a broken file and a crash apart, as
the exit status does. Each row of the table is one run, in this process, that writes all formats at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker import prove
from checker.cli import progress
from checker.report.renderers import RENDERERS
from tests.helpers.command import program
from tests.helpers.in_process import Done, run
from tests.helpers.reading import annotations, junit, outcome, sarif, written

EVERY_FORMAT = [word for name in RENDERERS for word in ("--output", f"{name}={name}.report")]


@dataclass(frozen=True)
class Run:
    """What a command came to, and its reports by format."""

    done: Done
    reports: dict[str, str]


def as_if(outcome_: prove.Outcome) -> object:
    """A prover that comes to this on every check."""
    return lambda scenario, checks, *_: iter([prove.Result(check, outcome_) for check in checks])


def broken_off(*_: object) -> str:
    raise ZeroDivisionError("division by zero")


@dataclass(frozen=True)
class Row:
    """A row of the table of exit statuses: what is verified, with which prover, and how each format tells it."""

    status: int
    checks: str = "check low(shelf)"
    prover: prove.Outcome | None = None
    crash: bool = False
    sarif: Sequence[tuple[str, str]] = ()
    junit: Sequence[str] = ()
    github: Sequence[tuple[str, str]] = ()
    markdown: str = ""
    text: str = ""

    def sign(self, code: str) -> str:
        """The word before a code in a table: what kind of failure it is."""
        return "failed" if code == "V001" else self.markdown


ROWS = {
    "as expected": Row(0, junit=["passed"], markdown="all as expected", text="all as expected"),
    "refuted": Row(
        1,
        "check none(shelf)",
        sarif=[("V001", "error")],
        junit=["failure V001: refuted"],
        github=[("error", "refuted [V001]")],
        markdown="not as expected",
        text=": refuted  none(shelf)",
    ),
    "unknown": Row(
        3,
        prover=prove.Unknown("out of time"),
        sarif=[("V005", "warning")],
        junit=["failure V005: unknown"],
        github=[("warning", "unknown [V005]")],
        markdown="undecided",
        text=": unknown  low(shelf)",
    ),
    "only to a bound": Row(
        3,
        prover=prove.ProvedToBound(4, "no proof"),
        sarif=[("V006", "warning")],
        junit=["failure V006: proved-to-bound"],
        github=[("warning", "proved-to-bound [V006]")],
        markdown="undecided",
        text=": proved-to-bound 4  low(shelf)",
    ),
    "a broken file": Row(
        2,
        "check low(",
        sarif=[("L005", "error")],
        junit=["error L005: error"],
        github=[("error", "error [L005]")],
        markdown="wrong input",
    ),
    "a check on which the checker fails": Row(
        4,
        prover=prove.Failed("the counterexample does not replay"),
        sarif=[("V007", "error")],
        junit=["error V007: internal-error"],
        github=[("error", "internal-error [V007]")],
        markdown="internal error",
        text=": internal-error  low(shelf)",
    ),
    "a crash": Row(
        4,
        "check none(shelf)",
        crash=True,
        sarif=[("V001", "error"), ("C054", "error")],
        junit=["failure V001: refuted", "error C054: error"],
        github=[("error", "error [C054]"), ("error", "refuted [V001]")],
        markdown="internal error",
        text=": refuted  none(shelf)",
    ),
}


@pytest.fixture(scope="module", params=ROWS)
def row(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Row, Run]]:
    chosen = ROWS[request.param]
    folder = tmp_path_factory.mktemp("row")
    (folder / "cells.layout").write_text(program(chosen.checks))
    with pytest.MonkeyPatch.context() as patch:
        if chosen.prover is not None:
            patch.setattr(prove, "decide", as_if(chosen.prover))
        if chosen.crash:
            # Once all is decided: what is known by then must not be lost.
            patch.setattr(progress, "finish", once(broken_off, progress.finish))
        done = run(folder, "verify", "cells.layout", "--no-cache", "--attack", "0", *EVERY_FORMAT)
        yield chosen, Run(done, written(folder))


def once(first: object, then: object) -> object:
    """A function that is another one when it is called first."""
    waiting = [first]

    def called(*words: object, **named: object) -> object:
        function = waiting.pop() if waiting else then
        assert callable(function)
        return function(*words, **named)

    return called


def test_the_exit_status_is_that_of_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    assert made.done.status == expected.status
    assert set(made.reports) == set(RENDERERS)


def test_json_tells_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    told = json.loads(made.reports["json"])
    assert told["summary"]["exit_status"] == expected.status
    codes = {each["code"] for each in told["diagnostics"]}
    assert codes == {code for code, _ in expected.sarif if code[0] != "V"}


def test_sarif_tells_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    found = sarif(made.reports["sarif"])
    (invocation,) = found["invocations"]
    notes = [(each["descriptor"]["id"], each["level"]) for each in invocation.get("toolExecutionNotifications", ())]
    assert [*((each["ruleId"], each["level"]) for each in found["results"]), *notes] == list(expected.sarif)
    assert invocation["exitCode"] == expected.status
    assert invocation["executionSuccessful"] is (expected.status in (0, 1, 3))


def test_junit_tells_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    assert [outcome(case) for case in junit(made.reports["junit"])] == list(expected.junit)


def test_annotations_tell_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    found = annotations(made.reports["github"])
    assert [(each.command, each.about["title"]) for each in found] == list(expected.github)


def test_markdown_tells_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    text = made.reports["markdown"]
    assert text.startswith(f"## mapproof: {expected.markdown}\n")
    rows = re.findall(r"^\| ([a-z ]+) \|.*\| (\w+) \|$", text, re.MULTILINE)
    assert sorted(rows) == sorted((expected.sign(code), code) for code, _ in expected.sarif)


def test_text_tells_the_row(row: tuple[Row, Run]) -> None:
    expected, made = row
    assert expected.text in made.reports["text"]
    # In a file everything is told that was told on standard output.
    assert made.reports["text"].split() == made.done.stdout.split()


def test_the_line_of_what_the_checker_asks_itself_is_of_the_file_that_is_named(tmp_path: Path) -> None:
    """An algorithm of a module: that its arithmetic is exact is asked there, not in the file of the scenario."""
    text = program("").rpartition("scenario s")[0]
    (tmp_path / "shelves.layout").write_text(
        text.replace("place cell at 4K", "let at = cell.base + 4K place cell at 4K")
    )
    scenario = "use shelves\nscenario s { given cells: Cells let shelf = fill(cells) check low(shelf) }\n"
    (tmp_path / "cells.layout").write_text(scenario)
    told = json.loads(run(tmp_path, "verify", "cells.layout", "--no-cache", "--format", "json").stdout)
    places = {each["property"]: (each["file"], each.get("stands_in"), each["line"]) for each in told["results"]}
    assert places == {
        "low(shelf)": ("cells.layout", None, 2),
        "exact_arithmetic(shelf)": ("cells.layout", "shelves.layout", text[: text.index("algorithm")].count("\n") + 1),
    }
