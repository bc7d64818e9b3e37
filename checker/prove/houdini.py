"""The largest part of a set of candidates that is inductive.

Start with all candidates; throw out those that the loop's start breaks; then, as long as some step leads from a state
in which all that are left hold to one in which some do not, throw those out. What remains holds at the start and is kept
by every step, assuming only itself: it is an invariant, whatever the candidates were. When the solver gives up, the
candidates that it could not decide go too, which only weakens what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import z3

from checker.prove.encode import Term, Value, disj, is_false, neg
from checker.prove.numbers import Num
from checker.prove.solver import Answer, Effort, Solver
from checker.prove.system import Loop

Rename = Callable[[Sequence[Term]], Sequence[Term]]


def inductive(loop: Loop, facts: Sequence[Term], candidates: Sequence[Term], effort: Effort) -> list[Term]:
    """The candidates that are invariants of ``loop``, given ``facts`` about what came before it."""
    at_start = _renaming(loop.head, loop.start)
    alive = _filter(Solver(effort, facts), list(zip(candidates, at_start(candidates), strict=True)))
    solvers = []
    for step in loop.steps:
        solver = Solver(effort, (*facts, *loop.facts))
        solver.add(step.constraint)
        after = _renaming(loop.head, step.after)
        pairs = {c.get_id(): claim for c, claim in zip(alive, after(alive), strict=True)}
        for candidate in alive:
            solver.add(z3.Implies(_switch(candidate), candidate))
        solvers.append((solver, pairs))
    while True:
        before = len(alive)
        for solver, pairs in solvers:
            alive = _filter(solver, [(c, pairs[c.get_id()]) for c in alive], lambda kept: [_switch(c) for c in kept])
        if len(alive) == before:
            return alive


def _switch(candidate: Term) -> Term:
    return z3.Bool(f"use.{candidate.get_id()}")


def _filter(
    solver: Solver,
    pairs: Sequence[tuple[Term, Term]],
    switches: Callable[[Sequence[Term]], Sequence[Term]] = lambda _: (),
) -> list[Term]:
    """Those candidates whose second form follows; all candidates that are left are assumed through ``switches``."""
    left = list(pairs)
    fails = {}
    for candidate, claim in pairs:
        flag = z3.Bool(f"fails.{candidate.get_id()}")
        fails[candidate.get_id()] = flag
        solver.add(z3.Implies(flag, neg(claim)))
    while left:
        trigger = z3.Bool(f"round.{solver.queries}")
        some = disj(*(fails[c.get_id()] for c, _ in left))
        solver.add(z3.Implies(trigger, some))
        answer = solver.check(trigger, *switches([c for c, _ in left]))
        if answer is Answer.UNSAT:
            break
        if answer is Answer.UNKNOWN:
            assumed = switches([c for c, _ in left])
            sure = [pair for pair in left if solver.check(fails[pair[0].get_id()], *assumed) is Answer.UNSAT]
            if len(sure) == len(left):
                break
            left = sure
            continue
        model = solver.model()
        left = [(c, claim) for c, claim in left if not is_false(model.eval(claim, model_completion=True))]
    return [c for c, _ in left]


def _renaming(names: Mapping[str, Value], values: Mapping[str, Value]) -> Rename:
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
        # One call for all terms, as arguments of an application that means nothing: each call has to check all pairs.
        sorts = [z3.BoolSort()] * (len(terms) + 1)
        bundle = z3.Function(f"bundle.{len(terms)}", *sorts)
        return list(z3.substitute(bundle(*terms), *pairs).children()) if terms else []

    return rename
