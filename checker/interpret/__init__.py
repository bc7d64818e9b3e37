"""Typed programs on concrete maps, in plain integers. Knows nothing of solvers: it is the prover's oracle."""

from checker.interpret.evaluate import Values, Wrapped
from checker.interpret.execute import run
from checker.interpret.judge import (
    ShownRegion,
    ShownValue,
    Violation,
    counted,
    every_number,
    holds,
    instances,
    violation,
    violations,
)
from checker.interpret.machine import Chooser, Layout, OutOfStepsError, lowest
from checker.interpret.world import World, alike, realise

__all__ = [
    "Chooser",
    "Layout",
    "OutOfStepsError",
    "ShownRegion",
    "ShownValue",
    "Values",
    "Violation",
    "World",
    "alike",
    "Wrapped",
    "counted",
    "every_number",
    "holds",
    "instances",
    "lowest",
    "realise",
    "run",
    "violation",
    "violations",
]
