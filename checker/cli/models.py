"""``mapproof models``."""

from __future__ import annotations

import click

from checker.cli.options import format_option


@click.command(name="models", epilog="Example: mapproof models")
@format_option
def command(*, form: str) -> int:
    """List the shipped models: their algorithms, where these are from, and the verdicts that their scenarios expect."""
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.report.reports import ModelsReport

    opened = {name: library.open_program(path) for name, path in library.models().items()}
    wrong = [each for each in opened.values() if isinstance(each, Diagnostic)]
    complain(wrong)
    models = [(name, each) for name, each in opened.items() if not isinstance(each, Diagnostic)]
    return tell(ModelsReport(models, wrong), form)
