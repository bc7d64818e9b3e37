"""``mapproof check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.folders.look import Where
from checker.cli.gate import NO_GATING, GateOptions
from checker.cli.options import (
    MapOptions,
    any_format_option,
    baseline_option,
    chosen_limits,
    executor_option,
    given_option,
    jobs_option,
    limit_option,
    output_option,
    placed_map_options,
    write_baseline_option,
)
from checker.cli.outputs import Outputs, ReportFile, chosen_outputs

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.folders.checking import Asked, Checked
    from checker.inspect import Material
    from checker.report.reports import AgainstReport, CheckReport, InspectReport


@click.command(name="check", epilog="Example: dmesg | mapproof check -")
@click.argument("what", nargs=-1, metavar="[MAP|FOLDER]...")
@click.option(
    "--model",
    metavar="MODEL",
    help="Algorithm that places the regions, or `auto`.  [default: by the signs in MAP, or the machine]",
)
@click.option("--against", metavar="MODEL[:SCENARIO]", help="Evaluate the properties of a model on the map instead.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@given_option
@click.option("--handover", is_flag=True, help="Check what one kernel handed to the next through kexec.")
@placed_map_options
@jobs_option
@executor_option
@limit_option
@any_format_option
@output_option
@baseline_option
@write_baseline_option
def command(
    *,
    what: tuple[str, ...],
    model: str | None,
    against: str | None,
    settings: tuple[str, ...],
    given: tuple[str, ...],
    handover: bool,
    reading: MapOptions,
    jobs: int | None,
    executor: str,
    limits: tuple[str, ...],
    form: str | None,
    files: tuple[ReportFile, ...],
    baseline: Path | None,
    write_baseline: Path | None,
) -> int:
    """Say what is wrong with a memory map, or at risk, worst first; without MAP, with that of this machine.

    MAP is what `mapproof run` takes: a kernel log of a boot with efi=debug, a copy of /sys/firmware/efi/runtime-map,
    JSON, or what firmware shells and boot loaders print; `-` is standard input. In a FOLDER every file that holds a map
    is checked; of a list that can hold no attributes, such as /proc/iomem, there are notes only.

    With --handover, what is checked is a capture: a folder with runtime-map.json, and kexecN-runtime-map.json,
    kexecN-boot_params_efi.json and kexecN-setup_data.hex of the kernels after it; or such files of two kernels, the
    runtime map of the old one first.

    \b
    Exit status:
      0  nothing is wrong: no finding, or notes only; every property holds
      1  there is an error or a warning; a property is broken; a hand-over cannot be restored, or was not
      2  the command line or an input is wrong
      3  a property depends on more than the map
    """
    from checker.cli.ending import telling_ends
    from checker.cli.outputs import tell_all
    from checker.cli.terminal import complain

    gating = GateOptions(baseline, write_baseline)
    reading.model_or_kernel(model)
    if reading.kernel is not None and handover:
        raise click.UsageError("--handover compares what kernels show, without a model: leave --kernel out")
    if gating != NO_GATING and (handover or against is not None):
        raise click.UsageError("--baseline is about what is wrong with maps: leave --handover and --against out")
    if model is not None and against is not None and not handover:
        raise click.UsageError("--against has a model of its own: leave --model out")
    if settings and model is None and reading.kernel is None and against is None and not handover:
        raise click.UsageError("--set is for the parameters of a model: name it with --model, or --kernel")
    outputs, problems = chosen_outputs(form, files).unwritable()
    problems += gating.unwritable()
    if problems:
        complain(problems)
        return tell_all(_nothing(problems), outputs)

    def checked() -> ExitStatus:
        if handover:
            return tell_all(_handover(what, model or against or settings, limits), outputs)
        if against is not None:
            return tell_all(_against(what, against, settings, given, reading, limits), outputs)
        return _inspected_and_told(what, model, settings, reading, limits, Where(executor, jobs), gating, outputs)

    return telling_ends(checked, lambda crash: tell_all(_nothing([crash]), outputs))


def _nothing(wrong: Sequence[Diagnostic]) -> InspectReport:
    """The report where nothing was checked."""
    from checker.base.versions import versions
    from checker.report.reports import InspectReport, Versions

    return InspectReport((), wrong, Versions(**versions()))


def _handover(what: tuple[str, ...], foreign: object, limits: tuple[str, ...]) -> CheckReport:
    """Check a hand-over."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.terminal import complain
    from checker.handover import check_handover, read_handover
    from checker.memmap import Limits
    from checker.report.reports import CheckReport, Versions

    if not what:
        raise click.UsageError("--handover: name the folder of a capture, or its files")
    if foreign:
        raise click.UsageError("--handover compares what kernels show, without a model: leave the other options out")
    (chosen,) = chosen_limits(limits, Limits())
    kernels = read_handover(what, chosen)
    steps = kernels if isinstance(kernels, Diagnostic) else check_handover(kernels, chosen)
    wrong = [steps] if isinstance(steps, Diagnostic) else []
    complain(wrong)
    return CheckReport(() if isinstance(steps, Diagnostic) else steps, wrong, Versions(**versions()))


def _against(
    what: tuple[str, ...],
    against: str,
    settings: tuple[str, ...],
    given: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
) -> AgainstReport:
    """Evaluate the properties of a model on a map."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.inputs import belongs, read_given, read_map, read_settings
    from checker.cli.terminal import complain
    from checker.inspect.against import judge
    from checker.language import Limits as LayoutLimits
    from checker.library import algorithms_run, find_part
    from checker.memmap import Limits
    from checker.report.reports import AgainstReport, Versions

    if len(what) != 1:
        raise click.UsageError("--against: name one map")
    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())

    def report() -> AgainstReport:
        values = read_settings(settings)
        if isinstance(values, Diagnostic):
            return AgainstReport(values, Versions(**versions()))
        lists = read_given(given, map_limits)
        if isinstance(lists, Diagnostic):
            return AgainstReport(lists, Versions(**versions()))
        found = find_part(against, "scenario", layout_limits)
        if isinstance(found, Diagnostic):
            return AgainstReport(found, Versions(**versions()))
        read = read_map(what[0], map_limits, reading)
        if isinstance(read, Diagnostic):
            return AgainstReport(read, Versions(**versions()))
        for each in algorithms_run(*found):
            belonging = belongs(each, read, reading, layout_limits)
            if isinstance(belonging, Diagnostic):
                return AgainstReport(belonging, Versions(**versions()))
        judged = judge(*found, read, values, map_limits, lists)
        made = judged if isinstance(judged, Diagnostic) else (found[0].name, read, judged)
        return AgainstReport(made, Versions(**versions()))

    made = report()
    if isinstance(made.judged, Diagnostic):
        complain([made.judged])
    return made


def _inspected_and_told(
    what: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
    where: Where,
    gating: GateOptions,
    outputs: Outputs,
) -> ExitStatus:
    """Check maps, and hold what is found against the baseline."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.cli.outputs import tell_all
    from checker.cli.terminal import complain

    known = gating.read(CommandLimits())
    if isinstance(known, Diagnostic):
        complain([known])
        return tell_all(_nothing([known]), outputs)
    report = _inspected(what, model, settings, reading, limits, where)
    report = replace(report, known=None if known is None else known.fingerprints)
    unkept = gating.close(report, known)
    return tell_all(replace(report, diagnostics=[*report.diagnostics, *unkept]) if unkept else report, outputs)


def _inspected(
    what: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
    where: Where,
) -> InspectReport:
    """Check the maps that are named, or those of this machine."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ends_a_run
    from checker.base.versions import versions
    from checker.cli.folders.checking import Asked
    from checker.cli.folders.look import and_not
    from checker.cli.inputs import AUTO, find_model, kernel_signs, read_settings
    from checker.cli.terminal import complain
    from checker.inspect import is_folder_of_maps, maps_under, no_map_under, this_machine
    from checker.language import Limits as LayoutLimits
    from checker.memmap import Limits
    from checker.report.reports import InspectReport, Versions

    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    known = Versions(**versions())
    values = read_settings(settings)
    chosen = find_model(model, layout_limits)
    named = kernel_signs(reading)
    if isinstance(values, Diagnostic) or isinstance(chosen, Diagnostic) or isinstance(named, Diagnostic):
        wrong = [each for each in (values, chosen, named) if isinstance(each, Diagnostic)]
        complain(wrong)
        return InspectReport((), wrong, known)
    asked = Asked(chosen, model == AUTO, values, reading, map_limits, layout_limits)
    if not what:
        own = this_machine(map_limits)
        checked = [] if isinstance(own, Diagnostic) else [_own(each, asked) for each in own]
        report = _told(checked, [own] if isinstance(own, Diagnostic) else [])
        return replace(report, several=len(checked) > 1)
    wrong = []
    passed_over: list[str] = []
    checked = []
    for place, name in enumerate(what):
        inside = maps_under(name) if is_folder_of_maps(name) else None
        if isinstance(inside, Diagnostic):
            wrong.append(inside)
            continue
        found, ended = _checked(name, inside, asked, where)
        if ended is not None:
            wrong.append(ended)
        none = [path for path, each in found.items() if inside and not each.was_read and _is_no_map(each.made)]
        passed_over += none
        checked += [each for path, each in found.items() if path not in set(none)]
        if inside is not None and not checked and not wrong:
            wrong.append(no_map_under(name))
        if ended is not None and ends_a_run(ended.code):
            wrong[-1] = and_not(ended, what[place + 1 :])
            break
    several = len(what) > 1 or is_folder_of_maps(what[0])
    return replace(_told(checked, wrong), several=several, passed_over=passed_over)


def _own(material: Material, asked: Asked) -> Checked:
    """Check a map of this machine."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.folders.checking import Checked, check_material
    from checker.cli.inputs import of_kernel

    read = of_kernel(material.map, asked.reading)
    return Checked(read, True) if isinstance(read, Diagnostic) else check_material(replace(material, map=read), asked)


def _is_no_map(made: object) -> bool:
    from checker.base.diagnostic import Diagnostic
    from checker.inspect import NO_MAP_AT_ALL

    return isinstance(made, Diagnostic) and made.code in NO_MAP_AT_ALL


def _checked(
    name: str, inside: Sequence[str] | None, asked: Asked, where: Where
) -> tuple[dict[str, Checked], Diagnostic | None]:
    """Check a map, or the files of a folder: very many in processes of their own. Return also why not all were."""
    from functools import partial

    from checker.base.diagnostic import Diagnostic
    from checker.cli.folders.checking import Checked, check_file
    from checker.cli.folders.look import HERE, look_at
    from checker.inspect import prepare

    work = partial(check_file, asked=asked, inside=inside is not None)
    found, ended = look_at([name], work, HERE) if inside is None else look_at(inside, work, where, prepare)
    made = {path: Checked(each, False) if isinstance(each, Diagnostic) else each for path, each in found.items()}
    return made, ended


def _notes(checked: Sequence[Checked]) -> Iterator[Diagnostic]:
    """Return the notes on the choice of models. One without a place in a text names the map if there are several, and
    what is the same of many is told once."""
    shared: dict[Diagnostic, list[str]] = {}
    for each in checked:
        for note in each.notes:
            if note.span is None and len(checked) > 1:
                shared.setdefault(note, []).append(each.source)
            else:
                yield note
    for note, (first, *others) in shared.items():
        more = f" and {len(others)} other{'' if len(others) == 1 else 's'}" if others else ""
        yield replace(note, message=f"{first}{more}: {note.message}")


def _told(checked: Sequence[Checked], wrong: Sequence[Diagnostic]) -> InspectReport:
    """Say what there is to remark on maps, and report what was found of them."""
    from itertools import chain

    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.terminal import complain
    from checker.inspect import Inspection
    from checker.report.reports import InspectReport, Versions

    complain(chain.from_iterable(each.remarks for each in checked))
    complain(_notes(checked))
    unread = [each.made for each in checked if isinstance(each.made, Diagnostic) and not each.was_read]
    failed = [each.made for each in checked if isinstance(each.made, Diagnostic) and each.was_read]
    complain([*wrong, *unread, *failed])
    inspections = [each.made for each in checked if isinstance(each.made, Inspection)]
    return InspectReport(inspections, [*wrong, *unread, *failed], Versions(**versions()))
