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


def asked() -> dict[str, Diagnostic | None]:
    """The algorithms of shipped models, but those of bugs, by the names that they are called by; with why there is no
    question for a budget, where there is none."""
    found: dict[str, Diagnostic | None] = {}
    for name, path in library.models().items():
        if not library.is_specimen(path):
            chosen = library.find_algorithm(name)
            found |= _asked(name, chosen) if isinstance(chosen, Diagnostic) else {name: _why_not(chosen)}
    return found


def _asked(name: str, refused: Diagnostic) -> dict[str, Diagnostic | None]:
    """The algorithms of a model that stands for none of them; if it has none, why."""
    opened = library.open_program(library.models()[name])
    assert not isinstance(opened, Diagnostic)
    own = {f"{name}:{each.name}": library.find_algorithm(f"{name}:{each.name}") for each in opened.program.algorithms}
    return {
        called: chosen if isinstance(chosen, Diagnostic) else _why_not(chosen) for called, chosen in own.items()
    } or {name: refused}


def _why_not(chosen: library.Chosen) -> Diagnostic | None:
    made = question(chosen)
    return made if isinstance(made, Diagnostic) else None


def layouts() -> list[str]:
    """The algorithms that place regions of a map, and so may have a budget."""
    return [name for name, refused in asked().items() if refused is None]


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
    yield ""
    yield "Of the others there is none, as the command says:"
    yield ""
    for name, refused in asked().items():
        if refused is not None:
            yield f"- {name}: {refused.message}"


if __name__ == "__main__":
    main()
