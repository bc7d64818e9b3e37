"""docs/codes/: a page on every code, whose example gives that code, and prints what is shown.

`python -m tests.test_codes` writes what the examples print now into the pages.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from checker import library
from checker.base.codes import REGISTRY
from checker.cli import cli
from tests.helpers.places import ROOT

PAGES = ROOT / "docs" / "codes"
_FILE = re.compile(r"^`([\w.-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n\$ ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```pycon\n((?:>>> [^\n]*\n)+)(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """The files of an example, what is done with them and what that prints."""

    code: str
    files: tuple[tuple[str, str], ...]
    command: str
    output: str

    def run(self, folder: Path) -> str:
        for name, text in self.files:
            (folder / name).write_text(text, encoding="utf-8")
        if self.command.startswith(">>> "):
            return _python(self.command)
        return _shell(self.command, folder) if set(self.command) & set(";|>") else _command(self.command, folder)


def examples() -> list[Example]:
    found = []
    for code, page in library.explanations().items():
        files = tuple(_FILE.findall(page.text))
        for command, output in [*_CONSOLE.findall(page.text), *_PYTHON.findall(page.text)]:
            found.append(Example(code, files, command, output))
    return found


def _command(command: str, folder: Path) -> str:
    """Run the command in this process: most of the time would be its start."""
    said = io.StringIO()
    with chdir(folder), redirect_stdout(said), redirect_stderr(said):
        try:
            with cli.make_context("mapproof", shlex.split(command)[1:]) as context:
                cli.invoke(context)
        except click.ClickException as error:
            error.show()
    return said.getvalue()


def _shell(command: str, folder: Path) -> str:
    tools = folder / ".tools"
    tools.mkdir(exist_ok=True)
    tool = tools / "mapproof"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n')
    tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def _python(lines: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        exec(lines.replace(">>> ", ""), {})
    return said.getvalue()


def steady(text: str) -> str:
    """Without versions and times."""
    return re.sub(r"\b(mapproof|z3) \d[\w.]*", r"\1 _", re.sub(r" *\b\d+\.\d\d s\b", " _ s", text))


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.code)
def test_an_example_gives_its_code_and_prints_what_is_shown(example: Example, tmp_path: Path) -> None:
    said = example.run(tmp_path)
    assert re.search(rf"\[{example.code}\]|^{example.code}: ", said, re.MULTILINE), said
    assert steady(example.output) == steady(said)


def test_every_code_has_its_page_once_and_in_order() -> None:
    for path in PAGES.glob("*.md"):
        written = re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert written == [code for code in REGISTRY if code in written]
    everywhere = "".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.md")))
    assert sorted(re.findall(r"^## (.*)$", everywhere, re.MULTILINE)) == sorted(REGISTRY)


def test_a_page_begins_with_the_meaning_and_ends_with_the_remedy() -> None:
    for code, page in library.explanations().items():
        assert not page.text.startswith("*"), f"{code} has another meaning in its page"
        assert re.search(r"\*\*To mend it:\*\* [^\n]+\.$", page.text), code


def test_every_code_has_an_example() -> None:
    assert {example.code for example in examples()} == set(REGISTRY)


def test_no_code_means_what_another_means() -> None:
    assert len({code.meaning for code in REGISTRY.values()}) == len(REGISTRY)


def refresh() -> None:
    """Write what each example prints now in the place of what its page shows."""
    for path in PAGES.glob("*.md"):
        head, *sections = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for example in examples():
            with tempfile.TemporaryDirectory() as folder:
                sections = [_renewed(each, example, Path(folder)) for each in sections]
        path.write_text(head + "".join(sections), encoding="utf-8")


def _renewed(section: str, example: Example, folder: Path) -> str:
    if not section.startswith(f"## {example.code}\n"):
        return section
    end = "" if example.command.startswith(">>> ") else "\n"
    shown = f"{example.command}{end}{example.output}```"
    assert shown in section
    return section.replace(shown, f"{example.command}{end}{example.run(folder)}```")


if __name__ == "__main__":
    refresh()
