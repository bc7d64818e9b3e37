"""Faults in the search for invariants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3

from checker.prove.invariants import vocabulary
from checker.prove.invariants.directed import Search
from checker.prove.proof.tentative import START, Tag, Tentative
from checker.prove.system import loop
from checker.prove.terms.solver import Answer, Solver
from tests.helpers import seams
from tests.prove import test_directed, test_rechecking
from tests.prove.faults.checks import both_ways, fooling, golden, paths, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("candidates need not hold at the start", paths(), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.SIEVE)
    def _(rightly: Any, each: Any, alive: Any) -> list[int]:
        return rightly(each, alive) if each.use else list(alive)


@fault("candidates need not survive the turn of a witness", paths(2), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.INDUCTIVE)
    def _(rightly: Any, about: loop.Loop, *rest: Any) -> Any:
        return rightly(replace(about, steps=about.steps[:1]), *rest)


@fault("candidates are assumed where they have to be shown", paths(), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.SIEVE_QUERY)
    def _(rightly: Any, each: Any, *arguments: Any, **how: Any) -> None:
        rightly(each, *arguments, **how)
        for number, use in each.use.items():
            each.solver.add(z3.Implies(use, each.claims[number]))


@fault("a candidate that is given up is still assumed by others", paths(3))
def _(seed: Seeding) -> None:
    asked: list[Any] = []

    @seed.into(seams.SIEVE)
    def _(rightly: Any, each: Any, alive: Any) -> list[int]:
        if any(other is each for other in asked):
            return list(alive)
        asked.append(each)
        return rightly(each, alive)


@fault("candidates that cannot be decided are kept", paths())
def _(seed: Seeding) -> None:
    sieving: list[Any] = []

    @seed.into(seams.SIEVE)
    def _(rightly: Any, each: Any, alive: Any) -> list[int]:
        sieving.append(each)
        found = rightly(each, alive)
        sieving.pop()
        return found

    @seed.into(seams.ASK_SOLVER)
    def _(rightly: Any, solver: Solver, *assumptions: Any, **how: Any) -> Answer:
        found = rightly(solver, *assumptions, **how)
        return Answer.UNSAT if sieving and found is Answer.UNKNOWN else found


@fault("what is needed need not hold at the start", fooling("after-break"), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.KEPT_BY_TURN)
    def _(rightly: Any, search: Search, own: frozenset[Tag], loop: int, turn: int, *rest: Any) -> Any:
        return frozenset() if turn == START else rightly(search, own, loop, turn, *rest)


@fault("what is needed need not survive the turn of a witness", fooling("congruence-on-one-branch"), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.KEPT_BY_TURN)
    def _(rightly: Any, search: Search, own: frozenset[Tag], loop: int, turn: int, *rest: Any) -> Any:
        return frozenset() if turn > 0 else rightly(search, own, loop, turn, *rest)


@fault("what the file states of a pass is believed", fooling("stated-plainly-false"))
def _(seed: Seeding) -> None:
    @seed.into(seams.KEPT_BY_TURN)
    def _(rightly: Any, search: Search, own: frozenset[Tag], loop: int, *rest: Any) -> Any:
        # What is stated comes first among the candidates.
        view = search.tentative.loops[loop].loop.view
        believed = sum(len(each.invariants) for each in view.passes.values())
        left = frozenset(tag for tag in own if tag[1] >= believed)
        return rightly(search, left, loop, *rest) if left else frozenset()


@fault("what is needed is assumed where it has to be shown", fooling("after-break"), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.TURN_ASKED)
    def _(rightly: Any, search: Search, loop: int, turn: int, *rest: Any) -> Any:
        question = rightly(search, loop, turn, *rest)
        for number, term in enumerate(search._turn(loop, turn).after):
            question.pool.setdefault((loop, number), []).append(term)
        return question


@fault(
    "what a conclusion rests on is left out as idle",
    the_test(test_directed.test_each_statement_of_what_is_left_is_shown),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.WITHOUT_IDLE)
    def _(rightly: Any, question: Any, conclusion: Any, fails: Any, core: Any, sure: Any) -> frozenset[Tag]:
        return rightly(question, conclusion, fails, core, sure) & sure


@fault("candidates count as facts", fooling("after-break"), both_ways())
def _(seed: Seeding) -> None:
    @seed.into(seams.PREMISES_FOR_CANDIDATES)
    def _(rightly: Any, *arguments: Any) -> Any:
        return (replace(each, tag=None) for each in rightly(*arguments))


@fault("what is given up stays a premise", the_test(test_directed.test_each_statement_of_what_is_left_is_shown))
def _(seed: Seeding) -> None:
    @seed.into(seams.ONLY_NEEDED)
    def _(rightly: Any, whole: Tentative, needed: Any) -> Any:
        everything = {tag for tag in whole.tags if tag is not None}
        return rightly(whole, everything)


@fault(
    "a solver that gives up has shown it",
    the_test(test_rechecking.test_without_effort_nothing_is_confirmed, prepare=test_rechecking.decided),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.ASK_SOLVER)
    def _(rightly: Any, solver: Solver, *assumptions: Any, **how: Any) -> Answer:
        found = rightly(solver, *assumptions, **how)
        return Answer.UNSAT if found is Answer.UNKNOWN else found


@fault("the bounds of windows are mined one off", golden("reserved-range"))
def _(seed: Seeding) -> None:
    @seed.into(seams.VOCABULARY)
    def _(rightly: Any, *arguments: Any) -> vocabulary.Vocabulary:
        words = rightly(*arguments)
        return replace(words, constants=tuple((kind, value + 1) for kind, value in words.constants))


@fault("a candidate may speak of what one step alone chooses", fooling("apart-and-moved"))
def _(seed: Seeding) -> None:
    seed.into(seams.OF_STATE)(lambda rightly, terms, *of: [True] * len(terms))
