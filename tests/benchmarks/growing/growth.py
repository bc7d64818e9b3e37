"""Measures how the cost of a proof grows: programs of `families`, each larger in one thing, in turn.

`python -m tests.benchmarks.growing.growth --write` keeps what it finds in `growth.json` and `growth.md`; with
`--family` and `--size` only those points are measured anew, and the others stay.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

from tests.helpers.places import ROOT

from .families import FAMILIES

HERE = Path(__file__).parent
KEPT = HERE / "growth.json"
TABLE = HERE / "growth.md"

SIZES = (2, 4, 8, 12, 16)
MOST = 60
"""The CPU seconds that a point may take."""

Point = dict[str, Any]
Points = dict[str, dict[str, Point]]
"""By the family and the size."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growing.growth", description=__doc__)
    parser.add_argument("--family", choices=FAMILIES, action="append", help="only this family; can be repeated")
    parser.add_argument("--size", type=int, action="append", help=f"only this size, instead of {SIZES}")
    parser.add_argument("--write", action="store_true", help=f"keep {KEPT.name} and {TABLE.name}")
    options = parser.parse_args()
    points: Points = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for family in options.family or FAMILIES:
        for size in options.size or SIZES:
            found = measured(FAMILIES[family](size))
            points.setdefault(family, {})[str(size)] = found
            sys.stderr.write(f"{family} {size}: {found['cpu']} CPU s, {', '.join(found['verdicts'])}\n")
            if options.write:
                KEPT.write_text(json.dumps(points, indent=1, sort_keys=True) + "\n")
                TABLE.write_text(table(points))
            if found["over"]:
                break
    sys.stdout.write(table(points))


def measured(text: str, most: float = MOST) -> Point:
    """The CPU seconds of `verify` on a program, in a process that is ended when it has had ``most``; and its
    verdicts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grown.layout"
        path.write_text(text)
        before = os.times()
        words = ("verify", "--no-cache", "--jobs", "1", "--format", "json", str(path))
        done = subprocess.run(
            [sys.executable, "-c", _BOUNDED.format(most=int(most) + 1), *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if cpu > most:
        return {"cpu": round(cpu, 1), "over": True, "verdicts": []}
    if not done.stdout:
        raise RuntimeError(f"`verify` ended with status {done.returncode}:\n{done.stderr}")
    verdicts = [each["verdict"] for each in json.loads(done.stdout)["results"]]
    return {"cpu": round(cpu, 1), "over": False, "verdicts": verdicts}


_BOUNDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({most}, {most}))
from checker.cli import main
main()
"""
"""Begins the command with a bound on the time of each of its processes."""


def table(points: Mapping[str, Mapping[str, Point]]) -> str:
    """The points, and how steep each family is between its first and its last one."""
    return "\n".join(_lines(points)) + "\n"


def _lines(points: Mapping[str, Mapping[str, Point]]) -> Iterator[str]:
    sizes = sorted({int(size) for each in points.values() for size in each})
    yield from ("# Growth", "")
    yield "Made by `python -m tests.benchmarks.growing.growth --write`: CPU seconds of `verify --no-cache --jobs 1`,"
    yield f"start-up included, on programs that grow in one thing each (`families.py`). `> {MOST}`: ended after so"
    yield "many; larger ones were not tried; `-`: not measured. A single run each, beside neighbours."
    yield "*Power* is the exponent by which the time grew from the first point to the last that was decided."
    yield ""
    yield f"| grows | {' | '.join(map(str, sizes))} | power | not proved |"
    yield "|---|" + "---|" * (len(sizes) + 2)
    for family, of in ((each, points[each]) for each in FAMILIES if each in points):
        cells = (_cell(of.get(str(size))) for size in sizes)
        undecided = [f"{size}: {', '.join(_others(of[str(size)]))}" for size in sizes if _others(of.get(str(size)))]
        yield f"| {family} | {' | '.join(cells)} | {_power(of)} | {'; '.join(undecided) or '-'} |"


def _cell(point: Point | None) -> str:
    if point is None:
        return "-"
    return f"> {MOST}" if point["over"] else f"{point['cpu']:.1f}"


def _others(point: Point | None) -> Sequence[str]:
    return [] if point is None else [each for each in point["verdicts"] if each != "proved"]


def _power(of: Mapping[str, Point]) -> str:
    decided = sorted((int(size), each["cpu"]) for size, each in of.items() if not each["over"])
    if len(decided) < 2:
        return "-"
    (small, less), (large, more) = decided[0], decided[-1]
    return f"{log(more / less) / log(large / small):.1f}"


if __name__ == "__main__":
    main()
