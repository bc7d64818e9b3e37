"""``mapproof convert``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checker.cli.options import MapOptions, chosen_limits, limit_option, map_options
from checker.memmap.writer import FORMS


@click.command(name="convert", epilog="Example: mapproof convert memmap.txt --to json")
@click.argument("memory_map", metavar="MAP")
@click.option("--to", "target", type=click.Choice(FORMS), required=True, help="The form in which it is written.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Not to standard output, which is `-`.",
)
@map_options
@limit_option
def command(*, memory_map: str, target: str, output: Path | None, reading: MapOptions, limits: tuple[str, ...]) -> int:
    """Write a memory map in another form.

    MAP is whatever `run` reads. What is written reads back as the same map; a form that cannot hold it (a kernel log or
    the listing of a shell has no virtual addresses) is refused. `raw` is an array of descriptors of 48 bytes each.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.base.files import replace, unwritable
    from checker.cli.inputs import read_map
    from checker.cli.terminal import complain
    from checker.memmap import Limits, write_map

    output = None if output == Path("-") else output
    (chosen,) = chosen_limits(limits, Limits())
    problem = unwritable(output) if output is not None else None
    read = problem or read_map(memory_map, chosen, reading)
    made = read if isinstance(read, Diagnostic) else write_map(read, target, limits=chosen)
    if isinstance(made, bytes) and output is not None:
        made = replace(output, made) or made
    if isinstance(made, Diagnostic):
        complain([made])
        return ExitStatus.WRONG_INPUT
    if output is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
    return ExitStatus.AS_EXPECTED
