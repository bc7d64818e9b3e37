"""Formulas in clauses: gates over literals, and arithmetic on rows of them.

A literal is a number of DIMACS, negative where it is denied; 1 is true. A row is an integer in two's complement, the
lowest bit first, the last one its sign, and repeated without end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from checker.base.values import mutable

TRUE, FALSE = 1, -1

Row = tuple[int, ...]


@mutable
class Circuit:
    """Clauses that say what gates do, and what is asserted; equal gates are made once."""

    variables: int = 1
    clauses: list[tuple[int, ...]] = field(default_factory=lambda: [(TRUE,)])
    _gates: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def variable(self) -> int:
        """Return a literal of which nothing is known."""
        self.variables += 1
        return self.variables

    def fresh(self, width: int) -> Row:
        """Return a row of which nothing is known."""
        return tuple(self.variable() for _ in range(width))

    def require(self, *literals: int) -> None:
        """Assert that one of some literals holds."""
        self.clauses.append(literals)

    def both(self, a: int, b: int) -> int:
        """Return a literal that holds if two do."""
        if FALSE in (a, b) or a == -b:
            return FALSE
        if a in (TRUE, b):
            return b
        if b == TRUE:
            return a
        key = ("and", min(a, b), max(a, b))
        if key not in self._gates:
            c = self._gates[key] = self.variable()
            self.clauses += [(-c, a), (-c, b), (c, -a, -b)]
        return self._gates[key]

    def either(self, a: int, b: int) -> int:
        """Return a literal that holds if one of two does."""
        return -self.both(-a, -b)

    def differ(self, a: int, b: int) -> int:
        """Return a literal that holds if one of two does, and the other does not."""
        if abs(a) == TRUE or abs(b) == TRUE:
            known, other = (a, b) if abs(a) == TRUE else (b, a)
            return other if known == FALSE else -other
        if abs(a) == abs(b):
            return FALSE if a == b else TRUE
        sign = 1 if (a > 0) == (b > 0) else -1
        key = ("xor", min(abs(a), abs(b)), max(abs(a), abs(b)))
        if key not in self._gates:
            x, y = key[1:]
            c = self._gates[key] = self.variable()
            self.clauses += [(-c, x, y), (-c, -x, -y), (c, -x, y), (c, x, -y)]
        return sign * self._gates[key]

    def choose(self, condition: int, a: int, b: int) -> int:
        """Return a literal that is one if a condition holds, else another."""
        if a == b:
            return a
        return self.either(self.both(condition, a), self.both(-condition, b))

    # --- rows

    def negated(self, a: Row) -> Row:
        """Return a row with the contrary of every bit: what is missing to -1."""
        return tuple(-bit for bit in a)

    def sum(self, a: Row, b: Row, width: int, carry: int = FALSE) -> Row:
        """Return the sum of two rows and a carry, in so many bits: as many as it needs."""
        bits = []
        for x, y in zip(extended(a, width), extended(b, width), strict=True):
            half = self.differ(x, y)
            bits.append(self.differ(half, carry))
            carry = self.either(self.both(x, y), self.both(half, carry))
        return tuple(bits)

    def difference(self, a: Row, b: Row, width: int) -> Row:
        """Return one row less another, in so many bits: as many as it needs."""
        return self.sum(a, self.negated(extended(b, width)), width, TRUE)

    def times(self, a: Row, factor: int, width: int) -> Row:
        """Return a multiple of a row, in so many bits: as many as it needs."""
        found = number(0, width)
        for place in range(abs(factor).bit_length()):
            if abs(factor) >> place & 1:
                found = self.sum(found, ((FALSE,) * place + extended(a, width))[:width], width)
        return found if factor >= 0 else self.difference(number(0, width), found, width)

    def equal(self, a: Row, b: Row) -> int:
        """Return a literal that holds if two rows are equal."""
        width = max(len(a), len(b))
        found = TRUE
        for x, y in zip(extended(a, width), extended(b, width), strict=True):
            found = self.both(found, -self.differ(x, y))
        return found

    def less(self, a: Row, b: Row) -> int:
        """Return a literal that holds if one row is below another."""
        return self.difference(a, b, max(len(a), len(b)) + 1)[-1]

    def pick(self, condition: int, a: Row, b: Row) -> Row:
        """Return a row that is one if a condition holds, else another."""
        width = max(len(a), len(b))
        pairs = zip(extended(a, width), extended(b, width), strict=True)
        return tuple(self.choose(condition, x, y) for x, y in pairs)


def extended(a: Row, width: int) -> Row:
    """The same number in more bits, or in fewer where they say the same."""
    return a[:width] if len(a) >= width else a + (a[-1],) * (width - len(a))


def number(value: int, width: int) -> Row:
    """A number as a row of known bits."""
    return tuple(TRUE if value >> place & 1 else FALSE for place in range(width))


def width_of(low: int, high: int) -> int:
    """The bits that every number in a range fits in."""
    return max((~each if each < 0 else each).bit_length() for each in (low, high)) + 1


def dimacs(circuit: Circuit, about: Sequence[str] = ()) -> str:
    """The clauses as text: comments first, then a clause to a line, for every reader."""
    lines = [f"c {each}" for each in about]
    lines.append(f"p cnf {circuit.variables} {len(circuit.clauses)}")
    lines += [" ".join(map(str, (*clause, 0))) for clause in circuit.clauses]
    return "\n".join(lines) + "\n"
