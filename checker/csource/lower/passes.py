"""Loops over the map as passes: by a macro, by a function that walks, or by a count of bytes."""

from __future__ import annotations

from checker.base.codes import SourceCode
from checker.base.diagnostic import reject
from checker.csource import values as v
from checker.csource.binding import Sieve
from checker.csource.lower.calls import Calls
from checker.csource.lower.effects import assigned_in
from checker.csource.lower.evaluating import opaque
from checker.csource.lower.scope import Base, CScope, Null, Slot, Somewhere, Target, ToPrior, ToRegion, Value
from checker.csource.lower.sieves import sifting
from checker.csource.lower.walks import goes_backward
from checker.csource.lower.work import EndTurn, StrideLoop
from checker.csource.steps import (
    AssignStep,
    DropStep,
    ExportStep,
    IfStep,
    LeaveStep,
    PassStep,
    PlaceStep,
    SetFieldStep,
    Step,
    expressions_of,
    steps_within,
)
from checker.csource.syntax.parse import CNode, not_understood
from checker.csource.types import CInt, Pointer


class Passes(Calls):
    """Does loops; ``stride`` is the loop over bytes that is under way, ``in_pass`` that any is."""

    stride: StrideLoop | None
    in_pass: bool

    def _loop(self, node: CNode, scope: CScope, out: list[Step]) -> None:
        """Do a loop over the map as a pass. Raises `Rejected` at any other loop."""
        function = self.function[-1]
        macro = function.loops.get(node.span.start)
        condition = node.part("condition")
        while condition.kind == "parenthesized_expression" and len(condition.parts) == 1:
            condition = condition.parts[0]
        if node.kind == "for_statement" and (sieve := self.unit.binding.sieves.get(function.name)) is not None:
            self._sift(node, sieve, scope, out)
            return
        if macro is not None and condition.kind == "identifier":
            backward, pointer, stride = self.unit.binding.loops[macro], condition.text, None
        elif node.kind == "while_statement" and (walked := self._walked(condition, scope)) is not None:
            backward, pointer, stride = *walked, None
        elif node.kind == "for_statement" and (counter := self._strides(node, scope)) is not None:
            backward, pointer, stride = False, "", counter
        else:
            raise not_understood(node, "a loop that is not over the map is not understood")
        if self.in_pass:
            raise not_understood(node, "a loop over the map inside of another one is not understood")
        self._pass(node, pointer, stride, scope, out, backward=backward)

    def _walked(self, condition: CNode, scope: CScope) -> tuple[bool, str] | None:
        """Return the direction and the pointer of `while ((p = next(p)))`, where the function goes through the map."""
        if condition.kind != "assignment_expression" or condition.part("right").kind != "call_expression":
            return None
        pointer, call = condition.part("left").text, condition.part("right")
        name, arguments = call.part("function").text, call.part("arguments").parts
        slot = scope.names.get(pointer)
        walker = self.unit.binding.walkers.get(name)
        if walker is None or slot is None or [each.text for each in arguments] != [pointer]:
            return None
        if slot.number in scope.unset or not isinstance(scope.targets.get(slot.number), Null):
            raise not_understood(condition, "a walk that does not begin with a null pointer is not understood")
        return goes_backward(self, name, walker, call), pointer

    def _strides(self, node: CNode, scope: CScope) -> Slot | None:
        """Return the counter of `for (l = 0; l < length; l += size)`, with the names that the binding has for these."""
        stride = self.unit.binding.strides.get(self.function[-1].name)
        first, condition, step = node.maybe("initializer"), node.maybe("condition"), node.maybe("update")
        if stride is None or first is None or condition is None or step is None:
            return None
        counter = first.maybe("left")
        texts = ["".join(each.text.split()) for each in (first, condition, step)]
        name = "" if counter is None else counter.text
        if texts != [f"{name}=0", f"{name}<{stride.length}", f"{name}+={stride.size}"]:
            return None
        slot = scope.names.get(name)
        changed = [
            each for each in node.part("body").within() if each.kind in ("assignment_expression", "update_expression")
        ]
        for each in changed:
            if (each.maybe("left") or each.part("argument")).text in (name, stride.length, stride.size, stride.base):
                raise not_understood(each, "changing what the loop counts by is not understood")
        return slot if slot is not None and isinstance(slot.type, CInt) else None

    def strided(self, operator: str, one: Value, other: Value, node: CNode) -> Target | None:
        """Return the region of the turn for `base + counter` in a loop over bytes."""
        stride = self.stride
        counts = stride is not None and isinstance(other, v.CRead) and other.name == stride.counter.name
        if stride is not None and operator == "+" and one == Base(bytes=True) and counts:
            return ToRegion(stride.region)
        if isinstance(one, Base) or isinstance(other, Base):
            raise not_understood(node, "this place in the map is not understood")
        return None

    def _pass(
        self, node: CNode, pointer: str, counter: Slot | None, scope: CScope, out: list[Step], *, backward: bool
    ) -> None:
        body = node.part("body")
        region = self.fresh("region", scope)
        changed = assigned_in(body)
        if pointer in changed:
            raise not_understood(node, "a loop whose pointer is set in it is not understood")
        carried = [
            slot
            for name in changed
            if (slot := scope.names.get(name)) is not None
            and isinstance(slot.type, Pointer)
            and slot.type.to in self.unit.binding.descriptors
            and isinstance(scope.targets.get(slot.number), Null)
            and slot.number not in scope.unset
        ]
        if len(carried) > 1:
            raise not_understood(node, "more than one region that is carried on is not understood")
        prior = self.fresh("prior", scope) if carried else ""
        inner = scope.copy()
        for name in changed:
            slot = inner.names.get(name)
            if slot is not None and isinstance(slot.type, Pointer):
                inner.targets[slot.number] = ToPrior(prior) if slot in carried else Somewhere()
        if pointer:
            slot = inner.names.get(pointer)
            if slot is None:
                raise not_understood(node)
            inner.targets[slot.number] = ToRegion(region)
            inner.unset.discard(slot.number)
        if counter is not None:
            inner.unset.discard(counter.number)
        self.stride = None if counter is None else StrideLoop(counter, "", region)
        self.in_pass = True
        end = EndTurn(carried[0] if carried else None, prior, node.span)
        steps, _ = self.run((body, end), inner, flat=True)
        self.stride, self.in_pass = None, False
        if counter is not None:
            # What it counts is the place of the region: as a number it is not followed.
            scope.unset.add(counter.number)
            if any(
                counter.name in v.names_in(each) for step in steps_within(tuple(steps)) for each in expressions_of(step)
            ):
                raise not_understood(node, "the count of a loop over bytes as a number is not understood")
        if steps and isinstance(steps[-1], LeaveStep) and steps[-1].word == "continue":
            steps.pop()
        out.append(PassStep(region, backward, prior, tuple(steps), node.span))
        for name in [*changed, pointer]:
            slot = scope.names.get(name)
            if slot is not None and isinstance(slot.type, Pointer):
                scope.targets[slot.number] = Somewhere()

    def _sift(self, node: CNode, sieve: Sieve, scope: CScope, out: list[Step]) -> None:
        """Do a loop that moves regions together as a pass that drops the others. Raises `Rejected`."""
        if self.in_pass:
            raise not_understood(node, "a loop over the map inside of another one is not understood")
        found = sifting(self.function[-1].body, node, sieve)
        region = self.fresh("region", scope)
        inner = scope.copy()
        pointer = inner.names.get(found.pointer)
        if pointer is None or not isinstance(pointer.type, Pointer):
            raise not_understood(node)
        inner.targets[pointer.number] = ToRegion(region)
        steps: list[Step] = []
        # What counts turns is a number that is not followed, in the loop and behind it.
        unknown = opaque(node.part("condition"), "a count of regions is not understood")
        counters = [slot for each in found.counters if (slot := scope.names.get(each)) is not None]
        if len(counters) != len(found.counters):
            raise not_understood(node)
        for each in counters:
            for known, into in ((inner, steps), (scope, out)):
                known.unset.discard(each.number)
                if isinstance(each.type, CInt):
                    into.append(AssignStep(each.name, v.COpaque(unknown, (), each.type), node.span))
        self.in_pass = True
        kept = self.truth(found.kept, inner, steps)
        self.in_pass = False
        steps.append(IfStep(kept, (), (DropStep(region, node.span),), found.kept.span))
        if any(isinstance(each, SetFieldStep | PlaceStep | ExportStep) for each in steps_within(tuple(steps))):
            raise not_understood(node, "a region that is changed while regions are moved together is not understood")
        out.append(PassStep(region, False, "", tuple(steps), node.span))
        for each in scope.names.values():
            if isinstance(each.type, Pointer) and each.type.to in self.unit.binding.descriptors:
                scope.targets[each.number] = Somewhere()

    def _end_turn(self, end: EndTurn, scope: CScope, out: list[Step]) -> None:
        target = None if end.carried is None else scope.targets.get(end.carried.number)
        if isinstance(target, ToPrior):
            out.append(LeaveStep("keep", end.span, end.prior))
        elif target is not None and not isinstance(target, ToRegion):
            message = "what is carried on to the next turn is neither this region nor the one before"
            raise reject(SourceCode.NOT_UNDERSTOOD, message, end.span, "only one region before is understood")
        else:
            out.append(LeaveStep("continue", end.span))
