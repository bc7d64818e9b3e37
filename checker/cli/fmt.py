"""``mapproof fmt``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import chosen_limits, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic


@click.command(name="fmt", epilog="Example: mapproof fmt --check models/*.layout")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Change nothing; leave with status 1 if a file is not formatted.")
@limit_option
def command(*, files: tuple[str, ...], check: bool, limits: tuple[str, ...]) -> int:
    """Format .layout files in place. `-` is standard input, written to standard output."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus, worst
    from checker.base.files import replace
    from checker.cli.terminal import complain
    from checker.language import Limits, format_text

    (layout,) = chosen_limits(limits, Limits())
    found = []
    for name in files:
        data = _read(name, layout.layout_bytes + 1)
        text = data if isinstance(data, Diagnostic) else format_text(name, data, layout)
        if isinstance(text, Diagnostic) or isinstance(data, Diagnostic):
            complain([each for each in (text,) if isinstance(each, Diagnostic)])
            found.append(ExitStatus.WRONG_INPUT)
        elif text.encode() == data:
            if name == "-" and not check:
                sys.stdout.write(text)
        elif check:
            click.echo(f"would format {name}")
            found.append(ExitStatus.NOT_AS_EXPECTED)
        elif name == "-":
            sys.stdout.write(text)
        else:
            problem = replace(Path(name), text.encode())
            if problem is None:
                click.echo(f"formatted {name}")
            else:
                complain([problem])
                found.append(ExitStatus.WRONG_INPUT)
    return worst(found)


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
