"""What makes a run fail: reports and baselines that cannot be read or written, what is new, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checker import prove
from checker.base import files
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.report.cases import fingerprint
from checker.report.renderer import Renderer
from checker.report.renderers import RENDERERS
from tests.helpers.command import MAP, program
from tests.helpers.in_process import Done, run
from tests.helpers.places import ROOT
from tests.helpers.reading import junit, outcome, sarif

TWO = "check none(shelf) check low(shelf)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(program(TWO))
    (tmp_path / "broken.layout").write_text("record { }\n")
    return tmp_path


def verify(folder: Path, *options: str) -> Done:
    return run(folder, "verify", "cells.layout", "--no-cache", "--attack", "0", *options)


def nothing_is_searched(patch: pytest.MonkeyPatch) -> None:
    def searched(*_: object) -> None:
        raise AssertionError("something was searched for")

    patch.setattr("checker.cli.progress.verify", searched)


# --- reports


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--output", "junit=nowhere/j.xml"), "error[C014]: cannot write nowhere/j.xml: there is no folder nowhere"),
        (("--output", "sarif=folder"), "error[C014]: cannot write folder: it is no plain file"),
        (("--write-baseline", "nowhere/b.json"), "error[C014]: cannot write nowhere/b.json"),
        (("--baseline", "none.json"), "error[C050]: cannot read none.json: No such file or directory"),
        (("--baseline", "cells.layout"), "error[C050]: cells.layout is no baseline: "),
        (("--baseline", "other.json"), "error[C050]: other.json is a `mapproof baseline 9`, and only a"),
        (("--baseline", "other.json", "--limit", "baseline-bytes=9"), "more than 9 bytes in a baseline"),
    ],
)
def test_what_cannot_be_read_or_written_is_told_before_anything_is_searched_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: str
) -> None:
    nothing_is_searched(monkeypatch)
    (folder / "folder").mkdir()
    (folder / "other.json").write_text('{"format": "mapproof baseline 9", "tool": "", "known": []}')
    done = verify(folder, *options, "--output", "json=told.json")
    assert done.status == 2
    assert code in done.stderr
    assert "  help: " in done.stderr
    # The reports that can be written say the same, and none that all is as expected.
    summary = verify(folder, *options, "--format", "github").stdout.splitlines()[-1]
    assert summary.startswith("0 checks; NOT all was done: ")
    told = json.loads((folder / "told.json").read_text())
    assert told["summary"]["exit_status"] == 2
    assert [each["code"] for each in told["diagnostics"]] == ["C014" if "C014" in code else "C050"]


def test_algorithms_are_not_compared_either_if_the_report_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_searched(monkeypatch)
    models = ("linux-x86-forward", "linux-x86-reversed")
    done = run(tmp_path, "diff", *models, "--output", "junit=nowhere/j.xml", "--output", "sarif=-")
    assert (done.status, done.stderr.count("error[C014]")) == (2, 1)
    (note,) = sarif(done.stdout)["invocations"][0]["toolExecutionNotifications"]
    assert note["descriptor"]["id"] == "C014"


def test_a_report_that_fails_at_the_end_loses_no_verdict(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = files.replace

    def full(path: Path, data: bytes) -> Diagnostic | None:
        if path.suffix != ".xml":
            return put(path, data)
        return Diagnostic(CommandCode.UNWRITABLE, f"cannot write {path}: No space left on device", help="make room")

    monkeypatch.setattr(files, "replace", full)
    done = verify(folder, "--output", "junit=j.xml", "--output", "sarif=s.sarif", "--format", "json")
    assert done.status == 2
    assert "error[C014]: cannot write j.xml: No space left on device" in done.stderr
    told = json.loads(done.stdout)
    assert [each["verdict"] for each in told["results"]] == ["refuted", "proved"]
    assert told["summary"]["exit_status"] == 2
    run_ = sarif((folder / "s.sarif").read_text())
    assert [each["ruleId"] for each in run_["results"]] == ["V001"]
    assert run_["invocations"][0]["exitCode"] == 2


def test_a_report_that_the_checker_fails_to_make_loses_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: object) -> str:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setitem(RENDERERS, "sarif", Renderer("sarif", failing, judging=True))
    done = verify(folder, "--output", "sarif=s.sarif", "--output", "junit=j.xml")
    assert done.status == 4
    assert "error[C054]: internal error: ZeroDivisionError: division by zero" in done.stderr
    assert "refuted  none(shelf)" in done.stdout
    assert [outcome(case) for case in junit((folder / "j.xml").read_text())] == [
        "failure V001: refuted",
        "passed",
        "error C054: error",
    ]


def test_a_full_disk_behind_standard_output_loses_no_report(folder: Path) -> None:
    words = ["verify", "cells.layout", "--no-cache", "--output", "junit=j.xml"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", *words],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error[C014]: cannot write standard output: No space left on device",
        "  help: make room, or have it written elsewhere",
    ]
    assert [outcome(case) for case in junit((folder / "j.xml").read_text())] == ["failure V001: refuted", "passed"]


def test_a_command_whose_report_has_no_place_for_it_fails_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "map.json").write_text(MAP)
    full = Diagnostic(CommandCode.UNWRITABLE, "No space left on device", help="make room")
    words = ("check", "--against", "linux-x86-reversed:any_map", "map.json", "--output", "junit=j.xml")
    before = run(tmp_path, *words)
    monkeypatch.setattr(files, "replace", lambda *_: full)
    done = run(tmp_path, *words)
    assert (before.status, done.status) == (0, 2)
    assert before.stdout == done.stdout
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--output", "junit"), "write FORMAT=FILE; a FORMAT is text, json, sarif, junit, github, markdown"),
        (("--output", "xml=x"), "write FORMAT=FILE"),
        (("--output", "json=cells.layout"), "a report would take the place of a program"),
        (("--output", "json=a", "--output", "text=a"), "two reports are to be written to a"),
        (("--output", "json=-", "--format", "text"), "standard output takes one report"),
        (("--list", "--format", "junit"), "--list decides nothing: --format is text or json"),
        (("--list", "--output", "json=x"), "--watch and --list keep nothing"),
        (("--fail-on", ""), "a verdict is missing: name some of unknown, bounded, vacuous, refuted"),
        (("--fail-on", "unknown,"), "a verdict is missing"),
        (("--fail-on", "proved"), "there is no `proved` here; there is unknown, bounded, vacuous, refuted"),
    ],
)
def test_a_command_line_that_means_nothing_is_refused(folder: Path, options: tuple[str, ...], said: str) -> None:
    done = verify(folder, *options)
    assert (done.status, done.stdout) == (2, "")
    assert said in done.stderr
    assert (folder / "cells.layout").read_text() == program(TWO)


def test_a_report_can_take_the_place_of_the_text(folder: Path) -> None:
    done = verify(folder, "--property", "low", "--output", "sarif=-")
    assert sarif(done.stdout)["results"] == []


# --- baselines


@pytest.fixture
def known(folder: Path) -> Path:
    done = verify(folder, "--write-baseline", "known.json")
    assert done.status == 1
    assert "note[C052]: known.json knows what is not as expected: 1 case" in done.stderr
    return folder


def test_what_is_known_is_no_reason_to_fail_and_what_is_new_is(known: Path) -> None:
    done = verify(known, "--baseline", "known.json")
    assert done.status == 0
    assert "refuted  none(shelf)" in done.stdout
    assert "nothing new, 1 known" in done.stdout
    (known / "cells.layout").write_text("# moved\n" + program(f"check odd(shelf) {TWO}"))
    done = verify(known, "--baseline", "known.json", "--format", "json")
    told = json.loads(done.stdout)
    assert done.status == told["summary"]["exit_status"] == 1
    assert {each["property"]: each.get("known", False) for each in told["results"]} == {
        "odd(shelf)": False,
        "none(shelf)": True,
        "low(shelf)": False,
    }
    assert (told["summary"]["known"], told["summary"]["not_as_expected"]) == (1, 2)


def test_another_verdict_on_a_known_check_is_new(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = prove.Unknown("out of time")
    monkeypatch.setattr(prove, "decide", lambda _, checks, *__: iter([prove.Result(each, late) for each in checks]))
    assert verify(known, "--baseline", "known.json").status == 3


def test_a_baseline_covers_no_wrong_input_and_no_error_of_the_checker(
    known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(known, "verify", ".", "--baseline", "known.json").status == 2
    failed = prove.Failed("broken")
    monkeypatch.setattr(prove, "decide", lambda _, checks, *__: iter([prove.Result(each, failed) for each in checks]))
    told = json.loads((known / "known.json").read_text())
    for name in ("none(shelf)", "low(shelf)"):
        told["known"].append({**told["known"][0], "fingerprint": fingerprint("V007", "cells.layout", "s", name)})
    (known / "known.json").write_text(json.dumps(told))
    done = verify(known, "--baseline", "known.json", "--write-baseline", "new.json")
    assert done.status == 4
    assert "internal-error  none(shelf)" in done.stdout and "known" not in done.stdout
    assert "warning[C051]: new.json is not written" in done.stderr
    assert not (known / "new.json").exists()


def test_a_baseline_that_is_written_again_keeps_what_is_still_there(known: Path) -> None:
    before = (known / "known.json").read_bytes()
    assert verify(known, "--baseline", "known.json", "--write-baseline", "known.json").status == 0
    assert (known / "known.json").read_bytes() == before


@pytest.mark.parametrize("is_repository", [False, True])
def test_a_file_is_known_however_it_is_named(folder: Path, is_repository: bool) -> None:
    """From another folder it is too, if both are in one repository."""
    if is_repository:
        (folder / ".git").mkdir()
    assert verify(folder, "--write-baseline", "known.json").status == 1
    rest = ("--no-cache", "--attack", "0", "--baseline", str(folder / "known.json"))
    for name in ("./cells.layout", str(folder / "cells.layout")):
        assert run(folder, "verify", name, *rest).status == 0
    (folder / "below").mkdir()
    assert run(folder / "below", "verify", "../cells.layout", *rest).status == (0 if is_repository else 1)
    (folder / "below" / "cells.layout").write_text((folder / "cells.layout").read_text())
    assert run(folder, "verify", "below/cells.layout", *rest).status == 1


def test_what_is_mended_is_told_however_the_file_is_named(known: Path) -> None:
    (known / "cells.layout").write_text(program("check low(shelf)"))
    done = run(known, "verify", "./cells.layout", "--no-cache", "--attack", "0", "--baseline", "known.json")
    assert "note[C053]" not in done.stderr
    (known / "cells.layout").write_text(program(TWO).replace("check none(shelf)", "check none(shelf) expect refuted"))
    done = run(known, "verify", "./cells.layout", "--no-cache", "--attack", "0", "--baseline", "known.json")
    assert "note[C053]: known.json knows what is not found any more" in done.stderr


def test_a_map_is_known_however_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "worse.json").write_text(MAP.replace('"num_pages": 2', '"num_pages": 0'))
    first = run(tmp_path, "check", "worse.json", "--write-baseline", "known.json")
    again = run(tmp_path, "check", "./worse.json", "--baseline", "known.json")
    assert (first.status, again.status) == (1, 0)


def test_what_a_baseline_knows_and_is_mended_is_told(known: Path) -> None:
    (known / "cells.layout").write_text(program("check none(shelf) expect refuted"))
    done = verify(known, "--baseline", "known.json")
    assert done.status == 0
    assert "note[C053]: known.json knows what is not found any more: V001 of none(shelf)" in done.stderr
    # Of what was not decided this time nothing is said.
    assert "C053" not in verify(known, "--baseline", "known.json", "-k", "nothing").stderr


def test_findings_about_a_map_have_a_baseline_too(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(MAP)
    (tmp_path / "worse.json").write_text(MAP.replace('"num_pages": 2', '"num_pages": 0'))
    first = run(tmp_path, "check", "worse.json", "--write-baseline", "known.json")
    assert first.status == 1
    again = run(tmp_path, "check", "worse.json", "--baseline", "known.json", "--output", "sarif=s.sarif")
    assert again.status == 0
    assert "(known: it is in the baseline)" in again.stdout
    told = json.loads(run(tmp_path, "check", "worse.json", "--baseline", "known.json", "--format", "json").stdout)
    assert {each["known"] for each in told["findings"] if each["severity"] != "note"} == {True}
    levels = {each["level"] for each in sarif((tmp_path / "s.sarif").read_text())["results"]}
    assert levels == {"note"}
    refused = run(tmp_path, "check", "--against", "linux-x86-forward", "map.json", "--baseline", "known.json")
    assert refused.status == 2 and "leave --handover and --against out" in refused.stderr


def test_a_finding_that_is_known_of_one_map_is_new_in_another(tmp_path: Path) -> None:
    # Programs that compare SARIF by its messages take the second for the first.
    for name in ("first.json", "second.json"):
        (tmp_path / name).write_text(MAP.replace('"num_pages": 2', '"num_pages": 0'))
    assert run(tmp_path, "check", "first.json", "--write-baseline", "known.json").status == 1
    both = run(tmp_path, "check", "first.json", "second.json", "--baseline", "known.json", "--output", "sarif=s.sarif")
    assert both.status == 1
    told = [each for each in sarif((tmp_path / "s.sarif").read_text())["results"] if each["ruleId"] == "M331"]
    assert sorted(each["baselineState"] for each in told) == ["new", "unchanged"]
    assert len({each["message"]["text"] for each in told}) == 1


@pytest.mark.slow
def test_a_certificate_is_rechecked_through_the_same_gate(known: Path) -> None:
    assert verify(known, "--certificate", "kept.json").status == 1
    done = run(known, "recheck", "kept.json", "--baseline", "known.json", "--output", "junit=j.xml")
    assert done.status == 0
    assert [outcome(case) for case in junit((known / "j.xml").read_text())] == ["skipped", "passed"]
    assert run(known, "recheck", "kept.json", "--output", "junit=nowhere/j.xml").status == 2


# --- verdicts that are refused


@pytest.mark.parametrize(
    ("outcome", "expect", "word", "status"),
    [
        (prove.Unknown("late"), "unknown", "unknown", 3),
        (prove.ProvedToBound(4, "no proof"), "proved_to_bound", "unknown,bounded", 3),
        (prove.ProvedToBound(4, "no proof"), "proved_to_bound", "proved-to-bound", 3),
        (prove.Vacuous("never"), "vacuous", "vacuous", 1),
        (prove.Unknown("late"), "unknown", "bounded", 0),
    ],
)
def test_a_verdict_can_be_refused_even_where_a_file_expects_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: prove.Outcome, expect: str, word: str, status: int
) -> None:
    (tmp_path / "cells.layout").write_text(program(f"check low(shelf) expect {expect}"))
    monkeypatch.setattr(prove, "decide", lambda _, checks, *__: iter([prove.Result(each, outcome) for each in checks]))
    assert verify(tmp_path).status == 0
    done = verify(tmp_path, "--fail-on", word)
    assert done.status == status
    assert ("refused (--fail-on)" in done.stdout) == (status != 0)


def test_what_is_refused_and_known_is_let_through_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf) expect proved_to_bound"))
    bounded = prove.ProvedToBound(4, "no proof")
    monkeypatch.setattr(prove, "decide", lambda _, checks, *__: iter([prove.Result(each, bounded) for each in checks]))
    assert verify(tmp_path, "--fail-on", "bounded", "--write-baseline", "known.json").status == 3
    done = verify(tmp_path, "--fail-on", "bounded", "--baseline", "known.json")
    assert done.status == 0
    assert "nothing new, 1 known" in done.stdout
