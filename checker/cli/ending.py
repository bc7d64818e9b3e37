"""The end of a command before all is done: a signal, or an error of the checker. What was decided by then is told.

Ctrl-C and SIGTERM raise `Interrupted` where the command happens to be; on its way out all processes are ended, and
then the reports are written that were asked for. Python drops what is raised while an object is freed, or in a
function that C has called; so it is raised again until it is on its way. For a second another signal is not heeded:
`timeout` and build services send two in a row. After that it ends the command at once, and the processes end with it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import click

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.cli.crash import crash, one_line

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_PATIENCE = 1.0
"""Seconds after the first signal for which others are not heeded."""

_AGAIN = 0.2
"""Seconds after which what was raised is raised again if it was dropped."""

_OF_SIGNALS = 128
"""Shells have the end by a signal as this and its number."""


class Interrupted(KeyboardInterrupt):
    """A signal that tells the command to end. Carries its number."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def heed_signals() -> None:
    """Let signals that tell the command to end be told of, and not end it in the middle of something; one that whoever
    started it has had ignored (`nohup`) stays so."""
    first: list[tuple[float, int]] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        if not first:
            first.append((time.monotonic(), number))
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
            raise Interrupted(number)
        if time.monotonic() - first[0][0] > _PATIENCE:
            os._exit(_OF_SIGNALS + number)

    def again(*_: object) -> None:
        if first and not _is_on_its_way(sys.exception()):
            raise Interrupted(first[0][1])

    signal.signal(signal.SIGALRM, again)
    for each in _SIGNALS:
        if signal.getsignal(each) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(each, interrupt)


def _is_on_its_way(handled: BaseException | None) -> bool:
    """Tell whether the end that a signal asks for is being handled: in a `finally`, say."""
    while handled is not None and not isinstance(handled, Interrupted):
        handled = handled.__context__
    return handled is not None


def interruption(error: KeyboardInterrupt) -> Diagnostic:
    """Say which signal ended the command, which has arrived: it is not raised again."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    number = error.number if isinstance(error, Interrupted) else signal.SIGINT
    code = CommandCode.TERMINATED if number == signal.SIGTERM else CommandCode.INTERRUPTED
    advice = "what was decided before is told; run it again for the rest"
    return Diagnostic(code, f"interrupted by {signal.Signals(number).name}", help=advice)


def telling_ends(work: Callable[[], ExitStatus], told: Callable[[Diagnostic], ExitStatus]) -> ExitStatus:
    """Do some work; if a signal ends it, or the checker fails, have that told in every report that is asked for."""
    try:
        return work()
    except (OSError, click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        diagnostic = crash(error)
    except KeyboardInterrupt as error:
        diagnostic = interruption(error)
    sys.stderr.write(one_line(diagnostic))
    return told(diagnostic)
