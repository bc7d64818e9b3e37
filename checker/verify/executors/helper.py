"""The process beside a worker of a cluster that does tasks, each as the local executor does: in a fork that can be
killed.

A worker has threads, which a fork must not copy, and may not have children of its own at all if a nanny watches it.
This process has neither, and stays for the next task: it takes long to start. It leaves when its worker does, or when
it had nothing to do for a while.
"""

from __future__ import annotations

import os
import pickle
import select
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

from checker.verify.executors import local
from checker.verify.executors.executor import End, Ended, Tick
from checker.verify.executors.frames import PART, send, take
from checker.verify.executors.setup import own_setup

IDLE = 10
"""Seconds after which a process leaves that has nothing to do."""

DONE = b""
"""Is sent behind the events of a task."""

_IN = 0
_OUT = 1
_ERR = 2


def main() -> None:
    """Do the tasks that come on standard input; the events of each go to standard output."""
    out = os.dup(_OUT)
    # Whatever writes to standard output in a task must not get between the messages.
    os.dup2(_ERR, _OUT)
    own_setup()  # before what it is about can change
    with suppress(BrokenPipeError):
        for message in _requests():
            for answer in _answers(message):
                send(out, answer)
            send(out, DONE)


def _requests() -> Iterator[bytes]:
    """The messages on standard input, until there are no more, or none for a while."""
    unread = bytearray()
    while True:
        if not unread and not select.select([_IN], [], [], IDLE)[0]:
            return
        part = os.read(_IN, PART)
        if not part:
            return
        unread += part
        while (message := take(unread)) is not None:
            yield message


def _answers(message: bytes) -> Iterator[bytes]:
    """The setup of this process, pickled, and then the events of a task, if that setup is the one that is asked for.
    The task is not even unpickled in another."""
    asked, deepest, payload = pickle.loads(message)
    yield pickle.dumps(own_setup())
    if asked != own_setup():
        return
    sys.setrecursionlimit(deepest)
    try:
        work, item, bounds, prepare = pickle.loads(payload)
        prepare()
    except Exception as error:
        yield pickle.dumps(Ended(0, End.FAILED, local.where(error)))
        return
    gone = select.poll()
    gone.register(_IN, select.POLLHUP)
    with closing(local.LOCAL.run(work, [item], bounds)) as events:
        for event in events:
            if gone.poll(0):
                return
            if not isinstance(event, Tick):
                yield pickle.dumps(event)


if __name__ == "__main__":
    main()
