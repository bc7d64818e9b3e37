"""The README, executed: every command in it, compared with the output that it shows but for times and versions.

`python tests/test_readme.py` writes what the commands print now into the README.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from checker.base.exit_status import BROKEN_PIPE, ExitStatus
from checker.prove import Verdict
from tests.helpers.documents import furnish, shell, steady
from tests.helpers.places import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [(kind, body) for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]


def blocks(kind: str) -> list[str]:
    return [body for each, body in BLOCKS if each == kind]


def marked(marker: str) -> str:
    """The one shell block whose first line is a comment that begins so."""
    (found,) = (body for body in blocks("sh") if body.startswith(f"# {marker}"))
    return found


def sessions() -> list[tuple[str, str]]:
    """The commands that are shown with what they print."""
    found = []
    for body in blocks("console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def furnished(folder: Path) -> Path:
    """Make a folder like a clone's root, with the files that the README shows."""
    furnish(folder)
    for body in blocks("layout"):
        name = body.removeprefix("# ").partition(":")[0]
        (folder / name).write_text(body)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return furnished(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "output"), sessions(), ids=[command for command, _ in sessions()])
def test_a_command_prints_what_is_shown(command: str, output: str, clone: Path) -> None:
    done = shell(command, clone)
    assert steady(output) == steady(done.stdout + done.stderr)


@pytest.mark.slow
def test_the_model_that_is_shown_is_formatted_and_ends_as_is_said(clone: Path) -> None:
    assert shell("mapproof fmt --check *.layout", clone).returncode == 0
    assert shell("mapproof verify stack.layout", clone).returncode == ExitStatus.NOT_AS_EXPECTED


@pytest.mark.slow
def test_the_advice_after_the_model_is_good(clone: Path) -> None:
    model = clone / "stack.layout"
    text = model.read_text()
    model.write_text(text.replace("check congruent(made)", "check congruent(made) expect refuted"))
    assert shell("mapproof verify stack.layout", clone).returncode == 0
    model.write_text(text.replace(", budget(map)", ""))
    one_page_more = (64 << 30) // 4096 + 1
    assert f" {one_page_more}  64.0 GiB " in shell("mapproof verify stack.layout", clone).stdout


@pytest.mark.slow
def test_the_gate_passes_good_models_and_stops_others(clone: Path) -> None:
    folder = clone / "layouts"
    folder.mkdir()
    text = (clone / "stack.layout").read_text()
    (folder / "stack.layout").write_text(text)
    assert shell(marked("gate"), clone).returncode == ExitStatus.NOT_AS_EXPECTED
    (folder / "stack.layout").write_text(text.replace("check congruent(made)", "check congruent(made) expect refuted"))
    assert shell(marked("gate"), clone).returncode == 0
    (folder / "stack.layout").write_text(text.replace("    ", " "))
    assert shell(marked("gate"), clone).returncode == ExitStatus.NOT_AS_EXPECTED


@pytest.mark.slow
def test_of_the_commands_for_a_kernel_only_the_kernel_is_wanting(clone: Path) -> None:
    (clone / "linux").mkdir()
    for command in marked("ask a kernel's source").splitlines()[1:]:
        done = shell(command, clone)
        assert done.returncode == ExitStatus.WRONG_INPUT
        assert "error[S001]: cannot read linux/arch/x86/platform/efi/efi.c" in done.stderr


def test_the_two_commands_can_be_taken_out() -> None:
    """.ci/run executes them; here only that they are there, each in a block of its own."""
    assert marked("install and run").splitlines()[-1] == ".venv/bin/mapproof verify"
    assert marked("install and test").splitlines()[-1].startswith(".venv/bin/python -m pytest")


def rows(heading: str) -> list[str]:
    """The first column of the table in a section."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `?([\w-]+)[^|]*\|", section, re.MULTILINE)[1:]


def test_the_tables_are_complete() -> None:
    assert [str(int(status)) for status in sorted(ExitStatus)] == rows("Exit status")
    below = TEXT.split("\n## Exit status\n")[1].split("\n## ")[0].rpartition("|\n")[2]
    assert str(BROKEN_PIPE) in below
    assert {verdict.value for verdict in Verdict} - {"internal-error"} == set(rows("What a verdict means"))


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_rooms_that_are_listed_are_the_rooms() -> None:
    listed = re.findall(r"^    checker/(\w+)/ ", TEXT, re.MULTILINE)
    assert sorted(listed) == sorted(path.parent.name for path in (ROOT / "checker").glob("*/__init__.py"))


def refresh() -> None:
    """Write what each command prints now in the place of what the README shows."""
    text = TEXT
    with tempfile.TemporaryDirectory() as folder:
        where = furnished(Path(folder))
        for command, output in sessions():
            done = shell(command, where)
            text = text.replace(f"$ {command}\n{output}", f"$ {command}\n{done.stdout}{done.stderr}")
    (ROOT / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
