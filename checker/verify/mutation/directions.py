"""Passes of which the direction does not matter, or which of two comes first.

*Sound*: where no turn of a pass ends it, knows the region before, looks where others are, or looks at a variable that
an earlier turn may have changed, what a turn does depends on its own region and on what was there before the pass; the
turns change different regions. So in whichever order they come, each does the same, every region is in the end the
same, and so is everything else but the order of what is exported. The turns of a pass over a list beside the map have
no region of their own; they may change none.

What is left of a variable that outlives the turns must not depend on their order either. It does not where the turns
only *gather* in it: all that give it a value give it the same constant; or each takes the greater of it and of a value
of its own, or the lesser; or each adds a value of its own or takes one away, modulo a power of two; or each combines it
with bits of its own, all in the same way. What each gathers is its own: it looks at no such variable.

Of two such passes, one right behind the other, either may come first if neither looks at what the other writes, and
what both write they write by combining it with bits of their own, both by the same of `and` and `or`. *Sound*: what
both passes together make of a region is what its two turns make of it, one after the other, and these see the same and
write the same in both orders. A pass looks at whether regions are dropped, as those have no turn. None that splits is
exchanged, since what others see of a region then is another region; no two that export, since that shows in the list;
and none that gives a variable a value that the other one looks at or changes.

What arithmetic is claimed to be exact is no difference at all: a claim changes no value (spec/language.md,
"Arithmetic"), only what is to be shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from checker import program as p
from checker.program import walk
from checker.program.node import Node
from checker.program.statements import StatementNode


class DirectionDifference(Enum):
    """The difference between two algorithms that are the same but for the direction of passes in which it does not
    matter."""

    NOTHING = "nothing"
    ORDER = "the order of what is exported"


def difference_in_direction(one: p.Algorithm, other: p.Algorithm) -> DirectionDifference | None:
    """Tell what differs between two algorithms that are the same but for the direction of passes in which it does not
    matter, and for what is claimed of arithmetic; None where they are not."""
    first, second = unclaimed(one), unclaimed(other)
    if _in_order(first, lists=False) == _in_order(second, lists=False):
        return DirectionDifference.NOTHING
    return DirectionDifference.ORDER if _in_order(first, lists=True) == _in_order(second, lists=True) else None


def unclaimed(node: Node) -> Node:
    """The same with nothing claimed to be exact. What is chosen, and what is said of passes, is left as it is."""
    if isinstance(node, p.Choose | p.Conjunct):
        return node
    if isinstance(node, p.Arith | p.Convert):
        node = replace(node, wraps=True)
    return node.with_children(unclaimed)


def _in_order(algorithm: Node, *, lists: bool) -> Node:
    """The same with passes forwards (`_forwards`), and with those of which either may come first in an order of their
    own."""
    node = _forwards(algorithm, lists=lists)
    assert isinstance(node, p.Algorithm)
    body = list(node.body)
    for end in range(len(body) - 1, 0, -1):
        for place in range(end):
            one, other = body[place : place + 2]
            if repr(other) < repr(one) and _may_be_exchanged(one, other):
                body[place : place + 2] = other, one
    return replace(node, body=tuple(body))


def _may_be_exchanged(one: p.Statement, other: p.Statement) -> bool:
    """Tell whether two statements are passes of which either may come first."""
    if not (isinstance(one, p.Pass) and isinstance(other, p.Pass)):
        return False
    if any(each.beside or walk.has_split(each) or not _is_free(each) for each in (one, other)):
        return False
    assigned = [walk.assigned(each.body) - walk.bound(each.body) for each in (one, other)]
    if assigned[0] & (assigned[1] | walk.scalars_read(other)) or assigned[1] & walk.scalars_read(one):
        return False
    seen, changed = zip(*(_of_regions(each) for each in (one, other)), strict=True)
    if seen[0] & changed[1].keys() or seen[1] & changed[0].keys():
        return False
    ways = [changed[0][name] | changed[1][name] for name in changed[0].keys() & changed[1].keys()]
    return all(len(each) == 1 and None not in each for each in ways)


def _of_regions(part: p.Pass) -> tuple[frozenset[str], Mapping[str, set[p.Op | None]]]:
    """The fields and marks that a pass looks at otherwise than to combine them with bits of its own, and those that it
    writes, each with the operators by which it does: None is any other way."""
    seen = walk.fields_read(part.where) | {p.DROPPED}
    changed: dict[str, set[p.Op | None]] = {}
    for each in walk.statements(part.body):
        looked_at: Iterable[Node] = (child for child in each.children if not isinstance(child, StatementNode))
        way = None
        match each:
            case p.SetField(
                region=region,
                field=field,
                value=p.Arith(op=p.Op.AND | p.Op.OR as op, left=p.Field(region=of, name=name), right=own),
            ) if (of, name) == (region, field):
                way, looked_at = op, (own,)
            case _:
                pass
        seen = seen.union(each.effects.reads, *map(walk.fields_read, looked_at))
        for name in each.effects.writes:
            changed.setdefault(name, set()).add(way)
    return seen, changed


def _forwards(node: Node, *, lists: bool) -> Node:
    """The same with every pass forwards of which the direction does not matter, and with nothing said of such a pass;
    those that export only with ``lists``."""
    if isinstance(node, p.Pass) and _is_free(node) and (lists or p.EXPORTED not in walk.writes(node.body)):
        node = replace(node, reverse=False, invariants=())
    return node.with_children(partial(_forwards, lists=lists))


def _is_free(part: p.Pass) -> bool:
    """Tell whether the turns of a pass have nothing to do with each other, but for what they gather."""
    if p.Exit.PASS in walk.exits(part.body) or walk.remembers(part.body) or (part.beside and walk.writes(part.body)):
        return False
    every = tuple(walk.statements(part.body))
    if any(isinstance(each, p.Choose) and each.room is not None for each in every):
        return False
    shared = walk.assigned(part.body) - walk.bound(part.body)
    ways: dict[str, Hashable] = {}
    looked_at = walk.scalars_read(part.where)
    for each in every:
        gathered = _gathered(each) if shared & set(each.effects.assigns) else None
        if gathered is not None:
            if ways.setdefault(gathered.name, gathered.way) != gathered.way:
                return False
            looked_at |= walk.scalars_read(gathered.own)
        elif shared & set(each.effects.assigns):
            return False
        else:
            looked_at = looked_at.union(
                *(walk.scalars_read(child) for child in each.children if not isinstance(child, StatementNode))
            )
    return not shared & looked_at


@dataclass(frozen=True)
class _Gathered:
    """One step of gathering in a variable: the way, and the values of its own that it looks at."""

    name: str
    way: Hashable
    own: tuple[p.Expr, ...] = ()


_WAYS = {p.Op.ADD: "sum", p.Op.SUB: "sum", p.Op.AND: p.Op.AND, p.Op.OR: p.Op.OR}
"""The operators with which the order of what is gathered does not matter; those that count as one may be mixed."""


def _gathered(statement: p.Statement) -> _Gathered | None:
    """The step of gathering that a statement is; None where it does something else to a variable, or nothing."""
    match statement:
        case p.Assign(name=name, value=p.Const() as value):
            return _Gathered(name, value)
        case p.Assign(name=name, value=p.Arith(op=op, left=p.Var(name=same), right=own, wraps=True)) if (
            name == same and op in _WAYS
        ):
            return _Gathered(name, _WAYS[op], (own,))
        case p.Assign(name=name, value=p.IfElse(condition=p.Compare(rel=p.Rel.LT | p.Rel.LE) as ask) as value):
            old = next((each for each in (ask.left, ask.right) if isinstance(each, p.Var) and each.name == name), None)
            own = ask.right if ask.left == old else ask.left
            if old is None or {value.then, value.otherwise} != {old, own}:
                return None
            return _Gathered(name, "greatest" if value.then == ask.right else "least", (own,))
        case _:
            return None
