"""The part of a cluster that runs on a worker: it has a helper do a task, and watches over it."""

from __future__ import annotations

import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from typing import Any

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.verify.executors.executor import TICK, Bounds, End, Ended, Produced, Started, TaskEvent, nothing
from checker.verify.executors.frames import PART, send, take
from checker.verify.executors.helper import DONE
from checker.verify.executors.local import where
from checker.verify.executors.setup import Setup, own_setup

_GRACE = 10
"""Seconds that a helper has, beyond those of the task, to say that these are over."""


@frozen
class TaskRequest:
    """A task on its way: the setup that is to do it, the calls in each other that it may need, the seconds that it may
    take, and work, item and bounds, pickled."""

    setup: Setup
    deepest: int
    seconds: float | None
    payload: bytes


@frozen
class TaskReply:
    """A worker's word on a task: its setup, and the task's events, pickled, if the setup is the one asked for."""

    setup: Setup
    events: tuple[bytes, ...] = ()


class _Gone(Exception):
    """The helper is no more. Carries how it ended: nothing where it only had nothing to do."""


class _Unwanted(Exception):
    """Nobody waits for the task any more."""


def perform(request: TaskRequest) -> TaskReply:
    """Do a task. Runs in a thread of a worker, as long as somebody waits for it: the scheduler takes a task back when
    whoever handed it out is gone."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state == "executing"

    return have_done(request, is_wanted)


def have_done(request: TaskRequest, is_wanted: Callable[[], bool] = lambda: True) -> TaskReply:
    """Have a helper do a task, if its setup is the one asked for; stop it when nobody waits for the task any more."""
    deadline = None if request.seconds is None else time.monotonic() + request.seconds + _GRACE
    message = pickle.dumps((request.setup, request.deepest, request.payload))
    while True:
        waiting = _waiting()
        said: list[bytes] = []
        try:
            for each in (waiting or _start()).converse(message, is_wanted, deadline):
                said.append(each)
        except _Gone as gone:
            if waiting is not None and not said and not str(gone):
                continue  # it left for want of work, just as it was to get some
            ended = Ended(0, End.KILLED, str(gone) or "its process left")
        except TimeoutError:
            ended = Ended(0, End.OUT_OF_TIME)
        except _Unwanted:
            return TaskReply(request.setup)
        else:
            return TaskReply(pickle.loads(said[0]), tuple(said[1:]))
        return TaskReply(request.setup, (*said[1:], pickle.dumps(ended)))


Payload = tuple[Callable[[Any], Iterator[Any]], Any, Bounds, Callable[[], object]]
"""Work, the item to do it on, the bounds of all tasks, and what is to be prepared."""


def request_of(setup: Setup, payload: Payload) -> TaskRequest | Ended:
    """Make a request of a task, as the first; or its end, where it cannot be sent."""
    work, item, bounds, prepare = payload
    alone = Bounds(1, bounds.seconds, bounds.memory, None, bounds.all_bytes)
    try:
        data = pickle.dumps((work, item, alone, prepare))
    except (RecursionError, pickle.PicklingError, AttributeError) as error:
        return Ended(0, End.KILLED, f"it cannot be sent to another process: {where(error)}")
    return TaskRequest(setup, sys.getrecursionlimit(), bounds.seconds, data)


def events_of(task: int, reply: TaskReply) -> Iterator[TaskEvent]:
    """Read the events of a task of this number; that it has begun is known."""
    for data in reply.events:
        event = pickle.loads(data)
        match event:
            case Produced(value=value):
                yield Produced(task, value)
            case Ended(end=end, detail=detail):
                yield Ended(task, end, detail)
            case _:
                pass


@frozen
class HelperExecutor:
    """Carries tasks out on this machine, one after the other, where this process has threads and must not be forked."""

    problems: tuple[Diagnostic, ...] = ()

    def room(self, memory: int) -> int:
        """Return how many tasks are done at a time."""
        return 1

    def run(
        self,
        work: Callable[[Any], Iterator[Any]],
        items: Sequence[Any],
        bounds: Bounds,
        prepare: Callable[[], object] = nothing,
    ) -> Generator[TaskEvent, None, None]:
        """Do ``work`` on every item."""
        for task, item in enumerate(items):
            yield Started(task)
            request = request_of(own_setup(), (work, item, bounds, prepare))
            if isinstance(request, Ended):
                yield Ended(task, request.end, request.detail)
            else:
                yield from events_of(task, have_done(request))


BESIDE = HelperExecutor()


@frozen
class _Helper:
    """A process that does tasks, one after the other."""

    process: subprocess.Popen[bytes]
    reads: int
    writes: int

    def converse(self, message: bytes, is_wanted: Callable[[], bool], deadline: float | None) -> Iterator[bytes]:
        """Hand a task over, and give what comes back; wait for the next task then, or else be gone."""
        done = False
        try:
            yield from self._answers(message, is_wanted, deadline)
            done = True
        finally:
            if done:
                _idle().put(self)
            else:
                self.close()

    def _answers(self, message: bytes, is_wanted: Callable[[], bool], deadline: float | None) -> Iterator[bytes]:
        unread = bytearray()
        try:
            send(self.reads, message)
        except BrokenPipeError:
            raise _Gone(self._ended()) from None
        while True:
            if not is_wanted():
                raise _Unwanted
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError
            if not select.select([self.writes], [], [], TICK)[0]:
                continue
            part = os.read(self.writes, PART)
            if not part:
                raise _Gone(self._ended())
            unread += part
            while (answer := take(unread)) is not None:
                if answer == DONE:
                    return
                yield answer

    def _ended(self) -> str:
        """Tell how the process ended."""
        status = self.process.wait()
        if status >= 0:
            return f"its process left with status {status}" if status else ""
        return f"its process was ended by {signal.Signals(-status).name}"

    def close(self) -> None:
        """End the process; what it does for the task ends with it."""
        self.process.kill()
        self.process.wait()
        os.close(self.reads)
        os.close(self.writes)


@cache
def _idle() -> queue.SimpleQueue[_Helper]:
    """The helpers of this process that wait for a task."""
    return queue.SimpleQueue()


def _waiting() -> _Helper | None:
    try:
        return _idle().get_nowait()
    except queue.Empty:
        return None


def dismiss() -> None:
    """End the helpers that wait for a task."""
    while (helper := _waiting()) is not None:
        helper.close()


def _start() -> _Helper:
    ours, writes = os.pipe()
    reads, theirs = os.pipe()
    command = [sys.executable, "-m", "checker.verify.executors.helper"]
    try:
        # In a group of its own: an interrupt at the terminal is for the command, which ends what there is to end.
        process = subprocess.Popen(command, stdin=reads, stdout=writes, process_group=0)
    finally:
        os.close(reads)
        os.close(writes)
    return _Helper(process, theirs, ours)
