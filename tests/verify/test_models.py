"""The verdicts on every shipped model, by the real command, against a list that is kept beside the tests.

Each model is a test of its own, so that all processors have their share of them. What is on record is what is found
today, for the effort that it takes today: no cache is asked but one that has been filled from nothing by this very
checker, as `.ci/run` does before. What that says is believed only until it is checked again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from checker.prove import Limits
from tests.helpers.command import mapproof
from tests.helpers.places import MODELS, ROOT

GOLDEN = ROOT / "tests" / "data" / "verdicts.txt"
FOUND = os.environ.get("MAPPROOF_FOUND")
"""The folder of such a cache."""
SEARCHED = ("--cache", FOUND, "--trust-cache") if FOUND else ("--no-cache",)
NAMES = [str(path.relative_to(ROOT)) for path in sorted(MODELS.rglob("*.layout"))]

SHARES = {
    # Nothing is hard.
    "models/bugs/bug-k10-marked-again.layout": 0.8,
    # The search asks for little but what the proofs consist of.
    "models/stub/efi-stub-arm-4-15.layout": 0.55,
    "models/stub/efi-stub-arm64-4-3.layout": 0.55,
    # One statement takes as long as all of the search, by chance.
    "models/stub/efi-stub-properties-table.layout": 1.05,
}
"""The effort of a recheck, as a share of what the proofs took to find, of models where it is more than half."""


def results(*arguments: str, cwd: Path = ROOT) -> list[dict[str, Any]]:
    """What the command finds, in JSON."""
    done = mapproof(*arguments, "--format", "json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def verdict_lines(found: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each check: where it stands, what it says, the verdict, and the size of the counterexample."""
    lines = []
    for each in found:
        shown = each["counterexample"]
        size = "" if shown is None else f" ({len(next(iter(shown['maps'].values())))})"
        lines.append(f"{each['file']} {each['scenario']}: {each['property']}: {each['verdict']}{size}\n")
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_model_gets_the_verdicts_that_are_on_record_and_they_are_confirmed(name: str, tmp_path: Path) -> None:
    certificate = str(tmp_path / "certificate.json")
    verified = results("verify", name, *SEARCHED, "--certificate", certificate, "--jobs", "1")
    expected = [line for line in GOLDEN.read_text().splitlines(keepends=True) if line.startswith(f"{name} ")]
    assert verdict_lines(verified) == expected
    # `python -m tests.determinism` says how near other choices of the solver come.
    limits = Limits()
    for each in verified:
        assert each["effort"] * 4 <= limits.effort, each["property"]
        assert each["hardest_query"] * 4 <= limits.per_query, each["property"]
        assert each["out_of_effort"] == 0, each["property"]
    again = results("recheck", certificate, "--jobs", "1")
    assert verdict_lines(again) == expected
    assert [each["obligations"] for each in again] == [each["obligations"] for each in verified]
    efforts = [sum(each["effort"] for each in found) for found in (verified, again)]
    assert efforts[1] <= efforts[0] * SHARES.get(name, 0.5)


def test_every_shipped_model_is_on_record_and_nothing_else() -> None:
    lines = GOLDEN.read_text().splitlines()
    assert list(dict.fromkeys(line.partition(" ")[0] for line in lines)) == NAMES


if __name__ == "__main__":
    # For `python -m tests.records --write verdicts`, after a look at what changed.
    GOLDEN.write_text("".join(line for name in NAMES for line in verdict_lines(results("verify", name, "--no-cache"))))
