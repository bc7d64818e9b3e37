"""Queries that run out: asked anew with other choices, within what is allowed, and answered as they would be."""

from __future__ import annotations

from itertools import combinations

import pytest
import z3

from checker.prove.terms import solver
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import Term
from checker.prove.terms.solver import Answer, Solver

PLENTY = 100_000_000


def pigeons(count: int) -> list[Term]:
    """Each in a hole of its own, and one hole too few: hard to see, so that there is something to run out of."""
    sits = [[z3.Bool(f"{bird} in {hole}") for hole in range(count - 1)] for bird in range(count)]
    facts = [z3.Or(row) for row in sits]
    return facts + [
        z3.Or(z3.Not(a), z3.Not(b)) for column in zip(*sits, strict=True) for a, b in combinations(column, 2)
    ]


def asked(facts: list[Term], effort: Effort, *assumptions: Term, at_most: int | None = None) -> Answer:
    return Solver(effort, facts).check(*assumptions, at_most=at_most)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_PATIENCE", 1000)


@pytest.mark.usefixtures("impatient")
def test_a_query_that_is_asked_anew_has_the_same_answer() -> None:
    effort = Effort(PLENTY, PLENTY)
    assert asked(pigeons(6), effort) is Answer.UNSAT
    assert effort.hardest == effort.spent > 3000
    assert (effort.queries, effort.gave_up) == (1, 0)
    assert asked(pigeons(6)[:-1], effort) is Answer.SAT


@pytest.mark.usefixtures("impatient")
def test_what_is_assumed_at_each_level_outlives_a_query_that_is_asked_anew() -> None:
    effort = Effort(PLENTY, PLENTY)
    *facts, last = pigeons(6)
    free = z3.Bool("free")
    asking = Solver(effort, facts)
    asking.push()
    asking.add(z3.Or(free, last))
    assert asking.check(z3.Not(free)) is Answer.UNSAT
    assert effort.spent > 3000
    assert asking.check() is Answer.SAT
    assert z3.is_true(asking.model().eval(free))
    asking.pop()
    assert asking.check(z3.Not(free)) is Answer.SAT


@pytest.mark.parametrize("patience", [1000, PLENTY])
def test_no_query_takes_much_more_than_it_may(patience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_PATIENCE", patience)
    for allowed in (1, 3000, 20_000):
        effort = Effort(PLENTY, allowed)
        assert asked(pigeons(9), effort) is Answer.UNKNOWN
        assert allowed <= effort.spent == effort.hardest <= allowed + 1000
        assert effort.gave_up == 1
        assert asked(pigeons(9), effort, at_most=allowed) is Answer.UNKNOWN
        assert (effort.queries, effort.gave_up) == (2, 1)


def test_who_has_nothing_left_is_told_so_at_once() -> None:
    effort = Effort(1, PLENTY)
    assert asked(pigeons(9), effort) is Answer.UNKNOWN
    spent = effort.spent
    assert asked([z3.BoolVal(False)], effort) is Answer.UNKNOWN
    assert (effort.spent, effort.gave_up) == (spent, 2)


def test_another_seed_makes_other_choices() -> None:
    efforts = [Effort(PLENTY, PLENTY, seed=seed) for seed in range(4)]
    assert {asked(pigeons(6), effort) for effort in efforts} == {Answer.UNSAT}
    assert len({effort.spent for effort in efforts}) > 1
    again = Effort(PLENTY, PLENTY, seed=3)
    assert (asked(pigeons(6), again), again.spent) == (Answer.UNSAT, efforts[3].spent)
