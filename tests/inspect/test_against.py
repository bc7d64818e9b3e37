"""The properties of a scenario on one map: what holds, what is broken, and what a map alone does not decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.inspect.against import Judged, JudgedScenario, judge
from checker.layouts.lay_out import lay_out
from checker.library import Program, models, open_program
from checker.memmap import MemoryMap
from tests.helpers.loading import load_source
from tests.helpers.maps import PC, UC, map_of

FULL = (*PC, ("MemoryMappedIO", 0x1000000000, (64 << 18) + 1, UC))
KERNELS = (0xFFFFFFFEFFC00000, 0xFFFFFFFEFFA10000, 0xFFFFFFFEFFA00000)


def program(model: str) -> Program:
    opened = open_program(models()[model])
    assert isinstance(opened, Program)
    return opened


def judged(model: str, scenario: str, read: MemoryMap, **settings: str) -> JudgedScenario:
    found = judge(program(model), scenario, read, settings)
    assert not isinstance(found, Diagnostic), found
    (one,) = found
    return one


def outcomes(found: JudgedScenario) -> dict[str, str]:
    return {each.check.label.partition(" assuming ")[0]: each.judgement.value for each in found.checks}


def check(found: JudgedScenario, label: str) -> Judged:
    return next(each for each in found.checks if each.check.label.startswith(label))


def test_what_holds_on_a_map_is_told_whatever_is_expected_of_all_maps() -> None:
    found = judged("linux-x86-reversed", "any_map", map_of(PC))
    assert set(outcomes(found).values()) == {"holds"}
    assert found.not_kept == ()


def test_a_property_is_evaluated_once_under_however_many_assumptions_it_is_stated() -> None:
    found = judged("linux-x86-reversed", "any_map", map_of(PC))
    assert len(outcomes(found)) == len(found.checks) == 6


def test_what_is_broken_names_its_regions() -> None:
    found = judged("linux-x86-forward", "any_map", map_of(PC))
    broken = check(found, "adjacency_preserved").broken
    assert broken is not None
    assert [each.origin for each in broken.regions] == [3, 4]


def test_an_assumption_that_the_map_does_not_keep_is_told_and_the_property_is_evaluated() -> None:
    found = judged("linux-x86-reversed", "any_map", map_of(FULL))
    assert [each.rule for each in found.not_kept] == ["budget"]
    placed = check(found, "all_runtime_placed")
    assert placed.judgement.value == "broken"
    assert check(found, "congruent").judgement.value == "holds"


def test_the_regions_that_do_not_keep_an_assumption_are_named() -> None:
    rows = (*PC, ("LoaderData", 0x300000000, 0, 0xF))
    (missed,) = judged("linux-x86-reversed", "any_map", map_of(rows)).not_kept
    assert missed.rule == "not_empty"
    assert [[each.origin for each in one.regions] for one in missed.violations] == [[6]]


def test_a_second_map_that_is_given_is_not_known() -> None:
    found = judged("linux-x86-reversed", "boot_services", map_of(PC))
    assert outcomes(found) == {"independent(first, again)": "undecided"}
    assert check(found, "independent").reason == "`map` and `other` may differ; all were this map"


def test_a_hand_over_that_comes_back_to_a_layout_is_decided_however_often_it_is_repeated() -> None:
    found = judged("linux-x86-reversed", "kexec", map_of(PC))
    assert outcomes(found) == {"stable(first, second)": "holds", "stable(first, last)": "holds"}


DRIFTING = """
use uefi
algorithm start(map: MemoryMap) { for region in map { place region at 4K } }
algorithm drift(map: MemoryMap) { for region in map { place region at region.virt_addr +% 4K } }
handover all_of(layout: Layout) { pass region virt_addr: u64 phys_addr: u64 num_pages: u64 }
property low(layout: Layout) = each r in layout where r.placed: r.virt_addr <= 64K
property first_pages(layout: Layout) = each r in layout where r.placed: r.virt_addr <= 12K
scenario s {
    given map: MemoryMap
    let first = start(map)
    let last = repeat drift(all_of(first))
    check low(last)
    check first_pages(last)
}
"""


def test_a_hand_over_that_never_comes_back_is_decided_by_a_violation_only(tmp_path: Path) -> None:
    (tmp_path / "drift.layout").write_text(DRIFTING)
    opened = open_program(tmp_path / "drift.layout")
    assert isinstance(opened, Program), opened
    (found,) = judge(opened, "", map_of(PC), {})  # type: ignore[misc]
    assert isinstance(found, JudgedScenario)
    assert outcomes(found) == {"low(last)": "undecided", "first_pages(last)": "broken"}
    assert "up to 3 were tried" in check(found, "low").reason


def test_what_a_kernel_chooses_is_not_decided_by_what_it_might_choose() -> None:
    found = judged("kexec-agreement", "boot_services_are_not_passed", map_of(PC))
    assert set(outcomes(found).values()) == {"undecided"}
    assert "`address` of first may have any value" in found.checks[0].reason


def test_a_choice_that_breaks_an_assumption_breaks_nothing_else() -> None:
    """The lowest choice puts all regions at one address, which `assuming no_overlap(first)` excludes."""
    found = judged("kexec-agreement", "layout_is_not_abi", map_of(PC))
    assert "no_overlap" in [each.rule for each in found.not_kept]
    assert "broken" not in outcomes(found).values()


def test_the_maps_own_addresses_are_what_a_kernel_is_handed() -> None:
    rows = (PC[5], PC[4], PC[3])
    good = judged("kexec-agreement", "nothing_is_checked", map_of(rows, KERNELS))
    assert set(outcomes(good).values()) == {"holds"}
    twice = judged("kexec-agreement", "nothing_is_checked", map_of(rows, (KERNELS[0], KERNELS[1], KERNELS[1])))
    assert outcomes(twice)["no_overlap(second)"] == "broken"


@pytest.mark.parametrize(("room", "outcome"), [("1", "broken"), ("100", "undecided")])
def test_a_value_that_is_given_is_set(room: str, outcome: str) -> None:
    found = judged("kexec-hazards", "cut_off", map_of(PC), room=room)
    assert outcomes(found) == {"stable(first, second)": outcome}


@pytest.mark.parametrize(
    ("pages", "said"),
    [(0x1000, "holds"), (1 << 40, "undecided"), (0x12346, "broken"), (1 << 22, "undecided")],
)
def test_of_more_pages_than_can_be_looked_at_nothing_is_known_to_hold(tmp_path: Path, pages: int, said: str) -> None:
    path = tmp_path / "pages.layout"
    path.write_text("""
        use uefi, x86_64
        algorithm none(map: MemoryMap) { for r in map { place r at EFI_WINDOW.start } }
        scenario s {
            given map: MemoryMap
            let made = none(map)
            check each r in made, k: pages below r.num_pages: k != 0x12345
        }
    """)
    opened = open_program(path)
    assert isinstance(opened, Program)
    found = judge(opened, "", map_of([("RuntimeServicesData", 0, pages, 0xF)]), {})
    assert not isinstance(found, Diagnostic)
    (one,) = found[0].checks
    assert one.judgement.value == said
    reason = "`k` may be any of more numbers than can be looked at; some were tried"
    assert one.reason == (reason if said == "undecided" else "")


def test_a_window_of_which_the_end_is_not_above_the_start_is_refused() -> None:
    text = """
        algorithm low(map: MemoryMap, room: window of va) {
            for region in map where region.runtime { place region at room.start }
        }
        scenario s {
            given map: MemoryMap
            given room: window of va
            let made = low(map, room)
            check each r in made where r.placed: r.virt_addr >= room.start
        }
    """
    opened = Program("low.layout", Path("low.layout"), load_source(text))
    (algorithm,) = opened.program.algorithms
    for start, end, right in (("4K", "8K", True), ("8K", "8K", False), ("8K", "4K", False)):
        settings = {"room.start": start, "room.end": end}
        for found in (judge(opened, "", map_of(PC), settings), lay_out(algorithm, map_of(PC).descriptors, settings)):
            assert isinstance(found, Diagnostic) is not right
            assert right or (str(found.code), "the window `room` is empty" in found.message) == ("C006", True)
