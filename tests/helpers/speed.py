"""Bounds on time, in the units of the machine."""

from __future__ import annotations

import time

USUAL = 0.024
"""Seconds of a processor that the yardstick takes on the machines on which the bounds were set."""


def allowed(seconds: float) -> float:
    """The seconds of this machine's processor that are as much work as ``seconds`` of a usual one; never fewer."""
    return seconds * max(1.0, min(_yardstick() for _ in range(3)) / USUAL)


def _yardstick() -> float:
    """The seconds of the processor that a million steps of the interpreter take now."""
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number & 7
    return time.process_time() - began
