"""``mapproof run``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from checker.cli.options import chosen_limits, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.memmap import Limits, MemoryMap


@click.command(name="run", epilog="Example: dmesg | mapproof run linux-x86-reversed -")
@click.argument("algorithm")
@click.argument("memory_map", metavar="MAP")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@limit_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, algorithm: str, memory_map: str, settings: tuple[str, ...], limits: tuple[str, ...], form: str) -> int:
    """Lay a real memory map out as ALGORITHM does.

    ALGORITHM is a shipped model or FILE.layout[:algorithm]. MAP is a kernel log of a boot with efi=debug, a copy of
    /sys/firmware/efi/runtime-map, JSON, or what firmware shells and boot loaders print; `-` is standard input.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.terminal import complain, write
    from checker.language import Limits as LayoutLimits
    from checker.layouts.lay_out import lay_out, wrap_warnings
    from checker.library import find_algorithm, overlooked
    from checker.memmap import Limits
    from checker.report.renderers.jsontext import dump
    from checker.report.views.diagnostics import json_diagnostic
    from checker.report.views.layout import json_layout, layout_lines

    def refuse(diagnostic: Diagnostic) -> int:
        complain([diagnostic])
        if form == "json":
            sys.stdout.write(dump({"diagnostics": [json_diagnostic(diagnostic)]}))
        return ExitStatus.WRONG_INPUT

    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    found = find_algorithm(algorithm, layout_limits)
    if isinstance(found, Diagnostic):
        return refuse(found)
    values = _settings(settings)
    if isinstance(values, Diagnostic):
        return refuse(values)
    read = _read(memory_map, map_limits)
    if isinstance(read, Diagnostic):
        return refuse(read)
    layout = lay_out(found.algorithm, read.descriptors, values, map_limits)
    if isinstance(layout, Diagnostic):
        return refuse(layout)
    complain(wrap_warnings(layout))
    if form == "json":
        sys.stdout.write(dump(json_layout(found.name, found.algorithm, layout)))
    else:
        write(layout_lines(found, layout))
    complain(overlooked([found.program], "run"))
    return ExitStatus.AS_EXPECTED


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
