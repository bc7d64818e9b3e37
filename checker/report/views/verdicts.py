"""Findings as lines of text: a line a check, what stands out in full, and what it comes to at the end."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from checker import program as p
from checker.base.exit_status import ExitStatus
from checker.prove import Result, Verdict
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import VerifyReport
from checker.report.shapes import (
    AssumptionShape,
    CrossCheckShape,
    ResultShape,
    SummaryShape,
    UndecidedShape,
    VerifyShape,
)
from checker.report.views.counterexample import assumptions, counterexample_lines, json_counterexample, size, why
from checker.report.views.diagnostics import json_diagnostic
from checker.verify.attack import Attacked
from checker.verify.results import CheckResult, CrossCheck

_LABEL = 64
"""Columns for a label before the columns after it give way."""

_STYLES = {
    ExitStatus.AS_EXPECTED: Style.GOOD,
    ExitStatus.UNDECIDED: Style.UNSURE,
    ExitStatus.NOT_AS_EXPECTED: Style.BAD,
    ExitStatus.INTERNAL_ERROR: Style.BAD,
}


def scenario_lines(findings: Sequence[CheckResult], *, verbose: bool = False) -> list[Line]:
    """The findings of one scenario, in order. There is at least one."""
    first = findings[0]
    labels = min(_LABEL, max(len(each.result.check.label) for each in findings))
    verdicts = max(len(_verdict(each)) for each in findings)
    lines = [line(Piece(clean(first.file), Style.STRONG), f": {clean(first.scenario.name)}")]
    for each in findings:
        lines += _finding_lines(each, labels, verdicts, verbose=verbose)
    return [*lines, line()]


def _finding_lines(finding: CheckResult, labels: int, verdicts: int, *, verbose: bool) -> list[Line]:
    result = finding.result
    check = result.check
    expected = finding.status is ExitStatus.AS_EXPECTED
    note = ""
    if not result.as_expected:
        note = f"  expected {expected_text(check)}"
    elif check.expected is not p.Expected.PROVED:
        note = "  as expected"
    if not check.written:
        note += "  (asked by the checker)"
    lines = [
        line(
            Piece("  " if expected else "! ", Style.BAD),
            Piece(f"{_verdict(finding):{verdicts}}", _STYLES[finding.status]),
            f"  {clean(check.label):{labels}}  {result.cost.seconds:7.2f} s",
            Piece(note, Style.DIM if expected else _STYLES[finding.status]),
            _opinion(finding.opinion),
        )
    ]
    details = []
    if finding.opinion is not None:
        details += [line(clean(f"says the contrary: {each.name}")) for each in finding.opinion.contrary]
        if verbose:
            details += [line(clean(f"not decided: {name}: {why}")) for name, why in finding.opinion.undecided]
    if result.detail and (not expected or verbose):
        details.append(line(clean(result.detail)))
    if result.counterexample is not None and finding.seen is not None:
        if expected and not verbose:
            regions = size(result.counterexample)
            what = why(check, finding.seen)
            lines.append(line(" " * (verdicts + 4), Piece(f"{regions}: {what}", Style.DIM)))
        else:
            details += counterexample_lines(finding.scenario, check, result.counterexample, finding.seen)
    if verbose:
        details += [line(Piece(f"invariant {_invariant(each, result)}", Style.DIM)) for each in result.invariants]
        if finding.attacked is not None:
            details.append(line(Piece(_attacked(finding.attacked), Style.DIM)))
        details.append(line(Piece(f"effort {result.cost.effort}, obligations {result.obligations or '-'}", Style.DIM)))
    lines += [Line((Piece(" " * 6), *each.pieces)) for each in details]
    return lines


def _invariant(said: str, result: Result) -> str:
    """An invariant, and as a comment behind it the template that it comes from."""
    template = result.templates.get(said)
    return clean(said) if template is None else f"{clean(said)}  ; {template}"


def _attacked(attacked: Attacked) -> str:
    """The outcome of the interpreter's attack on a proof."""
    kept = f"{attacked.kept} keep what is assumed, it says something of {attacked.applied}"
    return f"attacked with {attacked.drawn} maps: {kept}, and none breaks it"


def _opinion(opinion: CrossCheck | None) -> Piece:
    """Another solver's opinion of a proof, in a few words."""
    if opinion is None:
        return Piece("")
    if opinion.contrary:
        return Piece(f"  {opinion.solver} DISAGREES ({len(opinion.contrary)} of {opinion.statements})", Style.BAD)
    if opinion.undecided:
        left = f"{len(opinion.undecided)} of {opinion.statements}"
        return Piece(f"  not decided by {opinion.solver} ({left})", Style.UNSURE)
    return Piece(f"  confirmed by {opinion.solver}", Style.DIM)


def _verdict(finding: CheckResult) -> str:
    bound = finding.result.bound
    verdict = finding.result.verdict
    return f"{verdict.value} {bound}" if verdict is Verdict.PROVED_TO_BOUND and bound is not None else verdict.value


def expected_text(check: p.Check) -> str:
    """The verdict that a check expects, spelled as verdicts are."""
    return check.expected.value.replace("_", "-")


def summary_line(findings: Sequence[CheckResult], seconds: float, version: str) -> Line:
    """The sum of the findings."""
    counts = {verdict: sum(each.result.verdict is verdict for each in findings) for verdict in Verdict}
    parts = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    wrong = sum(each.status is not ExitStatus.AS_EXPECTED for each in findings)
    outcome = Piece("all as expected", Style.GOOD) if not wrong else Piece(f"{wrong} NOT as expected", Style.BAD)
    total = f"{len(findings)} check{'' if len(findings) == 1 else 's'}"
    made = f" ({seconds:.2f} s, {version})"
    return line(Piece(total, Style.STRONG), f": {parts}; ", outcome, _confirmed(findings), made)


def _confirmed(findings: Sequence[CheckResult]) -> str:
    """The number of proofs that another solver confirms, where one was asked."""
    opinions = [each.opinion for each in findings if each.opinion is not None]
    if not opinions:
        return ""
    proofs = f"{len(opinions)} proof{'' if len(opinions) == 1 else 's'}"
    return f"; {opinions[0].solver} confirms {sum(each.confirms for each in opinions)} of {proofs}"


def json_verify(report: VerifyReport) -> VerifyShape:
    """Put all into its shape: results in order, what was wrong with the input, and what it comes to."""
    verdicts = [each.result.verdict for each in report.results]
    as_expected = sum(each.result.as_expected for each in report.results)
    opinions = [each.opinion for each in report.results if each.opinion is not None]
    return VerifyShape(
        [_json_result(each, report) for each in report.results],
        [json_diagnostic(each) for each in report.diagnostics],
        SummaryShape(
            checks=len(verdicts),
            as_expected=as_expected,
            not_as_expected=len(verdicts) - as_expected,
            verdicts={verdict.value: verdicts.count(verdict) for verdict in Verdict},
            proofs=len(opinions) if report.asked else UNSET,
            confirmed=sum(each.confirms for each in opinions) if report.asked else UNSET,
            seconds=round(report.seconds, 3),
            exit_status=int(report.status),
            tool=report.versions.tool,
            solver=report.versions.solver,
        ),
    )


def _json_result(finding: CheckResult, report: VerifyReport) -> ResultShape:
    result = finding.result
    check = result.check
    rules = [] if isinstance(check.goal, p.ExactArithmetic) else [conjunct.rule for conjunct in check.goal]
    confirmed_by = [] if finding.opinion is None or not finding.opinion.confirms else [finding.opinion.solver]
    shown = None
    if result.counterexample is not None and finding.seen is not None:
        shown = json_counterexample(finding.scenario, result.counterexample, finding.seen)
    return ResultShape(
        file=finding.file,
        scenario=finding.scenario.name,
        property=check.label,
        rules=list(dict.fromkeys(rules)),
        line=check.span.line,
        written=check.written,
        assumptions=[AssumptionShape(rule, origin) for rule, origin in assumptions(check)],
        expected=expected_text(check),
        verdict=result.verdict.value,
        bound=result.bound,
        as_expected=result.as_expected,
        detail=result.detail,
        seconds=round(result.cost.seconds, 3),
        effort=result.cost.effort,
        hardest_query=result.cost.hardest,
        out_of_effort=result.cost.gave_up,
        obligations=result.obligations,
        invariants=len(result.invariants),
        tool=report.versions.tool,
        solver=report.versions.solver,
        # Nothing where no other solver was asked, and no opinion of what is not proved.
        confirmed_by=confirmed_by if report.asked else UNSET,
        cross_check=_json_opinion(finding.opinion) if report.asked else UNSET,
        counterexample=shown,
    )


def _json_opinion(opinion: CrossCheck | None) -> CrossCheckShape | None:
    if opinion is None:
        return None
    return CrossCheckShape(
        opinion.solver,
        opinion.version,
        opinion.statements,
        opinion.confirmed,
        [UndecidedShape(name, reason) for name, reason in opinion.undecided],
        [each.name for each in opinion.contrary],
    )
