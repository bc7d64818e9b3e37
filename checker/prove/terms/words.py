"""Terms in the words of the language.

A number in a term may stand for a multiple of itself (`checker.prove.terms.numbers`): an address in units of pages. In
words it is what the file calls it, in its own unit, so a comparison is first brought to whole coefficients of the
values themselves. Nothing here bears on a proof: texts that are read back are those of `checker.prove.terms.sexpr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from math import gcd, lcm

import z3

from checker.base.values import frozen, mutable
from checker.program.types import Enumeration, Flags, Integer, Quantity, Type
from checker.prove.terms.encode import neg
from checker.prove.terms.numbers import Term

_SMALL = 0x1000
"""Numbers from here on are written in hexadecimal: they are addresses, sizes and masks."""


@frozen
class Word:
    """The name of a variable: its value is ``scale`` times what the term says."""

    text: str
    scale: int = 1
    type: Type | None = None


_IN_BYTES = (Quantity.PHYSICAL, Quantity.VIRTUAL, Quantity.BYTES)

Words = Mapping[int, Word]
"""Words by the numbers of the variables' terms."""


@frozen
class _Sum:
    """A linear combination of values, by their texts, and a constant."""

    parts: Mapping[str, Fraction]
    constant: Fraction

    def plus(self, other: _Sum, factor: Fraction) -> _Sum:
        parts = dict(self.parts)
        for text, coefficient in other.parts.items():
            parts[text] = parts.get(text, Fraction(0)) + factor * coefficient
        return _Sum({text: c for text, c in parts.items() if c}, self.constant + factor * other.constant)

    @property
    def whole(self) -> int:
        """The least factor that makes all coefficients whole."""
        return lcm(*(each.denominator for each in (*self.parts.values(), self.constant)))


def in_words(term: Term, words: Words) -> str:
    """A condition in words."""
    return _Speaker(words).condition(term)


@mutable
class _Speaker:
    words: Words

    # --- conditions

    def condition(self, term: Term) -> str:
        kind = term.decl().kind()
        match kind:
            case _ if term.get_id() in self.words:
                return self.words[term.get_id()].text
            case z3.Z3_OP_TRUE | z3.Z3_OP_FALSE:
                return str(term).lower()
            case z3.Z3_OP_NOT:
                return self._negated(term.arg(0))
            case z3.Z3_OP_AND:
                return " and ".join(self._inner(each) for each in _flat(term, kind))
            case z3.Z3_OP_OR:
                return self._or(list(_flat(term, kind)))
            case z3.Z3_OP_IMPLIES:
                return f"{self._inner(term.arg(0))} => {self._inner(term.arg(1))}"
            case z3.Z3_OP_ITE:
                test, then, otherwise = (self.condition(each) for each in term.children())
                return f"if {test} then {then} else {otherwise}"
            case z3.Z3_OP_EQ | z3.Z3_OP_IFF:
                return self._equal(term.arg(0), term.arg(1), "==")
            case z3.Z3_OP_DISTINCT:
                return self._equal(term.arg(0), term.arg(1), "!=")
            case z3.Z3_OP_LE | z3.Z3_OP_LT:
                return self._compared(term.arg(0), term.arg(1), "<=" if kind == z3.Z3_OP_LE else "<")
            case z3.Z3_OP_GE | z3.Z3_OP_GT:
                return self._compared(term.arg(1), term.arg(0), "<=" if kind == z3.Z3_OP_GE else "<")
            case _:
                return self._name(term)

    def _inner(self, term: Term) -> str:
        """A condition inside another one."""
        said = self.condition(term)
        return f"({said})" if any(f" {each} " in said for each in ("and", "or", "=>", "then")) else said

    def _negated(self, term: Term) -> str:
        match term.decl().kind():
            case z3.Z3_OP_LE:
                return self._compared(term.arg(1), term.arg(0), "<")
            case z3.Z3_OP_LT:
                return self._compared(term.arg(1), term.arg(0), "<=")
            case z3.Z3_OP_EQ | z3.Z3_OP_IFF:
                return self._equal(term.arg(0), term.arg(1), "!=")
            case _:
                return f"not {self._inner(term)}"

    def _or(self, terms: list[Term]) -> str:
        """A disjunction; what is denied in it is a condition for the rest."""
        denied = {each.get_id(): condition for each in terms if (condition := _denied(each)) is not None}
        given = [part for each in denied.values() for part in _flat(each, z3.Z3_OP_AND)]
        rest = [each for each in terms if each.get_id() not in denied]
        when = " and ".join(map(self._inner, given))
        if not rest:
            return f"not ({when})" if len(given) > 1 else self._negated(given[0])
        said = self.condition(rest[0]) if len(rest) == 1 else " or ".join(map(self._inner, rest))
        return f"{when} => {said}" if given else said

    def _equal(self, left: Term, right: Term, relation: str) -> str:
        if z3.is_int(left):
            return self._compared(left, right, relation)
        for value, other in ((left, right), (right, left)):
            if z3.is_true(value) or z3.is_false(value):
                return self.condition(other if z3.is_true(value) is (relation == "==") else neg(other))
        if z3.is_bool(left):
            return f"{self._inner(left)} {relation} {self._inner(right)}"
        kind = next((word.type for word in self._words_in(left, right) if isinstance(word.type, Flags)), None)
        if z3.is_bv_value(left):
            left, right = right, left
        if left.decl().kind() == z3.Z3_OP_BAND and z3.is_bv_value(left.arg(1)) and left.arg(1).eq(right):
            has = f"{self._bits(left.arg(0), kind)} has {_flags(right.as_long(), kind)}"
            return has if relation == "==" else f"not ({has})"
        return f"{self._bits(left, kind)} {relation} {self._bits(right, kind)}"

    # --- numbers

    def _compared(self, left: Term, right: Term, relation: str) -> str:
        difference = self._sum(left).plus(self._sum(right), Fraction(-1))
        numbers = (*difference.parts.values(), difference.constant)
        common = gcd(*(int(each * difference.whole) for each in numbers)) or 1
        scaled = _Sum({}, Fraction(0)).plus(difference, Fraction(difference.whole, common))
        if relation in ("==", "!=") and all(each < 0 for each in scaled.parts.values()):
            scaled = _Sum({}, Fraction(0)).plus(scaled, Fraction(-1))
        member = self._member(scaled) if relation in ("==", "!=") else None
        if member is not None:
            return f"{next(iter(scaled.parts))} {relation} {member}"
        kinds = {word.text: word.type for word in self.words.values()}
        bytes_wide = any(_quantity(kinds.get(text)) in _IN_BYTES for text in scaled.parts)

        def name(text: str) -> str:
            return f"({text} as bytes)" if bytes_wide and _quantity(kinds.get(text)) is Quantity.PAGES else text

        sides = []
        for sign in (1, -1):
            parts = [_times(int(sign * c), name(text)) for text, c in scaled.parts.items() if sign * c > 0]
            constant = int(sign * scaled.constant)
            sides.append(" + ".join([*parts, *([_number(constant)] if constant > 0 or not parts else [])]))
        # The constant 0 stands where nothing else does.
        return f"{sides[0]} {relation} {sides[1]}"

    def _member(self, difference: _Sum) -> str | None:
        """The name of the value that a variable of an enumeration is compared with, if that is all."""
        if len(difference.parts) != 1:
            return None
        (text, factor), value = next(iter(difference.parts.items())), -difference.constant
        kinds = [word.type for word in self.words.values() if word.text == text]
        if factor != 1 or not kinds or not isinstance(kinds[0], Enumeration):
            return None
        return next((name for name, number in kinds[0].members if number == value), None)

    def _sum(self, term: Term) -> _Sum:
        kind = term.decl().kind()
        nothing = _Sum({}, Fraction(0))
        word = self.words.get(term.get_id())
        match kind:
            case _ if word is not None:
                return _Sum({word.text: Fraction(1, word.scale)}, Fraction(0))
            case z3.Z3_OP_ANUM:
                return _Sum({}, Fraction(term.as_long()))
            case z3.Z3_OP_ADD:
                for each in term.children():
                    nothing = nothing.plus(self._sum(each), Fraction(1))
                return nothing
            case z3.Z3_OP_SUB:
                first, *others = map(self._sum, term.children())
                for each in others:
                    first = first.plus(each, Fraction(-1))
                return first
            case z3.Z3_OP_UMINUS:
                return nothing.plus(self._sum(term.arg(0)), Fraction(-1))
            case z3.Z3_OP_MUL if term.num_args() == 2 and z3.is_int_value(term.arg(0)):
                return nothing.plus(self._sum(term.arg(1)), Fraction(term.arg(0).as_long()))
            case z3.Z3_OP_MUL if term.num_args() == 2 and z3.is_int_value(term.arg(1)):
                return nothing.plus(self._sum(term.arg(0)), Fraction(term.arg(1).as_long()))
            case z3.Z3_OP_MOD | z3.Z3_OP_IDIV if z3.is_int_value(term.arg(1)):
                inner, divisor = self._sum(term.arg(0)), term.arg(1).as_long()
                scale = inner.whole
                sign, factor = ("%", scale) if kind == z3.Z3_OP_MOD else ("/", 1)
                text = f"{self._value(inner, scale, nested=True)} {sign} {_number(divisor * scale)}"
                return _Sum({text: Fraction(1, factor)}, Fraction(0))
            case z3.Z3_OP_ITE if term.arg(2).decl().kind() == z3.Z3_OP_MOD and term.arg(2).arg(0).eq(term.arg(1)):
                # A number that is wrapped only where it does not fit: the remainder is the same where it does.
                return self._sum(term.arg(2))
            case z3.Z3_OP_ITE:
                then, otherwise = self._sum(term.arg(1)), self._sum(term.arg(2))
                scale = lcm(then.whole, otherwise.whole)
                branches = self._value(then, scale), self._value(otherwise, scale)
                text = f"(if {self.condition(term.arg(0))} then {branches[0]} else {branches[1]})"
                return _Sum({text: Fraction(1, scale)}, Fraction(0))
            case _:
                return _Sum({self._name(term): Fraction(1)}, Fraction(0))

    def _value(self, value: _Sum, scale: int, *, nested: bool = False) -> str:
        """A combination times ``scale``, as a text."""
        parts: list[str] = []
        for text, coefficient in (*value.parts.items(), ("", value.constant)):
            number = int(coefficient * scale)
            said = _times(abs(number), text) if text else _number(abs(number))
            if number and parts:
                parts.append(f"{'-' if number < 0 else '+'} {said}")
            elif number:
                parts.append(f"-{said}" if number < 0 else said)
        return (f"({' '.join(parts)})" if nested and len(parts) > 1 else " ".join(parts)) or "0"

    # --- flags and names

    def _bits(self, term: Term, kind: Type | None) -> str:
        signs = {z3.Z3_OP_BAND: "&", z3.Z3_OP_BOR: "|", z3.Z3_OP_BXOR: "^"}
        operator = term.decl().kind()
        if z3.is_bv_value(term):
            return _flags(term.as_long(), kind)
        if term.get_id() in self.words:
            return self.words[term.get_id()].text
        if operator in signs:
            return "(" + f" {signs[operator]} ".join(self._bits(each, kind) for each in term.children()) + ")"
        if operator == z3.Z3_OP_BNOT:
            return f"~{self._bits(term.arg(0), kind)}"
        if operator == z3.Z3_OP_ITE:
            test, then, otherwise = term.children()
            return f"(if {self.condition(test)} then {self._bits(then, kind)} else {self._bits(otherwise, kind)})"
        return self._name(term)

    def _name(self, term: Term) -> str:
        word = self.words.get(term.get_id())
        if word is not None:
            return word.text
        # A value that arrives from elsewhere has a number, to be no other one.
        return re.sub(r"[|]|!\d+", "", " ".join(term.sexpr().split()))

    def _words_in(self, *terms: Term) -> Iterator[Word]:
        waiting, seen = list(terms), set()
        while waiting:
            term = waiting.pop()
            if term.get_id() in seen:
                continue
            seen.add(term.get_id())
            if term.get_id() in self.words:
                yield self.words[term.get_id()]
            waiting += term.children()


def _denied(term: Term) -> Term | None:
    """The condition that a term denies, if it denies one."""
    if z3.is_not(term):
        return term.arg(0)
    if z3.is_eq(term):
        return next((other for value, other in permutations(term.children()) if z3.is_false(value)), None)
    return None


def _flat(term: Term, kind: int) -> Iterator[Term]:
    """The parts of nested conjunctions, or disjunctions, in their order; the term itself, if it is none."""
    if term.decl().kind() == kind:
        for each in term.children():
            yield from _flat(each, kind)
    else:
        yield term


def _quantity(kind: Type | None) -> Quantity | None:
    return kind.quantity if isinstance(kind, Integer) else None


def _number(value: int) -> str:
    return str(value) if value < _SMALL else f"{value:#x}"


def _times(factor: int, text: str) -> str:
    """A multiple of a value, which may be a remainder or a quotient: those stand in brackets."""
    if factor == 1:
        return text
    whole = re.fullmatch(r"[\w.]+|\(.*\)", text) and not re.search(r"\) [%/] ", text)
    return f"{_number(factor)} * {text if whole else f'({text})'}"


def _flags(value: int, kind: Type | None) -> str:
    """Flags by their names, where these say all."""
    members = kind.members if isinstance(kind, Flags) else ()
    names = [name for name, bit in members if bit and value & bit == bit]
    covered = sum({bit for name, bit in members if name in names})
    return " | ".join(names) if names and covered == value else f"{value:#x}"
