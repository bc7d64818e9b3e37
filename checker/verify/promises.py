"""Promises that a change of an algorithm breaks: what was proved of it before, and is refuted of it after.

Both programs have the same scenarios, each with another algorithm in the place of the model's own
(`checker.verify.replaced`). Nothing new is claimed: a promise is told to be broken where the program after refutes it,
by a map that the interpreter has run, and the program before proves it. One that neither decides is told as open, never
as kept: what holds is only what is proved of the program after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from checker import program as p
from checker.base.values import frozen
from checker.library import Program
from checker.prove import Verdict
from checker.verify.plan import Task, plan
from checker.verify.results import CheckResult


@frozen
class Promises:
    """The checks of some models after a change: those that it breaks, with the smallest maps on which they are, those
    of which that is open, and how many hold. What does not hold before either is no promise."""

    models: tuple[str, ...]
    broken: tuple[CheckResult, ...]
    open: tuple[CheckResult, ...]
    kept: int


def promises(
    pairs: Sequence[tuple[Program, Program]], decide: Callable[[Sequence[Task]], Sequence[CheckResult]]
) -> Promises:
    """Decide the checks of programs as they are after a change, and of those that do not hold whether they did before;
    ``pairs`` are the programs before and after."""
    after = decide(plan([new for _, new in pairs]))
    missing = [each for each in after if each.result.verdict is not Verdict.PROVED]
    asked = {each.order for each in missing}
    held = {each.order: each.result.verdict for each in decide(_only(plan([old for old, _ in pairs]), asked))}
    broken, undecided = [], []
    for each in missing:
        before = held.get(each.order, Verdict.UNKNOWN)
        if before is Verdict.PROVED and each.result.verdict is Verdict.REFUTED:
            broken.append(_as_promised(each))
        elif before is Verdict.PROVED or (each.result.verdict is Verdict.REFUTED and before is not Verdict.REFUTED):
            undecided.append(_as_promised(each))
    kept = len(after) - len(missing)
    return Promises(tuple(new.name for _, new in pairs), tuple(broken), tuple(undecided), kept)


def _only(tasks: Sequence[Task], asked: set[tuple[str, int, int]]) -> tuple[Task, ...]:
    """Return tasks of which only those checks are left that are asked for, by their places in a report."""
    made = []
    for task in tasks:
        left = tuple(each for each in task.positions if (task.program.name, task.scenario, each) in asked)
        if left:
            made.append(replace(task, positions=left))
    return tuple(made)


def _as_promised(found: CheckResult) -> CheckResult:
    """Return a result as one of a check that is to hold, whatever the model says of its own algorithm."""
    check = replace(found.result.check, expected=p.Expected.PROVED)
    return replace(found, result=replace(found.result, check=check))
