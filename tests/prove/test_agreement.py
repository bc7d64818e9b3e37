"""The interpreter against the prover's terms: random programs on random maps, everything compared.

Here on about a hundred programs of each kind, by which seeded faults are caught; `python -m tests.records --write
agreement` does it on thousands, of which it keeps a record, and `-m campaign` on tens of thousands.
`MAPPROOF_SEEDS=100000:200000` runs another, longer series.
"""

from __future__ import annotations

import os

import pytest

from checker import program as p
from checker.program import types as t
from tests.oracles import differential
from tests.writers.programs import (
    ORDERS,
    ended_scenario,
    nodes,
    previous_scenario,
    room_scenario,
    scenario,
    split_scenario,
    totals_scenario,
)

CHUNKS, SIZE = 1, 120
WRITERS = {5: totals_scenario, 6: previous_scenario, 7: split_scenario}


def series() -> list[range]:
    text = os.environ.get("MAPPROOF_SEEDS", f"0:{CHUNKS * SIZE}")
    first, last = map(int, text.split(":"))
    return [range(start, min(start + SIZE, last)) for start in range(first, last, SIZE)]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", series(), ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree(seeds: range) -> None:
    differential.agree(seeds, scenario, lengths=(0, 1, 2, 2, 3, 4))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(100_000, 160_000, 500))
def test_interpreter_and_terms_agree_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), scenario, lengths=(0, 1, 2, 2, 3, 4))


@pytest.mark.slow
@pytest.mark.parametrize("seeds", series()[:1], ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree_on_regions_that_are_split(seeds: range) -> None:
    differential.agree(seeds, split_scenario, lengths=(0, 1, 1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("seeds", series()[:1], ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree_on_the_region_before(seeds: range) -> None:
    differential.agree(seeds, previous_scenario, lengths=(0, 1, 2, 3, 4))


@pytest.mark.parametrize("seeds", [range(60)], ids=repr)
def test_interpreter_and_terms_agree_on_what_runs_end_with(seeds: range) -> None:
    differential.agree(seeds, ended_scenario, lengths=(0, 1, 2, 3))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(600_000, 635_000, 500))
def test_interpreter_and_terms_agree_on_what_runs_end_with_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), ended_scenario, lengths=(0, 1, 2, 3))


@pytest.mark.parametrize("seeds", [range(60)], ids=repr)
def test_interpreter_and_terms_agree_on_totals(seeds: range) -> None:
    differential.agree(seeds, totals_scenario, lengths=(0, 1, 2, 3))


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(60)], ids=repr)
def test_interpreter_and_terms_agree_on_what_is_chosen_beside_others(seeds: range) -> None:
    differential.agree(seeds, room_scenario, lengths=(1, 2, 3, 4))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(500_000, 535_000, 500))
def test_interpreter_and_terms_agree_on_what_is_chosen_beside_others_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), room_scenario, lengths=(1, 2, 3, 4))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(300_000, 360_000, 500))
def test_interpreter_and_terms_agree_on_the_region_before_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), previous_scenario, lengths=(0, 1, 2, 3, 4))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(200_000, 260_000, 500))
def test_interpreter_and_terms_agree_on_regions_that_are_split_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), split_scenario, lengths=(0, 1, 1, 2))


def test_generator_makes_everything() -> None:
    seen: set[object] = set()
    for seed in range(400):
        _, made, steps = WRITERS.get(seed % 8, scenario)(seed)
        seen.add(("scale", bool(steps)))
        seen.add(("maps", len(made.maps)))
        for node in nodes((made.runs, made.checks)):
            seen.add(type(node))
            match node:
                case p.Arith(op=op, wraps=wraps):
                    seen.add((op, wraps))
                case p.Convert(type=kind, wraps=wraps):
                    seen.add(("as", type(kind), wraps))
                case p.Compare(rel=rel):
                    seen.add(rel)
                case p.Logic(junction=junction):
                    seen.add(junction)
                case p.ForAll(relation=relation):
                    seen.add((relation, node.arity))
                    seen.add(("numbers", relation, len(node.indices)))
                case p.Handover(travel=travel):
                    seen.add(travel)
                case p.Run(handover=handover, chained=chained):
                    seen.add(("handed", handover is not None, chained))
                case p.Pass(reverse=reverse):
                    seen.add(("reversed", reverse))
                case p.Field(name=name):
                    seen.add(str(name))
    arithmetic = {(op, wraps) for op in p.Op for wraps in (True, False) if wraps or op in p.GROWING}
    wanted = {
        *p.Expr.__args__,
        *p.Statement.__args__,
        *p.Formula.__args__,
        *arithmetic,
        *p.Rel,
        *p.Junction,
        *((relation, 2) for relation in ORDERS),
        (p.Relation.ANY, 1),
        (p.Relation.SAME, 1),
        *p.MARKS,
        *p.Travel,
        ("maps", 1),
        ("maps", 2),
        *(("numbers", relation, count) for relation in (*ORDERS, p.Relation.SAME) for count in (1, 2)),
        ("handed", False, False),
        ("handed", True, False),
        ("handed", True, True),
        *((("as", kind, wraps)) for kind in (t.Integer, t.Flags) for wraps in (True, False)),
        *((("reversed", way)) for way in (True, False)),
        *((("scale", known)) for known in (True, False)),
    }
    assert wanted <= seen, wanted - seen


@pytest.mark.slow
def test_all_kinds_of_cases_occur() -> None:
    cases = set()
    for seed in range(150):
        maker, made, _ = scenario(seed)
        cases.add(differential.compare(maker, made, *differential.unroll(maker, made, 2)))
    assert cases == {"allowed", "forbidden", "impossible"}
