"""The order in which a check is searched for counterexamples and proofs of it are tried."""

from __future__ import annotations

from checker.base.values import frozen
from checker.prove.invariants.templates import Stage


@frozen
class Round:
    """A search for counterexamples of up to ``length`` regions, of which none with so many may cost more than
    ``effort``, and the stages in which a proof is tried if there is none, with no more effort than ``patience``."""

    length: int
    effort: int
    stages: tuple[Stage, ...]
    patience: int | None = None


@frozen
class Clear:
    """No counterexample has up to ``length`` regions; None: not even that of no regions was surely none."""

    length: int | None


LENGTH = 4
"""Lengths up to this are searched with all the effort that is left, if nothing else helps; longer ones while that is
cheap."""

ROUNDS = (
    Round(2, 40_000, (Stage.LOCKSTEP, Stage.BASIC)),
    Round(3, 8_000_000, (Stage.PLACEMENT,)),
    Round(3, 8_000_000, (Stage.GUARDED, Stage.ALL), patience=32_000_000),
    Round(LENGTH, 40_000_000, (Stage.ALL, Stage.DEEP)),
)
"""The rounds of a check, in turn. Most that is wrong shows on three regions, and most that is right in the first
stages: each is found before much was spent on the other, whatever the file expects. What is hard to prove is tried
again after a search for longer counterexamples: what was found out before is kept."""

BY_AUTHORS = (Stage.GUARDED, Stage.ALL)
"""The stages at which a proof is tried by the author of a variable."""

DEEPER = (*BY_AUTHORS, Stage.DEEP)
"""Those at which it is tried by the authors of variables that the check speaks of, if that is not enough."""

FOR_AN_AUTHOR = 8_000_000
"""The most that such a proof may cost."""
