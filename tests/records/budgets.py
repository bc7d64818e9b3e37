"""Finds the budget of each shipped layout, and keeps a record of the bounds, the verdicts on both sides, and the price.

``python -m tests.records.budgets [--write] [MODEL...]`` in the root of the repository: the models that are named, or
all that lay a map out. Rows of others are left in the record as they are. Needs about five seconds of processor time
each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from checker import library
from checker.base.diagnostic import Diagnostic
from checker.verify.budget.question import question
from tests.helpers.places import DATA, ROOT

RECORD = DATA / "budgets.md"
HEAD = "| layout | budget | proved if at most | refuted if at most | for each region | CPU s | why not exact |"
RULE = "| --- | --- | --- | --- | --- | --- | --- |"


def layouts() -> list[str]:
    """The shipped models, but those of bugs, whose algorithm places regions of a map."""
    names = [name for name, path in library.models().items() if not library.is_specimen(path)]
    found = ((name, library.find_algorithm(name)) for name in names)
    return [name for name, each in found if not isinstance(each, Diagnostic | type(None)) and _asks(each)]


def _asks(chosen: library.Chosen) -> bool:
    return not isinstance(question(chosen), Diagnostic)


def row(name: str) -> str:
    """A line of the record: the command's answer, and the processor time of all that it started."""
    command = [sys.executable, "-m", "checker", "budget", name, "--format", "json", "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as started:
        assert started.stdout is not None
        said = started.stdout.read()
        _, _, used = os.wait4(started.pid, 0)
        started.returncode = 0
    (found,) = json.loads(said)["budgets"]
    return "| " + " | ".join((name, *cells(found), f"{used.ru_utime + used.ru_stime:.1f}", found["why"] or "")) + " |"


def cells(found: dict[str, Any]) -> Iterator[str]:
    """The answer, the bounds that are proved and refuted, and the slack."""
    yield found["answer"]
    for each in ("proved", "refuted", "slack"):
        yield "" if found[each] is None else f"{found[each]:#x}"


def kept() -> dict[str, str]:
    """The rows of the record as it is, by their layouts."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    return {line.split(" ")[1]: line for line in lines if line.startswith("| ") and line not in (HEAD, RULE)}


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.budgets", description=__doc__)
    parser.add_argument("models", nargs="*", help="of which the budget is found; all, if none is named")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    rows = kept()
    for name in options.models or layouts():
        rows[name] = row(name)
        sys.stderr.write(f"{rows[name]}\n")
        if options.write:
            RECORD.write_text("".join(f"{line}\n" for line in record(rows)), encoding="utf-8")


def record(rows: dict[str, str]) -> Iterator[str]:
    """The record: a table with a line for each layout."""
    missing = [name for name in layouts() if name not in rows]
    yield "# The budgets of the shipped layouts"
    yield ""
    yield "Written by `python -m tests.records.budgets --write`. Bounds are on the sizes of the regions that count,"
    yield "with as much more for each region as the column says, in bytes; `docs/budget.md` tells how they are found."
    yield ""
    yield from (HEAD, RULE)
    yield from (rows[name] for name in sorted(rows))
    if missing:
        yield ""
        yield f"Not run yet: {', '.join(missing)}."


if __name__ == "__main__":
    main()
