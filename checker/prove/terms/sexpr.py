"""Invariants as texts, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import z3

from checker.prove.system.loop import Loop
from checker.prove.terms.encode import Value
from checker.prove.terms.numbers import Num, Term

# Z3's text of a term is else that of a simpler one.
z3.set_param("pp.flat_assoc", False)

_MOST_TEXT = 1 << 16
"""Longest text of an invariant, in characters: one of a real proof has some hundreds."""

_DEEPEST = 200
"""The greatest depth of its parentheses."""

_LONGEST_WORD = 64
"""Flags are no longer, in bits."""

_TOKEN = re.compile(r"\s*([()]|\|[^|]*\||[^\s()|]+)")

_OPERATORS: Mapping[str, tuple[str, Callable[..., Term]]] = {
    "and": ("B*", z3.And),
    "or": ("B*", z3.Or),
    "not": ("B", z3.Not),
    "=>": ("BB", z3.Implies),
    "=": ("==", z3.ExprRef.__eq__),
    "distinct": ("==", z3.ExprRef.__ne__),
    "ite": ("B==", z3.If),
    # The methods, not the operators: of those Python may turn the sides around.
    "<=": ("II", z3.ArithRef.__le__),
    "<": ("II", z3.ArithRef.__lt__),
    ">=": ("II", z3.ArithRef.__ge__),
    ">": ("II", z3.ArithRef.__gt__),
    "+": ("I*", z3.Sum),
    "*": ("I*", z3.Product),
    "-": ("II", z3.ArithRef.__sub__),
    "mod": ("II", z3.ArithRef.__mod__),
    "div": ("II", z3.ArithRef.__truediv__),
    "bvand": ("WW", z3.BitVecRef.__and__),
    "bvor": ("WW", z3.BitVecRef.__or__),
    "bvxor": ("WW", z3.BitVecRef.__xor__),
    "bvnot": ("W", z3.BitVecRef.__invert__),
}
"""The operators that may stand in an invariant, with the sorts of the arguments: conditions, integers, words of the
same length, or any sort that all of them have; with a star, one or more of them."""


def text(term: Term) -> str:
    """A term on one line."""
    return " ".join(term.sexpr().split())


def state_variables(loop: Loop, scalars: Mapping[str, Value]) -> dict[str, Any]:
    """The variables that an invariant of a loop may speak of, by the names that they have in texts.

    *Sound*, because these are the variables of the state at the loop's head, and those in which its values before the
    loop are known: no step of the loop changes them. An invariant about a variable of one step, say a field of the
    region whose turn it is, would pass the test that the step keeps it, in which there is only one such region; and
    that would prove nothing.
    """
    return free(_values(loop, scalars))


def _values(loop: Loop, scalars: Mapping[str, Value]) -> Iterator[Term]:
    """The terms whose variables are those of a loop's state."""
    view = loop.view
    values: list[Value] = [*loop.head.values(), *loop.start.values(), *view.seen, *scalars.values()]
    values += [value for _, value in view.scalars.values()]
    values += [value for columns in view.witnesses for region in columns.values() for value in region.values()]
    values += [value for found in view.entries.values() for entry, seen in found for value in (*entry.values(), seen)]
    values += [] if view.authors is None else [*view.authors.each, view.authors.unset]
    return (value.at(value.scale) if isinstance(value, Num) else value for value in values)


def of_state(terms: Sequence[Term], loop: Loop, scalars: Mapping[str, Value]) -> list[bool]:
    """Tell of each of some terms whether it speaks of nothing but what an invariant of a loop may speak of."""
    constants = loop.constants
    state = frozenset().union(*map(constants.of, _values(loop, scalars)))
    return [constants.of(term) <= state for term in terms]


def free(terms: Iterable[Term]) -> dict[str, Term]:
    """The variables in some terms, by the names that they have in texts."""
    found: dict[str, Term] = {}
    waiting = list(terms)
    told = set()
    while waiting:
        term = waiting.pop()
        if term.get_id() not in told:
            told.add(term.get_id())
            if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found[term.sexpr()] = term
            waiting += term.children()
    return found


class _UnreadableError(Exception):
    """A text is no term."""


def read(texts: Sequence[str], variables: Mapping[str, Any]) -> list[Term] | str:
    """The terms that texts stand for, or what is wrong with one. Anybody may have written them."""
    try:
        return [_Reader(each, variables).whole() for each in texts]
    except _UnreadableError as reason:
        return f"an invariant is not well formed: {reason}"


class _Reader:
    """Reads one text. Not a solver's own parser: that knows commands as well, and gives back other terms."""

    def __init__(self, written: str, variables: Mapping[str, Any]) -> None:
        if len(written) > _MOST_TEXT:
            raise _UnreadableError(f"it has more than {_MOST_TEXT} characters")
        self._tokens = self._split(written)
        self._variables = variables

    @staticmethod
    def _split(written: str) -> Iterator[str]:
        end = 0
        while written[end:].strip():
            match = _TOKEN.match(written, end)
            if match is None:
                raise _UnreadableError("a name does not end")
            yield match[1]
            end = match.end()

    def whole(self) -> Term:
        """The term that the whole text stands for, a condition."""
        term = self._term(self._next(), {}, 0)
        if next(self._tokens, None) is not None:
            raise _UnreadableError("it is more than one expression")
        if not z3.is_bool(term):
            raise _UnreadableError("it is no condition")
        return term

    def _next(self) -> str:
        word = next(self._tokens, None)
        if word is None:
            raise _UnreadableError("it ends too early")
        return word

    def _term(self, word: str, names: Mapping[str, Term], depth: int) -> Term:
        if depth > _DEEPEST:
            raise _UnreadableError(f"it is nested more than {_DEEPEST} levels deep")
        if word != "(":
            return self._atom(word, names)
        operator = self._next()
        if operator == "let":
            return self._let(names, depth)
        numbers = self._indices() if operator == "(" else None
        arguments = []
        while (word := self._next()) != ")":
            arguments.append(self._term(word, names, depth + 1))
        return _applied(operator, arguments) if numbers is None else _cut(numbers, arguments)

    def _indices(self) -> list[str]:
        """Return what stands in an operator that is written with numbers: `(_ extract 7 0)`."""
        self._expect("_")
        found = []
        while (word := self._next()) != ")":
            found.append(word)
        return found

    def _let(self, names: Mapping[str, Term], depth: int) -> Term:
        self._expect("(")
        inner = dict(names)
        while (word := self._next()) != ")":
            if word != "(":
                raise _UnreadableError("a `let` without parentheses")
            name = self._next()
            inner[name] = self._term(self._next(), names, depth + 1)
            self._expect(")")
        term = self._term(self._next(), inner, depth + 1)
        self._expect(")")
        return term

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise _UnreadableError(f"`{sign}` is missing")

    def _atom(self, word: str, names: Mapping[str, Term]) -> Term:
        if word in names:
            return names[word]
        if word in self._variables:
            return self._variables[word]
        if word in ("true", "false"):
            return z3.BoolVal(word == "true")
        if re.fullmatch(r"[0-9]{1,40}", word, re.ASCII):
            return z3.IntVal(word)
        if re.fullmatch(r"#x[0-9a-f]{1,16}", word):
            return z3.BitVecVal(int(word[2:], 16), 4 * len(word[2:]))
        if re.fullmatch(r"#b[01]{1,64}", word):
            return z3.BitVecVal(int(word[2:], 2), len(word[2:]))
        raise _UnreadableError(f"the state of its loop has no `{word[:80]}`")


def _applied(operator: str, arguments: Sequence[Term]) -> Term:
    if operator == "-" and len(arguments) == 1 and z3.is_int_value(arguments[0]):
        return z3.IntVal(-arguments[0].as_long())
    if operator not in _OPERATORS:
        raise _UnreadableError(f"`{operator[:80]}` is no operator here")
    sorts, build = _OPERATORS[operator]
    wanted = sorts[0] * len(arguments) if sorts[1:] == "*" and arguments else sorts
    if len(arguments) != len(wanted) or not all(map(_fits, wanted, arguments)):
        raise _UnreadableError(f"`{operator}` cannot have these arguments")
    if len({argument.sort() for want, argument in zip(wanted, arguments, strict=True) if want in "=W"}) > 1:
        raise _UnreadableError(f"`{operator}` has arguments of different sorts")
    return build(*arguments)


def _cut(operator: Sequence[str], arguments: Sequence[Term]) -> Term:
    """A word of flags made longer, with zeros in front, or shorter."""
    what, *numbers = operator or ("",)
    if len(arguments) == 1 and z3.is_bv(arguments[0]) and all(re.fullmatch("[0-9]{1,2}", each) for each in numbers):
        size = arguments[0].size()
        match what, *map(int, numbers):
            case "zero_extend", int(more) if size + more <= _LONGEST_WORD:
                return z3.ZeroExt(more, arguments[0])
            case "extract", int(high), int(low) if low <= high < size:
                return z3.Extract(high, low, arguments[0])
            case _:
                pass
    raise _UnreadableError(f"`(_ {' '.join(operator)[:80]})` cannot stand here, or not with these arguments")


def _fits(wanted: str, argument: Term) -> bool:
    match wanted:
        case "B":
            return bool(z3.is_bool(argument))
        case "I":
            return bool(z3.is_int(argument))
        case "W":
            return bool(z3.is_bv(argument))
        case _:
            return True
