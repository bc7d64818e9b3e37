"""Typed programs and properties to verdicts, on Z3. The only room that imports z3."""

from checker.prove.bounded import Concrete
from checker.prove.concern import concerning
from checker.prove.engine import decide, groups
from checker.prove.rechecking import recheck
from checker.prove.second.other import Limit, MissingError, Other
from checker.prove.second.table import SOLVERS, questions
from checker.prove.verdict import Applies, Evidence, Limits, Oracle, Result, Support, Verdict, Written

__all__ = [
    "SOLVERS",
    "Applies",
    "Concrete",
    "Evidence",
    "Limit",
    "Limits",
    "MissingError",
    "Oracle",
    "Other",
    "Result",
    "Support",
    "Verdict",
    "Written",
    "concerning",
    "decide",
    "groups",
    "questions",
    "recheck",
]
