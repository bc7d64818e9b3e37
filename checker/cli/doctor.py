"""``mapproof doctor``."""

from __future__ import annotations

import sys

import click


@click.command(name="doctor", epilog="Example: mapproof doctor")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, form: str) -> int:
    """List the solvers that are known, which of them are installed, and what each can do; ask each that is there small
    questions whose answers are known.

    z3 decides every check. The others can be asked for a second opinion on proofs: `mapproof verify --cross-check`.
    """
    from checker.base.exit_status import ExitStatus
    from checker.cli.terminal import write
    from checker.report.renderers.jsontext import dump
    from checker.report.views.solvers import json_solvers, solver_lines
    from checker.verify.cross_check import examined

    found = examined()
    if form == "json":
        sys.stdout.write(dump(json_solvers(found)))
    else:
        write(solver_lines(found))
    return ExitStatus.INTERNAL_ERROR if any(each.wrong for each in found) else ExitStatus.AS_EXPECTED
