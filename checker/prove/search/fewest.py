"""The least total of a map that breaks a check: how little it takes.

*Nothing rests on it*: what is found here says where a bound is to be looked for. That a map of so much breaks the
check, and that none of less does, are claims to be decided as any other.

*Where it is looked for*: on maps of so many regions, unrolled. The total is that of the last `total(...)` that the
check assumes, so that it counts the regions, and the amounts, that the bound will be about.
"""

from __future__ import annotations

from functools import reduce

from checker import program as p
from checker.base.values import frozen
from checker.prove.results import Limits
from checker.prove.search.shapes import shapes
from checker.prove.search.shrink import least
from checker.prove.search.unroll import Unrolled, number
from checker.prove.system import inputs
from checker.prove.terms import numbers as n
from checker.prove.terms.numbers import Num, OutOfReachError
from checker.prove.terms.solver import Answer, Solver


@frozen
class Fewest:
    """The least total of a map of some length that breaks a check; None where no such map does. ``unsure`` says why it
    may take less, if it may."""

    total: int | None
    unsure: str = ""


def fewest(scenario: p.Scenario, check: p.Check, regions: int, step: int, limits: Limits) -> Fewest:
    """Return the least total of a map of so many regions that breaks a check, in multiples of ``step``."""
    try:
        return _fewest(scenario, check, regions, step, limits)
    except OutOfReachError as reason:
        return Fewest(None, f"the encoding has no form for {reason.what}")


def _fewest(scenario: p.Scenario, check: p.Check, regions: int, step: int, limits: Limits) -> Fewest:
    given = inputs.inputs(scenario, check.assumptions)
    total = [each.formula for each in check.assumptions if isinstance(each.formula, p.TotalAtMost)][-1]
    effort = limits.allowance()
    found, sure = None, True
    for shape in shapes(scenario, regions):
        unrolled = Unrolled(given, shape)
        solver = Solver(effort, unrolled.constraints)
        solver.add(unrolled.broken(check.goal))
        amounts = [inputs.amount(total, each, given) for each in unrolled.lists[total.regions.name]]
        whole: Num = reduce(n.add, amounts, n.const(0))
        if found is not None:
            solver.add(n.compare(p.Rel.LE, whole, n.const(found - step)))
        answer = solver.check()
        sure = sure and answer is not Answer.UNKNOWN
        if answer is Answer.SAT:
            found, exact = least(whole, solver, number(solver.model(), whole), step)
            sure = sure and exact
    return Fewest(found, "" if sure else "the search for the smallest sizes ran out of effort")
