"""``mapproof show``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import MapOptions, ProgramWord, chosen_limits, format_option, limit_option, placed_map_options

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.report.pictures.picture import Picture

_STANDARD_OUTPUT = Path("-")


@click.command(name="show", epilog="Example: dmesg | mapproof show - --model linux-x86-reversed --html layout.html")
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--model",
    metavar="ALGORITHM",
    type=ProgramWord(),
    help="Draw the layout that ALGORITHM makes of the map, as `run` does; `auto` for the one that the map tells of.",
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@click.option(
    "--property",
    "wanted",
    metavar="NAME",
    multiple=True,
    help="Only counterexamples to checks of this name or text; `*` stands for any text. Can be repeated.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write an SVG file; `-` is standard output.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a page for a browser; `-` is standard output.",
)
@placed_map_options
@limit_option
@format_option
def command(
    *,
    names: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    wanted: tuple[str, ...],
    svg: Path | None,
    html: Path | None,
    reading: MapOptions,
    limits: tuple[str, ...],
    form: str,
) -> int:
    """Draw what each FILE holds, here or into one file for all.

    FILE is a counterexample, what `run`, `verify`, `diff` or `compare` write with --format json, the folder of a
    capture, or a memory map in any format, of which --model draws the layout too; `-` is standard input. Longer regions
    are longer, though not in proportion, and what is free between them is short: a page and a region of many GiB are
    both to be seen.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.cli.inputs import AUTO
    from checker.cli.terminal import complain, tell
    from checker.report.reports import ShowReport

    reading.model_or_kernel(model)
    model = AUTO if reading.kernel is not None else model
    if settings and model is None:
        raise click.UsageError("--set gives values to the parameters of --model: name that too")
    outputs = [each for each in (svg, html) if each is not None]
    if len(set(outputs)) < len(outputs):
        raise click.UsageError(f"--svg and --html name the same file, {svg}")
    if _STANDARD_OUTPUT in outputs and form == "json":
        raise click.UsageError("--format json writes to standard output: name a file for the picture")
    shown = _unwritable(outputs) or _pictures(names, model, settings, wanted, reading, limits)
    if not isinstance(shown, Diagnostic):
        shown = _write(shown, svg, html) or shown
    complain([shown] if isinstance(shown, Diagnostic) else [])
    report = ShowReport(shown) if isinstance(shown, Diagnostic) else ShowReport(shown, [str(each) for each in outputs])
    return report.status if _STANDARD_OUTPUT in outputs else tell(report, form)


def _unwritable(outputs: Sequence[Path]) -> Diagnostic | None:
    """Return why one of the files cannot be written, before anything is."""
    from checker.base.files import unwritable

    files = [path for path in outputs if path != _STANDARD_OUTPUT]
    return next((problem for path in files if (problem := unwritable(path)) is not None), None)


def _write(pictures: Sequence[Picture], svg: Path | None, html: Path | None) -> Diagnostic | None:
    """Write the files that are asked for, each in one step, and then what goes to standard output."""
    from checker.base.files import replace
    from checker.cli.terminal import write
    from checker.report.pictures.html import html_file
    from checker.report.pictures.svg import svg_file

    drawn = {path: draw(pictures) for path, draw in ((svg, svg_file), (html, html_file)) if path is not None}
    shown = drawn.pop(_STANDARD_OUTPUT, None)
    for path, text in drawn.items():
        problem = replace(path, text.encode())
        if problem is not None:
            return problem
    if shown is not None:
        write(shown)
    return None


def _pictures(
    names: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    wanted: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
) -> Sequence[Picture] | Diagnostic:
    """Draw what is named, or say why that cannot be."""
    from checker.base.diagnostic import Diagnostic

    if wanted and model is not None:
        raise click.UsageError("--property chooses counterexamples, and --model draws the layout of a map")
    pictures: list[Picture] = []
    for name in names:
        if model is None:
            found = _found(name, wanted, reading, limits)
        else:
            found = _laid_out(name, model, settings, reading, limits)
        if isinstance(found, Diagnostic):
            return found
        pictures += found
    return pictures


def _found(
    file: str, wanted: tuple[str, ...], reading: MapOptions, limits: tuple[str, ...]
) -> Sequence[Picture] | Diagnostic:
    """Read the file, whatever it is, and draw it."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.cli.inputs import map_in, read_input, read_map
    from checker.handover import is_capture, read_capture
    from checker.memmap import Limits
    from checker.report.pictures.draw import capture_picture, map_picture
    from checker.report.pictures.read import pictures_of

    (chosen,) = chosen_limits(limits, Limits())
    data = None if Path(file).is_dir() else read_input(file, chosen)
    if isinstance(data, Diagnostic):
        return data
    reported = None if data is None else pictures_of(file, data, wanted)
    if reported is not None:
        return reported
    if wanted:
        raise click.UsageError(f"--property chooses counterexamples, and {file} holds none")
    if data is None and is_capture(file):
        kernels = read_capture(file, chosen, least=1)
        picture = kernels if isinstance(kernels, Diagnostic) else capture_picture(file, kernels)
        if picture is not None:
            return picture if isinstance(picture, Diagnostic) else [picture]
        message = f"the kernels of {file} export no region"
        return Diagnostic(CommandCode.NOTHING_TO_SHOW, message, help="show the map of the firmware: its kernel log")
    found = read_map(file, chosen, reading) if data is None else map_in(file, data, chosen, reading)
    return found if isinstance(found, Diagnostic) else [map_picture(found)]


def _laid_out(
    file: str, model: str, settings: tuple[str, ...], reading: MapOptions, limits: tuple[str, ...]
) -> Sequence[Picture] | Diagnostic:
    """Draw the layout that an algorithm makes of a map."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.handed import ANY_KERNEL
    from checker.cli.layouts import laid_out
    from checker.cli.terminal import complain
    from checker.layouts.lay_out import wrap_warnings
    from checker.report.pictures.draw import layout_picture
    from checker.report.views.layout import json_layout

    made = laid_out(model, file, settings, reading, limits, ANY_KERNEL)
    if isinstance(made, Diagnostic):
        return made
    chosen, memory_map, layout = made
    complain(wrap_warnings(layout))
    return [layout_picture(json_layout(chosen, layout), memory_map)]
