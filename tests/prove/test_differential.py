"""The interpreter against the prover's terms: random programs on random maps, everything compared.

`MAPPROOF_SEEDS=100000:200000` runs another, longer series.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from checker.interpret import Chooser, Setting, World, holds, instances, realise, violation
from checker.language import program as p
from checker.language import types as t
from checker.prove import assume
from checker.prove.assume import PRESENT
from checker.prove.bounded import Shape, Unrolled
from checker.prove.encode import TRUE, Value
from checker.prove.numbers import OutOfReachError
from prove.generate_programs import MAP, RECORD, Maker, nodes, scenario
from prove.ground import Bundle, pair

CHUNKS, SIZE = 20, 120

Key = tuple[str, str, int | None]
Choices = dict[Key, int]


def series() -> list[range]:
    text = os.environ.get("MAPPROOF_SEEDS", f"0:{CHUNKS * SIZE}")
    first, last = map(int, text.split(":"))
    return [range(start, min(start + SIZE, last)) for start in range(first, last, SIZE)]


def chooser(run: str, random: Random, choices: Choices, ranges: dict[Key, range], stuck: list[Key]) -> Chooser:
    def choose(name: str, region: int | None, legal: range) -> int | None:
        ranges[run, name, region] = legal
        if not legal:
            stuck.append((run, name, region))
            return None
        index = random.choice((0, -1, random.randrange(min(len(legal), 1 << 60)) if legal.stop < 1 << 62 else 0))
        choices[run, name, region] = legal[index]
        return legal[index]

    return choose


def compare(maker: Maker, made: p.Scenario, steps: dict[str, int], unrolled: Unrolled, bundle: Bundle) -> str:
    """Run one map both ways. Returns what kind of case it was."""
    regions = maker.map(unrolled.shape.rows, steps)
    scalars = {s.name: maker.value(s.type) for s in made.scalars}
    choices: Choices = {}
    ranges: dict[Key, range] = {}
    stuck: list[Key] = []
    choosers = {run.name: chooser(run.name, maker.random, choices, ranges, stuck) for run in made.runs}
    world = realise(made, Setting({MAP: regions}, scalars, choosers))
    possible = all(layout.possible for layout in world.layouts.values())
    assert possible == (not stuck)
    table = unrolled.lists[MAP]
    inputs = [pair(table[i][n], region[n]) for i, region in enumerate(regions) for n, _ in RECORD.fields]
    inputs += [pair(unrolled.given.scalars[name], value) for name, value in scalars.items()]
    kinds = {
        (run.name, node.name): node.type
        for run in made.runs
        for node in nodes(run.algorithm.body)
        if isinstance(node, p.Choose)
    }
    # Where no choice was made, any value must do.
    drawn = {key: choices.get(key, maker.value(kinds[key[0], key[1]])) for key in unrolled.choices}
    values = iter(bundle.at([*inputs, *(pair(unrolled.choices[key], value) for key, value in drawn.items())]))
    for key, legal in ranges.items():
        limit = 1 << t.width(kinds[key[0], key[1]])
        near = (legal.start - 1, legal.start + 1, legal.stop, legal.stop - 1)
        for value in [v for v in near if v not in legal and 0 <= v < limit][:1]:
            other = {**drawn, key: value}
            found = bundle.at([*inputs, *(pair(unrolled.choices[k], v) for k, v in other.items())])
            assert not all(found[: len(unrolled.constraints)]), "a choice that is not legal"

    check = made.checks[0]
    allowed = [bool(next(values)) for _ in unrolled.constraints]
    assert all(allowed) == (possible and holds(check.assumptions, world)), "assumptions and choices"
    broken, applied = bool(next(values)), [bool(next(values)) for _ in check.goal]
    lost = {run.name: sum(next(values) for _ in unrolled.losses[run.name]) for run in made.runs}
    shown = {
        run.name: [{name: next(values) for name in fields if name != PRESENT} for fields in unrolled.lists[run.name]]
        for run in made.runs
    }
    if not possible:
        return "impossible"
    assert broken == (violation(check, world) is not None), "goal"
    assert applied == [applies(conjunct.formula, world) for conjunct in check.goal], "when the goal applies"
    for run in made.runs:
        layout = world.layouts[run.name]
        assert shown[run.name] == [dict(region) for region in layout.regions], run.name
        assert lost[run.name] == len(layout.wrapped), "what is lost"
        if not run.algorithm.exports:
            assert layout.exported == tuple(i for i, r in enumerate(layout.regions) if not r[p.DROPPED])
        else:
            assert {i for i, r in enumerate(layout.regions) if r[p.EXPORTED]} == set(layout.exported)
    return "allowed" if all(allowed) else "forbidden"


def applies(formula: p.Formula, world: World) -> bool:
    if not isinstance(formula, p.Quantified):
        return True
    layout = world.layouts.get(formula.regions.name)
    placed = layout is None or any(region[p.PLACED] for region in layout.regions)
    return placed and next(instances(formula, world), None) is not None


def outputs(unrolled: Unrolled, made: p.Scenario) -> Bundle:
    check = made.checks[0]
    assert not isinstance(check.goal, p.ExactArithmetic)
    values: list[Value] = [*unrolled.constraints, unrolled.broken(check.goal)]
    for conjunct in check.goal:
        quantified = isinstance(conjunct.formula, p.Quantified)
        values.append(unrolled.applies(conjunct.formula) if quantified else TRUE)  # type: ignore[arg-type]
    for run in made.runs:
        values += unrolled.losses[run.name]
    for run in made.runs:
        values += [value for each in unrolled.lists[run.name] for name, value in each.items() if name != PRESENT]
    return Bundle(values)


@pytest.mark.parametrize("seeds", series(), ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree(seeds: range) -> None:
    skipped = 0
    for seed in seeds:
        maker, made, steps = scenario(seed)
        length = maker.random.choice((0, 1, 2, 2, 3, 4))
        try:
            unrolled = Unrolled(assume.inputs(made, made.checks[0].assumptions), Shape(length))
            bundle = outputs(unrolled, made)
        except OutOfReachError:
            skipped += 1
            continue
        for attempt in range(3):
            try:
                compare(maker, made, steps, unrolled, bundle)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, map {attempt}: {error}") from error
    assert skipped <= len(seeds) / 20, "the generator stays within what can be encoded"


def test_generator_makes_everything() -> None:
    seen: set[object] = set()
    for seed in range(400):
        _, made, steps = scenario(seed)
        seen.add(("scale", bool(steps)))
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
                case p.ForPair(order=order):
                    seen.add(order)
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
        *p.Order,
        *p.MARKS,
        *((("as", kind, wraps)) for kind in (t.Integer, t.Flags) for wraps in (True, False)),
        *((("reversed", way)) for way in (True, False)),
        *((("scale", known)) for known in (True, False)),
    }
    assert wanted <= seen, wanted - seen


def test_all_kinds_of_cases_occur() -> None:
    cases = set()
    for seed in range(150):
        maker, made, steps = scenario(seed)
        unrolled = Unrolled(assume.inputs(made, made.checks[0].assumptions), Shape(2))
        cases.add(compare(maker, made, steps, unrolled, outputs(unrolled, made)))
    assert cases == {"allowed", "forbidden", "impossible"}
