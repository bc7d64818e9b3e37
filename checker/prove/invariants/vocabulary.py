"""The words that candidates for invariants are made from, taken from the text of the runs and the goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker import program as p
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import expressions, passes, regions_read, rewrite, scalars_read, statements
from checker.prove.terms.encode import Region

Goals = Sequence[p.ForAll]


@dataclass(frozen=True)
class Vocabulary:
    """The words that candidates are made from: constants by quantity, moduli, and expressions about one region."""

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
    for node in expressions((*(run.algorithm.body for run in runs), *texts, *assumed)):
        if isinstance(node, p.Const) and isinstance(node.type, Integer):
            constants[(node.type.quantity, node.value)] = None
        if isinstance(node, p.AlignDown):
            moduli[node.alignment] = None
        if isinstance(node, p.Arith) and node.op is p.Op.MOD and isinstance(node.right, p.Const):
            moduli[node.right.value] = None
    for run in runs:
        for each in statements(run.algorithm.body):
            if isinstance(each, p.Choose) and each.alignment > 1:
                moduli[each.alignment] = None
    for goal, text in zip(goals, texts, strict=True):
        lists = {binder.variable: binder.regions.name for binder in goal.binders}
        for node in expressions(text):
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
        for node in expressions(run.algorithm.body):
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
            assigned = [a for a in statements(each.body) if isinstance(a, p.Assign)]
            kept = {a.value.name: p.Var(a.value.type, a.name) for a in assigned if isinstance(a.value, p.Field)}
            for a in assigned:
                meaning = _kept_in(a.value, kept)
                if meaning is not None and not isinstance(meaning, p.Const):
                    definitions[(run.name, a.name, meaning)] = None
    placed = {
        (run.name, statement.region, statement.field, statement.value): None
        for run in runs
        for statement in statements(run.algorithm.body)
        if isinstance(statement, p.SetField) and statement.field == run.algorithm.record.placement
    }
    chosen = tuple((r, v, e) for r, v, e in selections if not isinstance(e, p.Const) and not scalars_read(e))
    slots = {
        (run, address): None
        for run, _, _, address in placed
        if not isinstance(address, p.Const | p.Var) and not regions_read(address)
    }
    return Vocabulary(
        tuple(constants),
        tuple(moduli),
        tuple(about),
        tuple(conditions),
        tuple(cases),
        tuple(definitions),
        tuple(placed),
        chosen,
        tuple(each for run in runs for each in questions(run)),
        tuple(each for run in runs for each in _amounts(run)),
        tuple(slots),
    )


def questions(run: p.Run) -> tuple[tuple[str, str, p.Expr], ...]:
    """The comparisons that a run's passes make about their region alone, with the run and the region's variable."""
    found: dict[tuple[str, str, p.Expr], None] = {}
    for node in expressions(run.algorithm.body):
        if isinstance(node, p.Compare) and len(regions_read(node)) == 1 and not scalars_read(node):
            (variable,) = regions_read(node)
            found[(run.name, variable, node)] = None
    return tuple(found)


def _amounts(run: p.Run) -> dict[tuple[str, str, p.Expr], None]:
    found: dict[tuple[str, str, p.Expr], None] = {}
    for each in statements(run.algorithm.body):
        if isinstance(each, p.Assign) and isinstance(each.value, p.Arith) and each.value.op in (p.Op.ADD, p.Op.SUB):
            amount = each.value.right
            if len(regions_read(amount)) == 1 and not scalars_read(amount):
                (variable,) = regions_read(amount)
                found[(run.name, variable, amount)] = None
    return found


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
