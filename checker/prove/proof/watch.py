"""A watch on the proof rules: a proof has room for every run that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker import program as p
from checker.prove.proof.goals import GoalProof
from checker.prove.search.execution import parted
from checker.prove.search.unroll import Unrolled, number
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import has_value
from checker.prove.terms.solver import Answer, Solver


def admitted(
    formula: p.ForAll | p.TotalsAtMost, proof: Sequence[GoalProof], unrolled: Unrolled, model: Any, effort: Effort
) -> bool:
    """Tell whether the system in which ``formula`` was proved has room for the run that a model describes, seen
    from a region that the formula applies to. Every real run must: this is a watch on the proof rules."""
    of = next(rows for applies, rows in unrolled.speaks_of(formula) if number(model, applies))
    mapped = [(regions.name, row) for regions, row in of if not regions.beside]
    parts = unrolled.pieces[mapped[0][0]] if mapped else ()
    seen = sorted((parts[row] for _, row in mapped), key=lambda part: part.path)
    solved = next(s.solved for s in proof if s.goal.formula is formula and s.goal.parted == parted(seen))
    solver = Solver(effort, solved.facts)
    # A row in which maps differ is two rows there: only lists that come from the formula's maps can be compared.
    known = solved.system.origins
    origins = {known[name] for name in formula.lists if name in known}
    lists = {name: r for name, r in unrolled.lists.items() if name in known and known[name] in origins}
    for name, entries in solved.system.entries.items():
        looked_at = sorted(row for regions, row in of if regions.beside and regions.name == name)
        for entry, row in zip(entries, looked_at, strict=True):
            shown = unrolled.lists[name][row]
            for key, value in shown.items():
                solver.add(has_value(entry[key], number(model, value)))
    for witness, part in enumerate(seen):
        # Of a region that was split the lists before have it whole, those after may have it in several pieces.
        there = part.rows if len(parts) > unrolled.shape.rows else dict.fromkeys(lists, part.origin)
        for name, row in there.items():
            regions = lists[name]
            for key, value in regions[row].items():
                if key == PRESENT or number(model, regions[row][PRESENT]):
                    solver.add(has_value(solved.system.layouts[name][witness][key], number(model, value)))
    return solver.check() is not Answer.UNSAT
