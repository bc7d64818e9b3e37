"""The versions that a result names."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

__version__ = "0.1.0"
"""The version of this tool."""


def versions() -> dict[str, str]:
    """Return what makes results: this tool and the solver, with their versions. The solver is not loaded."""
    try:
        solver = _solver()
    except PackageNotFoundError:
        solver = "of unknown version"
    return {"tool": f"mapproof {__version__}", "solver": f"z3 {solver}"}


@cache
def _solver() -> str:
    """The version of the solver. Raises `PackageNotFoundError`."""
    return version("z3-solver")
