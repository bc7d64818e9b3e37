"""Proves or refutes what a memory-mapping algorithm promises, for every memory map of any length.

This module is the door for programs: what `__all__` names is the interface, and nothing else is. What can be wrong with
an input comes back as a `Diagnostic`; no function prints. To import it loads neither the parser nor the solver: each
is loaded when it is needed.

>>> import checker
>>> program = checker.load("linux-x86-forward")
>>> found = checker.verify(program, properties=["adjacency*assuming*"])
>>> [(each.result.check.label, each.result.verdict.value, each.result.as_expected) for each in found]
[('adjacency_preserved(first) assuming no_wrap(map)', 'refuted', True)]
>>> len(found[0].result.counterexample.maps["map"])
2
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from checker.base.versions import __version__
from checker.doors.algorithms import budget, diff
from checker.doors.maps import check_handover, compare, identify, lay_out, read_map
from checker.doors.programs import explain, format_text, load, load_text, models, solvers
from checker.doors.verdicts import describe, exit_status, recheck, replay, verify

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic, Source, Span
    from checker.base.exit_status import ExitStatus
    from checker.compare.identify import Attempt
    from checker.compare.pairs import Pairs
    from checker.handover import KexecStep
    from checker.interpret import Layout, Violation
    from checker.library import Explanation, Program
    from checker.memmap import Descriptor, Format, MemoryMap, Origin
    from checker.program import Algorithm, Check, Scenario
    from checker.program.valuation import Valuation
    from checker.prove import (
        Cost,
        Evidence,
        Failed,
        Outcome,
        Proved,
        ProvedToBound,
        Refuted,
        RejectedClaim,
        Result,
        Unknown,
        Vacuous,
        Verdict,
    )
    from checker.verify.attack import Attacked
    from checker.verify.budget.decide import Budget
    from checker.verify.cross_check import Health
    from checker.verify.equivalence import AlgorithmDiff
    from checker.verify.replay import Replayed
    from checker.verify.results import CheckResult, CrossCheck

__all__ = [
    "Algorithm",
    "AlgorithmDiff",
    "Budget",
    "Attacked",
    "Attempt",
    "Check",
    "CheckResult",
    "Cost",
    "CrossCheck",
    "Descriptor",
    "Diagnostic",
    "Evidence",
    "ExitStatus",
    "Explanation",
    "Failed",
    "Format",
    "Health",
    "KexecStep",
    "Layout",
    "MemoryMap",
    "Origin",
    "Outcome",
    "Pairs",
    "Program",
    "Proved",
    "ProvedToBound",
    "Refuted",
    "RejectedClaim",
    "Replayed",
    "Result",
    "Scenario",
    "Source",
    "Span",
    "Unknown",
    "Vacuous",
    "Valuation",
    "Verdict",
    "Violation",
    "__version__",
    "budget",
    "check_handover",
    "compare",
    "describe",
    "diff",
    "exit_status",
    "explain",
    "format_text",
    "identify",
    "lay_out",
    "load",
    "load_text",
    "models",
    "read_map",
    "recheck",
    "replay",
    "solvers",
    "verify",
]

_PLACES = {
    "checker.base.diagnostic": ("Diagnostic", "Source", "Span"),
    "checker.base.exit_status": ("ExitStatus",),
    "checker.compare.identify": ("Attempt",),
    "checker.compare.pairs": ("Pairs",),
    "checker.handover": ("KexecStep",),
    "checker.interpret": ("Layout", "Violation"),
    "checker.library": ("Explanation", "Program"),
    "checker.memmap": ("Descriptor", "Format", "MemoryMap", "Origin"),
    "checker.program": ("Algorithm", "Check", "Scenario"),
    "checker.program.valuation": ("Valuation",),
    "checker.prove": (
        *("Cost", "Evidence", "Failed", "Outcome", "Proved", "ProvedToBound", "Refuted", "RejectedClaim", "Result"),
        *("Unknown", "Vacuous", "Verdict"),
    ),
    "checker.verify.attack": ("Attacked",),
    "checker.verify.budget.decide": ("Budget",),
    "checker.verify.equivalence": ("AlgorithmDiff",),
    "checker.verify.cross_check": ("Health",),
    "checker.verify.replay": ("Replayed",),
    "checker.verify.results": ("CheckResult", "CrossCheck"),
}
"""The modules from which types are taken when they are first asked for."""


def __getattr__(name: str) -> object:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'checker' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Door(ModuleType):
    """The package as a module. Python binds a room to its name here when the room is loaded; where a public function is
    called alike, `verify`, the function stays. The room is found by import statements as ever."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door
