"""Typed programs and properties to verdicts, on Z3. The only room that imports z3."""

from checker.prove.bounded import Concrete
from checker.prove.engine import decide, groups
from checker.prove.verdict import Applies, Limits, Oracle, Result, Verdict

__all__ = ["Applies", "Concrete", "Limits", "Oracle", "Result", "Verdict", "decide", "groups"]
