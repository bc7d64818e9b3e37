"""The algorithm that is being read: what its statements so far mean for those that follow."""

from __future__ import annotations

from dataclasses import field

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.base.values import mutable
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.scope import KIND, RegionBinding, Scope, SequenceBinding
from checker.language.syntax import tree as s


@mutable
class Unfinished:
    """An algorithm as far as it is read."""

    expressions: Elaborator
    split: bool = False
    """Tells that a pass before may have split regions."""
    chosen: set[str] = field(default_factory=set)
    """The names of what is chosen."""
    within: list[SequenceBinding] = field(default_factory=list)
    """The lists of the passes around what is read, the outermost first."""


def region_of(
    name: s.Ident, span: Span, scope: Scope, region: RegionBinding | None, *, of_turn: bool = True
) -> RegionBinding:
    """The region that a name stands for; the one whose turn it is, unless ``of_turn`` is false."""
    if region is None:
        raise reject(LayoutCode.OUTSIDE_PASS, "there is no region outside a pass", span, "use it inside `for`")
    binding = scope.lookup(name, name.span)
    if not isinstance(binding, RegionBinding):
        message = f"`{name}` is {KIND[type(binding)]}, not a region"
        raise reject(LayoutCode.WRONG_OPERAND, message, name.span, f"use `{region.variable}`")
    if binding.beside:
        message = f"`{name}` is of a list beside the map, which nothing changes"
        raise reject(LayoutCode.NOT_ASSIGNABLE, message, name.span, "change a region of the map, or a `var`")
    if of_turn and not binding.of_turn:
        message = f"`{name}` has had its turn: its fields can be set, and nothing else be done to it"
        raise reject(LayoutCode.WRONG_OPERAND, message, name.span, f"use `{region.variable}`")
    return binding
