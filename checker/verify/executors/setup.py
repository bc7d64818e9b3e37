"""The setup of a process: what makes its verdicts, by which two processes can tell that theirs are the same."""

from __future__ import annotations

import sys
from functools import cache

from checker.base.versions import code_digest, versions

_DIGITS = 12
"""Digits of a digest that are told."""

Setup = tuple[tuple[str, str], ...]
"""The parts that make verdicts, each with its version; plain values, so that any process can read those of another."""


@cache
def own_setup() -> Setup:
    """Return the setup of this process. The code counts, and not only the version that it gives itself: a tree in which
    somebody works says the same version for days."""
    known = versions()
    return (
        ("tool", known["tool"]),
        ("code", f"code {code_digest()[:_DIGITS]}"),
        ("solver", known["solver"]),
        ("python", f"Python {sys.version_info.major}.{sys.version_info.minor}"),
    )


def differences(ours: Setup, theirs: Setup) -> tuple[str, ...]:
    """Return what another process has that is not ours, in words; of code only where the versions are the same."""
    known = dict(ours)
    found = {name: value for name, value in theirs if known.get(name) != value}
    if len(found) > 1:
        found.pop("code", None)
    return tuple(f"{value} instead of {known.get(name, 'none')}" for name, value in found.items())
