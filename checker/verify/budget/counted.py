"""The regions that a budget counts, those of them that need no address in the end, and the window in which they are to
lie: as the texts of an algorithm and of its scenarios tell.

*Sound*: nothing rests on it. What is made here is part of the question, which is shown with the answer; whatever it
says, both sides of the bound are decided as checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from itertools import chain
from typing import Any, TypeVar

from checker import program as p
from checker.base.values import frozen
from checker.language.formatter.expressions import format_expression
from checker.language.syntax import tree as s

REGION = "r"
"""The name of a region in what is asked."""

_EDGES = ("start", "end", "size")
_PROVED = str(p.Expected.PROVED)
_INSIDE = "fits"
"""The property that says that a layout keeps to a window."""

N = TypeVar("N", bound=s.Node)


def within(nodes: Sequence[s.Node], kind: type[N]) -> Iterator[N]:
    """The nodes of a kind among some and all of which they consist."""
    for node in nodes:
        if isinstance(node, kind):
            yield node
        yield from within(tuple(node.children()), kind)


@frozen
class _Reached:
    """A statement in a pass over the map, and the conditions of the ``if`` around it and of the ways out before it."""

    made: s.For
    statement: s.Statement
    under: tuple[s.Expr, ...]


def selection(algorithm: s.Algorithm, meant: Mapping[str, s.Expr]) -> str:
    """The condition by which an algorithm's passes select the regions to which they give addresses; empty if one
    selects all. ``meant`` stands for its parameters.

    Of what is asked behind ``where`` and by an ``if``, parts are left out that ask the algorithm's own variables: who
    they are about may count. Of an ``if``, so are those that are not about the region, or about its marks.
    """
    found: list[str] = []
    for each in _of_first_place(_reached(algorithm, s.Place)):
        asked = [] if each.made.where is None else list(_conjuncts(each.made.where))
        asked += [part for part in each.under if _about(part, each.made.variable)]
        told = _told(asked, _own(algorithm, each.made), each.made, meant)
        if not told:
            return ""
        found.append(" and ".join(told))
    return _any_of(found)


def given_back(algorithm: s.Algorithm, meant: Mapping[str, s.Expr]) -> str:
    """The condition under which an algorithm takes a region's address away again; empty if it takes none."""
    taken = [each for each in _reached(algorithm, s.Act) if _takes(each.statement)]
    found: list[str] = []
    for each in _of_first_place(taken):
        asked = [*(() if each.made.where is None else _conjuncts(each.made.where)), *each.under]
        if not any(_false(part, meant) for part in asked):
            told = _told(asked, _own(algorithm, each.made), each.made, meant)
            found.append(" and ".join(told) or "true")
    return _any_of(found)


def window(tree: s.Module, algorithm: s.Algorithm) -> str:
    """The window that an algorithm names by its edges; else the one in which a scenario expects its layout to fit."""
    parts = tuple(chain(algorithm.body, (each.default for each in algorithm.parameters if each.default is not None)))
    own = {each.variable for each in within(parts, s.For)} | {each.name for each in algorithm.parameters}
    for each in within(parts, s.Attribute):
        if each.name in _EDGES and isinstance(each.operand, s.Name) and each.operand.name not in own:
            return each.operand.name
    return next(_expected(tree, algorithm), "")


def _expected(tree: s.Module, algorithm: s.Algorithm) -> Iterator[str]:
    for scenario in (each for each in tree.items if isinstance(each, s.Scenario)):
        made = {each.name for each in scenario.clauses if isinstance(each, s.Run) and each.algorithm == algorithm.name}
        for check in within((scenario,), s.Check):
            for call in within(check.formulas if str(check.expected or _PROVED) == _PROVED else (), s.Call):
                match call.arguments:
                    case (s.Name(name=layout), s.Name(name=found)) if call.function == _INSIDE and layout in made:
                        yield found
                    case _:
                        pass


def renamed(node: s.Expr, meant: Mapping[str, s.Expr]) -> s.Expr:
    """An expression in which other ones stand for some names."""
    if isinstance(node, s.Name):
        return meant.get(node.name, node)
    changed: dict[str, Any] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, s.Expr):
            changed[each.name] = renamed(value, meant)
        elif isinstance(value, tuple):
            changed[each.name] = tuple(renamed(item, meant) if isinstance(item, s.Expr) else item for item in value)
    return replace(node, **changed)


def _reached(algorithm: s.Algorithm, kind: type[s.Statement]) -> list[_Reached]:
    """The statements of a kind in passes over the map: those of entries' turns stand in them."""
    passes = [each for each in within(algorithm.body, s.For) if any(within(each.body, kind))]
    outer = [each for each in passes if not any(each in within(one.body, s.For) for one in passes)]
    return [_Reached(each, found, under) for each in outer for found, under in _in(each.body, (), kind)]


def _in(
    body: Sequence[s.Statement], under: tuple[s.Expr, ...], kind: type[s.Statement]
) -> Iterator[tuple[s.Statement, tuple[s.Expr, ...]]]:
    for each in body:
        if isinstance(each, kind):
            yield each, under
        match each:
            case s.If(condition=asked, then=then, otherwise=otherwise):
                refused = _refused(asked)
                yield from _in(then, (*under, *_conjuncts(asked)), kind)
                yield from _in(otherwise, (*under, refused), kind)
                if then and isinstance(then[-1], s.Leave) and not otherwise:
                    under = (*under, refused)
            case s.For(body=inner) | s.While(body=inner):
                yield from _in(inner, under, kind)
            case _:
                pass


def _refused(asked: s.Expr) -> s.Expr:
    """The condition that another one does not hold."""
    if isinstance(asked, s.Unary) and asked.operator == "not":
        return asked.operand
    return s.Unary("not", asked, span=asked.span)


def _of_first_place(found: list[_Reached]) -> list[_Reached]:
    """Those that are about the address that a record has first, if any are."""
    first = [each for each in found if getattr(each.statement, "field", None) is None]
    return first or found


def _takes(statement: s.Statement) -> bool:
    return isinstance(statement, s.Act) and statement.act is s.RegionAct.UNPLACE


def _own(algorithm: s.Algorithm, made: s.For) -> frozenset[str]:
    """The names that an algorithm makes, but for that of the region in a pass."""
    body = algorithm.body
    made_there = {each.name for each in within(body, s.Let)} | {each.name for each in within(body, s.Choose)}
    others = {name for each in within(body, s.For) for name in (each.variable, each.previous) if name is not None}
    return frozenset((made_there | others) - {made.variable})


def _about(part: s.Expr, region: str) -> bool:
    """Tell whether a condition is about a region, and about no mark of it."""
    marks = {each.name for each in within((part,), s.Attribute)} & {*p.MARKS, p.VISITED}
    return not marks and any(each.name == region for each in within((part,), s.Name))


def _told(asked: Sequence[s.Expr], own: AbstractSet[str], made: s.For, meant: Mapping[str, s.Expr]) -> list[str]:
    """The parts that ask none of the algorithm's own variables, as they read outside of it."""
    parts = [part for part in asked if not own & {name.name for name in within((part,), s.Name)}]
    meaning = {**meant, made.variable: s.Name(REGION, span=made.span)}
    return list(dict.fromkeys(format_expression(renamed(part, meaning)) for part in parts))


def _false(part: s.Expr, meant: Mapping[str, s.Expr]) -> bool:
    """Tell whether a condition is false by what stands for the parameters."""
    match renamed(part, meant):
        case s.Truth(value=value):
            return not value
        case s.Unary(operator="not", operand=s.Truth(value=value)):
            return value
        case _:
            return False


def _any_of(conditions: Sequence[str]) -> str:
    parts = list(dict.fromkeys(conditions))
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)


def _conjuncts(node: s.Expr) -> Iterator[s.Expr]:
    """The parts of a condition that all have to hold."""
    if isinstance(node, s.Binary) and node.operator == "and":
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node
