"""Z3, asked with a bounded effort.

Effort is Z3's own resource count, not time, so that an answer does not depend on the machine. What runs out of it is
`UNKNOWN`, which is an answer like the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import z3

from checker.prove.encode import conj, is_true
from checker.prove.numbers import Term

_MOST = (1 << 32) - 1
"""The largest limit that Z3 can be given: of a larger one it takes the low bits, and 0 is none at all."""


class Answer(Enum):
    """What the solver says of a set of formulas."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


@dataclass
class Effort:
    """What may be spent on one task, in Z3 resource units, and what was."""

    limit: int
    per_query: int
    most_queries: int = _MOST
    spent: int = 0
    queries: int = 0

    @property
    def left(self) -> int:
        """What is left to spend."""
        return max(0, self.limit - self.spent) if self.queries < self.most_queries else 0


class Solver:
    """A Z3 solver for linear integers, Booleans and words of flags."""

    def __init__(self, effort: Effort, facts: Iterable[Term] = ()) -> None:
        self._effort = effort
        self._solver = z3.SimpleSolver()
        self._solver.set("random_seed", 0)
        for fact in facts:
            self.add(fact)

    def add(self, fact: Term) -> None:
        """Assume ``fact`` from now on."""
        if not is_true(fact):
            self._solver.add(fact)

    @property
    def queries(self) -> int:
        """How many queries the task has made, by any solver."""
        return self._effort.queries

    def push(self) -> None:
        """Open a level of assumptions."""
        self._solver.push()

    def pop(self) -> None:
        """Forget what was added since the last `push`."""
        self._solver.pop()

    def check(self, *assumptions: Term, at_most: int | None = None) -> Answer:
        """Whether the facts and ``assumptions`` have a model; ``at_most`` bounds the effort further."""
        effort = self._effort
        allowance = min(effort.per_query if at_most is None else at_most, effort.per_query, effort.left, _MOST)
        if allowance <= 0:
            return Answer.UNKNOWN
        self._solver.set("rlimit", allowance)
        before = self._count()
        result = self._solver.check(*assumptions)
        effort.spent += max(1, self._count() - before)
        effort.queries += 1
        if result == z3.sat:
            return Answer.SAT
        return Answer.UNSAT if result == z3.unsat else Answer.UNKNOWN

    def model(self) -> Any:
        """The model behind the last `SAT`."""
        return self._solver.model()

    def _count(self) -> int:
        return next((int(value) for key, value in self._solver.statistics() if key == "rlimit count"), 0)


def implied(effort: Effort, premises: Iterable[Term], *conclusions: Term) -> Answer:
    """Whether ``premises`` leave room for one of ``conclusions`` being false: UNSAT means that they imply them all."""
    solver = Solver(effort, premises)
    solver.add(z3.Not(conj(*conclusions)))
    return solver.check()
