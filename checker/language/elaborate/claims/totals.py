"""Totals and counts: bounds on them, which are assumed, and comparisons of them, which are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, Span, reject
from checker.base.values import frozen
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.literals import is_literal
from checker.language.elaborate.operators import describe
from checker.language.elaborate.scope import KIND, Scope, SequenceBinding
from checker.language.syntax import tree as s
from checker.program import fold
from checker.program import types as t

COMPARISONS = ("<=", "<", ">=", ">", "==")
"""The operators that may stand between totals."""


@frozen
class _Term:
    """A total, a count or a number in a comparison, which is added (1) or subtracted (-1) on its left."""

    node: s.Expr
    sign: int


def has_total(node: s.Expr) -> bool:
    """Tell whether a total or a count stands in an expression."""
    return isinstance(node, s.Total) or any(isinstance(each, s.Expr) and has_total(each) for each in node.children())


def list_named(name: s.Ident, scope: Scope) -> SequenceBinding:
    """The map, layout or list that a name stands for. Raises `Rejected`."""
    binding = scope.lookup(name, name.span)
    if not isinstance(binding, SequenceBinding):
        message = f"`{name}` is {KIND[type(binding)]}, not a map or layout"
        raise reject(LayoutCode.WRONG_OPERAND, message, name.span, "name a map or a layout")
    return binding


def compared(expressions: Elaborator, node: s.Binary, scope: Scope) -> list[p.Formula]:
    """The meaning of a comparison of totals: that one total is at most a constant, which can be assumed; or else
    that some totals, added up, are at most a number, once for each way in which ``==`` says so. Raises `Rejected`."""
    if node.operator not in COMPARISONS:
        message = "totals are compared by `<=`, `<`, `>=`, `>` and `==`, each comparison a conjunct of its own"
        raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, "join comparisons with `and`")
    swapped = node.operator in (">=", ">")
    left, right = (node.right, node.left) if swapped else (node.left, node.right)
    terms = [*_terms(left, 1), *_terms(right, -1)]
    totals = [_total(expressions, each, scope) for each in terms if isinstance(each.node, s.Total)]
    kind = totals[0].amount.type
    for each, found in zip((each for each in terms if isinstance(each.node, s.Total)), totals, strict=True):
        if found.amount.type != kind:
            raise _different(kind, found.amount.type, each.node.span)
    bound = 0
    for each in terms:
        if not isinstance(each.node, s.Total):
            value = expressions.expression(each.node, scope, kind if is_literal(each.node) else None)
            limit = expressions.known(value)
            if limit is None:
                message = "a total is compared with other totals and with constants"
                remedy = "bound it by a number or a `const`; what a run adds up in a variable can be checked by itself"
                raise reject(LayoutCode.NOT_CONSTANT, message, each.node.span, remedy)
            if limit.type != kind:
                raise _different(kind, limit.type, each.node.span)
            bound -= each.sign * limit.value
    if node.operator == "<=" and len(totals) == 1 and len(terms) == 2 and totals[0].factor == 1:
        only = totals[0]
        return [p.TotalAtMost(only.regions, only.variable, only.where, only.amount, bound, node.span)]
    strict = 1 if node.operator in ("<", ">") else 0
    said = [p.TotalsAtMost(tuple(totals), bound - strict, node.span)]
    if node.operator == "==":
        turned = tuple(replace(each, factor=-each.factor) for each in totals)
        said.append(p.TotalsAtMost(turned, -bound, node.span))
    return [*said]


def to_check(conjunct: p.Conjunct) -> p.Conjunct:
    """The conjunct as one that is checked: a bound on a total is a comparison like any other."""
    formula = conjunct.formula
    if not isinstance(formula, p.TotalAtMost):
        return conjunct
    total = p.Total(formula.regions, formula.variable, formula.where, formula.amount, 1)
    return replace(conjunct, formula=p.TotalsAtMost((total,), formula.bound, formula.span))


def refuse_entries(formula: p.TotalsAtMost) -> None:
    """Refuse to add up a list beside the map, whose entries a proof does not follow one by one. Raises `Rejected`."""
    for each in formula.totals:
        if each.regions.beside:
            message = (
                f"`{each.regions.name}` stands beside the map: what its entries come to can be assumed, not checked"
            )
            remedy = "add them up in a variable, in a pass over the list, and check what the run ends with"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, formula.span, remedy)


def _terms(node: s.Expr, sign: int) -> Iterator[_Term]:
    """The totals and numbers of a side. Raises `Rejected`."""
    match node:
        case s.Parenthesis(inner=inner):
            yield from _terms(inner, sign)
        case s.Binary(operator="+" | "-" as operator, left=left, right=right) if has_total(node):
            yield from _terms(left, sign)
            yield from _terms(right, sign if operator == "+" else -sign)
        case s.Total():
            yield _Term(node, sign)
        case _ if has_total(node):
            message = "totals and counts are added, subtracted and compared, and nothing else is done with them"
            remedy = "put what is done with each amount into the total: `total(2 * r.num_pages for r in ...)`"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, remedy)
        case _:
            yield _Term(node, sign)


def _total(expressions: Elaborator, term: _Term, scope: Scope) -> p.Total:
    node = term.node
    assert isinstance(node, s.Total)
    sequence = list_named(node.sequence, scope)
    inner = scope.child()
    inner.bind(node.variable, sequence.region(node.variable), node.variable.span)
    # What a run ends with is no part of what one region adds.
    may_end, expressions.may_end = expressions.may_end, False
    where = fold.TRUE if node.where is None else expressions.boolean(node.where, inner)
    amount: p.Expr = p.Const(t.U64, 1)
    if node.amount is not None:
        amount = expressions.expression(node.amount, inner)
    expressions.may_end = may_end
    if not isinstance(amount.type, t.Integer) or amount.type.is_address:
        place = node.span if node.amount is None else node.amount.span
        message = "a total adds up sizes or numbers"
        raise reject(LayoutCode.WRONG_OPERAND, message, place, "add up `size`, or a page count")
    regions = p.Regions(sequence.name, "", fold.TRUE, sequence.beside)
    return p.Total(regions, node.variable, where, amount, term.sign)


def _different(kind: t.Type, other: t.Type, span: Span) -> Rejected:
    message = f"a total of {describe(kind)} against {describe(other)}"
    return reject(LayoutCode.TYPE_MISMATCH, message, span, "use one unit")
