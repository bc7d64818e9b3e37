"""Typed programs on concrete maps, in plain integers. Knows nothing of solvers: it is the prover's oracle."""

from checker.interpret.evaluate import Values, Wrapped
from checker.interpret.execute import Chooser, Layout, OutOfStepsError, lowest, run
from checker.interpret.judge import ShownRegion, ShownValue, Violation, holds, instances, violation
from checker.interpret.world import Column, Setting, World, alike, realise

__all__ = [
    "Chooser",
    "Column",
    "Layout",
    "OutOfStepsError",
    "ShownRegion",
    "Setting",
    "ShownValue",
    "Values",
    "Violation",
    "World",
    "alike",
    "Wrapped",
    "holds",
    "instances",
    "lowest",
    "realise",
    "run",
    "violation",
]
