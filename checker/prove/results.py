"""The outcomes of checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import ClassVar, Protocol

from checker import program as p
from checker.base.diagnostic import Span
from checker.base.limits import limit
from checker.base.values import frozen
from checker.program.types import Type
from checker.program.valuation import Valuation
from checker.prove.terms.effort import Effort


class Verdict(StrEnum):
    """See spec/language.md, "Verdicts"."""

    PROVED = "proved"
    PROVED_TO_BOUND = "proved-to-bound"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    VACUOUS = "vacuous"
    REJECTED = "rejected"
    """A certificate's claim is not so, or does not follow from what it brings."""
    ERROR = "internal-error"


@frozen
class Limits:
    """The most that a check may cost. ``effort`` and ``per_query`` are in Z3 resource units; ``bound`` is the largest
    number of descriptors that refutations are looked for with. ``seed`` is what the solver's random choices start
    from: no verdict may depend on it."""

    effort: int = 400_000_000
    per_query: int = 100_000_000
    bound: int = 8
    queries: int = limit(200_000, "questions to the solver for one check")
    shown: int = limit(4_000, "values in a counterexample, with what every run makes of it")
    seed: int = 0

    @classmethod
    def chosen(cls, *, bound: int | None = None, effort: int | None = None) -> Limits:
        """The limits with another bound, or another effort in millions, of which a query may spend a quarter."""
        limits = cls() if bound is None else cls(bound=bound)
        if effort is None:
            return limits
        return replace(limits, effort=effort * 1_000_000, per_query=effort * 250_000)

    def allowance(self) -> Effort:
        """All that one check may spend."""
        return Effort(self.effort, self.per_query, self.queries, self.seed)


@frozen
class Written:
    """One of the statements that a proof consists of, as SMT-LIB text that must be unsatisfiable: ``head`` are comments
    that say what it is, ``body`` is what a solver reads."""

    name: str
    head: str
    body: str


@frozen
class Support:
    """All that has to be found for a proof: the invariants of each loop, and which claims hold of each chain (by
    number), in the order in which the proof comes to them."""

    loops: tuple[tuple[str, ...], ...]
    chains: tuple[tuple[int, ...], ...]


@frozen
class Evidence:
    """All that lets a proof be checked again without a search.

    ``supports`` are for the conjuncts of the goal, in order; ``spoken`` are maps on which each of them that is about
    regions says something (one map for a goal without such conjuncts).
    """

    supports: tuple[Support, ...]
    spoken: tuple[Valuation, ...]


@frozen
class Worded:
    """An invariant of a proof as it could be stated in the file, and the template that it comes from, if that is
    known."""

    words: str
    template: str = ""


class Help(StrEnum):
    """The use of an invariant that the file states."""

    NEEDED = "needed"
    """A proof rests on it."""
    HOLDS = "holds"
    """It was shown, and no proof needs it."""
    BROKEN = "broken"
    """It was not shown: with all that is known, it does not hold where the pass begins, or a turn may break it."""


@frozen
class Stated:
    """An invariant that the file states, and what it was for a check."""

    span: Span
    help: Help


@frozen
class Proved:
    """It holds on every map of any length. ``obligations`` is a hash of the statements that the proof consists of;
    ``written`` are their texts, where they were asked for. ``worded`` says each invariant in words; no part of the
    proof."""

    verdict: ClassVar[Verdict] = Verdict.PROVED
    evidence: Evidence
    obligations: str
    written: tuple[Written, ...] = ()
    worded: Mapping[str, Worded] = field(default_factory=dict, compare=False)


@frozen
class RegionState:
    """A region in a counterexample to induction: ``name`` is that of a witness, or ``x`` for any other region, and the
    fields and marks are as ``run`` has it before and after the turn."""

    name: str
    run: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    visited: bool
    """Tell whether it had its turn before."""


@frozen
class VariableState:
    """A variable of a run in a counterexample to induction, before and after the turn."""

    name: str
    run: str
    type: Type
    before: int
    after: int


@frozen
class InductionGap:
    """A counterexample to induction: a state that all that was shown allows, and the turn in which what is to be proved
    is lost. No run need ever come there; it shows what an invariant would have to exclude.

    ``turn`` is the region whose turn it is; None where it is lost when the pass begins. ``held`` are some
    invariants of the pass that were shown, in words: those that most proofs need.
    """

    rule: str
    line: int
    """The line of the pass."""
    turn: str | None
    regions: tuple[RegionState, ...]
    variables: tuple[VariableState, ...]
    held: tuple[str, ...]


@frozen
class ProvedToBound:
    """No map of at most ``bound`` regions breaks it; ``why`` says what a proof lacks, and ``gap`` where it ends."""

    verdict: ClassVar[Verdict] = Verdict.PROVED_TO_BOUND
    bound: int
    why: str
    gap: InductionGap | None = None


@frozen
class Refuted:
    """A map breaks it, as the interpreter has seen."""

    verdict: ClassVar[Verdict] = Verdict.REFUTED
    counterexample: Valuation
    smallest: bool = True
    """Tell whether no shorter map breaks it. Of one with more regions than are searched for nobody knows that."""

    @staticmethod
    def within(bound: int, found: Valuation) -> Refuted:
        """A refutation by values that come from elsewhere, where up to so many regions are searched for."""
        return Refuted(found, found.size <= bound)


@frozen
class Unknown:
    """Neither was found."""

    verdict: ClassVar[Verdict] = Verdict.UNKNOWN
    why: str
    gap: InductionGap | None = None


@frozen
class Vacuous:
    """The check says nothing."""

    verdict: ClassVar[Verdict] = Verdict.VACUOUS
    why: str


@frozen
class RejectedClaim:
    """A claim is not so, or does not follow from what is brought along for it. Only `recheck` says this."""

    verdict: ClassVar[Verdict] = Verdict.REJECTED
    why: str


@frozen
class Failed:
    """The checker is wrong: two of its parts contradict each other, on ``counterexample`` if there is one."""

    verdict: ClassVar[Verdict] = Verdict.ERROR
    why: str
    counterexample: Valuation | None = None


Outcome = Proved | ProvedToBound | Refuted | Unknown | Vacuous | RejectedClaim | Failed


@frozen
class Cost:
    """The price of an outcome: ``effort`` in Z3 resource units, ``hardest`` what one query took at most, ``gave_up``
    the number of queries that ran out of what they were allowed, and ``seconds`` of the wall's clock."""

    effort: int = 0
    hardest: int = 0
    gave_up: int = 0
    seconds: float = 0.0


@frozen
class Claim:
    """An assertion about a check: a verdict, and what is brought along for it. Nothing of it is believed."""

    check: p.Check
    verdict: Verdict
    bound: int | None = None
    obligations: str = ""
    evidence: Evidence | None = None
    counterexample: Valuation | None = None


@frozen
class Result:
    """The outcome of one check, and what it cost."""

    check: p.Check
    outcome: Outcome
    cost: Cost = Cost()
    stated: tuple[Stated, ...] = ()
    """The invariants that the file states, where a proof was tried."""

    @property
    def verdict(self) -> Verdict:
        """The outcome in a word."""
        return self.outcome.verdict

    @property
    def detail(self) -> str:
        """The reason of a verdict that is neither `proved` nor `refuted`."""
        return "" if isinstance(self.outcome, Proved | Refuted) else self.outcome.why

    @property
    def bound(self) -> int | None:
        """The length up to which every map was looked at, where that is all that is known."""
        return self.outcome.bound if isinstance(self.outcome, ProvedToBound) else None

    @property
    def gap(self) -> InductionGap | None:
        """The step at which a proof ends, where one was tried and that is known."""
        return self.outcome.gap if isinstance(self.outcome, ProvedToBound | Unknown) else None

    @property
    def counterexample(self) -> Valuation | None:
        """The map that breaks the check, or on which the checker contradicts itself."""
        return self.outcome.counterexample if isinstance(self.outcome, Refuted | Failed) else None

    @property
    def smallest(self) -> bool:
        """Tell whether it is known that no shorter map breaks the check, of one that is refuted."""
        return self.outcome.smallest if isinstance(self.outcome, Refuted) else True

    @property
    def evidence(self) -> Evidence | None:
        """All that a proof rests on."""
        return self.outcome.evidence if isinstance(self.outcome, Proved) else None

    @property
    def obligations(self) -> str:
        """The hash of a proof's statements."""
        return self.outcome.obligations if isinstance(self.outcome, Proved) else ""

    @property
    def written(self) -> tuple[Written, ...]:
        """The texts of a proof's statements."""
        return self.outcome.written if isinstance(self.outcome, Proved) else ()

    @property
    def invariants(self) -> tuple[str, ...]:
        """All that a proof says of loops, each once."""
        supports = self.evidence.supports if self.evidence is not None else ()
        return tuple(dict.fromkeys(said for each in supports for loop in each.loops for said in loop))

    @property
    def worded(self) -> Mapping[str, Worded]:
        """By invariant, what it says in words, as far as that is known."""
        return self.outcome.worded if isinstance(self.outcome, Proved) else {}

    @property
    def claim(self) -> Claim:
        """The outcome as a claim, to be checked again."""
        return Claim(self.check, self.verdict, self.bound, self.obligations, self.evidence, self.counterexample)

    @property
    def as_expected(self) -> bool:
        """Tell whether the verdict is the one that the check states."""
        return EXPECTED.get(self.check.expected) is self.verdict


EXPECTED = {
    p.Expected.PROVED: Verdict.PROVED,
    p.Expected.REFUTED: Verdict.REFUTED,
    p.Expected.VACUOUS: Verdict.VACUOUS,
    p.Expected.UNKNOWN: Verdict.UNKNOWN,
    p.Expected.PROVED_TO_BOUND: Verdict.PROVED_TO_BOUND,
}
"""The verdict behind each that a check may state."""


class Judge(Protocol):
    """Runs a scenario concretely, independently of the prover."""

    def breaks(self, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        """Tell whether these values keep every assumption of the check and break its goal. Every counterexample must
        pass this before it is shown."""

    def applies(self, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        """Tell whether these values keep every assumption of the check and every conjunct of its goal applies to some
        regions, in a layout in which something is placed."""
