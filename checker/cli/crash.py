"""An error of the checker itself, told as everything else is: without a traceback."""

from __future__ import annotations

import os
import sys

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic

TRACEBACK = "MAPPROOF_TRACEBACK"
"""Set in the environment, it shows where an internal error happened."""


def crash(error: Exception) -> Diagnostic:
    """Say that the checker failed, and with which error; raise it instead where its place is wanted."""
    if os.environ.get(TRACEBACK):
        raise error
    text = " ".join(f"internal error: {type(error).__name__}: {error}".split())
    advice = f"please report it with the command, its input, and what it prints with {TRACEBACK}=1"
    return Diagnostic(CommandCode.CRASHED, text, help=advice)


def one_line(diagnostic: Diagnostic) -> str:
    """Return a diagnostic as one line: where something failed, what draws it may fail, too."""
    return f"mapproof: {diagnostic.message}; {diagnostic.help}\n"


def silence() -> None:
    """Let what is still to be written go nowhere, so that leaving does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
