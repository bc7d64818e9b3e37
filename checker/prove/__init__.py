"""Typed programs and properties to verdicts, on Z3, which is loaded when something is first decided."""

from importlib import import_module
from typing import TYPE_CHECKING

from checker.prove.grouping import groups
from checker.prove.results import (
    Claim,
    Cost,
    Evidence,
    Failed,
    Help,
    InductionGap,
    Judge,
    Limits,
    Outcome,
    Proved,
    ProvedToBound,
    Refuted,
    RegionState,
    RejectedClaim,
    Result,
    Stated,
    Support,
    Unknown,
    Vacuous,
    Verdict,
    Written,
)

if TYPE_CHECKING:
    from checker.prove.engine import decide
    from checker.prove.rechecking import recheck
    from checker.prove.search.fewest import Fewest, fewest

__all__ = [
    "Claim",
    "Cost",
    "Evidence",
    "Failed",
    "Fewest",
    "Help",
    "InductionGap",
    "Judge",
    "Limits",
    "Outcome",
    "Proved",
    "ProvedToBound",
    "Refuted",
    "RegionState",
    "RejectedClaim",
    "Result",
    "Stated",
    "Support",
    "Unknown",
    "Vacuous",
    "Verdict",
    "Written",
    "decide",
    "fewest",
    "groups",
    "load_solver",
    "recheck",
]

_ON_Z3 = {
    "Fewest": "checker.prove.search.fewest",
    "decide": "checker.prove.engine",
    "fewest": "checker.prove.search.fewest",
    "recheck": "checker.prove.rechecking",
}


def __getattr__(name: str) -> object:
    if name in _ON_Z3:
        return getattr(import_module(_ON_Z3[name]), name)
    raise AttributeError(f"module 'checker.prove' has no attribute {name!r}")


def load_solver() -> None:
    """Load what decides. Processes that are forked afterwards need not load it, each of them."""
    for module in dict.fromkeys(_ON_Z3.values()):
        import_module(module)
