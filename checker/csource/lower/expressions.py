"""Expressions of C: what they are worth, and what they do on the way.

What an expression does (assignments, `++`, calls) becomes steps before the one that it stands in. The order of what C
leaves open does not matter then: an expression in which it could is refused.
"""

from __future__ import annotations

import re

from checker.base.codes import SourceCode
from checker.base.diagnostic import Rejected, reject
from checker.csource import values as v
from checker.csource.lower.assignments import Assignments
from checker.csource.lower.effects import unsequenced
from checker.csource.lower.evaluating import opaque
from checker.csource.lower.scope import (
    CScope,
    Null,
    Somewhere,
    ToPrior,
    ToRegion,
    ToSlot,
    Value,
)
from checker.csource.steps import AssignStep, DeclareStep, IfStep, Step
from checker.csource.syntax.parse import CNode, casts_marked, not_understood, parse
from checker.csource.syntax.preprocess import expanded
from checker.csource.types import BOOL, INT, ULONG, CInt, CType, Pointer, common, literal_type, promoted

_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)")
_TYPEOF = re.compile(r"\b(?:__typeof__|typeof|__typeof)\s*\(")
_CHARACTERS = {"'\\0'": 0, "'\\n'": 10, "'\\t'": 9}
_LOOSE = ("binary_expression", "conditional_expression", "comma_expression", "assignment_expression")
"""Texts of macros that would be read otherwise if they stood in another expression: a macro is put in as its text."""
_MOST_DEPTH = 40


class Expressions(Assignments):
    """Evaluates expressions in a scope; what they do is appended to ``out``."""

    # --- values -------------------------------------------------------------------------------------------------------

    def value(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        """Evaluate an expression. Raises `Rejected` at what is not understood."""
        match node.kind:
            case "number_literal" | "char_literal":
                return _number(node)
            case "true" | "false":
                return v.TRUE if node.kind == "true" else v.FALSE
            case "null":
                return Null()
            case "parenthesized_expression" if len(node.parts) == 1:
                return self.value(node.parts[0], scope, out)
            case "identifier":
                return self._named(node, scope, out)
            case "unary_expression":
                return self._unary(node, scope, out)
            case "binary_expression":
                return self._binary(node, scope, out)
            case "conditional_expression":
                return self._conditional(node, scope, out)
            case "comma_expression":
                self.effect(node.part("left"), scope, out)
                return self.value(node.part("right"), scope, out)
            case "assignment_expression":
                return self.assigned(node, scope, out)
            case "update_expression":
                return self.updated(node, scope, out)
            case "cast_expression":
                kind = self._cast_type(node.part("type"))
                return self.converted(self.value(node.part("value"), scope, out), kind, node)
            case "sizeof_expression":
                return self._sizeof(node, scope)
            case "pointer_expression":
                return self._pointed(node, scope, out)
            case "field_expression":
                return self._field(node, scope, out)
            case "call_expression":
                return self._called(node, scope, out)
            case _:
                raise not_understood(node)

    def effect(self, node: CNode, scope: CScope, out: list[Step]) -> None:
        """Do an expression for what it does. Raises `Rejected`."""
        if node.kind == "parenthesized_expression" and len(node.parts) == 1:
            self.effect(node.parts[0], scope, out)
        elif node.kind == "comma_expression":
            self.effect(node.part("left"), scope, out)
            self.effect(node.part("right"), scope, out)
        elif node.kind == "update_expression":
            self.updated(node, scope, out, wanted=False)
        elif node.kind == "call_expression" and node.part("function").kind == "identifier":
            self.call(node.part("function").text, node, scope, out)
        else:
            self.value(node, scope, out)

    def _named(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        slot = scope.names.get(node.text)
        if slot is not None:
            if self.unit.is_macro(node.text):
                raise not_understood(node, "a variable that has the name of a macro is not understood")
            return self.read(slot, scope, node)
        found = self.parameter(node.text)
        if found is not None:
            return found
        macro = self.unit.macro(node.text, node.span)
        if macro is not None and macro.parameters is None:
            made = self._snippet(macro.body, node, scope, out)
            plain = isinstance(made, v.CConst) and not made.name
            return v.CConst(made.type, made.value, node.text) if plain and isinstance(made, v.CConst) else made
        state = self.state(node.text, node)
        if state is not None:
            return self.read(state, scope, node)
        if node.text == "NULL":
            return Null()
        message = f"nothing says what `{node.text}` is"
        help = "give it under `[constants]`, `state` or `[parameters]` of the binding, or name its file under `headers`"
        raise reject(SourceCode.UNKNOWN_NAME, message, node.span, help)

    def _snippet(self, text: str, node: CNode, scope: CScope, out: list[Step], *, alone: bool = False) -> Value:
        """Evaluate the text of a macro, as if it stood where the macro is used. Raises `Rejected`."""
        if scope.depth > _MOST_DEPTH:
            raise not_understood(
                node, "a macro that comes back to itself, or is nested deeper than 40, is not understood"
            )
        text, added = self._typeof(text, node, scope)
        try:
            marked, _ = casts_marked(f"int m(void) {{ return {text}; }}", self.unit.is_type)
            root = parse(marked, lambda start, end: node.span)
            statements = root.parts[0].part("body").parts
            if len(root.parts) != 1 or len(statements) != 1 or len(statements[0].parts) != 1:
                raise not_understood(node)
        except Rejected:
            raise not_understood(node, "the text of this macro is no expression that is understood") from None
        inside = statements[0].parts[0]
        if inside.kind in _LOOSE and not alone:
            raise not_understood(node, "a macro whose text can fall apart, as it has no parentheses, is not understood")
        scope.depth += 1
        try:
            return self.value(inside, scope, out)
        finally:
            scope.depth -= 1
            for name in added:
                del self.unit.made_types[name]

    def _typeof(self, text: str, node: CNode, scope: CScope) -> tuple[str, list[str]]:
        """Put a made-up name in the place of each `typeof`; also return the names. Raises `Rejected`."""
        added: list[str] = []
        while (found := _TYPEOF.search(text)) is not None:
            depth, end = 1, found.end()
            while depth and end < len(text):
                depth += {"(": 1, ")": -1}.get(text[end], 0)
                end += 1
            inner = text[found.end() : end - 1]
            words = self.unit.type_of_words(tuple(inner.split()))
            if words is None:
                made = self._snippet(inner, node, scope.copy(), [], alone=True)
                words = made.type if isinstance(made, v.Expr) else Pointer("")
            name = f"typeof_{len(self.unit.made_types)}"
            self.unit.made_types[name] = words
            added.append(name)
            text = f"{text[: found.start()]}{name}{text[end:]}"
        return text, added

    # --- operators ----------------------------------------------------------------------------------------------------

    def _unary(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        operator, operand = node.part("operator").text, node.part("argument")
        if operator == "!":
            return v.negated(self.truth(operand, scope, out))
        inner = self.integer(operand, scope, out)
        match operator:
            case "-":
                return self.checked(v.minus(inner), node)
            case "~":
                return v.complement(inner)
            case "+":
                return v.convert(inner, promoted(inner.type))
            case _:
                raise not_understood(node)

    def _binary(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        operator, left, right = node.part("operator").text, node.part("left"), node.part("right")
        if operator in ("&&", "||"):
            return self._logic(operator, node, scope, out)
        unsequenced(self.unit, (left, right))
        one = self.value(left, scope, out)
        other = self.value(right, scope, out)
        if isinstance(one, v.Expr) and isinstance(other, v.Expr):
            return self.checked(v.binary(operator, one, other), node)
        return self.of_pointers(operator, one, other, node)

    def _logic(self, operator: str, node: CNode, scope: CScope, out: list[Step]) -> v.Expr:
        left = self.truth(node.part("left"), scope, out)
        known = v.truth(left)
        if known is (operator == "||"):
            return v.logic(operator, left, v.FALSE)
        inner: list[Step] = []
        branch = scope.copy()
        right = self.truth(node.part("right"), branch, inner)
        if not inner:
            return v.logic(operator, left, right)
        if known is not None:
            out += inner
            _take(branch, scope)
            return v.logic(operator, left, right)
        name = self.fresh("condition", scope)
        held = v.CRead(BOOL, name)
        out.append(DeclareStep(name, BOOL, v.convert(left, BOOL), node.span))
        inner.append(AssignStep(name, v.convert(right, BOOL), node.span))
        asked = held if operator == "&&" else v.negated(held)
        out.append(IfStep(asked, tuple(inner), (), node.span))
        _rejoin(branch, scope, node)
        return v.convert(held, INT)

    def _conditional(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        asked = self.value(node.part("condition"), scope, out)
        condition = self.as_truth(asked, node.part("condition"))
        known = v.truth(condition)
        taken = node.maybe("consequence")
        sides = [(scope.copy(), list[Step]()) for _ in range(2)]
        # `a ?: b` of gcc is `a ? a : b`, with what `a` does done once.
        first = asked if taken is None else self.value(taken, *sides[0])
        found = [first, self.value(node.part("alternative"), *sides[1])]
        if not all(isinstance(each, v.Expr) for each in found):
            if known is None or any(steps for _, steps in sides):
                raise not_understood(node, "a choice between pointers is not understood")
            return found[0] if known else found[1]
        then, otherwise = (each for each in found if isinstance(each, v.Expr))
        kind = common(then.type, otherwise.type)
        if known is not None:
            # The other way is not gone; its type counts all the same.
            _take(sides[not known][0], scope)
            out += sides[not known][1]
            return v.choose(condition, then, otherwise)
        if not any(steps for _, steps in sides):
            return v.choose(condition, then, otherwise)
        name = self.fresh("chosen", scope)
        out.append(DeclareStep(name, kind, v.CConst(kind, 0), node.span))
        for each, (_, steps) in zip((then, otherwise), sides, strict=True):
            steps.append(AssignStep(name, v.convert(each, kind), node.span))
        out.append(IfStep(condition, tuple(sides[0][1]), tuple(sides[1][1]), node.span))
        for branch, _ in sides:
            _rejoin(branch, scope, node)
        return v.CRead(kind, name)

    # --- what is assigned ---------------------------------------------------------------------------------------------

    # --- types, pointers, calls ---------------------------------------------------------------------------------------

    def _cast_type(self, node: CNode) -> CType:
        pointer = node.maybe("declarator") is not None
        if pointer and node.part("type").text == "void":
            return Pointer("void" if node.part("declarator").maybe("declarator") is None else "")
        kind = self.unit.named_type(node.part("type"))
        if kind is None:
            raise self.unit.unknown_type(node)
        region = isinstance(kind, Pointer) and kind.to in self.unit.binding.descriptors
        return kind if region or not pointer else Pointer("")

    def _sizeof(self, node: CNode, scope: CScope) -> v.Expr:
        kind: CType | None
        if node.maybe("type") is not None:
            kind = self._cast_type(node.part("type"))
        else:
            inner = node.part("value")
            name = inner.parts[0].text if inner.kind == "parenthesized_expression" and inner.parts else ""
            kind = None if name in scope.names else self.unit.type_of_words(tuple(name.split()))
            if kind is None:
                found = self.value(inner, scope.copy(), [])
                kind = found.type if isinstance(found, v.Expr) else Pointer("")
        if isinstance(kind, Pointer) and kind.to in self.unit.binding.descriptors:
            raise not_understood(node, "the size of a struct is not understood")
        return v.CConst(ULONG, kind.size if isinstance(kind, CInt) else 8)

    def _pointed(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        argument = node.part("argument")
        if node.part("operator").text == "&":
            if argument.kind == "identifier":
                slot = scope.names.get(argument.text) or self.state(argument.text, argument)
                if slot is not None and isinstance(slot.type, CInt):
                    return ToSlot(slot)
            return Somewhere(False)
        target = self.value(argument, scope, out)
        if isinstance(target, ToSlot):
            return self.read(target.slot, scope, node)
        return v.COpaque(opaque(node, "what this pointer leads to is not understood"), (), ULONG)

    def _field(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        whole = "".join(node.text.split())
        found = self.parameter(whole)
        if found is not None:
            return found
        macro = self.unit.binding.constants.get(whole)
        if macro is not None:
            return self._snippet(macro, node, scope, out, alone=True)
        if node.part("operator").text == "->":
            target = self.value(node.part("argument"), scope, out)
            known = self.unit.binding.fields.get(node.part("field").text)
            if isinstance(target, ToRegion | ToPrior) and known is not None:
                return v.CField(self.field_type(known, node), target.name, known[1], known[2])
        return v.COpaque(opaque(node, "what is read here is not understood"), (), ULONG)

    def _called(self, node: CNode, scope: CScope, out: list[Step]) -> Value:
        function = node.part("function")
        if function.kind != "identifier":
            raise not_understood(node)
        made = self.call(function.text, node, scope, out)
        if made is None:
            raise not_understood(node, "this call gives no value")
        return made

    def macro_call(self, node: CNode, scope: CScope, out: list[Step]) -> Value | None:
        """Evaluate the call of a macro; None where there is no such macro. Raises `Rejected`."""
        macro = self.unit.macro(node.part("function").text, node.span)
        if macro is None or macro.parameters is None:
            return None
        given = tuple(each.text for each in node.part("arguments").parts)
        for place, name in enumerate(macro.parameters):
            used = len(re.findall(rf"\b{re.escape(name)}\b", macro.body))
            if used != 1 and place < len(given):
                unsequenced(self.unit, (node.part("arguments").parts[place],), twice=True)
        return self._snippet(expanded(macro, given, node.span), node, scope, out)


def _number(node: CNode) -> v.Expr:
    if node.kind == "number_literal" and node.text[:1] in "+-":
        # The grammar takes the sign for a part of the number; in C it is an operator.
        unsigned = _number(CNode(node.kind, node.text[1:].lstrip(), node.span, (), ()))
        return v.minus(unsigned) if node.text[0] == "-" else v.convert(unsigned, promoted(unsigned.type))
    if node.text in _CHARACTERS:
        return v.CConst(INT, _CHARACTERS[node.text])
    if node.kind == "char_literal" and len(node.text) == 3:
        return v.CConst(INT, v.number(ord(node.text[1]), CInt(8, True, 1)) % INT.modulus)
    found = _NUMBER.fullmatch(node.text)
    if found is None:
        raise not_understood(node, "this number is not understood")
    octal = found[1].startswith("0") and found[1].isdigit() and len(found[1]) > 1
    if octal and not set(found[1]) <= set("01234567"):
        raise not_understood(node, "this number is not understood")
    value = int(found[1], 8 if octal else 0)
    kind = literal_type(value, found[2], decimal=not octal and found[1][1:2].lower() != "x")
    if kind is None:
        raise not_understood(node, "this number has no type")
    return v.CConst(kind, value)


def _take(branch: CScope, scope: CScope) -> None:
    """Go on from the end of the one way that is gone."""
    scope.targets, scope.unset, scope.visible = branch.targets, branch.unset, branch.visible


def _rejoin(branch: CScope, scope: CScope, node: CNode) -> None:
    """Go on behind a way that may not have been gone. Raises `Rejected` where pointers lead elsewhere then."""
    for number, target in branch.targets.items():
        if scope.targets.get(number, target) != target:
            raise not_understood(node, "a pointer that is set in a part of an expression is not understood")
