"""Assignments of C: what `=`, `op=`, `++` and `--` change, and where pointers lead then."""

from __future__ import annotations

from checker.csource import values as v
from checker.csource.lower.effects import unsequenced
from checker.csource.lower.evaluating import Evaluating, opaque
from checker.csource.lower.scope import CScope, Null, Slot, Somewhere, Target, ToPrior, ToRegion, ToSlot, Value
from checker.csource.steps import AssignStep, DeclareStep, PlaceStep, SetFieldStep, Step
from checker.csource.syntax.parse import CNode, not_understood


class Assignments(Evaluating):
    """Does assignments in a scope."""

    def of_pointers(self, operator: str, one: Value, other: Value, node: CNode) -> Value:
        """Return what an operator makes of values of which one is a pointer. Raises `Rejected`."""
        if operator in ("==", "!="):
            tested = other if isinstance(one, Null) else one if isinstance(other, Null) else None
            if tested is not None:
                there = self.as_truth(tested, node)
                return there if operator == "!=" else v.negated(there)
        if operator in ("+", "-"):
            moved = self.strided(operator, one, other, node)
            if moved is not None:
                return moved
            both = not isinstance(one, v.Expr) and not isinstance(other, v.Expr)
            return (
                v.COpaque(opaque(node, "a distance between pointers is not understood")) if both else Somewhere(False)
            )
        return v.COpaque(opaque(node, "this of pointers is not understood"))

    def strided(self, operator: str, one: Value, other: Value, node: CNode) -> Target | None:
        """Return the region that lies so many bytes behind the first one, if it is that of a loop over bytes."""
        del operator, one, other, node
        return None

    def assigned(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        """Do `left op= right`; the value is that of the left side then. Raises `Rejected`."""
        left, right, operator = node.part("left"), node.part("right"), node.part("operator").text
        unsequenced(self.unit, (left, right), assigns=left)
        if operator == "=":
            found = self.value(right, scope, out)
            return self.store(left, found, node, scope, out)
        before = self.value(left, scope, out)
        by = self.value(right, scope, out)
        if isinstance(before, v.Expr) and isinstance(by, v.Expr):
            made: Value = self.checked(v.binary(operator[:-1], before, by), node)
        else:
            made = self.of_pointers(operator[:-1], before, by, node)
        return self.store(left, made, node, scope, out)

    def updated(self, node: CNode, scope: CScope, out: list[Step], *, wanted: bool = True) -> Value:
        """Do `++` or `--`. The value is that before where the operator stands behind. Raises `Rejected`."""
        operand = node.part("argument")
        operator = node.part("operator")
        before = self.value(operand, scope, out)
        by = operator.text[0]
        behind = node.text.rstrip().endswith(operator.text) and not node.text.lstrip().startswith(operator.text)
        if isinstance(before, v.Expr):
            kept: Value = before
            if behind and wanted:
                name = self.fresh("before", scope)
                out.append(DeclareStep(name, before.type, before, node.span))
                kept = v.CRead(before.type, name)
            after = self.store(operand, self.checked(v.binary(by, before, v.TRUE), node), node, scope, out)
            return kept if behind else after
        after = self.store(operand, self.of_pointers(by, before, v.TRUE, node), node, scope, out)
        return before if behind else after

    def store(self, left: CNode, found: Value, node: CNode, scope: CScope, out: list[Step]) -> Value:
        """Assign a value to what the left side names, converted to its type. Raises `Rejected`."""
        while left.kind == "parenthesized_expression" and len(left.parts) == 1:
            left = left.parts[0]
        if left.kind == "identifier":
            slot = scope.names.get(left.text) or self.state(left.text, left)
            if slot is not None:
                return self.set(slot, found, node, scope, out)
        if left.kind == "pointer_expression" and left.part("operator").text == "*":
            target = self.value(left.part("argument"), scope, out)
            if isinstance(target, ToSlot):
                return self.set(target.slot, found, node, scope, out)
        if left.kind == "field_expression" and left.part("operator").text == "->":
            target = self.value(left.part("argument"), scope, out)
            known = self.unit.binding.fields.get(left.part("field").text)
            if isinstance(target, ToRegion | ToPrior) and known is not None and isinstance(found, v.Expr):
                kind = self.field_type(known, left)
                made = v.convert(found, kind)
                if left.part("field").text == self.unit.binding.placed:
                    if isinstance(target, ToPrior):
                        raise not_understood(node, "an address for the region before is not understood")
                    out.append(PlaceStep(target.name, known[2], made, node.span))
                else:
                    out.append(SetFieldStep(target.name, known[1], known[2], made, node.span))
                return v.CField(kind, target.name, known[1], known[2])
        raise not_understood(node, "what this changes is not understood")

    def set(self, slot: Slot, found: Value, node: CNode, scope: CScope, out: list[Step]) -> Value:
        """Assign a value to a variable. Raises `Rejected`."""
        made = self.converted(found, slot.type, node)
        scope.unset.discard(slot.number)
        if isinstance(made, v.Expr):
            out.append(AssignStep(slot.name, made, node.span))
            return v.CRead(made.type, slot.name)
        scope.targets[slot.number] = made
        return made
