"""The parts of a proof of a check, whoever finds it.

A check is proved conjunct by conjunct: each asks for a system with some witnesses, and says what must follow at its
end. The engine looks for invariants, a certificate brings them along: both show the same statements (`proof.journal`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import assert_never

from checker import program as p
from checker.base.values import frozen
from checker.program.walk import has_split, passes
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.pieces import intervals, lasting
from checker.prove.proof import compared_totals
from checker.prove.proof.by_author import by_author, parts_by
from checker.prove.proof.journal import (
    ChainClaims,
    Entry,
    FinalObligation,
    Journal,
    LoopInvariants,
    Obligation,
    final,
    parts,
)
from checker.prove.results import Support
from checker.prove.system import inputs
from checker.prove.system.loop import Loop, Neighbours, Whose
from checker.prove.system.loops.authors import Way
from checker.prove.system.loops.entry_loop import Infer
from checker.prove.system.neighbours import assumed_of, transitivity
from checker.prove.system.state import RunVariable
from checker.prove.system.system import Follows, System
from checker.prove.terms.encode import TRUE, Environment, conj, disj, encode, neg
from checker.prove.terms.numbers import NoRuleError, OutOfReachError, Term
from checker.prove.terms.sexpr import of_state, text


class UnsupportedError(Exception):
    """Something that is brought along for a proof does not fit the loops and chains that it has."""


@frozen
class Goal:
    """A demand of one conjunct on a proof: a formula, called ``rule``; or that the arithmetic of ``run`` is exact."""

    rule: str
    formula: p.Formula | None = None
    run: str = ""
    parted: int | None = None
    """The split at which two witnesses part that are pieces of one region; None where they are not."""
    whose: tuple[Whose, ...] = ()
    """The turns in which the arithmetic of ``run`` is to be shown exact."""
    author: RunVariable | None = None
    """The variable of whose author it is asked; None where it is asked of none."""
    other: bool = False
    """Tell whether the author is a region that the formula is not about: a further witness."""

    @property
    def count(self) -> int:
        """The number of witnesses that its system has."""
        if self.author is not None:
            return int(isinstance(self.formula, p.ForAll)) + int(self.other)
        if isinstance(self.formula, p.TotalsAtMost):
            return 1
        return self.formula.arity if isinstance(self.formula, p.ForAll) else int(Whose.WITNESS in self.whose)

    @property
    def beside(self) -> tuple[str, ...]:
        """The lists beside the map of which it has an entry, each as often as it has one."""
        return self.formula.beside if isinstance(self.formula, p.ForAll) else ()

    @property
    def neighbours(self) -> Neighbours | None:
        """The list in which the witnesses are next to each other, if they are."""
        if isinstance(self.formula, p.ForAll) and self.formula.relation is p.Relation.NEXT:
            return Neighbours(self.formula.regions)
        return None


def goals_of(check: p.Check, scenario: p.Scenario, way: Way = ()) -> tuple[Goal, ...]:
    """Return all that is to be shown for a check, by the authors of variables where a way names some. Of two regions of
    a list that was split it is to be shown also where these are pieces of one region, which some split has parted.

    That arithmetic is exact is shown outside the turns of regions with no witness, on maps without regions too; and in
    the turn of a witness. *Sound*, because the turn of any region is that of the witness for one choice of it. The
    first operator of an execution that loses something stands in one of both places, and up to it the execution is one
    of the system's, which takes it that nothing was lost before. Where regions are split or runs are chained, all is
    shown with no witness.
    """
    if isinstance(check.goal, p.ExactArithmetic):
        apart = not any(run.chained or has_split(run.algorithm.body) for run in scenario.runs)
        places = [(Whose.NONE,), (Whose.WITNESS,)] if apart else [(Whose.NONE, Whose.OTHER)]
        return tuple(Goal("exact_arithmetic", run=check.goal.run, whose=each) for each in places)
    goals: list[Goal] = []
    for conjunct in check.goal:
        formula = conjunct.formula
        for part, asked in parts_by(way, formula, scenario):
            goals += [Goal(conjunct.rule, part, author=asked, other=each) for each in (False, True)[: 1 + bool(asked)]]
        if isinstance(formula, p.ForAll) and formula.arity == 2:
            splits = range(_count_splits(formula.regions.name, scenario))
            goals += [Goal(conjunct.rule, formula, parted=split) for split in splits]
    return tuple(goals)


def _count_splits(name: str, scenario: p.Scenario) -> int:
    """Count the passes that split regions behind a map or layout."""
    if (run := next((each for each in scenario.runs if each.name == name), None)) is None:
        return 0
    return sum(has_split(each.body) for each in passes(run.algorithm.body)) + _count_splits(run.source, scenario)


def nonvacuous_formulas(check: p.Check) -> tuple[p.ForAll | p.TotalsAtMost | None, ...]:
    """Return what must be shown to say something: each formula about regions, of totals too, or the assumptions alone
    (None) where there is no such formula. What the checker itself asks needs nothing of the kind."""
    return ((*check.quantified, *check.of_totals) or (None,)) if check.written else ()


def only(check: p.Check, formula: p.ForAll | p.TotalsAtMost | None) -> p.Check:
    """The check reduced to one of its conjuncts; the whole one for None."""
    if formula is None or isinstance(check.goal, p.ExactArithmetic):
        return check
    return replace(check, goal=tuple(c for c in check.goal if c.formula is formula))


@frozen
class SolvedSystem:
    """A system whose loops all have their invariants: what is known when everything has run."""

    system: System
    facts: tuple[Term, ...]
    journal: Journal

    @cached_property
    def support(self) -> Support:
        """The invariants and claims with which it was solved."""
        loops: list[tuple[str, ...]] = []
        chains: list[tuple[int, ...]] = []
        within_chain = False
        for entry in final(self.journal):
            if isinstance(entry, LoopInvariants):
                loops.append(tuple(map(text, entry.invariants)))
                continue
            if not within_chain:
                chains.append(tuple(number for number, holds in enumerate(entry.holding) if holds))
            within_chain = not within_chain
        return Support(tuple(loops), tuple(chains))


@frozen
class GoalProof:
    """A goal of a check, proved: in which system, and how the proof ends."""

    goal: Goal
    solved: SolvedSystem
    ends: tuple[FinalObligation, ...]


def system_key(goal: Goal, support: Support) -> tuple[object, ...]:
    """All that tells the system of a goal that rests on so much from those of other goals of the same runs."""
    return (goal.count, goal.beside, goal.neighbours, goal.parted, goal.author, support)


def shared(proof: Iterable[GoalProof]) -> Iterator[GoalProof]:
    """The proof with one system for all goals that rest on the same: so its statements are told once, as where a proof
    is derived again."""
    known: dict[tuple[object, ...], SolvedSystem] = {}
    for shown in proof:
        solved = known.setdefault(system_key(shown.goal, shown.solved.support), shown.solved)
        yield shown if solved is shown.solved else GoalProof(shown.goal, solved, tuple(endings(shown.goal, solved)))


def statements(proof: Iterable[GoalProof]) -> Iterator[Obligation]:
    """Return all statements that a proof consists of."""
    return parts(end for shown in proof for end in shown.ends)


def solve(
    given: inputs.Inputs,
    count: int,
    neighbours: Neighbours | None,
    infer: Infer,
    follows: Follows,
    parted: int | None = None,
    beside: tuple[str, ...] = (),
    author: RunVariable | None = None,
) -> SolvedSystem:
    """The system with ``count`` witnesses and an entry of each of the lists ``beside`` the map, with the invariants
    that ``infer`` and ``follows`` give it.

    They are not believed here: the journal says what they gave, and the statements of the proof that it is true.
    Raises `OutOfReachError`.
    """
    journal: list[Entry] = []

    def inferred(loop: Loop, facts: Sequence[Term]) -> list[Term]:
        kept = infer(loop, facts)
        # About a variable of one step there is no induction: `checker.prove.terms.sexpr.state_variables`.
        assert all(of_state(kept, loop, given.scalars)), "a candidate speaks of more than the state"
        journal.append(LoopInvariants(loop, tuple(facts), tuple(kept)))
        return kept

    def holding(facts: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
        found = follows(facts, claims)
        journal.append(ChainClaims(tuple(facts), tuple(claims), tuple(found)))
        return found

    system = System(given, count, inferred, holding, neighbours, author, parted=parted, beside=beside)
    system.solve()
    return SolvedSystem(system, (*system.facts, *_late(system)), tuple(journal))


def rebuilt(
    given: inputs.Inputs, goal: Goal, invariants: Callable[[Loop], list[Term]], chains: Iterable[Collection[int]]
) -> SolvedSystem:
    """The system that a goal asks for, with the ``invariants`` of each loop, and which claims hold of each
    of the ``chains``, by number. Raises `OutOfReachError`, and `UnsupportedError` where there is no such chain or
    claim."""
    left = iter(chains)
    chain: list[Collection[int]] = []

    def follows(_: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
        if chain:
            # One more hand-over keeps all that holds after the first one.
            chain.clear()
            return [True] * len(claims)
        holding = next(left, None)
        if holding is None:
            raise UnsupportedError("there are no claims for a chain of hand-overs")
        if not set(holding) <= set(range(len(claims))):
            raise UnsupportedError("a claim about a chain of hand-overs has an unknown number")
        chain.append(holding)
        return [number in holding for number in range(len(claims))]

    asked = (goal.parted, goal.beside, goal.author)
    solved = solve(given, goal.count, goal.neighbours, lambda loop, _: invariants(loop), follows, *asked)
    if next(left, None) is not None:
        raise UnsupportedError("there are claims for chains that do not exist")
    return solved


def endings(goal: Goal, solved: SolvedSystem) -> Iterator[FinalObligation]:
    """Return what must follow at the end of a proof. Raises `OutOfReachError`."""
    given, journal = solved.system.given, solved.journal
    for formula in given.transitive:
        premises, conclusion = transitivity(formula, given)
        what = f"line {formula.span.line}, of neighbours, is transitive"
        yield FinalObligation(what, f"it was not shown again that {what}", (), premises, conclusion)
    for owed_of_totals in (*intervals.statements(given), *lasting.statements(given)):
        what = owed_of_totals.what
        failing = f"it was not shown again that {what}"
        yield FinalObligation(what, failing, (), owed_of_totals.premises, owed_of_totals.conclusion)
    match goal.formula:
        case None:
            for owed in solved.system.obligations:
                if owed.run == goal.run and owed.whose in goal.whose:
                    line = f"line {owed.overflow.span.line}"
                    kept = neg(owed.overflow.condition)
                    yield FinalObligation(f"{line} loses nothing", f"{line} may wrap", journal, owed.premises, kept)
            return
        case p.TotalAtMost():
            raise OutOfReachError("a total in what is to be proved")
        case p.Plain() | p.ForAll() if goal.author is not None:
            claim = by_author(goal.formula, goal.other, solved.system)
        case p.Plain(condition=condition):
            claim = encode(condition, Environment({**given.scalars, **solved.system.ended}, exact=True))
        case p.ForAll():
            # A pass that the run's arguments never make is none of those that split, and parts nothing.
            made = goal.parted is None or goal.parted < solved.system.splits
            claim = _claim(goal.formula, solved.system) if made else TRUE
        case p.TotalsAtMost():
            region = {name: regions[0] for name, regions in solved.system.layouts.items()}
            claim = compared_totals.of_any_region(goal.formula, region, given)
            bounds = compared_totals.of_the_bounds(goal.formula, given)
            what = f"the bounds that {goal.rule} rests on are within its own"
            yield FinalObligation(what, "what is assumed bounds nothing here", (), given.facts, bounds)
        case _:
            assert_never(goal.formula)
    missing = "no invariant was found that implies it"
    yield FinalObligation(f"{goal.rule} follows", missing, journal, solved.facts, claim)


def _claim(formula: p.ForAll, system: System) -> Term:
    """Return what the formula says of the witnesses, in the orders that it ranges over."""
    columns = [{name: regions[index] for name, regions in system.layouts.items()} for index in range(system.count)]
    scalars = {**system.given.scalars, **system.ended}
    if formula.relation is p.Relation.SAME and _are_apart(formula, system):
        raise NoRuleError("counterparts in two lists that were split apart from each other")
    if formula.bound == 1 or formula.relation is p.Relation.ACROSS:
        return inputs.instance(formula, witness_regions(formula, columns, system.entries), scalars)
    first, second = witness_regions(formula, columns, system.entries)
    # Of a list in no known order any two regions may be neighbours, the one or the other first: no loop takes for
    # granted then that nothing stands between them, and what is claimed is claimed of both orders.
    direction = system.directions.get(formula.regions.name, 1)
    orders = []
    match formula.relation:
        case p.Relation.ANY:
            orders += [(first, second), (second, first)]
        case p.Relation.BEFORE | p.Relation.NEXT:
            orders += [(first, second)] if direction >= 0 else []
            orders += [(second, first)] if direction <= 0 else []
        case p.Relation.SAME | p.Relation.ACROSS:
            raise OutOfReachError("two regions that are one")
        case _:
            assert_never(formula.relation)
    return conj(*(inputs.instance(formula, each, scalars) for each in orders))


def _late(system: System) -> Iterator[Term]:
    """Assumptions about layouts, and between maps and layouts, for the witnesses as the algorithms left them."""
    maps = {each.name for each in system.given.scenario.maps}
    if system.neighbours is not None and system.neighbours.regions.name in maps and system.parted is None:
        first, second = (row.of(system.neighbours.regions.name) for row in system.rows)
        yield from assumed_of(system.neighbours.regions, (first, second), system.given)
    for conjunct in system.given.assumptions:
        formula = conjunct.formula
        if formula.lists and any(name not in system.layouts for name in formula.lists):
            # It is about entries of a list beside the map: known from where they are introduced, or of a layout too.
            if isinstance(formula, p.ForAll) and formula.relation is p.Relation.ACROSS and system.count:
                yield from _across(formula, system)
            continue
        if isinstance(formula, p.TotalAtMost) and formula.regions.name not in maps and inputs.of_parts(formula):
            regions = system.layouts[formula.regions.name]
            # Two witnesses that are one region there are counted once.
            once = regions[:1] if formula.regions.name in system.joint else regions
            yield inputs.at_most(formula, once, system.given)
        if not isinstance(formula, p.ForAll) or formula.arity > system.count:
            continue
        if formula.arity == 2:
            # Only what holds of every two regions, or of every two in their order, may be assumed of two witnesses.
            if formula.regions.name not in {*maps, *system.joint} and formula.relation in (
                p.Relation.ANY,
                p.Relation.BEFORE,
            ):
                yield _ordered_claim(formula, system)
        elif not formula.within or formula.regions.name not in maps:
            for index, row in enumerate(system.rows):
                columns = [{name: regions[index] for name, regions in system.layouts.items()}]
                both = witness_regions(formula, columns)
                said = inputs.instance(formula, both, system.given.scalars)
                if not formula.within and _are_apart(formula, system):
                    continue
                if not formula.within and formula.others.name in system.recipes:
                    # There is some piece of the region, and what is assumed is so of each; not that this one is there.
                    applies, body = next(inputs.in_pieces(formula, both[0], both[1:], system.given.scalars))
                    said = disj(neg(applies), body)
                yield disj(disj() if formula.within else _split(row, system.given), said)


def _are_apart(formula: p.ForAll, system: System) -> bool:
    """Tell whether the two lists of a formula were both split, and neither comes from the other: then the witness need
    not be the same piece in both."""
    sources = {run.name: run.source for run in system.given.scenario.runs}

    def behind(name: str) -> Iterator[str]:
        while name in sources:
            name = sources[name]
            yield name

    one, other = formula.regions.name, formula.others.name
    both = one in system.recipes and other in system.recipes
    return both and one != other and one not in behind(other) and other not in behind(one)


def _across(formula: p.ForAll, system: System) -> Iterator[Term]:
    """Return what an assumption says of each witness in a layout and each entry that is looked at."""
    made = next((name for name in formula.lists if name in system.layouts), None)
    for region in system.layouts[made] if made is not None else ():
        other = next(name for name in formula.lists if name != made)
        for entry in system.entries.get(other, ()):
            both = (region, entry) if formula.lists[0] == made else (entry, region)
            yield inputs.instance(formula, both, system.given.scalars)


def _split(row: inputs.Row, given: inputs.Inputs) -> Term:
    """Tell whether maps may differ in a region: then its counterpart in the other map may be another row."""
    likes = [each.like for each in given.scenario.maps if each.like is not None]
    return disj(*(inputs.may_differ(like, row.fields, given) for like in likes))


def _ordered_claim(formula: p.ForAll, system: System) -> Term:
    """Return what an assumption says of the two witnesses; nothing where it depends on an order that is not known."""
    if system.directions[formula.regions.name] == 0 and formula.relation is not p.Relation.ANY:
        return conj()
    return _claim(formula, system)
