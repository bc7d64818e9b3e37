"""The loop that candidates are about, and terms that several templates use."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from functools import cached_property

from checker import program as p
from checker.base.values import frozen
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import expressions, regions_read, scalars_read
from checker.prove.invariants.of_runs import OfRegion
from checker.prove.invariants.vocabulary import Goals, Vocabulary
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Loop
from checker.prove.system.state import RunVariable
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    TRUE,
    Environment,
    Region,
    Value,
    conj,
    encode,
    is_false,
    is_true,
    neg,
)
from checker.prove.terms.numbers import Num, Term


class Stage(Enum):
    """A measure of how many candidates to make: those by which runs agree, for loops of several runs; the few that
    most proofs need; those about what regions are placed at too; those about all quantities, and by all that has
    happened; all, with what the algorithms ask of a region, add to an address, and compute one from; or, for what few
    proofs need, sums, strict order, and clauses."""

    LOCKSTEP = auto()
    BASIC = auto()
    PLACEMENT = auto()
    GUARDED = auto()
    ALL = auto()
    DEEP = auto()


ALL = (Stage.ALL, Stage.DEEP)
"""The stages at which nothing is left out that most loops can do with."""


@frozen
class Subject:
    """A loop, and what candidates for its invariants are made from."""

    loop: Loop
    words: Vocabulary
    goals: Goals
    given: inputs.Inputs
    stage: Stage

    @cached_property
    def known(self) -> dict[str, Value]:
        """The scalars that formulas speak of: what is given, and for what runs end with, what they have come to."""
        now = (
            (p.final(run, own), value) for run, found in self.loop.view.scopes.items() for own, value in found.items()
        )
        return {**self.given.scalars, **dict(now)}

    @cached_property
    def claims(self) -> Goals:
        """The goals, but for those of what is not there yet."""
        there = self.known.keys()
        return [
            goal
            for goal in self.goals
            if all(each.name in there for each in expressions(goal) if isinstance(each, p.Var) and each.run)
        ]

    @cached_property
    def scalars(self) -> list[tuple[RunVariable, Quantity, Num]]:
        """The numeric variables, with what they measure."""
        return [
            (key, kind.quantity, value)
            for key, (kind, value) in self.loop.view.scalars.items()
            if isinstance(kind, Integer) and isinstance(value, Num)
        ]

    def witness_terms(self, witness: Region) -> list[tuple[Quantity, Num]]:
        """The numbers about a witness, with what they measure."""
        terms: list[tuple[Quantity, Num]] = []
        for name, kind in self.given.record.fields:
            value = witness[name]
            if isinstance(kind, Integer) and isinstance(value, Num) and self.wants(kind.quantity):
                terms.append((kind.quantity, value))
        for variable, expr in self.words.about_region:
            assert isinstance(expr.type, Integer)
            if self.wants(expr.type.quantity):
                value = encode(expr, Environment(self.known, {variable: witness}, exact=True))
                if isinstance(value, Num) and value.constant is None:
                    terms.append((expr.type.quantity, value))
        return terms

    def held(self, run: str, index: int) -> Iterator[tuple[Quantity, Num]]:
        """The numbers about a witness that the passes of a run keep, or compare with what they keep."""
        for owner, variable, expr in self.words.held:
            value = encode(expr, Environment(self.known, {variable: self.loop.view.witnesses[index][run]}))
            if owner == run and isinstance(value, Num) and isinstance(expr.type, Integer):
                yield expr.type.quantity, value

    def ends(self, run: str, witness: Region) -> Iterator[tuple[Quantity, Num]]:
        """The address where a region is placed, and further by what the run's passes add to a variable for it."""
        placement = self.given.record.placement
        if self.stage not in ALL or placement is None:
            return
        start = witness[placement]
        for owner, variable, expr in self.words.amounts:
            amount = encode(expr, Environment(self.known, {variable: witness})) if owner == run else None
            if isinstance(amount, Num) and isinstance(start, Num):
                yield Quantity.VIRTUAL, n.add(start, amount)
        for owner, step in self.words.steps:
            value = self.loop.view.scopes.get(run, {}).get(step.name) if owner == run else None
            if isinstance(value, Num) and isinstance(start, Num) and not self.changes(RunVariable(run, step.name)):
                yield Quantity.VIRTUAL, n.add(start, value)

    def slots(self, run: str) -> Iterator[tuple[RunVariable, Quantity, Num]]:
        """The addresses that a run computes from its variables alone, as if they were variables themselves."""
        scope = self.loop.view.scopes[run]
        for owner, expr in self.words.slots if self.stage in ALL else ():
            changing = [key for name in scalars_read(expr) if self.changes(key := RunVariable(run, name))]
            if owner == run and changing and self.knows(run, expr):
                value = encode(expr, Environment(scope))
                if isinstance(value, Num):
                    yield changing[0], Quantity.VIRTUAL, value

    def wants(self, quantity: Quantity) -> bool:
        """Near at hand are only quantities like that of the address a region is placed at."""
        record = self.given.record
        if self.far or record.placement is None:
            return True
        placement = record.type_of(record.placement)
        return isinstance(placement, Integer) and placement.quantity is quantity

    @property
    def far(self) -> bool:
        """Tell whether to look further than most proofs need."""
        return self.stage in (Stage.GUARDED, *ALL)

    def changes(self, key: RunVariable) -> bool:
        """Tell whether the loop may change a variable."""
        return key in self.loop.view.changing

    def booleans(self, run: str) -> list[Term]:
        """A run's Boolean variables and their opposites."""
        changing = [
            value
            for key, (kind, value) in self.loop.view.scalars.items()
            if key.run == run and isinstance(kind, Boolean) and self.changes(key)
        ]
        return [guard for value in changing for guard in (value, neg(value))]

    def conditions(self) -> list[Term]:
        """Boolean variables and their opposites, to guard facts about scalars with."""
        guards: list[Term] = [TRUE]
        if not self.far:
            return guards
        for kind, value in self.loop.view.scalars.values():
            if isinstance(kind, Boolean) and not is_true(value) and not is_false(value):
                guards += [value, neg(value)]
        for stopped in self.loop.view.stopped:
            guards += [stopped, neg(stopped)]
        return guards

    def cases(self, run: str) -> Iterator[Term]:
        """A run's own conditions about its variables, and their opposites."""
        scope = self.loop.view.scopes[run]
        for owner, expr in self.words.cases:
            changed = any(self.changes(RunVariable(run, name)) for name in scalars_read(expr))
            if owner == run and changed and self.knows(run, expr):
                condition = encode(expr, Environment(scope))
                yield condition
                yield neg(condition)

    def flagged(self, run: str) -> Iterator[Term]:
        """The flags, of those that a run asks regions for, that its changing variables have."""
        return (kept for kept, _ in self.questions_of_flags(run))

    def questions_of_flags(self, run: str) -> Iterator[tuple[Term, OfRegion]]:
        """The same with the questions to regions that they are."""
        scope = self.loop.view.scopes[run]
        for (owner, expr), question in self.words.flagged:
            changed = any(self.changes(RunVariable(run, name)) for name in scalars_read(expr))
            if owner == run and changed and self.knows(run, expr):
                yield encode(expr, Environment(scope)), question

    def knows(self, run: str, *exprs: p.Expr) -> bool:
        """Tell whether a run has all variables of these expressions: another block may use a name for another type."""
        scalars = self.loop.view.scalars
        variables = [node for node in expressions(exprs) if isinstance(node, p.Var)]
        return all(scalars.get(RunVariable(run, v.name), (None, None))[0] == v.type for v in variables)

    def pass_of(self, run: str) -> p.Pass | None:
        """The pass over the map that a run makes in the loop. A pass over a list beside it, in a turn, is none."""
        made = self.loop.view.passes.get(run)
        return None if made is None or made.beside else made

    def selected(self, run: str, index: int) -> Iterator[Term]:
        """That the loop's pass selects a witness: as the map says, and as it is now."""
        view = self.loop.view
        region = view.witnesses[index][run]
        yield conj(view.selects[run][index], region[PRESENT])
        made = self.pass_of(run)
        if made is not None and regions_read(made.where) <= {made.variable} and self.knows(run, made.where):
            now = encode(made.where, Environment(view.scopes[run], {made.variable: region}))
            yield conj(now, region[PRESENT])

    def guards(self, run: str, index: int) -> list[Term]:
        """Conditions known of a witness, maybe: it had its turn, it was placed, the other one has not had its turn."""
        view = self.loop.view
        witness, seen = view.witnesses[index][run], view.seen[index]
        guards = [conj(seen, witness[p.PLACED])]
        if run in view.placed_before:
            guards.append(witness[p.PLACED])
        if self.far:
            guards.append(seen)
            selected = view.selects[run][index]
            if not is_true(selected):
                guards += [selected, conj(seen, selected)]
            guards += [conj(seen, neg(stopped)) for stopped in view.stopped]
        if self.stage in ALL:
            for owner, variable, expr in self.words.questions:
                if owner == run:
                    answer = encode(expr, Environment(self.known, {variable: witness}))
                    guards += [conj(seen, witness[p.PLACED], each) for each in (answer, neg(answer))]
        if self.far or self.loop.neighbours:
            for other in (s for i, s in enumerate(view.seen) if i != index):
                between = conj(seen, witness[p.PLACED], neg(other))
                guards += [between, *(conj(between, case) for case in self.cases(run))]
        return guards


def orders(left: Value, right: Value) -> list[Term]:
    """That one is at most the other, where both are numbers."""
    return relations(left, right)[:2] if isinstance(left, Num) and isinstance(right, Num) else []


def relations(left: Num, right: Num) -> list[Term]:
    """That one is at most the other, or equal to it."""
    return [n.compare(p.Rel.LE, left, right), n.compare(p.Rel.LE, right, left), n.compare(p.Rel.EQ, left, right)]
