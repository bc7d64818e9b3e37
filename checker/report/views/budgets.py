"""Budgets: the bound that is enough, the one that is not, and what that is for few regions."""

from __future__ import annotations

from collections.abc import Iterator

from checker.prove import Verdict
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.reports import BudgetReport, Detail
from checker.report.shapes.budgets import BudgetShape, BudgetsShape, RoomShape
from checker.report.values import about, size
from checker.report.views.counterexample import size as regions
from checker.report.views.diagnostics import json_diagnostic
from checker.report.views.verdicts import finding_lines, json_result
from checker.verify.budget.decide import Budget, BudgetKind
from checker.verify.budget.frontier import COUNTS

_STYLES = {
    BudgetKind.EXACT: Style.GOOD,
    BudgetKind.UNNEEDED: Style.GOOD,
    BudgetKind.NONE: Style.BAD,
    BudgetKind.GAP: Style.UNSURE,
    BudgetKind.UNDECIDED: Style.UNSURE,
}


def budget_lines(report: BudgetReport) -> list[Line]:
    """Draw budgets."""
    lines = [each for budget in report.budgets for each in _lines(budget, report.detail)]
    return [*lines, _summary(report)] if report.budgets else lines


def _lines(budget: Budget, detail: Detail) -> Iterator[Line]:
    name = Piece(clean(budget.question.chosen.name), Style.STRONG)
    yield line(name, ": ", Piece(_answer(budget), _STYLES[budget.answer]))
    if detail is Detail.QUIET:
        return
    yield from _indented(_sides(budget))
    if detail is Detail.FULL or budget.answer is BudgetKind.NONE:
        yield from _indented(finding_lines(budget.results, Detail.FULL if detail is Detail.FULL else Detail.USUAL))
    if detail is Detail.FULL:
        yield from _indented([line(clean(each)) for each in budget.text.splitlines()])
    yield line()


def _answer(budget: Budget) -> str:
    """Say in a few words what the budget is."""
    match budget.answer:
        case BudgetKind.EXACT:
            return "an exact budget"
        case BudgetKind.GAP:
            return "a budget, not known to be exact"
        case BudgetKind.UNNEEDED:
            return "no budget is needed: it holds on every map that is given"
        case BudgetKind.NONE:
            return "no budget is enough: it fails on the smallest map"
        case _:
            return f"undecided: {clean(budget.why)}"


def _sides(budget: Budget) -> Iterator[Line]:
    """Say what is claimed, and both sides of the bound."""
    question, reach = budget.question, budget.frontier
    yield from (line(clean(each)) for each in question.givens)
    yield line(f"claim: {clean(question.claim)}")
    if budget.answer is BudgetKind.NONE and not question.where:
        yield line("all regions count: --where says which do, such as 'r.runtime'")
    if reach is None or budget.proved is None or budget.refuted is None:
        return
    yield line(Piece("proved   ", Style.GOOD), f"if {clean(question.total(reach.slack, budget.proved))}")
    broken = next((each.result for each in budget.results if each.result.verdict is Verdict.REFUTED), None)
    shown = "" if broken is None or broken.counterexample is None else f", by {regions(broken.counterexample)}"
    yield line(Piece("refuted  ", Style.BAD), f"if {clean(question.total(reach.slack, budget.refuted))}", shown)
    rows = []
    for count in (*COUNTS, *(10**digit for digit in range(1, 4))):
        fits = budget.room(count)
        if fits is not None and fits >= count * reach.step:
            rows.append((str(count), str(fits // reach.step), about(fits)))
    header = ("regions", f"of {size(reach.step)} at most", "or")
    yield from (line(each) for each in (table(header, rows, frozenset({0, 1, 2})) if rows else ()))


def _summary(report: BudgetReport) -> Line:
    found = [each.answer for each in report.budgets]
    told = ", ".join(f"{found.count(answer)} {answer.value}" for answer in BudgetKind if answer in found)
    count = f"{len(found)} budget{'' if len(found) == 1 else 's'}"
    return line(f"{count}: {told} ({report.seconds:.2f} s, {report.versions.tool}, {report.versions.solver})")


def _indented(lines: Iterator[Line] | list[Line]) -> Iterator[Line]:
    return (Line((Piece("  "), *each.pieces)) if each.pieces else each for each in lines)


def json_budgets(report: BudgetReport) -> BudgetsShape:
    """Put budgets into their shape."""
    return BudgetsShape(
        budgets=[_json_budget(each, report) for each in report.budgets],
        diagnostics=[json_diagnostic(each) for each in report.diagnostics],
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
        solver=report.versions.solver,
    )


def _json_budget(budget: Budget, report: BudgetReport) -> BudgetShape:
    question, reach = budget.question, budget.frontier
    bounded = reach is not None and budget.refuted is not None
    fits = [(count, budget.room(count)) for count in COUNTS]
    return BudgetShape(
        algorithm=question.chosen.name,
        answer=budget.answer.value,
        given=list(question.givens),
        run=question.call,
        where=question.where,
        claim=question.claim,
        slack=reach.slack if reach is not None and bounded else None,
        proved=budget.proved,
        refuted=budget.refuted,
        step=None if reach is None else reach.step,
        room=[RoomShape(regions=count, bytes=most) for count, most in fits if most is not None],
        scenario=budget.text,
        results=[json_result(each, report.versions) for each in budget.results],
        why=budget.why,
        seconds=round(budget.seconds, 3),
    )
