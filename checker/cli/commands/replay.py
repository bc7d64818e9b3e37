"""``mapproof replay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import chosen_limits, format_option, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.report.shapes.counterexamples import ReplayableShape


@click.command(name="replay", epilog="Example: mapproof verify --counterexamples red && mapproof replay red/*.json")
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--pytest",
    "test",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the counterexample as a test for pytest.",
)
@limit_option
@format_option
def command(*, names: tuple[str, ...], test: Path | None, limits: tuple[str, ...], form: str) -> int:
    """Run counterexamples again, each on its model as that is now.

    FILE is what `verify --counterexamples` wrote. The interpreter runs the model on the map, with the values and
    choices of the file, and sees whether the property is still broken. The file's layouts are not believed.

    The map in FILE is taken by every command that takes a MAP: `convert` makes a kernel log of it, or raw descriptors.

    \b
    Exit status:
      0  every property holds on its map
      1  some property is broken
      2  a file is no counterexample, or says nothing of the model as it is now
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.terminal import complain, tell
    from checker.language import Limits
    from checker.library import follow
    from checker.report.counterexamples import model_of, replay
    from checker.report.reports import ReplayReport, Versions

    if test is not None and len(names) > 1:
        raise click.UsageError("--pytest writes one counterexample: name one FILE")
    in_all, layout = chosen_limits(limits, CommandLimits(), Limits())
    results, wrong = [], []
    for name in names:
        kept = _read(name, in_all)
        if isinstance(kept, Diagnostic):
            wrong.append(kept)
            continue
        program = follow(model_of(kept), Path(name).parent, layout)
        made = program if isinstance(program, Diagnostic) else replay(name, kept, program, in_all)
        if isinstance(made, Diagnostic):
            wrong.append(made)
            continue
        results.append((name, made))
        if test is not None:
            wrong += _export(kept, Path(name).parent, test)
    complain(wrong)
    return tell(ReplayReport(results, wrong, Versions(**versions())), form)


def _read(name: str, limits: CommandLimits) -> ReplayableShape | Diagnostic:
    """Read the counterexample in a file."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import read, why
    from checker.report.counterexamples import read_counterexample
    from checker.report.shapes.counterexamples import ReplayableShape

    try:
        data = read(name, limits.counterexample_bytes + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {name}: {why(error)}"
        return Diagnostic(CommandCode.UNREADABLE, message, help="name what `verify --counterexamples` wrote")
    return read_counterexample(name, data, ReplayableShape, limits)


def _export(kept: ReplayableShape, folder: Path, test: Path) -> list[Diagnostic]:
    """Write a counterexample as a test; return why that cannot be."""
    from checker.base.files import replace
    from checker.report.counterexamples import pytest_file

    problem = replace(test, pytest_file(kept, folder, test.parent).encode())
    return [] if problem is None else [problem]
