"""Judges every mutant of the shipped models, and keeps a record of what became of them.

``python -m tests.records.mutants`` in the root of the repository; takes many hours for all models. So each row says
what it is of (`tests.records.of_models`), and ``--stale`` does those that are not on record as they are, each of which
is kept at once. Why those survive that do is written by hand in tests/data/mutant-reasons.toml.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from checker.base.codes import CommandCode
from tests.helpers.places import DATA, ROOT
from tests.records.of_models import chosen, rows_of, stamp, standing

RECORD = DATA / "mutants.md"
REASONS = DATA / "mutant-reasons.toml"

ABOUT = """\
What becomes of every mutant of the shipped models (`mapproof mutate`, docs/mutants.md): killed by a check that has
another verdict with it, some only after the solver was asked for a map; equal, since every layout is proved to be
alike, some but for the order of what is exported; or neither. A model that runs algorithms of modules alone has none.
`text` is a digest of the model's file, `of` the commit of the checker.
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    parser.add_argument("--stale", action="store_true", help="only those that are not on record as they are")
    parser.add_argument("model", nargs="*", help="only these; what is on record of the others stays")
    options = parser.parse_args()
    before = RECORD.read_text() if RECORD.exists() else ""
    found = parts(before) if options.model or options.stale else {}
    for name in chosen(options.model, before, stale=options.stale):
        found[name] = list(model_lines(name, stamp(name), report(name, options.jobs)))
        if options.write:
            RECORD.write_text(text_of(found))
    sys.stdout.write(text_of(found))


def text_of(found: Mapping[str, list[str]]) -> str:
    """The record."""
    return "".join(f"{line}\n" for line in record(found))


def report(name: str, jobs: int) -> dict[str, Any]:
    """What the command says of a model in JSON."""
    command = [sys.executable, "-m", "checker", "mutate", name, "--reasons", str(REASONS), "--format", "json"]
    done = subprocess.run([*command, "--jobs", str(jobs)], cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    if not found["mutants"] and [each["code"] for each in found["diagnostics"]] != [CommandCode.NOTHING_TO_CHECK]:
        raise RuntimeError(done.stderr)
    return found


def model_lines(name: str, of: tuple[str, str], found: Mapping[str, Any]) -> Iterator[str]:
    """The row of a model, and a line for each mutant that is neither killed nor equal."""
    mutants = found["mutants"]
    outcomes = Counter(each["outcome"] for each in mutants)
    searched = sum(each["searched"] is True for each in mutants)
    unordered = sum(each["in_order"] is False for each in mutants)
    good = f"{100 * (outcomes['killed'] + outcomes['equal']) / len(mutants):.1f} %" if mutants else "nothing of its own"
    cells = (name, *of, len(mutants), outcomes["killed"], searched, outcomes["equal"], unordered)
    yield f"| {' | '.join(map(str, cells))} | {outcomes['survives']} | {outcomes['undecided']} | {good} |"
    for each in mutants:
        if each["outcome"] not in ("killed", "equal"):
            reason = each["reason"] or each["why"]
            place = f"{each['file']}:{each['line']}"
            yield f"- {each['name']} ({place}): `{each['before']}` -> `{each['after']}`: {each['outcome']}: {reason}"


def record(found: Mapping[str, list[str]]) -> Iterator[str]:
    """The lines of the record."""
    yield "# Mutants of the shipped models"
    yield ""
    yield "Written by `python -m tests.records.mutants --write`."
    yield ""
    yield from ABOUT.splitlines()
    yield ""
    head = "model, text, of, mutants, killed, with the solver, equal, but for the order, survive, undecided, good"
    yield f"| {head.replace(', ', ' | ')} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from (found[name][0] for name in sorted(found))
    yield ""
    yield from standing("".join(f"{each[0]}\n" for each in found.values())).lines()
    yield ""
    for name in sorted(found):
        yield from found[name][1:]


def parts(text: str) -> dict[str, list[str]]:
    """A record by models."""
    found = {name: [row] for name, row in rows_of(text).items()}
    for line, stem in re.findall(r"^(- \S+ \(models/(?:\w+/)?([\w-]+)\.layout:\d+\).*)$", text, re.MULTILINE):
        found[stem].append(line)
    return found


if __name__ == "__main__":
    main()
