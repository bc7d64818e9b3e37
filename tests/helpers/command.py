"""The real command, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers.places import ROOT
from tests.helpers.warm import Warm

NAPKIN = str(ROOT / "tests" / "report" / "napkin.layout")
MAP = '{"regions": [{"type": 6, "phys_addr": "0x1000", "num_pages": 2, "attribute": "0x800000000000000f"}]}'

PREFIX = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) { for cell in cells { place cell at 4K } }
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot <= 4K
property none(shelf: Shelf) = each c in shelf: not c.placed
property odd(shelf: Shelf) = each c in shelf where not c.placed: c.spot > 8K
assumption never(cells: Cells) = each c in cells: c.base < 4K and c.base > 8K
"""
"""Everything is placed at 4 KiB: `low` is true, `none` is false, `odd` never applies."""


def program(checks: str) -> str:
    """A program whose only scenario has the given checks of `shelf`."""
    return f"{PREFIX}scenario s {{ given cells: Cells let shelf = fill(cells) {checks} }}\n"


_VARIABLES = 40
HARD = (
    "record Cell { placed at spot: va  base: pa  pages: pages }\nlist Cells of Cell\nlayout Shelf of Cells\n"
    "algorithm fill(cells: Cells) {\n"
    + "".join(f"var x{i}: va = {i}M\n" for i in range(_VARIABLES))
    + "for cell in cells where cell.pages < 1_000 {\n"
    + "".join(
        f"if x{i} > {i}K and cell.base > {i}K "
        f"{{ x{(i + 1) % _VARIABLES} = align_down(x{i} -% {i + 1}K, {4 << i % 10}K) }}\n"
        for i in range(_VARIABLES)
    )
    + "place cell at x0\n}\n}\n"
    "property apart(shelf: Shelf) = each a, b in shelf where a.placed and b.placed: a.spot != b.spot\n"
    "scenario s { given cells: Cells let shelf = fill(cells) check apart(shelf) }\n"
)
"""A program that keeps the prover busy for several seconds, and takes a hundred megabytes."""


ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "MAPPROOF_CACHE": "none"}
_WARM = Warm(ROOT, ENVIRONMENT)
_SECONDS = 120.0


def mapproof(
    *arguments: str, stdin: str = "", sabotage: str = "", cwd: Path = ROOT, fresh: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the command; ``sabotage`` is Python that is executed in its process before it starts. That one begins from
    nothing, and so does one that is to be ``fresh``; any other is a fork of a process in which all is loaded."""
    if not (sabotage or fresh):
        done = _WARM.run(arguments, stdin, cwd, _SECONDS)
    else:
        start = f"{sabotage}\nfrom checker.cli import main\nmain()\n" if sabotage else ""
        how = ["-c", start] if sabotage else ["-m", "checker"]
        command = [sys.executable, *how, *arguments]
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            cwd=cwd,
            env=ENVIRONMENT,
            check=False,
        )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done
