"""What comes out of a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from checker import program as p
from checker.base.limits import limit
from checker.program.valuation import Valuation
from checker.prove.terms.solver import Effort


class Verdict(StrEnum):
    """See spec/language.md, "Verdicts"."""

    PROVED = "proved"
    PROVED_TO_BOUND = "proved-to-bound"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    VACUOUS = "vacuous"
    REJECTED = "rejected"
    """What a certificate claims is not so, or does not follow from what it brings."""
    ERROR = "internal-error"


@dataclass(frozen=True)
class Limits:
    """What a check may cost. ``effort`` and ``per_query`` are in Z3 resource units; ``bound`` is the largest number of
    descriptors that refutations are looked for with. ``seed`` is what the solver's random choices start from: no
    verdict may depend on it."""

    effort: int = 400_000_000
    per_query: int = 100_000_000
    bound: int = 4
    queries: int = limit(200_000, "questions to the solver for one check")
    shown: int = limit(4_000, "values in a counterexample, with what every run makes of it")
    seed: int = 0

    def allowance(self) -> Effort:
        """All that one check may spend."""
        return Effort(self.effort, self.per_query, self.queries, self.seed)


@dataclass(frozen=True)
class Written:
    """One of the statements that a proof consists of, as SMT-LIB text that must be unsatisfiable: ``head`` are comments
    that say what it is, ``body`` is what a solver reads."""

    name: str
    head: str
    body: str


@dataclass(frozen=True)
class Support:
    """What has to be found for a proof: the invariants of each loop, and which claims hold of each chain (by number),
    in the order in which the proof comes to them."""

    loops: tuple[tuple[str, ...], ...]
    chains: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Evidence:
    """What lets a proof be checked again without a search.

    ``supports`` are for the conjuncts of the goal, in order; ``spoken`` are maps on which each of them that is about
    regions says something (one map for a goal without such conjuncts).
    """

    supports: tuple[Support, ...]
    spoken: tuple[Valuation, ...]


@dataclass(frozen=True)
class Result:
    """The verdict on one check.

    ``bound``: every map of at most this many descriptors was looked at (None where all lengths were, or none).
    ``detail`` says why a verdict is not `proved`; ``effort`` is in Z3 resource units, ``hardest`` what one query took
    at most, and ``gave_up`` the number of queries that ran out of what they were allowed. What is `proved` has
    ``evidence``; ``obligations`` is then a hash of the statements that the proof consists of, and ``written`` are
    their texts, where they were asked for.
    """

    check: p.Check
    verdict: Verdict
    detail: str = ""
    bound: int | None = None
    counterexample: Valuation | None = None
    evidence: Evidence | None = None
    effort: int = 0
    hardest: int = 0
    gave_up: int = 0
    seconds: float = 0.0
    obligations: str = ""
    written: tuple[Written, ...] = ()

    @property
    def invariants(self) -> tuple[str, ...]:
        """All that a proof says of loops, each once."""
        supports = self.evidence.supports if self.evidence is not None else ()
        return tuple(dict.fromkeys(said for each in supports for loop in each.loops for said in loop))

    @property
    def as_expected(self) -> bool:
        """Tell whether the verdict is the one that the check states."""
        return self.verdict.value.replace("-", "_") == self.check.expected.value


Oracle = Callable[[p.Scenario, p.Check, Valuation], bool]
"""Whether, run concretely, these values keep every assumption of the check and break its goal. Independent of the
prover; every counterexample must pass it before it is shown."""

Applies = Callable[[p.Scenario, p.Check, Valuation], bool]
"""Whether, run concretely, these values keep every assumption of the check and every conjunct of its goal applies to
some regions, in a layout in which something is placed."""
