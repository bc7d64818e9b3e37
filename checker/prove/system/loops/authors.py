"""The region in whose turn a variable got its value.

A maximum is that of some region, what was found before a `break` is some region's: to speak of that region a proof
looks at one more witness. Fix a variable of a run. Its *author* is the region in whose turn an assignment gave it the
value that it has, the last one; where it has the value from a statement outside passes it has none, and is *unset*. A
system knows of each witness whether it is the author (`Author`), and whether there is none (`Unset`): a turn in which
the variable is assigned makes its region the author and no other; an assignment outside passes leaves none.

So for a claim about what a run ends with, or about one region ``r``, it is enough to show it

- where there is no author, or it is ``r``: of a witness that is ``r`` (without one, if the claim is about none);
- where another region is the author: of two witnesses that are ``r`` and it, in either order (of one that is it).

*Sound*, because one of these is so at the end of every execution, and what is known at the end of a system holds for
every choice of witnesses: so for the choice of the author too, which depends on the execution. The invariants of the
loops are shown for every choice; that a witness is the author is assumed in nothing but the last statement.

Asked only of a variable that is declared once, outside blocks, so that its name means nothing else, and that is
assigned in no pass over a list beside the map, nor in one that stands in a turn: there the turns are not those of
regions. Not asked where regions are split or chains are made: there the regions in the end may be others, or other
executions'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.program.types import BOOL, Integer
from checker.prove.system.state import Author, RunVariable, StateVar, Unset
from checker.prove.terms.encode import FALSE, TRUE, Value, conj, disj, neg
from checker.prove.terms.numbers import Term

if TYPE_CHECKING:
    from checker.prove.system.turn import Turn

MOST = 4
"""The most variables that are asked about for one check."""


@frozen
class Authors:
    """Of each witness, that it is the author of a variable; and that the variable has none."""

    of: RunVariable
    each: tuple[Term, ...]
    unset: Term = TRUE

    @staticmethod
    def none(of: RunVariable | None, run: p.Run, count: int) -> Authors | None:
        """A variable of a run has no author where that begins; None if it is asked of none."""
        return Authors(of, (FALSE,) * count) if of is not None and of.run == run.name else None

    def moves(self, body: tuple[p.Statement, ...]) -> bool:
        """Tell whether a pass with this body may change who is the author."""
        return self.of.name in walk.assigned(body)

    def start(self) -> Iterator[tuple[StateVar, Value]]:
        """The variables of the state of a loop that may change who is the author, with what they start with."""
        for index, value in enumerate(self.each):
            yield Author(self.of.run, self.of.name, index), value
        yield Unset(self.of.run, self.of.name), self.unset

    def at(self, head: Mapping[StateVar, Value]) -> Authors:
        """The same as the state of a loop has it, if it is part of that."""
        keys = [key for key, _ in self.start()]
        if keys[-1] not in head:
            return self
        *each, unset = (head[key] for key in keys)
        return Authors(self.of, tuple(each), unset)

    def own(self, state: Mapping[StateVar, Value]) -> list[list[StateVar]]:
        """The variables of a state that tell of each witness whether it is the author."""
        keys = [key for key, _ in self.start()][:-1]
        return [keys] if keys and keys[0] in state else []

    def given(self, taken: Turn) -> Term:
        """Tell whether a turn gives the variable a value."""
        return disj(*(conj(*each) for each in taken.given.get(self.of.name, ())))

    def after(self, turn: int | None, taken: Turn) -> Authors:
        """The same after a turn: that of a witness, or of no witness."""
        given = self.given(taken)
        each = (disj(given, was) if index == turn else conj(neg(given), was) for index, was in enumerate(self.each))
        return Authors(self.of, tuple(each), conj(neg(given), self.unset))

    def after_statement(self, taken: Turn) -> Authors:
        """The same after a statement outside passes."""
        left = self.after(None, taken)
        return Authors(left.of, left.each, disj(self.given(taken), left.unset))

    def put(self, turn: int | None, taken: Turn, after: MutableMapping[StateVar, Value]) -> None:
        """Put into ``after`` what a turn in a loop makes of it, of which this is the state at the head."""
        after.update(self.after(turn, taken).start())


Way = tuple[RunVariable, ...]
"""The variables by whose authors something is shown: none, one, or one for each half of an equation."""


def ways_of(check: p.Check, scenario: p.Scenario, spoken: bool = False) -> tuple[Way, ...]:
    """Return the variables by whose authors a check may be shown, in the order in which they are tried; if ``spoken``,
    those alone that it speaks of."""
    if isinstance(check.goal, p.ExactArithmetic):
        return ()
    formulas = [conjunct.formula for conjunct in check.goal]
    said = [each for each in formulas if isinstance(each, p.ForAll | p.Plain)]
    single: list[Way] = [(each,) for formula in said for each in askable(scenario, formula)]
    pairs: list[Way] = [pair for formula in formulas for pair in _of_both_sides(scenario, formula)]
    ways = dict.fromkeys((*single, *pairs))
    return tuple(way for way in ways if not spoken or speaks_of(check, way))


def speaks_of(check: p.Check, way: Way) -> bool:
    """Tell whether a check speaks of what these variables are in the end."""
    return {p.final(each.run, each.name) for each in way} <= _spoken(check)


def equation(formula: p.Formula) -> p.Compare | None:
    """Return the equation of two numbers that a formula about what runs end with is, if it is one."""
    said = formula.condition if isinstance(formula, p.Plain) else None
    if isinstance(said, p.Compare) and said.rel is p.Rel.EQ and isinstance(said.left.type, Integer):
        return said
    return None


def _of_both_sides(scenario: p.Scenario, formula: p.Formula) -> Iterator[Way]:
    """A variable of each side of an equation, in both orders."""
    equal = equation(formula)
    if equal is None or not isinstance(formula, p.Plain):
        return
    found = [
        [each for each in askable(scenario, formula) if p.final(each.run, each.name) in _spoken(side)]
        for side in (equal.left, equal.right)
    ]
    for one, other in product(*found):
        if one != other:
            yield from ((one, other), (other, one))


def askable(scenario: p.Scenario, goal: p.ForAll | p.Plain) -> tuple[RunVariable, ...]:
    """Return the variables of whose author it may be asked for a goal: those that it speaks of, then the others of the
    runs, as long as they are few."""
    if isinstance(goal, p.ForAll) and (goal.arity != 1 or goal.beside or goal.indices):
        return ()
    if any(run.chained or walk.has_split(run.algorithm.body) for run in scenario.runs):
        return ()
    spoken = _spoken(goal)
    found = [RunVariable(run.name, name) for run in scenario.runs for name in _variables(run, _keeps_some)]
    others = [RunVariable(run.name, name) for run in scenario.runs for name in _variables(run, _moves)]
    found += [each for each in others if each not in found and p.final(each.run, each.name) in spoken]
    return tuple(sorted(found, key=lambda each: p.final(each.run, each.name) not in spoken))[:MOST]


def _spoken(said: p.Formula | p.Expr | p.Check) -> set[str]:
    return {each.name for each in walk.expressions(said) if isinstance(each, p.Var)}


def _variables(run: p.Run, gets: Callable[[p.Statement], TypeGuard[p.Assign]]) -> Iterator[str]:
    """The variables of a run that some statement gives a value, and of whose author it can be asked."""
    body = run.algorithm.body
    declared = [each.name for each in walk.statements(body) if isinstance(each, p.Declare)]
    own = [each.name for each in body if isinstance(each, p.Declare) and isinstance(each.value.type, Integer)]
    made = list(walk.outer_passes(body))
    plain = [each for each in made if not each.beside and not walk.has_pass(each.body)]
    elsewhere = walk.assigned(tuple(each.body for each in made if each not in plain))
    keeps = {each.name for each in walk.statements(tuple(each.body for each in plain)) if gets(each)}
    yield from (name for name in own if name in keeps and name not in elsewhere and declared.count(name) == 1)


def _keeps_some(statement: p.Statement) -> TypeGuard[p.Assign]:
    """Tell whether a statement keeps something of a region in a variable, whatever was there before."""
    if not isinstance(statement, p.Assign):
        return False
    value = kept(statement).value
    return bool(walk.regions_read(value)) and statement.name not in walk.scalars_read(value)


def _moves(statement: p.Statement) -> TypeGuard[p.Assign]:
    """Tell whether a statement moves a variable on by something of a region, as a cursor: the region is put there."""
    return isinstance(statement, p.Assign) and bool(walk.regions_read(statement.value))


class KeptValue(NamedTuple):
    """The value that an assignment gives to a variable, and where it does not leave it what it was."""

    condition: p.Expr
    value: p.Expr


def kept(statement: p.Assign) -> KeptValue:
    """Return what an assignment keeps. One of a choice between the variable itself and something else, as `max` is,
    gives it a value only where that is chosen. *Sound*, because else the variable is what it was, and so is its
    author."""
    match statement.value:
        case p.IfElse(condition=condition, then=value, otherwise=p.Var(name=name, run="")) if name == statement.name:
            return KeptValue(condition, value)
        case p.IfElse(condition=condition, then=p.Var(name=name, run=""), otherwise=value) if name == statement.name:
            return KeptValue(p.Not(condition, BOOL), value)
        case value:
            return KeptValue(p.Const(BOOL, 1), value)
