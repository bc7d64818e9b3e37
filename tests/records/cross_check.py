"""Has other solvers decide all proofs of the shipped models again, and keeps a record of what they say.

``python -m tests.records.cross_check`` in the root of the repository; takes some minutes for each solver.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from checker.solvers import SECOND_OPINIONS
from checker.solvers import SOLVERS as KNOWN
from tests.benchmarks.__main__ import git_commit
from tests.helpers.places import ROOT

RECORD = ROOT / "tests" / "data" / "cross-check-record.txt"
SOLVERS = tuple(name for name in SECOND_OPINIONS if KNOWN[name].integers)
"""Those that can read a proof: each is full of integers."""

ABOUT = """\
What other solvers make of every proof in the shipped models: of the statements that a proof consists of, how many the
solver confirms, each from its SMT-LIB text alone and within 60 seconds. What is refuted is not listed: the interpreter
confirms it.
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.records.cross_check", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    parser.add_argument("--solver", action="append", choices=SOLVERS, help="only this one; can be repeated")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    reports = {solver: report(solver, options.jobs) for solver in options.solver or SOLVERS}
    text = "".join(f"{line}\n" for line in record(reports))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)


def report(solver: str, jobs: int) -> dict[str, Any]:
    """What the command says in JSON."""
    command = [sys.executable, "-m", "checker", "verify", "--cross-check", solver, "--format", "json"]
    done = subprocess.run([*command, "--jobs", str(jobs)], cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def record(reports: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The lines of the record."""
    yield f"$ {' '.join(['python -m tests.records.cross_check', *sys.argv[1:]])}"
    yield ""
    yield from ABOUT.splitlines()
    proofs = {solver: [r for r in each["results"] if r["cross_check"]] for solver, each in reports.items()}
    summary = next(iter(reports.values()))["summary"]
    yield ""
    yield f"commit {git_commit()}, {summary['tool']}, {summary['solver']}, Python {platform.python_version()}"
    for solver, each in reports.items():
        opinions = [r["cross_check"] for r in proofs[solver]]
        count = {
            what: sum(len(o[what]) if isinstance(o[what], list) else o[what] for o in opinions)
            for what in ("statements", "confirmed", "not_decided", "contrary")
        }
        yield (
            f"{solver} {opinions[0]['version']}: exit status {each['summary']['exit_status']}; "
            f"{each['summary']['confirmed']} of {each['summary']['proofs']} proofs confirmed; "
            f"{count['statements']} statements: {count['confirmed']} confirmed, {count['not_decided']} not decided, "
            f"{count['contrary']} contrary"
        )
    yield ""
    yield "statements  " + "  ".join(f"{solver:>5}" for solver in reports)
    for same in zip(*proofs.values(), strict=True):
        first = same[0]
        opinions = [r["cross_check"] for r in same]
        confirmed = "  ".join(f"{opinion['confirmed']:5}" for opinion in opinions)
        place = f"{first['file']} {first['scenario']}: {first['property']}"
        yield f"{opinions[0]['statements']:10}  {confirmed}  {place}"
        for opinion in opinions:
            for left in opinion["not_decided"]:
                yield f"{'':26}  {opinion['solver']} does not decide {left['statement']}: {left['reason']}"


if __name__ == "__main__":
    main()
