"""Passes of which the direction does not matter.

*Sound*: where no turn of a pass changes a variable that outlives it, nor ends the pass, what a turn does depends on its
own region and on what was there before the pass; the turns change different regions. So in whichever order they come,
every region is in the end the same, and so is everything else but the order of what is exported.
"""

from __future__ import annotations

from dataclasses import replace

from checker import program as p
from checker.program import walk
from checker.program.node import Node


def differ_in_direction(one: p.Algorithm, other: p.Algorithm) -> bool:
    """Tell whether two algorithms are the same but for the direction of passes in which it does not matter."""
    return _forwards(one) == _forwards(other)


def _forwards(node: Node) -> Node:
    """The same with every pass forwards of which the direction does not matter."""
    if isinstance(node, p.Pass) and node.reverse and _is_free(node):
        node = replace(node, reverse=False, invariants=())
    return node.with_children(_forwards)


def _is_free(part: p.Pass) -> bool:
    """Tell whether the turns of a pass have nothing to do with each other."""
    return walk.assigned(part.body) <= walk.bound(part.body) and p.Exit.PASS not in walk.exits(part.body)
