"""All that a proof consists of, as values: what was shown, from what, and at which place of the proof.

A property is proved when four kinds of statements hold, each without quantifiers:

* every invariant of every loop holds where the loop starts, and each kind of step keeps all of them;
* what is known at the end implies the property, or, for exact arithmetic, that no checked operator loses anything;
* what is claimed of chained hand-overs holds after the first one, and one more keeps it.

They are collected from a journal that the prover keeps as it goes, without asking anything again. What an invariant
becomes after a step is worked out here, when the parts are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from checker.base.values import frozen
from checker.prove.invariants.houdini import renaming
from checker.prove.system.loop import Loop
from checker.prove.system.state import StateVar
from checker.prove.terms.encode import Value, is_true
from checker.prove.terms.numbers import Term


@frozen
class LoopInvariants:
    """A loop was given invariants. ``facts`` is what was known before it."""

    loop: Loop
    facts: tuple[Term, ...]
    invariants: tuple[Term, ...]


@frozen
class ChainClaims:
    """It was asked which of ``claims`` follow from ``facts``: those for which ``holding`` is true do."""

    facts: tuple[Term, ...]
    claims: tuple[Term, ...]
    holding: tuple[bool, ...]


Entry = LoopInvariants | ChainClaims
Journal = tuple[Entry, ...]


@frozen
class FinalObligation:
    """The end of a proof: after what ``journal`` tells, ``conclusion`` follows from ``premises``.

    ``failing`` says what is the matter where it does not.
    """

    what: str
    failing: str
    journal: Journal
    premises: tuple[Term, ...]
    conclusion: Term


@frozen
class Obligation:
    """One statement: the ``premises`` together imply each of the ``conclusions``.

    ``untouched`` counts the conclusions that are left out because they are premises, word for word.
    """

    place: str
    what: str
    premises: tuple[Term, ...]
    conclusions: tuple[Term, ...]
    untouched: int = 0


def parts(ends: Iterable[FinalObligation]) -> Iterator[Obligation]:
    """Every statement that the proofs with these ends rest on, in the order of the proofs; what is shared, once."""
    told: set[int] = set()
    for end in ends:
        if id(end.journal) not in told:
            told.add(id(end.journal))
            for part in _of_journal(end.journal):
                yield from _needed(part)
        # Even where an invariant is the property, word for word: it is what the proof is about.
        yield Obligation("end", end.what, end.premises, (end.conclusion,))


def _needed(part: Obligation) -> Iterator[Obligation]:
    """The part without the conclusions that are premises; nothing, if those are all."""
    given = {premise.get_id() for premise in part.premises}
    open_ones = tuple(c for c in part.conclusions if not is_true(c) and c.get_id() not in given)
    if open_ones:
        left_out = len(part.conclusions) - len(open_ones)
        yield Obligation(part.place, part.what, part.premises, open_ones, left_out)


def _of_journal(journal: Journal) -> Iterator[Obligation]:
    loops = 0
    chains = 0
    for entry in final(journal):
        if isinstance(entry, LoopInvariants):
            loops += 1
            yield from _of_loop(f"loop {loops} of {' and '.join(entry.loop.view.tracks)}", entry)
        else:
            chains += 1
            step = chains % 2 == 0
            what = "one more hand-over keeps the claims" if step else "the claims hold after the first hand-over"
            place = f"chain {(chains + 1) // 2}"
            held = tuple(claim for claim, holds in zip(entry.claims, entry.holding, strict=True) if holds)
            yield Obligation(place, what, entry.facts, held)


def final(journal: Journal) -> Iterator[Entry]:
    """The journal without the attempts at chains that were given up, and without the claims that they cost.

    A chain is: which claims hold after the first hand-over; then, again and again, the loops of one more hand-over
    and which claims hold after that, until those are all that were assumed before it.
    """
    first: ChainClaims | None = None
    left: list[int] = []
    attempt: list[Entry] = []
    for entry in journal:
        if first is None:
            if isinstance(entry, LoopInvariants):
                yield entry
            else:
                first, left, attempt = entry, list(_holding(entry, range(len(entry.claims)))), []
        elif isinstance(entry, LoopInvariants):
            attempt.append(entry)
        elif all(entry.holding):
            yield replace(first, holding=tuple(number in left for number in range(len(first.claims))))
            yield from attempt
            yield entry
            first = None
        else:
            left, attempt = list(_holding(entry, left)), []
    assert first is None


def _holding(entry: ChainClaims, numbers: Iterable[int]) -> Iterator[int]:
    return (number for number, holds in zip(numbers, entry.holding, strict=True) if holds)


def _of_loop(place: str, kept: LoopInvariants) -> Iterator[Obligation]:
    loop, invariants = kept.loop, kept.invariants
    at_start = _after(loop, loop.start, invariants)
    yield Obligation(place, "the invariants hold where it starts", kept.facts, at_start)
    for step in loop.steps:
        itself = (each.instance for each in step.itself(invariants))
        premises = (*kept.facts, *loop.facts, *step.premises, *invariants, *itself)
        what = f"the turn of {step.name} keeps the invariants"
        yield Obligation(place, what, premises, _after(loop, step.after, invariants))


def _after(loop: Loop, state: Mapping[StateVar, Value], invariants: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return what the invariants say of the loop's state where it has these values."""
    return tuple(renaming(loop.head, state)(invariants))
