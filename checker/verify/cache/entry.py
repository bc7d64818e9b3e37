"""Entries of the cache: an answer to a question, with what it takes to check it again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import assert_never

import msgspec

from checker import program as p
from checker.base.values import frozen
from checker.prove import (
    Claim,
    Cost,
    Evidence,
    Failed,
    Help,
    Limits,
    Outcome,
    Proved,
    ProvedToBound,
    Refuted,
    RejectedClaim,
    Result,
    Stated,
    Support,
    Unknown,
    Vacuous,
    Verdict,
)
from checker.verify.attack import Attacked
from checker.verify.cache.key import CacheKey
from checker.verify.certificate import Values, valuation_of, values_of
from checker.verify.results import CheckResult

FORMAT = "mapproof cache 1"


@frozen
class SearchCost:
    """The price of a search, in the solver's steps. It is told, and nothing depends on it."""

    effort: int
    hardest: int
    gave_up: int


@frozen
class Entry:
    """An answer. ``bound`` and ``why`` are there for those that are neither `proved` nor `refuted`; ``supports``,
    ``spoken``, ``obligations``, ``templates`` and ``attacked`` for a proof, as in `checker.prove.Proved`; and a
    counterexample for a refutation."""

    format: str
    obligation: str
    circumstances: str
    verdict: Verdict
    bound: int | None
    why: str
    obligations: str
    supports: list[Support]
    spoken: list[Values]
    templates: dict[str, str]
    attacked: Attacked | None
    counterexample: Values | None
    stated: dict[int, Help]
    """The use of the invariants that the file states, by their number."""
    spent: SearchCost
    digest: str
    """The hash of all the rest: shows that bytes were lost or changed, and not from whom they come."""

    def sealed(self) -> Entry:
        """The entry with the digest that it should have."""
        content = msgspec.json.encode(replace(self, digest=""))
        return replace(self, digest=hashlib.sha256(content).hexdigest())

    @property
    def key(self) -> CacheKey:
        """The key under which it says it is kept."""
        return CacheKey(self.obligation, self.circumstances)

    @property
    def checkable(self) -> bool:
        """Tell whether it brings along all that it takes to check it again."""
        return self.verdict in (Verdict.PROVED, Verdict.REFUTED)

    def could_be_within(self, limits: Limits) -> bool:
        """Tell whether a search may have cost what it says: as much is spent on trying to break a proof, if that is
        asked for."""
        return 0 <= self.spent.hardest <= self.spent.effort <= 2 * limits.effort and self.spent.gave_up >= 0

    def claim(self, check: p.Check) -> Claim:
        """The claim that it makes of a check."""
        found = None if self.counterexample is None else valuation_of(self.counterexample)
        return Claim(check, self.verdict, None, self.obligations, self._evidence, found)

    def says(self, found: Result) -> bool:
        """Tell whether it says just what was found."""
        return (self.verdict, self.bound, self.why) == (found.verdict, found.bound, found.detail)

    def told(self, confirmed: Result, scenario: p.Scenario) -> Result:
        """Return what was confirmed, or found again, with what the entry tells beside it."""
        outcome = confirmed.outcome
        if isinstance(outcome, Proved):
            worded = {
                each: replace(said, template=self.templates.get(each, "")) for each, said in outcome.worded.items()
            }
            outcome = replace(outcome, worded=worded)
        return replace(
            confirmed, outcome=outcome, cost=self.cost(confirmed.cost.seconds), stated=self._stated(scenario)
        )

    def believed(self, check: p.Check, scenario: p.Scenario, bound: int) -> Result | None:
        """The answer, unchecked; None if the entry makes none. Up to ``bound`` regions were searched for."""
        outcome: Outcome | None = None
        if self.verdict is Verdict.PROVED:
            outcome = Proved(self._evidence, self.obligations)
        elif self.verdict is Verdict.REFUTED and self.counterexample is not None:
            outcome = Refuted.within(bound, valuation_of(self.counterexample))
        elif self.verdict is Verdict.VACUOUS:
            outcome = Vacuous(self.why)
        return None if outcome is None else Result(check, outcome, self.cost(0), self._stated(scenario))

    def _stated(self, scenario: p.Scenario) -> tuple[Stated, ...]:
        formulas = enumerate(p.stated_in(scenario))
        return tuple(Stated(formula.span, self.stated[n]) for n, formula in formulas if n in self.stated)

    def cost(self, seconds: float) -> Cost:
        """The steps of the search, whenever it was, and some seconds, which are today's."""
        return Cost(self.spent.effort, self.spent.hardest, self.spent.gave_up, seconds)

    @property
    def _evidence(self) -> Evidence:
        return Evidence(tuple(self.supports), tuple(map(valuation_of, self.spoken)))


def entry_of(finding: CheckResult, key: CacheKey) -> Entry | None:
    """The entry for a result; None for one that no search came to: it was stopped, or failed."""
    result = finding.result
    spans = [formula.span for formula in p.stated_in(finding.scenario)]
    made = Entry(
        FORMAT,
        key.obligation,
        key.circumstances,
        result.verdict,
        result.bound,
        result.detail,
        result.obligations,
        [],
        [],
        {},
        None,
        None,
        {spans.index(each.span): each.help for each in result.stated},
        SearchCost(result.cost.effort, result.cost.hardest, result.cost.gave_up),
        "",
    )
    match result.outcome:
        case Proved(evidence=evidence, worded=worded):
            made = replace(made, supports=list(evidence.supports), spoken=list(map(values_of, evidence.spoken)))
            made = replace(
                made, templates={each: said.template for each, said in worded.items()}, attacked=finding.attacked
            )
        case Refuted(counterexample=found):
            made = replace(made, counterexample=values_of(found))
        case Vacuous() | ProvedToBound():
            pass
        case Unknown():
            if not result.cost.effort:
                return None
        case RejectedClaim() | Failed():
            return None
        case _:
            assert_never(result.outcome)
    return made.sealed()


def decode(data: bytes) -> Entry | None:
    """The entry in the bytes of a file; None if it is not whole, or none of this format."""
    try:
        found = msgspec.json.decode(data, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.format == FORMAT and found.sealed() == found else None


def encode(entry: Entry) -> bytes:
    """The bytes of an entry's file."""
    return msgspec.json.encode(entry) + b"\n"
