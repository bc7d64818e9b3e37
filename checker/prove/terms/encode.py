"""Expressions as Z3 terms. The meaning is that of spec/language.md; `checker.interpret` says the same in plain
integers, and the two are held against each other by tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import assert_never

import z3

from checker import program as p
from checker.base.diagnostic import Span
from checker.base.values import frozen, mutable
from checker.program.types import Boolean, Enumeration, Flags, Integer, Type, width
from checker.prove.terms import build
from checker.prove.terms import numbers as n
from checker.prove.terms.numbers import Num, Term

Value = Num | Term
"""An integer or enumeration is a `Num`; a Boolean a Z3 Bool; flags are a Z3 bit vector."""

Region = Mapping[str, Value]


@frozen
class Overflow:
    """A checked operator, the condition under which it is reached and its result does not fit."""

    span: Span
    condition: Term


@mutable
class Environment:
    """All that an expression can see. ``path`` is the condition under which it is evaluated at all; every checked
    operator that may lose something is reported to ``on_overflow`` (algorithms only; formulas are ``exact``)."""

    scalars: Mapping[str, Value]
    regions: Mapping[str, Region] = field(default_factory=dict)
    exact: bool = False
    path: Term = field(default_factory=lambda: TRUE)
    on_overflow: Callable[[Overflow], None] = lambda _: None

    def under(self, condition: Term) -> Environment:
        """The same, where ``condition`` holds besides."""
        return Environment(self.scalars, self.regions, self.exact, conj(self.path, condition), self.on_overflow)


TRUE: Term = z3.BoolVal(True)
FALSE: Term = z3.BoolVal(False)


def is_true(term: Term) -> bool:
    """Tell whether a Boolean term is the constant true. Z3 keeps one copy of each term, so a look at the pointer
    tells."""
    return bool(term.ast.value == TRUE.ast.value)


def is_false(term: Term) -> bool:
    """Tell whether a Boolean term is the constant false."""
    return bool(term.ast.value == FALSE.ast.value)


def conj(*terms: Term) -> Term:
    """Conjunction, without the constant true."""
    kept = [t for t in terms if not is_true(t)]
    if any(is_false(t) for t in kept):
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else build.conjunction(kept)


def disj(*terms: Term) -> Term:
    """Disjunction, without the constant false."""
    kept = [t for t in terms if not is_false(t)]
    if any(is_true(t) for t in kept):
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else build.disjunction(kept)


def neg(term: Term) -> Term:
    """Negation, folded."""
    if is_true(term):
        return FALSE
    if is_false(term):
        return TRUE
    return build.negation(term) if (denied := build.denied(term)) is None else denied


def constant(kind: Type, value: int) -> Value:
    """A constant of a type."""
    if isinstance(kind, Boolean):
        return TRUE if value else FALSE
    if isinstance(kind, Flags):
        return z3.BitVecVal(value, kind.width)
    return n.const(value)


def variable(name: str, kind: Type, scale: int = 1) -> tuple[Value, Term]:
    """A fresh variable, a multiple of ``scale``, and the constraint that its value has the type's width."""
    if isinstance(kind, Boolean):
        return z3.Bool(name), TRUE
    if isinstance(kind, Flags):
        return z3.BitVec(name, kind.width), TRUE
    number = Num(z3.Int(name), scale)
    return number, n.in_range(number, kind.width)


def select(condition: Term, then: Value, otherwise: Value) -> Value:
    """``then`` where ``condition`` holds, else ``otherwise``."""
    if is_true(condition):
        return then
    if is_false(condition):
        return otherwise
    if isinstance(then, Num):
        return n.choose(condition, then, otherwise)
    if build.identical(then, otherwise):
        return then
    if z3.is_bool(then):
        return disj(conj(condition, then), conj(neg(condition), otherwise))
    return z3.If(condition, *_as_wide(then, otherwise))


def equal(left: Value, right: Value) -> Term:
    """Equality of two values of one type."""
    if isinstance(left, Num):
        return TRUE if left == right else n.compare(p.Rel.EQ, left, right)
    return TRUE if build.identical(left, right) else build.same(left, right)


def has_value(term: Value, value: int) -> Term:
    """Tell whether a term has the given value; of a Boolean, 0 and 1."""
    if isinstance(term, Num):
        return n.compare(p.Rel.EQ, term, n.const(value))
    if z3.is_bool(term):
        return term if value else neg(term)
    return term == value


def encode(expr: p.Expr, env: Environment) -> Value:
    """The term of an expression. Raises `OutOfReachError` where there is no linear form."""
    match expr:
        case p.Const(type=kind, value=value):
            return constant(kind, value)
        case p.Var(name=name):
            return env.scalars[name]
        case p.Field(region=region, name=name):
            return env.regions[region][name]
        case p.Arith():
            return _arith(expr, env)
        case p.AlignDown(operand=operand, alignment=alignment):
            return n.align_down(encode(operand, env), alignment)
        case p.Complement(type=kind, operand=operand):
            inner = encode(operand, env)
            if not isinstance(inner, Num):
                return ~_in_width(inner, width(kind))
            machine = n.wrap(inner, width(kind)) if env.exact else inner
            return n.subtract(n.const((1 << width(kind)) - 1), machine)
        case p.Convert():
            return _convert(expr, env)
        case p.Compare(rel=rel, left=left, right=right):
            first, second = encode(left, env), encode(right, env)
            if isinstance(first, Num):
                return n.compare(rel, first, second)
            if z3.is_bv(first):
                first, second = _as_wide(first, second)
            return first == second if rel is p.Rel.EQ else first != second
        case p.Logic(junction=junction, left=left, right=right):
            first = encode(left, env)
            decided = first if junction is not p.Junction.OR else neg(first)
            second = encode(right, env.under(decided))
            if junction is p.Junction.AND:
                return conj(first, second)
            return disj(first, second) if junction is p.Junction.OR else disj(neg(first), second)
        case p.Not(operand=operand):
            return neg(encode(operand, env))
        case p.IfElse(condition=condition, then=then, otherwise=otherwise):
            test = encode(condition, env)
            return select(test, encode(then, env.under(test)), encode(otherwise, env.under(neg(test))))
        case _:
            assert_never(expr)


def _arith(expr: p.Arith, env: Environment) -> Value:
    left, right = encode(expr.left, env), encode(expr.right, env)
    if not isinstance(left, Num) or not isinstance(right, Num):
        return _flag_arith(expr.op, left, right)
    try:
        result = n.exact(expr.op, left, right)
    except n.OutOfReachError as reason:
        remedy = f"{reason.what} (line {expr.span.line}): make one side a constant"
        raise n.OutOfReachError(remedy) from None
    if expr.op not in p.GROWING or (env.exact and not expr.wraps):
        return result
    bits = width(expr.type)
    if not expr.wraps:
        env.on_overflow(Overflow(expr.span, conj(env.path, neg(n.in_range(result, bits)))))
    if expr.op in (p.Op.ADD, p.Op.SUB) and not env.exact:
        return n.wrap_once(expr.op, left, right, bits)
    return n.wrap(result, bits)


def _flag_arith(op: p.Op, left: Term, right: Term) -> Term:
    left, right = _as_wide(left, right)
    if op is p.Op.AND:
        return left & right
    return left | right if op is p.Op.OR else left ^ right


def _as_wide(left: Term, right: Term) -> tuple[Term, Term]:
    """Two words of flags in the width of the wider one. They have that of their type, but for what was narrowed in a
    formula: there `as` keeps the value, so the word keeps its bits, and the bits above a word are 0."""
    bits = max(left.size(), right.size())
    return _in_width(left, bits), _in_width(right, bits)


def _in_width(word: Term, bits: int) -> Term:
    """The low bits of a word, or all of them with 0 above."""
    size = word.size()
    if size == bits:
        return word
    return z3.ZeroExt(bits - size, word) if size < bits else z3.Extract(bits - 1, 0, word)


def _convert(expr: p.Convert, env: Environment) -> Value:
    inner = encode(expr.operand, env)
    source, bits = expr.operand.type, width(expr.type)
    if isinstance(source, Flags) or isinstance(expr.type, Flags):
        return _convert_flags(inner, source, expr, env)
    assert isinstance(source, Integer | Enumeration)
    if env.exact:
        return n.wrap(inner, bits) if expr.wraps and not _fits(expr) else inner
    if source.width <= bits:
        return inner
    if not expr.wraps:
        env.on_overflow(Overflow(expr.span, conj(env.path, neg(n.in_range(inner, bits)))))
    return n.wrap(inner, bits)


def _fits(expr: p.Convert) -> bool:
    """Tell whether the operand is a machine value (not exact arithmetic) that is no wider than the target."""
    return isinstance(expr.operand, p.Const | p.Var | p.Field) and width(expr.operand.type) <= width(expr.type)


def _convert_flags(inner: Value, source: Type, expr: p.Convert, env: Environment) -> Value:
    """Between words of flags. Numbers that become flags, or flags numbers, are constants: the type checker refuses
    all others."""
    target = expr.type
    if not isinstance(source, Flags) or not isinstance(target, Flags):
        raise n.OutOfReachError(f"flags used as a number (line {expr.span.line})")
    assert not isinstance(inner, Num)
    if env.exact and not expr.wraps:
        return _in_width(inner, max(inner.size(), target.width))
    if source.width > target.width and not expr.wraps:
        lost = z3.Extract(source.width - 1, target.width, inner) != 0
        env.on_overflow(Overflow(expr.span, conj(env.path, lost)))
    return _in_width(inner, target.width)
