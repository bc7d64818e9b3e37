"""The budgets of algorithms, decided: each in a process of its own.

What concrete maps suggest is stated as a scenario, and decided as any: by the same engine, with the same attack on what
is proved and the same replay of what is refuted. Only these verdicts make a `BudgetKind`.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import assert_never

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.base.values import frozen
from checker.library import Program
from checker.program.walk import expressions
from checker.prove import Fewest, Verdict, fewest, load_solver
from checker.verify import replay
from checker.verify.budget.frontier import Frontier, frontier
from checker.verify.budget.question import BudgetQuestion
from checker.verify.executors.executor import Ended, Produced, Started, Tick
from checker.verify.executors.local import LOCAL
from checker.verify.plan import Task
from checker.verify.results import CheckResult
from checker.verify.run import Options, attack, prove


class BudgetKind(StrEnum):
    """The kinds of budgets."""

    EXACT = "exact"
    """The bound is enough, which is proved, and one step more is refuted."""
    GAP = "gap"
    """A bound is proved to be enough, and one is refuted, but there is more than a step between the two."""
    UNNEEDED = "unneeded"
    """The claim is proved of every map, whatever it holds."""
    NONE = "none"
    """No bound on sizes and counts is enough: the smallest map that there is of so many regions is refuted."""
    UNDECIDED = "undecided"


@frozen
class Budget:
    """The budget of an algorithm. ``frontier`` is what concrete maps tell, ``proved`` the bound that is proved to be
    enough (with the slack of the frontier), ``results`` the verdicts that say so, and ``text`` the scenario in which
    they are verdicts of checks. ``why`` says what is missing where it is undecided."""

    question: BudgetQuestion
    answer: BudgetKind
    frontier: Frontier | None = None
    proved: int | None = None
    results: tuple[CheckResult, ...] = ()
    text: str = ""
    why: str = ""
    seconds: float = 0.0

    @property
    def refuted(self) -> int | None:
        """The least bound, with the same slack, that is refuted."""
        if self.frontier is None or self.answer not in (BudgetKind.EXACT, BudgetKind.GAP):
            return None
        return self.frontier.bound + self.frontier.step

    def room(self, count: int) -> int | None:
        """The bytes that so many regions may have together."""
        if self.frontier is None or self.proved is None:
            return None
        return max(0, self.proved - count * self.frontier.slack)

    @property
    def status(self) -> ExitStatus:
        """Success, if it is known what there is to know."""
        if any(each.result.verdict is Verdict.ERROR for each in self.results):
            return ExitStatus.INTERNAL_ERROR
        decided = self.answer in (BudgetKind.EXACT, BudgetKind.UNNEEDED, BudgetKind.NONE)
        return ExitStatus.AS_EXPECTED if decided else ExitStatus.UNDECIDED


def decide_budgets(
    questions: Sequence[BudgetQuestion], options: Options
) -> Generator[tuple[int, Budget | Diagnostic] | Tick, None, None]:
    """Decide budgets, each in a process of its own: each with its number, as soon as it is decided."""
    load_solver()
    # An executor stays where it is.
    work = partial(_found, options=replace(options, executor=LOCAL))
    done = set[int]()
    for event in options.executor.run(work, questions, options.allowed):
        match event:
            case Produced(task=number, value=made):
                done.add(number)
                yield number, made
            case Ended(task=number, end=end, detail=detail):
                if number not in done:
                    why = f"{end.name.lower().replace('_', ' ')}{': ' if detail else ''}{detail}"
                    yield number, Budget(questions[number], BudgetKind.UNDECIDED, why=why)
            case Tick():
                yield event
            case Started():
                pass
            case _:
                assert_never(event)


def _found(question: BudgetQuestion, options: Options) -> Iterator[Budget | Diagnostic]:
    yield budget(question, options)


def budget(question: BudgetQuestion, options: Options) -> Budget | Diagnostic:
    """Return the budget of an algorithm, or what is wrong with what is asked."""
    began = time.monotonic()
    found = _Search(question, options).budget()
    return found if isinstance(found, Diagnostic) else replace(found, seconds=time.monotonic() - began)


@frozen
class _Search:
    question: BudgetQuestion
    options: Options

    def budget(self) -> Budget | Diagnostic:
        """Look at concrete maps, and decide what they suggest."""
        opened = self.question.program(self.question.unbounded())
        if isinstance(opened, Diagnostic):
            return opened
        (check,) = _stated(opened)
        scenario = opened.program.scenarios[0]
        step = _step(check)

        def least(count: int) -> Fewest:
            return fewest(scenario, check, count, step, self.options.limits)

        reach = frontier(least, step)
        if reach.endless and reach.unsure:
            return Budget(self.question, BudgetKind.UNDECIDED, reach, why=reach.unsure)
        if reach.endless:
            return self._claimed(BudgetKind.UNNEEDED, reach, ("", p.Expected.PROVED))
        if reach.beyond:
            return Budget(self.question, BudgetKind.UNDECIDED, reach, why="the bound is no number of 64 bits")
        if reach.smallest is not None:
            count = reach.smallest
            bounds = f"{self.question.count(count)}, {self.question.total(0, count * step)}"
            return self._claimed(BudgetKind.NONE, reach, (bounds, p.Expected.REFUTED))
        return self._both_sides(reach)

    def _claimed(self, answer: BudgetKind, reach: Frontier, *stated: tuple[str, str]) -> Budget | Diagnostic:
        """The answer, if every verdict is what it takes for it."""
        text = self.question.text(*stated)
        results = self._decided(text)
        if isinstance(results, Diagnostic):
            return results
        missing = [each.result for each in results if not each.result.as_expected]
        if missing:
            why = "; ".join(f"{each.check.label}: {each.verdict}, {each.detail}" for each in missing)
            return Budget(self.question, BudgetKind.UNDECIDED, reach, None, results, text, why)
        return Budget(self.question, answer, reach, None, results, text)

    def _both_sides(self, reach: Frontier) -> Budget | Diagnostic:
        """The bound that is enough, and that which is not: if the one that maps suggest is not proved, one from which
        the slack of a region is missing."""
        beyond = (self.question.total(reach.slack, reach.bound + reach.step), p.Expected.REFUTED)
        last: Budget | None = None
        less = reach.bound - max(reach.slack, reach.step)
        for answer, bound in ((BudgetKind.EXACT, reach.bound), (BudgetKind.GAP, less)):
            enough = (self.question.total(reach.slack, bound), p.Expected.PROVED)
            found = self._claimed(answer, reach, enough, beyond)
            if isinstance(found, Diagnostic):
                return found
            if found.answer is answer:
                return replace(found, proved=bound)
            last = last or found
        assert last is not None
        return last

    def _decided(self, text: str) -> tuple[CheckResult, ...] | Diagnostic:
        """The verdicts on a scenario's checks that are written there."""
        opened = self.question.program(text)
        if isinstance(opened, Diagnostic):
            return opened
        stated = opened.program.scenarios[0].checks
        tasks = [Task(opened, 0, (place,)) for place, check in enumerate(stated) if check.written]
        return tuple(self._check(task) for task in tasks)

    def _check(self, task: Task) -> CheckResult:
        ((result, attacked),) = attack(task, prove(task, self.options), self.options)
        found = result.counterexample
        seen = None if found is None else replay.see(task.subject, result.check, found)
        return CheckResult(task, 0, result, attacked=attacked, seen=seen)


def _stated(opened: Program) -> list[p.Check]:
    return [each for each in opened.program.scenarios[0].checks if each.written]


def _step(check: p.Check) -> int:
    """The bytes of which sizes are multiples: those by which what a region counts is multiplied."""
    totals = [each.formula for each in check.assumptions if isinstance(each.formula, p.TotalAtMost)]
    factors = (
        each.right.value
        for each in expressions(totals[-1].amount)
        if isinstance(each, p.Arith) and each.op is p.Op.MUL and isinstance(each.right, p.Const)
    )
    return next(factors, 1)
