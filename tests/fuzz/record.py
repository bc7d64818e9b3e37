"""What a series of inputs was, and what came of it, as text."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping, Sequence

from checker.base.versions import versions
from checker.report.lines import table

from .campaign import Tally
from .corpus import ROOT
from .targets import SECONDS
from .watch import Limits

HEADER = ("target", "inputs", "time", "values", "refused", "kinds", "largest", "call", "process", "memory", "findings")


def commit() -> str:
    """The commit that is tried; marked where files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def record(tallies: Mapping[str, Tally], command: str, seconds: float, limits: Limits) -> str:
    """The whole record."""
    total = sum(tally.inputs for tally in tallies.values())
    faults = sum(sum(tally.faults.values()) for tally in tallies.values())
    slowest = max(tally.cpu for tally in tallies.values())
    most = max(tally.memory for tally in tallies.values())
    lines = [
        command,
        "",
        f"commit {commit()}, {', '.join(versions().values())}, Python {platform.python_version()}",
        f"{total} inputs in {seconds:.0f} s: {faults or 'no'} finding{'' if faults == 1 else 's'}",
        f"the slowest call took {slowest:.2f} s of CPU time, {limits.cpu:g} s are allowed",
        f"the most memory held by a process was {most >> 20} MiB, {limits.memory >> 20} MiB are allowed",
        "",
        *table(HEADER, [_row(name, tally) for name, tally in tallies.items()], frozenset(range(1, len(HEADER)))),
        "",
        "time: seconds that the target took up. values: inputs that are a program, a map, or the like; of commands,",
        "those with status 0, 1 or 3. refused: those with a diagnostic, or status 2. kinds: how many different",
        "answers there were. largest: bytes of the largest input. call: seconds of CPU time of the longest call.",
        f"process: that of the longest process that was started; `verify` is told to end its own after {SECONDS:g} s.",
        "memory: MiB, the most of any process.",
    ]
    return "".join(f"{line}\n" for line in lines)


def _row(name: str, tally: Tally) -> Sequence[str]:
    good = ("value", "status 0", "status 1", "status 3")
    values = sum(count for answer, count in tally.answers.items() if answer in good)
    return (
        name,
        str(tally.inputs),
        f"{tally.seconds:.0f}",
        str(values),
        str(sum(tally.answers.values()) - values),
        str(len(tally.answers)),
        str(tally.largest),
        f"{tally.cpu:.2f}",
        f"{tally.others:.2f}",
        str(tally.memory >> 20),
        str(sum(tally.faults.values())),
    )
