"""Findings as lines of text: a line a check, what stands out in full, and what it comes to at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import UNSET

from checker import program as p
from checker.base.codes import VerdictCode
from checker.base.diagnostic import Diagnostic, Span
from checker.base.exit_status import ExitStatus
from checker.prove import Help, Result, Verdict
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import Detail, VerifyReport, Versions
from checker.report.shapes import ListedShape
from checker.report.shapes.verdicts import (
    AssumptionShape,
    CrossCheckShape,
    ResultShape,
    StatedShape,
    SummaryShape,
    UndecidedCheckShape,
    UndecidedShape,
    VerifyShape,
)
from checker.report.views.counterexample import (
    assumptions,
    c_places,
    counterexample_lines,
    json_counterexample,
    size,
    why,
)
from checker.report.views.diagnostics import json_diagnostic, problems_text
from checker.report.views.induction import gap_lines, json_gap
from checker.verify.attack import Attacked
from checker.verify.plan import Task
from checker.verify.results import CheckResult, CrossCheck, stands_in

_NOT_THE_SMALLEST = "it was met among long maps that were tried: fewer regions may break it as well"
"""The words beside a counterexample that is longer than those that are searched for."""

_LABEL = 64
"""Columns for a label before the columns after it give way."""

_VERDICT = len(Verdict.REFUTED.value)
"""Columns for a verdict; the few longer ones move what comes after them."""

_STYLES = {
    ExitStatus.AS_EXPECTED: Style.GOOD,
    ExitStatus.UNDECIDED: Style.UNSURE,
    ExitStatus.NOT_AS_EXPECTED: Style.BAD,
    ExitStatus.INTERNAL_ERROR: Style.BAD,
}


def scenario_lines(findings: Sequence[CheckResult], detail: Detail = Detail.USUAL) -> list[Line]:
    """The findings of one scenario, in order."""
    among = [each.result.check for each in findings]
    return [each for finding in findings for each in result_lines(finding, among, detail)]


def finding_lines(findings: Sequence[CheckResult], detail: Detail = Detail.USUAL) -> list[Line]:
    """The findings, one below the other, of checks that no file states: without a scenario's name and places."""
    labels = min(_LABEL, max(len(each.result.check.label) for each in findings))
    verbose = detail is Detail.FULL
    return [part for each in findings for part in _finding_lines(each, labels, _VERDICT, verbose=verbose, stated=False)]


def result_lines(finding: CheckResult, among: Sequence[p.Check], detail: Detail) -> list[Line]:
    """One finding among the checks of its scenario that are told of: the first has the scenario's name above it. It is
    laid out by what is known before anything is decided, so that it need not wait for the others."""
    check = finding.result.check
    if detail is Detail.QUIET:
        return [] if finding.status is ExitStatus.AS_EXPECTED else _finding_lines(finding, 0, 0, verbose=False)
    labels = min(_LABEL, max(len(each.label) for each in among))
    lines = _finding_lines(finding, labels, _VERDICT, verbose=detail is Detail.FULL)
    if check is among[0]:
        read_from = finding.task.program.read_from
        lines = [*([line("  ", clean(read_from))] if read_from else []), *lines]
        lines.insert(0, line(Piece(clean(finding.file), Style.STRONG), f": {clean(finding.scenario.name)}"))
    return [*lines, line()] if check is among[-1] else lines


def _finding_lines(
    finding: CheckResult, labels: int, verdicts: int, *, verbose: bool, stated: bool = True
) -> list[Line]:
    """Tell of a finding. One that is not as expected begins with its place, as a compiler's message does, if a file
    states the check."""
    result = finding.result
    check = result.check
    expected = finding.status is ExitStatus.AS_EXPECTED
    note = ""
    if not result.as_expected and stated:
        note = f"  expected {expected_text(check)}"
    elif check.expected is not p.Expected.PROVED:
        note = "  as expected"
    if not check.written:
        note += "  (asked by the checker)"
    if finding.known:
        note += "  (known: it is in the baseline)"
    if finding.refused and result.as_expected:
        note = "  as expected, but refused (--fail-on)"
    lines = [
        line(
            Piece("  " if expected or not stated else f"{clean(finding.stands_in)}:{check.span.line}: ", Style.BAD),
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
    if result.gap is not None and (not expected or verbose):
        details += gap_lines(finding.scenario, result.gap, verbose=verbose)
    if result.counterexample is not None and finding.seen is not None:
        if expected and not verbose:
            regions = size(result.counterexample) + ("" if result.smallest else ", or fewer")
            what = why(check, finding.seen)
            lines.append(line(" " * (verdicts + 4), Piece(f"{regions}: {what}", Style.DIM)))
            for each in c_places(finding.scenario, check):
                place = f"{clean(each.span.source.name)}:{each.span.line}: {clean(each.label)}"
                lines.append(line(" " * (verdicts + 4), Piece(place, Style.DIM)))
        else:
            details += counterexample_lines(finding.scenario, check, result.counterexample, finding.seen)
            if not result.smallest:
                details.append(line(_NOT_THE_SMALLEST))
    if verbose:
        said = dict.fromkeys(_invariant(each, result) for each in result.invariants)
        details += [line(Piece(f"invariant {each}", Style.DIM)) for each in said]
        if finding.attacked is not None:
            details.append(line(Piece(_attacked(finding.attacked), Style.DIM)))
        details.append(line(Piece(f"effort {result.cost.effort}, obligations {result.obligations or '-'}", Style.DIM)))
    lines += [Line((Piece(" " * 6), *each.pieces)) for each in details]
    return lines


def _invariant(said: str, result: Result) -> str:
    """An invariant as it could be stated in the file, and as a comment behind it the template that it comes from."""
    worded = result.worded.get(said)
    if worded is None:
        return clean(said)
    return f"{clean(worded.words)}  # {worded.template}" if worded.template else clean(worded.words)


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


def task_lines(tasks: Sequence[Task]) -> list[Line]:
    """The checks of tasks, a line each, as they are named on the command line."""
    return [
        line(
            Piece(f"{clean(each.file)}:{each.scenario}", Style.STRONG),
            f"  {clean(each.property)}",
            Piece(note, Style.DIM),
        )
        for each in json_tasks(tasks)
        for note in ["" if each.expected == p.Expected.PROVED else f"  expected {each.expected}"]
    ]


def json_tasks(tasks: Sequence[Task]) -> list[ListedShape]:
    """The checks of tasks in the order of a report."""
    placed = [
        ((task.program.name, task.scenario, position), task, check)
        for task in tasks
        for position, check in zip(task.positions, task.checks, strict=True)
    ]
    return [
        ListedShape(
            task.program.name,
            task.program.program.scenarios[task.scenario].name,
            check.label,
            check.span.line,
            expected_text(check),
            check.written,
        )
        for _, task, check in sorted(placed, key=lambda each: each[0])
    ]


def expected_text(check: p.Check) -> str:
    """The verdict that a check expects, spelled as verdicts are."""
    return check.expected.word


def summary_line(
    findings: Sequence[CheckResult], seconds: float, version: str, problems: Sequence[Diagnostic] = ()
) -> Line:
    """The sum of the findings, and of what could not be read or done beside."""
    counts = {verdict: sum(each.result.verdict is verdict for each in findings) for verdict in Verdict}
    parts = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    wrong = sum(each.status is not ExitStatus.AS_EXPECTED for each in findings)
    known = sum(each.known for each in findings)
    # `all` would be a lie of a run that had something else to do, and did not.
    fine = ("as expected" if problems else "all as expected") if not known else f"nothing new, {known} known"
    outcome = Piece(fine, Style.GOOD) if not wrong else Piece(f"{wrong} NOT as expected", Style.BAD)
    total = Piece(f"{len(findings)} check{'' if len(findings) == 1 else 's'}", Style.STRONG)
    judged: tuple[str | Piece, ...] = (f": {parts}; ", outcome) if findings else ()
    undone = Piece(f"; {problems_text(problems)}" if problems else "", Style.BAD)
    made = f" ({seconds:.2f} s, {version})"
    return line(total, *judged, _confirmed(findings), _trusted(findings), undone, made)


def _trusted(findings: Sequence[CheckResult]) -> Piece:
    """The number of verdicts that are from a cache and were not checked, where there are any."""
    count = sum(each.trusted for each in findings)
    return Piece(f"; {count} from the cache, NOT CHECKED" if count else "", Style.UNSURE)


def _confirmed(findings: Sequence[CheckResult]) -> str:
    """The number of proofs that another solver confirms, where one was asked."""
    opinions = [each.opinion for each in findings if each.opinion is not None]
    if not opinions:
        return ""
    proofs = f"{len(opinions)} proof{'' if len(opinions) == 1 else 's'}"
    return f"; {opinions[0].solver} confirms {sum(each.confirms for each in opinions)} of {proofs}"


def undecided_lines(report: VerifyReport) -> Iterator[Line]:
    """Tell of the checks that were not decided: their number, and their names where nobody asked to stop there."""
    left, end = len(report.undecided), report.end
    if not left:
        return
    if end is None:
        yield line(f"stopped before the other {left} of {len(report.results) + left} checks")
        return
    for task, number in report.undecided:
        check = task.checks[number]
        place = Piece(f"{clean(stands_in(task, check))}:{check.span.line}: ", Style.STRONG)
        yield line(place, Piece(f"not decided [{VerdictCode.NOT_REACHED}]", Style.UNSURE), f"  {clean(check.label)}")
    yield line(f"not decided: {left} of {len(report.results) + left} checks ({clean(end.message)})")


def stated_lines(findings: Sequence[CheckResult]) -> Iterator[Line]:
    """Tell of the invariants that the files state and that helped no proof."""
    broken = "this invariant is not shown: it may not hold where the pass begins, or a turn may break it"
    for span, use in _stated(findings).items():
        if use is not Help.NEEDED:
            said = broken if use is Help.BROKEN else _shown_for(span, findings)
            yield line(Piece(f"{clean(span.on_line)}: ", Style.UNSURE), clean(said))


def _shown_for(span: Span, findings: Sequence[CheckResult]) -> str:
    """Say of which checks an invariant that no proof needs was shown, and of which it was not: what one of them assumes
    and looks at, another does not."""
    labels: dict[Help, list[str]] = {}
    for finding in findings:
        for each in finding.result.stated:
            if each.span == span:
                labels.setdefault(each.help, []).append(finding.result.check.label)
    said = f"no proof needs this invariant: it is shown in what was tried for {_named(labels[Help.HOLDS])}"
    return said + (f", and not for {_named(labels[Help.BROKEN])}" if Help.BROKEN in labels else "")


def _named(labels: Sequence[str]) -> str:
    """The first of some checks, and the number of the others."""
    first, *others = dict.fromkeys(labels)
    return first + (f" and {len(others)} more" if others else "")


def _stated(findings: Sequence[CheckResult]) -> dict[Span, Help]:
    """The invariants that the files state, each with the best that it was for any of the checks."""
    best: dict[Span, Help] = {}
    order = list(Help)
    for each in (stated for finding in findings for stated in finding.result.stated):
        best[each.span] = min(each.help, best.get(each.span, each.help), key=order.index)
    return dict(sorted(best.items(), key=lambda found: (found[0].source.name, found[0].start)))


def json_verify(report: VerifyReport) -> VerifyShape:
    """Put all into its shape: results in order, what was wrong with the input, and what it comes to."""
    verdicts = [each.result.verdict for each in report.results]
    as_expected = sum(each.result.as_expected for each in report.results)
    opinions = [each.opinion for each in report.results if each.opinion is not None]
    return VerifyShape(
        [json_result(each, report.versions, asked=report.asked) for each in report.results],
        [json_diagnostic(each) for each in report.diagnostics],
        SummaryShape(
            checks=len(verdicts),
            as_expected=as_expected,
            not_as_expected=len(verdicts) - as_expected,
            verdicts={verdict.value: verdicts.count(verdict) for verdict in Verdict},
            trusted=sum(each.trusted for each in report.results) or UNSET,
            proofs=len(opinions) if report.asked else UNSET,
            confirmed=sum(each.confirms for each in opinions) if report.asked else UNSET,
            stopped_before=len(report.undecided) or UNSET,
            known=sum(each.known for each in report.results) if report.baseline else UNSET,
            seconds=round(report.seconds, 3),
            exit_status=int(report.status),
            tool=report.versions.tool,
            solver=report.versions.solver,
        ),
        [StatedShape(span.source.name, span.line, use.value) for span, use in _stated(report.results).items()],
        [_json_undecided(task.checks[number], task, report.end) for task, number in report.undecided],
    )


def _json_undecided(check: p.Check, task: Task, end: Diagnostic | None) -> UndecidedCheckShape:
    code = None if end is None else str(end.code)
    place = (task.program.name, task.subject.name, check.label, check.span.line)
    elsewhere = stands_in(task, check)
    return UndecidedCheckShape(
        *place, expected_text(check), code, UNSET if elsewhere == task.program.name else elsewhere
    )


def json_result(finding: CheckResult, versions: Versions, *, asked: bool = False) -> ResultShape:
    """Put a result into its shape; ``asked`` says that another solver was asked about proofs."""
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
        stands_in=UNSET if finding.stands_in == finding.file else finding.stands_in,
        read_from=finding.task.program.read_from or UNSET,
        written=check.written,
        assumptions=[AssumptionShape(rule, origin) for rule, origin in assumptions(check)],
        expected=expected_text(check),
        verdict=result.verdict.value,
        bound=result.bound,
        as_expected=result.as_expected,
        known=finding.known or UNSET,
        refused=finding.refused or UNSET,
        detail=result.detail,
        seconds=round(result.cost.seconds, 3),
        effort=result.cost.effort,
        hardest_query=result.cost.hardest,
        out_of_effort=result.cost.gave_up,
        obligations=result.obligations,
        invariants=len(result.invariants),
        gap=None if result.gap is None else json_gap(finding.scenario.maps[0].record, result.gap),
        tool=versions.tool,
        solver=versions.solver,
        # Nothing where no other solver was asked, and no opinion of what is not proved.
        trusted=finding.trusted or UNSET,
        confirmed_by=confirmed_by if asked else UNSET,
        cross_check=_json_opinion(finding.opinion) if asked else UNSET,
        counterexample=shown,
        smallest=UNSET if result.smallest else False,
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
