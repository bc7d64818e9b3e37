"""Two algorithms held against each other: the verdict, and both layouts of the smallest map on which they differ."""

from __future__ import annotations

from checker.base.diagnostic import Diagnostic
from checker.prove import Verdict
from checker.report.columns import columns
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import Detail, DiffReport
from checker.report.shapes import DiffShape
from checker.report.views.counterexample import (
    Bar,
    assumption_lines,
    bar_lines,
    placed_spans,
    scale,
    size,
)
from checker.report.views.diagnostics import json_diagnostic
from checker.report.views.verdicts import finding_lines, json_result
from checker.verify.equivalence import AlgorithmDiff
from checker.verify.results import CheckResult

_STYLES = {True: Style.GOOD, False: Style.BAD, None: Style.UNSURE}


def diff_lines(report: DiffReport) -> list[Line]:
    """Draw what is known of two algorithms, if they could be compared."""
    made = report.made
    if isinstance(made, Diagnostic):
        return []
    names = f"{clean(report.first)} and {clean(report.second)}"
    head = line(Piece(names, Style.STRONG), ": ", Piece(_answer(made), _STYLES[made.alike]))
    if made.alike and report.detail is Detail.QUIET:
        return [head]
    lines = [head, *_owner_lines(report, made), *finding_lines(made.results, report.detail)]
    last = made.results[-1]
    if last.result.counterexample is None:
        return lines + _indented(assumption_lines(last.result.check))
    return lines + _indented(_both_layouts(last))


def _answer(made: AlgorithmDiff) -> str:
    last = made.results[-1].result
    if made.alike:
        return "alike on every map, of any length"
    if last.counterexample is not None:
        return f"they differ on a map of {size(last.counterexample)}"
    if any(each.verdict is Verdict.VACUOUS for each in made.missing):
        return "not compared: no map keeps what is assumed, or nothing is ever placed"
    bounds = [each.bound for each in made.missing]
    if bounds and None not in bounds:
        bound = min(each for each in bounds if each is not None)
        return f"not decided: alike on every map of at most {bound} regions (--bound looks further)"
    return "not decided"


def _owner_lines(report: DiffReport, made: AlgorithmDiff) -> list[Line]:
    """Say whose layout each name stands for, where one is not the name of its algorithm: both have one name."""
    runs = made.results[0].scenario.runs
    if all(run.name == run.algorithm.name for run in runs):
        return []
    owners = zip(runs, (report.first, report.second), strict=True)
    return [line(f"  {clean(run.name)} is that of {clean(named)}") for run, named in owners]


def _both_layouts(found: CheckResult) -> list[Line]:
    """Draw what both made of the smallest map on which they differ, on one scale."""
    if found.seen is None or found.seen.world is None:
        return []
    what = columns(found.scenario.maps[0].record, found.scenario)
    bars: list[Bar] = []
    for run in found.scenario.runs:
        spans = sorted(placed_spans(run.name, what, found.seen.world))
        bars += [(start, length, f"{run.name}: region {identity}") for start, length, identity in spans]
    return [line(f"both layouts, {scale(bars)}, lowest first"), *bar_lines(bars)] if bars else []


def _indented(lines: list[Line]) -> list[Line]:
    return [Line((Piece(" " * 6), *each.pieces)) for each in lines]


def json_diff(report: DiffReport) -> DiffShape:
    """Put what is known into its shape."""
    made = report.made
    return DiffShape(
        first=report.first,
        second=report.second,
        alike=None if isinstance(made, Diagnostic) else made.alike,
        results=[] if isinstance(made, Diagnostic) else [json_result(each, report.versions) for each in made.results],
        diagnostics=[json_diagnostic(each) for each in ([made] if isinstance(made, Diagnostic) else made.notes)],
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
        solver=report.versions.solver,
    )
