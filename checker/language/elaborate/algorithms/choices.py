"""Choices, which an algorithm leaves open: `choose`, and the room that it may ask for."""

from __future__ import annotations

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import reject
from checker.language.elaborate.algorithms.unfinished import Unfinished
from checker.language.elaborate.operators import describe, step_type
from checker.language.elaborate.scope import RegionBinding, Scope, ValueBinding
from checker.language.syntax import tree as s
from checker.program import lower, walk
from checker.program import types as t

CHOOSE_BEFORE = "choose before the regions are split, or outside the pass"


def choose(unfinished: Unfinished, node: s.Choose, scope: Scope, region: RegionBinding | None) -> p.Statement:
    """A choice, with what it leaves open. Raises `Rejected`."""
    if region is not None and unfinished.split:
        message = "what is chosen in a pass is chosen for a region of the map, and here it may be a piece of one"
        raise reject(LayoutCode.CHOSEN_FOR_PIECES, message, node.span, CHOOSE_BEFORE)
    kind = unfinished.expressions.type(node.type, scope)
    if any(each.beside for each in unfinished.within):
        message = "nothing is chosen in a pass over a list beside the map, nor inside one"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.span, "choose before that pass, and keep the value")
    if isinstance(kind, t.Boolean) and node.low is None:
        _choose_once(unfinished, node)
        scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
        return lower.choose_truth(node.name)
    if not isinstance(kind, t.Integer):
        message = f"{describe(kind)} has no order, so no range to choose from"
        remedy = "choose a number, then convert it with `as`"
        if isinstance(kind, t.Boolean):
            remedy = f"write `choose {node.name}: bool`"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.type.span, remedy)
    if node.low is None or node.high is None:
        message = f"a {kind.name} is chosen from a range"
        remedy = f"write `choose {node.name}: {kind.name} in A .. B`"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.type.span, remedy)
    low, high = (unfinished.expressions.expression(e, scope, kind) for e in (node.low, node.high))
    alignment = 1
    if node.alignment is not None:
        alignment = unfinished.expressions.constant(node.alignment, scope, step_type(kind)).value
        if alignment == 0:
            remedy = "use an alignment above 0"
            raise reject(LayoutCode.DIVISION_BY_ZERO, "alignment to zero", node.alignment.span, remedy)
    if isinstance(low, p.Const) and isinstance(high, p.Const) and -(-low.value // alignment) * alignment >= high.value:
        message = f"no value from {low.value:#x} up to {high.value:#x} can be chosen"
        raise reject(LayoutCode.EMPTY_WINDOW, message, node.low.span.to(node.high.span), "the end is exclusive")
    room = None if node.apart is None else _room(unfinished, node.apart, kind, scope, region)
    _choose_once(unfinished, node)
    scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
    return p.Choose(node.name, kind, low, high, alignment, room)


def _room(
    unfinished: Unfinished, node: s.Apart, kind: t.Integer, scope: Scope, region: RegionBinding | None
) -> p.Clearance:
    """The room that an address has to have: for the region whose turn it is, beside all others."""
    if region is None:
        message = "room is for the region whose turn it is, beside all others that are placed"
        raise reject(LayoutCode.OUTSIDE_PASS, message, node.span, "choose inside `for`")
    record = region.record.record
    places = tuple((name, record.placed(name)) for name in record.placements if record.type_of(name) == kind)
    if not places:
        message = f"regions of `{record.name}` are placed at no {describe(kind)}"
        names = " or ".join(f"`{record.type_of(each).name}`" for each in record.placements) or "a `placed at` field"
        raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, f"choose an address of the type of {names}")
    size = unfinished.expressions.expression(node.size, scope, t.BYTES)
    if walk.scalars_read(size) or walk.regions_read(size) - {region.variable}:
        message = f"how much room a region takes is told by the fields of `{region.variable}` alone"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.size.span, f"write `apart by {region.variable}.size`")
    return p.Clearance(region.variable, places, size)


def _choose_once(unfinished: Unfinished, node: s.Choose) -> None:
    if node.name in unfinished.chosen:
        message = f"`{node.name}` is chosen in two places"
        raise reject(LayoutCode.DUPLICATE_NAME, message, node.name.span, "choose under another name")
    unfinished.chosen.add(node.name)
