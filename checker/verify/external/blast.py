"""SMT-LIB texts of statements as formulas in clauses, satisfiable exactly when the text is.

*Sound*: an integer has as many bits as every value needs that it can have, by the bounds that the text asserts of
variables and by what an operator makes of these, so nothing ever wraps; a variable without bounds is refused, and so is
what is not known here. What is asserted is asserted again, bounds among it. For quotients and remainders by a number
that is no power of two there are new variables, of which exactly one value fits what is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import reduce

from checker.base.values import frozen, mutable
from checker.verify.external.circuits import FALSE, TRUE, Circuit, Row, extended, number, width_of

Term = str | list["Term"]

_TOKEN = re.compile(r";[^\n]*|\(|\)|\|[^|]*\||[^\s()|;]+")


class UnfitError(Exception):
    """A text cannot be put into clauses; the reason in words."""


@frozen
class Whole:
    """An integer: a row, and the range that it is in."""

    bits: Row
    low: int
    high: int


@frozen
class BitWord:
    """A bit vector, the lowest bit first."""

    bits: Row


Value = int | Whole | BitWord
"""A truth value is a literal."""


def blast(text: str, most: int) -> Circuit:
    """The clauses that a text comes to. Raises `UnfitError`, also where there are more than so many."""
    commands = parse(text)
    asserted = [command[1] for command in commands if command[0] == "assert"]
    bounds = _bounds(asserted)
    translation = _Translation(Circuit(), most)
    for command in commands:
        match command:
            case ["declare-fun", str(name), [], sort]:
                translation.declare(name, sort, bounds)
            case ["declare-fun", *_]:
                raise UnfitError("functions")
            case ["set-logic" | "check-sat" | "assert", *_]:
                pass
            case _:
                raise UnfitError(f"the command {command[0]}")
    for each in asserted:
        translation.circuit.require(translation.truth(each, {}))
        if len(translation.circuit.clauses) > most:
            raise UnfitError(f"more than {most} clauses")
    return translation.circuit


def parse(text: str) -> list[list[Term]]:
    """The commands of a text. Raises `UnfitError`."""
    stack: list[list[Term]] = [[]]
    for token in _TOKEN.findall(text):
        if token[0] == ";":
            continue
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise UnfitError("a bracket too many")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) != 1 or not all(isinstance(each, list) and each for each in stack[0]):
        raise UnfitError("what is no list of commands")
    return [each for each in stack[0] if isinstance(each, list)]


def _bounds(asserted: Sequence[Term]) -> dict[str, tuple[int | None, int | None]]:
    """The bounds of names that are asserted on their own."""
    found: dict[str, tuple[int | None, int | None]] = {}
    waiting = list(asserted)
    while waiting:
        match waiting.pop():
            case ["and", *parts]:
                waiting += parts
            case ["<=" | "<" as relation, str(left), str(right)]:
                if left.isdecimal() and not right.isdecimal():
                    low, high = found.get(right, (None, None))
                    bound = int(left) + (relation == "<")
                    found[right] = (bound if low is None else max(low, bound), high)
                elif right.isdecimal() and not left.isdecimal():
                    low, high = found.get(left, (None, None))
                    bound = int(right) - (relation == "<")
                    found[left] = (low, bound if high is None else min(high, bound))
            case _:
                pass
    return found


@mutable
class _Translation:
    circuit: Circuit
    most: int
    names: dict[str, Value] = field(default_factory=dict)

    def declare(self, name: str, sort: Term, bounds: Mapping[str, tuple[int | None, int | None]]) -> None:
        match sort:
            case "Bool":
                self.names[name] = self.circuit.variable()
            case "Int":
                low, high = bounds.get(name, (None, None))
                if low is None or high is None:
                    raise UnfitError(f"the integer {name}, of which no bounds are asserted")
                high = max(low, high)
                width = width_of(low, high)
                free = width - 1 if low >= 0 else width
                self.names[name] = Whole(self.circuit.fresh(free) + (FALSE,) * (width - free), low, high)
            case ["_", "BitVec", str(width)]:
                self.names[name] = BitWord(self.circuit.fresh(int(width)))
            case _:
                raise UnfitError(f"the sort {sort}")

    # --- values by their kinds

    def truth(self, term: Term, local: Mapping[str, Value]) -> int:
        found = self.value(term, local)
        if not isinstance(found, int):
            raise UnfitError("something else where a truth value stands")
        return found

    def whole(self, term: Term, local: Mapping[str, Value]) -> Whole:
        found = self.value(term, local)
        if not isinstance(found, Whole):
            raise UnfitError("something else where an integer stands")
        return found

    def word(self, term: Term, local: Mapping[str, Value]) -> BitWord:
        found = self.value(term, local)
        if not isinstance(found, BitWord):
            raise UnfitError("something else where a bit vector stands")
        return found

    def value(self, term: Term, local: Mapping[str, Value]) -> Value:
        if isinstance(term, str):
            return self._atom(term, local)
        match term:
            case ["let", list(bindings), inner]:
                return self.value(inner, {**local, **dict(self._binding(each, local) for each in bindings)})
            case ["_", str(name), str(width)] if re.fullmatch(r"bv\d+", name):
                return BitWord(number(int(name[2:]), int(width)))
            case ["ite", condition, then, otherwise]:
                return self._choice(self.truth(condition, local), self.value(then, local), self.value(otherwise, local))
            case ["=", left, right]:
                return self._equal(self.value(left, local), self.value(right, local))
            case [str(name), *arguments] if name in _LOGIC:
                return _LOGIC[name](self.circuit, [self.truth(each, local) for each in arguments])
            case [str(name), *arguments] if name in ("+", "-", "*", "div", "mod", "<=", "<", ">=", ">"):
                return self._arithmetic(name, [self.whole(each, local) for each in arguments])
            case [str(name), *arguments] if name in ("bvand", "bvor", "bvxor", "bvnot"):
                return self._bitwise(name, [self.word(each, local).bits for each in arguments])
            case _:
                raise UnfitError(f"the operator {term[0] if isinstance(term[0], str) else 'of an operator'}")

    def _binding(self, term: Term, local: Mapping[str, Value]) -> tuple[str, Value]:
        match term:
            case [str(name), value]:
                return name, self.value(value, local)
            case _:
                raise UnfitError("a binding without a name")

    def _atom(self, text: str, local: Mapping[str, Value]) -> Value:
        if text in local:
            return local[text]
        if text in self.names:
            return self.names[text]
        if text in ("true", "false"):
            return TRUE if text == "true" else FALSE
        if text.isdecimal():
            value = int(text)
            return Whole(number(value, width_of(value, value)), value, value)
        if text.startswith("#x"):
            return BitWord(number(int(text[2:], 16), 4 * (len(text) - 2)))
        if text.startswith("#b"):
            return BitWord(number(int(text[2:], 2), len(text) - 2))
        raise UnfitError(f"the name {text}")

    def _equal(self, left: Value, right: Value) -> int:
        match left, right:
            case int(), int():
                return -self.circuit.differ(left, right)
            case Whole(), Whole():
                return self.circuit.equal(left.bits, right.bits)
            case BitWord(), BitWord() if len(left.bits) == len(right.bits):
                return self.circuit.equal(left.bits, right.bits)
            case _:
                raise UnfitError("an equation of two kinds")

    def _choice(self, condition: int, left: Value, right: Value) -> Value:
        match left, right:
            case int(), int():
                return self.circuit.choose(condition, left, right)
            case Whole(), Whole():
                bits = self.circuit.pick(condition, left.bits, right.bits)
                return Whole(bits, min(left.low, right.low), max(left.high, right.high))
            case BitWord(), BitWord() if len(left.bits) == len(right.bits):
                return BitWord(self.circuit.pick(condition, left.bits, right.bits))
            case _:
                raise UnfitError("a choice of two kinds")

    def _bitwise(self, name: str, rows: Sequence[Row]) -> BitWord:
        if len({len(row) for row in rows}) != 1:
            raise UnfitError("bit vectors of two widths")
        if name == "bvnot":
            return BitWord(self.circuit.negated(rows[0]))
        gate = {"bvand": self.circuit.both, "bvor": self.circuit.either, "bvxor": self.circuit.differ}[name]
        return BitWord(tuple(reduce(gate, bits) for bits in zip(*rows, strict=True)))

    def _arithmetic(self, name: str, values: Sequence[Whole]) -> Value:
        if len(self.circuit.clauses) > self.most:
            raise UnfitError(f"more than {self.most} clauses")
        circuit = self.circuit
        match name, values:
            case "+", [_, *_]:
                return reduce(self._sum, values)
            case "-", [only]:
                return self._difference(Whole(number(0, 1), 0, 0), only)
            case "-", [_, *_]:
                return reduce(self._difference, values)
            case "*", [left, right] if left.low == left.high or right.low == right.high:
                factor, other = (left.low, right) if left.low == left.high else (right.low, left)
                low, high = sorted((other.low * factor, other.high * factor))
                return Whole(circuit.times(other.bits, factor, width_of(low, high)), low, high)
            case "div" | "mod", [left, right] if right.low == right.high and right.low > 0:
                quotient, rest = self._divided(left, right.low)
                return quotient if name == "div" else rest
            case "<", [left, right]:
                return circuit.less(left.bits, right.bits)
            case ">", [left, right]:
                return circuit.less(right.bits, left.bits)
            case "<=", [left, right]:
                return -circuit.less(right.bits, left.bits)
            case ">=", [left, right]:
                return -circuit.less(left.bits, right.bits)
            case _:
                raise UnfitError(f"{name} of what is no constant" if name in "*divmod" else f"{name} of {len(values)}")

    def _sum(self, left: Whole, right: Whole) -> Whole:
        low, high = left.low + right.low, left.high + right.high
        return Whole(self.circuit.sum(left.bits, right.bits, width_of(low, high)), low, high)

    def _difference(self, left: Whole, right: Whole) -> Whole:
        low, high = left.low - right.high, left.high - right.low
        return Whole(self.circuit.difference(left.bits, right.bits, width_of(low, high)), low, high)

    def _divided(self, value: Whole, by: int) -> tuple[Whole, Whole]:
        """The quotient, towards minus infinity, and the remainder, from 0 on."""
        low, high = value.low // by, value.high // by
        width = width_of(low, high)
        if by & (by - 1) == 0:
            shift = by.bit_length() - 1
            bits = extended(value.bits, max(len(value.bits), shift + 1))
            return Whole(extended(bits[shift:], width), low, high), Whole((*bits[:shift], FALSE), 0, by - 1)
        quotient = Whole(self.circuit.fresh(width), low, high)
        rest = Whole((*self.circuit.fresh((by - 1).bit_length()), FALSE), 0, by - 1)
        most = 1 << width
        product = Whole(self.circuit.times(quotient.bits, by, width_of(-most * by, most * by)), -most * by, most * by)
        whole = self._sum(product, Whole(rest.bits, 0, 2 * by))
        self.circuit.require(self.circuit.equal(whole.bits, value.bits))
        self.circuit.require(self.circuit.less(rest.bits, number(by, width_of(by, by))))
        return quotient, rest


def _imply(circuit: Circuit, values: Sequence[int]) -> int:
    *premises, conclusion = values
    return reduce(circuit.either, (-each for each in premises), conclusion)


_LOGIC: Mapping[str, Callable[[Circuit, Sequence[int]], int]] = {
    "and": lambda circuit, values: reduce(circuit.both, values, TRUE),
    "or": lambda circuit, values: reduce(circuit.either, values, FALSE),
    "not": lambda circuit, values: -values[0],
    "xor": lambda circuit, values: reduce(circuit.differ, values),
    "=>": _imply,
}
