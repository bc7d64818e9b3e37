"""The words that candidates for invariants are made from, taken from the text of the runs and the goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from checker import program as p
from checker.base.values import frozen
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import (
    executed,
    expressions,
    regions_read,
    scalars_read,
    statements,
)
from checker.prove.invariants import of_runs
from checker.prove.invariants.of_runs import Address, Definition, OfRegion, OfRun, Step
from checker.prove.terms.encode import Region

Goals = Sequence[p.ForAll]


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
    held: tuple[OfRegion, ...] = ()
    """The numbers about a region that passes keep in variables, or compare with them."""


def vocabulary(
    runs: Sequence[p.Run], all_goals: Goals, assumptions: p.Formulas, plain: Sequence[p.Plain] = ()
) -> Vocabulary:
    """Everything worth talking about in these runs and goals; assumptions give constants only, and so do goals about
    what runs end with and about regions, but for the numbers that they say of regions."""
    goals = [each for each in all_goals if not p.ended(each)]
    bodies = [run.algorithm.body for run in runs]
    said = (*map(_text, all_goals), *plain, *(conjunct.formula for conjunct in assumptions))
    nodes = list(expressions((*bodies, *said)))
    compared = (each for each in _of_goals(goals, Boolean) if isinstance(each.expr, p.Compare))
    asked = tuple((variable, expr) for _, variable, expr in compared)
    return Vocabulary(
        constants=of_runs.once(_constants(nodes)),
        moduli=of_runs.once((*_moduli(nodes), *_alignments(bodies))),
        about_region=of_runs.once(
            (variable, node)
            for owner, variable, node in _of_goals(all_goals, Integer)
            if owner not in _beside(all_goals)
        ),
        conditions=of_runs.once(_of_goals(goals, Boolean)),
        cases=of_runs.once(case for run in runs for case in of_runs.cases(run)),
        definitions=of_runs.once(each for run in runs for each in of_runs.definitions(run)),
        addresses=of_runs.once(each for run in runs for each in of_runs.addresses(run)),
        selections=of_runs.once(each for run in runs for each in of_runs.selections(run)),
        questions=of_runs.once(each for run in runs for each in of_runs.questions(run)),
        amounts=of_runs.once(each for run in runs for each in of_runs.amounts(run)),
        steps=of_runs.once(each for run in runs for each in of_runs.steps(run)),
        slots=of_runs.once(slot for run in runs for slot in of_runs.slots(run)),
        branches=of_runs.once(each for run in runs for each in of_runs.branches(run)),
        flagged=of_runs.once(each for run in runs for each in of_runs.flagged(run, asked)),
        entries=of_runs.once(
            each for found in (*map(_of_entries, runs), *map(_goal_of_entries, goals)) for each in found
        ),
        ends=of_runs.once(each.condition for each in plain),
        held=of_runs.once(each for run in runs for each in of_runs.held(run)),
    )


def _beside(goals: Goals) -> frozenset[str]:
    """The lists beside the map that goals speak of."""
    return frozenset(name for goal in goals for name in goal.beside)


def _of_entries(run: p.Run) -> Iterator[OfEntry]:
    """All that a run asks or computes of entries."""
    return _about_entries(executed(run.algorithm.body), of_runs.entry_variables(run), {}, run.name)


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


def _ranges(goal: p.ForAll) -> list[p.Regions]:
    return [binder.regions for binder in goal.binders]


def _text(goal: p.ForAll) -> tuple[p.Expr, ...]:
    text = (goal.where, goal.body, goal.regions.where)
    return (*text, *(_at_bounds(each, goal.indices) for each in text)) if goal.indices else text


def _at_bounds(expr: p.Expr, indices: Sequence[p.Index]) -> p.Expr:
    """Say of the bounds what is said of the numbers that are below them: where the last page ends, say."""
    for index in reversed(indices):
        expr = of_runs.meant(expr, {index.variable.name: index.bound})
    return expr


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
        for variable, node in of_runs.of_one_region(expressions(_text(goal))):
            if isinstance(node.type, kind):
                yield OfRegion(lists.get(variable, goal.regions.name), variable, node)


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
