"""What is shown to people: counterexamples of the fewest descriptors, few pages, round addresses; and never one that
does not replay."""

from __future__ import annotations

import json
from functools import cache

import pytest

from checker import program as p
from checker.program.valuation import Valuation
from checker.prove import Limits, Result, Verdict, decide, groups
from checker.prove.search.shapes import shapes
from checker.prove.terms.solver import Answer
from checker.verify import replay
from tests.helpers.command import mapproof
from tests.helpers.loading import load_file
from tests.helpers.places import FOOLING, MODELS
from tests.helpers.prover import Prover

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("counterexamples")]

KERNELS = ("linux-x86-forward", "linux-x86-reversed", "kexec-agreement", "kexec-hazards")

LARGE = {
    "fits(first)": 0x10_0000_0000_0000,
    "no_overlap(first)": 0x10_0000_0000_0000,
    "all_runtime_placed(first)": 0x100_0000,
    "all_runtime_placed(first) assuming no_wrap(map)": 0x100_0000,
    "stable(first, second)": 0x1_0000_0000,
}
"""The checks that only large regions break, and how many pages, all together, they need at most."""

UNEVEN = "no_overlap(first)"
"""The check whose addresses are not round: what breaks it has to fill the address space to the last page."""


@cache
def refuted(model: str) -> tuple[tuple[p.Scenario, Result], ...]:
    found = []
    for made in load_file(MODELS / f"{model}.layout").scenarios:
        for group in groups(made):
            wanted = [check for check in group if check.expected is p.Expected.REFUTED]
            found += [(made, result) for result in decide(made, wanted, replay, Limits(), beside=group)]
    return tuple(found)


def regions(found: Valuation) -> list[dict[str, int]]:
    return [dict(region) for column in found.maps.values() for region in column if region is not None]


def counterexample(result: Result) -> Valuation:
    assert result.verdict is Verdict.REFUTED, result.check.label
    assert result.counterexample is not None
    return result.counterexample


@pytest.mark.parametrize("model", KERNELS)
def test_no_shorter_map_breaks_it(model: str) -> None:
    for made, result in refuted(model):
        rows = len(next(iter(counterexample(result).maps.values())))
        prover = Prover(made, (result.check,))
        for shape in (s for length in range(rows) for s in shapes(made, length)):
            assert prover.search(result.check, shape) is Answer.UNSAT, (result.check.label, shape)


@pytest.mark.parametrize("model", KERNELS)
def test_few_pages(model: str) -> None:
    for _, result in refuted(model):
        found = regions(counterexample(result))
        pages = [region["num_pages"] for region in found if "num_pages" in region]
        most = LARGE.get(result.check.label, len(pages))
        assert sum(pages) <= most, (result.check.label, [hex(number) for number in pages])


@pytest.mark.parametrize("model", KERNELS)
def test_round_addresses(model: str) -> None:
    for _, result in refuted(model):
        for region in regions(counterexample(result)):
            digits = len(f"{region.get('phys_addr', 0):x}".strip("0"))
            assert digits <= 3 or result.check.label == UNEVEN, (result.check.label, region)
            assert region.get("virt_addr", 0) in (0, 1), "at most what is asked for"


def test_the_same_again() -> None:
    """Each task has a process of its own, so that what was decided before does not count."""
    asked = ("verify", "kexec-hazards", "--property", "stable", "--property", "understood", "--format", "json")
    first, again = (json.loads(mapproof(*asked).stdout) for _ in range(2))
    shown = [[each["counterexample"] for each in found["results"]] for found in (first, again)]
    assert any(shown[0])
    assert shown[0] == shown[1]


@pytest.mark.parametrize("model", KERNELS)
def test_every_one_replays(model: str) -> None:
    for made, result in refuted(model):
        assert replay.breaks(made, result.check, counterexample(result))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("overlap-from-third-region", 4),
        ("single-region", 1),
        ("empty-map", 0),
        ("equal-addresses", 2),
        ("counter-u8", 3),
        ("changing-filter", 2),
        ("flags-gathered", 2),
        ("neighbours-found-later", 3),
        ("total-of-differences", 2),
        ("number-of-regions", 3),
        ("neighbours-of-the-last-kernel", 3),
    ],
)
def test_the_fewest_descriptors(name: str, rows: int) -> None:
    made = next(s for s in load_file(FOOLING / f"{name}.layout").scenarios if s.name == "broken")
    for group in groups(made):
        for result in decide(made, group, replay, Limits()):
            if result.check.expected is p.Expected.REFUTED:
                assert len(next(iter(counterexample(result).maps.values()))) == rows


class Denies:
    """A judge who denies some of what is so."""

    def __init__(self, *, breaking: bool) -> None:
        self.breaking = breaking

    def breaks(self, made: p.Scenario, check: p.Check, found: Valuation) -> bool:
        return not self.breaking and replay.breaks(made, check, found)

    def applies(self, made: p.Scenario, check: p.Check, found: Valuation) -> bool:
        return self.breaking and replay.applies(made, check, found)


@pytest.mark.parametrize(
    "name", ["overlap-from-third-region", "empty-map", "choose-lowest", "third-kernel", "zero-length"]
)
def test_an_oracle_that_denies_everything(name: str) -> None:
    """A counterexample that does not replay is an error of the checker, and never shown as a refutation."""
    for made in load_file(FOOLING / f"{name}.layout").scenarios:
        for group in groups(made):
            for result in decide(made, group, Denies(breaking=True), Limits()):
                assert result.verdict is not Verdict.REFUTED
                if result.check.expected is p.Expected.REFUTED:
                    assert result.verdict is Verdict.ERROR


@pytest.mark.parametrize("name", ["overlap-from-third-region", "never-applies", "third-kernel"])
def test_a_witness_that_denies_everything(name: str) -> None:
    """What cannot be shown to apply to anything is not proved."""
    for made in load_file(FOOLING / f"{name}.layout").scenarios:
        for group in groups(made):
            for result in decide(made, group, Denies(breaking=False), Limits()):
                assert result.verdict is not Verdict.PROVED or not result.check.written
