"""``mapproof models``."""

from __future__ import annotations

import click


@click.command(name="models", epilog="Example: mapproof models")
def command() -> int:
    """List the shipped models: their algorithms, where these are from, and the verdicts that their scenarios expect."""
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.terminal import complain, write
    from checker.report.views.models import model_lines

    status = ExitStatus.AS_EXPECTED
    for name, path in library.models().items():
        opened = library.open_program(path)
        if isinstance(opened, Diagnostic):
            complain([opened])
            status = ExitStatus.WRONG_INPUT
        else:
            write(model_lines(name, opened.program))
    return status
