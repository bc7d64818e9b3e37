"""Totals on given maps: exact sums over every region of a list, dropped ones too, whatever 64 bits can hold."""

from __future__ import annotations

import pytest

from checker.interpret import ShownValue, realise, violation
from checker.program.valuation import Valuation
from tests.helpers.loading import load_source

RUNTIME = 1 << 63
LARGEST = (1 << 64) - 1

(COUNTED,) = load_source(
    """
    algorithm thinned(map: MemoryMap) {
        for region in map where region.runtime {
            place region at EFI_WINDOW.start
            if region.num_pages == 0 { drop region }
        }
    }
    scenario s {
        given map: MemoryMap
        let made = thinned(map)
        check count(r in made where r.placed) == 2
        check count(r in made where not r.dropped) < count(r in map)
        check total(r.num_pages for r in made) - total(r.num_pages for r in map where r.runtime) <= 7
        check 1 + count(r in made) > count(r in map where r.runtime) + count(r in map where not r.runtime)
    }
    """
).scenarios


def of(pages: int, *, runtime: bool = True) -> dict[str, int]:
    return {"type": 5, "phys_addr": 0, "virt_addr": 0, "num_pages": pages, "attribute": RUNTIME * runtime}


@pytest.mark.parametrize(
    ("regions", "holding"),
    [
        ([], [False, False, True, True]),
        ([of(1), of(0)], [True, True, True, True]),
        ([of(1), of(7, runtime=False), of(2)], [True, False, True, True]),
        ([of(1), of(8, runtime=False)], [False, False, False, True]),
        ([of(LARGEST), of(LARGEST), of(7, runtime=False)], [True, False, True, True]),
        ([of(1, runtime=False), of(LARGEST, runtime=False)], [False, False, False, True]),
    ],
)
def test_comparisons_of_totals_hold_of_exact_sums(regions: list[dict[str, int]], holding: list[bool]) -> None:
    world = realise(COUNTED, Valuation({"map": tuple(regions)}, {}, {}), {})
    written = [check for check in COUNTED.checks if check.written]
    assert [violation(check, world) is None for check in written] == holding


def test_what_each_total_comes_to_is_told() -> None:
    world = realise(COUNTED, Valuation({"map": (of(LARGEST, runtime=False),) * 2}, {}, {}), {})
    found = violation(COUNTED.checks[2], world)
    assert found is not None
    assert [each.value for each in found.explanation if isinstance(each, ShownValue)] == [2 * LARGEST, 0]
