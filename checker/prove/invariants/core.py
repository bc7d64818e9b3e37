"""The invariants that a proof needs, of all that were found for it: of a hundred it is five, and those can be read.

It goes backwards. What the end of the proof follows from is needed; then, from the last loop to the first, what those
invariants of a loop that are needed follow from, by a turn and where the loop starts, until nothing is added. The
solver tells what something follows from.

Nothing here bears on soundness: when it begins, all is proved. What is left is a proof as well, of fewer statements,
which whoever rechecks the certificate shows again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import z3

from checker.prove.invariants.houdini import renaming
from checker.prove.proof.goals import GoalProof, SolvedSystem, endings, rebuilt
from checker.prove.proof.journal import ChainClaims, LoopInvariants, final
from checker.prove.proof.tentative import Tentative
from checker.prove.system.history import Recalled
from checker.prove.system.loop import Loop
from checker.prove.terms import build
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import conj, neg
from checker.prove.terms.numbers import Term
from checker.prove.terms.solver import Answer, Solver

_FOR_SHORTENING = 4_000_000
"""The most that may be spent on a proof that is there, to take out of it what it does not need."""


class _TooHardError(Exception):
    """The solver does not tell within its effort what something follows from."""


def shortened(proof: Iterable[GoalProof], effort: Effort) -> tuple[GoalProof, ...]:
    """The proofs of some goals, each without the invariants that it does not need, as far as a bounded effort goes."""
    with effort.reserving(max(0, effort.left - _FOR_SHORTENING)):
        return tuple(minimal(shown, effort) for shown in proof)


def minimal(shown: GoalProof, effort: Effort) -> GoalProof:
    """The proof without the invariants that it does not need; as it is, where that is too hard to tell."""
    try:
        needed = _needed(shown, effort)
    except _TooHardError:
        return shown
    solved = _reduced(shown, needed)
    return GoalProof(shown.goal, solved, tuple(endings(shown.goal, solved)))


def _reduced(shown: GoalProof, needed: set[int]) -> SolvedSystem:
    """Return the system with no invariants but the needed ones."""
    chains = shown.solved.support.chains
    if not chains and not any(each.loop.view.inner for each in _kept(shown)):
        tentative = Tentative(shown.solved)
        return tentative.only({tag for tag in tentative.tags if tag and tentative.term(tag).get_id() in needed})
    loops = iter([[term for term in each.invariants if term.get_id() in needed] for each in _kept(shown)])

    def invariants(_: Loop) -> list[Term]:
        return next(loops)

    return rebuilt(shown.solved.system.given, shown.goal, invariants, chains)


def _kept(shown: GoalProof) -> list[LoopInvariants]:
    return [entry for entry in final(shown.solved.journal) if isinstance(entry, LoopInvariants)]


def _needed(shown: GoalProof, effort: Effort) -> set[int]:
    """The numbers of the invariants that are needed. Raises `_TooHardError`."""
    found = {term.get_id() for entry in _kept(shown) for term in entry.invariants}
    # What is known after a pass in a turn is known of that turn in a word: of its loop all invariants are kept.
    needed = {t.get_id() for entry in _kept(shown) if entry.loop.view.inner for t in entry.invariants}
    for end in shown.ends:
        needed |= _Premises(end.premises, found, effort).behind([end.conclusion])
    for entry in reversed(list(final(shown.solved.journal))):
        if isinstance(entry, ChainClaims):
            held = [claim for claim, holds in zip(entry.claims, entry.holding, strict=True) if holds]
            needed |= _Premises(entry.facts, found, effort).behind(held)
            continue
        loop = entry.loop
        turns = []
        for step in loop.steps:
            premises = (*entry.facts, *loop.facts, step.constraint, *entry.invariants)
            before = _Premises(premises, found, effort, (*step.recalled, *step.itself(entry.invariants)))
            turns.append((before, renaming(loop.head, step.after)))
        own: dict[int, Term] = {}
        while fresh := {n: term for n, term in _numbered(entry.invariants) if n in needed and n not in own}:
            own |= fresh
            for before, after in turns:
                needed |= before.behind(after(list(fresh.values())))
        needed |= _Premises(entry.facts, found, effort).behind(renaming(loop.head, loop.start)(list(own.values())))
    return needed


def _numbered(terms: Iterable[Term]) -> Iterator[tuple[int, Term]]:
    """Terms with the numbers that Z3 gives them: equal ones have the same."""
    return ((term.get_id(), term) for term in terms)


class _Premises:
    """Premises, of which those that are among ``invariants`` may not be needed."""

    def __init__(
        self, premises: Sequence[Term], invariants: set[int], effort: Effort, recalled: Sequence[Recalled] = ()
    ) -> None:
        self._solver = Solver(effort, small_cores=True)
        self._flags: dict[int, Term] = {}
        for number, term in _numbered(premises):
            if number not in invariants:
                self._solver.add(term)
            elif number not in self._flags:
                self._solver.add(build.implies(self._flag(number), term))
        for each in recalled:
            origin = each.origin.get_id()
            self._solver.add(
                build.implies(self._flag(origin), each.instance) if origin in invariants else each.instance
            )

    def _flag(self, number: int) -> Term:
        """Return what stands for an invariant being needed."""
        # Numbers of terms depend on what else was proved in this process, and so must no name.
        return self._flags.setdefault(number, z3.Bool(f"needed.{len(self._flags)}"))

    def behind(self, conclusions: Sequence[Term]) -> set[int]:
        """Invariants from which, with the other premises, the conclusions follow. Raises `_TooHardError`."""
        self._solver.push()
        self._solver.add(neg(conj(*conclusions)))
        # Where that is too hard the proof stays as it is: nothing was given up that a verdict needs.
        if self._solver.check(*self._flags.values(), at_most=self._solver.effort.left) is not Answer.UNSAT:
            raise _TooHardError
        core = {flag.get_id() for flag in self._solver.core()}
        self._solver.pop()
        return {number for number, flag in self._flags.items() if flag.get_id() in core}
