"""Measures, shows the tables, and keeps them where that is asked for."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from checker.base.versions import versions

from .groups import Bench, Row
from .measure import ROOT, warm_bytecode
from .table import Report, markdown

HERE = Path(__file__).parent
GROUPS = ("processes", "growth", "models")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each thing is measured (default: 5)")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one unrolled question (default: 60)")
    parser.add_argument("--only", choices=GROUPS, action="append", help="only this group; can be repeated")
    parser.add_argument("--write", action="store_true", help="keep results.json and results.md beside this program")
    options = parser.parse_args()
    report = measure(options.runs, options.limit, tuple(options.only or GROUPS))
    text = markdown(report)
    sys.stdout.write(text)
    if options.write:
        (HERE / "results.json").write_text(json.dumps(report, indent=1) + "\n")
        (HERE / "results.md").write_text(text)


def measure(runs: int, limit: float, groups: tuple[str, ...]) -> Report:
    """The figures of the groups, and what they were measured on."""
    before = os.getloadavg()[0]
    figures: Report = {}
    with warm_bytecode() as environment:
        bench = Bench(environment, runs, limit)
        sources: dict[str, Callable[[], Iterator[Row]]] = {
            "processes": bench.processes,
            "growth": bench.growth,
            "models": bench.models,
        }
        for group in groups:
            figures[group] = []
            for row in sources[group]():
                figures[group].append(row)
                sys.stderr.write(f"{group}: {next(iter(row.values()))}\n")
    about = {
        "command": " ".join(["python -m tests.benchmarks", *sys.argv[1:]]),
        "commit": git_commit(),
        "runs": runs,
        "limit": limit,
        "load": [round(before, 2), round(os.getloadavg()[0], 2)],
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        **versions(),
    }
    return {"about": about, **figures}


def git_commit() -> str:
    """The commit that is measured; marked where files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def processor() -> str:
    """What the system calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    main()
