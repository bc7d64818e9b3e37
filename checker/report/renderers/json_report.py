"""Findings as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.prove import Verdict
from checker.report.views.counterexample import assumptions, json_counterexample
from checker.report.views.diagnostics import json_diagnostic
from checker.report.views.verdicts import expected_text
from checker.verify.results import CheckResult


def json_finding(finding: CheckResult, versions: dict[str, str], *, asked: bool = False) -> dict[str, Any]:
    """One result; ``asked`` says that another solver was asked about proofs."""
    result = finding.result
    check = result.check
    rules = [] if isinstance(check.goal, p.ExactArithmetic) else [conjunct.rule for conjunct in check.goal]
    shown = None
    if result.counterexample is not None and finding.seen is not None:
        shown = json_counterexample(finding.scenario, result.counterexample, finding.seen)
    return {
        "file": finding.file,
        "scenario": finding.scenario.name,
        "property": check.label,
        "rules": list(dict.fromkeys(rules)),
        "line": check.span.line,
        "written": check.written,
        "assumptions": [{"rule": rule, "origin": origin} for rule, origin in assumptions(check)],
        "expected": expected_text(check),
        "verdict": result.verdict.value,
        "bound": result.bound,
        "as_expected": result.as_expected,
        "detail": result.detail,
        "seconds": round(result.cost.seconds, 3),
        "effort": result.cost.effort,
        "hardest_query": result.cost.hardest,
        "out_of_effort": result.cost.gave_up,
        "obligations": result.obligations,
        "invariants": len(result.invariants),
        **versions,
        **_json_opinion(finding, asked=asked),
        "counterexample": shown,
    }


def _json_opinion(finding: CheckResult, *, asked: bool) -> dict[str, Any]:
    """What another solver makes of a proof; nothing where none was asked, and no opinion of what is not proved."""
    opinion = finding.opinion
    if not asked:
        return {}
    if opinion is None:
        return {"confirmed_by": [], "cross_check": None}
    return {
        "confirmed_by": [opinion.solver] if opinion.confirms else [],
        "cross_check": {
            "solver": opinion.solver,
            "version": opinion.version,
            "statements": opinion.statements,
            "confirmed": opinion.confirmed,
            "not_decided": [{"statement": name, "reason": reason} for name, reason in opinion.undecided],
            "contrary": [each.name for each in opinion.contrary],
        },
    }


def _json_confirmed(findings: Sequence[CheckResult], *, asked: bool) -> dict[str, Any]:
    """How many proofs another solver confirms; nothing where none was asked."""
    opinions = [each.opinion for each in findings if each.opinion is not None]
    return {"proofs": len(opinions), "confirmed": sum(each.confirms for each in opinions)} if asked else {}


def json_report(
    findings: Sequence[CheckResult],
    diagnostics: Sequence[Diagnostic],
    *,
    seconds: float,
    status: ExitStatus,
    versions: dict[str, str],
    asked: bool = False,
) -> dict[str, Any]:
    """Everything: results in order, what was wrong with the input, and what it comes to."""
    verdicts = [each.result.verdict for each in findings]
    as_expected = sum(each.result.as_expected for each in findings)
    return {
        "results": [json_finding(each, versions, asked=asked) for each in findings],
        "diagnostics": [json_diagnostic(each) for each in diagnostics],
        "summary": {
            "checks": len(findings),
            "as_expected": as_expected,
            "not_as_expected": len(findings) - as_expected,
            "verdicts": {verdict.value: verdicts.count(verdict) for verdict in Verdict},
            **_json_confirmed(findings, asked=asked),
            "seconds": round(seconds, 3),
            "exit_status": int(status),
            **versions,
        },
    }
