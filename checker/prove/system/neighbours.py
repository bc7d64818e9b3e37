"""Assumptions about neighbours, used of any two regions of a map.

Let it be assumed of each two neighbours among the regions of a map that a condition selects: P of them, in their order.
If P is transitive for regions that are so selected and keep all that is assumed of single regions, it holds of any two
of them in their order: of the first and the second, which are neighbours; and if it holds of the first and some other,
then of the first and the neighbour that follows that other, by transitivity. Lists are finite, so that every region is
reached. That P is transitive is a statement about three regions, which Z3 decides, and which becomes part of each
proof: another solver and `recheck` are asked it too.

An assumption about neighbours says nothing of the anonymous region and a witness by itself: these two may not be
neighbours. Of two witnesses that are neighbours among the very same regions it is assumed word for word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker import program as p
from checker.prove.system import inputs
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Region, conj
from checker.prove.terms.numbers import OutOfReachError, Term
from checker.prove.terms.solver import Answer, implied


def transitive(given: inputs.Inputs, effort: Effort) -> inputs.Inputs:
    """The inputs with all that follows, of any two regions of a map, from what is assumed of neighbours."""
    found = []
    for formula in _of_neighbours(given):
        try:
            premises, conclusion = transitivity(formula, given)
        except OutOfReachError:
            continue
        if implied(effort, premises, conclusion) is Answer.UNSAT:
            found.append(formula)
    return replace(given, transitive=tuple(found))


def transitivity(formula: p.ForAll, given: inputs.Inputs) -> tuple[tuple[Term, ...], Term]:
    """That what an assumption says of neighbours is transitive: what has to imply what. Raises `OutOfReachError`."""
    name = formula.regions.name
    facts: list[Term] = [*given.facts]
    regions = []
    for number in range(3):
        row, known = inputs.row(f"step{number}", given)
        regions.append(row.of(name))
        facts += [*known, inputs.member(formula.regions, regions[-1], given.scalars)]
    first, second, third = regions
    facts += [inputs.instance(formula, each, given.scalars) for each in ((first, second), (second, third))]
    return tuple(facts), inputs.instance(formula, (first, third), given.scalars)


def assumed_of(regions: p.Regions, pair: tuple[Region, Region], given: inputs.Inputs) -> Iterator[Term]:
    """Return what is assumed of two neighbours among the regions that are given, in their order.

    The pair are regions as variables, of which nothing is known yet: a condition that makes the same term of these
    makes the same of all regions.
    """
    for formula in _of_neighbours(given):
        if formula.regions.name != regions.name:
            continue
        both = [[inputs.member(each, region, given.scalars) for region in pair] for each in (regions, formula.regions)]
        if conj(*both[0]).eq(conj(*both[1])):
            yield inputs.instance(formula, pair, given.scalars)


def _of_neighbours(given: inputs.Inputs) -> Iterator[p.ForAll]:
    """The assumptions about neighbours in one of the given maps."""
    maps = {each.name for each in given.scenario.maps}
    for conjunct in given.assumptions:
        formula = conjunct.formula
        if isinstance(formula, p.ForAll) and formula.relation is p.Relation.NEXT and set(formula.lists) <= maps:
            yield formula
