"""The places in which a program runs an algorithm, each as a scenario that runs a mutant beside it.

*Enough to say "equal"*: every run of a scenario gets a given map, or what a run before it hands over. If a mutant makes
of what each run gets, with all runs before it as they were, the layout that the algorithm makes, then by induction
along the runs every layout of the scenario is the same with the mutant in the place of the algorithm. A chain gets what
it made itself, so there the two have to be alike on any list at all.

*A mutant in one expression.* If all that differs is one expression in a pass, it is enough that the two expressions
have one value for each region that the pass comes to. They are looked at in the state that the statements before the
pass have left, which is the same in both, if they look at nothing but the region whose turn it is, which no other turn
changes, in fields that its own turn does not change either, unless they choose the regions that have one; and at
variables that no turn gives a value. So it is asked of the run that ends there, for each of its regions: no second run
is needed, and none of what comes behind. Nor does it matter whether a region has a turn in which every field gets the
value that it has. Where neither is so for some region, nothing is said by that; but the map on which it is may show
more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from itertools import count
from typing import cast

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.program.expressions import ExpressionNode
from checker.program.fold import TRUE, conjunction, negation
from checker.program.types import BOOL
from checker.verify.equivalence import claims_of_layouts
from checker.verify.mutation.choices import can_be_given, chooses, given, legal, record_of
from checker.verify.mutation.directions import unclaimed
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

    def up_to(self, mutant: Mutant) -> p.Scenario | None:
        """The scenario with the run as it is before the pass of which the mutant has another expression, and the check
        that this has the value of the original's; None where more differs, or it is looked at in another state."""
        differing = _differing(mutant)
        if differing is None or self.record is not None or self.run.chained:
            return None
        before, made, one, other = differing
        changed = frozenset() if one is made.where else walk.writes(made.body)
        given = walk.assigned(made.body) | walk.bound(made.body)
        if any(
            walk.fields_read(each) & changed
            or walk.scalars_read(each) & given
            or not walk.regions_read(each) <= {made.variable}
            for each in (one, other)
        ):
            return None
        whole = self.run.algorithm
        # What no statement exports is exported in the end.
        run = replace(self.run, algorithm=replace(whole, body=before, exports=whole.exports))

        def at_the_end(each: p.Expr) -> p.Expr | None:
            return p.Var(each.type, p.final(run.name, each.name), run.name) if isinstance(each, p.Var) else None

        same: p.Expr = p.Compare(p.Rel.EQ, one, other, BOOL)
        if one is made.where and _sets_only(made):
            sets = (each for each in made.body if isinstance(each, p.SetField))
            idle = [p.Compare(p.Rel.EQ, p.Field(e.value.type, e.region, e.field), e.value, BOOL) for e in sets]
            same = p.Logic(p.Junction.OR, same, reduce(conjunction, idle, cast(p.Expr, TRUE)), BOOL)
        # In an algorithm arithmetic is the machine's; a formula takes what is claimed to be exact for that.
        same = walk.rewrite(cast(p.Expr, unclaimed(same)), at_the_end)
        binder = p.Binder(made.variable, p.Regions(run.name, "", TRUE))
        there = negation(p.Field(BOOL, made.variable, p.DROPPED))
        formula = p.ForAll((binder,), p.Relation.ANY, there, same, None, mutant.change.span)
        goal = (p.Conjunct("same_value", None, formula),)
        check = p.Check(f"same_value({run.name})", goal, self.assumptions, p.Expected.PROVED, False, mutant.change.span)
        runs = tuple(run if each.name == run.name else each for each in self.scenario.runs)
        return replace(self.scenario, runs=runs, checks=(check,))

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


def _sets_only(made: p.Pass) -> bool:
    """Tell whether all that a turn does is to give fields values that none of the others has a part in."""
    names = [each.field for each in made.body if isinstance(each, p.SetField)]
    return len(names) == len(made.body) == len(set(names)) and not any(
        walk.fields_read(each.value) & (set(names) - {each.field}) for each in made.body if isinstance(each, p.SetField)
    )


_Differing = tuple[tuple[p.Statement, ...], p.Pass, p.Expr, p.Expr]


def _differing(mutant: Mutant) -> _Differing | None:
    """The statements before the one pass in which a mutant differs, that pass, and the one expression that does, as it
    was and as it is; None where it is not so."""
    one, other = mutant.original.body, mutant.algorithm.body
    places = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    if len(one) != len(other) or len(places) != 1:
        return None
    made = one[places[0]]
    if not isinstance(made, p.Pass) or made.beside or walk.reaches(made.body) or walk.remembers(made.body):
        return None
    pair: tuple[p.Node, p.Node] = made, other[places[0]]
    while not isinstance(pair[0], ExpressionNode):
        apart = [each for each in zip(pair[0].children, pair[1].children, strict=False) if each[0] != each[1]]
        if len(apart) != 1 or pair[0].with_children(partial(_put, *apart[0])) != pair[1]:
            return None
        (pair,) = apart
    first, second = pair
    return one[: places[0]], made, cast(p.Expr, first), cast(p.Expr, second)


def _put(old: p.Node, new: p.Node, child: p.Node) -> p.Node:
    return new if child is old else child
