"""Measurements as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Report = dict[str, Any]


def markdown(report: Report) -> str:
    """The tables of a report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    about = report["about"]
    yield "# Measurements"
    yield ""
    yield f"Made by `{about['command']}` at commit {about['commit']}, on {about['cores']} cores ({about['processor']}),"
    yield f"Python {about['python']}, {about['tool']}, {about['solver']}. Load (1 minute) {about['load'][0]:.1f} before"
    yield f"and {about['load'][1]:.1f} after: with neighbours at work, CPU time wobbles by a third, wall time by more."
    yield f"Each figure is the median of {about['runs']} runs, with the lowest and the highest."
    if "processes" in report:
        yield from _processes(report)
    if "growth" in report:
        yield from _growth(report, about["limit"])
    if "models" in report:
        yield from _models(report)


def _processes(report: Report) -> Iterator[str]:
    yield from ("", "## Whole processes", "")
    yield "A new process each time, modules compiled before. CPU seconds are those of the process and its children;"
    yield "the ratio is to importing solver and parser and doing nothing."
    yield ""
    yield "| Command | CPU s | wall s | MiB | ratio |"
    yield "|---|---|---|---|---|"
    for row in report["processes"]:
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}"
        yield f"| `{row['command']}` | {_times(row['cpu'])} | {_times(row['wall'])} | {row['megabytes']} | {ratio} |"


def _growth(report: Report, limit: float) -> Iterator[str]:
    lengths = sorted({int(key) for row in report["growth"] for key in row["points"] if key != "any"})
    yield from ("", "## Any length, beside unrolling", "")
    yield "CPU seconds from the loaded `linux-x86-reversed` model to the answer. *Any length* is the whole decision:"
    yield "short counterexamples looked for, invariants found, proof, and the search for a map that keeps the"
    yield "assumptions. *N regions* asks the solver once, for maps of exactly N regions, unrolled as they are where"
    yield f"counterexamples are looked for; every answer is `unsat`. `> {limit:g}`: no answer within {limit:g} s; more"
    yield "regions than that were not tried."
    yield ""
    yield f"| Property | any length | {' | '.join(f'{length} regions' for length in lengths)} |"
    yield "|---|---|" + "---|" * len(lengths)
    for row in report["growth"]:
        cells = [_point(row["points"].get(key), limit) for key in ("any", *map(str, lengths))]
        yield f"| `{row['property']}` | {' | '.join(cells)} |"


def _models(report: Report) -> Iterator[str]:
    yield from ("", "## Two kernels, two runs", "")
    yield "Wall seconds of each check, as `mapproof verify --jobs 1` reports them. Checks under the same assumptions"
    yield "share their invariants, which the first of them pays for."
    yield ""
    yield "| File | Scenario | Property | Verdict | s |"
    yield "|---|---|---|---|---|"
    for row in report["models"]:
        cells = (row["file"], row["scenario"], f"`{row['property']}`", row["verdict"], _times(row["seconds"]))
        yield f"| {' | '.join(cells)} |"


def _point(point: dict[str, Any] | None, limit: float) -> str:
    if point is None:
        return "-"
    if point["over"]:
        return f"> {limit:g}"
    unusual = "" if point["answer"] in ("proved", "unsat") else f" {point['answer']}"
    return _times(point["seconds"]) + unusual


def _times(spread: dict[str, float] | None) -> str:
    if spread is None:
        return "-"
    return f"{spread['median']:.2f} ({spread['low']:.2f}-{spread['high']:.2f})"
