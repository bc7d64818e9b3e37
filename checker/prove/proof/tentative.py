"""A system in which every candidate counts as an invariant, until it is known which are needed.

What comes after a loop is built on its invariants: they are premises of what follows. Here each premise that is there
because of a candidate is known for it, so that it can be assumed or left out; and `Tentative.only` gives the system
that would have been built had some of the candidates been the only ones. Only where no hand-over is chained, and no
pass is made in a turn of another one: there it decides what is built which invariants were found.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import field, replace
from itertools import chain

from checker.base.values import frozen, mutable
from checker.prove.proof.goals import SolvedSystem
from checker.prove.proof.journal import LoopInvariants
from checker.prove.system.history import Recalled
from checker.prove.system.loop import Step
from checker.prove.terms.numbers import Term

Tag = tuple[int, int]
"""A candidate: the number of its loop, and its own there."""

START = -1
"""The number that stands for where a loop starts, beside those of its turns."""


@frozen
class Premise:
    """A premise; with a tag, it holds if that candidate is an invariant."""

    term: Term
    tag: Tag | None = None


@mutable
class Tentative:
    """A system whose loops were given all candidates, and which of its premises are there because of which.

    The facts that were known at some place of the proof are those known before it, in the same order, and more: so a
    candidate is the same premise at the same number wherever facts are premises. The candidates of a loop come after
    the facts before it and those about its state.
    """

    solved: SolvedSystem
    loops: list[LoopInvariants] = field(init=False)
    tags: list[Tag | None] = field(init=False)
    """By number of a fact, the candidate that it is."""
    candidates: frozenset[int] = field(init=False)
    """The identities of the facts that are candidates."""
    recalled: dict[int, Tag | None] = field(init=False)
    """The same by the identity of what is recalled of earlier loops."""

    def __post_init__(self) -> None:
        self.loops = [entry for entry in self.solved.journal if isinstance(entry, LoopInvariants)]
        assert len(self.loops) == len(self.solved.journal)
        assert not any(entry.loop.view.inner for entry in self.loops)
        self.tags = [None] * len(self.solved.facts)
        for number, entry in enumerate(self.loops):
            begin = len(entry.facts) + len(entry.loop.facts)
            self.tags[begin : begin + len(entry.invariants)] = [(number, i) for i in range(len(entry.invariants))]
        facts = zip(self.solved.facts, self.tags, strict=True)
        self.candidates = frozenset(id(term) for term, tag in facts if tag is not None)
        steps = chain.from_iterable(entry.loop.steps for entry in self.loops)
        self.recalled = {id(each.instance): self.tags[each.number] for step in steps for each in step.recalled}

    def premises(self, terms: Sequence[Term]) -> Iterator[Premise]:
        """Return premises that begin with the facts known at some place, as far as they do, with their tags."""
        known = True
        for number, term in enumerate(terms):
            known = known and number < len(self.tags) and self.solved.facts[number] is term
            # Elsewhere a candidate would count as what is known, whether it is an invariant or not.
            assert known or id(term) not in self.candidates, "a candidate is a premise where no fact stands"
            yield Premise(term, self.tags[number] if known else self.recalled.get(id(term)))

    def before(self, loop: int, turn: int) -> Iterator[Premise]:
        """Return all that is known before a turn of a loop, or where it starts."""
        entry = self.loops[loop]
        yield from self.premises(entry.facts)
        if turn == START:
            return
        step = entry.loop.steps[turn]
        yield from map(Premise, (*entry.loop.facts, step.constraint))
        yield from (Premise(each.instance, self.tags[each.number]) for each in step.recalled)
        yield from (Premise(term, (loop, i)) for i, term in enumerate(entry.invariants))
        yield from (Premise(each.instance, (loop, each.number)) for each in step.itself(entry.invariants))

    def term(self, tag: Tag) -> Term:
        """The candidate with this tag."""
        loop, number = tag
        return self.loops[loop].invariants[number]

    def only(self, needed: Collection[Tag]) -> SolvedSystem:
        """The system as it would have been with no candidates but the ``needed`` ones."""

        def holds(tag: Tag | None) -> bool:
            return tag is None or tag in needed

        def kept(terms: Sequence[Term]) -> tuple[Term, ...]:
            return tuple(each.term for each in self.premises(terms) if holds(each.tag))

        numbers = {old: new for new, old in enumerate(n for n, tag in enumerate(self.tags) if holds(tag))}

        def recalled(step: Step) -> Iterator[Recalled]:
            return (replace(r, number=numbers[r.number]) for r in step.recalled if r.number in numbers)

        journal = []
        for loop, entry in enumerate(self.loops):
            steps = tuple(replace(step, recalled=tuple(recalled(step))) for step in entry.loop.steps)
            own = tuple(term for i, term in enumerate(entry.invariants) if (loop, i) in needed)
            journal.append(LoopInvariants(replace(entry.loop, steps=steps), kept(entry.facts), own))
        system = copy.copy(self.solved.system)
        system.obligations = [replace(each, premises=kept(each.premises)) for each in system.obligations]
        return SolvedSystem(system, kept(self.solved.facts), tuple(journal))
