"""Where text goes: results to standard output, what is wrong to standard error, colours only to a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, TextIO

from checker import __version__
from checker.base.diagnostic import Diagnostic
from checker.report.renderers.text import Line, Piece, Style, clean, line, plain
from checker.report.views.diagnostics import diagnostic_lines

if TYPE_CHECKING:
    from rich.console import Console

    from checker.program import Program

_COLOURS = {
    Style.PLAIN: "",
    Style.STRONG: "bold",
    Style.GOOD: "green",
    Style.BAD: "bold red",
    Style.UNSURE: "yellow",
    Style.DIM: "dim",
}


def console(stream: TextIO) -> Console | None:
    """A terminal's console; None where the stream is no terminal."""
    if not stream.isatty():
        return None
    from rich.console import Console

    return Console(file=stream, highlight=False, soft_wrap=True)


def write(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Write lines, to standard output if nothing else is said."""
    stream = stream or sys.stdout
    terminal = console(stream)
    if terminal is None:
        stream.write(plain(lines))
        stream.flush()
        return
    from rich.text import Text

    for each in lines:
        terminal.print(Text.assemble(*((piece.text, _COLOURS[piece.style]) for piece in each.pieces)))


def complain(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error."""
    for diagnostic in diagnostics:
        write(diagnostic_lines(diagnostic), sys.stderr)


def warn_of_overlooked(programs: Iterable[Program], done: str) -> None:
    """Say which files in the current folder look as if they were used, and were not; ``done`` is what was done."""
    from checker.library import overlooked

    for name in overlooked(programs):
        text = f": {clean(name)} in this folder is not what was {done}: the installed one was, which differs"
        # A module cannot be named: `use` finds the installed one.
        remedy = f"{'' if name.startswith('spec/') else 'name the file, or '}install with `pip install --editable .`"
        head = line(Piece("warning", Style.UNSURE), Piece(text, Style.STRONG))
        write([head, line("  ", Piece("help: ", Style.GOOD), remedy)], sys.stderr)


def versions() -> dict[str, str]:
    """What made a result: this tool and the solver, with their versions."""
    try:
        solver = version("z3-solver")
    except PackageNotFoundError:
        solver = "of unknown version"
    return {"tool": f"mapproof {__version__}", "solver": f"z3 {solver}"}
