"""Reports as cases: what every format of build services is made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from checker import program as p
from checker.base.codes import REGISTRY, VerdictCode
from checker.base.diagnostic import Diagnostic, LabelledSpan, Severity, Span
from checker.base.exit_status import ExitStatus, status_of_code
from checker.handover.checks.arrival import KexecStep
from checker.inspect import Inspection
from checker.inspect.against import Judged, JudgedScenario, Judgement
from checker.inspect.findings import FAULTS
from checker.program.valuation import Valuation
from checker.report.cases import Case, Cases, finding_fingerprint, fingerprint, severity_of, stable_path
from checker.report.lines import clean, plain
from checker.report.pictures.draw import counterexample_picture
from checker.report.pictures.terminal import picture_lines
from checker.report.reports import (
    AgainstReport,
    BudgetReport,
    CacheReport,
    CheckReport,
    CompareReport,
    DiffReport,
    DoctorReport,
    ExplainReport,
    ExternalReport,
    FmtReport,
    IdentifyManyReport,
    IdentifyReport,
    InspectReport,
    ListReport,
    ModelsReport,
    MutateReport,
    ReplayReport,
    Report,
    RunReport,
    ShowReport,
    VerifyReport,
    WhereReport,
)
from checker.report.views.against import broken_finding, label, not_kept_finding, undecided_finding
from checker.report.views.counterexample import c_places, counterexample_lines, json_counterexample, size, why
from checker.report.views.diagnostics import diagnostic_lines, problems_text
from checker.report.views.external import external_summary, statement_case
from checker.report.views.induction import gap_lines
from checker.report.views.mutants import mutant_case, mutate_summary, unjudged_case
from checker.report.views.verdicts import expected_text, summary_line
from checker.verify.plan import Task
from checker.verify.replay import Seen
from checker.verify.results import CheckResult, stands_in

_INPUT = "input"
"""The group of what is wrong with the command line or its inputs."""


def cases(report: Report) -> Cases:
    """Return the cases of a report of what is judged: verdicts, findings, and what is wrong with an input."""
    match report:
        case VerifyReport():
            found = [check_case(each) for each in report.results]
            left = tuple(_undecided(*each, report.end) for each in report.undecided)
            made = f"{report.versions.tool}, {report.versions.solver}"
            said = summary_line(report.results, report.seconds, made, report.diagnostics).text
            whole = _cases([*found, *(left if report.end else ()), *_inputs(report.diagnostics)], report, said)
            return whole if report.end else replace(whole, undecided=left)
        case DiffReport():
            if isinstance(report.made, Diagnostic):
                return _cases(list(map(_in_files, _inputs([report.made]))), report, "not compared")
            said = f"{clean(report.first)} and {clean(report.second)}: {_alike(report.made.alike)}"
            claims = map(_claim, report.made.results)
            promised = () if report.promises is None else (*report.promises.broken, *report.promises.open)
            told = [_in_files(check_case(each)) for each in promised]
            return _cases([*claims, *told, *_inputs(report.problems)], report, _with(said, report.problems))
        case CheckReport():
            steps = [each for step in report.steps for each in _step(step)]
            lost = sum(not step.good for step in report.steps)
            said = f"{_count(len(report.steps), 'hand-over')}, {lost} of them not restored or not to be restored"
            return _cases([*steps, *_inputs(report.diagnostics)], report, _with(said, report.diagnostics))
        case InspectReport():
            maps = [each for inspection in report.inspections for each in _inspection(inspection, report)]
            faulty = sum(map(report.faulty, report.inspections))
            said = f"{_count(len(report.inspections), 'map')}, {faulty} of them faulty"
            return _cases([*maps, *_inputs(report.diagnostics)], report, _with(said, report.diagnostics))
        case AgainstReport():
            if isinstance(report.judged, Diagnostic):
                return _cases(list(_inputs([report.judged])), report, "not evaluated")
            model, read, scenarios = report.judged
            judged = [each for scenario in scenarios for each in _scenario(read.source, model, scenario)]
            broken = sum(each.status is ExitStatus.NOT_AS_EXPECTED for each in judged)
            return _cases(judged, report, f"{clean(read.source)} against {clean(model)}: {broken} broken")
        case MutateReport():
            mutants = [mutant_case(report.name, each) for each in report.judged]
            mutants += [unjudged_case(report.name, each) for each in report.unjudged]
            said = mutate_summary(report).text if report.judged or not report.wrong else "not judged"
            errors = [each for each in report.diagnostics if each.severity is Severity.ERROR]
            remarks = [
                _finding(each, _INPUT, ExitStatus.AS_EXPECTED, "") for each in report.diagnostics if each not in errors
            ]
            return _cases([*mutants, *_inputs(errors), *remarks], report, _with(said, errors))
        case ExternalReport():
            if isinstance(report.made, Diagnostic):
                return _cases(list(_inputs([report.made])), report, "not checked")
            manifest, results = report.made
            statements = [statement_case(manifest, results, number) for number in range(len(results))]
            said = _with(external_summary(report), report.diagnostics)
            return _cases([*statements, *_inputs(report.diagnostics)], report, said)
        case (
            ListReport()
            | BudgetReport()
            | IdentifyReport()
            | IdentifyManyReport()
            | CompareReport()
            | RunReport()
            | ShowReport()
            | ReplayReport()
            | WhereReport()
            | DoctorReport()
            | CacheReport()
            | ModelsReport()
            | FmtReport()
            | ExplainReport()
        ):
            # They judge nothing: these formats are not among those that their commands offer.
            return Cases((), report.status, "", "", "")
        case _:
            assert_never(report)


def _cases(
    found: Sequence[Case],
    report: VerifyReport | DiffReport | CheckReport | InspectReport | AgainstReport | MutateReport | ExternalReport,
    said: str,
) -> Cases:
    baseline = isinstance(report, VerifyReport | InspectReport) and report.baseline
    return Cases(tuple(found), report.status, report.versions.tool, report.versions.solver, said, baseline)


def _with(said: str, problems: Sequence[Diagnostic]) -> str:
    """A summary that says as well what could not be read."""
    return f"{said}; {problems_text(problems)}" if problems else said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _alike(alike: bool | None) -> str:
    return {True: "alike on every map", False: "they differ", None: "not decided"}[alike]


# --- verdicts


def _undecided(task: Task, number: int, end: Diagnostic | None) -> Case:
    """Return the case of a check that was to be decided, and was not: since it was to stop before, or had to end."""
    check = task.checks[number]
    group, label = f"{task.program.name}: {task.subject.name}", check.label
    file = stands_in(task, check)
    if end is None:
        said = "not decided: the run was to stop before it"
        return Case(group, label, ExitStatus.AS_EXPECTED, Severity.NOTE, None, said, file, check.span)
    code = VerdictCode.NOT_REACHED
    return Case(
        group=group,
        name=label,
        status=ExitStatus.UNDECIDED,
        severity=Severity.WARNING,
        code=code,
        message=clean(f"{label} is not decided: {end.message}"),
        file=file,
        span=check.span,
        facts=(("verdict", "not decided"), ("expected", expected_text(check))),
        fingerprint=fingerprint(code, stable_path(task.program.name), task.subject.name, label),
    )


def check_case(finding: CheckResult) -> Case:
    """Return the case of a check."""
    result, check = finding.result, finding.result.check
    found, seen = result.counterexample, finding.seen
    code = finding.code
    # The headline begins with the check: a reason that begins with it too would say it twice.
    message, text, picture = result.detail.removeprefix(f"{check.label}: "), "", ""
    places: tuple[LabelledSpan, ...] = ()
    if result.gap is not None and code is not None:
        text = plain(gap_lines(finding.scenario, result.gap, verbose=False))
    if found is not None and seen is not None:
        message = f"{size(found)}: {why(check, seen)}"
        text = plain(counterexample_lines(finding.scenario, check, found, seen))
        if code is not None:
            picture = _picture(finding, found, seen)
            places = tuple(_places(finding, found, seen))
    return Case(
        group=f"{finding.file}: {finding.scenario.name}",
        name=check.label,
        status=finding.status,
        severity=_severity(finding),
        code=code,
        message=clean(_headline(finding, message)),
        file=finding.stands_in,
        span=check.span,
        places=places,
        text=text,
        picture=picture,
        facts=tuple(_facts(finding)),
        seconds=result.cost.seconds,
        fingerprint="" if code is None else check_fingerprint(finding),
        known=finding.known,
    )


def _claim(finding: CheckResult) -> Case:
    """Return the case of a claim about two algorithms, which no file states: it is told at the first of them."""
    spans = (run.algorithm.span for run in finding.scenario.runs)
    span = next(filter(_is_in_a_file, spans), None)
    return _in_files(replace(check_case(finding), file="" if span is None else span.source.name, span=span))


def _in_files(case: Case) -> Case:
    """A case that is only at places that whoever reads the report can open: what is assumed on a command line stands in
    no file, and a shipped model may be elsewhere."""
    there = case.span is not None and _is_in_a_file(case.span)
    places = tuple(each for each in case.places if _is_in_a_file(each.span))
    return replace(case, file=case.file if there else "", span=case.span if there else None, places=places)


def _is_in_a_file(span: Span) -> bool:
    return os.path.isfile(span.source.name)


def check_fingerprint(finding: CheckResult) -> str:
    """Name a verdict that is not as expected: by what it is about, not by where that stands, nor by the map shown. What
    is known of a model is not known of a tree, nor of another one."""
    code = VerdictCode.PROVED if finding.code is None else finding.code
    functions, of, path = finding.task.program.read_from.rpartition(":")[0].rpartition(" of ")
    source = (f"{functions} of {stable_path(path)}",) if of else ()
    return fingerprint(code, stable_path(finding.file), finding.scenario.name, finding.result.check.label, *source)


def _severity(finding: CheckResult) -> Severity:
    return severity_of(finding.status)


def _headline(finding: CheckResult, message: str) -> str:
    """The property, the verdict, what was expected instead, and why."""
    result = finding.result
    bound = "" if result.bound is None else f" {result.bound}"
    expected = "" if result.as_expected else f", expected {expected_text(result.check)}"
    reason = f": {' '.join(message.split())}" if message and finding.code is not None else ""
    return f"{result.check.label} is {result.verdict.value}{bound}{expected}{reason}"


def _facts(finding: CheckResult) -> Iterator[tuple[str, str]]:
    result = finding.result
    yield "verdict", result.verdict.value
    yield "expected", expected_text(result.check)
    if result.bound is not None:
        yield "bound", str(result.bound)
    yield "effort", str(result.cost.effort)
    if result.obligations:
        yield "obligations", result.obligations
    if finding.task.program.read_from:
        yield "read_from", finding.task.program.read_from
    if finding.opinion is not None:
        yield "confirmed_by", finding.opinion.solver if finding.opinion.confirms else "-"
    if finding.known:
        yield "baseline", "known"
    if finding.refused:
        yield "refused", "--fail-on"
    if finding.trusted:
        yield "trusted", "from the cache, not checked"


def _places(finding: CheckResult, found: Valuation, seen: Seen) -> Iterator[LabelledSpan]:
    """The places that a counterexample is about: the scenario that is given the map, the algorithms that lay it out,
    and the rule that it breaks."""
    scenario, check = finding.scenario, finding.result.check
    names = " and ".join(f"`{given.name}`" for given in scenario.maps)
    yield LabelledSpan(scenario.span, f"counterexample: {names} of {size(found)}")
    for run in scenario.runs:
        if run.name in check.lists:
            yield LabelledSpan(run.algorithm.span, f"`{run.name}` is what {run.algorithm.name} makes of it")
    yield from c_places(scenario, check)
    if isinstance(check.goal, p.ExactArithmetic) or seen.broken is None:
        return
    for conjunct in check.goal:
        if conjunct.rule == seen.broken.rule:
            yield LabelledSpan(conjunct.formula.span, f"`{conjunct.rule}` is broken: {why(check, seen)}")


def _picture(finding: CheckResult, found: Valuation, seen: Seen) -> str:
    shape = json_counterexample(finding.scenario, found, seen)
    return plain(picture_lines(counterexample_picture(finding.result.check.label, shape)))


# --- findings about maps


def _inspection(inspection: Inspection, report: InspectReport) -> Iterator[Case]:
    source = inspection.map.source
    if not report.faulty(inspection):
        yield _fine(source, "nothing is wrong", source)
    for each in inspection.findings:
        known = report.knows(inspection, each)
        faulty = each.severity in FAULTS and not known
        case = _finding(each, source, ExitStatus.NOT_AS_EXPECTED if faulty else ExitStatus.AS_EXPECTED, source)
        yield replace(case, known=known, severity=Severity.NOTE if known else case.severity)


def _step(step: KexecStep) -> Iterator[Case]:
    name = f"{step.first} -> {step.second}"
    if step.good:
        yield _fine(name, "nothing is known to be lost", "")
    for each in step.findings:
        lost = each.severity is Severity.ERROR and not step.good
        yield _finding(each, name, ExitStatus.NOT_AS_EXPECTED if lost else ExitStatus.AS_EXPECTED, "")


def _scenario(source: str, model: str, judged: JudgedScenario) -> Iterator[Case]:
    group = f"{source} against {model}: {judged.scenario.name}"
    for each in judged.checks:
        yield _judged(each, group, source)
    for missed in judged.not_kept:
        yield _finding(not_kept_finding(missed), group, ExitStatus.AS_EXPECTED, source)


def _judged(judged: Judged, group: str, source: str) -> Case:
    say: Callable[[Judged], Diagnostic]
    match judged.judgement:
        case Judgement.HOLDS:
            return _fine(group, label(judged), source)
        case Judgement.BROKEN:
            say, status = broken_finding, ExitStatus.NOT_AS_EXPECTED
        case Judgement.UNDECIDED:
            say, status = undecided_finding, ExitStatus.UNDECIDED
        case _:
            assert_never(judged.judgement)
    return _finding(say(judged), group, status, source)


def _finding(found: Diagnostic, group: str, status: ExitStatus, file: str) -> Case:
    return Case(
        group=group,
        name=f"{found.code}: {clean(found.message)}",
        status=status,
        severity=Severity.WARNING if status is ExitStatus.UNDECIDED else found.severity,
        code=REGISTRY[found.code],
        message=clean(found.message),
        file=file,
        span=found.span,
        places=found.places,
        text=plain(diagnostic_lines(found)[1:]),
        facts=(("help", clean(found.help)),) if found.help else (),
        fingerprint=finding_fingerprint(found, group),
    )


def _fine(group: str, name: str, file: str) -> Case:
    return Case(group, name, ExitStatus.AS_EXPECTED, Severity.NOTE, None, name, file)


# --- what is wrong with an input


def _inputs(diagnostics: Sequence[Diagnostic]) -> Iterator[Case]:
    """Cases of what keeps a command from doing all that it was asked for, or makes it fail."""
    for each in diagnostics:
        yield _finding(each, _INPUT, status_of_code(each.code), "" if each.span is None else each.span.source.name)
