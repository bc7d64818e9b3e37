"""Statements of C as steps of an algorithm: functions stand for their calls, loops over the map are passes.

Ways that part and do not end are joined again; where a way ends (`return`, `continue`), what follows stands behind the
other one. Nothing is passed over: a statement becomes steps, or has no bearing as the binding says, or is refused.
"""

from __future__ import annotations

from itertools import count

from checker.base.codes import SourceCode
from checker.base.diagnostic import Span, reject
from checker.csource import values as v
from checker.csource.lower.effects import assigned_in, root, touched
from checker.csource.lower.passes import Passes
from checker.csource.lower.scope import CScope, Slot, Somewhere
from checker.csource.lower.work import EndFunction, EndScope, EndTurn, Left, StrideLoop, Work, merged
from checker.csource.steps import DeclareStep, IfStep, LeaveStep, RemarkStep, SetFieldStep, Step
from checker.csource.syntax.parse import CNode, not_understood
from checker.csource.syntax.unit import CFunction, Unit
from checker.csource.types import CInt, CType, Pointer

_MOST_STEPS = 5_000
_LEAVES = ("return_statement", "continue_statement", "break_statement")


class Lowering(Passes):
    """Writes the steps of functions out; ``states`` are the variables of files that were met, with what they are at
    first."""

    def __init__(self, unit: Unit, taken: frozenset[str]) -> None:
        self.unit = unit
        self.taken = taken
        self.numbers = count()
        self.spent = 0
        self.states: dict[str, tuple[Slot, DeclareStep]] = {}
        self.parameters: dict[str, CInt] = {}
        self.fixed: dict[int, v.CConst] = {}
        self.function: list[CFunction] = []
        self.stride: StrideLoop | None = None
        self.in_pass = False

    # --- names --------------------------------------------------------------------------------------------------------

    def fresh(self, name: str, scope: CScope) -> str:
        """Return a name that is free, and take it."""
        reserved = self.taken | {slot.name for slot, _ in self.states.values()} | self.parameters.keys()
        made = name
        number = 1
        while made in reserved or made in scope.visible:
            number += 1
            made = f"{name}_{number}"
        scope.visible |= {made}
        return made

    def parameter(self, name: str) -> v.Expr | None:
        """Return the parameter of the algorithm that a text of C stands for."""
        found = self.unit.binding.parameters.get(name)
        if found is None:
            return None
        called, _, kind = found.partition(":")
        made = self.unit.type_of_words(tuple(kind.split()))
        if not isinstance(made, CInt):
            raise reject(SourceCode.BAD_BINDING, f"`{name}`: `{kind}` is no integer type", self._here(), "name one")
        self.parameters[called.strip()] = made
        return v.CRead(made, called.strip())

    def _here(self) -> Span:
        return self.function[-1].span

    def state(self, name: str, node: CNode) -> Slot | None:
        """Return the variable of a file, which lives as long as the algorithm. Raises `Rejected`."""
        if name in self.states:
            return self.states[name][0]
        known = self.unit.variable(name)
        if known is None or not isinstance(known.type, CInt):
            return None
        if self.unit.binding.state and name not in self.unit.binding.state:
            message = f"the variable `{name}` of the file is none that the binding calls state"
            help = "name it under `state` of the binding, or give its value under `[constants]` or `[parameters]`"
            raise reject(SourceCode.UNKNOWN_NAME, message, node.span, help)
        first: v.Expr = v.CConst(known.type, 0)
        if known.initial:
            made = self._snippet(known.initial, node, CScope(), [], alone=True)
            if not isinstance(made, v.CConst):
                raise not_understood(node, "what this variable is at first is no constant that is understood")
            first = v.convert(made, known.type)
        slot = Slot(next(self.numbers), known.type, self.fresh(name, CScope()))
        self.states[name] = slot, DeclareStep(slot.name, known.type, first, known.span)
        return slot

    # --- statements ---------------------------------------------------------------------------------------------------

    def run(self, work: Work, scope: CScope, *, flat: bool) -> tuple[list[Step], list[CScope]]:
        """Do what is to be done, up to the end; return the steps, and what is known at the ends of the ways. ``flat``:
        a way that ends in a turn ends it. Raises `Rejected`."""
        out: list[Step] = []
        while work:
            first, work = work[0], work[1:]
            self.spent += 1
            if self.spent > _MOST_STEPS:
                message = f"`{self.function[-1].name}` has too many ways through it"
                raise reject(SourceCode.TOO_LARGE, message, self._here(), "split it, or say more in the binding")
            if isinstance(first, EndScope | EndFunction):
                scope.names = dict(first.names)
            elif isinstance(first, EndTurn):
                self._end_turn(first, scope, out)
            elif first.kind == "if_statement":
                done = self._if(first, work, scope, out, flat=flat)
                if done is None:
                    continue
                if isinstance(done, tuple):
                    work = done
                    continue
                return out, done
            elif first.kind in _LEAVES:
                work = self._leave(first, work, scope, out)
            else:
                work = self._statement(first, work, scope, out)
        return out, [scope]

    def _statement(self, node: CNode, work: Work, scope: CScope, out: list[Step]) -> Work:
        match node.kind:
            case "compound_statement":
                return (*node.parts, EndScope(tuple(scope.names.items())), *work)
            case "expression_statement":
                if node.parts:
                    self.effect(node.parts[0], scope, out)
                return work
            case "declaration":
                self._declaration(node, scope, out)
                return work
            case "while_statement" | "for_statement":
                self._loop(node, scope, out)
                return work
            case "do_statement":
                condition = node.part("condition")
                body = node.part("body")
                inside = any(each.kind in ("continue_statement", "break_statement") for each in body.within())
                if v.truth(self.truth(condition, scope.copy(), [])) is not False or inside:
                    raise not_understood(node, "a loop that is not over the map is not understood")
                return (body, *work)
            case "function_definition":
                raise not_understood(node, "a macro of a loop that the binding does not list is not understood")
            case "else_clause" if len(node.parts) == 1:
                return (node.parts[0], *work)
            case _:
                raise not_understood(node)

    def _declaration(self, node: CNode, scope: CScope, out: list[Step]) -> None:
        static = any(each.kind == "storage_class_specifier" and each.text == "static" for each in node.parts)
        for declarator in node.all("declarator"):
            initial = declarator.maybe("value") if declarator.kind == "init_declarator" else None
            inner = declarator.part("declarator") if declarator.kind == "init_declarator" else declarator
            if not static and self._not_followed(node, inner, initial, scope, out):
                continue
            name, kind = self.unit.declared(inner, node)
            if static:
                self._static(name, kind, initial, declarator, scope)
                continue
            # The name is known in what it is at first, C17 6.2.1; what it is then may not be read.
            made = None if initial is None else self.value(initial, scope, out)
            slot = self.declare(name, kind, scope)
            if isinstance(kind, CInt):
                first = v.CConst(kind, 0) if made is None else self.converted(made, kind, declarator)
                assert isinstance(first, v.Expr)
                if made is not None and isinstance(first, v.CConst) and self._stays(name):
                    self.fixed[slot.number] = first
                    out.append(RemarkStep("a constant, which stands where it is used", declarator.span))
                    continue
                out.append(DeclareStep(slot.name, kind, first, declarator.span, made is None))
                if made is None:
                    scope.unset.add(slot.number)
            else:
                scope.targets[slot.number] = Somewhere()
                if made is None:
                    scope.unset.add(slot.number)
                else:
                    target = self.converted(made, kind, declarator)
                    assert not isinstance(target, v.Expr)
                    scope.targets[slot.number] = target

    def _not_followed(self, node: CNode, inner: CNode, initial: CNode | None, scope: CScope, out: list[Step]) -> bool:
        """Declare an array, or a struct that is no region: nothing is known of what is in it. Tell whether it is one.
        What it is at first is not evaluated, so nothing in that may have an effect."""
        kind = node.part("type")
        name = inner.part("declarator") if inner.kind == "array_declarator" else inner
        struct = inner.kind == "identifier" and kind.kind == "struct_specifier"
        if name.kind != "identifier" or not (struct or inner.kind == "array_declarator"):
            return False
        if initial is not None and (touched(self.unit, initial).changed or self._unknown_call(initial)):
            raise not_understood(initial, "a first value that changes something, or may, is not understood here")
        slot = self.declare(name.text, Pointer(""), scope)
        scope.targets[slot.number] = Somewhere(False)
        out.append(RemarkStep("memory that is not followed", inner.span))
        return True

    def _stays(self, name: str) -> bool:
        """Tell whether no variable of a name is set in the function, nor its address taken."""
        body = self.function[-1].body
        pointed = (each for each in body.within() if each.kind == "pointer_expression" and each.text.startswith("&"))
        return name not in assigned_in(body) and not any(root(each.part("argument")) == name for each in pointed)

    def _static(self, name: str, kind: CType, initial: CNode | None, node: CNode, scope: CScope) -> None:
        """Declare a variable of a function that lives on: there is one, however often the function is called."""
        key = f"{self.function[-1].name}.{name}"
        if not isinstance(kind, CInt):
            raise not_understood(node, "a static pointer is not understood")
        if key not in self.states:
            first = v.CConst(kind, 0) if initial is None else self.integer(initial, CScope(), [])
            if not isinstance(first, v.CConst):
                raise not_understood(node, "what this variable is at first is no constant that is understood")
            slot = Slot(next(self.numbers), kind, self.fresh(name, scope))
            self.states[key] = slot, DeclareStep(slot.name, kind, v.convert(first, kind), node.span)
        scope.names[name] = self.states[key][0]

    def _if(self, node: CNode, work: Work, scope: CScope, out: list[Step], *, flat: bool) -> Work | list[CScope] | None:
        """Do an `if`: return the work that is left, the ends of the ways if all is done, or None to go on."""
        condition = self.truth(node.part("condition"), scope, out)
        then: Work = (node.part("consequence"),)
        alternative = node.maybe("alternative")
        otherwise: Work = () if alternative is None else (alternative,)
        known = v.truth(condition)
        if known is not None:
            return (*(then if known else otherwise), *work)
        ways = then, otherwise
        sides = [self._way(way, scope.copy()) for way in ways]
        leaving = [side is None for side in sides]
        ends = [side[1] for side in sides if side is not None]
        if len(ends) == len(ways) and merged(scope, ends):
            done = [tuple(side[0]) for side in sides if side is not None]
            out.append(IfStep(condition, done[0], done[1], node.span))
            return None
        if not flat:
            done, ends = [], []
            for way in ways:
                steps, found = self.run((*way, *work), scope.copy(), flat=False)
                done.append(tuple(steps))
                ends += found
            out.append(IfStep(condition, done[0], done[1], node.span))
            return ends
        first = 1 if leaving[1] and not leaving[0] else 0
        steps, _ = self.run((*ways[first], *work), scope.copy(), flat=True)
        if not (steps and isinstance(steps[-1], LeaveStep)):
            steps.append(LeaveStep("continue", node.span))
        asked = v.negated(condition) if first else condition
        out.append(IfStep(asked, tuple(steps), (), node.span))
        return (*ways[1 - first], *work)

    def _way(self, way: Work, scope: CScope) -> tuple[list[Step], CScope] | None:
        """Do one way alone; None where it leaves for what is behind it. The names of its block end with it."""
        names, visible = dict(scope.names), scope.visible
        try:
            steps, ends = self.run(way, scope, flat=False)
        except Left:
            return None
        if len(ends) != 1 and not merged(scope, ends):
            raise not_understood(self._first(way), "a pointer that leads to different regions is not understood")
        scope.names, scope.visible = names, visible
        return steps, scope

    def _first(self, work: Work) -> CNode:
        return next(each for each in work if isinstance(each, CNode))

    def _leave(self, node: CNode, work: Work, scope: CScope, out: list[Step]) -> Work:
        """Go on behind what a `return`, `continue` or `break` leaves. Raises `Rejected`."""
        if node.kind == "return_statement":
            for place, each in enumerate(work):
                if isinstance(each, EndTurn):
                    raise not_understood(node, "leaving the function in the middle of the map is not understood")
                if isinstance(each, EndFunction):
                    self._return(node, each, scope, out)
                    return work[place:]
        for place, each in enumerate(work):
            if isinstance(each, EndFunction):
                break
            if isinstance(each, EndTurn):
                if node.kind == "continue_statement":
                    return (EndTurn(each.carried, each.prior, node.span), *work[place + 1 :])
                out.append(LeaveStep("break", node.span))
                return ()
        if not any(isinstance(each, EndFunction | EndTurn) for each in work):
            raise Left
        raise not_understood(node)

    def _return(self, node: CNode, end: EndFunction, scope: CScope, out: list[Step]) -> None:
        if not node.parts:
            return
        kind = end.function.result
        if kind is None or end.result is None:
            self.effect(node.parts[0], scope, out)
            return
        made = self.converted(self.value(node.parts[0], scope, out), kind, node)
        if isinstance(end.result, SetFieldStep):
            if not isinstance(made, v.Expr):
                raise not_understood(node)
            out.append(SetFieldStep(end.result.region, end.result.name, end.result.kept, made, node.span))
        else:
            self.set(end.result, made, node, scope, out)
