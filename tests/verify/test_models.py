"""The verdicts on every shipped model, by the real command, against a list that is kept beside the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from checker.prove import Limits
from tests.helpers.places import ROOT

pytestmark = pytest.mark.slow

GOLDEN = ROOT / "tests" / "data" / "verdicts.txt"


def results(*arguments: str) -> list[dict[str, Any]]:
    """What the command finds, in JSON."""
    command = [sys.executable, "-m", "checker", *arguments, "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def verdict_lines(found: Iterable[dict[str, Any]]) -> str:
    """A line for each check: where it stands, what it says, the verdict, and the size of the counterexample."""
    lines = []
    for each in found:
        shown = each["counterexample"]
        size = "" if shown is None else f" ({len(next(iter(shown['maps'].values())))})"
        lines.append(f"{each['file']} {each['scenario']}: {each['property']}: {each['verdict']}{size}\n")
    return "".join(lines)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models") / "certificate.json"


@pytest.fixture(scope="module")
def verified(certificate: Path) -> list[dict[str, Any]]:
    """All shipped models, verified, with a certificate."""
    return results("verify", "--certificate", str(certificate))


def test_every_shipped_model_gets_the_verdicts_that_are_on_record(verified: list[dict[str, Any]]) -> None:
    assert GOLDEN.read_text() == verdict_lines(verified)


def test_no_verdict_comes_near_a_limit(verified: list[dict[str, Any]]) -> None:
    # `python -m tests.determinism` says how near other choices of the solver come.
    limits = Limits()
    for each in verified:
        assert each["effort"] * 4 <= limits.effort, each["property"]
        assert each["hardest_query"] * 4 <= limits.per_query, each["property"]
        assert each["out_of_effort"] == 0, each["property"]


def test_every_verdict_is_confirmed_for_less_than_half_the_effort(
    verified: list[dict[str, Any]], certificate: Path
) -> None:
    again = results("recheck", str(certificate))
    assert verdict_lines(again) == verdict_lines(verified)
    assert [each["obligations"] for each in again] == [each["obligations"] for each in verified]
    spent = [Counter[str](), Counter[str]()]
    for effort, found in zip(spent, (verified, again), strict=True):
        for each in found:
            effort[each["file"]] += each["effort"]
    assert {file: ratio for file, first in spent[0].items() if (ratio := spent[1][file] / first) > 0.5} == {}


if __name__ == "__main__":
    # For `python -m tests.records --write verdicts`, after a look at what changed.
    GOLDEN.write_text(verdict_lines(results("verify")))
