"""The habits that engineers have from other tools: choose, list, stop, watch, complete."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checker import library
from checker.cli.verifying.watch import Memory
from checker.verify.plan import Task, plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify
from tests.helpers.command import PREFIX, mapproof, program

TWO = (
    f"{PREFIX}scenario one {{ given cells: Cells let shelf = fill(cells) check low(shelf), none(shelf) }}\n"
    "scenario two { given cells: Cells let shelf = fill(cells) check none(shelf), low(shelf) }\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.layout").write_text(TWO)
    return tmp_path


def listed(folder: Path, *arguments: str) -> list[str]:
    """The checks that a command line chooses, each as `scenario: property`; what the checker asks by itself apart."""
    done = mapproof("verify", *arguments, "--list", "--format", "json", cwd=folder)
    return [f"{each['scenario']}: {each['property']}" for each in json.loads(done.stdout)["checks"] if each["written"]]


def test_checks_are_listed_as_they_would_be_decided(folder: Path) -> None:
    done = mapproof("verify", "cells.layout:two", "--list", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["cells.layout:two  none(shelf)", "cells.layout:two  low(shelf)"]


def test_a_scenario_is_named_behind_its_file(folder: Path) -> None:
    assert listed(folder, "cells.layout:one") == ["one: low(shelf)", "one: none(shelf)"]
    both = listed(folder, "cells.layout:one", "cells.layout:two")
    assert both == listed(folder, "cells.layout") == listed(folder, "cells.layout:one", "cells.layout")


def test_a_certificate_is_no_part_of_a_report(folder: Path) -> None:
    done = mapproof("verify", "cells.layout", "--certificate", "-", cwd=folder)
    assert done.returncode == 2
    assert "--certificate: name a file, since standard output has the report" in done.stderr
    assert not (folder / "-").exists()


def test_a_scenario_that_is_not_there_is_refused_with_those_that_are(folder: Path) -> None:
    done = mapproof("verify", "cells.layout:tow", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error[C004]: cells.layout has no scenario `tow`",
        "  help: did you mean two? it has: one, two",
    ]


def test_words_choose_by_file_scenario_and_name(folder: Path) -> None:
    assert listed(folder, "cells.layout", "-k", "low") == ["one: low(shelf)", "two: low(shelf)"]
    assert listed(folder, "cells.layout", "-k", "low", "-k", "two") == ["two: low(shelf)"]
    done = mapproof("verify", "cells.layout", "-k", "high", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no check has `high` in its file, its scenario or its name" in done.stderr


def test_the_first_verdict_that_is_not_as_expected_can_be_the_last(folder: Path) -> None:
    stopped = mapproof("verify", "cells.layout", "-x", "--format", "json", cwd=folder)
    assert stopped.returncode == 1
    results = [(each["scenario"], each["property"]) for each in json.loads(stopped.stdout)["results"]]
    assert results == [("one", "low(shelf)"), ("one", "none(shelf)")]
    assert json.loads(stopped.stdout)["summary"]["stopped_before"] == 2
    said = mapproof("verify", "cells.layout", "-x", "-q", cwd=folder).stdout
    assert "stopped before the other 2 of 4 checks" in said
    assert "stopped" not in mapproof("verify", "cells.layout", "-q", cwd=folder).stdout


def test_quietly_only_what_is_not_as_expected_is_told_and_where_it_stands(folder: Path) -> None:
    lines = mapproof("verify", "cells.layout", "-q", cwd=folder).stdout.splitlines()
    told = [each.split(" ")[0] for each in lines if not each.startswith(" ")]
    assert told == ["cells.layout:10:", "cells.layout:11:", "4"]


def test_each_verdict_is_told_when_it_is_known_and_not_when_all_are(folder: Path) -> None:
    """The second check takes a minute: the line on the first one is there before."""
    slow = (
        "import checker.prove as p, time\nright = p.decide\n"
        "def decide(*a):\n"
        "    for number, each in enumerate(right(*a)):\n        time.sleep(60 * number)\n        yield each\n"
        "p.decide = decide\nfrom checker.cli import main\nmain()\n"
    )
    command = [sys.executable, "-c", slow, "verify", "--no-cache", "cells.layout:one"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = [running.stdout.readline() for _ in range(2)]
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
    assert told[0] == "cells.layout: one\n"
    assert told[1].split()[:2] == ["proved", "low(shelf)"]


def environment() -> dict[str, str]:
    root = Path(library.__file__).parents[2]
    return {"PYTHONPATH": str(root), "PATH": os.environ["PATH"], "MAPPROOF_CACHE": "none"}


def test_while_it_watches_an_edited_file_is_decided_again(folder: Path) -> None:
    command = [sys.executable, "-m", "checker", "verify", "cells.layout:two", "-q", "--watch"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        alarm = threading.Timer(60, running.kill)
        alarm.start()
        seen = []
        for line in running.stdout:
            seen.append(line)
            if line.startswith("2 checks: 1 proved, 1 refuted"):
                (folder / "cells.layout").write_text(
                    TWO.replace("check none(shelf), low", "check none(shelf) expect refuted check low")
                )
            if "all as expected" in line:
                break
        alarm.cancel()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 130
    assert seen[0].startswith("cells.layout:11: refuted  none(shelf)")


def tasks_of(text: str, folder: Path) -> list[Task]:
    (folder / "cells.layout").write_text(text)
    programs, wrong = library.open_programs([str(folder / "cells.layout")])
    assert wrong == []
    return list(plan(programs))


def test_what_still_asks_the_same_is_not_decided_again(tmp_path: Path) -> None:
    text = program("check low(shelf) check none(shelf)")
    memory = Memory()
    first = [each for each in verify(tasks_of(text, tmp_path), Options()) if isinstance(each, CheckResult)]
    memory.keep(first)
    (moved,) = tasks_of(f"# a line above\n{text}", tmp_path)
    known = memory.recall(moved)
    assert known is not None
    assert [(each.result.verdict, each.result.check.span.line) for each in known] == [
        (each.result.verdict, each.result.check.span.line + 1) for each in first
    ]
    (other,) = tasks_of(text.replace("place cell at 4K", "place cell at 8K"), tmp_path)
    assert memory.recall(other) is None


def test_a_certificate_is_about_whole_files(folder: Path) -> None:
    for options in (("-k", "low"), ("-x",)):
        done = mapproof("verify", "cells.layout", *options, "--certificate", "c.json", cwd=folder)
        assert (done.returncode, (folder / "c.json").exists()) == (2, False)
    assert mapproof("verify", "cells.layout:one", "--certificate", "c.json", cwd=folder).returncode == 2


def test_a_shell_is_told_commands_and_models() -> None:
    def completions(line: str) -> set[str]:
        asked = {"_MAPPROOF_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
        command = [sys.executable, "-m", "checker"]
        done = subprocess.run(command, env={**environment(), **asked}, capture_output=True, text=True, check=False)
        return set(done.stdout.splitlines())

    assert completions("mapproof ver") == {"plain,verify"}
    assert "plain,linux-x86-reversed" in completions("mapproof run linux")
    assert "plain,linux-x86-reversed" in completions("mapproof verify linux")


def test_models_are_asked_about_by_name() -> None:
    done = mapproof("models", "linux_x86_reversed", "linux-x86-forward")
    heads = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    told = [head.split() for head in heads]
    assert (done.returncode, [name for name, _ in told]) == (0, ["linux-x86-reversed", "linux-x86-forward"])
    assert [Path(file).stem for _, file in told] == ["linux-x86-reversed", "linux-x86-forward"]
    wrong = mapproof("models", "linux-x86-reverse")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean linux-x86-reversed" in wrong.stderr


def test_a_map_in_the_place_of_a_program_is_told_to_be_perhaps_one(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("[    0.000000] Linux version 6.1.0\n")
    for arguments in (("run", "log.txt", "auto"), ("verify", "log.txt")):
        done = mapproof(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "if this is a memory map: `mapproof run auto log.txt`" in done.stderr
    (tmp_path / "bad.layout").write_text("[")
    assert "memory map" not in mapproof("verify", "bad.layout", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("verfy", "No such command 'verfy': did you mean `verify`?"),
        ("qqq", "No such command 'qqq': `mapproof --help` lists the commands"),
    ],
)
def test_who_mistypes_a_command_is_told_what_may_be_meant(word: str, said: str) -> None:
    done = mapproof(word)
    assert done.returncode == 2
    assert said in done.stderr


def test_of_a_folder_what_is_installed_in_it_is_passed_over(folder: Path) -> None:
    for name in ("sub", ".venv", "env/lib"):
        (folder / name).mkdir(parents=True)
        (folder / name / "more.layout").write_text(TWO)
    (folder / "env" / "pyvenv.cfg").write_text("")
    done = mapproof("fmt", "--check", ".", cwd=folder)
    assert done.stdout.splitlines() == ["would format cells.layout", "would format sub/more.layout"]
    named = mapproof("fmt", "--check", ".venv", cwd=folder)
    assert named.stdout.splitlines() == ["would format .venv/more.layout"]


VACUOUS = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) { for cell in cells { place cell at 4K } }
property left(shelf: Shelf) = each c in shelf where not c.placed: c.spot > 8K
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot < 8K
assumption broken(cells: Cells) = 1 == 2
scenario s {
    given cells: Cells
    let shelf = fill(cells)
    check left(shelf)
    assuming broken(cells) { check low(shelf) }
}
"""


def test_what_says_nothing_tells_why(tmp_path: Path) -> None:
    (tmp_path / "nothing.layout").write_text(VACUOUS)
    found = json.loads(mapproof("verify", "nothing.layout", "--format", "json", cwd=tmp_path).stdout)["results"]
    told = {each["property"]: (each["verdict"], each.get("reason") or each.get("detail")) for each in found}
    assert told["left(shelf)"] == ("vacuous", "the property never applies")
    assert told["low(shelf) assuming broken(cells)"] == ("vacuous", "no map meets the assumptions")


def test_a_check_before_which_a_run_stops_is_a_case_that_was_skipped(folder: Path) -> None:
    done = mapproof("verify", "cells.layout", "-x", "--format", "junit", "--jobs", "1", cwd=folder)
    whole = mapproof("verify", "cells.layout", "--format", "junit", cwd=folder)
    names = [
        [(each.get("classname"), each.get("name")) for each in ElementTree.fromstring(told.stdout).iter("testcase")]
        for told in (done, whole)
    ]
    assert names[0] == names[1]
    suites = ElementTree.fromstring(done.stdout)
    skipped = [each for each in suites.iter("testcase") if each.find("skipped") is not None]
    assert len(skipped) == int(suites.get("skipped", "0")) > 0
    assert {each.find("skipped").get("message") for each in skipped} == {  # type: ignore[union-attr]
        "not decided: the run was to stop before it"
    }
