"""Mutants: what became of each, and for those that survive the smallest map that shows what nobody has asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import assert_never

from checker.base.codes import VerdictCode
from checker.base.exit_status import ExitStatus
from checker.report.cases import Case, fingerprint, severity_of, stable_path
from checker.report.lines import Line, Piece, Style, clean, line, plain, table
from checker.report.reports import Detail, MutateReport
from checker.report.shapes.mutants import MutantShape, MutateShape, MutateSummaryShape
from checker.report.values import explained
from checker.report.views.counterexample import counterexample_lines, json_counterexample, size
from checker.report.views.diagnostics import json_diagnostic
from checker.verify.mutation.mutants import Mutant
from checker.verify.mutation.outcomes import Equal, Fate, JudgedMutant, Killed, Survived, Undecided
from checker.verify.mutation.words import Words

FATES = {Killed: "killed", Equal: "equal", Survived: "survives", Undecided: "undecided"}
"""The words for what becomes of mutants."""
_STYLES = {Killed: Style.GOOD, Equal: Style.GOOD, Survived: Style.BAD, Undecided: Style.UNSURE}

_LONGEST = 100
"""Characters of a change that are told in a line."""


def mutate_lines(report: MutateReport) -> list[Line]:
    """Draw what became of the mutants."""
    if not report.judged:
        return _unjudged(report) if report.wrong else _listed(report.mutants)
    lines: list[Line] = []
    for each in report.judged:
        told = isinstance(each.fate, Survived | Undecided) and not (each.reason and report.detail is Detail.QUIET)
        if told or report.detail is Detail.FULL:
            lines += _judged_lines(each)
    if report.detail is not Detail.QUIET:
        lines += _killers(report.judged)
    return [*lines, *_unjudged(report), mutate_summary(report)]


def _unjudged(report: MutateReport) -> list[Line]:
    """Name the mutants that were not judged, since the run ended before."""
    word = Piece(f"not judged [{VerdictCode.NOT_REACHED}]", Style.UNSURE)
    return [line(Piece(clean(each.name), Style.STRONG), f" ({clean(each.place)}): ", word) for each in report.unjudged]


def _listed(mutants: Sequence[Mutant]) -> list[Line]:
    rows = [(clean(each.name), clean(each.place), change_text(each)) for each in mutants]
    return [line(each) for each in table(("mutant", "place", "change"), rows)]


def change_text(mutant: Mutant) -> str:
    """Say what a mutant has in the place of what."""
    return f"{_short(mutant.change.before)} -> {_short(mutant.change.after)}"


def _short(words: Words) -> str:
    text = clean(explained(words))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _judged_lines(judged: JudgedMutant) -> Iterator[Line]:
    mutant, fate = judged.mutant, judged.fate
    word = Piece(FATES[type(fate)], Style.UNSURE if judged.reason else _STYLES[type(fate)])
    yield line(Piece(clean(mutant.name), Style.STRONG), f" ({clean(mutant.place)}): ", word)
    yield line(f"      {change_text(mutant)}")
    yield line(f"      {clean(fate_text(fate))}")
    if judged.reason:
        yield line(f"      reason: {clean(judged.reason)}")
    if isinstance(fate, Survived):
        shown = fate.difference
        for each in counterexample_lines(shown.scenario, shown.check, shown.values, shown.seen):
            yield Line((Piece(" " * 6), *each.pieces))


def fate_text(fate: Fate) -> str:
    """Say what an outcome rests on."""
    match fate:
        case Killed(scenario=scenario, check=check, verdict=verdict, map=found):
            where = "" if found is None else f" on a map of {size(found)}"
            return f"{scenario}: {check} is {verdict}{where}"
        case Equal(ordered=ordered):
            return f"every layout is alike{'' if ordered else ', but for the order of what is exported'}"
        case Survived():
            return "every check says what it says of the algorithm"
        case Undecided(why=why):
            return why
        case _:
            assert_never(fate)


def _killers(judged: Sequence[JudgedMutant]) -> list[Line]:
    """List the checks that killed, those that killed most first."""
    kills = Counter((each.fate.scenario, each.fate.check) for each in judged if isinstance(each.fate, Killed))
    rows = [(str(count), clean(f"{scenario}: {check}")) for (scenario, check), count in kills.most_common()]
    return [line(each) for each in table(("kills", "check"), rows, frozenset({0}))] if rows else []


def mutate_summary(report: MutateReport) -> Line:
    """Say in a line what became of the mutants."""
    tally = _tally(report.judged)
    unordered = sum(isinstance(each.fate, Equal) and not each.fate.ordered for each in report.judged)
    parts = [f"{tally[kind]} {word}" for kind, word in FATES.items() if tally[kind]]
    if unordered:
        parts.append(f"{unordered} of the equal ones but for the order of what is exported")
    reasons = sum(bool(each.reason) and isinstance(each.fate, Survived) for each in report.judged)
    if reasons:
        parts.append(f"{reasons} of those that survive with a reason")
    count = len(report.judged)
    text = f"{clean(report.name)}: {count} mutant{'' if count == 1 else 's'}: {', '.join(parts)}"
    return line(f"{text} ({report.seconds:.2f} s, {report.versions.tool}, {report.versions.solver})")


def _tally(judged: Sequence[JudgedMutant]) -> Counter[type[Fate]]:
    return Counter(type(each.fate) for each in judged)


def unjudged_case(program: str, mutant: Mutant) -> Case:
    """Return the case of a mutant that was not judged, since the run ended before."""
    code, said = VerdictCode.NOT_REACHED, f"{mutant.name} is not judged: {change_text(mutant)}"
    return Case(
        group=program,
        name=mutant.name,
        status=ExitStatus.UNDECIDED,
        severity=severity_of(ExitStatus.UNDECIDED),
        code=code,
        message=clean(said),
        file=mutant.change.span.source.name,
        span=mutant.change.span,
        facts=(("verdict", "not judged"),),
        fingerprint=fingerprint(code, stable_path(program), mutant.name),
    )


def mutant_case(program: str, judged: JudgedMutant) -> Case:
    """Return the case of a mutant: it fails where it survives without a reason, or is not decided."""
    mutant, fate = judged.mutant, judged.fate
    codes = {ExitStatus.NOT_AS_EXPECTED: VerdictCode.SURVIVES, ExitStatus.UNDECIDED: VerdictCode.UNKNOWN}
    code = codes.get(judged.status)
    text = ""
    if isinstance(fate, Survived) and code is not None:
        shown = fate.difference
        text = plain(counterexample_lines(shown.scenario, shown.check, shown.values, shown.seen))
    told = FATES[type(fate)] if isinstance(fate, Survived) else f"is {FATES[type(fate)]}"
    facts = [("verdict", FATES[type(fate)]), ("reason", clean(judged.reason)), ("effort", str(judged.effort))]
    return Case(
        group=f"{program}: {mutant.original.name}",
        name=mutant.name,
        status=judged.status,
        severity=severity_of(judged.status),
        code=code,
        message=clean(f"{mutant.name} {told}: {change_text(mutant)}: {fate_text(fate)}"),
        file=mutant.change.span.source.name,
        span=mutant.change.span,
        text=text,
        facts=tuple(fact for fact in facts if fact[1]),
        seconds=judged.seconds,
        fingerprint="" if code is None else fingerprint(code, stable_path(program), mutant.name),
    )


def json_mutate(report: MutateReport) -> MutateShape:
    """Put what became of the mutants into its shape."""
    judged = {each.mutant.name: each for each in report.judged}
    tally = _tally(report.judged)
    return MutateShape(
        file=report.name,
        mutants=[_json_mutant(each, judged.get(each.name)) for each in report.mutants],
        diagnostics=[json_diagnostic(each) for each in report.diagnostics],
        summary=MutateSummaryShape(
            mutants=len(report.mutants),
            killed=tally[Killed],
            equal=tally[Equal],
            survives=tally[Survived],
            undecided=tally[Undecided],
            with_reason=sum(bool(each.reason) for each in report.judged),
        ),
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
        solver=report.versions.solver,
    )


def _json_mutant(mutant: Mutant, judged: JudgedMutant | None) -> MutantShape:
    fate = None if judged is None else judged.fate
    killed = fate if isinstance(fate, Killed) else None
    shown = fate.difference if isinstance(fate, Survived) else None
    return MutantShape(
        name=mutant.name,
        file=mutant.change.span.source.name,
        line=mutant.change.span.line,
        kind=mutant.change.kind.value,
        before=explained(mutant.change.before),
        after=explained(mutant.change.after),
        outcome=None if fate is None else FATES[type(fate)],
        why="" if fate is None else fate_text(fate),
        reason="" if judged is None else judged.reason,
        scenario=None if killed is None else killed.scenario,
        property=None if killed is None else killed.check,
        verdict=None if killed is None else killed.verdict.value,
        regions=None if killed is None or killed.map is None else len(next(iter(killed.map.maps.values()))),
        searched=None if killed is None else killed.searched,
        in_order=fate.ordered if isinstance(fate, Equal) else None,
        difference=None if shown is None else json_counterexample(shown.scenario, shown.values, shown.seen),
        effort=0 if judged is None else judged.effort,
        seconds=0.0 if judged is None else round(judged.seconds, 3),
    )
