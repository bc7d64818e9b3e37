"""Small algorithms that are wrong in ways that are easy to miss, each beside one that is right.

What is wrong must be refuted; and it must not be provable either, when no counterexample is looked for. What is right
may come out undecided, but seldom.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from checker.language import program as p
from checker.prove import Verdict
from prove.support import FOOLING, load_file, provable, verdicts

FILES = sorted(FOOLING.glob("*.layout"))

UNDECIDED = {
    ("counter-u16", "no_overlap(first)"),
    ("counter-u32", "no_overlap(first)"),
    ("cursors-meet", "no_overlap(first)"),
    ("third-kernel-places-more", "kept(first, last)"),
    ("zero-length", "distinct(first)"),
}
"""What holds and may fail to be proved: no invariant that is mined implies it. Nothing may be added without thought."""


@cache
def outcome(path: Path) -> tuple[tuple[str, p.Expected, Verdict, str], ...]:
    found = []
    for scenario, result in verdicts(load_file(path), twice=True):
        found.append((f"{scenario}: {result.check.label}", result.check.expected, result.verdict, result.check.label))
    return tuple(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_verdicts(path: Path) -> None:
    for name, expected, verdict, label in outcome(path):
        if expected is p.Expected.PROVED and (path.stem, label) in UNDECIDED:
            assert verdict in (Verdict.PROVED, Verdict.PROVED_TO_BOUND, Verdict.UNKNOWN), name
        else:
            assert verdict.value == expected.value, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_proof_of_what_is_wrong(path: Path) -> None:
    for scenario in load_file(path).scenarios:
        for check in scenario.checks:
            if check.expected is p.Expected.REFUTED:
                assert not provable(scenario, check), check.label


def test_each_has_both() -> None:
    assert len(FILES) >= 40
    for path in FILES:
        expected = {check.expected for scenario in load_file(path).scenarios for check in scenario.checks}
        assert p.Expected.PROVED in expected, path
        assert expected & {p.Expected.REFUTED, p.Expected.VACUOUS}, path


def test_few_are_undecided() -> None:
    all_of_them = [verdict for path in FILES for _, _, verdict, _ in outcome(path)]
    undecided = [v for v in all_of_them if v in (Verdict.UNKNOWN, Verdict.PROVED_TO_BOUND)]
    assert len(undecided) <= len(all_of_them) / 10, f"{len(undecided)} of {len(all_of_them)} checks undecided"
