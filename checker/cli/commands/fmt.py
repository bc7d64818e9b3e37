"""``mapproof fmt``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import chosen_limits, format_option, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.language import Limits
    from checker.report.reports import Formatted


@click.command(name="fmt", epilog="Example: mapproof fmt --check models/*.layout")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--check", is_flag=True, help="Change nothing; leave with status 1 if a file is not formatted.")
@limit_option
@format_option
def command(*, files: tuple[str, ...], check: bool, limits: tuple[str, ...], form: str) -> int:
    """Format .layout files in place, of a folder all that are under it. `-` is standard input, written to standard
    output."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.language import Limits
    from checker.report.reports import FmtReport

    (layout,) = chosen_limits(limits, Limits())
    done: list[tuple[str, Formatted, str | None] | Diagnostic] = []
    for word in files:
        found = _meant(word)
        done += [found] if isinstance(found, Diagnostic) else [_format(name, layout, check=check) for name in found]
    wrong = [each for each in done if isinstance(each, Diagnostic)]
    complain(wrong)
    return tell(FmtReport([each for each in done if not isinstance(each, Diagnostic)], wrong), form)


def _meant(word: str) -> list[str] | Diagnostic:
    """The files that a word means: one, or all under a folder."""
    from checker import library
    from checker.base.diagnostic import Diagnostic

    if word == "-" or not Path(word).is_dir():
        return [word]
    found = library.find_files(word)
    return found if isinstance(found, Diagnostic) else [str(path) for path in found]


def _format(name: str, limits: Limits, *, check: bool) -> tuple[str, Formatted, str | None] | Diagnostic:
    """Format a file in its place, if it is not only to be checked; the text of standard input is returned."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import replace
    from checker.language import format_text
    from checker.report.reports import Formatted

    data = _read(name, limits.layout_bytes + 1)
    text = data if isinstance(data, Diagnostic) else format_text(name, data, limits)
    if isinstance(text, Diagnostic):
        return text
    changed = text.encode() != data
    if check:
        return name, Formatted.TO_CHANGE if changed else Formatted.UNCHANGED, None
    if name == "-":
        return name, Formatted.CHANGED if changed else Formatted.UNCHANGED, text
    problem = replace(Path(name), text.encode()) if changed else None
    return problem or (name, Formatted.CHANGED if changed else Formatted.UNCHANGED, None)


def _read(name: str, most: int) -> bytes | Diagnostic:
    """The first ``most`` bytes of a file or of standard input."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import read, why

    try:
        return sys.stdin.buffer.read(most) if name == "-" else read(name, most)
    except (OSError, ValueError) as error:
        message = f"cannot read {name}: {why(error)}"
        return Diagnostic(CommandCode.UNREADABLE, message, help="name a readable `.layout` file")
