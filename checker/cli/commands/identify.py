"""``mapproof identify``."""

from __future__ import annotations

import click

from checker.cli.options import (
    MapOptions,
    chosen_limits,
    executor_option,
    format_option,
    jobs_option,
    limit_option,
    map_options,
)


@click.command(name="identify", epilog="Example: mapproof identify dmesg.txt /sys/firmware/efi/runtime-map")
@click.argument("capture", metavar="CAPTURE|FOLDER")
@click.argument("runtime_map", metavar="[RUNTIME_MAP]", required=False)
@click.option(
    "--algorithm", "algorithms", metavar="ALGORITHM", multiple=True, help="Try this one as well. Can be repeated."
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@map_options
@jobs_option
@executor_option
@limit_option
@format_option
def command(
    *,
    capture: str,
    runtime_map: str | None,
    algorithms: tuple[str, ...],
    settings: tuple[str, ...],
    reading: MapOptions,
    jobs: int | None,
    executor: str,
    limits: tuple[str, ...],
    form: str,
) -> int:
    """Find the algorithms that explain the virtual addresses of a captured boot: each lays the firmware's map out, and
    its layout is compared with the captured one.

    CAPTURE is a folder with dmesg-efi.txt and runtime-map.json (or memory-map-with-virt.json, where the EFI stub gives
    addresses), or a text with the firmware's list and rows of addresses. Or give the firmware's map and RUNTIME_MAP, a
    copy of /sys/firmware/efi/runtime-map or JSON. `-` is standard input.
    --list, --stride and --columns are for the firmware's map.

    In a FOLDER of captures each is identified, and told of in a line.

    All shipped models are tried that say where a map's regions go.

    \b
    Exit status:
      0  an algorithm explains every address (of each capture)
      1  none does
      2  the command line or an input is wrong, or there are no virtual addresses
    """
    import sys

    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.folders.identifying import Asked, identify_all, is_folder_of_captures
    from checker.cli.folders.look import Where
    from checker.cli.inputs import objection, read_settings, reading_of
    from checker.cli.terminal import complain, tell
    from checker.compare.boot import read_boot
    from checker.compare.identify import identify, tried, undecided
    from checker.language import Limits as LayoutLimits
    from checker.memmap import Limits
    from checker.report.reports import IdentifyReport, Versions

    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    paths = [capture] if runtime_map is None else [capture, runtime_map]
    stdin = sys.stdin.buffer.read(map_limits.map_bytes + 1) if "-" in paths else b""
    made = Versions(**versions())

    def refused(diagnostic: Diagnostic) -> int:
        complain([diagnostic])
        return tell(IdentifyReport(None, (), [diagnostic], made), form)

    values = read_settings(settings)
    if isinstance(values, Diagnostic):
        return refused(values)
    chosen = tried(algorithms, layout_limits)
    if isinstance(chosen, Diagnostic):
        return refused(chosen)
    if runtime_map is None and is_folder_of_captures(capture):
        return tell(identify_all(capture, Asked(chosen, values, reading, map_limits), Where(executor, jobs)), form)
    boot = read_boot(paths, map_limits, stdin, reading_of(reading))
    if not isinstance(boot, Diagnostic):
        boot = objection(boot.remarks, reading) or boot
    if isinstance(boot, Diagnostic):
        return refused(boot)
    found = identify(boot, chosen, values, map_limits)
    if isinstance(found, Diagnostic):
        return refused(found)
    note = undecided(boot, found)
    if note is not None:
        complain([note])
    return tell(IdentifyReport(boot, found, boot.remarks, made), form)
