"""Typed programs and properties to verdicts, on Z3. The only room that imports z3."""

from checker.prove.engine import decide, groups
from checker.prove.rechecking import recheck
from checker.prove.results import Applies, Evidence, Limits, Oracle, Result, Support, Verdict, Written

__all__ = [
    "Applies",
    "Evidence",
    "Limits",
    "Oracle",
    "Result",
    "Support",
    "Verdict",
    "Written",
    "decide",
    "groups",
    "recheck",
]
