"""The regions between two witnesses that are neighbours. `checker.prove.system.system` says why this is sound."""

from __future__ import annotations

from collections.abc import Iterator

from checker import program as p
from checker.program import walk
from checker.prove.system import inputs
from checker.prove.system.inputs import Row
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


def none_between(neighbours: Neighbours, row: Row, between: Term, given: inputs.Inputs) -> Iterator[Term]:
    """That a region which has its turn ``between`` two neighbours of a given map is, as that map has it, none of those
    that the list is of. *Sound* in every pass that comes to the regions in their order or the other way round, whatever
    run makes it and whatever was changed: the region stands between them in that map, which never changes."""
    regions = neighbours.regions
    if regions.name in row.present:
        yield disj(neg(between), neg(inputs.member(regions, row.of(regions.name), given.scalars)))


def passes_after(track: Track) -> Iterator[p.Pass]:
    """The passes of a run that come after the pending one."""
    found = False
    for each in walk.passes(track.run.algorithm.body):
        if found and not track.is_idle(each):
            yield each
        found = found or each is track.pending
