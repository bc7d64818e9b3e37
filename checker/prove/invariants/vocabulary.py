"""The words that candidates for invariants are made from, taken from the text of the runs and the goals."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from checker import program as p
from checker.base.values import frozen
from checker.program.fold import conjunction
from checker.program.types import BOOL, Boolean, Flags, Integer, Quantity
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


class OfEntry(NamedTuple):
    """An expression about an entry of the list ``owner``, called ``variable`` in it, and perhaps about a region, called
    ``region``, as a map, layout or run has it that is called ``column``."""

    owner: str
    variable: str
    column: str
    region: str
    expr: p.Expr


@frozen
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
    steps: tuple[Step, ...]
    """The variables that passes add to another one, or subtract from it."""
    slots: tuple[OfRun, ...]
    """The addresses that are computed from variables alone, and are more than one of them."""
    branches: tuple[OfRegion, ...] = ()
    """The conditions under which turns take a branch that the region decides, perhaps with variables."""
    flagged: tuple[tuple[OfRun, OfRegion], ...] = ()
    """All that is asked of flags of a region, asked of a variable that may keep such flags, and as it is asked."""
    entries: tuple[OfEntry, ...] = ()
    """All that is asked or computed of an entry of a list beside the map, alone or with a region."""
    ends: tuple[p.Expr, ...] = ()
    """The conditions that goals make on what runs end with, and on nothing else."""


def vocabulary(
    runs: Sequence[p.Run], all_goals: Goals, assumptions: p.Formulas, plain: Sequence[p.Plain] = ()
) -> Vocabulary:
    """Everything worth talking about in these runs and goals; assumptions give constants only, and so do goals about
    what runs end with and about regions, but for the numbers that they say of regions."""
    goals = [each for each in all_goals if not p.ended(each)]
    bodies = [run.algorithm.body for run in runs]
    said = (*map(_text, all_goals), *plain, *(conjunct.formula for conjunct in assumptions))
    nodes = list(expressions((*bodies, *said)))
    return Vocabulary(
        constants=_once(_constants(nodes)),
        moduli=_once((*_moduli(nodes), *_alignments(bodies))),
        about_region=_once(
            (variable, node)
            for owner, variable, node in _of_goals(all_goals, Integer)
            if owner not in _beside(all_goals)
        ),
        conditions=_once(_of_goals(goals, Boolean)),
        cases=_once(case for run in runs for case in _cases(run)),
        definitions=_once(each for run in runs for each in _definitions(run)),
        addresses=_once(each for run in runs for each in _addresses(run)),
        selections=_once(each for run in runs for each in _selections(run)),
        questions=_once(each for run in runs for each in questions(run)),
        amounts=_once(each for run in runs for each in _amounts(run)),
        steps=_once(each for run in runs for each in _steps(run)),
        slots=_once(slot for run in runs for slot in _slots(run)),
        branches=_once(each for run in runs for each in _branches(run)),
        flagged=_once(each for run in runs for each in _flagged(run)),
        entries=_once(each for found in (*map(_of_entries, runs), *map(_goal_of_entries, goals)) for each in found),
        ends=_once(each.condition for each in plain),
    )


def _beside(goals: Goals) -> frozenset[str]:
    """The lists beside the map that goals speak of."""
    return frozenset(name for goal in goals for name in goal.beside)


def entry_variables(run: p.Run) -> dict[str, str]:
    """The variables of a run's passes over lists beside the map, with the lists that they range over."""
    return {each.variable: run.list_of(each.beside) for each in passes(run.algorithm.body) if each.beside}


def _of_entries(run: p.Run) -> Iterator[OfEntry]:
    """All that a run asks or computes of entries."""
    return _about_entries(executed(run.algorithm.body), entry_variables(run), {}, run.name)


def _goal_of_entries(goal: p.ForAll) -> Iterator[OfEntry]:
    lists = {each.variable: each.regions.name for each in goal.binders if each.regions.beside}
    columns = {each.variable: each.regions.name for each in goal.binders if not each.regions.beside}
    return _about_entries(expressions(_text(goal)), lists, columns, "")


def _about_entries(
    nodes: Iterable[p.Expr], lists: Mapping[str, str], columns: Mapping[str, str], column: str
) -> Iterator[OfEntry]:
    for node in nodes if lists else ():
        variables = regions_read(node)
        own, others = variables & lists.keys(), variables - lists.keys()
        if len(own) == 1 and len(others) <= 1 and not scalars_read(node) and isinstance(node.type, Integer | Boolean):
            (entry,) = own
            region = next(iter(others), "")
            yield OfEntry(lists[entry], entry, columns.get(region, column) if region else "", region, node)


def questions(run: p.Run) -> tuple[OfRegion, ...]:
    """The comparisons that a run's passes make about their region alone."""
    compared = (node for node in executed(run.algorithm.body) if isinstance(node, p.Compare))
    found = _of_one_region(compared, entry_variables(run))
    return _once(OfRegion(run.name, variable, node) for variable, node in found)


def _ranges(goal: p.ForAll) -> list[p.Regions]:
    return [binder.regions for binder in goal.binders]


def _once(words: Iterable[T]) -> tuple[T, ...]:
    """The words without repetition, in the order in which they come first."""
    return tuple(dict.fromkeys(words))


def _text(goal: p.ForAll) -> tuple[p.Expr, ...]:
    text = (goal.where, goal.body, goal.regions.where)
    return (*text, *(_at_bounds(each, goal.indices) for each in text)) if goal.indices else text


def _at_bounds(expr: p.Expr, indices: Sequence[p.Index]) -> p.Expr:
    """Say of the bounds what is said of the numbers that are below them: where the last page ends, say."""
    for index in reversed(indices):
        expr = _meant(expr, {index.variable.name: index.bound})
    return expr


def _of_one_region(nodes: Iterable[N], but: Container[str] = ()) -> Iterator[tuple[str, N]]:
    """Those of the expressions that are about a region and nothing else, with its variable, which is none of some."""
    for node in nodes:
        variables = regions_read(node)
        if len(variables) == 1 and not scalars_read(node) and not any(each in but for each in variables):
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
    for node in executed(run.algorithm.body):
        if isinstance(node, p.Compare) and scalars_read(node) and not regions_read(node):
            yield OfRun(run.name, node)


def _selections(run: p.Run) -> Iterator[OfRegion]:
    made = [
        OfRegion(run.name, each.variable, each.where)
        for each in passes(run.algorithm.body)
        if not each.beside and regions_read(each.where) <= {each.variable}
    ]
    if run.handover is not None:
        made.append(OfRegion(run.source, run.handover.variable, run.handover.where))
    yield from (each for each in made if not isinstance(each.expr, p.Const) and not scalars_read(each.expr))


def _definitions(run: p.Run) -> Iterator[Definition]:
    for each in passes(run.algorithm.body):
        if regions_read(each.body) & entry_variables(run).keys():
            continue
        assigned = [a for a in statements(each.body) if isinstance(a, p.Assign)]
        kept = {a.value.name: p.Var(a.value.type, a.name) for a in assigned if isinstance(a.value, p.Field)}
        for a in assigned:
            meaning = _kept_in(a.value, kept)
            if meaning is not None and not isinstance(meaning, p.Const):
                yield Definition(run.name, a.name, meaning)


def _addresses(run: p.Run) -> Iterator[Address]:
    """The addresses that are given in turns. Names that are only given a value are replaced by it."""
    for made in passes(run.algorithm.body):
        for each, named, path in _reached(made.body, {}, ()):
            if not isinstance(each, p.SetField) or each.field not in run.algorithm.record.placements:
                continue
            if regions_read((each.value, path)) <= {each.region}:
                found = Address(run.name, each.region, each.field, each.value, selected=made.where)
                yield found
                if path or scalars_read(each.value) & named.keys():
                    yield found._replace(expr=_meant(each.value, named), path=path)


def _branches(run: p.Run) -> Iterator[OfRegion]:
    for made in passes(run.algorithm.body):
        for each, named, path in _reached(made.body, {}, ()):
            way = (*path, _meant(each.condition, named)) if isinstance(each, p.If) else ()
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
                named = {**named, name: _meant(value, named)}
            case p.If(condition=condition, then=then, otherwise=otherwise):
                test = _meant(condition, named)
                yield from _reached(then, named, (*path, test))
                yield from _reached(otherwise, named, (*path, p.Not(test, BOOL)))
            case _:
                pass


def _flagged(run: p.Run) -> Iterator[tuple[OfRun, OfRegion]]:
    own = [each for each in statements(run.algorithm.body) if isinstance(each, p.Assign)]
    variables = _once(p.Var(each.value.type, each.name) for each in own if isinstance(each.value.type, Flags))
    for question in questions(run):
        fields = {node for node in expressions(question.expr) if isinstance(node, p.Field)}
        for variable in variables:
            if {each.type for each in fields} == {variable.type}:
                yield OfRun(run.name, rewrite(question.expr, partial(_instead, variable))), question
    for case in _cases(run):
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


def _meant(expr: p.Expr, named: Mapping[str, p.Expr]) -> p.Expr:
    return rewrite(expr, lambda node: named.get(node.name) if isinstance(node, p.Var) else None)


def _slots(run: p.Run) -> Iterator[OfRun]:
    for run_name, _, _, address, *_ in _addresses(run):
        if not isinstance(address, p.Const | p.Var) and not regions_read(address):
            yield OfRun(run_name, address)


def _amounts(run: p.Run) -> Iterator[OfRegion]:
    moved = (each.value for each in statements(run.algorithm.body) if isinstance(each, p.Assign))
    amounts = (value.right for value in moved if isinstance(value, p.Arith) and value.op in (p.Op.ADD, p.Op.SUB))
    found = _of_one_region(amounts, entry_variables(run))
    yield from (OfRegion(run.name, variable, amount) for variable, amount in found)


def _steps(run: p.Run) -> Iterator[Step]:
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


_NONE: Mapping[str, Sequence[Region]] = MappingProxyType({})


def witness_regions(
    goal: p.ForAll, columns: Sequence[Mapping[str, Region]], entries: Mapping[str, Sequence[Region]] = _NONE
) -> list[Region]:
    """The regions that a goal speaks of, for as many witnesses as it needs, given by map and layout, and the
    ``entries``, given by the list beside the map."""
    if goal.relation is p.Relation.ACROSS:
        return [entries[each.name][0] if each.beside else columns[0][each.name] for each in _ranges(goal)]
    if goal.beside:
        return list(entries[goal.regions.name][: goal.bound])
    if goal.within:
        return [each[goal.regions.name] for each in columns]
    return [columns[0][name] for name in goal.lists]
