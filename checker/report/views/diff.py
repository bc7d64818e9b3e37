"""Two algorithms held against each other: the verdict, and both layouts of the smallest map on which they differ."""

from __future__ import annotations

from itertools import groupby

from msgspec import UNSET

from checker.base.diagnostic import Diagnostic
from checker.prove import Verdict
from checker.report.columns import columns
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import Detail, DiffReport, Versions
from checker.report.shapes import DiffShape, PromisesShape
from checker.report.views.counterexample import (
    Bar,
    assumption_lines,
    bar_lines,
    placed_spans,
    scale,
    size,
)
from checker.report.views.diagnostics import json_diagnostic
from checker.report.views.verdicts import finding_lines, json_result, scenario_lines
from checker.verify.equivalence import AlgorithmDiff
from checker.verify.promises import Promises
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
    lines += _indented(
        assumption_lines(last.result.check) if last.result.counterexample is None else _both_layouts(last)
    )
    return lines if report.promises is None else [*lines, line(), *_promise_lines(report.promises, report.detail)]


def _promise_lines(promises: Promises, detail: Detail) -> list[Line]:
    """Say what a change does to the checks of models, and show those that it breaks."""
    models = " and ".join(map(clean, promises.models))
    counts = f"{len(promises.broken)} broken, {len(promises.open)} not decided, {promises.kept} kept"
    style = Style.BAD if promises.broken else Style.UNSURE if promises.open else Style.GOOD
    lines = [line(Piece(f"promises of {models}", Style.STRONG), ": ", Piece(counts, style))]
    told = [*promises.broken, *promises.open]
    for _, found in groupby(sorted(told, key=lambda each: each.order), key=lambda each: each.order[:2]):
        lines += scenario_lines(list(found), detail)
    return lines


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
        diagnostics=[
            json_diagnostic(each)
            for each in ([made] if isinstance(made, Diagnostic) else [*made.notes, *report.problems])
        ],
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
        solver=report.versions.solver,
        promises=UNSET if report.promises is None else _json_promises(report.promises, report.versions),
    )


def _json_promises(promises: Promises, versions: Versions) -> PromisesShape:
    return PromisesShape(
        models=list(promises.models),
        broken=[json_result(each, versions) for each in promises.broken],
        open=[json_result(each, versions) for each in promises.open],
        kept=promises.kept,
    )
