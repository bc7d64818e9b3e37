"""Work in processes that can be killed: one fresh process a task, results as they come.

A process of its own for each task makes a result independent of which tasks ran before it, so that it does not matter
how many run side by side. The parent has no threads, so a fork copies nothing that is held.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from multiprocessing import connection
from typing import Any

_SLACK = 32 << 20
"""Bytes below its limit at which a process may already have been refused memory."""

_TICK = 0.1
"""Seconds between two events at most, so that a display can count."""


class End(Enum):
    """How a task's process ended."""

    DONE = auto()
    FAILED = auto()
    OUT_OF_TIME = auto()
    OUT_OF_MEMORY = auto()
    KILLED = auto()


@dataclass(frozen=True)
class Started:
    """The task has got a process."""

    task: int


@dataclass(frozen=True)
class Produced:
    """The task has produced a value."""

    task: int
    value: Any


@dataclass(frozen=True)
class Ended:
    """The task's process is gone; ``detail`` says more of an end that is not `DONE`."""

    task: int
    end: End
    detail: str = ""


@dataclass(frozen=True)
class Tick:
    """Time passes."""


@dataclass
class _Worker:
    task: int
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection[Any, Any]
    deadline: float | None
    end: Ended | None = field(default=None)


def run(
    tasks: int, work: Callable[[int], Iterator[Any]], *, jobs: int, seconds: float | None, memory: int | None
) -> Iterator[Started | Produced | Ended | Tick]:
    """Run ``work`` for every task number below ``tasks``, at most ``jobs`` at a time, each in a fork of this process.

    A task that takes longer than ``seconds``, or needs more than ``memory`` bytes, ends early; what it has produced
    until then stands. The values that ``work`` yields must be picklable.
    """
    context = multiprocessing.get_context("fork")
    waiting = list(reversed(range(tasks)))
    workers: list[_Worker] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                task = waiting.pop()
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_child, args=(work, task, theirs, seconds, memory), daemon=True)
                process.start()
                theirs.close()
                deadline = None if seconds is None else time.monotonic() + seconds
                workers.append(_Worker(task, process, ours, deadline))
                yield Started(task)
            yield from _listen(workers)
            workers = [worker for worker in workers if worker.end is None]
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.join()


def _listen(workers: list[_Worker]) -> Iterator[Produced | Ended | Tick]:
    """Wait for news from any worker; hand it on; end those whose time is up."""
    ready = connection.wait([worker.pipe for worker in workers], timeout=_TICK)
    for worker in workers:
        if worker.pipe in ready:
            yield _receive(worker)
        elif worker.deadline is not None and time.monotonic() > worker.deadline:
            worker.process.kill()
            worker.process.join()
            worker.end = Ended(worker.task, End.OUT_OF_TIME)
            yield worker.end
    if not ready:
        yield Tick()


def _receive(worker: _Worker) -> Produced | Ended:
    try:
        message = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        worker.end = _unfinished(worker)
        return worker.end
    if isinstance(message, Ended):
        worker.process.join()
        worker.end = message
        return message
    assert isinstance(message, Produced)
    return message


def _unfinished(worker: _Worker) -> Ended:
    """The end of a process that did not say how it ended."""
    status = worker.process.exitcode or 0
    if status >= 0:
        return Ended(worker.task, End.KILLED, f"its process left with status {status}")
    name = signal.Signals(-status).name if -status in {s.value for s in signal.Signals} else str(-status)
    end = End.OUT_OF_TIME if name == "SIGXCPU" else End.KILLED
    return Ended(worker.task, end, f"its process was ended by {name}")


def _child(
    work: Callable[[int], Iterator[Any]],
    task: int,
    pipe: connection.Connection[Any, Any],
    seconds: float | None,
    memory: int | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, None if seconds is None else int(seconds) + 5)
    with contextlib.suppress(BrokenPipeError):
        try:
            for value in work(task):
                pipe.send(Produced(task, value))
            pipe.send(Ended(task, End.DONE))
        except Exception as error:
            # To say what is wrong takes memory, too.
            _limit(resource.RLIMIT_AS, resource.getrlimit(resource.RLIMIT_AS)[1])
            exhausted = memory is not None and _is_exhausted(error, memory)
            pipe.send(Ended(task, End.OUT_OF_MEMORY) if exhausted else Ended(task, End.FAILED, _where(error)))


def _is_exhausted(error: Exception, memory: int) -> bool:
    """Whether an error comes of the limit on memory: what fails then does not always say so."""
    if isinstance(error, MemoryError) or (type(error).__name__ == "Z3Exception" and "memory" in str(error)):
        return True
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize() + _SLACK > memory
    except OSError:
        return False


def _where(error: Exception) -> str:
    """An error in one line: its kind, its text, and the line of code that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" ({trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno})"
    return f"{type(error).__name__}: {error}{place}"


def _limit(what: int, amount: int | None) -> None:
    if amount is not None:
        _, hard = resource.getrlimit(what)
        with contextlib.suppress(ValueError, OSError, OverflowError):
            resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def _die_with_parent() -> None:
    """Where the system can do it, let this process end when the command is killed."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
