"""``mapproof explain``."""

from __future__ import annotations

import click


@click.command(name="explain", epilog="Example: mapproof explain M342")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
def command(codes: tuple[str, ...]) -> int:
    """Say what the code of a message means, why there is such a message, and how to mend what it is about, with an
    example.

    CODE may be the beginning of several: these are listed.
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.terminal import complain, write
    from checker.report.views.explanations import explanation_lines

    found = library.explain(codes)
    if isinstance(found, Diagnostic):
        complain([found])
        return ExitStatus.WRONG_INPUT
    write(explanation_lines(found))
    return ExitStatus.AS_EXPECTED
