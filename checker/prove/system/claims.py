"""Claims about a region after any number of hand-overs in a chain: mostly, that it is as the first kernel left it, and
that what each kernel asks about it has the same answer; and what the scenario's checks say of it.

A claim may be wrong: `checker.prove.system.chains` keeps only those that hold after the first hand-over and that one
more keeps. So nothing here bears on soundness, only on what can be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from operator import itemgetter

from checker import program as p
from checker.prove.invariants.of_runs import questions
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.receive import receive
from checker.prove.terms.encode import Environment, Region, Value, conj, disj, encode, equal, neg
from checker.prove.terms.numbers import Term

Witnesses = list[dict[str, Value]]
"""The witnesses as they are in a map or layout."""

ChainCandidate = Callable[[Witnesses], Term]
"""Something to say of the witnesses in a layout."""


def candidates(run: p.Run, before: Witnesses, index: int, given: inputs.Inputs) -> Iterator[ChainCandidate]:
    """The claims about one witness in the layout of a chained ``run``, whose hand-overs begin with ``before``."""
    assert run.handover is not None
    arrives = receive(run.handover, before[index], given)[PRESENT]
    answers = [_answer(region, question, given) for _, region, question in questions(run)]
    was_so = [answer(before[index]) for answer in answers]
    yield lambda made: made[index][PRESENT]
    yield lambda made: disj(neg(made[index][PRESENT]), arrives)
    yield from (_there_where(condition, index) for condition in _conditions(arrives, before[index], was_so))
    for name, _ in given.record.fields:
        yield from _about(itemgetter(name), False, before[index], index, was_so)
    for mark in p.MARKS:
        yield from _about(itemgetter(mark), True, before[index], index, was_so)
    for answer in answers:
        yield from _about(answer, True, before[index], index, ())


def of_checks(
    run: p.Run, layouts: Mapping[str, Witnesses], direction: int, given: inputs.Inputs
) -> Iterator[ChainCandidate]:
    """The statements of the scenario's checks about the layout of a chained ``run``, whichever is asked for; of all
    witnesses that there are, in the order that the layout has."""
    count = len(layouts[run.source])
    for formula in dict.fromkeys(
        each for check in given.scenario.checks for each in check.quantified if not p.ended(each)
    ):
        others = {name for name in formula.lists if name != run.name}
        if run.name not in formula.lists or formula.beside or formula.indices or not others <= layouts.keys():
            continue
        for order in permutations(range(count), formula.arity):
            if formula.arity < 2 or _in_order(formula.relation, order, direction):
                yield _said(formula, order, run.name, layouts, given)


def _in_order(relation: p.Relation, order: tuple[int, ...], direction: int) -> bool:
    """Tell whether a formula speaks of two witnesses in this order. Neighbours may have others between them later."""
    return relation is p.Relation.ANY or (relation is p.Relation.BEFORE and (order[1] - order[0]) * direction > 0)


def _said(
    formula: p.ForAll, order: tuple[int, ...], name: str, layouts: Mapping[str, Witnesses], given: inputs.Inputs
) -> ChainCandidate:
    def claim(made: Witnesses) -> Term:
        columns = [{**{other: known[i] for other, known in layouts.items()}, name: made[i]} for i in order]
        return inputs.instance(formula, witness_regions(formula, columns), given.scalars)

    return claim


def _answer(region: str, question: p.Expr, given: inputs.Inputs) -> Callable[[Region], Value]:
    return lambda fields: encode(question, Environment(given.scalars, {region: fields}))


def _conditions(arrives: Term, before: Region, was_so: Sequence[Term]) -> list[Term]:
    """The conditions under which a region may be there that was handed over once."""
    return [arrives, *(conj(arrives, before[p.PLACED], was) for was in was_so)]


def _there_where(condition: Term, index: int) -> ChainCandidate:
    return lambda made: disj(neg(condition), made[index][PRESENT])


def _about(
    value: Callable[[Region], Value], whether: bool, before: Region, index: int, was_so: Sequence[Term]
) -> Iterator[ChainCandidate]:
    """That something about a witness is as it was, or, of what is so or not (``whether``), that it is, or is not; in
    general, where the region is there, where besides it is placed or was before, and where besides one of ``was_so``
    was the case before."""

    def where(claim: ChainCandidate, *guards: Term, placed: bool = False) -> ChainCandidate:
        def guarded(made: Witnesses) -> Term:
            region = made[index]
            placements = [region[p.PLACED]] if placed else []
            return disj(*map(neg, (region[PRESENT], *placements, *guards)), claim(made))

        return guarded

    candidates: list[ChainCandidate] = [lambda made: equal(value(made[index]), value(before))]
    if whether:
        candidates += [lambda made: value(made[index]), lambda made: neg(value(made[index]))]
    for claim in candidates:
        yield from (claim, where(claim), where(claim, before[p.PLACED]), where(claim, placed=True))
        yield from (where(claim, before[p.PLACED], was) for was in was_so)
