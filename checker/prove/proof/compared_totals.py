"""Comparisons of totals, shown region by region.

That some totals, added up, are at most a number is shown in two steps. First: what any one region adds to them is at
most what it adds to some totals that are assumed to be bounded, each taken some number of times (the *allowance*).
Second: the bounds of the allowance come to no more than the number.

*Sound*, because the lists that a comparison is about have their regions among the rows of one table, each row at most
once in each list: there is a hand-over of a region, or there is none, and it is no two. A total is the sum, over all
rows, of what a row adds to it: its amount, if it is in the list and counts there, else 0. So what every row keeps their
sum keeps: the totals of the comparison are together at most those of the allowance, however many rows there are, none
included; and these are at most their bounds, by assumption. The first step is a claim about one region, so it is shown
of an arbitrary one, as every property of one region is (`checker.prove.system.system`). The second one is about no
region: it must hold on maps without any.

Of lists that were split the rows are pieces. The lists of one comparison are all split alike, or it is refused as it is
read (`checker.language.elaborate.claims.pieces`), so that their rows are the same pieces; only totals of such lists are
in the allowance.

The rule does not show all that is so: not what holds of some regions together only, such as that at most one is placed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from checker import program as p
from checker.base.values import frozen
from checker.program import fold
from checker.program.types import BOOL
from checker.program.walk import has_split, rewrite
from checker.prove.system import inputs
from checker.prove.system.inputs import Inputs
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Region
from checker.prove.terms.numbers import Num, Term


@frozen
class Allowed:
    """An assumed bound on a total, taken some number of times."""

    total: p.TotalAtMost
    times: int


def allowance(formula: p.TotalsAtMost, given: Inputs) -> tuple[Allowed, ...]:
    """The assumed bounds on totals that a comparison may use: of those that count the same kind of thing, the greatest
    first, as long as all of them together stay within its own bound, and all of these as often as they do. No region
    adds less than nothing to one of them, so that more of them never make a proof harder."""
    kind = formula.totals[0].amount.type
    split = _splits_behind(formula.lists[0], given.scenario)
    assumed = [conjunct.formula for conjunct in given.assumptions]
    usable = [
        each
        for each in assumed
        if isinstance(each, p.TotalAtMost)
        and not each.regions.beside
        and each.amount.type == kind
        and inputs.of_parts(each)
        and _splits_behind(each.regions.name, given.scenario) == split
    ]
    left, chosen = formula.bound, []
    for each in sorted(dict.fromkeys(usable), key=lambda total: -total.bound):
        if each.bound <= left:
            left -= each.bound
            chosen.append(each)
    together = sum(each.bound for each in chosen)
    return tuple(Allowed(each, 1 + (left // together if together else 0)) for each in chosen)


def of_any_region(formula: p.TotalsAtMost, region: Mapping[str, Region], given: Inputs) -> Term:
    """That what a region, given as each list has it, adds to the totals is at most what it adds to the allowance."""
    less, more = n.const(0), n.const(0)
    for each in formula.totals:
        amount = inputs.amount(each, region[each.regions.name], given)
        if _is_added(each):
            less = n.add(less, amount)
        else:
            more = n.add(more, amount)
    for allowed in allowance(formula, given):
        if allowed.total.regions.name in region:
            amount = inputs.amount(allowed.total, region[allowed.total.regions.name], given)
            more = n.add(more, n.multiply(amount, n.const(allowed.times)))
    return n.compare(p.Rel.LE, less, more)


def of_the_bounds(formula: p.TotalsAtMost, given: Inputs) -> Term:
    """That the bounds of the allowance come to no more than the comparison's own."""
    bounds = sum(each.times * each.total.bound for each in allowance(formula, given))
    return n.compare(p.Rel.LE, n.const(bounds), n.const(formula.bound))


def on_rows(formula: p.TotalsAtMost, lists: Mapping[str, Sequence[Region]], given: Inputs) -> Term:
    """That the comparison holds, of lists of given lengths."""
    sides: dict[bool, list[Num]] = {True: [], False: []}
    for each in formula.totals:
        sides[_is_added(each)] += [inputs.amount(each, region, given) for region in lists[each.regions.name]]
    less, more = (reduce(n.add, sides[side], n.const(0)) for side in (True, False))
    if formula.bound >= 0:
        more = n.add(more, n.const(formula.bound))
    else:
        less = n.add(less, n.const(-formula.bound))
    return n.compare(p.Rel.LE, less, more)


def suggestions(formula: p.TotalsAtMost, given: Inputs) -> Iterator[p.ForAll]:
    """Properties of one region that may be invariants: the first step, as a formula about one list, or about a region
    as two lists have it. Nothing is proved by them alone; candidates are made of them."""
    runs = {run.name: place for place, run in enumerate(given.scenario.runs)}
    allowed = allowance(formula, given)
    names = list(dict.fromkeys((*formula.lists, *(each.total.regions.name for each in allowed))))
    names.sort(key=lambda name: runs.get(name, -1), reverse=True)
    if len(names) > 2:
        return
    variables = {name: f"{name} region" for name in names}
    less: list[p.Expr] = []
    more: list[p.Expr] = []
    for each in formula.totals:
        (less if _is_added(each) else more).append(_adds(each, variables[each.regions.name], formula))
    kind = formula.totals[0].amount.type
    for bounded in allowed:
        adds = _adds(bounded.total, variables[bounded.total.regions.name], formula)
        times = p.Const(kind, bounded.times)
        more.append(p.Arith(kind, p.Op.MUL, adds, times, False, formula.span) if bounded.times > 1 else adds)

    def total(amounts: Sequence[p.Expr]) -> p.Expr:
        first, *others = amounts or (p.Const(kind, 0),)
        return reduce(lambda one, two: p.Arith(kind, p.Op.ADD, one, two, False, formula.span), others, first)

    body = fold.compare(p.Rel.LE, total(less), total(more))
    binders = tuple(p.Binder(variables[name], p.Regions(name, "", fold.TRUE)) for name in names)
    relation = p.Relation.ANY if len(binders) == 1 else p.Relation.SAME
    yield p.ForAll(binders, relation, fold.TRUE, body, None, formula.span)


def never_applies(formula: p.ForAll | p.TotalsAtMost) -> tuple[p.ForAll, ...]:
    """All that holds if a formula says nothing of any regions: of totals, that none counts in any of them."""
    nothing = p.Const(BOOL, 0)
    if isinstance(formula, p.ForAll):
        return (replace(formula, body=nothing),)
    return tuple(
        p.ForAll((p.Binder(each.variable, each.regions),), p.Relation.ANY, each.where, nothing, None, formula.span)
        for each in formula.totals
    )


def _is_added(total: p.Total) -> bool:
    """Tell whether a total is added or taken away: once, as no other factor can be written."""
    assert total.factor in (1, -1), "a total that is taken several times"
    return total.factor > 0


def _adds(total: p.Total | p.TotalAtMost, variable: str, formula: p.TotalsAtMost) -> p.Expr:
    """The amount that a region adds to a total, as an expression about the region called ``variable``."""

    def called(node: p.Node) -> p.Expr | None:
        return p.Field(node.type, variable, node.name) if isinstance(node, p.Field) else None

    kind = formula.totals[0].amount.type
    where, amount = rewrite(total.where, called), rewrite(total.amount, called)
    return p.IfElse(kind, where, amount, p.Const(kind, 0))


def _splits_behind(name: str, scenario: p.Scenario) -> frozenset[str]:
    """The runs behind a list, and its own, that split regions."""
    runs = {run.name: run for run in scenario.runs}
    found = set()
    while name in runs:
        if has_split(runs[name].algorithm.body):
            found.add(name)
        name = runs[name].source
    return frozenset(found)
