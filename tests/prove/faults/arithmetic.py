"""Faults in the translation of integers and expressions to terms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3

from checker import program as p
from checker.program.types import Flags
from checker.prove.terms import encode
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Environment
from tests.helpers import seams
from tests.prove.faults.checks import differential, fooling, numbers, replay
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("sums and differences are not wrapped", differential(), replay("bits-turned-over"))
def _(seed: Seeding) -> None:
    seed.into(seams.WRAP)(lambda rightly, number, bits: number)
    seed.into(seams.WRAP_ONCE)(lambda rightly, op, left, right, bits: n.exact(op, left, right))


@fault("a difference of 0 wraps", numbers())
def _(seed: Seeding) -> None:
    @seed.into(seams.WRAP_ONCE)
    def _(rightly: Any, op: p.Op, left: n.Num, right: n.Num, bits: int) -> n.Num:
        if op is p.Op.ADD:
            return rightly(op, left, right, bits)
        result = n.subtract(left, right)
        return n.choose(n.compare(p.Rel.LT, right, left), result, n.add(result, n.const(1 << bits)))


@fault("`<` means `<=`", differential())
def _(seed: Seeding) -> None:
    @seed.into(seams.COMPARE_NUMBERS)
    def _(rightly: Any, rel: p.Rel, left: n.Num, right: n.Num) -> Any:
        return rightly(p.Rel.LE if rel is p.Rel.LT else rel, left, right)


@fault("the range of a type ends one too late", numbers())
def _(seed: Seeding) -> None:
    @seed.into(seams.IN_RANGE)
    def _(rightly: Any, number: n.Num, bits: int) -> Any:
        return z3.And(n.compare(p.Rel.LE, n.const(0), number), n.compare(p.Rel.LE, number, n.const(1 << bits)))


@fault("holes in masks are not seen", differential(), fooling("mask-with-a-hole"))
def _(seed: Seeding) -> None:
    seed.into(seams.MASK)(lambda rightly, number, bits: n.remainder(number, 1 << bits.bit_length()))


@fault("a remainder by more than the scale is 0", differential())
def _(seed: Seeding) -> None:
    @seed.into(seams.REMAINDER)
    def _(rightly: Any, number: n.Num, by: int) -> n.Num:
        return n.const(0) if number.scale >= 4096 else rightly(number, by)


@fault("two numbers are counted in the larger of their scales", numbers())
def _(seed: Seeding) -> None:
    seed.into(seams.COMMON_SCALE)(lambda rightly, *of: max(1, *(each.scale for each in of)))


@fault("comparisons are signed", differential())
def _(seed: Seeding) -> None:
    def signed(number: n.Num) -> n.Num:
        if number.constant is not None:
            return n.const(number.constant - (1 << 64 if number.constant >> 63 else 0))
        return n.choose(number.at(1) >= 1 << 63, n.subtract(number, n.const(1 << 64)), number)

    @seed.into(seams.ENCODE)
    def _(rightly: Any, expr: p.Expr, env: Environment) -> encode.Value:
        if isinstance(expr, p.Compare) and expr.rel in (p.Rel.LT, p.Rel.LE):
            return n.compare(expr.rel, *(signed(encode.encode(side, env)) for side in (expr.left, expr.right)))
        return rightly(expr, env)


@fault("a cast that cuts owes nothing", differential(), fooling("pages-cut"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CONVERT)
    def _(rightly: Any, expr: p.Convert, env: Environment) -> encode.Value:
        return rightly(expr, replace(env, on_overflow=lambda _: None))


@fault("a formula cuts the flags that it narrows", differential(), fooling("flags-narrowed-in-a-formula"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CONVERT)
    def _(rightly: Any, expr: p.Convert, env: Environment) -> encode.Value:
        return rightly(replace(expr, wraps=True) if isinstance(expr.type, Flags) else expr, env)


@fault("what stands behind `and` owes nothing", differential(), fooling("short-circuit"))
def _(seed: Seeding) -> None:
    seed.into(seams.UNDER_CONDITION)(lambda rightly, env, condition: rightly(env, FALSE))


@fault("differences in formulas are the machine's", differential())
def _(seed: Seeding) -> None:
    seed.into(seams.ARITHMETIC)(lambda rightly, expr, env: rightly(expr, replace(env, exact=False)))


@fault("what is chosen by a condition is the same either way", differential())
def _(seed: Seeding) -> None:
    seed.into(seams.SAME_TERM)(lambda rightly, left, right: True)
