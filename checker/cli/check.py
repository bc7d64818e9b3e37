"""``mapproof check``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from checker.cli.options import chosen_limits, limit_option

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic, Region
    from checker.handover.checks.arrival import KexecStep
    from checker.report.renderers.text import Line


@click.command(
    name="check", options_metavar="--handover [OPTIONS]", epilog="Example: mapproof check --handover capture/"
)
@click.argument("what", nargs=-1, required=True, metavar="DIR|FILE...")
@click.option(
    "--handover", is_flag=True, help="Check what one kernel handed to the next through kexec; has to be given."
)
@limit_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(what: tuple[str, ...], handover: bool, limits: tuple[str, ...], form: str) -> int:
    """Say what is wrong, or at risk, with what one kernel handed to the next.

    DIR is a capture: runtime-map.json, and kexecN-runtime-map.json, kexecN-boot_params_efi.json and
    kexecN-setup_data.hex of the kernels after it. FILEs are such files of two kernels, the runtime map of the old one
    first; a runtime map may also be a copy of /sys/firmware/efi/runtime-map or a kernel log.

    \b
    Exit status:
      0  nothing is known to have been lost
      1  a map cannot be restored, or was not
      2  the command line or an input is wrong
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.base.versions import versions
    from checker.cli.terminal import complain, write
    from checker.handover import check_handover, read_handover
    from checker.memmap import Limits
    from checker.report.views.diagnostics import json_diagnostic

    if not handover:
        raise click.UsageError("say what to check: --handover")
    (chosen,) = chosen_limits(limits, Limits())
    kernels = read_handover(what, chosen)
    steps = kernels if isinstance(kernels, Diagnostic) else check_handover(kernels, chosen)
    wrong = [steps] if isinstance(steps, Diagnostic) else []
    done = () if isinstance(steps, Diagnostic) else steps
    status = ExitStatus.AS_EXPECTED if all(step.good for step in done) else ExitStatus.NOT_AS_EXPECTED
    if wrong:
        status = ExitStatus.WRONG_INPUT
    complain(wrong)
    if form == "json":
        report = {
            "steps": [_json_step(step) for step in done],
            "diagnostics": [json_diagnostic(each) for each in wrong],
            "exit_status": int(status),
            **{name: version for name, version in versions().items() if name == "tool"},
        }
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        for step in done:
            write(_lines(step))
    return status


def _lines(step: KexecStep) -> list[Line]:
    from checker.report.renderers.text import Piece, Style, clean, line
    from checker.report.views.diagnostics import severity_piece

    head = Piece(", ".join(_verdict(step)), Style.GOOD if step.good else Style.BAD)
    lines = [line(Piece(f"{step.first} -> {step.second}: ", Style.STRONG), head)]
    for each in step.findings:
        lines.append(line("  ", severity_piece(each), f": {clean(each.message)}"))
    return lines


def _verdict(step: KexecStep) -> list[str]:
    could = {True: "restorable", False: "not restorable", None: "not known whether restorable"}
    did = {True: "restored", False: "NOT restored", None: ""}
    return [text for text in (could[step.restorable], did[step.restored], *_facts(step)) if text]


def _facts(step: KexecStep) -> list[str]:
    """How the maps differ, entry by entry."""
    if step.restored is None or step.difference is None:
        return []
    difference = step.difference
    layout = "same layout"
    if not difference.same_layout:
        layout = f"layout differs ({len(difference.gone)} gone, {len(difference.new)} new)"
    order = "order kept" if difference.common_in_order else "order changed"
    return [layout, order, f"{len(difference.attributes)} attributes changed"]


def _json_step(step: KexecStep) -> dict[str, Any]:
    difference = step.difference
    return {
        "first": step.first,
        "second": step.second,
        "restorable": step.restorable,
        "restored": step.restored,
        "difference": None
        if difference is None
        else {
            "same_layout": difference.same_layout,
            "same_order": difference.same_order,
            "common_in_order": difference.common_in_order,
            "attributes_changed": len(difference.attributes),
            "gone": [_json_region(each) for each in difference.gone],
            "new": [_json_region(each) for each in difference.new],
        },
        "findings": [_json_finding(each) for each in step.findings],
    }


def _json_finding(finding: Diagnostic) -> dict[str, Any]:
    return {
        "severity": str(finding.severity),
        "code": str(finding.code),
        "message": finding.message,
        "regions": [_json_region(each) for each in finding.regions],
    }


def _json_region(region: Region) -> dict[str, Any]:
    return {
        "type": region.type,
        "phys_addr": f"{region.phys_addr:#x}",
        "num_pages": region.num_pages,
        "attribute": f"{region.attribute:#x}",
        "virt_addr": f"{region.virt_addr:#x}",
    }
