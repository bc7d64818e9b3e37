"""The end of the command, as a number."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitStatus(IntEnum):
    """The numbers that the command gives the shell."""

    AS_EXPECTED = 0
    """Every verdict is as expected; what was asked for was done."""
    NOT_AS_EXPECTED = 1
    """Some verdict is not: refuted or vacuous, or proved where something else was expected. `fmt --check`: some file
    is not formatted."""
    WRONG_INPUT = 2
    """The command line or an input is wrong, or there was nothing to check."""
    UNDECIDED = 3
    """Some check is unknown, or proved only to a bound, where another verdict was expected."""
    INTERNAL_ERROR = 4
    """The checker is wrong: it crashed, a counterexample does not replay, two solvers disagree on a proof, or the
    interpreter breaks what is proved."""


PRECEDENCE = (
    ExitStatus.INTERNAL_ERROR,
    ExitStatus.WRONG_INPUT,
    ExitStatus.NOT_AS_EXPECTED,
    ExitStatus.UNDECIDED,
    ExitStatus.AS_EXPECTED,
)
"""The order in which they count where several apply: what casts doubt on more comes first."""


def worst(found: Iterable[ExitStatus]) -> ExitStatus:
    """The one of several that counts; `AS_EXPECTED` for none."""
    return min(found, key=PRECEDENCE.index, default=ExitStatus.AS_EXPECTED)


INTERRUPTED = 130
"""The status after Ctrl-C, as shells have it: 128 and the number of the signal."""

BROKEN_PIPE = 141
"""The status after whoever read the output went away."""
