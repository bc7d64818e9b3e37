"""Documents that are executed: the files that they show are written, the commands are run, the outputs are compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.helpers.places import ROOT

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def steady(text: str) -> str:
    """Leave out what may differ from run to run, and from one version of the solver to the next."""
    for pattern, instead in (
        (r" *\b\d+\.\d\d s\b", " _ s"),
        (r"\b(mapproof|z3) \d[\w.]*", r"\1 _"),
        (r"effort \d+, obligations \w+", "effort _, obligations _"),
    ):
        text = re.sub(pattern, instead, text)
    return text


def shell(script: str, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in which `mapproof` is the command under test."""
    tools = where / ".tools"
    tools.mkdir(exist_ok=True)
    command = tools / "mapproof"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-c", script], cwd=where, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def replay(text: str, where: Path) -> str:
    """Return a document as it reads if its commands are run now, in order, each on the files shown above it."""

    def run(found: re.Match[str]) -> str:
        done = shell(found[1], where)
        return f"$ {found[1]}\n{done.stdout}{done.stderr}"

    def fence(found: re.Match[str]) -> str:
        kind, body = found.groups()
        if kind == "layout":
            (where / body.removeprefix("# ").partition(":")[0]).write_text(body, encoding="utf-8")
        return f"```{kind}\n{_COMMAND.sub(run, body) if kind == 'console' else body}```"

    return FENCE.sub(fence, text)


def furnish(folder: Path) -> Path:
    """Make a folder like a clone's root."""
    for name in ("tests", "models", "spec"):
        (folder / name).symlink_to(ROOT / name)
    return folder
