"""The values of expressions and their types, whatever they stand in: what each part of the front end asks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, reject
from checker.csource import values as v
from checker.csource.lower.scope import (
    Base,
    CScope,
    Null,
    Slot,
    Somewhere,
    ToPrior,
    ToRegion,
    Value,
    is_null,
)
from checker.csource.steps import Step
from checker.csource.syntax.parse import CNode, not_understood
from checker.csource.types import BOOL, CInt, CType

if TYPE_CHECKING:
    from checker.csource.syntax.unit import Unit


class Evaluating:
    """Evaluates expressions in a scope; what they do is appended to ``out``."""

    unit: Unit
    fixed: dict[int, v.CConst]
    """Variables that have one value, and no other, by their numbers."""

    def fresh(self, name: str, scope: CScope) -> str:
        """Return a name for a variable that is free here, and take it."""
        raise NotImplementedError

    def call(self, name: str, node: CNode, scope: CScope, out: list[Step]) -> Value | None:
        """Do a call of a function; None is the value of one that has none."""
        raise NotImplementedError

    def state(self, name: str, node: CNode) -> Slot | None:
        """Return the variable of a file that is state."""
        raise NotImplementedError

    def parameter(self, name: str) -> v.Expr | None:
        """Return the parameter of the algorithm that a text of C stands for."""
        raise NotImplementedError

    def value(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        """Evaluate an expression. Raises `Rejected` at what is not understood."""
        raise NotImplementedError

    def integer(self, node: CNode, scope: CScope, out: list[Step]) -> v.Expr:
        """Evaluate what has to be an integer. Raises `Rejected`."""
        found = self.value(node, scope, out)
        if isinstance(found, v.Expr):
            return found
        raise not_understood(node, "a pointer where a number is wanted is not understood")

    def truth(self, node: CNode, scope: CScope, out: list[Step]) -> v.Expr:
        """Evaluate a condition: a number that is 0 where it does not hold. Raises `Rejected`."""
        return self.as_truth(self.value(node, scope, out), node)

    def as_truth(self, found: Value | None, node: CNode) -> v.Expr:
        """Return the truth of a value: of a pointer, that it is not null. Raises `Rejected`."""
        if isinstance(found, v.Expr):
            return found
        if isinstance(found, ToPrior):
            return v.CVisited(found.name)
        null = None if found is None else is_null(found)
        if null is None:
            return v.COpaque(opaque(node, "nothing is known of where this pointer leads"))
        return v.FALSE if null else v.TRUE

    def converted(self, value: Value, kind: CType, node: CNode) -> Value:
        """Convert a value to a type, as an assignment and a cast do. Raises `Rejected`."""
        if isinstance(kind, CInt):
            if isinstance(value, v.Expr):
                return v.convert(value, kind)
            if kind == BOOL:
                return v.convert(self.as_truth(value, node), BOOL)
            return v.COpaque(opaque(node, "the number of an address is not understood"), (), kind)
        if isinstance(value, v.CConst):
            return Somewhere(False) if value.value else Null()
        if isinstance(value, Base):
            return Base(kind.to == "void")
        if isinstance(value, ToRegion | ToPrior) and kind.to != "void" and kind.to not in self.unit.binding.descriptors:
            # Another struct at the same place: its fields are not those of a descriptor.
            return Somewhere(False) if isinstance(value, ToRegion) else Somewhere()
        return Somewhere() if isinstance(value, v.Expr) else value

    def read(self, slot: Slot, scope: CScope, node: CNode) -> Value:
        """Read a variable. Raises `Rejected` where it may not be set."""
        if slot.number in scope.unset:
            message = f"`{node.text}` may be read here before it is set"
            raise reject(SourceCode.UNDEFINED, message, node.span, "set it on every way that leads here")
        if isinstance(slot.type, CInt):
            return self.fixed.get(slot.number) or v.CRead(slot.type, slot.name)
        return scope.targets.get(slot.number, Somewhere())

    def checked(self, made: v.Expr, node: CNode) -> v.Expr:
        """Return a value, as one that is not understood where no solver could decide of it. Raises `Rejected`."""
        if not isinstance(made, v.CBinary):
            return made
        right = made.right
        if made.op in ("<<", ">>", "/", "%") and not isinstance(right, v.CConst):
            word = "shift by" if made.op in ("<<", ">>") else "division by"
            return v.COpaque(opaque(node, f"a {word} what is no constant is not understood"), (made,), made.type)
        if made.op == "*" and not isinstance(made.left, v.CConst) and not isinstance(right, v.CConst):
            return v.COpaque(opaque(node, "a product of two variables is not understood"), (made,), made.type)
        if isinstance(right, v.CConst):
            by = v.number(right.value, right.type)
            if made.op in ("<<", ">>") and not 0 <= by < made.type.width:
                message = f"C does not say what a shift by {by} of {made.type.width} bits does"
                raise reject(
                    SourceCode.UNDEFINED, message, node.span, "shift by less than the bits of the promoted type"
                )
            if made.op in ("/", "%") and (by == 0 or (by == -1 and made.type.signed)):
                message = f"C does not always say what division by {by} does"
                raise reject(SourceCode.UNDEFINED, message, node.span, "divide by another number")
        return made

    def field_type(self, known: tuple[str, str, str], node: CNode) -> CInt:
        """Return the type in C of a field of a descriptor. Raises `Rejected`."""
        kind = self.unit.type_of_words(tuple(known[0].split()))
        if not isinstance(kind, CInt):
            raise not_understood(node, f"a field of the type `{known[0]}` is not understood")
        return kind


def opaque(node: CNode, why: str) -> Diagnostic:
    """Return the complaint that the layout depends on something, and why that is not understood."""
    message = f"the layout depends on `{node.span.short[:60]}`: {why}"
    help = "say what it is under `[parameters]` or `[constants]` of the binding, if it is the same for every region"
    return Diagnostic(SourceCode.DEPENDS, message, node.span, help=help)
