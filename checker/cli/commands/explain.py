"""``mapproof explain``."""

from __future__ import annotations

import click

from checker.cli.options import format_option


@click.command(name="explain", epilog="Example: mapproof explain M342")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@format_option
def command(*, codes: tuple[str, ...], form: str) -> int:
    """Say what the code of a message means, why there is such a message, and how to mend what it is about, with an
    example.

    CODE may be the beginning of several: these are listed.
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.report.reports import ExplainReport

    found = library.explain(codes)
    if isinstance(found, Diagnostic):
        complain([found])
    return tell(ExplainReport(found), form)
