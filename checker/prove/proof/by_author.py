"""The author of a variable, and what to show of it: `checker.prove.system.loops.authors` says why that is enough.

That two values are equal may take the authors of two variables: the maximum of the one run is some region's, which the
other run looked at, and the other way round. So it is shown in two halves, each by the author of one of them: that the
one value is at most the other, and that this is at most the one. *Sound*, because together they say what the equation
says, of exact integers, and each is shown of every execution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker import program as p
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system import inputs
from checker.prove.system.loops.authors import Way, askable, equation
from checker.prove.system.state import RunVariable
from checker.prove.system.system import System
from checker.prove.terms.encode import Environment, conj, disj, encode, neg
from checker.prove.terms.numbers import Term


def parts_by(way: Way, formula: p.Formula, scenario: p.Scenario) -> Iterator[tuple[p.Formula, RunVariable | None]]:
    """Return the parts in which a formula is shown, each with the variable whose author is asked for; with None where
    none is. They are the formula itself or, where there are two variables, the halves of an equation."""
    asked = askable(scenario, formula) if isinstance(formula, p.ForAll | p.Plain) else ()
    equal = equation(formula)
    if equal is None or len(way) < 2:
        yield formula, next((author for author in way[:1] if author in asked), None)
        return
    for author, left, right in zip(way, (equal.left, equal.right), (equal.right, equal.left), strict=True):
        half = p.Plain(replace(equal, rel=p.Rel.LE, left=left, right=right), formula.span)
        yield half, author if author in asked else None


def by_author(formula: p.ForAll | p.Plain, other: bool, system: System) -> Term:
    """Return what the formula says where an ``other`` region than it is about is the author of a variable, or where it
    is that one, or none is: both together are all that it says. Raises `OutOfReachError`."""
    authors, scalars = system.authors, {**system.given.scalars, **system.ended}
    assert authors is not None  # the run of each such variable is one of the system's
    if isinstance(formula, p.Plain):
        said = encode(formula.condition, Environment(scalars, exact=True))
        return disj(neg(authors.each[0] if other else authors.unset), said)
    columns = [{name: regions[index] for name, regions in system.layouts.items()} for index in range(system.count)]
    of_each = [inputs.instance(formula, witness_regions(formula, [each]), scalars) for each in columns]
    if not other:
        return disj(neg(disj(authors.unset, authors.each[0])), of_each[0])
    return conj(*(disj(neg(author), said) for author, said in zip(reversed(authors.each), of_each, strict=True)))
