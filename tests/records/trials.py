"""Decides programs that the checker had no part in choosing, and keeps a record of which checks it did not decide.

``python -m tests.records.trials FOLDER...`` in the root of the repository: every program below the folders, by the
default limits, each by itself; a wrong verdict ends it with status 1. Needs about a second of processor time a check.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checker.prove import Result, Verdict
from tests.helpers.loading import load_file, verdicts
from tests.helpers.places import DATA, ROOT

RECORD = DATA / "trials-record.md"
UNDECIDED = (Verdict.PROVED_TO_BOUND, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Trial:
    """A program: its checks, those left undecided, those with another verdict than is stated, and seconds of processor
    time."""

    name: str
    checks: int
    undecided: tuple[str, ...]
    wrong: tuple[str, ...]
    seconds: float


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.trials", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="where the programs are")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    trials = []
    for path in sorted(path for folder in options.folders for path in folder.rglob("*.layout")):
        trials.append(tried(path))
        sys.stderr.write(f"{row(trials[-1])}\n")
    text = "".join(f"{line}\n" for line in record(trials))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    sys.exit(any(trial.wrong for trial in trials))


def tried(path: Path) -> Trial:
    """Decide all checks of a program."""
    begun = time.process_time()
    results = [result for _, result in verdicts(load_file(path))]
    seconds = time.process_time() - begun
    undecided = [r for r in results if not r.as_expected and r.verdict in UNDECIDED]
    wrong = [r for r in results if not r.as_expected and r.verdict not in UNDECIDED]
    return Trial(f"{path.parent.name}/{path.stem}", len(results), labels(undecided), labels(wrong), seconds)


def labels(results: list[Result]) -> tuple[str, ...]:
    """The checks that results are of, with their verdicts."""
    return tuple(f"`{result.check.label}` {result.verdict}" for result in results)


def row(trial: Trial) -> str:
    """A line of the table."""
    left = "; ".join((*trial.undecided, *(f"WRONG {each}" for each in trial.wrong)))
    return f"| {trial.name} | {trial.checks} | {trial.seconds:.1f} | {left} |"


def record(trials: list[Trial]) -> Iterator[str]:
    """The record: how many checks are decided, and a table with a line for each program."""
    checks = sum(trial.checks for trial in trials)
    left = sum(len(trial.undecided) for trial in trials)
    yield "# Programs of others, and what is left undecided of them"
    yield ""
    yield f"{len(trials)} programs, {checks} checks: {checks - left} decided as stated, {left} undecided."
    yield ""
    yield "| program | checks | CPU s | undecided |"
    yield "| --- | --- | --- | --- |"
    yield from map(row, trials)


if __name__ == "__main__":
    main()
