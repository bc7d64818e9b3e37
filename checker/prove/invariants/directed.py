"""The invariants that a proof needs, looked for from its end.

A loop has hundreds of candidates for invariants, and a proof needs five of them. So nothing is decided of a candidate
before something needs it. The system is built as if all candidates were invariants. Then, from the end backwards, one
asks what a conclusion follows from: for a state in which it does not hold, though the facts do. Where some candidate
excludes that state, it is assumed as well, the likeliest first, until there is no such state: then the conclusion
follows from what was assumed, and that is needed from now on. Where no candidate excludes it, the conclusion does not
follow. If it was that a turn keeps some candidates, those that do not hold after it are no invariants; what rested on
them is asked again.

*Sound*, because what is left in the end is closed: each needed candidate holds where its loop starts, and every turn
keeps it, if nothing holds but facts and needed candidates of this loop and of those before. So they are invariants
together, as in Houdini's way (`checker.prove.invariants.houdini`), and what is to be shown follows from them. That all
others were taken for invariants when the system was built does not matter: `Tentative.only` takes them out again,
wherever they were premises, and `checker.prove.rechecking` derives the same statements without them.

*As complete* as Houdini's way: a candidate is given up only where the facts and all candidates that are not given up
leave room for its not holding. The largest inductive set is among those, so it loses none of its members.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field
from functools import cache, cached_property
from heapq import nsmallest
from typing import Any

import z3

from checker.base.values import frozen, mutable
from checker.prove.invariants.houdini import renaming
from checker.prove.proof.journal import FinalObligation
from checker.prove.proof.tentative import START, Premise, Tag, Tentative
from checker.prove.terms import build
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import conj, neg
from checker.prove.terms.numbers import Term
from checker.prove.terms.solver import Answer, Solver

_AT_FIRST = 2
"""The candidates that are assumed at a time, of those that exclude a state; twice as many the next time."""

_MORE_WHERE_IT_IS_HARD = 8
"""As many times the candidates are assumed next where the solver gave up."""

_EASY = 300_000
"""The most that a question may cost as long as there are candidates that are not assumed."""

_CHEAP = 100_000
"""The most that it may cost to find out whether a conclusion follows without one candidate."""


@frozen
class Lacking:
    """An end of a proof that does not follow, or of which the solver did not tell within its effort."""

    end: FinalObligation
    too_hard: bool


@frozen
class _Open:
    """A conclusion does not follow: in ``model`` it does not hold, though all that is known does. Without one, the
    solver gave up."""

    model: Any | None


class _SpentError(Exception):
    """There is no effort left: of what was asked last nothing is known."""


@frozen
class _State:
    """A state in which the premises of a question hold: a model, and the candidates that do not hold in it."""

    model: Any
    excluded_by: frozenset[Tag]


@mutable
class _Question:
    """Some premises, asked again and again what follows from them and from as few candidates as need be."""

    premises: Iterable[Premise]
    effort: Effort
    solver: Solver = field(init=False)
    pool: dict[Tag, list[Term]] = field(default_factory=dict)
    """All that holds if a candidate is an invariant."""
    flags: dict[Tag, Term] = field(default_factory=dict)
    """For each candidate that the solver knows, what stands for its being assumed."""
    asked: int = 0
    seen: list[_State] = field(default_factory=list)
    """The states that it was answered with, of which some answer what is asked next as well."""

    def __post_init__(self) -> None:
        self.solver = Solver(self.effort)
        for each in self.premises:
            if each.tag is None:
                self.solver.add(each.term)
            else:
                self.pool.setdefault(each.tag, []).append(each.term)

    def behind(
        self, conclusion: Term, likely: Iterable[Tag], given_up: Collection[Tag], rank: Callable[[Tag], int]
    ) -> frozenset[Tag] | _Open:
        """Candidates from which, with the other premises, the conclusion follows. ``likely`` are assumed at once, and
        of the others none that is given up; where there is a choice, those of the lowest ``rank``."""
        assumed = [tag for tag in likely if tag in self.pool]
        sure = frozenset(assumed)
        others = (self.pool.keys() - sure).difference(given_up)
        at_a_time = _AT_FIRST
        found: frozenset[Tag] | _Open
        # No level of assumptions, which would cost the solver all that it has learned.
        fails = z3.Bool(f"fails.{self.asked}")
        self.asked += 1
        self.solver.add(build.implies(fails, neg(conclusion)))
        while True:
            state = self._among_those_seen(conclusion, assumed)
            if state is None:
                hardest = _EASY if others else None
                answer = self.solver.check(fails, *(self._flag(tag) for tag in assumed), at_most=hardest)
                if answer is Answer.UNSAT:
                    found = self._without_idle(conclusion, fails, self._core(assumed), sure)
                    break
                state = self._see(self.solver.model()) if answer is Answer.SAT else None
            # What is hard to tell with few candidates is mostly easy with more: not that they are needed, but that they
            # leave less to be tried.
            excluding = others if state is None else others & state.excluded_by
            fresh = nsmallest(at_a_time, excluding, key=lambda tag: (rank(tag), tag))
            if not fresh:
                found = _Open(None if state is None else state.model)
                break
            assumed += fresh
            others.difference_update(fresh)
            at_a_time *= 2 if state is not None else _MORE_WHERE_IT_IS_HARD
        self.solver.add(neg(fails))
        return found

    def _without_idle(
        self, conclusion: Term, fails: Term, core: Sequence[Tag], sure: Collection[Tag]
    ) -> frozenset[Tag]:
        """The candidates of a core without which the conclusion might not follow, and those that are ``sure`` to be
        needed. What is idle here would have to be shown all the same, with all that it rests on: Z3's cores hold
        some that bring the invariants of a whole pass along."""
        left = list(core)
        for tag in reversed(core):
            others = [each for each in left if each != tag]
            if tag in sure or len(others) == len(left):
                continue
            if self._among_those_seen(conclusion, others) is not None:
                continue
            answer = self.solver.check(fails, *(self._flag(each) for each in others), at_most=_CHEAP)
            if answer is Answer.UNSAT:
                left = self._core(others)
            elif answer is Answer.SAT:
                self._see(self.solver.model())
        return frozenset(left)

    def _core(self, assumed: Sequence[Tag]) -> list[Tag]:
        """Return those of the candidates assumed last that the answer rests on."""
        core = {flag.get_id() for flag in self.solver.core()}
        return [tag for tag in assumed if self.flags[tag].get_id() in core]

    def _see(self, model: Any) -> _State:
        """Return the state of a model, from now on one of those that were seen."""
        wrong = zip(self.pool, self._watched.falsified(model), strict=True)
        state = _State(model, frozenset(tag for tag, fails in wrong if fails))
        self.seen.append(state)
        return state

    def _among_those_seen(self, conclusion: Term, assumed: Iterable[Tag]) -> _State | None:
        """A state seen before in which the conclusion does not hold and what is assumed does: to look at one costs a
        hundredth of what the solver asks for it. It is as good an answer, for the premises held in it."""
        with_all = (state for state in reversed(self.seen) if state.excluded_by.isdisjoint(assumed))
        return next((state for state in with_all if any(build.falsified(state.model, [conclusion]))), None)

    @cached_property
    def _watched(self) -> build.Watched:
        return build.Watched([conj(*held) for held in self.pool.values()])

    def _flag(self, tag: Tag) -> Term:
        if tag not in self.flags:
            self.flags[tag] = z3.Bool(f"assume.{len(self.flags)}")
            self.solver.add(build.implies(self.flags[tag], conj(*self.pool[tag])))
        return self.flags[tag]


@mutable
class _Turn:
    """A turn of a loop, or where it starts: what the candidates say after it, and what was shown of that."""

    after: Sequence[Term]
    shown: dict[frozenset[Tag], frozenset[Tag]] = field(default_factory=dict)
    """Candidates that it keeps, all together, and those that this rests on."""

    @cached_property
    def watched(self) -> build.Watched:
        """The candidates as they are after it, to be looked at in models."""
        return build.Watched(self.after)


@mutable
class Search:
    """Looks for the candidates behind conclusions about a tentative system, again and again."""

    tentative: Tentative
    given_up: set[Tag] = field(default_factory=set)
    _turns: dict[tuple[int, int], _Turn] = field(default_factory=dict)
    _questions: dict[tuple[int, int], _Question] = field(default_factory=dict)
    """The facts about turns, for as long as they are asked about."""
    _constants: build.Constants = field(default_factory=build.Constants)
    _about: dict[Tag, frozenset[int]] = field(default_factory=dict)
    """The variables that candidates are about."""
    _likely: frozenset[Tag] = frozenset()
    """The candidates that are assumed at once, whatever is asked: what was needed once mostly is again, also where
    the claim for which it was needed is given up."""

    def prove(
        self, ends: Iterable[FinalObligation], effort: Effort, likely: Collection[int] = ()
    ) -> frozenset[Tag] | Lacking:
        """The candidates that are needed for what is to be shown in the end; or what cannot be shown. Where effort ran
        out, nothing is given up for that, so that it can be asked again.

        ``likely`` are numbers of terms of candidates that are assumed at once: of those that are not needed, the
        answers make no use.
        """
        self._likely = frozenset(tag for tag in self._every() if self.tentative.term(tag).get_id() in likely)
        needed: frozenset[Tag] = frozenset()
        for end in ends:
            question = _Question(self.tentative.premises(end.premises), effort)
            closed = None
            while closed is None:
                found = question.behind(end.conclusion, self._left(needed), self.given_up, self._rank(end.conclusion))
                if isinstance(found, _Open):
                    return Lacking(end, found.model is None)
                try:
                    closed = self._closed(found, effort)
                except _SpentError:
                    return Lacking(end, too_hard=True)
            needed |= closed
        return needed

    def holds(self, tag: Tag, effort: Effort) -> bool:
        """Tell whether a candidate is an invariant."""
        while tag not in self.given_up:
            try:
                if self._closed(frozenset({tag}), effort) is not None:
                    return True
            except _SpentError:
                return False
        return False

    def rest(self) -> None:
        """Let go of the solvers, which hold most of the memory of a search. What they showed is kept; what is asked
        next does not depend on what they have learned."""
        self._questions.clear()

    def _closed(self, found: frozenset[Tag], effort: Effort) -> frozenset[Tag] | None:
        """Return these candidates with all that they rest on; None where one of all those is given up."""
        needed = waiting = found
        while waiting:
            loop = max(number for number, _ in waiting)
            own = frozenset(tag for tag in waiting if tag[0] == loop)
            waiting -= own
            for turn in range(START, len(self.tentative.loops[loop].loop.steps)):
                behind = None if own & self.given_up else self._behind(own, loop, turn, needed, effort)
                if behind is None:
                    return None
                waiting |= behind - needed
                needed |= behind
        return needed

    def _behind(
        self, own: frozenset[Tag], loop: int, turn: int, needed: frozenset[Tag], effort: Effort
    ) -> frozenset[Tag] | None:
        """Return that on which it rests that some candidates of a loop hold after a turn; None where one is given
        up. Raises `_SpentError`."""
        taken = self._turn(loop, turn)
        behind: frozenset[Tag] = frozenset()
        left = own
        for kept, core in list(taken.shown.items()):
            if core & self.given_up:
                del taken.shown[kept]
            elif kept & left:
                behind |= core
                left -= kept
        if not left:
            return behind
        conclusion = conj(*(taken.after[number] for _, number in sorted(left)))
        found = self._question(loop, turn, effort).behind(
            conclusion, self._left(needed | behind), self.given_up, self._rank(conclusion)
        )
        if not isinstance(found, _Open):
            taken.shown[left] = found
            self._likely |= found
            return behind | found
        if found.model is None and not effort.left:
            raise _SpentError
        broken = set() if found.model is None else set(self._broken(loop, taken, found.model))
        # Where the model leaves open which of them it breaks, all go.
        self.given_up |= broken if broken & left else left
        return None

    def _turn(self, loop: int, turn: int) -> _Turn:
        if (loop, turn) not in self._turns:
            entry = self.tentative.loops[loop]
            state = entry.loop.start if turn == START else entry.loop.steps[turn].after
            self._turns[loop, turn] = _Turn(renaming(entry.loop.head, state)(entry.invariants))
        return self._turns[loop, turn]

    def _question(self, loop: int, turn: int, effort: Effort) -> _Question:
        """All that is known before a turn of a loop; what is asked of it now is paid for by ``effort``."""
        if (loop, turn) not in self._questions:
            self._questions[loop, turn] = _Question(self.tentative.before(loop, turn), effort)
        found = self._questions[loop, turn]
        found.solver.effort = effort
        return found

    def _broken(self, loop: int, taken: _Turn, model: Any) -> Iterator[Tag]:
        """The candidates that do not hold after a turn in a state in which all do."""
        wrong = enumerate(taken.watched.falsified(model))
        return ((loop, number) for number, fails in wrong if fails and (loop, number) not in self.given_up)

    def _every(self) -> Iterator[Tag]:
        """Return all candidates."""
        return ((loop, i) for loop, entry in enumerate(self.tentative.loops) for i in range(len(entry.invariants)))

    def _left(self, tags: frozenset[Tag]) -> list[Tag]:
        """Return the candidates to be assumed at once where these are needed."""
        return sorted(tag for tag in tags | self._likely if tag not in self.given_up)

    def _rank(self, conclusion: Term) -> Callable[[Tag], int]:
        """The order in which candidates are assumed: first those about nothing but what the conclusion is about."""
        about = cache(lambda: self._constants.of(conclusion))

        def strange(tag: Tag) -> int:
            if tag not in self._about:
                self._about[tag] = self._constants.of(self.tentative.term(tag))
            return len(self._about[tag] - about())

        return strange
