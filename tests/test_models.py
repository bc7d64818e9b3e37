"""The verdicts on every shipped model, by the real command, against a list that is kept beside the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "data" / "verdicts.txt"


def verdict_lines() -> str:
    """A line for each check: where it stands, what it says, the verdict, and the size of the counterexample."""
    command = [sys.executable, "-m", "checker.cli", "verify", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    lines = []
    for each in json.loads(done.stdout)["results"]:
        found = each["counterexample"]
        size = "" if found is None else f" ({len(next(iter(found['maps'].values())))})"
        lines.append(f"{each['file']} {each['scenario']}: {each['property']}: {each['verdict']}{size}\n")
    return "".join(lines)


def test_every_shipped_model_gets_the_verdicts_that_are_on_record() -> None:
    assert GOLDEN.read_text() == verdict_lines()


if __name__ == "__main__":
    # Writes the record anew: `python -m tests.test_models`, after a look at what changed.
    GOLDEN.write_text(verdict_lines())
