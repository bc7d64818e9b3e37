"""Writes the proofs of the shipped models as bundles, has them checked by others, and keeps a record of that.

``python -m tests.records.external`` in the root of the repository; takes hours for all models. Each row says what it is
of (`tests.records.of_models`); ``--stale`` does those that are not on record as they are.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.helpers.places import DATA, ROOT
from tests.records.of_models import chosen, rows_of, stamp, standing

RECORD = DATA / "external.md"

ABOUT = """\
What others make of the proofs in the shipped models (`mapproof verify --certificate-bundle`, then `mapproof recheck
--external`). Of the statements that the proofs of a model consist of, each once: how many have a proof in clauses that
dratify accepts, how many clauses and steps these have, the bytes of all formulas and proofs, and why others have none.
`text` is a digest of the model's file, `of` the commit of the checker.
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.external", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    parser.add_argument("--stale", action="store_true", help="only those that are not on record as they are")
    parser.add_argument("model", nargs="*", help="only these; what is on record of the others stays")
    options = parser.parse_args()
    before = RECORD.read_text() if RECORD.exists() else ""
    rows = rows_of(before) if options.model or options.stale else {}
    for name in chosen(options.model, before, stale=options.stale):
        rows[name] = row(name, options.jobs)
        if options.write:
            RECORD.write_text(text_of(rows))
    sys.stdout.write(text_of(rows))


def text_of(rows: dict[str, str]) -> str:
    """The record."""
    return "".join(f"{line}\n" for line in record(rows))


def row(name: str, jobs: int) -> str:
    """The line of a model."""
    with tempfile.TemporaryDirectory() as folder:
        run("verify", name, "--certificate-bundle", folder, "--jobs", str(jobs), "--no-cache", "-q")
        manifest = json.loads((Path(folder) / "manifest.json").read_text())
        said = json.loads(run("recheck", "--external", folder, "--jobs", str(jobs), "--format", "json"))
    parts = [each[kind] for each in manifest["statements"] for kind in ("formula", "proof") if each[kind] is not None]
    accepted = [each for each in said["statements"] if each["confirmed_by"] == "drat"]
    rejected = sum(each["rejected"] for each in said["statements"])
    whole = sum(each["confirmed"] == each["statements"] for each in said["checks"])
    cells = (
        name,
        *stamp(name),
        len(said["statements"]),
        len(accepted),
        rejected,
        f"{whole} of {len(said['checks'])}",
        max((each["clauses"] for each in accepted), default=0),
        max((each["steps"] for each in accepted), default=0),
        f"{sum(part['bytes'] for part in parts) / 1e6:.1f} MB",
        "; ".join(f"{count} {why}" for why, count in lacking(manifest["statements"]).most_common()) or "-",
    )
    return f"| {' | '.join(map(str, cells))} |"


def lacking(statements: list[dict[str, Any]]) -> Counter[str]:
    """Count why statements have no proof, whatever the names and numbers in the reasons."""
    found = (re.sub(r"the integer .*, of", "an integer of", each["lacks"]) for each in statements if each["lacks"])
    return Counter(re.sub(r"has \d+ steps", "has too many steps", why) for why in found)


def run(*arguments: str) -> str:
    """What a command says."""
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def record(rows: dict[str, str]) -> Iterator[str]:
    """The lines of the record."""
    yield "# Proofs that others have checked"
    yield ""
    yield "Written by `python -m tests.records.external --write`."
    yield ""
    yield from ABOUT.splitlines()
    yield ""
    head = (
        "model, text, of, statements, accepted, rejected, checks wholly so, most clauses, most steps, bytes, no proof"
    )
    yield f"| {head.replace(', ', ' | ')} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from (rows[name] for name in sorted(rows))
    yield ""
    yield from standing("".join(f"{each}\n" for each in rows.values())).lines()


if __name__ == "__main__":
    main()
