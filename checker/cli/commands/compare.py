"""``mapproof compare``."""

from __future__ import annotations

import click

from checker.cli.options import MapOptions, chosen_limits, format_option, limit_option, map_options


@click.command(name="compare", epilog="Example: mapproof compare yesterday.txt today.txt")
@click.argument("first", metavar="MAP")
@click.argument("second", metavar="MAP")
@click.option("--all", "everything", is_flag=True, help="Show memory that is free once boot services have ended too.")
@map_options
@limit_option
@format_option
def command(
    *, first: str, second: str, everything: bool, reading: MapOptions, limits: tuple[str, ...], form: str
) -> int:
    """Compare the memory maps of two boots, or what two kernels made of them: what moved, grew, was split or has other
    attributes, and what that breaks.

    MAP is a memory map in any format, a copy of /sys/firmware/efi/runtime-map, or the folder of a capture, of which
    both the firmware's list and the one with virtual addresses are compared; `-` is standard input. --list, --stride,
    --columns and --strict are for both, and of a capture for its kernel log.

    \b
    Exit status:
      0  both are equal, entry by entry and in order
      1  they differ
      2  the command line or an input is wrong, or the maps are of two kinds
    """
    import sys

    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.inputs import objection, reading_of
    from checker.cli.terminal import complain, tell
    from checker.compare.pairs import read_pairs
    from checker.memmap import Limits
    from checker.report.reports import CompareReport, Versions

    if first == second == "-":
        raise click.UsageError("only one of the maps can be standard input")
    (chosen,) = chosen_limits(limits, Limits())
    stdin = sys.stdin.buffer.read(chosen.map_bytes + 1) if "-" in (first, second) else b""
    found = read_pairs(first, second, chosen, stdin, reading_of(reading))
    made = Versions(**versions())
    if not isinstance(found, Diagnostic):
        found = objection(found.remarks, reading) or found
    if isinstance(found, Diagnostic):
        complain([found])
        return tell(CompareReport((), [found], made), form)
    return tell(CompareReport(found.pairs, found.remarks, made, everything), form)
