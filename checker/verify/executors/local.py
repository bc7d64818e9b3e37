"""Work in processes that can be killed: one fresh process a task, results as they come.

A process of its own for each task makes a result independent of which tasks ran before it, so that it does not matter
how many run side by side. The parent has no threads, so a fork copies nothing that is held.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import field
from multiprocessing import connection
from pathlib import Path
from typing import Any

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen, mutable
from checker.verify.executors.executor import TICK, Bounds, End, Ended, Produced, Started, TaskEvent, Tick, nothing
from checker.verify.executors.frames import PART, send, take

_SLACK = 32 << 20
"""Bytes below its limit at which a process may already have been refused memory."""

_STARVED = signal.SIGUSR1
"""The signal by which a process ends that has no memory left even to say so."""

_ASKING = {signal.SIGINT, signal.SIGTERM}
"""The signals that ask the whole command to end, of which the parent has to tell."""

_SHOWN = 1_000
"""Characters of an error that are told."""


@frozen
class LocalExecutor:
    """Carries tasks out on this machine, each in a fork of this process."""

    problems: tuple[Diagnostic, ...] = ()

    def room(self, memory: int) -> int:
        """Return how many processes can run at a time that may need so many bytes each."""
        return available(memory)

    def run(
        self,
        work: Callable[[Any], Iterator[Any]],
        items: Sequence[Any],
        bounds: Bounds,
        prepare: Callable[[], object] = nothing,
    ) -> Generator[TaskEvent, None, None]:
        """Do ``work`` on every item."""
        if items:
            prepare()
        return run(
            len(items),
            lambda task: work(items[task]),
            jobs=bounds.jobs,
            seconds=bounds.seconds,
            memory=bounds.memory,
            all_seconds=bounds.all_seconds,
            all_bytes=bounds.all_bytes,
        )


LOCAL = LocalExecutor()


@mutable
class _Received:
    """The bytes that all tasks have sent so far."""

    count: int = 0


@mutable
class _Worker:
    task: int
    process: multiprocessing.process.BaseProcess
    pipe: int
    deadline: float | None
    received: _Received
    unread: bytearray = field(default_factory=bytearray)
    end: Ended | None = field(default=None)


def run(
    tasks: int,
    work: Callable[[int], Iterator[Any]],
    *,
    jobs: int,
    seconds: float | None = None,
    memory: int | None = None,
    all_seconds: float | None = None,
    all_bytes: int | None = None,
) -> Generator[TaskEvent, None, None]:
    """Run ``work`` for every task number below ``tasks``, at most ``jobs`` at a time, each in a fork of this process.

    A task that takes longer than ``seconds``, or needs ``memory`` bytes more than it began with, ends early; what it
    has produced until then stands. So do all that are left when they have taken ``all_seconds`` together, or sent
    ``all_bytes``.
    The values that ``work`` yields must be picklable.
    """
    waiting = list(reversed(range(tasks)))
    workers: list[_Worker] = []
    received = _Received()
    over = None if all_seconds is None else time.monotonic() + all_seconds
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                task = waiting.pop()
                started = _start(work, task, seconds, memory, received)
                yield Started(task)
                if isinstance(started, Ended):
                    yield started
                else:
                    workers.append(started)
            yield from _listen(workers)
            workers = [worker for worker in workers if worker.end is None]
            end = None
            if over is not None and time.monotonic() > over:
                end = End.OUT_OF_TOTAL_TIME
            elif all_bytes is not None and received.count > all_bytes:
                end = End.OUT_OF_ROOM
            if end is not None:
                yield from [_stop(worker, end) for worker in workers]
                yield from (Ended(task, end) for task in reversed(waiting))
                return
    finally:
        for worker in workers:
            if worker.end is None:
                _stop(worker, End.KILLED)


def _start(
    work: Callable[[int], Iterator[Any]], task: int, seconds: float | None, memory: int | None, received: _Received
) -> _Worker | Ended:
    """A process for a task; its end where the system has none to give."""
    ours, theirs = os.pipe()
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_child, args=(work, task, theirs, seconds, memory), daemon=True)
    # Until the child can say for itself what a signal means to it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
    try:
        process.start()
    except OSError as error:
        os.close(ours)
        return Ended(task, End.KILLED, f"there was no process for it: {error.strerror}")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(theirs)
    deadline = None if seconds is None else time.monotonic() + seconds
    return _Worker(task, process, ours, deadline, received)


def _stop(worker: _Worker, end: End) -> Ended:
    """Kill a task's process."""
    worker.process.kill()
    return _ended(worker, Ended(worker.task, end))


def _ended(worker: _Worker, end: Ended) -> Ended:
    """A task's process has nothing more to say: wait for it to be gone."""
    worker.process.join()
    os.close(worker.pipe)
    worker.end = end
    return end


def _listen(workers: list[_Worker]) -> Iterator[Produced | Ended | Tick]:
    """Wait for news from any worker; hand it on; end those whose time is up."""
    ready = connection.wait([worker.pipe for worker in workers], timeout=TICK)
    for worker in workers:
        if worker.pipe in ready:
            yield from _receive(worker)
        if worker.end is None and worker.deadline is not None and time.monotonic() > worker.deadline:
            yield _stop(worker, End.OUT_OF_TIME)
    if not ready:
        yield Tick()


def _receive(worker: _Worker) -> Iterator[Produced | Ended]:
    """Read what a task has sent so far; this never waits for the rest of a message, since a process may be stopped in
    the middle of one."""
    part = os.read(worker.pipe, PART)
    worker.received.count += len(part)
    worker.unread += part
    while (data := take(worker.unread)) is not None:
        message = pickle.loads(data)
        if isinstance(message, Ended):
            yield _ended(worker, message)
            return
        yield message
    if not part:
        worker.process.join()
        yield _ended(worker, _unfinished(worker))


def _unfinished(worker: _Worker) -> Ended:
    """The end of a process that did not say how it ended."""
    status = worker.process.exitcode or 0
    if status == -_STARVED:
        return Ended(worker.task, End.OUT_OF_MEMORY)
    if status >= 0:
        return Ended(worker.task, End.KILLED, f"its process left with status {status}")
    name = signal.Signals(-status).name if -status in {s.value for s in signal.Signals} else str(-status)
    end = End.OUT_OF_TIME if name == "SIGXCPU" else End.KILLED
    return Ended(worker.task, end, f"its process was ended by {name}")


def _child(
    work: Callable[[int], Iterator[Any]],
    task: int,
    pipe: int,
    seconds: float | None,
    memory: int | None,
) -> None:
    try:
        _serve(work, task, pipe, seconds, memory)
    except MemoryError:
        os.kill(os.getpid(), _STARVED)


def _serve(
    work: Callable[[int], Iterator[Any]],
    task: int,
    pipe: int,
    seconds: float | None,
    memory: int | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING)
    # What is told there cannot be acted on, and a process out of memory tells it of every object that it lets go.
    sys.unraisablehook = _say_nothing
    parent = multiprocessing.parent_process()
    die_with_parent(parent.pid if parent is not None else None)
    _die_first()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, None if seconds is None else int(seconds) + 5)
    with contextlib.suppress(BrokenPipeError):

        def tell(message: Produced | Ended) -> None:
            send(pipe, pickle.dumps(message))

        # A fork begins with all that the process has that asks: of a long test run, more than a check may take.
        bound = None if memory is None else memory + (_size() or 0)
        try:
            _limit(resource.RLIMIT_AS, bound)
            for value in work(task):
                tell(Produced(task, value))
            tell(Ended(task, End.DONE))
        except Exception as error:
            # To say what is wrong takes memory, too.
            _limit(resource.RLIMIT_AS, resource.getrlimit(resource.RLIMIT_AS)[1])
            exhausted = bound is not None and _is_exhausted(error, bound)
            tell(Ended(task, End.OUT_OF_MEMORY) if exhausted else Ended(task, End.FAILED, where(error)))


def _say_nothing(_: object) -> None:
    """Leave it at that: how the process ends says what is to be known."""


def _is_exhausted(error: Exception, bound: int) -> bool:
    """Tell whether an error comes of the limit on memory: what fails then does not always say so."""
    if isinstance(error, MemoryError) or (type(error).__name__ == "Z3Exception" and "memory" in str(error)):
        return True
    size = _size()
    return size is not None and size + _SLACK > bound


def _size() -> int | None:
    """Return the bytes of address space that this process has; None where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return None


def where(error: Exception) -> str:
    """An error in one line: its kind, its text, and the line of code that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" ({trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno})"
    return f"{type(error).__name__}: {str(error)[:_SHOWN]}{place}"


def _limit(what: int, amount: int | None) -> None:
    if amount is not None:
        _, hard = resource.getrlimit(what)
        with contextlib.suppress(ValueError, OSError, OverflowError):
            resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def die_with_parent(parent: int | None) -> None:
    """Let this process end when the one that started it is killed, if the system can do that."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        # It may have been killed before this was asked for.
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def _die_first() -> None:
    """Let the system end this process rather than others when memory runs out on the whole machine."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def available(memory: int) -> int:
    """Return how many processes can run at a time that may need so many bytes each: one a CPU, if there is memory for
    them."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, _memory() // memory))


def _memory() -> int:
    """The bytes of memory that this machine has, or that this process and its like may use of it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        return min(machine, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return machine
