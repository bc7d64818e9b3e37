"""Reports as JUnit XML, a case for each check: what services for test results read.

`failure` is a verdict that is not as expected or not decided, its `type` says which; `error` is an input that is wrong,
or the checker itself; `skipped` is a verdict that a baseline has, or a check before which the run was to stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from checker.base.exit_status import ExitStatus
from checker.report.cases import Case, Cases, local_path
from checker.report.lines import clean
from checker.report.renderer import Renderer
from checker.report.reports import Report

_FAILURES = (ExitStatus.NOT_AS_EXPECTED, ExitStatus.UNDECIDED)
_ERRORS = (ExitStatus.WRONG_INPUT, ExitStatus.INTERNAL_ERROR, ExitStatus.INTERRUPTED, ExitStatus.TERMINATED)


def render(report: Report) -> str:
    """Write a report as JUnit XML."""
    from checker.report.views.cases import cases

    found = cases(report)
    every = (*found.all, *found.undecided)
    root = ElementTree.Element("testsuites", {"name": "mapproof", **_counts(every, found)})
    for group, members in groupby(every, key=lambda each: each.group):
        among = list(members)
        suite = ElementTree.SubElement(root, "testsuite", {"name": clean(group), **_counts(among, found)})
        _properties(suite, [("tool", found.tool), ("solver", found.solver), ("exit_status", str(int(found.status)))])
        for each in among:
            _case(suite, each, _passed_over(each, found))
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _passed_over(case: Case, among: Cases) -> str:
    """Return why a case counts as skipped; empty for one that does not."""
    if case.known:
        return f"in the baseline: {case.message}"
    return case.message if case in among.undecided else ""


def _counts(cases: Sequence[Case], among: Cases) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(each.status in _FAILURES for each in cases)),
        "errors": str(sum(each.status in _ERRORS for each in cases)),
        "skipped": str(sum(bool(_passed_over(each, among)) for each in cases)),
        "time": f"{sum(each.seconds for each in cases):.3f}",
    }


def _properties(parent: ElementTree.Element, facts: Sequence[tuple[str, str]]) -> None:
    told = [(name, clean(value)) for name, value in facts if value]
    if told:
        properties = ElementTree.SubElement(parent, "properties")
        for name, value in told:
            ElementTree.SubElement(properties, "property", name=name, value=value)


def _case(suite: ElementTree.Element, case: Case, passed_over: str) -> None:
    about = {"classname": clean(case.group), "name": clean(case.name), "time": f"{case.seconds:.3f}"}
    if case.file:
        about["file"] = clean(local_path(case.file))
    if case.span is not None:
        about["line"] = str(case.span.line)
    made = ElementTree.SubElement(suite, "testcase", about)
    _properties(made, case.facts)
    if case.status in (*_FAILURES, *_ERRORS):
        tag = "failure" if case.status in _FAILURES else "error"
        kind = f"{case.code}: {dict(case.facts).get('verdict', case.severity.value)}"
        ElementTree.SubElement(made, tag, type=kind, message=clean(case.message)).text = _lines(case)
    elif passed_over:
        ElementTree.SubElement(made, "skipped", message=clean(passed_over))
    elif case.told and case.text:
        ElementTree.SubElement(made, "system-out").text = _lines(case)


def _lines(case: Case) -> str:
    """All that there is to see of a case; nothing in it that XML cannot hold."""
    return "\n".join(map(clean, (case.text or case.message).splitlines()))


JUNIT = Renderer("junit", render, judging=True)
