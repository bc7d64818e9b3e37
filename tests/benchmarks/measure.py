"""One process, measured: its CPU time with that of its children, its wall time, the most memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from tests.helpers.places import ROOT


@dataclass(frozen=True)
class Run:
    """What a process used, and what it said; ``over`` the limit if it was ended."""

    cpu: float
    wall: float
    megabytes: float
    status: int
    output: str
    over: bool


@dataclass(frozen=True)
class Spread:
    """Several values of one kind."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The median and the ends."""
    return Spread(round(median(values), 3), round(min(values), 3), round(max(values), 3))


@contextmanager
def warm_bytecode() -> Iterator[dict[str, str]]:
    """An environment in which modules are compiled once, into a folder that is forgotten, and imported fast then."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield {**kept, "PYTHONPYCACHEPREFIX": folder, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)}


def python(*arguments: str, environment: dict[str, str], limit: float) -> Run:
    """Run Python in the root of the repository for at most ``limit`` seconds."""
    with tempfile.TemporaryFile("w+") as output:
        began = _now()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        alarm = threading.Timer(limit, end)
        alarm.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        finally:
            alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = _now() - began
        output.seek(0)
        return Run(
            cpu=used.ru_utime + used.ru_stime,
            wall=wall,
            megabytes=used.ru_maxrss / 1024,
            status=process.returncode,
            output=output.read(),
            over=process.returncode < 0 and late.is_set(),
        )


def _now() -> float:
    return os.times().elapsed
