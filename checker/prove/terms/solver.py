"""Z3, asked with a bounded effort.

Effort is Z3's own resource count, not time, so that an answer does not depend on the machine. What runs out of it is
`UNKNOWN`, which is an answer like the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import z3

from checker.prove.terms import build
from checker.prove.terms.effort import MOST, Effort
from checker.prove.terms.encode import conj, is_true
from checker.prove.terms.numbers import Term


class Answer(Enum):
    """The solver's word on a set of formulas."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


_PATIENCE = 2_000_000
"""The effort that a query may spend before it is asked anew for the first time, in Z3 resource units."""

_EASY = 2_000_000
"""The most that it may cost to ask for several conclusions at once."""


class Solver:
    """A Z3 solver for linear integers, Booleans and words of flags.

    Of two queries that look alike one may take a thousand times as much as the other, by chance. So none goes on for
    long: it is given up, and asked again of a new solver that makes other choices and may spend twice as much, until
    the effort allowed is used up.
    """

    def __init__(
        self,
        effort: Effort,
        facts: Iterable[Term] = (),
        *,
        small_cores: bool = False,
        patience: int | None = None,
    ) -> None:
        self.effort = effort
        """Pays for what is asked."""
        self._small_cores = small_cores
        self._patience = _PATIENCE if patience is None else patience
        self._levels: list[list[Term]] = [[]]
        self._begun = 0
        self._begin()
        for fact in facts:
            self.add(fact)

    def _begin(self) -> None:
        """Take a new solver, with all that is assumed."""
        self._solver = z3.SimpleSolver()
        self._solver.set("random_seed", self.effort.seed + self._begun)
        self._solver.set("core.minimize", self._small_cores)
        self._begun += 1
        for number, facts in enumerate(self._levels):
            if number:
                self._solver.push()
            for fact in facts:
                build.assume(self._solver, fact)

    def add(self, fact: Term) -> None:
        """Assume ``fact`` from now on."""
        if not is_true(fact):
            self._levels[-1].append(fact)
            build.assume(self._solver, fact)

    @property
    def queries(self) -> int:
        """The number of queries that the task has made, by any solver."""
        return self.effort.queries

    def push(self) -> None:
        """Open a level of assumptions."""
        self._levels.append([])
        self._solver.push()

    def pop(self) -> None:
        """Forget what was added since the last `push`."""
        self._levels.pop()
        self._solver.pop()

    def check(self, *assumptions: Term, at_most: int | None = None) -> Answer:
        """Tell whether the facts and ``assumptions`` have a model; ``at_most`` bounds the effort further."""
        effort = self.effort
        allowance = min(effort.per_query if at_most is None else at_most, effort.per_query, effort.left)
        answer, cost, patience = Answer.UNKNOWN, 0, self._patience
        while cost < allowance and answer is Answer.UNKNOWN:
            if cost:
                self._begin()
            answer, took = self._attempt(assumptions, min(patience, allowance - cost, MOST))
            cost += took
            patience *= 2
        effort.spent += cost
        effort.hardest = max(effort.hardest, cost)
        effort.queries += 1
        effort.gave_up += answer is Answer.UNKNOWN and at_most is None
        return answer

    def _attempt(self, assumptions: tuple[Term, ...], allowance: int) -> tuple[Answer, int]:
        """The answer, and what it took: always something."""
        self._solver.set("rlimit", allowance)
        before = self._count()
        answer = Answer(str(build.satisfiable(self._solver, assumptions)))
        return answer, max(1, self._count() - before)

    def model(self) -> Any:
        """The model behind the last `SAT`."""
        return self._solver.model()

    def core(self) -> list[Term]:
        """Those of the assumptions behind the last `UNSAT` without which it might not be. To make them few costs
        effort as well."""
        before = self._count()
        found = list(self._solver.unsat_core())
        self.effort.spent += self._count() - before
        return found

    def _count(self) -> int:
        return _count(self._solver)


def _count(solver: z3.Solver) -> int:
    """Return the effort that a solver has spent, in Z3 resource units."""
    return build.statistic(solver, "rlimit count")


def preferred_model(facts: Iterable[Term], wishes: Iterable[Term], effort: Effort) -> Any | None:
    """A model of the facts, and of as many of the wishes, in their order, as leave one; None where none is found.

    It is looked for among terms of their own, so that it does not depend on what else this process asked: which of
    several models Z3 finds depends on the numbers of terms.
    """
    own = z3.Context()
    solver = z3.SimpleSolver(ctx=own)
    solver.set("random_seed", effort.seed)

    def met(wish: Term | None) -> Any | None:
        solver.set("rlimit", min(effort.per_query, effort.left, MOST))
        before = _count(solver)
        answer = solver.check(*([] if wish is None else [wish]))
        effort.spent += max(1, _count(solver) - before)
        effort.queries += 1
        return solver.model() if answer == z3.sat else None

    solver.add(*(fact.translate(own) for fact in facts))
    model = met(None)
    for wish in (each.translate(own) for each in wishes if model is not None):
        better = met(wish)
        if better is not None:
            solver.add(wish)
            model = better
    return None if model is None else model.translate(z3.main_ctx())


def implied(effort: Effort, premises: Iterable[Term], *conclusions: Term) -> Answer:
    """Tell whether ``premises`` leave room for one of ``conclusions`` being false: UNSAT means that they imply them
    all."""
    solver = Solver(effort, premises)
    solver.add(z3.Not(conj(*conclusions)))
    return solver.check()


def implied_in_turn(effort: Effort, premises: Sequence[Term], conclusions: Sequence[Term], *, patience: int) -> Answer:
    """Tell the same of ``conclusions`` that are asked of all at once only as long as that is easy, and else one after
    the other: each alone leaves less to be tried. *Sound*, because each is asked of the premises, and all of them."""
    at_once = Solver(effort, premises, patience=patience)
    at_once.add(z3.Not(conj(*conclusions)))
    answer = at_once.check(at_most=_EASY if len(conclusions) > 1 else None)
    if answer is not Answer.UNKNOWN or len(conclusions) < 2:
        return answer
    solver = Solver(effort, premises, patience=patience)
    for number, conclusion in enumerate(conclusions):
        fails = z3.Bool(f"fails.{number}")
        solver.add(build.implies(fails, build.negation(conclusion)))
        answer = solver.check(fails)
        if answer is not Answer.UNSAT:
            return answer
        solver.add(build.negation(fails))
    return Answer.UNSAT
