"""Text on its way out: results to standard output, what is wrong to standard error, colours only to a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.report.lines import Line, Style, plain
from checker.report.renderers import RENDERERS
from checker.report.reports import Report
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


def write(text: str | Iterable[Line], stream: TextIO | None = None) -> None:
    """Write text or lines, to standard output if nothing else is said."""
    stream = stream or sys.stdout
    terminal = None if isinstance(text, str) else console(stream)
    if isinstance(text, str) or terminal is None:
        stream.write(text if isinstance(text, str) else plain(text))
        stream.flush()
        return
    from rich.text import Text

    for each in text:
        terminal.print(Text.assemble(*((piece.text, _COLOURS[piece.style]) for piece in each.pieces)))


def complain(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error."""
    for diagnostic in diagnostics:
        write(diagnostic_lines(diagnostic), sys.stderr)


def tell(report: Report, form: str) -> ExitStatus:
    """Write a report in one of the output formats, and return the status with which the command ends."""
    write(RENDERERS[form].render(report))
    return report.status
