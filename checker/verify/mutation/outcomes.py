"""The outcomes of a mutant."""

from __future__ import annotations

from typing import assert_never

from checker import program as p
from checker.base.exit_status import ExitStatus
from checker.base.values import frozen
from checker.program.valuation import Valuation
from checker.prove import Verdict
from checker.verify.mutation.mutants import Mutant
from checker.verify.replay import Seen


@frozen
class Killed:
    """A check of a scenario has another verdict with the mutant than without it. ``map`` keeps what is assumed and
    breaks the check, as the interpreter has seen, where the check is now refuted; ``searched`` tells whether that map
    had to be searched for with the solver."""

    scenario: str
    check: str
    verdict: Verdict
    map: Valuation | None
    searched: bool


@frozen
class Equal:
    """It is proved that every layout is alike, on every map that a scenario allows. ``ordered`` is false where the
    exported lists may differ in their order, of which no property can speak."""

    ordered: bool = True


@frozen
class LayoutDifference:
    """The smallest map on which a mutant makes another layout: the scenario that runs both, the claim that they are
    alike, the values that break it, and what the interpreter sees on them."""

    scenario: p.Scenario
    check: p.Check
    values: Valuation
    seen: Seen


@frozen
class Survived:
    """All checks have the verdicts that they have without the mutant, and it makes other layouts."""

    difference: LayoutDifference


@frozen
class Undecided:
    """Neither was found."""

    why: str


Fate = Killed | Equal | Survived | Undecided


@frozen
class JudgedMutant:
    """A mutant and its outcome, with what it cost in Z3 resource units and in seconds; ``reason`` explains one that
    survives."""

    mutant: Mutant
    fate: Fate
    effort: int = 0
    seconds: float = 0.0
    reason: str = ""

    @property
    def status(self) -> ExitStatus:
        """The exit status that the outcome asks for."""
        match self.fate:
            case Killed() | Equal():
                return ExitStatus.AS_EXPECTED
            case Survived():
                return ExitStatus.AS_EXPECTED if self.reason else ExitStatus.NOT_AS_EXPECTED
            case Undecided():
                return ExitStatus.UNDECIDED
            case _:
                assert_never(self.fate)
