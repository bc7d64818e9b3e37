"""Passes that split regions, in a system that follows witnesses.

A witness is one element of each list: one region of the map at first, then one piece of it, whichever. What is shown of
any piece holds of all. *Two witnesses* are two elements of one list. Either they come from two regions of the map, or
they are pieces of one region whose ways part at some split. So what is claimed of every two regions of a list is shown
in one system for each of these cases: in the first one the witnesses are two regions throughout, as ever; in each of
the others one region is followed up to that split, and from there on two pieces of it, which have different numbers.
What is assumed of two regions of the map says nothing of these two; nor does what is assumed of two regions of a list
in which they are one (`System.joint`).

In a loop over a list that was split there is one more kind of turn: that of another piece of a witness's region.
`checker.prove.pieces.elements` says why passes can be made at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker import program as p
from checker.program import walk
from checker.prove.pieces.elements import (
    AtOnce,
    Element,
    Forgotten,
    Numbers,
    Recipe,
    can_be_at_once,
    made,
    number_of,
)
from checker.prove.system import inputs
from checker.prove.system.loop import Track
from checker.prove.system.state import witness_name
from checker.prove.terms import numbers as n
from checker.prove.terms.numbers import NoRuleError, Term

if TYPE_CHECKING:
    from checker.prove.system.system import System


def require_one_after_the_other(system: System) -> None:
    """Two pieces of one region are followed along one chain of kernels. Raises `NoRuleError` for more."""
    runs = system.given.scenario.runs
    before = [run.source for run in runs]
    if before != [system.given.scenario.maps[0].name, *(run.name for run in runs[:-1])]:
        raise NoRuleError("two pieces of one region, where kernels do not follow one another")


def unsplit(system: System, name: str) -> tuple[Recipe, list[Numbers]]:
    """Return what was done to the regions of a layout that was not split: what its run wrote is not known. Raises
    `NoRuleError` where the run has received its regions itself."""
    run = next(each for each in system.given.scenario.runs if each.name == name)
    if run.handover is not None:
        raise NoRuleError("regions that are split by a later kernel than the second")
    return (Forgotten(walk.writes(run.algorithm.body)),), [{} for _ in system.layouts[name]]


def make_at_once(system: System, statement: p.Pass, track: Track) -> bool:
    """Make a pass of a run that splits regions, if it does to each region the same, as each one that splits does
    (`checker.prove.pieces.afterwards`). Raises `NoRuleError` in chains of any length."""
    if not walk.has_split(track.run.algorithm.body):
        return False
    splits = walk.has_split(statement.body)
    if not can_be_at_once(statement, frozenset(track.scalars)):
        assert not splits  # it has been taken apart
        return False
    if track.run.chained or system.within_chain:
        raise NoRuleError("regions that are split in a chain of any length")
    stage = AtOnce(system.splits, statement, dict(track.scalars), track.live)
    _owe_of_any(system, stage, track)
    if splits and system.parted == system.splits:
        _part(system, track)
    for index, region in enumerate(track.witnesses):
        number = n.const(0)
        if splits:
            number, legal = number_of(f"{track.run.name}.{witness_name(index)}:piece{stage.number}")
            track.numbers[index][stage.number] = number
            system.facts.append(legal)
        there, _ = made(stage, region, number)
        system.facts.append(there)
    if splits and system.parted == system.splits:
        system.facts.append(_apart(track, stage.number))
    track.recipe = (*track.recipe, stage)
    track.written |= walk.writes(statement.body)
    system.splits += splits
    return True


def _owe_of_any(system: System, stage: AtOnce, track: Track) -> None:
    """Note what the operators of a pass owe, for any region."""
    system.names += 1
    row, legal = inputs.row(f"any{system.names}", system.given)
    element = Element(f"any{system.names}", system.given)
    region = element.of(track.run.name, track.recipe, row.of(track.origin))
    there, overflows = made(stage, region, element.number(stage))
    system.add_obligations([(track.run.name, overflow) for overflow in overflows], *legal, *element.constraints, there)


def _part(system: System, track: Track) -> None:
    """Let the one witness become two, which are one region in all lists so far. From here on nothing is recalled of
    it: what is known of one region need not hold of two pieces of one."""
    system.count = 2
    system.rows = [system.rows[0], system.rows[0]]
    system.joint = frozenset(system.layouts)
    for regions in system.layouts.values():
        regions.append(dict(regions[0]))
    for _, numbers in system.recipes.values():
        numbers.append(dict(numbers[0]))
    track.witnesses.append(dict(track.witnesses[0]))
    track.numbers.append(dict(track.numbers[0]))


def _apart(track: Track, split: int) -> Term:
    """That the first witness stands before the second one, in the order of the table: pieces stand in the order of
    their numbers in the list, which may be the other way round, or in no known order."""
    first, second = (numbers[split] for numbers in track.numbers)
    if track.direction < 0:
        first, second = second, first
    return n.compare(p.Rel.LT if track.direction else p.Rel.NE, first, second)
