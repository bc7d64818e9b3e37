"""The words that the text of runs gives: what their passes ask, compute, add up, and where they place regions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial, reduce
from typing import NamedTuple, TypeVar

from checker import program as p
from checker.program.fold import conjunction
from checker.program.types import BOOL, Flags, Integer
from checker.program.walk import (
    assigned,
    executed,
    expressions,
    passes,
    regions_read,
    rewrite,
    scalars_read,
    statements,
)

T = TypeVar("T")
N = TypeVar("N", bound=p.Expr)


class OfRun(NamedTuple):
    """An expression about the variables of a run."""

    run: str
    expr: p.Expr


class OfRegion(NamedTuple):
    """An expression about one region, which it calls ``variable``, as a map, layout or run has it."""

    owner: str
    variable: str
    expr: p.Expr


class Step(NamedTuple):
    """A variable of a run that a pass adds to another one, or subtracts from it."""

    run: str
    variable: p.Var


class Definition(NamedTuple):
    """The value that a run gives to a variable: fields of the region replaced by variables that keep them."""

    run: str
    name: str
    expr: p.Expr


class Address(NamedTuple):
    """The value that a run gives to the field by which regions are placed, where all conditions of ``path`` hold."""

    run: str
    variable: str
    field: str
    expr: p.Expr
    path: tuple[p.Expr, ...] = ()
    selected: p.Expr = p.Const(BOOL, 1)
    """The condition by which the pass selects regions."""


def once(words: Iterable[T]) -> tuple[T, ...]:
    """The words without repetition, in the order in which they come first."""
    return tuple(dict.fromkeys(words))


def of_one_region(nodes: Iterable[N], but: Container[str] = ()) -> Iterator[tuple[str, N]]:
    """Those of the expressions that are about a region and nothing else, with its variable, which is none of some."""
    for node in nodes:
        variables = regions_read(node)
        if len(variables) == 1 and not scalars_read(node) and not any(each in but for each in variables):
            yield next(iter(variables)), node


def entry_variables(run: p.Run) -> dict[str, str]:
    """The variables of a run's passes over lists beside the map, with the lists that they range over."""
    return {each.variable: run.list_of(each.beside) for each in passes(run.algorithm.body) if each.beside}


def questions(run: p.Run) -> tuple[OfRegion, ...]:
    """The comparisons that a run's passes make about their region alone."""
    compared = (node for node in executed(run.algorithm.body) if isinstance(node, p.Compare))
    found = of_one_region(compared, entry_variables(run))
    return once(OfRegion(run.name, variable, node) for variable, node in found)


def cases(run: p.Run) -> Iterator[OfRun]:
    """The comparisons that a run makes between variables and constants."""
    for node in executed(run.algorithm.body):
        if isinstance(node, p.Compare) and scalars_read(node) and not regions_read(node):
            yield OfRun(run.name, node)


def selections(run: p.Run) -> Iterator[OfRegion]:
    """The conditions by which the passes of a run, and its hand-over, select regions, as far as these alone tell."""
    made = [
        OfRegion(run.name, each.variable, each.where)
        for each in passes(run.algorithm.body)
        if not each.beside and regions_read(each.where) <= {each.variable}
    ]
    if run.handover is not None:
        made.append(OfRegion(run.source, run.handover.variable, run.handover.where))
    yield from (each for each in made if not isinstance(each.expr, p.Const) and not scalars_read(each.expr))


def definitions(run: p.Run) -> Iterator[Definition]:
    """The values that a run gives to variables, in terms of those that keep fields of the region."""
    for each in passes(run.algorithm.body):
        if regions_read(each.body) & entry_variables(run).keys():
            continue
        assigned = [a for a in statements(each.body) if isinstance(a, p.Assign)]
        kept = {a.value.name: p.Var(a.value.type, a.name) for a in assigned if isinstance(a.value, p.Field)}
        for a in assigned:
            meaning = _kept_in(a.value, kept)
            if meaning is not None and not isinstance(meaning, p.Const):
                yield Definition(run.name, a.name, meaning)


def addresses(run: p.Run) -> Iterator[Address]:
    """The addresses that are given in turns. Names that are only given a value are replaced by it."""
    for made in passes(run.algorithm.body):
        for each, named, path in _reached(made.body, {}, ()):
            if not isinstance(each, p.SetField) or each.field not in run.algorithm.record.placements:
                continue
            if regions_read((each.value, path)) <= {each.region}:
                found = Address(run.name, each.region, each.field, each.value, selected=made.where)
                yield found
                if path or scalars_read(each.value) & named.keys():
                    yield found._replace(expr=meant(each.value, named), path=path)


def branches(run: p.Run) -> Iterator[OfRegion]:
    """The conditions under which turns of a run take a branch."""
    for made in passes(run.algorithm.body):
        for each, named, path in _reached(made.body, {}, ()):
            way = (*path, meant(each.condition, named)) if isinstance(each, p.If) else ()
            if way and not made.beside and regions_read(way) == {made.variable}:
                yield OfRegion(run.name, made.variable, reduce(conjunction, way))


def _reached(
    body: tuple[p.Statement, ...], named: dict[str, p.Expr], path: tuple[p.Expr, ...]
) -> Iterator[tuple[p.Statement, dict[str, p.Expr], tuple[p.Expr, ...]]]:
    """The statements in a block of a turn, with the names that are only given a value, and the conditions on the way
    to them."""
    for each in body:
        yield each, named, path
        match each:
            case p.Declare(name=name, value=value) if name not in assigned(body):
                named = {**named, name: meant(value, named)}
            case p.If(condition=condition, then=then, otherwise=otherwise):
                test = meant(condition, named)
                yield from _reached(then, named, (*path, test))
                yield from _reached(otherwise, named, (*path, p.Not(test, BOOL)))
            case _:
                pass


def flagged(run: p.Run, goals: Iterable[tuple[str, p.Expr]]) -> Iterator[tuple[OfRun, OfRegion]]:
    """All that a run, and goals, ask of flags of a region, asked of a variable that may keep such flags, and as it is
    asked."""
    own = [each for each in statements(run.algorithm.body) if isinstance(each, p.Assign)]
    variables = once(p.Var(each.value.type, each.name) for each in own if isinstance(each.value.type, Flags))
    for question in once((*questions(run), *(OfRegion(run.name, *each) for each in goals))):
        fields = {node for node in expressions(question.expr) if isinstance(node, p.Field)}
        for variable in variables:
            if {each.type for each in fields} == {variable.type}:
                yield OfRun(run.name, rewrite(question.expr, partial(_instead, variable))), question
    for case in cases(run):
        (variable, *others) = {node for node in expressions(case.expr) if isinstance(node, p.Var)}
        for name, kind in run.algorithm.record.inputs if not others and isinstance(variable.type, Flags) else ():
            if kind == variable.type:
                asked = p.Field(kind, _ANY, name)
                yield case, OfRegion(run.name, _ANY, rewrite(case.expr, partial(_of_field, asked)))


_ANY = "region"


def _of_field(asked: p.Field, node: p.Expr) -> p.Expr | None:
    return asked if isinstance(node, p.Var) else None


def _instead(variable: p.Var, node: p.Expr) -> p.Expr | None:
    return variable if isinstance(node, p.Field) else None


def meant(expr: p.Expr, named: Mapping[str, p.Expr]) -> p.Expr:
    """The expression with names replaced by what they are given."""
    return rewrite(expr, lambda node: named.get(node.name) if isinstance(node, p.Var) else None)


def slots(run: p.Run) -> Iterator[OfRun]:
    """The addresses that a run computes from variables alone."""
    for run_name, _, _, address, *_ in addresses(run):
        if not isinstance(address, p.Const | p.Var) and not regions_read(address):
            yield OfRun(run_name, address)


def amounts(run: p.Run) -> Iterator[OfRegion]:
    """The amounts that a run adds to a variable, or subtracts, and that depend on the region alone."""
    moved = (each.value for each in statements(run.algorithm.body) if isinstance(each, p.Assign))
    amounts = (value.right for value in moved if isinstance(value, p.Arith) and value.op in (p.Op.ADD, p.Op.SUB))
    found = of_one_region(amounts, entry_variables(run))
    yield from (OfRegion(run.name, variable, amount) for variable, amount in found)


def held(run: p.Run) -> Iterator[OfRegion]:
    """The numbers about a region alone that a run keeps in variables, or compares with them."""
    kept = [each.value for each in statements(run.algorithm.body) if isinstance(each, p.Assign)]
    for node in executed(run.algorithm.body):
        if isinstance(node, p.Compare) and scalars_read(node):
            kept += [node.left, node.right]
    numbers = (each for each in kept if isinstance(each.type, Integer) and not isinstance(each, p.Field))
    for variable, each in of_one_region(numbers, entry_variables(run)):
        yield OfRegion(run.name, variable, each)


def steps(run: p.Run) -> Iterator[Step]:
    """The variables that a run adds to another one, or subtracts from it."""
    for each in statements(tuple(passes(run.algorithm.body))):
        match each.value if isinstance(each, p.Assign) else None:
            case p.Arith(op=p.Op.ADD | p.Op.SUB, left=p.Var(), right=p.Var() as step):
                yield Step(run.name, step)
            case _:
                pass


def _kept_in(expr: p.Expr, kept: Mapping[str, p.Expr]) -> p.Expr | None:
    """The expression with the region's fields replaced by what keeps them; None where something keeps one not."""
    fields = {node.name for node in expressions(expr) if isinstance(node, p.Field)}
    if not fields <= kept.keys():
        return None
    return rewrite(expr, lambda node: kept[node.name] if isinstance(node, p.Field) else None)
