"""Holds interpreter and terms against each other on long series of random programs, and keeps a record of it.

``python -m tests.records.agreement`` in the root of the repository. Every test run does the same on a slice of each
series. A program on which they differ ends it with status 1; its seed is told. The record is written after each part,
one part of every series after the other, so that a campaign that is stopped leaves what it has done, and says so.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from tests.helpers.places import DATA, ROOT
from tests.oracles import differential
from tests.oracles.differential import Write
from tests.writers import lists, programs, scenarios

RECORD = DATA / "agreement-record.md"
PROGRAMS = 3_000
MAPS = 40
"""For each program. To write a program's terms takes as long as to evaluate them on many maps."""

FIRST = 500_000
"""Beyond the seeds of the tests."""
_SIZE = 50


@dataclass(frozen=True)
class Series:
    """Programs of one kind, and the lengths of the maps on which they are run."""

    write: Write
    lengths: tuple[int, ...]


SERIES = {
    "programs of every statement": Series(programs.scenario, (0, 1, 2, 2, 3, 4)),
    "regions that are split": Series(programs.split_scenario, (0, 1, 1, 2)),
    "the region before": Series(programs.previous_scenario, (0, 1, 2, 3, 4)),
    "totals compared": Series(programs.totals_scenario, (0, 1, 2, 3)),
    "what runs end with": Series(programs.ended_scenario, (0, 1, 2, 3)),
    "room beside what is placed": Series(programs.room_scenario, (1, 2, 3, 4)),
    "lists beside the map": Series(lists.scenario, (0, 1, 2, 3, 3, 4)),
    "several kernels": Series(partial(scenarios.scenario, after_chains=True), (1, 2, 3, 4)),
}

Task = tuple[str, int, int, int]
"""A series, the first seed of a part of it and the one behind the last, and the number of maps for each program."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.agreement", description=__doc__)
    parser.add_argument("--programs", type=int, default=PROGRAMS, help=f"of each series (default: {PROGRAMS})")
    parser.add_argument("--maps", type=int, default=MAPS, help=f"for each program (default: {MAPS})")
    parser.add_argument("--series", action="append", choices=SERIES, metavar="NAME", help="this one alone; repeatable")
    parser.add_argument("--first", type=int, default=FIRST, help=f"the first seed (default: {FIRST})")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    end = options.first + options.programs
    parts = [(at, min(at + _SIZE, end)) for at in range(options.first, end, _SIZE)]
    chosen = options.series or list(SERIES)
    tasks: list[Task] = [(name, *part, options.maps) for part in parts for name in chosen]
    found: list[tuple[str, float]] = []
    with get_context("fork").Pool(options.jobs) as pool:
        for one in pool.imap(agreed, tasks):
            found.append(one)
            if options.write:
                RECORD.write_text("".join(f"{line}\n" for line in record(tasks, found)))
    sys.stdout.write("".join(f"{line}\n" for line in record(tasks, found)))
    sys.exit(any(wrong for wrong, _ in found))


def agreed(task: Task) -> tuple[str, float]:
    """Do a part of a series. Returns where they differ, if they do, and the seconds of a processor that it took."""
    name, first, last, maps = task
    began = time.process_time()
    series, wrong = SERIES[name], ""
    try:
        differential.agree(range(first, last), series.write, series.lengths, maps)
    except Exception as error:  # what ends a part ends no campaign
        wrong = f"seeds {first} to {last - 1}: {type(error).__name__}: {error}"
    return wrong, time.process_time() - began


def record(tasks: list[Task], found: list[tuple[str, float]]) -> Iterator[str]:
    """The lines of the record; found is of the first of the tasks, all of them at the end."""
    first, last, maps = tasks[0][1], tasks[-1][2], tasks[0][3]
    yield "# Interpreter and terms on random programs"
    yield ""
    command = f"python -m tests.records.agreement --first {first} --programs {last - first} --maps {maps} --write"
    yield f"Written by `{command}`:"
    yield f"seeds from {first} on of each series, {maps} maps for each program, everything compared."
    if len(found) < len(tasks):
        yield f"{len(found)} of {len(tasks)} parts are done."
    yield ""
    yield "| series | programs | maps | seconds | differ |"
    yield "| --- | --- | --- | --- | --- |"
    done = list(zip(tasks, found, strict=False))
    for name in dict.fromkeys(task[0] for task, _ in done):
        own = [(end - begin, *each) for (series, begin, end, _), each in done if series == name]
        count, seconds = sum(size for size, _, _ in own), sum(cpu for _, _, cpu in own)
        wrongs = sum(bool(wrong) for _, wrong, _ in own)
        yield f"| {name} | {count} | {count * maps} | {seconds:.0f} | {wrongs} |"
    yield from (f"\nDIFFER {task[0]}: {wrong}" for task, (wrong, _) in done if wrong)


if __name__ == "__main__":
    main()
