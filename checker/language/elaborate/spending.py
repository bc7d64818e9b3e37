"""The account of what has been spent of the limits of a program. `def`, `derive` and rules are macros, and nested
macros can explode."""

from __future__ import annotations

from collections import Counter

from checker import program as p
from checker.base.diagnostic import Span
from checker.language.limits import Limits, beyond


class Spending:
    """Counts what one program has and expands to, as trees: a part that is used twice counts twice."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._spent: Counter[str] = Counter()
        self._depth = 0
        self._measured: dict[int, tuple[p.Node, int, int]] = {}

    def spent(self, name: str) -> int:
        """Return the amount spent of the limit ``name``."""
        return self._spent[name]

    def left(self, name: str) -> int:
        """Return the amount left of the limit ``name``."""
        return int(getattr(self.limits, name)) - self._spent[name]

    def account(self) -> Counter[str]:
        """Return all that has been spent until now."""
        return self._spent.copy()

    def charge(self, spent: Counter[str], span: Span) -> None:
        """Spend again what was spent before. Raises `Rejected`."""
        for name, amount in spent.items():
            self.spend(name, amount, span)

    def surface(self) -> None:
        """Leave all levels, after what was wrong deep down."""
        self._depth = 0

    @property
    def size(self) -> int:
        """The size of the program: its words, and what they expand to."""
        return self._spent["tokens"] + self._spent["expansion"]

    def spend(self, name: str, amount: int, span: Span) -> None:
        """Spend of the limit ``name``. Raises `Rejected` where it is passed."""
        self._spent[name] += amount
        if self.left(name) < 0:
            raise beyond(self.limits, name, span)

    def hold(self, name: str, amount: int, span: Span) -> None:
        """Refuse an amount of what is limited one by one, not all together. Raises `Rejected`."""
        if amount > getattr(self.limits, name):
            raise beyond(self.limits, name, span)

    def enter(self, span: Span) -> None:
        """One level deeper. Raises `Rejected`; `leave` is not called then."""
        self._depth += 1
        self.spend("expansion", 1, span)
        self.hold("nesting", self._depth, span)

    def leave(self) -> None:
        """One level back."""
        self._depth -= 1

    def reuse(self, expression: p.Expr, span: Span) -> None:
        """Count an expression that is put in for a name, or used once more. Raises `Rejected`."""
        self.spend("expansion", self._measure(expression)[0], span)

    def check_depth(self, expression: p.Expr, span: Span) -> None:
        """Refuse an expression that nests too deep. Raises `Rejected`."""
        self.hold("nesting", self._measure(expression)[1], span)

    def _measure(self, root: p.Expr) -> tuple[int, int]:
        """The nodes and the depth of the tree; an explicit stack, since that tree may be deep, and each part once."""
        stack: list[p.Node] = [root]
        while stack:
            node = stack[-1]
            parts = node.children
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
