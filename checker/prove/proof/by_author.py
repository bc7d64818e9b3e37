"""The author of a variable, and what to show of it: `checker.prove.system.loops.authors` says why that is enough."""

from __future__ import annotations

from checker import program as p
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system import inputs
from checker.prove.system.system import System
from checker.prove.terms.encode import Environment, conj, disj, encode, neg
from checker.prove.terms.numbers import Term


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
