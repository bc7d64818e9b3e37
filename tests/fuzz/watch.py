"""Runs inputs one after the other in a process that may crash, hang, die or eat memory.

A hang is judged by CPU time, so that a busy machine makes none: a call of the product that takes longer is ended by the
kernel, wherever it is. Only what waits for ever, without computing, is judged by the clock.
"""

from __future__ import annotations

import faulthandler
import gc
import io
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import connection
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from checker.inspect.inspection import prepare

from .corpus import ROOT
from .targets import Target, Wrong

Pipe: TypeAlias = "connection.Connection[Any, Any]"


class Kind(StrEnum):
    """What came of an input."""

    FINE = "fine"
    WRONG = "wrong answer"
    CRASH = "crash"
    HANG = "hang"
    MEMORY = "memory"
    DIED = "process died"
    STUCK = "stuck"


@dataclass(frozen=True)
class Limits:
    """What an input may cost: seconds of CPU time for one call of the product, seconds until there is an answer, and
    bytes of memory for a process."""

    cpu: float = 2.0
    wall: float = 300.0
    memory: int = 1 << 30


@dataclass(frozen=True)
class Seen:
    """What came of an input. ``what`` is the answer, or tells one fault from another; ``cpu`` is the time of the
    longest call, ``others`` that of the longest of the processes that the product started; ``memory`` is the most that
    a process has held since the last fault."""

    kind: Kind
    what: str
    detail: str = ""
    cpu: float = 0.0
    others: float = 0.0
    memory: int = 0

    @property
    def fault(self) -> tuple[Kind, str] | None:
        """What kind of fault it is, None if there is none."""
        return None if self.kind is Kind.FINE else (self.kind, self.what)


class Watch:
    """A process in which inputs are run; it is started again where that is needed."""

    def __init__(self, targets: Mapping[str, Target], limits: Limits | None = None) -> None:
        self._targets = dict(targets)
        self._limits = limits or Limits()
        self._folder = Path(tempfile.mkdtemp(prefix="mapproof-fuzz-"))
        self._trace = (self._folder / "trace").open("w+b")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Pipe | None = None

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.fresh()
        self._trace.close()
        shutil.rmtree(self._folder)

    def fresh(self) -> None:
        """End the process, if there is one: the next input gets a new one."""
        if self._process is not None and self._process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def see(self, target: str, data: bytes) -> Seen:
        """Give an input to a target."""
        pipe = self._pipe or self._start()
        self._trace.seek(0)
        self._trace.truncate()
        try:
            pipe.send((target, data))
            if not pipe.poll(self._limits.wall):
                self.fresh()
                return Seen(Kind.STUCK, "", f"no answer in {self._limits.wall:g} s")
            seen = pipe.recv()
        except (EOFError, ConnectionError):
            seen = self._died()
        assert isinstance(seen, Seen)
        if seen.fault is not None:
            self.fresh()
        return seen

    def _start(self) -> Pipe:
        context = multiprocessing.get_context("fork")
        prepare()  # what each process would read anew
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, self._targets, self._limits, self._folder / "case", self._trace)
        self._process = context.Process(target=_serve, args=arguments)
        self._process.start()
        theirs.close()
        return self._pipe

    def _died(self) -> Seen:
        assert self._process is not None
        self._process.join()
        status = self._process.exitcode or 0
        self._trace.seek(0)
        where = self._trace.read().decode("utf-8", "replace")
        if status in (-signal.SIGPROF, -signal.SIGXCPU):
            return Seen(Kind.HANG, "", where, self._limits.cpu)
        name = signal.Signals(-status).name if status < 0 else f"status {status}"
        return Seen(Kind.DIED, name, where)


def _serve(pipe: Pipe, targets: Mapping[str, Target], limits: Limits, folder: Path, trace: io.BufferedRandom) -> None:
    """Run inputs as they come."""
    os.setsid()
    # An end of the parent ends this process too: the pipe is closed then.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    faulthandler.enable(trace, all_threads=False)
    faulthandler.register(signal.SIGPROF, trace, all_threads=False, chain=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (2 * limits.memory + _mapped(), resource.RLIM_INFINITY))
    os.environ["MAPPROOF_TRACEBACK"] = "1"
    # What the process that forked this one held is neither looked through again and again nor held against an input.
    gc.freeze()
    inherited = _most_held()
    others: list[float] = []

    def waitpid(process: int, options: int) -> tuple[int, int]:
        found, status, used = os.wait4(process, options)
        if found:
            others.append(used.ru_utime + used.ru_stime)
        return found, status

    os.waitpid = waitpid
    while True:
        try:
            name, data = pipe.recv()
        except EOFError:
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        others.clear()
        pipe.send(_seen(targets[name], data, limits, folder, others, inherited))


def _most_held() -> int:
    """The most bytes that this process, or one that it made, has held."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) << 10


def _seen(target: Target, data: bytes, limits: Limits, folder: Path, others: list[float], inherited: int) -> Seen:
    """Run an input; ``others`` gets the CPU time of every process that ends meanwhile. ``inherited`` is what this one
    held before the first."""
    longest = 0.0
    kind, what, detail = Kind.FINE, "", ""
    calls = target.run(data, folder)
    try:
        while True:
            began = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, limits.cpu)
            try:
                next(calls)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                longest = max(longest, time.process_time() - began)
    except StopIteration as done:
        what = done.value
    except MemoryError:
        kind, detail = Kind.MEMORY, traceback.format_exc()
    except Wrong as error:
        kind, what, detail = Kind.WRONG, str(error).split(":")[0], traceback.format_exc()
    except BaseException as error:
        kind, what, detail = Kind.CRASH, _place(error), traceback.format_exc()
    other = max(others, default=0.0)
    memory = _most_held() - inherited
    if kind is Kind.FINE and other > target.seconds:
        kind, what, detail = Kind.HANG, "in a process of the product", f"{other:.1f} s"
    if kind is Kind.FINE and memory > limits.memory:
        kind, what, detail = Kind.MEMORY, "", f"{memory >> 20} MiB"
    return Seen(kind, what, detail, longest, other, memory)


def _place(error: BaseException) -> str:
    """What an exception is, and the last function of the product that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "checker")] or frames
    where = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "nowhere"
    return f"{type(error).__name__} in {where}"


def _mapped() -> int:
    """Bytes of address space that this process has, which a limit of it counts."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
