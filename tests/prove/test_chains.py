"""Kernels in a chain: what few random runs come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import z3

from checker import program as p
from checker.prove.proof.goals import solve as follow
from checker.prove.system import inputs
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.system.state import HadTurn, RunVariable
from tests.helpers.loading import load_source
from tests.oracles.watched import raw, variables


def loops_of(made: p.Scenario, run: str, count: int, neighbours: Neighbours | None = None) -> list[Loop]:
    """The loops of a run, none of which has an invariant; of a chain, those of its first kernel and of a later one."""
    loops: list[Loop] = []

    def infer(loop: Loop, _: Sequence[Any]) -> list[Any]:
        loops.append(loop)
        return []

    given = inputs.inputs(made, made.checks[0].assumptions)
    follow(given, count, neighbours, infer, lambda _, claims: [True] * len(claims))
    return [loop for loop in loops if run in loop.view.tracks]


@pytest.mark.parametrize(("end", "possible"), [("next", False), ("last", True)])
def test_others_may_have_stood_between_neighbours_at_the_end_of_a_chain(end: str, possible: bool) -> None:
    """What a kernel in the middle has placed between them need not have been passed on; the last kernel's own list is
    another matter."""
    (made,) = load_source(
        """
        handover some(layout: Layout) { pass region where region.type != MMIO  type: u32  virt_addr: u64 }
        algorithm keep(map: MemoryMap) {
            for r in map { place r at r.virt_addr  if r.type == ACPI_NVS { r.type = MMIO } }
        }
        property touching(layout: Layout) =
            each a next b in [r in layout where r.placed]: a.virt_end == b.virt_addr
        scenario s {
            given map: MemoryMap
            let first = keep(map)
            let next = keep(some(first))
            let last = repeat keep(some(first))
            check touching(next), touching(last)
        }
        """
    ).scenarios
    goals = [check.goal[0].formula for check in made.checks if not isinstance(check.goal, p.ExactArithmetic)]
    (goal,) = (goal for goal in goals if isinstance(goal, p.ForAll) and goal.arity == 2 and goal.regions.name == end)
    found = loops_of(made, end, 2, Neighbours(goal.regions))
    assert len(found) == (2 if end == "last" else 1)
    for loop in found:
        solver = z3.Solver()
        solver.add(*loop.facts, loop.steps[0].constraint, loop.head[HadTurn(0)], z3.Not(loop.head[HadTurn(1)]))
        terms = variables([loop.steps[0].constraint, *raw(list(loop.steps[0].after.values()))])
        solver.add(*(term for name, term in terms.items() if name.endswith(f":{end}:x:present")))
        solver.add(*(term == 0 for name, term in terms.items() if name.endswith(":x.type")))  # it is handed over
        assert (solver.check() == z3.sat) == possible


def test_a_later_kernel_of_a_chain_meets_what_the_one_before_has_written() -> None:
    (made,) = load_source(
        """
        handover all_of_it(layout: Layout) { pass region where true  type: u32  num_pages: u64 }
        algorithm nothing(map: MemoryMap) { for r in map { drop r } }
        algorithm look(map: MemoryMap) {
            var met: bool = false
            for r in map { if r.type == MMIO { met = true }  if r.num_pages == 3 { r.type = MMIO } }
        }
        property fine(layout: Layout) = each r in layout: r.num_pages == r.num_pages
        scenario s {
            given map: MemoryMap where each r in map: r.type != MMIO
            let first = nothing(map)
            let last = repeat look(all_of_it(first))
            check fine(last)
        }
        """
    ).scenarios
    met = RunVariable("last", "met")
    possible = []
    for loop in loops_of(made, "last", 1):
        solver = z3.Solver()
        solver.add(*loop.facts, loop.steps[0].constraint, z3.Not(loop.head[met]))
        solver.add(loop.steps[0].after[met])
        possible.append(solver.check() == z3.sat)
    assert possible == [False, True], "in the first kernel, and in a later one"
