"""The largest part of a set of candidates that is inductive.

Start with all candidates; throw out those that the loop's start breaks; then, as long as some step leads from a state
in which all that are left hold to one in which some do not, throw those out. What remains holds at the start and is
kept by every step, assuming only itself: it is an invariant, whatever the candidates were. When the solver gives up,
the candidates that it could not decide go too, which only weakens what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import z3

from checker.prove.system.loop import Loop
from checker.prove.system.state import StateVar
from checker.prove.terms import build
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Value, disj, neg
from checker.prove.terms.numbers import Num, Term
from checker.prove.terms.solver import Answer, Solver

Rename = Callable[[Sequence[Term]], Sequence[Term]]


def inductive(loop: Loop, facts: Sequence[Term], candidates: Sequence[Term], effort: Effort) -> list[Term]:
    """The candidates that are invariants of ``loop``, given ``facts`` about what came before it."""
    start = _Filter(Solver(effort, facts), candidates, renaming(loop.head, loop.start), assumed=False)
    alive = start.sieve(range(len(candidates)))
    steps = []
    for step in loop.steps:
        solver = Solver(effort, (*facts, *loop.facts))
        for premise in step.premises:
            solver.add(premise)
        keeps = _Filter(solver, candidates, renaming(loop.head, step.after), assumed=True, only=alive)
        keeps.assume_too((alive[each.number], each.instance) for each in step.itself([candidates[i] for i in alive]))
        steps.append(keeps)
    while True:
        before = len(alive)
        for step_filter in steps:
            alive = step_filter.sieve(alive)
        if len(alive) == before:
            return [candidates[index] for index in alive]


class _Filter:
    """One transition, asked again and again which candidates it keeps.

    ``use[i]`` assumes candidate i before the transition; ``fails[i]`` says that it does not hold after it. "Some
    candidate that is left fails" is the disjunction of all ``fails``, with those of the others assumed away.
    """

    def __init__(
        self,
        solver: Solver,
        candidates: Sequence[Term],
        after: Rename,
        *,
        assumed: bool,
        only: Sequence[int] | None = None,
    ) -> None:
        indices = range(len(candidates)) if only is None else only
        self.solver = solver
        self.claims = dict(zip(indices, after([candidates[i] for i in indices]), strict=True))
        self.use = {i: z3.Bool(f"use.{i}") for i in indices} if assumed else {}
        self.fails = {i: z3.Bool(f"fails.{i}") for i in indices}
        self.holds = {i: build.negation(flag) for i, flag in self.fails.items()}
        for i in indices:
            if assumed:
                solver.add(build.implies(self.use[i], candidates[i]))
            solver.add(build.implies(self.fails[i], neg(self.claims[i])))
        solver.add(disj(*self.fails.values()))

    def assume_too(self, instances: Iterable[tuple[int, Term]]) -> None:
        """Have what a candidate says of another region too hold before the transition if the candidate is assumed."""
        for i, instance in instances:
            self.solver.add(build.implies(self.use[i], instance))

    def sieve(self, alive: Iterable[int]) -> list[int]:
        """Those of the candidates ``alive`` that hold after the transition if all that are left hold before it."""
        left = list(alive)
        while left:
            assumed = self._assumed(left)
            among = set(left)
            answer = self.solver.check(*assumed, *(flag for i, flag in self.holds.items() if i not in among))
            if answer is Answer.UNSAT:
                break
            if answer is Answer.UNKNOWN:
                # Without effort nothing is decided: that need not be asked of each.
                spending = self.solver.effort
                sure = [i for i in left if spending.left and self._keeps(assumed, i)]
                if len(sure) == len(left):
                    break
                left = sure
                continue
            wrong = build.falsified(self.solver.model(), [self.claims[i] for i in left])
            left = [i for i, fails in zip(left, wrong, strict=True) if not fails]
        return left

    def _keeps(self, assumed: Sequence[Term], number: int) -> bool:
        """Tell if a candidate is sure to hold after the transition."""
        return self.solver.check(*assumed, self.fails[number]) is Answer.UNSAT

    def _assumed(self, left: Sequence[int]) -> list[Term]:
        return [self.use[i] for i in left] if self.use else []


def follows(facts: Sequence[Term], claims: Sequence[Term], effort: Effort) -> list[bool]:
    """Tell which of ``claims`` follow from ``facts``, each for itself."""
    solver = Solver(effort, facts)
    flags = [z3.Bool(f"claim.{index}") for index in range(len(claims))]
    for flag, claim in zip(flags, claims, strict=True):
        solver.add(build.implies(flag, neg(claim)))
    return [solver.check(flag) is Answer.UNSAT for flag in flags]


def renaming(names: Mapping[StateVar, Value], values: Mapping[StateVar, Value]) -> Rename:
    """Replaces the variables of a state by the values that the state has elsewhere."""
    pairs = []
    for name, variable in names.items():
        value = values[name]
        if isinstance(variable, Num):
            assert isinstance(value, Num)
            pairs.append((variable.term, value.at(variable.scale)))
        else:
            pairs.append((variable, value))

    def rename(terms: Sequence[Term]) -> Sequence[Term]:
        return build.substituted(terms, pairs)

    return rename
