"""The words that candidates for invariants are made from, taken from the text of the runs and the goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from checker import program as p
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import expressions, passes, regions_read, rewrite, scalars_read, statements
from checker.prove.terms.encode import Region

Goals = Sequence[p.ForAll]

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


class Definition(NamedTuple):
    """The value that a run gives to a variable: fields of the region replaced by variables that keep them."""

    run: str
    name: str
    expr: p.Expr


class Address(NamedTuple):
    """The value that a run gives to the field by which regions are placed."""

    run: str
    variable: str
    field: str
    expr: p.Expr


@dataclass(frozen=True)
class Vocabulary:
    """The words that candidates are made from: constants by quantity, moduli, and expressions."""

    constants: tuple[tuple[Quantity, int], ...]
    moduli: tuple[int, ...]
    about_region: tuple[tuple[str, p.Expr], ...]
    """Numeric expressions of goals, with the region variable that they are about."""
    conditions: tuple[OfRegion, ...]
    """Boolean ones, by the map or layout that the region is of."""
    cases: tuple[OfRun, ...]
    """Comparisons between variables and constants."""
    definitions: tuple[Definition, ...]
    addresses: tuple[Address, ...]
    selections: tuple[OfRegion, ...]
    """The conditions by which passes and hand-overs select regions, as far as the region alone decides."""
    questions: tuple[OfRegion, ...]
    """The comparisons that passes make about the region alone."""
    amounts: tuple[OfRegion, ...]
    """The amounts that passes add to a variable, or subtract, and that depend on the region alone."""
    slots: tuple[OfRun, ...]
    """The addresses that are computed from variables alone, and are more than one of them."""


def vocabulary(runs: Sequence[p.Run], goals: Goals, assumptions: p.Formulas) -> Vocabulary:
    """Everything worth talking about in these runs and goals; assumptions give constants only."""
    bodies = [run.algorithm.body for run in runs]
    nodes = list(expressions((*bodies, *map(_text, goals), *(conjunct.formula for conjunct in assumptions))))
    return Vocabulary(
        constants=_once(_constants(nodes)),
        moduli=_once((*_moduli(nodes), *_alignments(bodies))),
        about_region=_once((variable, node) for _, variable, node in _of_goals(goals, Integer)),
        conditions=_once(_of_goals(goals, Boolean)),
        cases=_once(case for run in runs for case in _cases(run)),
        definitions=_once(each for run in runs for each in _definitions(run)),
        addresses=_once(each for run in runs for each in _addresses(run)),
        selections=_once(each for run in runs for each in _selections(run)),
        questions=_once(each for run in runs for each in questions(run)),
        amounts=_once(each for run in runs for each in _amounts(run)),
        slots=_once(slot for run in runs for slot in _slots(run)),
    )


def questions(run: p.Run) -> tuple[OfRegion, ...]:
    """The comparisons that a run's passes make about their region alone."""
    compared = (node for node in expressions(run.algorithm.body) if isinstance(node, p.Compare))
    return _once(OfRegion(run.name, variable, node) for variable, node in _of_one_region(compared))


def _once(words: Iterable[T]) -> tuple[T, ...]:
    """The words without repetition, in the order in which they come first."""
    return tuple(dict.fromkeys(words))


def _text(goal: p.ForAll) -> tuple[p.Expr, ...]:
    return goal.where, goal.body, goal.regions.where


def _of_one_region(nodes: Iterable[N]) -> Iterator[tuple[str, N]]:
    """Those of the expressions that are about a region and nothing else, with its variable."""
    for node in nodes:
        variables = regions_read(node)
        if len(variables) == 1 and not scalars_read(node):
            yield next(iter(variables)), node


def _constants(nodes: Iterable[p.Expr]) -> Iterator[tuple[Quantity, int]]:
    for node in nodes:
        if isinstance(node, p.Const) and isinstance(node.type, Integer):
            yield node.type.quantity, node.value


def _moduli(nodes: Iterable[p.Expr]) -> Iterator[int]:
    for node in nodes:
        match node:
            case p.AlignDown(alignment=modulus) | p.Arith(op=p.Op.MOD, right=p.Const(value=modulus)):
                yield modulus
            case _:
                pass


def _alignments(bodies: Iterable[tuple[p.Statement, ...]]) -> Iterator[int]:
    """The alignments of what is chosen."""
    for each in statements(tuple(bodies)):
        if isinstance(each, p.Choose) and each.alignment > 1:
            yield each.alignment


def _of_goals(goals: Goals, kind: type[Integer] | type[Boolean]) -> Iterator[OfRegion]:
    """The expressions of goals, of a kind of type, that are about one region."""
    for goal in goals:
        lists = {binder.variable: binder.regions.name for binder in goal.binders}
        for variable, node in _of_one_region(expressions(_text(goal))):
            if isinstance(node.type, kind):
                yield OfRegion(lists.get(variable, goal.regions.name), variable, node)


def _cases(run: p.Run) -> Iterator[OfRun]:
    for node in expressions(run.algorithm.body):
        if isinstance(node, p.Compare) and scalars_read(node) and not regions_read(node):
            yield OfRun(run.name, node)


def _selections(run: p.Run) -> Iterator[OfRegion]:
    made = [OfRegion(run.name, each.variable, each.where) for each in passes(run.algorithm.body)]
    if run.handover is not None:
        made.append(OfRegion(run.source, run.handover.variable, run.handover.where))
    yield from (each for each in made if not isinstance(each.expr, p.Const) and not scalars_read(each.expr))


def _definitions(run: p.Run) -> Iterator[Definition]:
    for each in passes(run.algorithm.body):
        assigned = [a for a in statements(each.body) if isinstance(a, p.Assign)]
        kept = {a.value.name: p.Var(a.value.type, a.name) for a in assigned if isinstance(a.value, p.Field)}
        for a in assigned:
            meaning = _kept_in(a.value, kept)
            if meaning is not None and not isinstance(meaning, p.Const):
                yield Definition(run.name, a.name, meaning)


def _addresses(run: p.Run) -> Iterator[Address]:
    for each in statements(run.algorithm.body):
        if isinstance(each, p.SetField) and each.field == run.algorithm.record.placement:
            yield Address(run.name, each.region, each.field, each.value)


def _slots(run: p.Run) -> Iterator[OfRun]:
    for run_name, _, _, address in _addresses(run):
        if not isinstance(address, p.Const | p.Var) and not regions_read(address):
            yield OfRun(run_name, address)


def _amounts(run: p.Run) -> Iterator[OfRegion]:
    moved = (each.value for each in statements(run.algorithm.body) if isinstance(each, p.Assign))
    amounts = (value.right for value in moved if isinstance(value, p.Arith) and value.op in (p.Op.ADD, p.Op.SUB))
    yield from (OfRegion(run.name, variable, amount) for variable, amount in _of_one_region(amounts))


def _kept_in(expr: p.Expr, kept: Mapping[str, p.Expr]) -> p.Expr | None:
    """The expression with the region's fields replaced by what keeps them; None where something keeps one not."""
    fields = {node.name for node in expressions(expr) if isinstance(node, p.Field)}
    if not fields <= kept.keys():
        return None
    return rewrite(expr, lambda node: kept[node.name] if isinstance(node, p.Field) else None)


def witness_regions(goal: p.ForAll, columns: Sequence[Mapping[str, Region]]) -> list[Region]:
    """The regions that a goal speaks of, for as many witnesses as it needs, given by map and layout."""
    if goal.within:
        return [each[goal.regions.name] for each in columns]
    return [columns[0][name] for name in goal.lists]
