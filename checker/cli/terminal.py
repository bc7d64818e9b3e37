"""Where text goes: results to standard output, what is wrong to standard error, colours only to a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from checker.base.diagnostic import Diagnostic
from checker.report.renderers.text import Line, Style, plain
from checker.report.views.diagnostics import diagnostic_lines

if TYPE_CHECKING:
    from rich.console import Console

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
