"""Counterexamples that come from elsewhere: no larger than one that the search would show.

That a map breaks a property, the interpreter sees. That it is one worth showing is a claim of its own, and nothing can
be brought along for it: it is asked again here. What takes a search most, to find a map and to halve its size again and
again, is saved.

*As the search finds it*: shorter maps are asked for in its own order and words, so that what it would have shown in
their place is noticed; of maps of this length, the total is least as far as the search tells totals apart; and no
value can be made simpler in its own way. Among several such maps one brought along is as good as another. Of a map with
more regions than are searched for (`checker.prove.search.long_maps`) nobody says that it is the least: shorter ones are
asked for as far as that is cheap.
"""

from __future__ import annotations

from functools import reduce

from checker import program as p
from checker.program.types import Integer, Quantity
from checker.program.valuation import Valuation
from checker.prove.rounds import LENGTH
from checker.prove.search.shapes import Shape, has_few, shapes
from checker.prove.search.shrink import Accept, simplify, within_precision
from checker.prove.search.unroll import Unrolled
from checker.prove.system.inputs import Inputs
from checker.prove.terms import numbers as n
from checker.prove.terms.effort import Effort
from checker.prove.terms.solver import Answer, Solver

_CHEAP = 300_000
"""The most that a question for a nicer map of the same length may cost. Where it is harder, what was brought along is
taken for the nicest: of a map that breaks a property no claim but this one is at stake."""


def larger_than_needed(
    found: Valuation, check: p.Check, given: Inputs, accept: Accept, effort: Effort, bound: int
) -> str | None:
    """Tell why a counterexample of ``check`` is not one that the search would show, within ``bound`` regions; None if
    it may be."""
    scenario = given.scenario
    rows = max(len(column) for column in found.maps.values())
    own = _shape(found, rows)
    if own.size > bound:
        return _breaks_earlier(check, given, effort, bound)
    for shape in (shape for length in range(own.size + 1) for shape in shapes(scenario, length)):
        unrolled = Unrolled(given, shape)
        solver = Solver(effort, unrolled.constraints, patience=_CHEAP)
        solver.add(unrolled.broken(check.goal))
        if shape == own:
            return _not_simple(found, unrolled, solver, accept)
        if solver.check() is not Answer.UNSAT:
            return "a shorter or plainer map may break it"
    return "the search looks at no map of this shape"


def _breaks_earlier(check: p.Check, given: Inputs, effort: Effort, bound: int) -> str | None:
    """Tell why a counterexample is longer than it need be that has more regions than are searched for: as far as that
    costs little, since no more is claimed of it than that shorter ones were searched."""
    for length in range(bound + 1):
        if length > LENGTH and not has_few(given.scenario, length):
            break
        for shape in shapes(given.scenario, length):
            unrolled = Unrolled(given, shape)
            solver = Solver(effort, unrolled.constraints)
            solver.add(unrolled.broken(check.goal))
            if solver.check(at_most=_CHEAP) is Answer.SAT:
                return "a shorter map breaks it"
    return None


def _shape(found: Valuation, rows: int) -> Shape:
    beside = tuple((name, len(entries)) for name, entries in found.beside.items())
    return Shape(rows, tuple(found.orders.items()), tuple(found.generations.items()), beside)


def _not_simple(found: Valuation, unrolled: Unrolled, solver: Solver, accept: Accept) -> str | None:
    """Tell what is larger in a counterexample than it need be; ``solver`` has all that breaks the goal on its shape."""
    scenario = unrolled.given.scenario
    if any(None in column for column in found.maps.values()):
        solver.push()
        solver.add(unrolled.everything_present())
        if solver.check(at_most=_CHEAP) is Answer.SAT:
            return "a map breaks it that differs in fields only"
        solver.pop()
    else:
        solver.add(unrolled.everything_present())
    for name, kind in scenario.maps[0].record.inputs:
        if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES:
            total = sum(region[name] for column in found.maps.values() for region in column if region is not None)
            fewer = within_precision(total) - 1
            solver.push()
            solver.add(n.compare(p.Rel.LE, reduce(n.add, unrolled.amounts(name), n.const(0)), n.const(fewer)))
            answer = solver.check(at_most=_CHEAP) if fewer >= 0 else Answer.UNSAT
            solver.pop()
            if answer is Answer.SAT:
                return f"a map with fewer {name} breaks it"
    return None if simplify(found, scenario, accept) == found else "a map with simpler values breaks it"
