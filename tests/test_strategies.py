"""What `checker.strategies` draws is what it says, and only what it says."""

from __future__ import annotations

import doctest
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import find, given
from hypothesis.vendor.pretty import pretty

import checker
from checker import strategies
from checker.interpret import World, holds
from checker.memmap import PAGE_SIZE
from checker.program.valuation import Valuation
from checker.verify.replay import world
from tests.helpers.command import program
from tests.helpers.places import DATA, ROOT

MODEL = checker.load("linux-x86-reversed")
assert isinstance(MODEL, checker.Program)
ANY_MAP = next(each for each in MODEL.program.scenarios if each.name == "any_map")
BOOT_SERVICES = next(each for each in MODEL.program.scenarios if each.name == "boot_services")


def assumptions(label: str) -> tuple[object, ...]:
    """What a check of the model assumes."""
    return next(each.assumptions for each in ANY_MAP.checks if each.label == label)


def kept(found: checker.MemoryMap, label: str = "congruent(first)") -> bool:
    """Tell whether the interpreter sees a map keep what a check assumes."""
    fields = ("type", "phys_addr", "num_pages", "attribute", "virt_addr")
    rows = tuple({name: getattr(each, name) for name in fields} for each in found.descriptors)
    (given_map,) = ANY_MAP.maps
    alone = World({given_map.name: rows}, {}, {}, {given_map.name: given_map.record})
    return holds(assumptions(label), alone)  # type: ignore[arg-type]


@given(strategies.well_formed_maps())
def test_well_formed_maps_keep_what_the_models_assume(found: checker.MemoryMap) -> None:
    assert kept(found)


@given(strategies.well_formed_maps(ordered=True))
def test_ordered_maps_are(found: checker.MemoryMap) -> None:
    starts = [each.phys_addr for each in found.descriptors]
    assert starts == sorted(starts)


def test_well_formed_maps_touch_have_gaps_and_come_in_any_order() -> None:
    def ends(found: checker.MemoryMap) -> list[tuple[int, int]]:
        return [(each.phys_addr, each.phys_addr + each.num_pages * PAGE_SIZE) for each in found.descriptors]

    find(strategies.well_formed_maps(), lambda found: any(a[1] == b[0] for a in ends(found) for b in ends(found)))
    find(
        strategies.well_formed_maps(),
        lambda found: len(found.descriptors) > 1 and ends(found)[0][0] > ends(found)[1][1],
    )


@given(strategies.maps_near_budget())
def test_maps_near_the_budget_miss_it_by_two_pages_at_most(found: checker.MemoryMap) -> None:
    need = sum(each.num_pages * PAGE_SIZE + (2 << 20) for each in found.descriptors)
    assert abs(need - (64 << 30)) <= 2 * PAGE_SIZE
    assert kept(found)
    assert kept(found, "all_runtime_placed(first) assuming budget(map)") == (need <= 64 << 30)


def test_there_are_maps_on_both_sides_of_the_budget() -> None:
    label = "all_runtime_placed(first) assuming budget(map)"
    find(strategies.maps_near_budget(), lambda found: kept(found, label))
    find(strategies.maps_near_budget(), lambda found: not kept(found, label))


def test_real_maps_are_those_of_the_files() -> None:
    path = DATA / "maps" / "linux-x86-type.txt"
    found = find(strategies.real_maps(path), lambda found: True)
    assert len(found.descriptors) == 51
    shipped = find(strategies.real_maps(), lambda found: len(found.descriptors) > 100)
    assert shipped.source.startswith(str(ROOT))
    with pytest.raises(ValueError, match="M101"):
        strategies.real_maps(ROOT / "README.md")


REAL = checker.read_map(DATA / "maps" / "linux-x86-flags-closed.txt")
assert isinstance(REAL, checker.MemoryMap)


@given(strategies.maps_like(REAL))
def test_a_map_like_another_has_only_memory_of_that_one(found: checker.MemoryMap) -> None:
    assert isinstance(REAL, checker.MemoryMap)
    for each in found.descriptors:
        inside = [
            old
            for old in REAL.descriptors
            if old.phys_addr <= each.phys_addr
            and each.phys_addr + each.num_pages * PAGE_SIZE <= old.phys_addr + old.num_pages * PAGE_SIZE
        ]
        assert any(replace(old, phys_addr=each.phys_addr, num_pages=each.num_pages) == each for old in inside)


@given(strategies.assumed(MODEL, "boot_services", max_regions=4))
def test_what_is_assumed_is_kept_with_maps_that_are_alike(found: Valuation) -> None:
    made = world(BOOT_SERVICES, found)
    assert made is not None
    assert holds(BOOT_SERVICES.checks[0].assumptions, made)


@given(strategies.assumed_maps("linux-x86-reversed", "any_map", "all_runtime_placed(first) assuming budget(map)"))
def test_the_assumptions_of_a_check_are_kept_and_so_it_holds(found: checker.MemoryMap) -> None:
    assert kept(found, "all_runtime_placed(first) assuming budget(map)")
    assert isinstance(MODEL, checker.Program)
    layout = checker.lay_out(MODEL.program.algorithms[0], found)
    assert isinstance(layout, checker.Layout)
    assert all(region["placed"] for region in layout.regions if region["attribute"] >> 63)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("no-such-model", "any_map"), "C002"),
        (("linux-x86-reversed", "some_map"), "any_map, closed_form, boot_services"),
        (("linux-x86-reversed", "any_map", "fits(last)"), "fits"),
    ],
)
def test_what_is_not_there_is_said_when_the_strategy_is_made(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        strategies.assumed(*arguments)


def test_regions_that_are_no_descriptors_make_no_map() -> None:
    opened = checker.load_text(program("check low(shelf)"))
    assert isinstance(opened, checker.Program)
    with pytest.raises(ValueError, match="`spot`"):
        strategies.assumed_maps(opened, "s")
    find(strategies.assumed(opened, "s"), lambda found: len(found.maps["cells"]) == 2)


def test_the_example_of_the_module_is_right() -> None:
    assert doctest.testmod(strategies).failed == 0


def test_the_door_is_there_without_hypothesis() -> None:
    script = "import sys; sys.modules['hypothesis'] = None; import checker; import checker.verify.run\n"
    script += "try: import checker.strategies\nexcept ImportError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "checker.strategies needs Hypothesis: pip install '.[hypothesis]' in the clone of mapproof\n"


def test_a_failing_test_tells_of_a_real_map_and_not_of_the_whole_file() -> None:
    found = checker.read_map(DATA / "maps" / "linux-two-lists.txt")
    assert isinstance(found, checker.MemoryMap)
    assert pretty(found).count("Descriptor(") == len(found.descriptors) == 125
    assert "mem00" not in pretty(found)
