"""A hand-over from one kernel to the next: what was found, as lines and in its shape."""

from __future__ import annotations

from checker.base.diagnostic import Diagnostic, Region
from checker.handover.checks.arrival import KexecStep
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes import DifferenceShape, StepShape
from checker.report.shapes.common import DescriptorShape, FindingShape
from checker.report.views.diagnostics import severity_piece


def step_lines(step: KexecStep) -> list[Line]:
    """Draw one kexec, and under it all findings."""
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
    """The differences of the maps, entry by entry."""
    if step.restored is None or step.difference is None:
        return []
    difference = step.difference
    layout = "same layout"
    if not difference.same_layout:
        layout = f"layout differs ({len(difference.gone)} gone, {len(difference.new)} new)"
    order = "order kept" if difference.common_in_order else "order changed"
    return [layout, order, f"{len(difference.attributes)} attributes changed"]


def json_step(step: KexecStep) -> StepShape:
    """Put one kexec into its shape."""
    difference = step.difference
    return StepShape(
        step.first,
        step.second,
        step.restorable,
        step.restored,
        None
        if difference is None
        else DifferenceShape(
            difference.same_layout,
            difference.same_order,
            difference.common_in_order,
            len(difference.attributes),
            [json_region(each) for each in difference.gone],
            [json_region(each) for each in difference.new],
        ),
        [json_finding(each) for each in step.findings],
    )


def json_finding(finding: Diagnostic) -> FindingShape:
    """Put a finding into its shape."""
    regions = [json_region(each) for each in finding.regions]
    return FindingShape(finding.severity.value, str(finding.code), finding.message, regions)


def json_region(region: Region) -> DescriptorShape:
    """Put an entry of a map into its shape."""
    return DescriptorShape(
        region.type,
        f"{region.phys_addr:#x}",
        region.num_pages,
        f"{region.attribute:#x}",
        f"{region.virt_addr:#x}",
    )
