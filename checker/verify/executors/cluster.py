"""Work on a cluster of Dask: each task goes to a worker, whose helper does it as the local executor would.

*What is trusted.* A worker is trusted as a process of this machine is: it runs code that has the digest of ours, with
the same solver, and what it says is a verdict. Whoever can speak for the scheduler or for a worker can run code here
and there; so a cluster is for networks and people that one trusts, or has certificates (``tls://``).

*What is not lost.* A worker that dies loses the task that it has: another does it again, from the start, and gives the
same verdict. A task that takes four workers with it is given up. If the scheduler goes, what came back stands.
"""

from __future__ import annotations

import logging
import pickle
import socket
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.extras import missing
from checker.base.values import mutable
from checker.verify.executors.executor import TICK, Bounds, End, Ended, Started, TaskEvent, Tick, nothing
from checker.verify.executors.local import where
from checker.verify.executors.remote import (
    Payload,
    TaskReply,
    TaskRequest,
    dismiss,
    events_of,
    have_done,
    perform,
    request_of,
)
from checker.verify.executors.setup import Setup, differences, own_setup

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT = 5.0
"""Seconds that a scheduler has to reply."""

_JOIN = 10.0
"""Seconds that a cluster without workers has to get one."""

_LEAVE = 0.5
"""Seconds that a connection has to end."""

_LOOK = 1.0
"""Seconds between two looks at how many workers there are."""

_HERE = "127.0.0.1:0"
"""An address that nobody on another machine can reach."""


@mutable
class ClusterExecutor:
    """Carries tasks out on the workers of a cluster."""

    client: Client
    where: str
    setup: Setup
    _problems: dict[str, Diagnostic] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Return what went wrong with the cluster so far."""
        return tuple(self._problems.values())

    def room(self, memory: int) -> int:
        """Return the most: as many tasks are handed out as the workers have threads, however many there are by then."""
        return sys.maxsize

    def run(
        self,
        work: Callable[[Any], Iterator[Any]],
        items: Sequence[Any],
        bounds: Bounds,
        prepare: Callable[[], object] = nothing,
    ) -> Generator[TaskEvent, None, None]:
        """Do ``work`` on every item."""
        return _Run(self, items, bounds, lambda item: (work, item, bounds, prepare)).events()

    def report(self, problem: Diagnostic) -> str:
        """Keep a problem, once, and return what it says."""
        self._problems.setdefault(problem.code, problem)
        return problem.message


@contextmanager
def cluster_here(jobs: int) -> Iterator[ClusterExecutor | Diagnostic]:
    """An executor on a cluster in this process that does so many tasks at a time, as long as the block runs."""
    with _dask() as found:
        if isinstance(found, Diagnostic):
            yield found
            return
        # Threads are enough: what has to be killed is in processes of its own anyway. Dask has a server for its pages
        # even if it is told to have none, and then for the whole network.
        pages = {"dashboard_address": _HERE, "worker_dashboard_address": _HERE}
        how = {"processes": False, "memory_limit": 0, **pages}
        with (
            found.LocalCluster(n_workers=1, threads_per_worker=jobs, **how) as cluster,
            found.Client(cluster) as client,
        ):
            try:
                yield ClusterExecutor(client, "this machine", own_setup())
            finally:
                dismiss()


@contextmanager
def cluster_at(address: str) -> Iterator[ClusterExecutor | Diagnostic]:
    """An executor on the cluster whose scheduler has an address, as long as the block runs; or why there is none."""
    with _dask() as found:
        refused = found if isinstance(found, Diagnostic) else _refused(address)
        if isinstance(found, Diagnostic) or refused is not None:
            yield found if refused is None else refused
            return
        try:
            client = found.Client(address, timeout=_CONNECT)
        except (OSError, ValueError, TypeError) as error:
            yield no_scheduler(address, str(error))
            return
        try:
            yield _checked(client, address) or ClusterExecutor(client, address, own_setup())
        finally:
            with suppress(TimeoutError):
                client.close(timeout=_LEAVE)


@contextmanager
def _dask() -> Iterator[Any | Diagnostic]:
    """The library, which logs nothing while the block runs: it tells at length what is told here in a line."""
    absent = missing("Dask", "dask", "distributed")
    if absent is not None:
        yield absent
        return
    import distributed

    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield distributed
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _refused(address: str) -> Diagnostic | None:
    """The complaint about an address at which nothing listens: that can be known sooner than Dask gives up."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        if parts.scheme not in ("tcp", "tls"):
            return no_scheduler(address, "this is no address of a scheduler")
        socket.create_connection((parts.hostname or "", parts.port or 8786), _CONNECT).close()
    except (OSError, ValueError) as error:
        return no_scheduler(address, getattr(error, "strerror", None) or str(error))
    return None


def _checked(client: Client, address: str) -> Diagnostic | None:
    """Ask every worker for its setup; the complaint if there is none, or if any has another."""
    try:
        client.wait_for_workers(1, timeout=_JOIN)
    except TimeoutError:
        return no_workers(address)
    request = TaskRequest(own_setup(), sys.getrecursionlimit(), _JOIN, pickle.dumps((iter, (), Bounds(1), nothing)))
    said = client.run(setup_of, request, on_error="return")
    found = {name: (str(each) if isinstance(each, Exception) else each) for name, each in said.items()}
    return other_workers(own_setup(), found)


def setup_of(request: TaskRequest) -> Setup:
    """Return the setup of the helper beside this worker."""
    return have_done(request).setup


def no_scheduler(address: str, reason: str) -> Diagnostic:
    """The complaint that no scheduler can be had."""
    remedy = "start one (`dask scheduler`), and name its address: --executor dask=tcp://HOST:PORT"
    return Diagnostic(CommandCode.NO_CLUSTER, f"there is no scheduler at {address}: {reason}", help=remedy)


def no_workers(address: str) -> Diagnostic:
    """The complaint that a cluster has nobody to do anything."""
    message = f"the scheduler at {address} has no workers"
    return Diagnostic(CommandCode.NO_WORKERS, message, help=f"start some: `dask worker {address}`")


def other_workers(ours: Setup, found: Mapping[str, Setup | str]) -> Diagnostic | None:
    """The complaint about workers with another setup than ours, or that could not say which they have."""
    notes = []
    for worker, theirs in found.items():
        said = theirs if isinstance(theirs, str) else ", ".join(differences(ours, theirs))
        if said:
            notes.append(f"{worker}: {said}")
    if not notes:
        return None
    message = f"{len(notes)} of {len(found)} workers do not run what runs here"
    remedy = "install the same versions of Python, mapproof and z3-solver there, and start the workers again"
    return Diagnostic(CommandCode.OTHER_WORKERS, message, notes=tuple(sorted(notes)), help=remedy)


class _Run:
    """Tasks on a cluster: those that wait, and those that were handed out."""

    def __init__(
        self, executor: ClusterExecutor, items: Sequence[Any], bounds: Bounds, payload: Callable[[Any], Payload]
    ) -> None:
        self.executor = executor
        self.items, self.bounds, self.payload = items, bounds, payload
        self.name = f"mapproof-{uuid4().hex}"
        self.waiting = deque(range(len(items)))
        self.handed_out: dict[int, Future] = {}
        self.news: SimpleQueue[Future] = SimpleQueue()
        self.received = 0
        self.room = 0
        self.looked = self.worked = time.monotonic() - _LOOK

    def events(self) -> Generator[TaskEvent, None, None]:
        """Hand the tasks out, and tell of each what comes back."""
        over = None if self.bounds.all_seconds is None else time.monotonic() + self.bounds.all_seconds
        self.worked = time.monotonic()
        try:
            while self.waiting or self.handed_out:
                yield from self._hand_out()
                yield from self._listen()
                end, detail = None, ""
                if over is not None and time.monotonic() > over:
                    end = End.OUT_OF_TOTAL_TIME
                elif self.bounds.all_bytes is not None and self.received > self.bounds.all_bytes:
                    end = End.OUT_OF_ROOM
                elif problem := self._is_lost():
                    end, detail = End.KILLED, self.executor.report(problem)
                if end is not None:
                    yield from (Ended(task, end, detail) for task in sorted({*self.handed_out, *self.waiting}))
                    return
        finally:
            with suppress(Exception):
                self.executor.client.cancel(list(self.handed_out.values()), force=True)

    def _hand_out(self) -> Iterator[TaskEvent]:
        """Hand out as many tasks as the workers have threads: what waits can still be left."""
        self._look()
        while self.waiting and len(self.handed_out) < min(self.room, self.bounds.jobs):
            task = self.waiting.popleft()
            yield Started(task)
            request = request_of(self.executor.setup, self.payload(self.items[task]))
            if isinstance(request, Ended):
                yield Ended(task, request.end, request.detail)
                continue
            future = self.executor.client.submit(perform, request, key=f"{self.name}-{task}", pure=False)
            self.handed_out[task] = future
            future.add_done_callback(self.news.put)

    def _look(self) -> None:
        """Count the threads of all workers, now and then."""
        now = time.monotonic()
        if now - self.looked < _LOOK:
            return
        self.looked = now
        with suppress(OSError, TimeoutError):
            self.room = sum(self.executor.client.nthreads().values())
        if self.room:
            self.worked = now

    def _is_lost(self) -> Diagnostic | None:
        """Tell why nothing more will come."""
        if self.executor.client.status != "running":
            return no_scheduler(self.executor.where, "the connection to it was lost")
        return no_workers(self.executor.where) if time.monotonic() - self.worked > _JOIN else None

    def _listen(self) -> Iterator[TaskEvent]:
        """Wait a little for a task to end, and tell what came of it."""
        try:
            future = self.news.get(timeout=TICK)
        except Empty:
            yield Tick()
            return
        task = int(str(future.key).rpartition("-")[2])
        if self.executor.client.status != "running":
            return
        try:
            reply = future.result(timeout=_JOIN)
        except TimeoutError:
            # The worker died before it was asked for what it had: the task is being done again.
            future.add_done_callback(self.news.put)
            return
        except Exception as error:
            if self.executor.client.status == "running":
                del self.handed_out[task]
                yield Ended(task, End.KILLED, f"no worker could do it: {where(error)}")
            return
        del self.handed_out[task]
        yield from self._told(task, reply)

    def _told(self, task: int, reply: TaskReply) -> Iterator[TaskEvent]:
        """The events of a task, as the worker gave them."""
        problem = other_workers(self.executor.setup, {"a worker that came later": reply.setup})
        if problem is not None:
            yield Ended(task, End.KILLED, self.executor.report(problem))
            return
        self.received += sum(map(len, reply.events))
        yield from events_of(task, reply)
