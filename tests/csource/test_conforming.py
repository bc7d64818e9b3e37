"""`mapproof import` and `mapproof conform`: a tree of our own against a model written by hand, and patches of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checker.csource import Patched, apply_patch
from tests.helpers.command import mapproof
from tests.helpers.places import ROOT

TREE = ROOT / "tests" / "data" / "trees" / "upwards"
BINDING = f"--binding={TREE / 'upwards.toml'}"
MODEL = str(TREE / "upwards.layout")
MERGING = TREE.parent / "merging"


def test_a_tree_is_proved_to_do_what_the_model_does() -> None:
    done = mapproof("conform", MODEL, str(TREE), BINDING)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map, of any length" in done.stdout
    assert "proved   placed_alike(upwards, upwards_2)" in done.stdout


def test_a_tree_that_does_something_else_is_shown_on_the_smallest_map() -> None:
    done = mapproof("conform", "linux-x86-forward", str(TREE), BINDING, "--placement", "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["alike"] is False
    assert len(found["results"][0]["counterexample"]["maps"]["map"]) == 1


def test_a_patch_that_only_refactors_is_proved_to_change_nothing() -> None:
    done = mapproof("conform", "--patch", str(TREE / "refactored.patch"), str(TREE), BINDING, "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map" in done.stdout


def test_a_patch_that_moves_regions_is_shown_on_the_smallest_map() -> None:
    done = mapproof("conform", "--patch", str(TREE / "moved.patch"), str(TREE), BINDING)
    assert done.returncode == 1, done.stderr
    assert "they differ on a map of 1 region" in done.stdout
    assert "BOOT_SERVICES_DATA" in done.stdout


@pytest.mark.parametrize("command", [("import",), ("conform", MODEL)])
def test_c_that_is_not_understood_ends_with_its_place(command: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(TREE, tmp_path / "tree")
    path = tmp_path / "tree" / "walk.c"
    path.write_text(path.read_text().replace("put(md);", "put(md + 1);"))
    done = mapproof(*command, str(tmp_path / "tree"), BINDING)
    assert done.returncode == 2
    assert "walk.c:25:" in done.stderr
    assert "error[S00" in done.stderr
    assert "as patched" not in done.stderr
    assert not done.stdout


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    patch = tmp_path / "old.patch"
    patch.write_text((TREE / "moved.patch").read_text().replace("return true", "return 1"))
    done = mapproof("conform", "--patch", str(patch), str(TREE), BINDING)
    assert done.returncode == 2
    assert "error[S009]: a hunk does not fit" in done.stderr
    assert "is not `return 1" in done.stderr


NEW = "diff --git a/Documentation/new.rst b/Documentation/new.rst\nnew file mode 100644\n--- /dev/null\n"
NEW += "+++ b/Documentation/new.rst\n@@ -0,0 +1 @@\n+Text.\n"
ELSEWHERE = "--- a/kernel/other.c\n+++ b/kernel/other.c\n@@ -3 +3 @@\n-int a;\n+int b;\n"


@pytest.mark.parametrize("beside", [NEW, ELSEWHERE], ids=["a file is made", "a file that the tree lacks"])
def test_a_patch_may_be_about_other_files_as_well(beside: str, tmp_path: Path) -> None:
    patch = tmp_path / "more.patch"
    patch.write_text(beside + (TREE / "moved.patch").read_text())
    done = mapproof("conform", "--patch", str(patch), str(TREE), BINDING)
    assert done.returncode == 1, done.stderr
    assert "they differ on a map of 1 region" in done.stdout
    patch.write_text(beside)
    alone = mapproof("conform", "--patch", str(patch), str(TREE), BINDING)
    assert alone.returncode == 2
    assert "error[S009]: no file of it is in" in alone.stderr


def test_a_patch_may_come_without_prefixes_and_from_a_pipe() -> None:
    text = (TREE / "moved.patch").read_text().replace("--- a/", "--- ").replace("+++ b/", "+++ ")
    done = mapproof("conform", "--patch", "-", str(TREE), BINDING, stdin=text)
    assert done.returncode == 1, done.stderr
    assert "they differ on a map of 1 region" in done.stdout


def patched(tree: Path, *names: str) -> Path:
    """A tree in which patches are made."""
    shutil.copytree(TREE, tree)
    for name in names:
        change = apply_patch(tree, TREE / name)
        assert isinstance(change, Patched)
        assert not change.is_in_tree
        for path, text in change.texts.items():
            Path(path).write_text(text)
    return tree


def test_a_patch_that_the_tree_has_is_held_against_the_tree_before_it(tmp_path: Path) -> None:
    """As `git diff` has it, and the head of a pull request."""
    tree = patched(tmp_path / "tree", "lower.patch")
    done = mapproof("conform", "--patch", str(TREE / "lower.patch"), str(tree), BINDING)
    assert done.returncode == 1, done.stdout + done.stderr
    assert (
        f"\n  upwards is that of {tree} without {TREE / 'lower.patch'}\n  upwards_2 is that of {tree}\n" in done.stdout
    )
    assert "why: region 0: 0x100000 by upwards, 0xff000 by upwards_2" in done.stdout
    assert "`upwards` writes virt_addr and placed, without the patch: " in done.stdout
    assert "upwards.layout: 1 broken, 0 not decided, 0 kept" in done.stdout


def test_what_is_before_a_patch_has_its_own_lines(tmp_path: Path) -> None:
    tree = patched(tmp_path / "tree", "refactored.patch")
    assert apply_patch(tree, TREE / "refactored.patch") == Patched(
        {str(tree / "walk.c"): (TREE / "walk.c").read_text()}, is_in_tree=True
    )
    done = mapproof("conform", "--patch", "-", str(tree), BINDING, "-q", stdin=(TREE / "refactored.patch").read_text())
    assert done.returncode == 0, done.stderr
    assert f"{tree} without the patch and {tree}: alike on every map" in done.stdout


def test_an_empty_patch_is_told_to_be_empty() -> None:
    done = mapproof("conform", "--patch", "-", str(TREE), BINDING, stdin="")
    assert done.returncode == 2
    assert "-:1:1: error[S009]: the patch is empty\n  help: `git diff` prints nothing" in done.stderr


def test_a_patch_that_the_tree_has_in_part_is_refused(tmp_path: Path) -> None:
    tree = patched(tmp_path / "tree", "lower.patch")
    text = "".join((TREE / name).read_text().split("+++ b/walk.c\n")[1] for name in ("lower.patch", "moved.patch"))
    patch = tmp_path / "both.patch"
    patch.write_text(f"--- a/walk.c\n+++ b/walk.c\n{text}")
    done = mapproof("conform", "--patch", str(patch), str(tree), BINDING)
    assert done.returncode == 2
    assert "walk.c: it is applied already" in done.stderr


def test_files_that_the_binding_does_not_read_change_nothing(tmp_path: Path) -> None:
    """The patch has a function of the same name in another driver."""
    tree = patched(tmp_path / "tree")
    (tree / "other.c").write_text("int a;\n")
    patch = tmp_path / "other.patch"
    patch.write_text("--- a/other.c\n+++ b/other.c\n@@ -1 +1,2 @@\n int a;\n+static bool wanted(void) { return 1; }\n")
    done = mapproof("conform", "--patch", str(patch), str(tree), BINDING, "-q")
    assert done.returncode == 0, done.stderr


def test_a_place_in_patched_code_is_said_to_be_one_of_the_file_as_patched(tmp_path: Path) -> None:
    patch = tmp_path / "calls.patch"
    hunk = "@@ -23,2 +23,4 @@\n \t\treturn;\n+\n+\tgibberish(md);\n \tmd->virt_addr = next_free;\n"
    patch.write_text(f"--- a/walk.c\n+++ b/walk.c\n{hunk}")
    done = mapproof("conform", "--patch", str(patch), str(TREE), BINDING, "--format", "json")
    assert done.returncode == 2
    assert f"{TREE}/walk.c:26:2: error[S003]: there is no function `gibberish`" in done.stderr
    note = f"line 26 is that of {TREE}/walk.c as patched"
    assert f"note: {note}" in done.stderr
    assert json.loads(done.stdout)["diagnostics"][0]["notes"] == [note]


def test_a_patch_that_removes_what_the_binding_reads_is_not_passed_over(tmp_path: Path) -> None:
    lines = (TREE / "walk.c").read_text().splitlines(keepends=True)
    patch = tmp_path / "gone.patch"
    hunk = f"@@ -1,{len(lines)} +0,0 @@\n" + "".join(f"-{line}" for line in lines)
    patch.write_text(f"--- a/walk.c\n+++ /dev/null\n{hunk}")
    done = mapproof("conform", "--patch", str(patch), str(TREE), BINDING)
    assert done.returncode == 2
    assert "error[S00" in done.stderr


def test_what_is_imported_is_written_to_a_file_that_other_commands_read(tmp_path: Path) -> None:
    made = tmp_path / "made.layout"
    assert mapproof("import", str(TREE), BINDING, "-o", str(made)).returncode == 0
    done = mapproof("diff", MODEL, str(made), "--placement", "-q")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_merging_of_neighbours_is_proved_to_be_that_of_the_model() -> None:
    binding = f"--binding={MERGING / 'merging.toml'}"
    done = mapproof("conform", str(MERGING / "merging.layout"), str(MERGING), binding, "--assuming", "", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map, of any length" in done.stdout


def test_a_merging_that_asks_for_less_is_shown_on_two_regions() -> None:
    binding = f"--binding={MERGING / 'merging.toml'}"
    done = mapproof("conform", "--patch", str(MERGING / "loose.patch"), str(MERGING), binding)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "they differ on a map of 2 regions" in done.stdout


def test_findings_in_sarif_stand_at_the_lines_of_c(tmp_path: Path) -> None:
    report = tmp_path / "found.sarif"
    patch = str(TREE / "moved.patch")
    assert mapproof("conform", "--patch", patch, str(TREE), BINDING, "--output", f"sarif={report}").returncode == 1
    (found,) = json.loads(report.read_text())["runs"][0]["results"]
    places = [each["physicalLocation"] for each in (*found["locations"], *found.get("relatedLocations", []))]
    assert any(each["artifactLocation"]["uri"].endswith("walk.c") for each in places), places


def test_a_patch_is_told_which_promises_of_the_model_it_breaks(tmp_path: Path) -> None:
    report, sarif = tmp_path / "found.json", tmp_path / "found.sarif"
    outputs = ("--output", f"json={report}", "--output", f"sarif={sarif}")
    done = mapproof("conform", "--patch", str(TREE / "lower.patch"), str(TREE), BINDING, *outputs)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "upwards.layout: 1 broken, 0 not decided, 0 kept" in done.stdout
    after = done.stdout.partition("promises of")[2]
    assert "0x100000 <= 0xff000 is not so" in after
    assert "walk.c:29 (as patched)" in after
    assert "walk.c:25: `made` writes virt_addr and placed, as patched: `md->virt_addr" in after
    promised = json.loads(report.read_text())["promises"]
    (broken,) = promised["broken"]
    assert (broken["property"], broken["verdict"], promised["open"]) == (
        "each r in made where r.placed: r.virt_addr >= 1M",
        "refuted",
        [],
    )
    assert len(broken["counterexample"]["maps"]["map"]) == 1
    assert len(json.loads(sarif.read_text())["runs"][0]["results"]) == 2


def test_a_patch_that_moves_regions_and_keeps_the_promises_says_so() -> None:
    done = mapproof("conform", "--patch", str(TREE / "moved.patch"), str(TREE), BINDING, "--format", "json")
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)["promises"]
    assert (said["broken"], said["open"], said["kept"]) == ([], [], 1)


def test_what_does_not_hold_without_the_patch_is_no_promise_that_it_breaks(tmp_path: Path) -> None:
    """The tree already begins below 1 MiB: the patch moves it further down."""
    shutil.copytree(TREE, tmp_path / "tree")
    low = tmp_path / "tree" / "walk.c"
    low.write_text(low.read_text().replace("0x100000UL", "0xfe000UL"))
    patch = tmp_path / "lower.patch"
    patch.write_text(
        (TREE / "lower.patch").read_text().replace("0x100000UL", "0xfe000UL").replace("0xff000", "0xfd000")
    )
    done = mapproof("conform", "--patch", str(patch), str(tmp_path / "tree"), BINDING, "--format", "json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["promises"] == {"models": [MODEL], "broken": [], "open": [], "kept": 0}
