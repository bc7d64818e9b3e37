"""Reports as Markdown: the summary of a job, or a comment, with counterexamples as text and as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.base.exit_status import ExitStatus
from checker.report.cases import Case, Cases, local_path
from checker.report.lines import clean
from checker.report.renderer import Renderer
from checker.report.reports import Report

_SHOWN = 20
"""Cases that are shown in full: a service takes a summary of at most 1 MiB."""

_LINES = 100
"""Lines of one text, or picture, at most."""

_ROWS = 500
"""Rows of the table, and names of what is as expected, at most."""

_LONG = 300
"""Characters of a message in the table, or of a line, at most."""

_HEADS = {
    ExitStatus.AS_EXPECTED: "all as expected",
    ExitStatus.NOT_AS_EXPECTED: "not as expected",
    ExitStatus.WRONG_INPUT: "wrong input",
    ExitStatus.UNDECIDED: "undecided",
    ExitStatus.INTERNAL_ERROR: "internal error",
    ExitStatus.INTERRUPTED: "interrupted",
    ExitStatus.TERMINATED: "interrupted",
}

_SIGNS = {
    ExitStatus.NOT_AS_EXPECTED: "failed",
    ExitStatus.WRONG_INPUT: "wrong input",
    ExitStatus.UNDECIDED: "undecided",
    ExitStatus.INTERNAL_ERROR: "internal error",
    ExitStatus.INTERRUPTED: "interrupted",
    ExitStatus.TERMINATED: "interrupted",
}


def render(report: Report) -> str:
    """Write a report as Markdown."""
    from checker.report.views.cases import cases

    return "\n".join([*_document(cases(report)), ""])


def _document(found: Cases) -> Iterator[str]:
    told = found.worst_first
    yield f"## mapproof: {_HEADS[found.status]}"
    yield ""
    yield _plain(found.summary)
    if told:
        yield ""
        yield "| | where | what | code |"
        yield "|---|---|---|---|"
        yield from map(_row, told[:_ROWS])
        yield from _more(len(told) - _ROWS)
    shown = [each for each in told if each.text or each.picture][:_SHOWN]
    for each in shown:
        yield ""
        yield from _full(each)
    passed = [each for each in found.all if not each.told]
    if passed:
        yield ""
        yield from _passed(passed)


def _row(case: Case) -> str:
    sign = "known" if case.known else _SIGNS.get(case.status, case.severity.value)
    where = "" if case.span is None else f":{case.span.line}"
    place = f"{local_path(case.file)}{where}" if case.file else case.group
    return f"| {sign} | {_plain(place)} | {_plain(_cut(case.message))} | {case.code} |"


def _full(case: Case) -> Iterator[str]:
    yield f"### {_plain(_cut(case.name))}"
    yield ""
    yield _plain(_cut(case.group))
    for title, text in (("", case.text), ("The same as a picture:", case.picture)):
        if text.strip():
            yield ""
            if title:
                yield from (title, "")
            yield from _block(text)


def _block(text: str) -> Iterator[str]:
    """A block of text as it stands, fenced by more backticks than are in it."""
    lines = [clean(each) for each in text.rstrip().splitlines()]
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield f"{fence}text"
    yield from map(_cut, lines[:_LINES])
    if len(lines) > _LINES:
        yield f"... {len(lines) - _LINES} more lines"
    yield fence


def _passed(cases: Sequence[Case]) -> Iterator[str]:
    yield f"<details><summary>{len(cases)} as expected</summary>"
    yield ""
    yield from (f"- {_plain(_cut(each.group))}: {_plain(_cut(each.name))}" for each in cases[:_ROWS])
    yield from _more(len(cases) - _ROWS)
    yield ""
    yield "</details>"


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield from ("", f"... and {count} more")


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 3]}..."


def _plain(text: str) -> str:
    """Escape text in which nothing is meant as Markdown, or as HTML."""
    return re.sub(r"([\\`*_{}\[\]<>#|~@&])", r"\\\1", clean(" ".join(text.split())))


MARKDOWN = Renderer("markdown", render, judging=True)
