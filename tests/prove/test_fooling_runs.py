"""Scenarios of several kernels or maps that are wrong in ways that are easy to miss, each beside one that is right.

What is wrong must be refuted; and it must not be provable either, when no counterexample is looked for. What is right
may come out undecided, but seldom.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from checker.language import program as p
from checker.prove import Verdict
from prove.support import ROOT, load_file, provable, verdicts

FOLDER = ROOT / "tests" / "data" / "fooling-runs"
FILES = sorted(path for path in FOLDER.glob("*.layout") if path.stem != "common")
UNDECIDED = (Verdict.PROVED_TO_BOUND, Verdict.UNKNOWN)

OUT_OF_SIGHT = {"choices-in-a-chain", "fifth-kernel", "orders-in-a-chain", "pushed-from-both-sides"}
"""What breaks these is not looked for: it takes long chains, chains whose kernels differ, or more regions. No verdict
may say that it was."""


@cache
def outcome(path: Path) -> tuple[tuple[str, str, Verdict, int | None], ...]:
    return tuple(
        (f"{scenario}: {result.check.label}", result.check.expected.value, result.verdict, result.bound)
        for scenario, result in verdicts(load_file(path), twice=True)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_wrong(path: Path) -> None:
    for name, expected, verdict, bound in outcome(path):
        if expected == "proved":
            assert verdict in (Verdict.PROVED, *UNDECIDED), name
        elif path.stem in OUT_OF_SIGHT:
            below = verdict is Verdict.PROVED_TO_BOUND and bound is not None and bound <= 2
            assert verdict in (Verdict.REFUTED, Verdict.UNKNOWN) or below, name
        else:
            assert verdict.value == expected, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_proof_of_what_is_wrong(path: Path) -> None:
    for scenario in load_file(path).scenarios:
        for check in scenario.checks:
            if check.expected is p.Expected.REFUTED:
                assert not provable(scenario, check), check.label


def test_each_has_both() -> None:
    assert len(FILES) >= 24
    for path in FILES:
        expected = {check.expected for scenario in load_file(path).scenarios for check in scenario.checks}
        assert p.Expected.PROVED in expected, path
        assert expected & {p.Expected.REFUTED, p.Expected.VACUOUS}, path


def test_few_are_undecided() -> None:
    everything = [verdict for path in FILES for _, _, verdict, _ in outcome(path)]
    undecided = [verdict for verdict in everything if verdict in UNDECIDED]
    assert len(undecided) <= len(everything) / 10, f"{len(undecided)} of {len(everything)} checks are undecided"
