"""Faults in the systems of runs and chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.program.types import BOOL
from checker.prove.system import loop
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.system import System
from checker.prove.terms import encode
from checker.prove.terms.encode import TRUE
from tests.helpers import seams
from tests.helpers.patching import meanwhile
from tests.prove import test_chains
from tests.prove.faults.checks import fooling, golden, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("passes that go different ways are made in step", fooling("order-on-the-way"))
def _(seed: Seeding) -> None:
    seed.into(seams.RECEIVES_EARLY)(lambda rightly, made, run: None)
    seed.table(seams.TRAVEL, dict.fromkeys(p.Travel, 1))


@fault("a kernel receives before the last pass of the one before", fooling("last-pass-changes-it"))
def _(seed: Seeding) -> None:
    @seed.into(seams.GIVER)
    def _(rightly: Any, run: p.Run, moving: Sequence[loop.Track]) -> Any:
        left = [track.left for track in moving]
        for track in moving:
            track.left = 0
        found = rightly(run, moving)
        for track, count in zip(moving, left, strict=True):
            track.left = count
        return found


@fault("a kernel receives what the one before has still to write", fooling("changed-in-the-same-turn"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RECEIVES_EARLY)
    def _(rightly: Any, made: System, run: p.Run) -> Any:
        given = made.given
        idle = tuple(replace(r, algorithm=replace(r.algorithm, body=())) for r in given.scenario.runs)
        made.given = replace(given, scenario=replace(given.scenario, runs=idle))
        found = rightly(made, run)
        made.given = given
        return found


@fault("a kernel that need not wait receives all regions", fooling("passed-by-what-was-done"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RECEIVES_EARLY)
    def _(rightly: Any, made: System, run: p.Run) -> Any:
        if run.handover is None:
            return rightly(made, run)
        return rightly(made, replace(run, handover=replace(run.handover, where=p.Const(BOOL, 1))))


@fault("after a pass variables are what they were before", fooling("scalar-in-the-third"))
def _(seed: Seeding) -> None:
    @seed.into(seams.LEAVE_PASS)
    def _(rightly: Any, made: System, track: loop.Track, done: loop.Loop) -> None:
        before = dict(track.scalars)
        rightly(made, track, done)
        track.scalars.update(before)


@fault("all regions come from the first map", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(seams.SET_UP)
    def _(rightly: Any, made: System) -> None:
        rightly(made)
        made.origins.update(dict.fromkeys(made.origins, made.given.scenario.maps[0].name))


@fault("what operators outside passes owe is forgotten", fooling("wrap-in-argument"))
def _(seed: Seeding) -> None:
    @seed.into(seams.OWE)
    def _(rightly: Any, made: System, overflows: Any, *premises: Any, **turn: Any) -> None:
        if premises:
            rightly(made, overflows, *premises, **turn)


@fault("what is chosen outside passes, all kernels choose alike", fooling("chosen-twice"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHOICE_OUTSIDE)
    def _(rightly: Any, made: System, name: str, kind: Any) -> encode.Value:
        names, made.names = made.names, 0
        found = rightly(made, name, kind)
        made.names = names
        return found


@fault("what holds in the second kernel holds in all", fooling("third-kernel"))
def _(seed: Seeding) -> None:
    asked: list[System] = []

    @seed.into(seams.CHAIN_CLAIMS)
    def _(rightly: Any, made: System, claims: Any, witnesses: Any) -> Any:
        if any(each is made for each in asked):
            return list(claims)
        asked.append(made)
        return rightly(made, claims, witnesses)


@fault("what each kernel keeps held from the first", fooling("third-kernel"))
def _(seed: Seeding) -> None:
    asked: list[System] = []

    @seed.into(seams.CHAIN_CLAIMS)
    def _(rightly: Any, made: System, claims: Any, witnesses: Any) -> Any:
        if all(each is not made for each in asked):
            asked.append(made)
            return list(claims)
        return rightly(made, claims, witnesses)


@fault(
    "all kernels of a chain change only what the first one changed",
    the_test(test_chains.test_a_later_kernel_of_a_chain_meets_what_the_one_before_has_written),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.CHAIN)
    def _(rightly: Any, made: System, run: p.Run) -> None:
        first = made.original[run.source]

        def as_first(self: System, once: p.Run, source: Any, direction: int) -> loop.Track:
            self.original[run.source], now = first, self.original[run.source]
            track: loop.Track = seams.RECEIVED.function(self, once, source, direction)
            self.original[run.source] = now
            return track

        with meanwhile(seams.RECEIVED, as_first):
            rightly(made, run)


@fault(
    "nothing is claimed of a chain about what its kernels and its checks ask",
    golden("sorted-out-below"),
)
def _(seed: Seeding) -> None:
    seed.into(seams.CHAIN_CHECKS)(lambda rightly, *of: ())
    seed.into(seams.CHAIN_QUESTION)(lambda rightly, region, question, given: lambda fields: TRUE)


@fault("a chain leaves regions in the order in which they came", fooling("order-in-a-chain"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHAIN)
    def _(rightly: Any, made: System, run: p.Run) -> None:
        rightly(made, run)
        made.directions[run.name] = made.directions[run.source]


@fault(
    "neighbours at the end of a chain were so before",
    the_test(test_chains.test_others_may_have_stood_between_neighbours_at_the_end_of_a_chain, "last", True),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.KERNEL_OF_CHAIN)
    def _(rightly: Any, made: System, *rest: Any) -> Any:
        neighbours = made.neighbours

        def build(builder: LoopBuilder) -> Any:
            builder.neighbours = neighbours
            return seams.BUILD_LOOP.function(builder)

        with meanwhile(seams.BUILD_LOOP, build):
            return rightly(made, *rest)
