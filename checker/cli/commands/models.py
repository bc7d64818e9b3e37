"""``mapproof models``."""

from __future__ import annotations

import click

from checker.cli.options import ProgramWord, format_option


@click.command(name="models", epilog="Example: mapproof models linux-x86-reversed")
@click.argument("names", nargs=-1, type=ProgramWord(), metavar="[MODEL]...")
@format_option
def command(*, names: tuple[str, ...], form: str) -> int:
    """List shipped models, all if none is named: their algorithms, where these are from, and the verdicts that their
    scenarios expect."""
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.report.reports import ModelsReport

    found = [library.find_model(name) for name in names] if names else [*library.models().values()]
    opened = [each if isinstance(each, Diagnostic) else library.open_program(each) for each in found]
    wrong = [each for each in opened if isinstance(each, Diagnostic)]
    complain(wrong)
    models = [(each.path.stem, each) for each in opened if not isinstance(each, Diagnostic)]
    return tell(ModelsReport(models, wrong), form)
