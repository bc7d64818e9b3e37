"""Attacks everything that is stated to be proved with concrete maps, and keeps a record of what that came to.

``python -m tests.records.attack`` in the root of the repository: the shipped models and the programs that try to fool
the checker, without the prover. A map that breaks what is stated to be proved ends it with status 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checker import program as p
from checker.verify.attack import Attacker, Broken
from tests.helpers.loading import load_file
from tests.helpers.places import DATA, FOOLING, FOOLING_RUNS, MODELS, ROOT

RECORD = DATA / "attack-record.md"
MAPS = 60


@dataclass(frozen=True)
class Tally:
    """The maps that were drawn for some checks, those that kept the assumptions, and those to which the goals
    applied."""

    checks: int = 0
    drawn: int = 0
    kept: int = 0
    applied: int = 0
    broken: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.checks + other.checks,
            self.drawn + other.drawn,
            self.kept + other.kept,
            self.applied + other.applied,
            self.broken + other.broken,
        )


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.attack", description=__doc__)
    parser.add_argument("--maps", type=int, default=MAPS, help=f"maps for each check (default: {MAPS})")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    rows = {path: attacked(path, options.maps) for path in files()}
    text = "".join(f"{line}\n" for line in record(rows, options.maps))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    sys.exit(any(tally.broken for tally in rows.values()))


def files() -> list[Path]:
    """The programs, the shipped models first."""
    fooling = [path for folder in (FOOLING, FOOLING_RUNS) for path in sorted(folder.glob("*.layout"))]
    return [*sorted(MODELS.rglob("*.layout")), *fooling]


def attacked(path: Path, maps: int) -> Tally:
    """Attack every check of a program that is stated to be proved."""
    whole = Tally()
    for scenario in load_file(path).scenarios:
        attacker = Attacker(scenario, maps)
        for check in scenario.checks:
            if check.expected is p.Expected.PROVED:
                found = attacker.attack(check, 0, ())
                if isinstance(found, Broken):
                    whole += Tally(1, broken=(f"{path.stem}, {scenario.name}: {check.label}",))
                else:
                    whole += Tally(1, found.drawn, found.kept, found.applied)
    return whole


def record(rows: dict[Path, Tally], maps: int) -> Iterator[str]:
    """The lines of the record: each model, and all fooling programs together."""
    yield "# Attacks by the interpreter on what is stated to be proved"
    yield ""
    yield f"Written by `python -m tests.records.attack --maps {maps} --write`: {maps} maps for each check, no solver."
    yield ""
    yield "| program | checks | maps drawn | kept the assumptions | goal applied | broken |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for path, tally in rows.items():
        if MODELS in path.parents:
            yield row(path.stem, tally)
    yield row("fooling programs", sum((t for path, t in rows.items() if MODELS not in path.parents), Tally()))
    yield row("all", sum(rows.values(), Tally()))
    yield from (f"\nBROKEN {each}" for tally in rows.values() for each in tally.broken)


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    cells = (name, tally.checks, tally.drawn, tally.kept, tally.applied, len(tally.broken))
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
