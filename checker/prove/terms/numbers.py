"""Machine integers as Z3 integers, each with a power of two that divides it.

A value is ``term * scale``: addresses and sizes that are multiples of 4 KiB are integers in units of pages, which
keeps the constants small and remainders cheap (``x % 2M`` becomes ``term % 512``). The representation is exact:

* ``+%`` and ``-%`` of two values in ``[0, 2^w)`` leave that range by less than ``2^w``, so the wrapped result is one
  of two linear terms, chosen by a comparison. Nothing is assumed not to wrap; where it provably does not, the solver
  discards the other branch.
* Products and left shifts wrap by a true ``mod 2^w``.
* A scale is never guessed: it comes from a constant, from an assumption of the scenario, or from the operands.
* In formulas (``exact``) unmarked operators are the integers' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any, assert_never

import z3

from checker.program import Op, Rel
from checker.prove.terms import build

Term = Any
"""A Z3 expression; z3's Python API is untyped."""


class OutOfReachError(Exception):
    """The integer encoding has no linear form for an operation; the caller reports `unknown`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NoRuleError(OutOfReachError):
    """There is no rule of proof for something of which all terms can be written: short maps can be searched."""


@dataclass(frozen=True, eq=False)
class Num:
    """An integer ``term * scale``; a constant has an `int` as term and scale 1."""

    term: Term
    scale: int = 1

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same constant, or the same term at the same scale."""
        if not isinstance(other, Num) or self.scale != other.scale:
            return False
        if isinstance(self.term, int) or isinstance(other.term, int):
            return type(self.term) is type(other.term) and bool(self.term == other.term)
        return build.identical(self.term, other.term)

    def __hash__(self) -> int:
        return hash((self.term if isinstance(self.term, int) else self.term.get_id(), self.scale))

    @property
    def constant(self) -> int | None:
        """The value, where it is a constant."""
        return self.term if isinstance(self.term, int) else None

    def at(self, scale: int) -> Term:
        """The value divided by ``scale``, which divides it."""
        if isinstance(self.term, int):
            return build.integer(self.term // scale)
        factor = self.scale // scale
        return self.term if factor == 1 else self.term * factor


def const(value: int) -> Num:
    """A constant."""
    return Num(value)


def divides(scale: int, number: Num) -> bool:
    """Tell whether ``scale`` is known to divide ``number``."""
    value = number.constant
    return (value if value is not None else number.scale) % scale == 0


def common_scale(*numbers: Num) -> int:
    """The largest scale at which all of the numbers can be written; 1 for the constant 0 alone."""
    scale = 0
    for number in numbers:
        value = number.constant
        scale = gcd(scale, number.scale if value is None else value)
    return scale or 1


def compare(rel: Rel, left: Num, right: Num) -> Term:
    """``left rel right``, as a Z3 Boolean."""
    if left.constant is not None and right.constant is not None:
        a, b = left.constant, right.constant
        return z3.BoolVal({Rel.EQ: a == b, Rel.NE: a != b, Rel.LE: a <= b, Rel.LT: a < b}[rel])
    scale = common_scale(left, right)
    a, b = left.at(scale), right.at(scale)
    match rel:
        case Rel.EQ:
            return build.same(a, b)
        case Rel.NE:
            return a != b
        case Rel.LE:
            return build.at_most(a, b)
        case Rel.LT:
            return build.less(a, b)
        case _:
            assert_never(rel)


def choose(condition: Term, then: Num, otherwise: Num) -> Num:
    """``then`` where ``condition`` holds, else ``otherwise``."""
    if then == otherwise:
        return then
    scale = common_scale(then, otherwise)
    return Num(build.either(condition, then.at(scale), otherwise.at(scale)), scale)


def add(left: Num, right: Num) -> Num:
    """The exact sum."""
    if left.constant is not None and right.constant is not None:
        return const(left.constant + right.constant)
    scale = common_scale(left, right)
    return Num(build.plus(left.at(scale), right.at(scale)), scale)


def subtract(left: Num, right: Num) -> Num:
    """The exact difference."""
    if left.constant is not None and right.constant is not None:
        return const(left.constant - right.constant)
    scale = common_scale(left, right)
    return Num(build.minus(left.at(scale), right.at(scale)), scale)


def multiply(left: Num, right: Num) -> Num:
    """The exact product; one factor is a constant."""
    if left.constant is not None:
        left, right = right, left
    factor = right.constant
    if factor is None:
        raise OutOfReachError("a product of two variables")
    if left.constant is not None:
        return const(left.constant * factor)
    if factor == 0:
        return const(0)
    return Num(left.term, left.scale * factor)


def remainder(number: Num, modulus: int) -> Num:
    """``number mod modulus``, not negative."""
    if number.constant is not None:
        return const(number.constant % modulus)
    if number.scale % modulus == 0:
        return const(0)
    scale = gcd(number.scale, modulus)
    return Num(number.at(scale) % (modulus // scale), scale)


def quotient(number: Num, divisor: int) -> Num:
    """``number div divisor``, rounded down."""
    if number.constant is not None:
        return const(number.constant // divisor)
    if number.scale % divisor == 0:
        return Num(number.term, number.scale // divisor)
    scale = gcd(number.scale, divisor)
    return Num(number.at(scale) / (divisor // scale), 1)


def align_down(number: Num, alignment: int) -> Num:
    """The largest multiple of ``alignment`` not above ``number``."""
    return subtract(number, remainder(number, alignment))


def in_range(number: Num, width: int) -> Term:
    """Tell whether ``number`` is a value of ``width`` bits."""
    zero, top = compare(Rel.LE, const(0), number), compare(Rel.LT, number, const(1 << width))
    return build.conjunction((zero, top))


def wrap(number: Num, width: int) -> Num:
    """``number mod 2^width``, whatever it is; the common case is kept apart so that the solver need not divide."""
    if number.constant is not None:
        return const(number.constant % (1 << width))
    return choose(in_range(number, width), number, remainder(number, 1 << width))


def wrap_once(op: Op, left: Num, right: Num, width: int) -> Num:
    """``left + right`` or ``left - right`` modulo ``2^width``, for operands of that width."""
    span = const(1 << width)
    if op is Op.ADD:
        result = add(left, right)
        if result.constant is not None:
            return wrap(result, width)
        return choose(compare(Rel.LT, result, span), result, subtract(result, span))
    result = subtract(left, right)
    if result.constant is not None:
        return wrap(result, width)
    return choose(compare(Rel.LE, right, left), result, add(result, span))


def mask(number: Num, bits: int) -> Num:
    """``number & bits`` for a constant ``bits``: the sum of its runs of ones."""
    result = const(0)
    position = 0
    while bits >> position:
        if not bits >> position & 1:
            position += 1
            continue
        end = position
        while bits >> end & 1:
            end += 1
        low = remainder(number, 1 << end)
        result = add(result, align_down(low, 1 << position))
        position = end
    return result


def bitwise(op: Op, left: Num, right: Num) -> Num:
    """``&``, ``|``, ``^`` where one operand is a constant: both others follow from ``&`` by addition."""
    if left.constant is not None:
        left, right = right, left
    bits = right.constant
    if bits is None or bits < 0:
        raise OutOfReachError(f"`{op}` between two variables")
    both = mask(left, bits)
    if op is Op.AND:
        return both
    total = add(left, right)
    return subtract(total, both if op is Op.OR else multiply(both, const(2)))


def exact(op: Op, left: Num, right: Num) -> Num:
    """``left op right`` over the integers. Raises `OutOfReachError`."""
    match op:
        case Op.ADD:
            return add(left, right)
        case Op.SUB:
            return subtract(left, right)
        case Op.MUL:
            return multiply(left, right)
        case Op.AND | Op.OR | Op.XOR:
            return bitwise(op, left, right)
        case Op.DIV:
            return quotient(left, _amount(right))
        case Op.MOD:
            return remainder(left, _amount(right))
        case Op.SHL:
            return multiply(left, const(1 << _amount(right)))
        case Op.SHR:
            return quotient(left, 1 << _amount(right))
        case _:
            assert_never(op)


def _amount(right: Num) -> int:
    assert right.constant is not None  # the type checker wants a constant here
    return right.constant
