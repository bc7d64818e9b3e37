"""The solvers that are known.

A file that describes one imports its library only when it is asked, so that the names are there for nothing: the
choices of the command, `mapproof doctor` and the tests are made from them.
"""

from __future__ import annotations

from checker.solvers.backend import Backend
from checker.solvers.bitwuzla import BITWUZLA
from checker.solvers.cvc5 import CVC5
from checker.solvers.yices import YICES
from checker.solvers.z3 import Z3

PROVER = Z3
"""The solver that decides every check."""

_OTHERS = (
    CVC5,
    BITWUZLA,
    YICES,
)

SOLVERS: dict[str, Backend] = {each.name: each for each in (PROVER, *_OTHERS)}
"""All of them by name, the prover first."""

SECOND_OPINIONS = tuple(each.name for each in _OTHERS)
"""The names of those that can be asked whether they agree."""
