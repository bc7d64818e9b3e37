"""What `mutate` and `recheck --external` come to is told by every format and by the exit status, as verdicts are: what
is right, what is wrong, what nobody knows, a broken file and a crash are five things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.report.renderers import RENDERERS
from checker.verify.external import bundle, drat
from checker.verify.external.bundle import BundledCheck, BundledStatement, ExternalResult, Manifest, Part
from checker.verify.mutation import campaign
from checker.verify.mutation.mutants import Mutant
from checker.verify.mutation.outcomes import Equal, JudgedMutant, Undecided
from tests.helpers.command import program
from tests.helpers.in_process import Done, run
from tests.helpers.reading import annotations, junit, outcome, sarif, written

EVERY_FORMAT = [word for name in RENDERERS for word in ("--output", f"{name}={name}.report")]
MUTATE = ("mutate", "cells.layout", "--mutant", "*.constant-*", "--jobs", "1")
EXTERNAL = ("recheck", "bundle", "--external")

TEXT = Part("0001.smt2", "0" * 64, 10)
STATEMENT = BundledStatement(TEXT, None, None, 0, 0, "no form in clauses")
MANIFEST = Manifest(
    bundle.FORMAT, "mapproof", "z3", "sat", [STATEMENT], [BundledCheck("cells.layout", "s", "low(shelf)", "", [0])]
)


@dataclass(frozen=True)
class Row:
    """A row of the table of exit statuses: a command, what it finds (None: what there is), and how that is told."""

    status: int
    command: Sequence[str]
    found: Callable[..., object] | None = None
    checks: str = "check low(shelf)"
    sarif: Sequence[tuple[str, str]] = ()
    junit: Sequence[str] = ("passed",)
    github: Sequence[tuple[str, str]] = ()
    markdown: str = "all as expected"


def judged(fate: Equal | Undecided) -> Callable[..., object]:
    """Judges that come to this on every mutant."""

    def judge(_: object, __: object, mutants: Sequence[Mutant], ___: object) -> Iterator[tuple[int, JudgedMutant]]:
        yield from enumerate(JudgedMutant(each, fate) for each in mutants[:1])

    return judge


def checked(**told: object) -> Callable[..., object]:
    """Checkers of proofs that say this of every statement."""
    return lambda *_: [ExternalResult(STATEMENT, **told)]  # type: ignore[arg-type]


def broken_off(*_: object) -> object:
    raise ZeroDivisionError("division by zero")


def interrupted(*_: object) -> object:
    raise KeyboardInterrupt


def ended(row_code: str, of: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """How it is told that a run ended for one reason, and that some of what was asked, told by these codes, is open."""
    return {
        "sarif": [*((code, "warning") for code, _ in of), (row_code, "error")],
        "junit": [f"error {row_code}: error", *(f"failure {code}: {word}" for code, word in of)],
        "github": [("error", f"error [{row_code}]"), *(("warning", f"{word} [{code}]") for code, word in of)],
    }


UNJUDGED = [("V009", "not judged")] * 3
UNCHECKED = [("V005", "unconfirmed")]
ROWS = {
    "mutants that are equal": Row(0, MUTATE, judged(Equal())),
    "a mutant that survives": Row(
        1,
        MUTATE,
        sarif=[("V008", "error")],
        junit=["failure V008: survives", "passed", "passed"],
        github=[("error", "survives [V008]")],
        markdown="not as expected",
    ),
    "a mutant that is not decided": Row(
        3,
        MUTATE,
        judged(Undecided("out of time")),
        sarif=[("V005", "warning")],
        junit=["failure V005: undecided"],
        github=[("warning", "undecided [V005]")],
        markdown="undecided",
    ),
    "a program that is broken": Row(
        2,
        MUTATE,
        checks="check low(",
        sarif=[("L005", "error")],
        junit=["error L005: error"],
        github=[("error", "error [L005]")],
        markdown="wrong input",
    ),
    "a crash among mutants": Row(
        4,
        MUTATE,
        broken_off,
        markdown="internal error",
        **ended("C054", UNJUDGED),
    ),
    "a signal among mutants": Row(
        130,
        MUTATE,
        interrupted,
        markdown="interrupted",
        **ended("C055", UNJUDGED),
    ),
    "statements that are confirmed": Row(0, EXTERNAL, checked(confirmed="drat")),
    "a statement that is wrong": Row(
        1,
        EXTERNAL,
        checked(why="the proof is none", rejected=True),
        sarif=[("V004", "error")],
        junit=["failure V004: rejected"],
        github=[("error", "rejected [V004]")],
        markdown="not as expected",
    ),
    "a statement that nobody confirms": Row(
        3,
        EXTERNAL,
        checked(why="no form in clauses"),
        sarif=[("V005", "warning")],
        junit=["failure V005: unconfirmed"],
        github=[("warning", "unconfirmed [V005]")],
        markdown="undecided",
    ),
    "a bundle that is not there": Row(
        2,
        ("recheck", "nowhere", "--external"),
        sarif=[("C082", "error")],
        junit=["error C082: error"],
        github=[("error", "error [C082]")],
        markdown="wrong input",
    ),
    "a crash among statements": Row(
        4,
        EXTERNAL,
        broken_off,
        markdown="internal error",
        **ended("C054", UNCHECKED),
    ),
    "a signal among statements": Row(
        130,
        EXTERNAL,
        interrupted,
        markdown="interrupted",
        **ended("C055", UNCHECKED),
    ),
}


@pytest.fixture(scope="module", params=ROWS)
def row(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Row, Done, dict[str, str]]:
    chosen: Row = ROWS[request.param]
    folder: Path = tmp_path_factory.mktemp("row")
    (folder / "cells.layout").write_text(program(chosen.checks))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drat, "lacks", lambda: None)
        if chosen.command is EXTERNAL:
            patch.setattr(bundle, "read_bundle", lambda *_: MANIFEST)
        if chosen.found is not None:
            patch.setattr(bundle, "check_bundle", chosen.found)
            patch.setattr(campaign, "judge_all", chosen.found)
        done = run(folder, *chosen.command, *EVERY_FORMAT)
    return chosen, done, written(folder)


def test_the_exit_status_and_every_format_tell_the_row(row: tuple[Row, Done, dict[str, str]]) -> None:
    expected, done, reports = row
    assert done.status == expected.status
    assert set(reports) == set(RENDERERS)
    told = json.loads(reports["json"])
    assert told.get("exit_status", told.get("summary", {}).get("exit_status")) == expected.status
    found = sarif(reports["sarif"])
    (invocation,) = found["invocations"]
    notes = [(each["descriptor"]["id"], each["level"]) for each in invocation.get("toolExecutionNotifications", ())]
    assert [*((each["ruleId"], each["level"]) for each in found["results"]), *notes] == list(expected.sarif)
    assert invocation["exitCode"] == expected.status
    assert sorted(map(outcome, junit(reports["junit"]))) == sorted(expected.junit)
    assert [(each.command, each.about["title"]) for each in annotations(reports["github"])] == list(expected.github)
    assert reports["markdown"].startswith(f"## mapproof: {expected.markdown}\n")


def test_a_list_of_mutants_is_no_report_of_what_was_judged(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf)"))
    done = run(tmp_path, "mutate", "cells.layout", "--list", "--format", "junit")
    assert (done.status, done.stdout) == (2, "")
    assert "--list judges nothing" in done.stderr
