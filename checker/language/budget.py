"""How much a file may expand to. `def`, `derive` and rules are macros, and nested macros can explode."""

from __future__ import annotations

from checker.diagnostic import Rejected, Span
from checker.language import program as p
from checker.language.codes import Code
from checker.language.scope import reject

MAX_EXPANSION = 100_000
"""How many expression nodes one file may expand to."""

MAX_NESTING = 100
"""How deep the expressions of one file may nest once its macros are expanded; later phases recurse over them."""

_PARTS = ("operand", "left", "right", "condition", "then", "otherwise")


class Budget:
    """Counts what one file expands to, as trees: a part that is used twice counts twice."""

    def __init__(self) -> None:
        self._size = 0
        self._depth = 0
        self._measured: dict[int, tuple[p.Expr, int, int]] = {}

    def enter(self, span: Span) -> None:
        """One level deeper. Raises `Rejected`; `leave` is not called then."""
        self._depth += 1
        self._spend(1, span)
        if self._depth > MAX_NESTING:
            raise _too_deep(span)

    def leave(self) -> None:
        """One level back."""
        self._depth -= 1

    def reuse(self, expression: p.Expr, span: Span) -> None:
        """Count an expression that is put in for a name. Raises `Rejected`."""
        self._spend(self._measure(expression)[0], span)

    def check_depth(self, expression: p.Expr, span: Span) -> None:
        """Refuse an expression that nests too deep. Raises `Rejected`."""
        if self._measure(expression)[1] > MAX_NESTING:
            raise _too_deep(span)

    def _spend(self, amount: int, span: Span) -> None:
        self._size += amount
        if self._size > MAX_EXPANSION:
            message = f"this file expands to more than {MAX_EXPANSION} expressions"
            raise reject(Code.TOO_MANY, message, span, "let its `def`, `derive` and rules use each other less")

    def _measure(self, root: p.Expr) -> tuple[int, int]:
        """The nodes and the depth of the tree; an explicit stack, since that tree may be deep, and each part once."""
        stack = [root]
        while stack:
            node = stack[-1]
            parts = [getattr(node, name) for name in _PARTS if hasattr(node, name)]
            open_parts = [part for part in parts if id(part) not in self._measured]
            if open_parts:
                stack += open_parts
                continue
            stack.pop()
            measures = [self._measured[id(part)] for part in parts]
            size = 1 + sum(m[1] for m in measures)
            self._measured[id(node)] = (node, size, 1 + max((m[2] for m in measures), default=0))
        _, size, depth = self._measured[id(root)]
        return size, depth


def _too_deep(span: Span) -> Rejected:
    message = f"this expands to expressions nested more than {MAX_NESTING} deep"
    return reject(Code.TOO_DEEP, message, span, "name the inner parts with `let`")
