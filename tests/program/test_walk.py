"""The one walk over programs finds what there is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from checker import program as p
from checker.program import types as t
from checker.program import walk
from tests.writers import programs


def reflected(tree: object) -> Iterator[p.Node]:
    """Every node of a tree, as the fields of its classes have them, whatever these say of their parts."""
    if isinstance(tree, p.Node):
        yield tree
    if isinstance(tree, tuple):
        for each in tree:
            yield from reflected(each)
    elif dataclasses.is_dataclass(tree):
        for item in dataclasses.fields(tree):
            if item.name not in ("span", "type"):
                yield from reflected(getattr(tree, item.name))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_of_a_program_is_left_out_and_nothing_comes_in_another_order(seed: int) -> None:
    _, made, _ = programs.scenario(seed)
    assert [id(node) for node in walk.nodes(made)] == [id(node) for node in reflected(made)]


@pytest.mark.parametrize("seed", range(5))
def test_expressions_and_statements_are_nodes(seed: int) -> None:
    _, made, _ = programs.scenario(seed)
    found = list(walk.nodes(made))
    assert list(walk.expressions(made)) == [node for node in found if isinstance(node, p.Expr)]
    assert list(walk.statements(made)) == [node for node in found if isinstance(node, p.Statement)]


def test_what_is_used_twice_is_a_distinct_node_once() -> None:
    shared = p.Not(p.Var(t.BOOL, "x"), t.BOOL)
    both = p.Logic(p.Junction.AND, shared, shared, t.BOOL)
    assert len(list(walk.nodes(both))) == 5
    assert len(list(walk.distinct_nodes(both))) == 3


def test_rewriting_puts_something_in_the_place_of_parts_and_looks_no_further() -> None:
    x, y = p.Var(t.BOOL, "x"), p.Var(t.BOOL, "y")
    before = p.IfElse(t.BOOL, x, p.Not(x, t.BOOL), y)
    after = walk.rewrite(before, lambda node: p.Not(node, t.BOOL) if node == x else None)
    assert after == p.IfElse(t.BOOL, p.Not(x, t.BOOL), p.Not(p.Not(x, t.BOOL), t.BOOL), y)


def test_the_effects_of_a_block_are_those_of_all_in_it() -> None:
    test = p.Compare(p.Rel.EQ, p.Field(t.U8, "r", "tag"), p.Const(t.U8, 0), t.BOOL)
    inner = p.If(test, (p.Mark("r", p.PLACED),), (p.Assign("x", p.Const(t.U8, 0)), p.Leave(p.Exit.PASS)))
    block = (p.Declare("y", t.U8, p.Var(t.U8, "z")), inner)
    assert walk.writes(block) == {p.PLACED}
    assert walk.assigned(block) == {"x"}
    assert walk.bound(block) == {"y"}
    assert walk.exits(block) == {p.Exit.PASS}
    assert walk.fields_read(block) == {"tag"}
    assert walk.scalars_read(block) == {"z"}
