"""Typed programs on concrete maps, in plain integers. Knows nothing of solvers: it is the prover's oracle."""

from checker.interpret.evaluate import Values, Wrapped
from checker.interpret.execute import Chooser, Layout, lowest, run
from checker.interpret.judge import RegionShown, Shown, Violation, World, holds, instances, realise, violation

__all__ = [
    "Chooser",
    "Layout",
    "RegionShown",
    "Shown",
    "Values",
    "Violation",
    "World",
    "Wrapped",
    "holds",
    "instances",
    "lowest",
    "realise",
    "run",
    "violation",
]
