"""The direction in which a function goes through the map, read from its own text.

A function that is given null or an entry gives the next one, or null. Pointers into the map are numbers here: the entry
itself is `k`, the first one 0, the end `n`, and the size of a descriptor is 1. The two walks that go through every
entry once are told by what the function gives, and by the very condition under which it gives null:

    forward   null -> 0       k -> k + 1, null where k + 1 >= n
    backward  null -> n - 1   k -> k - 1, null where k - 1 < 0

Any other function is refused. Of an empty map the second one gives an entry before the map: in C too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.base.values import frozen
from checker.csource import values as v
from checker.csource.lower.scope import CScope
from checker.csource.syntax.parse import CNode, not_understood
from checker.csource.types import Pointer

if TYPE_CHECKING:
    from checker.csource.binding import Walker
    from checker.csource.lower.expressions import Expressions


@frozen
class _Index:
    """`k * entry + n * length + more`, in descriptors."""

    entry: int
    length: int
    more: int

    def plus(self, other: _Index, sign: int) -> _Index:
        return _Index(self.entry + sign * other.entry, self.length + sign * other.length, self.more + sign * other.more)


_ENTRY, _START, _END, _SIZE = _Index(1, 0, 0), _Index(0, 0, 0), _Index(0, 1, 0), _Index(0, 0, 1)


@frozen
class _Null:
    """The null pointer."""


def goes_backward(lowering: Expressions, name: str, walker: Walker, call: CNode) -> bool:
    """Tell whether a function that goes from entry to entry goes backwards. Raises `Rejected` if it does neither."""
    texts = {walker.start: _START, walker.end: _END, walker.size: _SIZE}
    first = _Walk(lowering, texts, given=None).of_function(name, call)
    later = _Walk(lowering, texts, given=_ENTRY).of_function(name, call)
    # What has to be at least 0 for null, and what is given else.
    forward = ((_Index(1, -1, 1), _Null()), (None, _Index(1, 0, 1)))
    backward = ((_Index(-1, 0, 0), _Null()), (None, _Index(1, 0, -1)))
    if first == ((None, _START),) and later == forward:
        return False
    if first == ((None, _Index(0, 1, -1)),) and later == backward:
        return True
    raise not_understood(call, f"`{name}` does not go through every entry of the map once, in either direction")


_Ways = tuple[tuple["_Index | None", "_Index | _Null"], ...]
"""The values that a function gives, by cases: under the condition that something is at least 0, or always (None)."""


class _Walk:
    def __init__(self, lowering: Expressions, texts: dict[str, _Index], given: _Index | None) -> None:
        self.lowering = lowering
        self.texts = texts
        self.given = given
        self.names: dict[str, _Index | _Null] = {}

    def of_function(self, name: str, call: CNode) -> _Ways:
        function = self.lowering.unit.function(name, call.span)
        if len(function.parameters) != 1 or function.parameters[0][1] != Pointer("void"):
            # What is added to other pointers counts what they point to, not bytes.
            raise not_understood(call, "a walk by a function that is given no `void` pointer is not understood")
        before = self.names
        self.names = {function.parameters[0][0]: _Null() if self.given is None else self.given}
        found = self._ways(function.body.parts)
        self.names = before
        if not found or found[-1][0] is not None:
            raise not_understood(function.body, "a way to the end without a `return` is not understood here")
        return found

    def _ways(self, statements: tuple[CNode, ...]) -> _Ways:
        found: list[tuple[_Index | None, _Index | _Null]] = []
        for place, node in enumerate(statements):
            if node.kind == "compound_statement":
                return (*found, *self._ways((*node.parts, *statements[place + 1 :])))
            if node.kind == "return_statement" and len(node.parts) == 1:
                if node.parts[0].kind == "call_expression":
                    call = node.parts[0]
                    arguments = call.part("arguments").parts
                    if len(arguments) == 1 and self._value(arguments[0]) == (self.given or _Null()):
                        return (*found, *self.of_function(call.part("function").text, call))
                return (*found, (None, self._value(node.parts[0])))
            if node.kind == "if_statement":
                asked = self._asked(node.part("condition"))
                then: tuple[CNode, ...] = (node.part("consequence"),)
                alternative = node.maybe("alternative")
                otherwise = () if alternative is None else alternative.parts
                if isinstance(asked, bool):
                    return (*found, *self._ways((*(then if asked else otherwise), *statements[place + 1 :])))
                names = dict(self.names)
                held = self._ways(then)
                self.names = names
                if otherwise or len(held) != 1 or held[0][0] is not None:
                    raise not_understood(node)
                found.append((asked, held[0][1]))
            elif node.kind == "expression_statement" and node.parts[0].kind == "assignment_expression":
                self._assign(node.parts[0])
            else:
                raise not_understood(node)
        return tuple(found)

    def _assign(self, node: CNode) -> None:
        name, operator = node.part("left").text, node.part("operator").text
        made = self._value(node.part("right"))
        if name not in self.names:
            raise not_understood(node)
        if operator in ("+=", "-="):
            before = self.names[name]
            if not isinstance(before, _Index) or not isinstance(made, _Index):
                raise not_understood(node)
            made = before.plus(made, 1 if operator == "+=" else -1)
        elif operator != "=":
            raise not_understood(node)
        self.names[name] = made

    def _value(self, node: CNode) -> _Index | _Null:
        text = "".join(node.text.split())
        if text in self.texts:
            return self.texts[text]
        if node.kind == "null" or text == "NULL":
            return _Null()
        if node.kind == "identifier" and text in self.names:
            return self.names[text]
        if node.kind == "parenthesized_expression" and len(node.parts) == 1:
            return self._value(node.parts[0])
        if node.kind == "cast_expression" and "".join(node.part("type").text.split()) == "void*":
            return self._value(node.part("value"))
        if node.kind == "binary_expression" and node.part("operator").text in ("+", "-"):
            one, other = self._value(node.part("left")), self._value(node.part("right"))
            if isinstance(one, _Index) and isinstance(other, _Index):
                return one.plus(other, 1 if node.part("operator").text == "+" else -1)
        raise not_understood(node)

    def _asked(self, node: CNode) -> bool | _Index:
        """Return whether a condition holds, or what has to be at least 0 for that."""
        while node.kind == "parenthesized_expression" and len(node.parts) == 1:
            node = node.parts[0]
        if node.kind == "unary_expression" and node.part("operator").text == "!":
            inner = node.part("argument")
            if inner.kind == "identifier" and inner.text in self.names:
                return isinstance(self.names[inner.text], _Null)
            negated = self._asked(inner)
            if isinstance(negated, bool):
                return not negated
        if node.kind == "identifier" and node.text in self.names:
            return not isinstance(self.names[node.text], _Null)
        if node.kind == "binary_expression":
            operator = node.part("operator").text
            if operator in ("<", "<=", ">", ">="):
                one, other = self._value(node.part("left")), self._value(node.part("right"))
                if isinstance(one, _Index) and isinstance(other, _Index):
                    return _at_least(operator, one, other)
            if operator in ("==", "!="):
                one, other = self._value(node.part("left")), self._value(node.part("right"))
                if _Null() in (one, other):
                    return (one == other) is (operator == "==")
        if node.kind == "call_expression":
            known = v.truth(self.lowering.truth(node, CScope(), []))
            if known is not None:
                return known
        raise not_understood(node)


def _at_least(operator: str, one: _Index, other: _Index) -> _Index:
    """Return what is at least 0 where a comparison of whole numbers holds."""
    if operator in ("<", "<="):
        one, other = other, one
    difference = one.plus(other, -1)
    return difference if operator.endswith("=") else difference.plus(_SIZE, -1)
