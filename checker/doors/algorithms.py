"""Algorithms against each other, and their budgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checker.doors.verdicts import MEMORY

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.verify.budget.decide import Budget
    from checker.verify.equivalence import AlgorithmDiff


def diff(
    first: str,
    second: str,
    *,
    assuming: Iterable[str] | None = None,
    placement: bool = False,
    timeout: float | None = None,
    memory: int = MEMORY,
    bound: int | None = None,
    effort: int | None = None,
) -> AlgorithmDiff | Diagnostic:
    """Prove that two algorithms, named as for `mapproof diff`, lay every map out alike, or find the smallest map on
    which they do not.

    ``assuming`` are formulas about the map, which is called ``map``; None is that it is well formed.

    >>> diff("linux-x86-forward", "linux-x86-reversed").alike
    False
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import find_algorithm
    from checker.prove import Limits
    from checker.verify.equivalence import decide_claims, equivalence
    from checker.verify.results import CheckResult
    from checker.verify.run import Options
    from checker.verify.run import verify as decide

    one, other = find_algorithm(first), find_algorithm(second)
    if isinstance(one, Diagnostic) or isinstance(other, Diagnostic):
        return one if isinstance(one, Diagnostic) else other  # type: ignore[return-value]
    claimed = equivalence(one, other, None if assuming is None else list(assuming), placement=placement)
    if isinstance(claimed, Diagnostic):
        return claimed
    options = Options(1, timeout, memory << 20, Limits.chosen(bound=bound, effort=effort))
    return decide_claims(
        claimed, lambda tasks: [each for each in decide(tasks, options) if isinstance(each, CheckResult)]
    )


def budget(
    algorithm: str,
    *,
    properties: Iterable[str] = (),
    where: str | None = None,
    timeout: float | None = None,
    memory: int = MEMORY,
    effort: int | None = None,
) -> Budget | Diagnostic:
    """Find how much a map may hold so that an algorithm, named as for `mapproof budget`, places everything; decide
    both sides of the bound.

    >>> budget("efi-stub-flat").answer.value
    'unneeded'
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import find_algorithm
    from checker.prove import Limits
    from checker.verify.budget.decide import decide_budgets
    from checker.verify.budget.question import question
    from checker.verify.executors.executor import Tick
    from checker.verify.run import Options

    chosen = find_algorithm(algorithm)
    asked = chosen if isinstance(chosen, Diagnostic) else question(chosen, tuple(properties), where)
    if isinstance(asked, Diagnostic):
        return asked
    options = Options(1, timeout, memory << 20, Limits.chosen(effort=effort))
    return next(each[1] for each in decide_budgets((asked,), options) if not isinstance(each, Tick))
