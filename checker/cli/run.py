"""``mapproof run``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from checker.cli.options import chosen_limits, format_option, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.memmap import Limits, MemoryMap
    from checker.report.reports import RunReport


@click.command(name="run", epilog="Example: dmesg | mapproof run linux-x86-reversed -")
@click.argument("algorithm")
@click.argument("memory_map", metavar="MAP")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@limit_option
@format_option
def command(*, algorithm: str, memory_map: str, settings: tuple[str, ...], limits: tuple[str, ...], form: str) -> int:
    """Lay a real memory map out as ALGORITHM does.

    ALGORITHM is a shipped model or FILE.layout[:algorithm]. MAP is a kernel log of a boot with efi=debug, a copy of
    /sys/firmware/efi/runtime-map, JSON, or what firmware shells and boot loaders print; `-` is standard input.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.layouts.lay_out import wrap_warnings
    from checker.library import overlooked

    report = _laid_out(algorithm, memory_map, settings, limits)
    complain([report.made] if isinstance(report.made, Diagnostic) else wrap_warnings(report.made[1]))
    status = tell(report, form)
    if not isinstance(report.made, Diagnostic):
        complain(overlooked([report.made[0].program], "run"))
    return status


def _laid_out(algorithm: str, memory_map: str, settings: tuple[str, ...], limits: tuple[str, ...]) -> RunReport:
    """Lay the map out, or say what is wrong with what is named on the command line."""
    from checker.base.diagnostic import Diagnostic
    from checker.language import Limits as LayoutLimits
    from checker.layouts.lay_out import lay_out
    from checker.library import find_algorithm
    from checker.memmap import Limits
    from checker.report.reports import RunReport

    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    found = find_algorithm(algorithm, layout_limits)
    if isinstance(found, Diagnostic):
        return RunReport(found)
    values = _settings(settings)
    if isinstance(values, Diagnostic):
        return RunReport(values)
    read = _read(memory_map, map_limits)
    if isinstance(read, Diagnostic):
        return RunReport(read)
    layout = lay_out(found.algorithm, read.descriptors, values, map_limits)
    return RunReport(layout if isinstance(layout, Diagnostic) else (found, layout))


def _read(name: str, limits: Limits) -> MemoryMap | Diagnostic:
    from checker.memmap import read_bytes, read_path

    if name == "-":
        return read_bytes("-", sys.stdin.buffer.read(limits.map_bytes + 1), limits)
    return read_path(name, limits)


def _settings(texts: tuple[str, ...]) -> dict[str, str] | Diagnostic:
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic

    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            return Diagnostic(CommandCode.WRONG_VALUE, f"--set {text} has no `=`", help="write --set NAME=VALUE")
        values[name] = value
    return values
