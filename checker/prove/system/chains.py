"""One hand-over or any number more, by induction.

The layout after some number of hand-overs is unknown but for claims that hold after the first one. Those go that one
more hand-over may break, until none does. *Sound*, because what is left holds after the first hand-over, and one more
keeps it: so it holds after any number. Which claims are tried (`checker.prove.system.claims`) does not matter to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checker import program as p
from checker.program import walk
from checker.prove.system.claims import ChainCandidate, Witnesses, candidates, of_checks
from checker.prove.system.loop import Track
from checker.prove.system.receivers import arriving, received
from checker.prove.system.state import witness_name

if TYPE_CHECKING:
    from checker.prove.system.system import System


def follow(system: System, run: p.Run) -> None:
    """Follow a chained run to its end. Raises `OutOfReachError`."""
    assert run.handover is not None
    once = replace(run, chained=False)
    before, direction = system.layouts[run.source], system.directions[run.source]
    same_order = direction if run.handover.travel is p.Travel.FORWARD else 0
    first = _kernel(system, once, before, direction)
    possible = [claim for index in range(system.count) for claim in candidates(run, before, index, system.given)]
    possible += of_checks(run, system.layouts, same_order, system.given)
    alive = _keep(system, possible, first)
    some = [system.unknown(f"{run.name}.{witness_name(index)}") for index in range(system.count)]
    known = list(system.facts)
    original = system.original[run.source]
    names = system.names
    while True:
        # What is given up leaves no trace, not even in names: a proof that is told what holds need not try.
        system.names = names
        system.facts = [*known, *(claim(some) for claim in alive)]
        mark = (len(system.invariants), len(system.obligations))
        # A later generation's anonymous regions: what the first kernel's algorithm wrote, and what each further one
        # did, is forgotten; what neither changes and what travels whole is still as in the map.
        system.original[run.source] = original - walk.writes(run.algorithm.body)
        next_one = _kernel(system, once, some, same_order)
        system.original[run.source] = original
        kept = _keep(system, alive, next_one)
        if len(kept) == len(alive):
            break
        alive = kept
        del system.invariants[mark[0] :], system.obligations[mark[1] :]
    system.facts = [*known, *(claim(some) for claim in alive)]
    system.layouts[run.name], system.directions[run.name] = some, same_order
    system.origins[run.name] = system.origins[run.source]
    system.original[run.name] = arriving(run.handover, original, system.given) - walk.writes(run.algorithm.body)


def _kernel(system: System, run: p.Run, source: Witnesses, direction: int) -> Witnesses:
    """Return what one hand-over from ``source`` makes.

    Two witnesses that are neighbours in the layout at the end of a chain may not have been neighbours before.
    """
    neighbours, system.neighbours = system.neighbours, None
    system.within_chain = True
    moving: list[Track] = []
    system.enter(received(system, run, source, direction), moving)
    while moving:
        system.make_loop(moving)
    system.neighbours = neighbours
    system.within_chain = False
    return system.layouts.pop(run.name)


def _keep(system: System, claims: Sequence[ChainCandidate], made: Witnesses) -> list[ChainCandidate]:
    """Return those of the claims that hold of what was made."""
    holding = system.follows(system.facts, [claim(made) for claim in claims])
    return [claim for claim, holds in zip(claims, holding, strict=True) if holds]
