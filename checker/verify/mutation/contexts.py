"""The places in which a program runs an algorithm, each as a scenario that runs a mutant beside it.

*Enough to say "equal"*: every run of a scenario gets a given map, or what a run before it hands over. If a mutant makes
of what each run gets, with all runs before it as they were, the layout that the algorithm makes, then by induction
along the runs every layout of the scenario is the same with the mutant in the place of the algorithm. A chain gets what
it made itself, so there the two have to be alike on any list at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count

from checker import program as p
from checker.base.values import frozen
from checker.verify.equivalence import claims_of_layouts
from checker.verify.mutation.choices import can_be_given, chooses, given, legal, record_of
from checker.verify.mutation.mutants import Mutant, shared_assumptions

_ANY = "list"


@frozen
class RunContext:
    """A run of an algorithm with those before it: all that it can get."""

    scenario: p.Scenario
    run: p.Run
    assumptions: p.Formulas
    record: p.Record | None = None
    """The record of regions that say what is chosen for them, where an algorithm chooses."""

    def beside(self, mutant: Mutant, turned: Collection[str] = ()) -> tuple[p.Scenario, bool]:
        """Return the scenario with a run of the mutant beside, with the checks that the layouts are alike; and whether
        the exported lists have one order as well. Of the choices that are ``turned`` the mutant takes the contrary."""
        taken = {each.name for some in self._named for each in some}
        name = next(name for n in count(1) if (name := f"mutant{n if n > 1 else ''}") not in taken)
        algorithm = mutant.algorithm.over(self.run.algorithm.record)
        if self.record is not None:
            algorithm = given(algorithm, self.record, turned)
        both = self.run, replace(self.run, name=name, algorithm=algorithm)
        scenario = replace(self.scenario, runs=(*self.scenario.runs, both[1]))
        checks, ordered = claims_of_layouts(*both, self.assumptions, mutant.change.span)
        return replace(scenario, checks=checks), ordered

    @property
    def _named(self) -> tuple[Sequence[p.GivenMap | p.GivenScalar | p.Run], ...]:
        return self.scenario.maps, self.scenario.scalars, self.scenario.runs


def contexts(program: p.Program, algorithm: p.Algorithm) -> tuple[RunContext, ...]:
    """The contexts in which a program runs an algorithm; of two of which one allows all that the other does, the
    one."""
    found = [
        each
        for scenario in program.scenarios
        for run in scenario.runs
        if run.is_of(algorithm)
        for each in _contexts(scenario, run)
    ]
    return tuple(
        each
        for place, each in enumerate(found)
        if not any(_covers(other, each) and (not _covers(each, other) or at < place) for at, other in enumerate(found))
    )


def _contexts(scenario: p.Scenario, run: p.Run) -> Iterator[RunContext]:
    if run.chained or (run.handover is not None and chooses(run.algorithm)):
        record = run.algorithm.record
        alone = replace(run, source=_ANY, handover=None, chained=False)
        anything = replace(scenario, maps=(p.GivenMap(_ANY, record),), runs=(alone,), checks=())
        yield _with_choices(RunContext(anything, alone, ()))
        return
    before = list[p.Run]()
    needed = {run.source}
    for each in reversed(scenario.runs[: scenario.runs.index(run)]):
        if each.name in needed:
            needed.add(each.source)
            before.insert(0, each)
    maps = tuple(replace(each, like=None) for each in scenario.maps if each.name in needed)
    known = {each.name for some in (maps, before) for each in some}
    assumed = tuple(each for each in shared_assumptions(scenario) if known.issuperset(each.formula.lists))
    yield _with_choices(RunContext(replace(scenario, maps=maps, runs=(*before, run), checks=()), run, assumed))


def _with_choices(context: RunContext) -> RunContext:
    """The context with what the algorithm chooses given by the map, if it chooses: the mutant has to be held against
    the same choices."""
    algorithm, (source, *others) = context.run.algorithm, context.scenario.maps
    if not chooses(algorithm) or not can_be_given(algorithm) or others or len(context.scenario.runs) > 1:
        return context
    record = record_of(algorithm)
    run = replace(context.run, algorithm=given(algorithm, record))
    scenario = replace(context.scenario, maps=(replace(source, record=record),), runs=(run,))
    return RunContext(scenario, run, (*context.assumptions, *legal(algorithm, source.name)), record)


def _covers(one: RunContext, other: RunContext) -> bool:
    """Tell whether all that a run can get in one context it can get in another, ``one``: it gets a map itself, of which
    less is assumed."""
    return (
        one.run.handover is None
        and other.run.handover is None
        and (one.run.source == other.run.source or not one.assumptions)
        and one.run.arguments == other.run.arguments
        and set(one.assumptions) <= set(other.assumptions)
    )
