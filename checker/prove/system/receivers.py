"""The runs that receive regions, from a layout that is finished or from a run that is under way.
`checker.prove.system.system` says why this is sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import z3

from checker import program as p
from checker.program import walk
from checker.prove.pieces import splitting
from checker.prove.pieces.elements import Received
from checker.prove.system.claims import Witnesses
from checker.prove.system.inputs import PRESENT, Inputs, Row
from checker.prove.system.loop import Track
from checker.prove.system.receive import havoc_region, receive, unchanged_fields
from checker.prove.system.state import witness_name
from checker.prove.terms.encode import Environment, Value, conj, disj, encode, neg
from checker.prove.terms.numbers import Term

if TYPE_CHECKING:
    from checker.prove.system.system import System

_TRAVEL = {p.Travel.FORWARD: 1, p.Travel.BACKWARD: -1, p.Travel.ANYHOW: 0}


def on_arrival(direction: int, handover: p.Handover) -> int:
    """Return the order in which a list arrives that left in such a one: as in `Track.direction`."""
    return direction * _TRAVEL[handover.travel]


def giver_of(run: p.Run, moving: Sequence[Track]) -> Track | None:
    """The run on its last pass from which this one can receive regions while both make their pass.

    That needs the same direction, and a receiver that begins with a pass, made in any case.
    """
    giver = next((track for track in moving if track.run.name == run.source), None)
    if giver is None or giver.left > 0 or run.chained or giver.pending is None or run.handover is None:
        return None
    if giver.recipe or walk.has_split(run.algorithm.body) or walk.reaches(giver.body):
        return None
    first = next((s for s in run.algorithm.body if walk.has_pass(s)), None)
    direction = on_arrival(giver.direction, run.handover)
    if not isinstance(first, p.Pass) or first.beside or first.key or giver.pending.beside or direction == 0:
        return None
    return giver if (-direction if first.reverse else direction) == giver.heading else None


def received_early(system: System, run: p.Run) -> Track | None:
    """A receiver that need not wait for the giver to finish, because the giver does not touch what it looks at.

    The giver works on a given map and drops nothing; what decides which regions are passed, and what the receiver
    reads of them, arrives as that map has it. All else about the regions is unknown to the receiver here.
    """
    giver = next((r for r in system.given.scenario.runs if r.name == run.source), None)
    if run.handover is None or run.chained or giver is None or giver.handover is not None:
        return None
    if walk.has_split((giver.algorithm.body, run.algorithm.body)):
        return None
    touched = walk.writes(giver.algorithm.body)
    reads = walk.fields_read(run.algorithm.body)
    as_they_left = unchanged_fields(run.handover, system.given.record) | {*p.MARKS, *system.given.record.marks}
    if (
        p.DROPPED in touched
        or walk.fields_read(run.handover.where) & touched
        or (reads & touched)
        or reads - as_they_left
    ):
        return None
    witnesses = []
    for index, fields in enumerate(system.layouts[giver.source]):
        unknown = system.unknown(f"{run.name}.{witness_name(index)}")
        passed = receive(run.handover, fields, system.given)
        witnesses.append(
            {**passed, **{name: unknown[name] for name in touched & dict(system.given.record.inputs).keys()}}
        )
    direction = on_arrival(system.directions[giver.source], run.handover)
    original = arriving(run.handover, system.original[giver.source], system.given) - touched
    decides = (run.handover.variable, run.handover.where)
    return Track(run, direction, giver.source, original, witnesses, passed=decides)


def received(system: System, run: p.Run, source: Witnesses, direction: int) -> Track:
    """A run on regions that a finished layout hands over."""
    assert run.handover is not None
    witnesses = [receive(run.handover, fields, system.given) for fields in source]
    original = arriving(run.handover, system.original[run.source], system.given)
    travelled = on_arrival(direction, run.handover)
    track = Track(run, travelled, system.origins[run.source], original, witnesses)
    if run.source in system.recipes or walk.has_split(run.algorithm.body):
        recipe, numbers = system.recipes.get(run.source) or splitting.unsplit(system, run.source)
        track.recipe, track.numbers = (*recipe, Received(run.handover)), [dict(each) for each in numbers]
    return track


def arriving(handover: p.Handover, original: frozenset[str], given: Inputs) -> frozenset[str]:
    """The fields that every region has as the map gave them, of those that it had so before a hand-over."""
    return original & unchanged_fields(handover, given.record)


def forgotten(track: Track, row: Row, prefix: str, given: Inputs) -> tuple[dict[str, Value], list[Term]]:
    """Any region of the map as it enters a turn in a run, with what is known of it: what passes may have written is
    not, nor what a hand-over may have changed."""
    origin = row.of(track.origin)
    region = dict(origin)
    unknown = track.written
    known: list[Term] = []
    if track.run.handover is not None:
        if track.passed is not None:
            name, where = track.passed
            region[PRESENT] = conj(
                origin[PRESENT], encode(where, Environment(given.scalars, {name: origin}, exact=True))
            )
        else:
            region[PRESENT] = z3.Bool(f"{prefix}:x:present")
            known.append(disj(neg(region[PRESENT]), origin[PRESENT]))
        unknown |= frozenset(region) - track.original - {PRESENT, *p.MARKS, *given.record.marks}
    fresh, legal = havoc_region(f"{prefix}:x'", given.record)
    region.update({name: fresh[name] for name in unknown})
    return region, [*known, *legal]
