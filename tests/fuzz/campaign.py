"""A series of inputs for some targets, and what came of it."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .shrink import shrunk
from .targets import Target
from .watch import Kind, Limits, Seen, Watch

SHRINKING = 120.0
"""Seconds that one finding is shrunk at most."""


@dataclass(frozen=True)
class Finding:
    """An input that the product does not stand."""

    target: str
    number: int
    data: bytes
    seen: Seen

    @property
    def name(self) -> str:
        """The name of the file in which it is kept."""
        return f"{self.target}.{hashlib.sha256(self.data).hexdigest()[:8]}"

    def __str__(self) -> str:
        shown = self.data if len(self.data) <= 2000 else self.data[:2000] + b"..."
        head = f"{self.target}, input {self.number}: {self.seen.kind} {self.seen.what} ({len(self.data)} bytes)"
        return f"{head}\n{self.seen.detail}\n{shown!r}"


@dataclass
class Tally:
    """What came of the inputs of one target."""

    inputs: int = 0
    seconds: float = 0.0
    largest: int = 0
    cpu: float = 0.0
    others: float = 0.0
    memory: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def made(target: Target, seed: int, number: int) -> bytes:
    """An input of a series: the same one always."""
    return target.make(Random(f"{seed} {target.name} {number}"))


def campaign(
    targets: Iterable[Target],
    seconds: float,
    *,
    seed: int = 0,
    least: int = 1,
    limits: Limits | None = None,
    report: Callable[[Finding], None] = lambda finding: None,
) -> dict[str, Tally]:
    """Try inputs for so many seconds, at least ``least`` for each target; the time is shared out as the targets say.

    Of faults that look alike the first is shrunk, reported and counted, the others are counted.
    """
    tallies = {target.name: Tally() for target in targets}
    by_name = {target.name: target for target in targets}
    began = time.monotonic()
    with Watch(by_name, limits) as watch:
        while True:
            late = time.monotonic() - began > seconds
            waiting = [name for name, tally in tallies.items() if not late or tally.inputs < least]
            if not waiting:
                return tallies
            name = min(waiting, key=lambda each: tallies[each].seconds / by_name[each].share)
            _try_one(watch, by_name[name], tallies[name], seed, report)


def _try_one(watch: Watch, target: Target, tally: Tally, seed: int, report: Callable[[Finding], None]) -> None:
    began = time.monotonic()
    number = tally.inputs
    data = made(target, seed, number)
    seen = watch.see(target.name, data)
    tally.inputs += 1
    tally.largest = max(tally.largest, len(data))
    tally.memory = max(tally.memory, seen.memory)
    tally.cpu = max(tally.cpu, seen.cpu)
    tally.others = max(tally.others, seen.others)
    if seen.fault is None:
        tally.answers[seen.what] += 1
    else:
        tally.faults[seen.fault] += 1
        if tally.faults[seen.fault] == 1:
            finding = _small(watch, target.name, number, data, seen)
            tally.findings.append(finding)
            report(finding)
    tally.seconds += time.monotonic() - began


def _small(watch: Watch, target: str, number: int, data: bytes, seen: Seen) -> Finding:
    """A finding, shrunk; as it was if it does not happen again in a process of its own."""
    deadline = time.monotonic() + SHRINKING

    def fails(less: bytes) -> bool:
        return time.monotonic() < deadline and watch.see(target, less).fault == seen.fault

    small = shrunk(data, fails) if fails(data) else data
    again = watch.see(target, small)
    return Finding(target, number, small, again if again.fault == seen.fault else seen)


def keep(finding: Finding, folder: Path) -> Path:
    """Keep a finding in a file, to be tried with every test run."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / finding.name
    path.write_bytes(finding.data)
    return path
