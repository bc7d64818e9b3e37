"""Programs that are wrong in ways that are easy to miss, each beside one that is right.

tests/data/fooling has those of one run, tests/data/fooling-runs those of several kernels or maps. What is wrong must be
refuted; and it must not be provable either, when no counterexample is looked for. What is right may come out
undecided, but seldom. tests/data/fooling.md says what became of each; `python -m tests.records --write
fooling` writes it anew, once nothing wrong could be proved of any of them. Every test run tries that of a slice,
`-m campaign` of all, with all effort.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from checker import program as p
from checker.program.slice import slice_for
from checker.prove import Limits, Result, Verdict, groups
from checker.prove.invariants.templates import Stage
from tests.helpers.loading import load_file, verdicts
from tests.helpers.places import DATA, FOOLING, FOOLING_RUNS
from tests.helpers.prover import Prover, wrongly_proved

FILES = sorted(path for folder in (FOOLING, FOOLING_RUNS) for path in folder.glob("*.layout") if path.stem != "common")
SLICE = [
    *[path for path in FILES if path.parent == FOOLING][::2],
    *[path for path in FILES if path.parent == FOOLING_RUNS][::3],
]
"""Those whose wrong checks every test run tries to prove: that takes as long as all verdicts."""
TABLE = DATA / "fooling.md"
UNDECIDED = (Verdict.PROVED_TO_BOUND, Verdict.UNKNOWN)

OUT_OF_SIGHT = {"choices-in-a-chain", "fifth-kernel", "orders-in-a-chain"}
"""What breaks these is not looked for: it takes long chains, or chains whose kernels differ. No verdict may say that it
was."""


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_verdicts(path: Path) -> None:
    results = [result for _, result in verdicts(load_file(path), twice=True)]
    for result in results:
        assert result.as_expected or result.verdict in UNDECIDED, result.check.label
        if result.check.expected is p.Expected.REFUTED and result.bound is not None:
            assert path.stem in OUT_OF_SIGHT and result.bound <= 2, result.check.label
    assert row(path, results) in TABLE.read_text().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("path", SLICE, ids=lambda path: path.stem)
def test_no_proof_of_what_is_wrong(path: Path) -> None:
    assert wrong_proofs(path) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES[::16], ids=lambda path: path.stem)
def test_a_stage_has_the_candidates_of_those_before(path: Path) -> None:
    made = load_file(path).scenarios[0]
    group, *_ = groups(made)
    loops = list(Prover(slice_for(made, group), group).candidates(2))
    # Where all passes are made at once there is no loop.
    assert not loops or any(found[Stage.BASIC] < found[Stage.ALL] for found in loops)
    nested = (Stage.BASIC, Stage.PLACEMENT, Stage.GUARDED, Stage.ALL, Stage.DEEP)
    for found in loops:
        assert all(found[fewer] <= found[more] for fewer, more in pairwise(nested))


@pytest.mark.campaign
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_proof_of_what_is_wrong_with_all_effort(path: Path) -> None:
    for scenario in load_file(path).scenarios:
        assert wrongly_proved(scenario, Limits()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_has_both(path: Path) -> None:
    expected = {check.expected for scenario in load_file(path).scenarios for check in scenario.checks}
    assert p.Expected.PROVED in expected
    assert expected & {p.Expected.REFUTED, p.Expected.VACUOUS}


def test_few_are_undecided() -> None:
    head, _, rows = TABLE.read_text().partition("| --- |")
    cells = [line.split(" | ") for line in rows.splitlines()[1:]]
    assert [cell[0] for cell in cells] == [f"| {name(path)}" for path in FILES]
    counts = Counter[str]()
    for *_, verdict in cells:
        for each in verdict.removesuffix(" |").split(", "):
            number, _, what = each.partition(" ")
            counts[what] += int(number)
    assert summary(counts) in head
    assert undecided(counts) <= counts.total() / 10


def wrong_proofs(path: Path) -> list[str]:
    """The checks of a program that are stated to be refuted and could be proved: with the effort that nearly all proofs
    of the fooling programs can do with, and all but the last of the stages. That has further candidates for invariants,
    and no further rule by which one is believed. What a stage between can prove, the one that has its candidates and
    more can."""
    limits, stages = Limits.chosen(effort=8), (Stage.LOCKSTEP, Stage.ALL)
    return [wrong for scenario in load_file(path).scenarios for wrong in wrongly_proved(scenario, limits, stages)]


# --- the table


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def row(path: Path, results: list[Result]) -> str:
    """A line of the table: the file, what it says of itself in its first line, and what became of its checks."""
    counts = Counter(result.verdict.value for result in results)
    said = ", ".join(f"{counts[each.value]} {each.value}" for each in Verdict if each.value in counts)
    return f"| {name(path)} | {path.read_text().splitlines()[0].removeprefix('# ')} | {said} |"


def undecided(counts: Counter[str]) -> int:
    return sum(counts[each.value] for each in UNDECIDED)


def summary(counts: Counter[str]) -> str:
    decided = counts.total() - undecided(counts)
    return f"{len(FILES)} files, {counts.total()} checks: {decided} decided, {undecided(counts)} undecided."


def table() -> str:
    assert [wrong for path in FILES for wrong in wrong_proofs(path)] == []
    found = {path: [result for _, result in verdicts(load_file(path))] for path in FILES}
    counts = Counter(result.verdict.value for results in found.values() for result in results)
    lines = ["# Programs made to fool the checker, and what it said", ""]
    lines += ["Written by tests/prove/test_fooling.py, which holds every verdict against what the program states, has"]
    lines += ["proofs and counterexamples checked again, and sees that nothing wrong can be proved: of each program"]
    lines += ["when this is written, of a slice in every test run.", ""]
    lines += [summary(counts), ""]
    lines += ["| program | what is wrong, or easy to get wrong | verdicts |", "| --- | --- | --- |"]
    lines += [row(path, results) for path, results in found.items()]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    TABLE.write_text(table())
