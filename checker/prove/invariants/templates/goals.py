"""The goals themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from checker.prove.invariants.templates.subject import Subject
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system import inputs
from checker.prove.terms.encode import (
    disj,
    neg,
)
from checker.prove.terms.numbers import Term


def goals(about: Subject) -> Iterator[Term]:
    """Each goal, said of the witnesses: always or once they had their turns."""
    view = about.loop.view
    for goal in about.goals:
        if not all(set(goal.lists) <= columns.keys() for columns in view.witnesses):
            continue
        for order in permutations(range(len(view.witnesses)), goal.arity):
            regions = witness_regions(goal, [view.witnesses[i] for i in order])
            body = inputs.instance(goal, regions, about.given.scalars)
            yield body
            yield disj(*(neg(view.seen[i]) for i in order), body)
