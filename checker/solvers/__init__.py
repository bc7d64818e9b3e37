"""Solvers that read SMT-LIB text: one file a solver, and one table of them."""

from checker.solvers.backend import Limit, MissingError, Other
from checker.solvers.registry import SOLVERS, questions

__all__ = ["SOLVERS", "Limit", "MissingError", "Other", "questions"]
