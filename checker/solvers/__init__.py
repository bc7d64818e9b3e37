"""Solvers that read SMT-LIB text: one file a solver, and one table of them."""

from checker.solvers.backend import Backend, Limit, MissingError
from checker.solvers.registry import SOLVERS, self_test

__all__ = ["SOLVERS", "Limit", "MissingError", "Backend", "self_test"]
