"""Attacks what is proved of random programs with concrete maps, and keeps a record of what that came to.

``python -m tests.records.claims`` in the root of the repository: of each random scenario the claims that there is a
proof of are taken, no counterexample being looked for, and the interpreter tries to break each on many maps. A map that
does ends it with status 1; the series and the seed are told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.program.slice import slice_for
from checker.prove import Limits, groups
from checker.prove.invariants.templates import Stage
from checker.verify.attack import Attacker, Broken
from tests.helpers.places import DATA, ROOT
from tests.helpers.prover import Prover
from tests.writers import passes, scenarios

RECORD = DATA / "claims-record.md"
FIRST = 700_000
"""Beyond the seeds of the tests and of other records."""

_LIMITS = Limits(effort=400_000, per_query=200_000, queries=1_000)
"""For each claim: what is proved with more is not proved in another way."""
_SIZE = 2

Prove = Callable[[p.Scenario, Sequence[p.Check]], Iterable[p.Check]]
"""Finds out which of some checks that share their assumptions there is a proof of."""


@dataclass(frozen=True)
class Series:
    """Programs of one kind: how many there are, and the maps for each claim of theirs that is proved."""

    write: Callable[[int], p.Scenario | Diagnostic]
    programs: int
    maps: int


SERIES = {
    "passes of kernels": Series(passes.scenario, 80, 800),
    "what passes keep of regions": Series(partial(passes.scenario, keeps=0.6), 24, 400),
    "sums over several passes": Series(lambda seed: scenarios.sums_scenario(seed)[1], 4, 60),
    "several kernels": Series(lambda seed: scenarios.scenario(seed)[1], 4, 60),
    "chains and what comes after": Series(lambda seed: scenarios.scenario(seed, after_chains=True)[1], 4, 60),
}


@dataclass(frozen=True)
class Tally:
    """The programs that were made, their claims, those that are proved, the maps drawn for these, those that kept the
    assumptions, and those of them on which the claim was about something; what was broken; seconds of a processor."""

    programs: int = 0
    claims: int = 0
    proved: int = 0
    drawn: int = 0
    kept: int = 0
    applied: int = 0
    seconds: float = 0
    broken: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.programs + other.programs,
            self.claims + other.claims,
            self.proved + other.proved,
            self.drawn + other.drawn,
            self.kept + other.kept,
            self.applied + other.applied,
            self.seconds + other.seconds,
            self.broken + other.broken,
        )


Task = tuple[str, int, int]
"""A series, the first seed of a part of it and the one behind the last."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.claims", description=__doc__)
    parser.add_argument("--times", type=int, default=1, help="so many times as many programs as usual (default: 1)")
    parser.add_argument("--series", action="append", choices=SERIES, metavar="NAME", help="this one alone; repeatable")
    parser.add_argument("--first", type=int, default=FIRST, help=f"the first seed (default: {FIRST})")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    found: dict[str, Tally] = dict.fromkeys(options.series or SERIES, Tally())
    ends = {name: options.first + SERIES[name].programs * options.times for name in found}
    tasks = [(name, at, min(at + _SIZE, end)) for name, end in ends.items() for at in range(options.first, end, _SIZE)]
    with get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
        for name, tally in pool.imap_unordered(attacked, tasks, chunksize=1):
            found[name] += tally
            sys.stderr.write(f"{row(name, found[name])}\n")
    text = "".join(f"{line}\n" for line in record(found, options.first, options.times))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    sys.exit(any(tally.broken for tally in found.values()))


def attacked(task: Task) -> tuple[str, Tally]:
    """Do a part of a series."""
    name, first, last = task
    series = SERIES[name]
    began = time.process_time()
    whole = Tally()
    for seed in range(first, last):
        scenario = series.write(seed)
        if not isinstance(scenario, Diagnostic):
            whole += attacked_scenario(scenario, series.maps, proved, f"{name}, seed {seed}")
    return name, whole + Tally(seconds=time.process_time() - began)


def proved(scenario: p.Scenario, checks: Sequence[p.Check]) -> Iterator[p.Check]:
    """The checks of a group that there is a proof of, in the way that the checker looks for it first."""
    prover = Prover(slice_for(scenario, checks), checks, _LIMITS)
    return filter(partial(prover.proves, stages=(Stage.LOCKSTEP, Stage.ALL)), checks)


def attacked_scenario(scenario: p.Scenario, maps: int, prove: Prove, place: str) -> Tally:
    """Attack what is proved of a scenario."""
    whole = Tally(programs=1, claims=len(scenario.checks))
    attacker = Attacker(scenario, maps)
    for group in groups(scenario):
        for check in prove(scenario, group):
            found = attacker.attack(check, 0, ())
            if isinstance(found, Broken):
                whole += Tally(proved=1, broken=(f"{place}: {check.label}",))
            else:
                whole += Tally(proved=1, drawn=found.drawn, kept=found.kept, applied=found.applied)
    return whole


def record(found: dict[str, Tally], first: int, times: int) -> Iterator[str]:
    """The lines of the record."""
    yield "# Attacks by the interpreter on what is proved of random programs"
    yield ""
    yield f"Written by `python -m tests.records.claims --first {first} --times {times} --write`: of each series the"
    yield f"programs from seed {first} on; those that the language refuses are not counted."
    yield ""
    yield "| series | programs | claims | proved | maps drawn | kept the assumptions | claim applied | CPU s | broken |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from (row(name, tally) for name, tally in found.items())
    yield row("all", sum(found.values(), Tally()))
    yield from (f"\nBROKEN {each}" for tally in found.values() for each in sorted(tally.broken))


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    counts = (tally.programs, tally.claims, tally.proved, tally.drawn, tally.kept, tally.applied)
    return f"| {name} | {' | '.join(map(str, counts))} | {tally.seconds:.0f} | {len(tally.broken)} |"


if __name__ == "__main__":
    main()
