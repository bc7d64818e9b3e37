"""Solvers that read SMT-LIB text: one file a solver, and one table of them."""

from checker.solvers.backend import Backend, Limit, MissingError
from checker.solvers.registry import PROVER, SECOND_OPINIONS, SOLVERS
from checker.solvers.self_test import Question, self_test

__all__ = ["PROVER", "SECOND_OPINIONS", "SOLVERS", "Backend", "Limit", "MissingError", "Question", "self_test"]
