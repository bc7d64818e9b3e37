"""Faults in what turns do to the region before, and in passes by a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.interpret.machine import Ending
from checker.prove.system.loop import Track
from checker.prove.terms.encode import conj, disj
from tests.helpers import seams
from tests.language import test_previous
from tests.prove.faults.checks import befores, fooling, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("what is written to the region before is not", befores(), fooling("previous-changes-later"))
def _(seed: Seeding) -> None:
    seed.into(seams.WRITTEN_BEFORE)(lambda rightly, is_before, reached, value: value)


@fault("a region stays the one before for ever", befores())
def _(seed: Seeding) -> None:
    @seed.into(seams.MOVED_BEFORE)
    def _(rightly: Any, is_before: Any, remembers: Any, *, own: bool) -> Any:
        return disj(is_before, conj(remembers, rightly(is_before, remembers, own=own)))


@fault("a kernel in step with another does not wait for what later turns write", fooling("previous-handed-on"))
def _(seed: Seeding) -> None:
    seed.into(seams.REACHES)(lambda rightly, tree: frozenset())


@fault(
    "a pass with a region before may have others in it",
    the_test(test_previous.test_nothing_is_changed_in_a_pass_beside_the_region_before, "q.num_pages += 1"),
)
def _(seed: Seeding) -> None:
    seed.into(seams.HAS_PASS)(lambda rightly, tree: False)


@fault("a run remembers no region", befores())
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_REMEMBER)(lambda rightly, statement: lambda machine: Ending.DONE)


@fault("a pass by a key goes from the least in either direction", fooling("sorted-in-reverse"))
def _(seed: Seeding) -> None:
    @seed.into(seams.IN_ORDER_OF_KEY)
    def _(rightly: Any, track: Track, *rest: Any) -> Iterator[Any]:
        assert track.pending is not None
        return rightly(replace(track, pending=replace(track.pending, reverse=False)), *rest)


@fault("of two that are equal the last one comes first", befores())
def _(seed: Seeding) -> None:
    @seed.into(seams.AT_RANK)
    def _(rightly: Any, given: Any, index: int, rank: int) -> Any:
        return rightly(given[::-1], len(given) - 1 - index, rank)


@fault("a run makes every pass as the regions stand", befores())
def _(seed: Seeding) -> None:
    @seed.into(seams.RUN_PASS)
    def _(rightly: Any, statement: p.Pass) -> Any:
        return rightly(replace(statement, key=""))


@fault("passes by two keys are in step", fooling("in-step-by-another-key"))
def _(seed: Seeding) -> None:
    @seed.into(seams.IN_STEP)
    def _(rightly: Any, track: Track) -> Any:
        found = rightly(track)
        return found if found is None or track.heading else tuple(each for each in found if each != track.pending.key)


@fault("passes by a key are in step from either end", fooling("in-step-from-the-other-end"))
def _(seed: Seeding) -> None:
    seed.into(seams.IN_STEP)(lambda rightly, track: rightly(track) if track.heading else track.pending.key or None)


@fault("passes are in step by a key that one before has changed", fooling("in-step-by-what-was-changed"))
def _(seed: Seeding) -> None:
    seed.into(seams.IN_STEP)(lambda rightly, track: rightly(replace(track, written=frozenset())))
