"""Calls: as the binding says, else as a macro, else with the function in the place of the call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.base.codes import SourceCode
from checker.base.diagnostic import reject
from checker.csource import values as v
from checker.csource.binding import Action, BoundCall
from checker.csource.lower.effects import touched, unsequenced
from checker.csource.lower.expressions import Expressions
from checker.csource.lower.scope import CScope, Null, Slot, Somewhere, ToRegion, Value
from checker.csource.lower.work import EndFunction, Work, merged
from checker.csource.steps import AssignStep, DeclareStep, ExportStep, IfStep, PlaceStep, RemarkStep, Step
from checker.csource.syntax.parse import CNode, not_understood
from checker.csource.syntax.unit import CFunction
from checker.csource.types import ULONG, CInt, CType


class Calls(Expressions):
    """Does calls in a scope; ``function`` are the functions that are under way, ``numbers`` those of variables."""

    function: list[CFunction]
    numbers: Iterator[int]

    def run(self, work: Work, scope: CScope, *, flat: bool) -> tuple[list[Step], list[CScope]]:
        """Do what is to be done, up to the end."""
        raise NotImplementedError

    def declare(self, name: str, kind: CType, scope: CScope) -> Slot:
        """Make a variable of a block."""
        called = self.fresh(name, scope) if isinstance(kind, CInt) else ""
        slot = Slot(next(self.numbers), kind, called)
        scope.names[name] = slot
        return slot

    def call(self, name: str, node: CNode, scope: CScope, out: list[Step]) -> Value | None:
        """Do a call: as the binding says, else as a macro, else with the function in its place. Raises `Rejected`."""
        text = " ".join(node.text.split())
        bound = self.unit.binding.calls.get(text) or self.unit.binding.calls.get(name)
        if bound is not None:
            return self._bound(bound, node, scope, out)
        if name in ("IS_ENABLED", "defined") and len(node.part("arguments").parts) == 1:
            asked = node.part("arguments").parts[0].text
            if asked not in self.unit.settings:
                message = f"the binding does not say whether {asked} is set"
                raise reject(SourceCode.UNSETTLED, message, node.span, "settle it under `[settings]` of the binding")
            return v.TRUE if self.unit.settings[asked] else v.FALSE
        if self.unit.has_function(name) and self.unit.is_macro(name):
            raise not_understood(node, "a function that has the name of a macro is not understood")
        if not self.unit.has_function(name):
            made = self.macro_call(node, scope, out)
            if made is not None:
                return made
        return self._inlined(self.unit.function(name, node.span), node, scope, out)

    def _bound(self, bound: BoundCall, node: CNode, scope: CScope, out: list[Step]) -> Value | None:
        arguments = node.part("arguments").parts
        if bound.action is Action.EXPORT:
            target = self.value(arguments[bound.argument - 1], scope, out) if bound.argument <= len(arguments) else None
            if not isinstance(target, ToRegion) or (bound.size and arguments[-1].text != bound.size):
                raise not_understood(node, "this call exports no region of the map as the binding has it")
            out.append(ExportStep(target.name, node.span))
            return Somewhere(False)
        if bound.action is Action.PLACE:
            self._placed(bound, node, scope, out)
            return Somewhere()
        # The arguments are not evaluated: nothing in them may have an effect, and what is not known may have one.
        if any(touched(self.unit, each).changed or self._unknown_call(each) for each in arguments):
            raise not_understood(node, "an argument that changes something, or may, is not understood here")
        if bound.action is Action.NOTHING:
            out.append(RemarkStep(bound.reason, node.span))
            return Somewhere()
        if bound.value in ("null", "nonnull"):
            if bound.reason:
                out.append(RemarkStep(bound.reason, node.span))
            return Null() if bound.value == "null" else Somewhere(False)
        found = self.parameter(bound.value)
        return found if found is not None else self._snippet(bound.value, node, scope, out, alone=True)

    def _placed(self, bound: BoundCall, node: CNode, scope: CScope, out: list[Step]) -> None:
        """Do a call that maps a region at an address: the last such call says where the region is."""
        arguments = node.part("arguments").parts
        if max(bound.argument, bound.at) > len(arguments):
            raise not_understood(node, "this call has no such arguments as the binding says")
        others = [each for place, each in enumerate(arguments, 1) if place not in (bound.argument, bound.at)]
        if any(touched(self.unit, each).changed or self._unknown_call(each) for each in others):
            raise not_understood(node, "an argument that changes something, or may, is not understood here")
        unsequenced(self.unit, arguments)
        target = self.value(arguments[bound.argument - 1], scope, out)
        address = self.value(arguments[bound.at - 1], scope, out)
        if not isinstance(target, ToRegion) or not isinstance(address, v.Expr):
            raise not_understood(node, "this call places no region of the map as the binding has it")
        kept = next(each[2] for name, each in self.unit.binding.fields.items() if name == self.unit.binding.placed)
        out.append(PlaceStep(target.name, kept, v.convert(address, ULONG), node.span))

    def _unknown_call(self, node: CNode) -> bool:
        """Tell whether something is called in an expression of which nothing says what it does."""
        unit = self.unit
        calls = (each.part("function") for each in node.within() if each.kind == "call_expression")
        return any(
            each.kind != "identifier"
            or not (each.text in unit.binding.calls or unit.has_function(each.text) or unit.is_macro(each.text))
            for each in calls
        )

    def _inlined(self, function: CFunction, node: CNode, scope: CScope, out: list[Step]) -> Value | None:
        if any(each.name == function.name for each in self.function):
            raise not_understood(node, "a function that calls itself is not understood")
        arguments = node.part("arguments").parts
        if len(arguments) != len(function.parameters):
            raise not_understood(node, f"`{function.name}` has {len(function.parameters)} parameters; this")
        unsequenced(self.unit, arguments)
        given = [self.value(each, scope, out) for each in arguments]
        before = tuple(scope.names.items())
        visible = scope.visible
        steps: list[Step] = []
        inner = scope.copy()
        inner.names = {}
        result: Slot | None = None
        if function.result is not None:
            kind = function.result
            called = self.fresh(f"{function.name}_result", inner) if isinstance(kind, CInt) else ""
            result = Slot(next(self.numbers), kind, called)
            if isinstance(kind, CInt):
                inner.unset.add(result.number)
                steps.append(DeclareStep(called, kind, v.CConst(kind, 0), node.span, True))
        self.bind(function.parameters, given, inner, steps, node)
        self.function.append(function)
        done, ends = self.run((function.body, EndFunction(result, before, function)), inner, flat=False)
        self.function.pop()
        for each in ends:
            each.visible = visible
        value = self._pure(function, result, steps, done)
        if not merged(scope, ends):
            raise not_understood(node, "a function that sets a pointer in different ways is not understood")
        scope.names = dict(before)
        if value is not None:
            scope.visible = visible
            return value
        out += [*steps, *done]
        # What is declared in the place of the call stands in the block of the call.
        scope.visible = visible | {each.name for each in (*steps, *done) if isinstance(each, DeclareStep)}
        if result is None:
            return None
        if result.number in scope.unset:
            raise reject(SourceCode.UNDEFINED, f"`{function.name}` may return nothing", node.span, "return a value")
        if isinstance(result.type, CInt):
            return v.CRead(result.type, result.name)
        return scope.targets.get(result.number, Somewhere())

    def bind(
        self,
        parameters: Iterable[tuple[str, CType]],
        given: Iterable[Value],
        scope: CScope,
        out: list[Step],
        node: CNode,
    ) -> None:
        """Make the parameters of a function, with what they are given. Raises `Rejected`."""
        for (name, kind), value in zip(parameters, given, strict=True):
            made = self.converted(value, kind, node)
            slot = self.declare(name, kind, scope)
            if isinstance(made, v.Expr):
                assert isinstance(kind, CInt)
                out.append(DeclareStep(slot.name, kind, made, node.span))
            else:
                scope.targets[slot.number] = made

    def _pure(self, function: CFunction, result: Slot | None, steps: list[Step], done: list[Step]) -> v.Expr | None:
        """Return the value of a function that does nothing else, as one expression."""
        if result is None or not isinstance(result.type, CInt) or len(steps) > 1:
            return None
        return _valued(result.name, result.type, tuple(done))


def _valued(name: str, kind: CInt, steps: tuple[Step, ...]) -> v.Expr | None:
    """Return the value that steps give a variable, if they do nothing else."""
    if len(steps) != 1:
        return None
    only = steps[0]
    if isinstance(only, AssignStep) and only.name == name:
        return only.value
    if isinstance(only, IfStep):
        then, otherwise = _valued(name, kind, only.then), _valued(name, kind, only.otherwise)
        if then is not None and otherwise is not None:
            return v.choose(only.condition, then, otherwise, kind)
    return None
