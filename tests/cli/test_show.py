"""`mapproof show`: whatever the tool reads or writes as a picture, and a reason where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import MAP, mapproof, program
from tests.helpers.places import CAPTURES, DATA

LOG = str(DATA / "maps" / "linux-x86-flags-closed.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.json").write_text(MAP)
    (tmp_path / "shelf.layout").write_text(program("check none(shelf) check odd(shelf)"))
    return tmp_path


def drawn(*arguments: str, cwd: Path, stdin: str = "") -> str:
    done = mapproof("show", *arguments, cwd=cwd, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(*arguments: str, cwd: Path, stdin: str = "") -> str:
    done = mapproof("show", *arguments, cwd=cwd, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, "")
    assert "help: " in done.stderr or "Usage: " in done.stderr
    return done.stderr


def test_a_map_of_any_format_is_drawn(folder: Path) -> None:
    assert "0x1000      8 KiB  RR" in drawn("map.json", cwd=folder)
    assert drawn("-", cwd=folder, stdin=MAP).splitlines()[1:] == drawn("map.json", cwd=folder).splitlines()[1:]
    assert "49 regions" in drawn(LOG, cwd=folder)


def test_a_layout_is_drawn_beside_its_map(folder: Path) -> None:
    shown = drawn(LOG, "--model", "linux-x86-reversed", cwd=folder)
    assert "0xfffffffefed00000     16 KiB" in shown
    assert shown.endswith("28 placed, 0 without an address\n")


def test_the_model_can_be_the_one_that_the_map_tells_of(folder: Path) -> None:
    log = str(DATA / "maps" / "linux-x86-flags-halfopen.txt")
    chosen = mapproof("run", "auto", log).stdout.partition(":")[0]
    assert f"layout of {chosen} (virtual" in mapproof("show", log, "--model", "auto").stdout


def test_what_run_wrote_is_drawn_again(folder: Path) -> None:
    report = mapproof("run", "linux-x86-reversed", LOG, "--format", "json").stdout
    assert "0xfffffffefed00000     16 KiB" in drawn("-", cwd=folder, stdin=report)


@pytest.mark.slow
def test_the_counterexamples_of_a_report_are_drawn_all_or_those_that_are_asked_for(folder: Path) -> None:
    done = mapproof("verify", "shelf.layout", "--format", "json", cwd=folder)
    (folder / "report.json").write_text(done.stdout)
    assert "breaks the property" in drawn("report.json", cwd=folder)
    assert drawn("report.json", "--property", "no*", cwd=folder).startswith("shelf.layout, s: none(shelf)")
    assert "C040" in refused("report.json", "--property", "odd", cwd=folder)


@pytest.mark.slow
def test_the_map_on_which_two_algorithms_differ_is_drawn_with_both_layouts(folder: Path) -> None:
    done = mapproof("diff", "linux-x86-forward", "linux-x86-reversed", "--format", "json", cwd=folder)
    shown = drawn("-", cwd=folder, stdin=done.stdout)
    assert "linux_x86_forward (virtual addresses" in shown and "linux_x86_reversed (virtual addresses" in shown
    assert "was at 0xfffffffeff" in shown


def test_a_capture_is_drawn_kernel_by_kernel(folder: Path) -> None:
    shown = drawn(str(CAPTURES / "shaped-esrt-mok-6.12"), cwd=folder)
    assert "> 0xfffffffefdbbf000" in shown
    assert shown.endswith("1 region moved\n")


def test_a_capture_of_one_kernel_is_drawn_too(folder: Path) -> None:
    capture = folder / "capture"
    capture.mkdir()
    (capture / "runtime-map.json").write_text((CAPTURES / "shaped-odd-6.1" / "runtime-map.json").read_text())
    assert drawn("capture", cwd=folder).endswith("one kernel only\n")


def test_a_file_is_written_in_place_of_the_picture(folder: Path) -> None:
    assert drawn("map.json", "--svg", "map.svg", cwd=folder) == "1 picture in map.svg\n"
    text = (folder / "map.svg").read_text()
    assert text.startswith("<svg ")
    drawn("map.json", "--svg", "map.svg", cwd=folder)
    assert (folder / "map.svg").read_text() == text


@pytest.mark.parametrize(("option", "begin"), [("--svg", "<svg "), ("--html", "<!doctype html>")])
def test_a_picture_may_go_to_standard_output(option: str, begin: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    text = drawn("map.json", option, "-", cwd=folder)
    assert sorted(folder.iterdir()) == before
    drawn("map.json", option, "picture", cwd=folder)
    assert text == (folder / "picture").read_text()
    assert text.lower().startswith(begin)
    assert "--format json" in refused("map.json", option, "-", "--format", "json", cwd=folder)


def test_several_files_are_drawn_one_under_the_other(folder: Path) -> None:
    both = drawn("map.json", LOG, cwd=folder)
    assert both == drawn("map.json", cwd=folder) + "\n\n" + drawn(LOG, cwd=folder)
    assert "M130" in refused("map.json", "missing", "--svg", "out.svg", cwd=folder)
    assert not (folder / "out.svg").exists()


def test_json_says_what_the_picture_shows(folder: Path) -> None:
    said = json.loads(drawn("map.json", "--format", "json", cwd=folder))
    (region,) = said["pictures"][0]["panels"][0]["regions"]
    assert (region["start"], region["end"], region["type"]) == ("0x1000", "0x3000", "RuntimeServicesData")


def test_what_cannot_be_drawn_is_refused_and_leaves_no_file(folder: Path) -> None:
    (folder / "prose.txt").write_text("no map at all\n")
    (folder / "empty").mkdir()
    assert "M101" in refused("prose.txt", "--svg", "out.svg", cwd=folder)
    assert "M130" in refused("missing", "--svg", "out.svg", cwd=folder)
    assert "M101" in refused("empty", "--svg", "out.svg", cwd=folder)
    assert "C014" in refused("map.json", "--svg", "no/such/out.svg", cwd=folder)
    assert "--property" in refused("map.json", "--property", "fits", cwd=folder)
    assert "--svg and --html" in refused("map.json", "--svg", "out", "--html", "out", cwd=folder)
    assert "--model" in refused("map.json", "--set", "a=1", cwd=folder)
    assert "C002" in refused("map.json", "--model", "nothing", cwd=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["empty", "map.json", "prose.txt", "shelf.layout"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"results": 1}', "C041"),
        ('{"results": [], "diagnostics": [], "summary": 1}', "C041"),
        ('{"algorithm": "x", "regions": [{}]}', "C041"),
        ('{"algorithm": "x", "regions": []}', "C040"),
        ('{"steps": [], "diagnostics": [], "exit_status": 0, "tool": "mapproof"}', "C040"),
        ('{"results": [], "diagnostics": [], "exit_status": 0, "tool": "mapproof"}', "C040"),
        ('{"results": ' + "[" * 5000, "M140"),
        ('{"results": ' + "[" * 5000 + "]" * 5000 + "}", "C041"),
    ],
)
def test_reports_that_are_none_are_refused(text: str, code: str, folder: Path) -> None:
    assert code in refused("-", cwd=folder, stdin=text)
