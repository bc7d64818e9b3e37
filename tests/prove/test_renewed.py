"""Claims of a program that was changed since: what is still so is confirmed, and nothing is for having been so."""

from __future__ import annotations

from functools import cache

import pytest

from checker import program as p
from checker.prove import Claim, Limits, Result, Verdict, decide, groups, recheck
from checker.verify import replay
from tests.helpers.loading import load_source

SHELF = """
record Cell { placed at spot: va  kind: u8 }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) {
  var at: va = 4K
  for cell in cells {
    if at >= 16K { continue }
    place cell at at
    at += 4K
  }
}
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot < 16K
property ordered(shelf: Shelf) = each a before b in shelf where a.placed and b.placed: a.spot <= b.spot
scenario s {
  given cells: Cells
  let shelf = fill(cells)
  check low(shelf), ordered(shelf)
}
"""

REJECTED = (Verdict.REJECTED, Verdict.REJECTED)

CHANGES = {
    ("at += 4K", "at += 8K"): (Verdict.PROVED, Verdict.PROVED),
    ("at += 4K", "at += 0"): (Verdict.PROVED, Verdict.PROVED),
    ("at >= 16K", "at >= 20K"): (Verdict.REJECTED, None),
    ("at += 4K", "at -%= 4K"): (Verdict.PROVED, Verdict.REJECTED),
    ("var at: va = 4K", "var at: va = 16K"): REJECTED,
    ("place cell at at\n", "\n"): REJECTED,
    ("place cell at at\n", "place cell at at at = 0\n"): (Verdict.PROVED, Verdict.REJECTED),
}
"""What is changed in the program, with what becomes of the claims that it is low and ordered. Where it begins at
16 KiB, or places nothing, they would be so, and say nothing. None where it may be either: what is so is not confirmed
where its proof rested on more than it needs."""


def scenario(text: str) -> p.Scenario:
    (found,) = load_source(text).scenarios
    return found


@cache
def claims() -> tuple[Claim, ...]:
    before = scenario(SHELF)
    (group,) = ([*each] for each in groups(before) if each[0].written)
    return tuple(each.claim for each in decide(before, group, replay, Limits()) if each.verdict is Verdict.PROVED)


def again(changed: p.Scenario, *, renewed: bool) -> list[Result]:
    return list(recheck(changed, claims(), replay, Limits(), renewed=renewed))


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_is_still_so_is_confirmed(change: tuple[str, str]) -> None:
    assert SHELF.count(change[0]) == 1
    changed = scenario(SHELF.replace(*change))
    for found, wanted in zip(again(changed, renewed=True), CHANGES[change], strict=False):
        assert wanted in (None, found.verdict), found.check.label


def test_what_is_renewed_has_obligations_of_its_own() -> None:
    changed = scenario(SHELF.replace("at += 4K", "at += 8K"))
    confirmed = again(changed, renewed=True)[1]
    assert confirmed.obligations not in ("", claims()[1].obligations)
    assert again(changed, renewed=False)[1].detail.endswith("its obligations are others")
    unchanged = again(scenario(SHELF), renewed=True)[1]
    assert unchanged.obligations == claims()[1].obligations
