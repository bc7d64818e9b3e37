"""The regions between two witnesses that are neighbours. `checker.prove.system.system` says why this is sound."""

from __future__ import annotations

from collections.abc import Iterator

from checker import program as p
from checker.program import walk
from checker.prove.system import inputs
from checker.prove.system.loop import Neighbours, Track
from checker.prove.terms.encode import Region, disj, neg
from checker.prove.terms.numbers import Term


def not_between(
    neighbours: Neighbours, track: Track, region: Region, between: Term, given: inputs.Inputs
) -> Iterator[Term]:
    """That a region which has its turn ``between`` two neighbours is not one of those that the list is of, once it is
    sure not to become one."""
    regions = neighbours.regions
    later = walk.reaches(track.body).union(*(walk.writes(each.body) for each in passes_after(track)))
    if not walk.fields_read(regions.where) & later:
        yield disj(neg(between), neg(inputs.member(regions, region, given.scalars)))


def passes_after(track: Track) -> Iterator[p.Pass]:
    """The passes of a run that come after the pending one."""
    found = False
    for each in walk.passes(track.run.algorithm.body):
        if found and not track.is_idle(each):
            yield each
        found = found or each is track.pending
