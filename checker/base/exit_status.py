"""The end of the command, as a number."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from checker.base.codes import CommandCode


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
    INTERRUPTED = 130
    """Ctrl-C ended it before all was decided: 128 and the number of SIGINT, as shells have it."""
    TERMINATED = 143
    """SIGTERM ended it before all was decided: 128 and the number of that signal."""


PRECEDENCE = (
    ExitStatus.INTERRUPTED,
    ExitStatus.TERMINATED,
    ExitStatus.INTERNAL_ERROR,
    ExitStatus.WRONG_INPUT,
    ExitStatus.NOT_AS_EXPECTED,
    ExitStatus.UNDECIDED,
    ExitStatus.AS_EXPECTED,
)
"""The order in which they count where several apply: what casts doubt on more comes first, after signals, of which the
shell has to know."""


def worst(found: Iterable[ExitStatus]) -> ExitStatus:
    """The one of several that counts; `AS_EXPECTED` for none."""
    return min(found, key=PRECEDENCE.index, default=ExitStatus.AS_EXPECTED)


_OF_CODES: dict[str, ExitStatus] = {
    CommandCode.CRASHED: ExitStatus.INTERNAL_ERROR,
    CommandCode.INTERRUPTED: ExitStatus.INTERRUPTED,
    CommandCode.TERMINATED: ExitStatus.TERMINATED,
}


def status_of_code(code: str) -> ExitStatus:
    """Return the status that something asks for which keeps a command from doing all that it was asked for."""
    return _OF_CODES.get(code, ExitStatus.WRONG_INPUT)


def ends_a_run(code: str) -> bool:
    """Tell whether something ends a run before all is decided: a signal, or an error of the checker."""
    return code in _OF_CODES


BROKEN_PIPE = 141
"""The status after whoever read the output went away."""
