"""Fuzzes, shrinks and keeps what is found, and records what was done."""

from __future__ import annotations

import argparse
import sys
import time

from .campaign import Finding, campaign, keep
from .corpus import DATA, REGRESSIONS
from .record import record
from .targets import TARGETS
from .watch import Limits


def main() -> int:
    """The command; its status is 1 if anything was found."""
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="how long (default: 1)")
    parser.add_argument("--seed", type=int, default=0, help="another seed is another series of inputs (default: 0)")
    parser.add_argument("--target", choices=names, action="append", help="only this one; can be repeated")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {DATA.name}/fuzz-record.txt")
    options = parser.parse_args()

    def report(finding: Finding) -> None:
        path = keep(finding, REGRESSIONS)
        sys.stderr.write(f"{finding}\nkept in {path}\n\n")

    chosen = [target for target in TARGETS if target.name in (options.target or names)]
    began = time.monotonic()
    limits = Limits()
    tallies = campaign(chosen, options.minutes * 60, seed=options.seed, limits=limits, report=report)
    command = " ".join(["python -m tests.fuzz", *sys.argv[1:]])
    text = record(tallies, command, time.monotonic() - began, limits)
    sys.stdout.write(text)
    if options.write:
        (DATA / "fuzz-record.txt").write_text(text, encoding="utf-8")
    return int(any(tally.findings for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
