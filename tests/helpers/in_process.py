"""The command in this process: most of the time of a short one would be its start."""

from __future__ import annotations

import io
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click

from checker.cli import cli


@dataclass(frozen=True)
class Done:
    """What a command came to: its status, and what it printed."""

    status: int
    stdout: str
    stderr: str


def run(folder: Path, *words: str) -> Done:
    """Run the command in a folder."""
    said, complained = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(said), redirect_stderr(complained):
        try:
            with cli.make_context("mapproof", list(words)) as context:
                status = int(cli.invoke(context))
        except click.ClickException as error:
            error.show()
            status = error.exit_code
    return Done(status, said.getvalue(), complained.getvalue())
