"""Typed programs and properties to verdicts, on Z3."""

from checker.prove.engine import decide, groups
from checker.prove.rechecking import recheck
from checker.prove.results import (
    Claim,
    Cost,
    Evidence,
    Failed,
    Judge,
    Limits,
    Outcome,
    Proved,
    ProvedToBound,
    Refuted,
    RejectedClaim,
    Result,
    Support,
    Unknown,
    Vacuous,
    Verdict,
    Written,
)

__all__ = [
    "Claim",
    "Cost",
    "Evidence",
    "Failed",
    "Judge",
    "Limits",
    "Outcome",
    "Proved",
    "ProvedToBound",
    "Refuted",
    "RejectedClaim",
    "Result",
    "Support",
    "Unknown",
    "Vacuous",
    "Verdict",
    "Written",
    "decide",
    "groups",
    "recheck",
]
