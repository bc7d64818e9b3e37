"""Arithmetic on scaled integers, held against plain integers on every small value and at the edges of a width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import z3

from checker.program import Op, Rel
from checker.prove.terms import build
from checker.prove.terms import numbers as n
from checker.prove.terms.numbers import Num

WIDTH = 6
VALUES = range(1 << WIDTH)
EXACT = range(-70, 140, 3)
"""What exact arithmetic may come to."""


def forms(value: int) -> Iterator[Num]:
    """A value as a constant, and as a term at every scale that divides it."""
    yield n.const(value)
    yield from (Num(z3.IntVal(value // scale), scale) for scale in (1, 2, 4) if value % scale == 0)


def shown(number: Num) -> int:
    if number.constant is not None:
        return number.constant
    return int(z3.simplify(number.term).as_long()) * number.scale


def true(term: object) -> bool:
    return bool(z3.is_true(z3.simplify(term)))


def edges() -> Iterator[int]:
    limit = 1 << WIDTH
    yield from (-limit, -2, -1, 0, 1, limit - 2, limit - 1, limit, limit + 1, 2 * limit)


def ranges() -> None:
    for value in edges():
        for number in forms(value):
            assert true(n.in_range(number, WIDTH)) == (0 <= value < 1 << WIDTH)
            assert shown(n.wrap(number, WIDTH)) == value % (1 << WIDTH)


def divisions() -> None:
    for value in EXACT:
        for by in (1, 2, 3, 4, 6, 8, 12, 64):
            for number in forms(value):
                assert shown(n.remainder(number, by)) == value % by
                assert shown(n.quotient(number, by)) == value // by
                assert shown(n.align_down(number, by)) == value - value % by


def pairs() -> None:
    values = [*range(0, 1 << WIDTH, 5), (1 << WIDTH) - 1]
    for a in values:
        for b in values:
            for left, right in zip(forms(a), reversed(list(forms(b))), strict=False):
                for rel, expected in ((Rel.EQ, a == b), (Rel.NE, a != b), (Rel.LE, a <= b), (Rel.LT, a < b)):
                    assert true(n.compare(rel, left, right)) == expected
                for op, exact in ((Op.ADD, a + b), (Op.SUB, a - b)):
                    assert shown(n.exact(op, left, right)) == exact
                    assert shown(n.wrap_once(op, left, right, WIDTH)) == exact % (1 << WIDTH)
                assert shown(n.choose(z3.BoolVal(a < b), left, right)) == (a if a < b else b)


def masks() -> None:
    for bits in (0, 1, 2, 5, 0b101, 0b110110, 0b100001, 63):
        for value in (*VALUES[::3], -1, -6, 200):
            for number in forms(value):
                if number.constant is not None and value < 0:
                    continue  # out of reach, and folded away before
                assert shown(n.bitwise(Op.AND, number, n.const(bits))) == value & bits
                assert shown(n.bitwise(Op.OR, number, n.const(bits))) == value | bits
                assert shown(n.bitwise(Op.XOR, n.const(bits), number)) == value ^ bits


@pytest.mark.parametrize("check", [ranges, divisions, pairs, masks], ids=lambda check: check.__name__)
def test_numbers(check) -> None:  # type: ignore[no-untyped-def]
    check()


@pytest.mark.parametrize("value", [0, -1, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**200])
def test_an_integer_of_any_size_is_the_term_that_z3_makes_of_it(value: int) -> None:
    assert build.identical(build.integer(value), z3.IntVal(value))


def test_of_a_negation_and_of_nothing_else_it_is_told_what_it_denies() -> None:
    said = z3.Int("x") <= 3
    assert build.identical(build.denied(z3.Not(said)), said)
    assert build.denied(said) is None
    assert build.denied(z3.Bool("b")) is None
    assert build.denied(z3.And(said, z3.Not(said))) is None
