"""The words that candidates for invariants are made from, taken from the text of the runs and the goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker import program as p
from checker.program import nodes, regions_read
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import flat, passes, scalars_read, with_fields
from checker.prove.terms.encode import Region

Goals = Sequence[p.Quantified]


@dataclass(frozen=True)
class Vocabulary:
    """What the candidates are made from: constants by quantity, moduli, and expressions about one region."""

    constants: tuple[tuple[Quantity, int], ...]
    moduli: tuple[int, ...]
    about_region: tuple[tuple[str, p.Expr], ...]
    """Numeric expressions with the region variable that they are about."""
    conditions: tuple[tuple[str, str, p.Expr], ...]
    """Boolean ones, with the map or layout whose region the variable is, and the variable."""
    cases: tuple[tuple[str, p.Expr], ...]
    """By run, comparisons between its variables and constants."""
    definitions: tuple[tuple[str, str, p.Expr], ...]
    """By run, the variables that are assigned, and what: fields of the region replaced by variables that keep them."""
    addresses: tuple[tuple[str, str, str, p.Expr], ...]
    """By run, region variable and placement field, the expressions that regions are placed at."""
    selections: tuple[tuple[str, str, p.Expr], ...]
    """By run and region variable, the conditions by which its passes and hand-overs select regions."""
    questions: tuple[tuple[str, str, p.Expr], ...]
    """By run and region variable, the comparisons that its passes make about the region alone."""
    amounts: tuple[tuple[str, str, p.Expr], ...]
    """By run and region variable, what its passes add to a variable, or subtract, that depends on the region alone."""
    slots: tuple[tuple[str, p.Expr], ...]
    """By run, the addresses that are computed from its variables alone, and are more than one of them."""


def vocabulary(runs: Sequence[p.Run], goals: Goals, assumptions: p.Formulas) -> Vocabulary:
    """Everything worth talking about in these runs and goals; assumptions give constants only."""
    constants: dict[tuple[Quantity, int], None] = {}
    moduli: dict[int, None] = {}
    about: dict[tuple[str, p.Expr], None] = {}
    conditions: dict[tuple[str, str, p.Expr], None] = {}
    cases: dict[tuple[str, p.Expr], None] = {}
    texts = [(g.where, g.body, g.regions.where) for g in goals]
    assumed = [conjunct.formula for conjunct in assumptions]
    for node in nodes((*(run.algorithm.body for run in runs), *texts, *assumed)):
        if isinstance(node, p.Const) and isinstance(node.type, Integer):
            constants[(node.type.quantity, node.value)] = None
        if isinstance(node, p.AlignDown):
            moduli[node.alignment] = None
        if isinstance(node, p.Arith) and node.op is p.Op.MOD and isinstance(node.right, p.Const):
            moduli[node.right.value] = None
    for goal, text in zip(goals, texts, strict=True):
        lists = _lists(goal)
        for node in nodes(text):
            variables = regions_read(node)
            if len(variables) != 1 or scalars_read(node):
                continue
            (variable,) = variables
            kind = getattr(node, "type", None)
            if isinstance(kind, Integer):
                about[(variable, node)] = None
            elif isinstance(kind, Boolean):
                conditions[(lists.get(variable, goal.regions.name), variable, node)] = None
    for run in runs:
        for node in nodes(run.algorithm.body):
            if isinstance(node, p.Compare) and scalars_read(node) and not regions_read(node):
                cases[(run.name, node)] = None
    selections: dict[tuple[str, str, p.Expr], None] = {}
    for run in runs:
        for each in passes(run.algorithm.body):
            selections[(run.name, each.variable, each.where)] = None
        if run.handover is not None:
            selections[(run.source, run.handover.variable, run.handover.where)] = None
    definitions: dict[tuple[str, str, p.Expr], None] = {}
    for run in runs:
        for each in passes(run.algorithm.body):
            assigned = [a for a in flat(each.body) if isinstance(a, p.Assign)]
            kept = {a.value.name: p.Var(a.value.type, a.name) for a in assigned if isinstance(a.value, p.Field)}
            for a in assigned:
                meaning = with_fields(a.value, kept)
                if meaning is not None and not isinstance(meaning, p.Const):
                    definitions[(run.name, a.name, meaning)] = None
    addresses = {
        (run.name, statement.region, statement.field, statement.address): None
        for run in runs
        for statement in flat(run.algorithm.body)
        if isinstance(statement, p.Place)
    }
    chosen = tuple((r, v, e) for r, v, e in selections if not isinstance(e, p.Const) and not scalars_read(e))
    placed_at = [(run.name, s.address) for run in runs for s in flat(run.algorithm.body) if isinstance(s, p.Place)]
    slots = {each: None for each in placed_at if not isinstance(each[1], p.Const | p.Var) and not regions_read(each[1])}
    return Vocabulary(
        tuple(constants),
        tuple(moduli),
        tuple(about),
        tuple(conditions),
        tuple(cases),
        tuple(definitions),
        tuple(addresses),
        chosen,
        tuple(each for run in runs for each in questions(run)),
        tuple(each for run in runs for each in _amounts(run)),
        tuple(slots),
    )


def questions(run: p.Run) -> tuple[tuple[str, str, p.Expr], ...]:
    """The comparisons that a run's passes make about their region alone, with the run and the region's variable."""
    found: dict[tuple[str, str, p.Expr], None] = {}
    for node in nodes(run.algorithm.body):
        if isinstance(node, p.Compare) and len(regions_read(node)) == 1 and not scalars_read(node):
            (variable,) = regions_read(node)
            found[(run.name, variable, node)] = None
    return tuple(found)


def _amounts(run: p.Run) -> dict[tuple[str, str, p.Expr], None]:
    found: dict[tuple[str, str, p.Expr], None] = {}
    for each in flat(run.algorithm.body):
        if isinstance(each, p.Assign) and isinstance(each.value, p.Arith) and each.value.op in (p.Op.ADD, p.Op.SUB):
            amount = each.value.right
            if len(regions_read(amount)) == 1 and not scalars_read(amount):
                (variable,) = regions_read(amount)
                found[(run.name, variable, amount)] = None
    return found


def _lists(goal: p.Quantified) -> dict[str, str]:
    """The map or layout that each region variable of a goal ranges over."""
    match goal:
        case p.ForRegion(variable=variable):
            return {variable: goal.regions.name}
        case p.ForPair(first=first, second=second):
            return {first: goal.regions.name, second: goal.regions.name}
        case p.ForSame(first=first, second=second):
            return {first: goal.regions.name, second: goal.others.name}


def witnesses_needed(goal: p.Quantified) -> int:
    """How many regions a goal is about."""
    return 2 if isinstance(goal, p.ForPair) else 1


def witness_regions(goal: p.Quantified, columns: Sequence[Mapping[str, Region]]) -> list[Region]:
    """The regions that a goal speaks of, for witnesses given by map and layout."""
    if isinstance(goal, p.ForSame):
        return [columns[0][goal.regions.name], columns[0][goal.others.name]]
    return [each[goal.regions.name] for each in columns]
