"""``mapproof doctor``."""

from __future__ import annotations

import click

from checker.cli.options import format_option


@click.command(name="doctor", epilog="Example: mapproof doctor")
@format_option
def command(*, form: str) -> int:
    """List the solvers that are known, which of them are installed, and what each can do; ask each that is there small
    questions whose answers are known.

    z3 decides every check. The others can be asked for a second opinion on proofs: `mapproof verify --cross-check`.
    """
    from checker.cli.terminal import tell
    from checker.report.reports import DoctorReport
    from checker.verify.cross_check import examined

    return tell(DoctorReport(examined()), form)
