"""Faults in the prover: the translation to terms, the loops, the search for invariants, what a proof consists of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import z3

from checker import program as p
from checker.program import walk
from checker.program.types import BOOL
from checker.prove.invariants import houdini, mine, vocabulary
from checker.prove.proof import goals
from checker.prove.system import chains, inputs, loop, receive, system, turn
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop_builder import LoopBuilder
from checker.prove.system.system import System
from checker.prove.terms import encode
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE, Environment, disj
from checker.prove.terms.solver import Answer, Solver
from tests.prove import test_rechecking, test_system
from tests.prove.faults.seeding import (
    Fault,
    Seeding,
    differential,
    fooling,
    golden,
    noting,
    numbers,
    paths,
    replay,
    the_test,
)

FAULTS: list[Fault] = []
fault = noting(FAULTS)


# --- integers


@fault("sums and differences are not wrapped", differential(), replay("bits-turned-over"))
def _(seed: Seeding) -> None:
    seed.into(n.wrap)(lambda rightly, number, bits: number)
    seed.into(n.wrap_once)(lambda rightly, op, left, right, bits: n.exact(op, left, right))


@fault("a difference of 0 wraps", numbers())
def _(seed: Seeding) -> None:
    @seed.into(n.wrap_once)
    def _(rightly: Any, op: p.Op, left: n.Num, right: n.Num, bits: int) -> n.Num:
        if op is p.Op.ADD:
            return rightly(op, left, right, bits)
        result = n.subtract(left, right)
        return n.choose(n.compare(p.Rel.LT, right, left), result, n.add(result, n.const(1 << bits)))


@fault("`<` means `<=`", differential())
def _(seed: Seeding) -> None:
    @seed.into(n.compare)
    def _(rightly: Any, rel: p.Rel, left: n.Num, right: n.Num) -> Any:
        return rightly(p.Rel.LE if rel is p.Rel.LT else rel, left, right)


@fault("the range of a type ends one too late", numbers())
def _(seed: Seeding) -> None:
    @seed.into(n.in_range)
    def _(rightly: Any, number: n.Num, bits: int) -> Any:
        return z3.And(n.compare(p.Rel.LE, n.const(0), number), n.compare(p.Rel.LE, number, n.const(1 << bits)))


@fault("holes in masks are not seen", differential(), fooling("mask-with-a-hole"))
def _(seed: Seeding) -> None:
    seed.into(n.mask)(lambda rightly, number, bits: n.remainder(number, 1 << bits.bit_length()))


@fault("a remainder by more than the scale is 0", differential())
def _(seed: Seeding) -> None:
    @seed.into(n.remainder)
    def _(rightly: Any, number: n.Num, by: int) -> n.Num:
        return n.const(0) if number.scale >= 4096 else rightly(number, by)


@fault("two numbers are counted in the larger of their scales", numbers())
def _(seed: Seeding) -> None:
    seed.into(n.common_scale)(lambda rightly, *of: max(1, *(each.scale for each in of)))


# --- expressions


@fault("comparisons are signed", differential())
def _(seed: Seeding) -> None:
    def signed(number: n.Num) -> n.Num:
        if number.constant is not None:
            return n.const(number.constant - (1 << 64 if number.constant >> 63 else 0))
        return n.choose(number.at(1) >= 1 << 63, n.subtract(number, n.const(1 << 64)), number)

    @seed.into(encode.encode)
    def _(rightly: Any, expr: p.Expr, env: Environment) -> encode.Value:
        if isinstance(expr, p.Compare) and expr.rel in (p.Rel.LT, p.Rel.LE):
            return n.compare(expr.rel, *(signed(encode.encode(side, env)) for side in (expr.left, expr.right)))
        return rightly(expr, env)


@fault("a cast that cuts owes nothing", differential(), fooling("pages-cut"))
def _(seed: Seeding) -> None:
    @seed.into(encode._convert)
    def _(rightly: Any, expr: p.Convert, env: Environment) -> encode.Value:
        return rightly(expr, replace(env, on_overflow=lambda _: None))


@fault("what stands behind `and` owes nothing", differential(), fooling("short-circuit"))
def _(seed: Seeding) -> None:
    seed.into(Environment.under)(lambda rightly, env, condition: rightly(env, FALSE))


@fault("differences in formulas are the machine's", differential())
def _(seed: Seeding) -> None:
    seed.into(encode._arith)(lambda rightly, expr, env: rightly(expr, replace(env, exact=False)))


# --- statements


@fault("dropped regions are visited again", differential(), fooling("dropped-runtime"))
def _(seed: Seeding) -> None:
    @seed.into(turn.visit)
    def _(rightly: Any, statement: p.Pass, turn: turn.Turn, enabled: Any) -> None:
        assert turn.region is not None
        dropped, turn.region[p.DROPPED] = turn.region[p.DROPPED], FALSE
        rightly(statement, turn, enabled)
        turn.region[p.DROPPED] = disj(turn.region[p.DROPPED], dropped)


@fault("checked operators in filters owe nothing", differential(), fooling("wrap-in-filter"))
def _(seed: Seeding) -> None:
    @seed.into(turn.Turn.environment)
    def _(rightly: Any, turn: turn.Turn, name: str) -> Environment:
        regions = {} if turn.region is None else {name: turn.region}
        return Environment(turn.scalars, regions, path=turn.live)


@fault("a choice may be the end of its range", differential(), fooling("choose-wrapped-range"))
def _(seed: Seeding) -> None:
    @seed.into(turn.choose)
    def _(rightly: Any, statement: p.Choose, turn: turn.Turn, variable: str) -> None:
        one = p.Const(statement.high.type, 1)
        high = p.Arith(statement.high.type, p.Op.ADD, statement.high, one, False, statement)  # type: ignore[arg-type]
        rightly(replace(statement, high=high), turn, variable)


@fault("a choice that is not made has to be legal", differential(), paths())
def _(seed: Seeding) -> None:
    @seed.into(turn.choose)
    def _(rightly: Any, statement: p.Choose, turn: turn.Turn, variable: str) -> None:
        rightly(statement, turn, variable)
        always = replace(turn, live=TRUE, overflows=[], fresh=lambda name, _: turn.scalars[name])
        rightly(statement, always, variable)


@fault("what a branch assigns is assigned in any case", differential(), paths())
def _(seed: Seeding) -> None:
    @seed.into(turn._statement)
    def _(rightly: Any, statement: p.Statement, turn: turn.Turn, variable: str) -> None:
        live = turn.live
        if isinstance(statement, p.Assign):
            turn.live = TRUE
        rightly(statement, turn, variable)
        if isinstance(statement, p.Assign):
            turn.live = live


@fault("`continue` in a branch ends nothing", differential(), fooling("forgotten-on-continue"))
def _(seed: Seeding) -> None:
    seed.into(turn._leaves)(lambda rightly, statements: False)


@fault("a break is forgotten in the next turn", fooling("break-is-not-continue"))
def _(seed: Seeding) -> None:
    seed.into(walk.breaks)(lambda rightly, statements: False)


@fault("a branch assigns nothing that a pass would change", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(walk.assigned)
    def _(rightly: Any, statements: Sequence[p.Statement]) -> frozenset[str]:
        return frozenset(each.name for each in statements if isinstance(each, p.Assign))


@fault("`place` changes the address and nothing else", paths(), fooling("exported-dropped"))
def _(seed: Seeding) -> None:
    seed.into(walk.writes)(lambda rightly, statements: rightly(statements) - {p.PLACED})


# --- assumptions


@fault("an assumption about some regions is made of all", differential(), fooling("aligned-only-where"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.alone)
    def _(rightly: Any, region: encode.Region, name: str, given: inputs.Inputs) -> list[Any]:
        formulas = [f for f in inputs._about(name, given) if isinstance(f, p.ForRegion)]
        return [inputs.parts(formula, (region,), given.scalars)[1] for formula in formulas]


@fault(
    "assumptions about order hold of pairs the other way round",
    fooling("sorted-the-other-way"),
)
def _(seed: Seeding) -> None:
    @seed.into(inputs.pair)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(second, first, given, **how)


@fault("what is assumed of two regions is assumed of one twice", fooling("overlap-from-third-region"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.pair)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(first, first, given, **how)


@fault("what is assumed of neighbours is assumed of any two", fooling("next-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.together)
    def _(rightly: Any, first: Any, second: Any, name: str, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(first, second, name, replace(given, assumptions=_without_next(given.assumptions)), **how)


def _without_next(formulas: p.Formulas) -> p.Formulas:
    return tuple(
        replace(each, formula=replace(each.formula, order=p.Order.BEFORE))
        if isinstance(each.formula, p.ForPair) and each.formula.order is p.Order.NEXT
        else each
        for each in formulas
    )


@fault("a list that comes in any order is taken to come in the map's", fooling("last-in-any-order"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.pair)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **_: bool) -> list[Any]:
        return rightly(first, second, given, ordered=True)


@fault("a total of differences bounds its parts", paths())
def _(seed: Seeding) -> None:
    seed.into(inputs._subtracts)(lambda rightly, expr: False)


@fault("the total of one map is of both", fooling("total-of-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.amount)
    def _(rightly: Any, total: p.TotalAtMost, region: encode.Region, given: inputs.Inputs) -> n.Num:
        return rightly(total, {**region, PRESENT: TRUE}, given)


@fault("what one map keeps, the other one keeps too", differential(), fooling("assumed-of-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(inputs.member)
    def _(rightly: Any, regions: p.Regions, region: encode.Region, scalars: Any) -> Any:
        return rightly(regions, {**region, PRESENT: TRUE}, scalars)


@fault("addresses that are aligned in one map are so in both", fooling("aligned-in-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(inputs._scales)
    def _(rightly: Any, given: inputs.Inputs) -> dict[str, int]:
        by_map = [inputs._scales_in(each.name, given) for each in given.scenario.maps]
        return {name: scale for scales in by_map for name, scale in scales.items()}


@fault("what is assumed aligned of some regions is so of all", fooling("aligned-only-where"))
def _(seed: Seeding) -> None:
    seed.into(inputs._always)(lambda rightly, expr: True)


@fault("maps that are alike do not differ", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    seed.into(inputs.may_differ)(lambda rightly, like, fields, given: FALSE)


@fault("maps that are alike may differ in anything", replay("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    seed.into(inputs.may_differ)(lambda rightly, like, fields, given: TRUE)


# --- hand-overs


@fault("a hand-over does not cut fields", differential(), fooling("cut-on-the-way"))
def _(seed: Seeding) -> None:
    seed.into(receive._cut)(lambda rightly, value, kind, bits: value)


@fault("what is cut on the way arrives as it left, of all but the witnesses", fooling("cut-of-others"))
def _(seed: Seeding) -> None:
    @seed.into(receive.unchanged_fields)
    def _(rightly: Any, handover: p.Handover, record: p.Record) -> frozenset[str]:
        return frozenset(dict(handover.fields)) & frozenset(dict(record.inputs))


@fault("dropped regions travel", fooling("dropped-and-passed"))
def _(seed: Seeding) -> None:
    @seed.into(receive.receive)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        return rightly(handover, {**region, p.DROPPED: FALSE}, given)


@fault("fields that do not travel arrive", differential(), fooling("type-does-not-travel"))
def _(seed: Seeding) -> None:
    @seed.into(receive.receive)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        missing = {name for name, _ in given.record.inputs} - dict(handover.fields).keys()
        return {**rightly(handover, region, given), **{name: region[name] for name in missing}}


@fault("marks travel", differential(), fooling("mark-does-not-travel"))
def _(seed: Seeding) -> None:
    @seed.into(receive.receive)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        marks = (*p.MARKS, *given.record.marks)
        return {**rightly(handover, region, given), **{name: region[name] for name in marks}}


@fault("what arrives backward arrives forward", fooling("order-received"))
def _(seed: Seeding) -> None:
    seed.table(system, "_TRAVEL", {p.Travel.BACKWARD: 1})


# --- loops


@fault("what one block calls its variable, the next one finds in its own", fooling("name-used-twice"))
def _(seed: Seeding) -> None:
    seed.into(loop.Track.forget)(lambda rightly, track, outer: None)


@fault("the region of a turn counts twice in a total", paths(), fooling("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._bounds)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, turn: int | None, row: Any) -> Any:
        return rightly(builder, track, None, row)


@fault("what regions add up to is forgotten from turn to turn", golden("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    seed.into(LoopBuilder._unless)(lambda rightly, builder, condition, total, row: n.const(0))


@fault("what an earlier pass has counted counts again", paths(), fooling("counted-once"))
def _(seed: Seeding) -> None:
    seed.into(LoopBuilder._selected)(lambda rightly, builder, track, row: FALSE)


@fault("passes that go backwards come to the first witness first", paths())
def _(seed: Seeding) -> None:
    seed.into(LoopBuilder._visiting)(lambda rightly, builder: (0, 1))


@fault("any other region stands before the witnesses", fooling("sorted-the-other-way"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._anonymous)
    def _(rightly: Any, builder: LoopBuilder, constraints: list[Any]) -> inputs.Row:
        row = rightly(builder, constraints)
        for witness in builder.rows:
            constraints += inputs.pair(row, witness, builder.given)
        return row


@fault("no region but the witnesses has a turn", paths())
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._step)
    def _(rightly: Any, builder: LoopBuilder, turn: int | None) -> loop.Step:
        made = rightly(builder, turn)
        return replace(made, constraint=FALSE) if turn is None else made


@fault("what holds at the end of a pass is assumed in its turns", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder.build)
    def _(rightly: Any, builder: LoopBuilder) -> loop.Loop:
        made = rightly(builder)
        return replace(made, facts=(*made.facts, made.finished))


@fault("a region has its turn in all kernels, or in none", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._turn)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, region: Any, constraints: list[Any]) -> turn.Turn:
        constraints.append(region[PRESENT])
        return rightly(builder, track, region, constraints)


@fault("a pass under a condition is always made", fooling("switched-by-a-pass"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._turn)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> turn.Turn:
        live, track.live = track.live, TRUE
        taken = rightly(builder, track, *rest)
        track.live = live
        return taken


@fault("the turns of regions other than the witnesses owe nothing", fooling("wrap-in-filter"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._step)
    def _(rightly: Any, builder: LoopBuilder, turn: int | None) -> loop.Step:
        made = rightly(builder, turn)
        return replace(made, overflows=()) if turn is None else made


@fault("what is chosen in passes, all kernels choose alike", fooling("chosen-in-a-pass"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._fresh)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, constraints: list[Any]) -> Any:
        return rightly(builder, builder.tracks[0], constraints)


@fault("a region between neighbours never joins the list later", fooling("neighbours-found-later"))
def _(seed: Seeding) -> None:
    from checker.prove.system import loop_builder

    seed.into(loop_builder._later)(lambda rightly, track: iter(()))


@fault("fields are as the map has them, whatever earlier passes wrote", fooling("emptied-in-another-pass"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._entering)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> Any:
        written, track.written = track.written, frozenset()
        found = rightly(builder, track, *rest)
        track.written = written
        return found


@fault("all that the map has is handed over", fooling("passed-by-what-was-done"))
def _(seed: Seeding) -> None:
    @seed.into(LoopBuilder._entering)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> Any:
        passed, track.passed = track.passed, track.passed or ("", p.Const(BOOL, 1))
        found = rightly(builder, track, *rest)
        track.passed = passed
        return found


# --- runs


@fault("passes that go different ways are made in step", fooling("order-on-the-way"))
def _(seed: Seeding) -> None:
    seed.into(System._early)(lambda rightly, made, run: None)
    seed.table(system, "_TRAVEL", dict.fromkeys(p.Travel, 1))


@fault("a kernel receives before the last pass of the one before", fooling("last-pass-changes-it"))
def _(seed: Seeding) -> None:
    @seed.into(System._giver)
    def _(rightly: Any, made: System, run: p.Run, moving: Sequence[loop.Track]) -> Any:
        left = [track.left for track in moving]
        for track in moving:
            track.left = 0
        found = rightly(made, run, moving)
        for track, count in zip(moving, left, strict=True):
            track.left = count
        return found


@fault("a kernel receives what the one before has still to write", fooling("changed-in-the-same-turn"))
def _(seed: Seeding) -> None:
    @seed.into(System._early)
    def _(rightly: Any, made: System, run: p.Run) -> Any:
        given = made.given
        idle = tuple(replace(r, algorithm=replace(r.algorithm, body=())) for r in given.scenario.runs)
        made.given = replace(given, scenario=replace(given.scenario, runs=idle))
        found = rightly(made, run)
        made.given = given
        return found


@fault("a kernel that need not wait receives all regions", fooling("passed-by-what-was-done"))
def _(seed: Seeding) -> None:
    @seed.into(System._early)
    def _(rightly: Any, made: System, run: p.Run) -> Any:
        if run.handover is None:
            return rightly(made, run)
        return rightly(made, replace(run, handover=replace(run.handover, where=p.Const(BOOL, 1))))


@fault("after a pass variables are what they were before", fooling("scalar-in-the-third"))
def _(seed: Seeding) -> None:
    @seed.into(System._leave)
    def _(rightly: Any, made: System, track: loop.Track, done: loop.Loop) -> None:
        before = dict(track.scalars)
        rightly(made, track, done)
        track.scalars.update(before)


@fault("all regions come from the first map", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(System.__post_init__)
    def _(rightly: Any, made: System) -> None:
        rightly(made)
        made.origins.update(dict.fromkeys(made.origins, made.given.scenario.maps[0].name))


@fault("what operators outside passes owe is forgotten", fooling("wrap-in-argument"))
def _(seed: Seeding) -> None:
    @seed.into(System._add_obligations)
    def _(rightly: Any, made: System, overflows: Any, *premises: Any) -> None:
        if premises:
            rightly(made, overflows, *premises)


@fault("what is chosen outside passes, all kernels choose alike", fooling("chosen-twice"))
def _(seed: Seeding) -> None:
    @seed.into(System._fresh)
    def _(rightly: Any, made: System, name: str, kind: Any) -> encode.Value:
        names, made.names = made.names, 0
        found = rightly(made, name, kind)
        made.names = names
        return found


@fault("what holds in the second kernel holds in all", fooling("third-kernel"))
def _(seed: Seeding) -> None:
    asked: list[System] = []

    @seed.into(System._filter)
    def _(rightly: Any, made: System, claims: Any, witnesses: Any) -> Any:
        if any(each is made for each in asked):
            return list(claims)
        asked.append(made)
        return rightly(made, claims, witnesses)


@fault("what each kernel keeps held from the first", fooling("third-kernel"))
def _(seed: Seeding) -> None:
    asked: list[System] = []

    @seed.into(System._filter)
    def _(rightly: Any, made: System, claims: Any, witnesses: Any) -> Any:
        if all(each is not made for each in asked):
            asked.append(made)
            return list(claims)
        return rightly(made, claims, witnesses)


@fault(
    "all kernels of a chain change only what the first one changed",
    the_test(test_system.test_a_later_kernel_of_a_chain_meets_what_the_one_before_has_written),
)
def _(seed: Seeding) -> None:
    @seed.into(System._chain)
    def _(rightly: Any, made: System, run: p.Run) -> None:
        first = made.original[run.source]
        received = System._received

        def as_first(self: System, once: p.Run, source: Any, direction: int) -> loop.Track:
            self.original[run.source], now = first, self.original[run.source]
            track = received(self, once, source, direction)
            self.original[run.source] = now
            return track

        seed.patch.setattr(System, "_received", as_first)
        rightly(made, run)
        seed.patch.setattr(System, "_received", received)


@fault(
    "nothing is claimed of a chain about what its kernels ask",
    golden("sorted-out-below"),
)
def _(seed: Seeding) -> None:
    seed.into(chains._answer)(lambda rightly, region, question, given: lambda fields: TRUE)


@fault("a chain leaves regions in the order in which they came", fooling("order-in-a-chain"))
def _(seed: Seeding) -> None:
    @seed.into(System._chain)
    def _(rightly: Any, made: System, run: p.Run) -> None:
        rightly(made, run)
        made.directions[run.name] = made.directions[run.source]


@fault(
    "neighbours at the end of a chain were so before",
    the_test(test_system.test_others_may_have_stood_between_neighbours_at_the_end_of_a_chain, "last", True),
)
def _(seed: Seeding) -> None:
    @seed.into(System._made)
    def _(rightly: Any, made: System, *rest: Any) -> Any:
        build = LoopBuilder.build
        neighbours = made.neighbours

        def building(builder: LoopBuilder) -> loop.Loop:
            builder.neighbours = neighbours
            return build(builder)

        seed.patch.setattr(LoopBuilder, "build", building)
        found = rightly(made, *rest)
        seed.patch.setattr(LoopBuilder, "build", build)
        return found


# --- invariants


@fault("candidates need not hold at the start", fooling("after-break"), paths())
def _(seed: Seeding) -> None:
    @seed.into(houdini._Filter.sieve)
    def _(rightly: Any, each: houdini._Filter, alive: Any) -> list[int]:
        return rightly(each, alive) if each.use else list(alive)


@fault("candidates need not survive the turn of a witness", fooling("congruence-on-one-branch"), paths())
def _(seed: Seeding) -> None:
    @seed.into(houdini.inductive)
    def _(rightly: Any, about: loop.Loop, *rest: Any) -> Any:
        return rightly(replace(about, steps=about.steps[:1]), *rest)


@fault("candidates are assumed where they have to be shown", paths(), fooling("after-break"))
def _(seed: Seeding) -> None:
    @seed.into(houdini._Filter.__init__)
    def _(rightly: Any, each: houdini._Filter, *arguments: Any, **how: Any) -> None:
        rightly(each, *arguments, **how)
        for number, use in each.use.items():
            each.solver.add(z3.Implies(use, each.claims[number]))


@fault("a candidate that is given up is still assumed by others", paths())
def _(seed: Seeding) -> None:
    asked: list[houdini._Filter] = []

    @seed.into(houdini._Filter.sieve)
    def _(rightly: Any, each: houdini._Filter, alive: Any) -> list[int]:
        if any(other is each for other in asked):
            return list(alive)
        asked.append(each)
        return rightly(each, alive)


@fault("candidates that cannot be decided are kept", paths())
def _(seed: Seeding) -> None:
    sieving: list[houdini._Filter] = []

    @seed.into(houdini._Filter.sieve)
    def _(rightly: Any, each: houdini._Filter, alive: Any) -> list[int]:
        sieving.append(each)
        found = rightly(each, alive)
        sieving.pop()
        return found

    @seed.into(Solver.check)
    def _(rightly: Any, solver: Solver, *assumptions: Any, **how: Any) -> Answer:
        found = rightly(solver, *assumptions, **how)
        return Answer.UNSAT if sieving and found is Answer.UNKNOWN else found


@fault(
    "a solver that gives up has shown it",
    the_test(test_rechecking.test_without_effort_nothing_is_confirmed, prepare=test_rechecking.decided),
)
def _(seed: Seeding) -> None:
    @seed.into(Solver.check)
    def _(rightly: Any, solver: Solver, *assumptions: Any, **how: Any) -> Answer:
        found = rightly(solver, *assumptions, **how)
        return Answer.UNSAT if found is Answer.UNKNOWN else found


@fault("the bounds of windows are mined one off", golden("reserved-range"))
def _(seed: Seeding) -> None:
    @seed.into(vocabulary.vocabulary)
    def _(rightly: Any, *arguments: Any) -> vocabulary.Vocabulary:
        words = rightly(*arguments)
        return replace(words, constants=tuple((kind, value + 1) for kind, value in words.constants))


# --- what a proof consists of


@fault("what is true of two regions is taken for true of one", fooling("at-most-one-region"))
def _(seed: Seeding) -> None:
    @seed.into(vocabulary.witness_regions)
    def _(rightly: Any, goal: p.Quantified, columns: Sequence[Any]) -> Any:
        return rightly(goal, columns[: 2 if isinstance(goal, p.ForPair) else 1])

    seed.into(vocabulary.witnesses_needed)(lambda rightly, goal: 2)


@fault("the two regions of a pair may be one", fooling("order-of-unsorted-maps"))
def _(seed: Seeding) -> None:
    @seed.into(vocabulary.witness_regions)
    def _(rightly: Any, goal: p.Quantified, columns: Sequence[Any]) -> Any:
        regions = rightly(goal, columns)
        return [regions[0], regions[0]] if isinstance(goal, p.ForPair) else regions


@fault("the first part of a property is the property", fooling("two-parts"))
def _(seed: Seeding) -> None:
    seed.into(goals.goals_of)(lambda rightly, check: rightly(check)[:1])


@fault("in a list that arrives backward the first witness comes first", fooling("order-received"))
def _(seed: Seeding) -> None:
    @seed.into(goals._claim)
    def _(rightly: Any, formula: p.Quantified, made: System) -> Any:
        return rightly(formula, _forward(made))


def _forward(made: System) -> System:
    forward = object.__new__(System)
    forward.__dict__.update(made.__dict__, directions=dict.fromkeys(made.directions, 1))
    return forward


@fault("what is assumed of neighbours in a layout is assumed of any two", fooling("next-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(goals._late)
    def _(rightly: Any, made: System) -> Iterator[Any]:
        other = object.__new__(System)
        given = replace(made.given, assumptions=_without_next(made.given.assumptions))
        other.__dict__.update(made.__dict__, given=given)
        return rightly(other)


@fault("counterparts that maps may differ in are one region", fooling("differ-and-are-counterparts"))
def _(seed: Seeding) -> None:
    seed.into(goals._split)(lambda rightly, row, given: FALSE)


@fault("of a run's obligations the last is enough", fooling("short-circuit"))
def _(seed: Seeding) -> None:
    @seed.into(goals.endings)
    def _(rightly: Any, goal: goals.Goal, solved: goals.SolvedSystem) -> list[Any]:
        return list(rightly(goal, solved))[-1:]


@fault("totals are not mined", golden("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    seed.into(mine._Miner._budgets)(lambda rightly, miner: iter(()))
