"""The sentence that says what a counterexample shows: it must be true of regions without an address too."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import program as p
from checker.language import load_text
from checker.program.valuation import Valuation
from checker.report.views.counterexample import why
from checker.verify.replay import see
from tests.helpers.in_process import run
from tests.helpers.places import SPEC

TWICE = b"""
use uefi, kexec
algorithm keep(map: MemoryMap) { for region in map { export region place region at 4K } }
algorithm lose(map: MemoryMap) { for region in map { if region.num_pages > 1 { place region at 8K } } }
property unmoved(one: Layout, other: Layout) =
    each r in one with s in other: s.placed and s.virt_addr == r.virt_addr
    else "{r.virt_addr}, then {s.virt_addr}, up to {s.virt_end}"
property told(given: MemoryMap) = each r in given: r.num_pages > 9 else "told {r.virt_addr}"
scenario s {
    given map: MemoryMap
    let first = keep(map)
    let second = lose(efi_memmap(first))
    check unmoved(first, second), stable(first, second), told(map)
}
"""


@pytest.mark.parametrize(
    ("property", "pages", "sentence"),
    [
        ("unmoved", 1, "0x1000, then no address, up to 0x2000"),
        ("unmoved", 2, "0x1000, then 0x2000, up to 0x4000"),
        ("stable", 1, "region 0 had 0x1000 for 1 page at 0x3000; now no address for 1 page at 0x3000"),
        ("stable", 2, "region 0 had 0x1000 for 2 pages at 0x3000; now 0x2000 for 2 pages at 0x3000"),
        ("told", 1, "told 0x5000"),
    ],
)
def test_what_is_wrong_is_told_of_placed_and_unplaced_regions(property: str, pages: int, sentence: str) -> None:
    program = load_text("twice.layout", TWICE, (SPEC,))
    assert isinstance(program, p.Program)
    (scenario,) = program.scenarios
    check = next(check for check in scenario.checks if check.label.startswith(property))
    attribute = 0x8000_0000_0000_0000
    region = {"type": 5, "phys_addr": 0x3000, "virt_addr": 0x5000, "num_pages": pages, "attribute": attribute}
    assert why(check, see(scenario, check, Valuation({"map": (region,)}, {}, {}))) == sentence


def test_a_line_of_another_file_is_told_with_its_file(tmp_path: Path) -> None:
    """What the checker asks by itself stands where the algorithm does; what a scenario states stands there."""
    (tmp_path / "inner.layout").write_text(
        "use uefi\nalgorithm low(map: MemoryMap) {\n    var at: va = 4K\n"
        "    for region in map {\n        place region at at\n        at += region.size\n    }\n}\n"
    )
    asked = "use inner, uefi\nscenario s {\n    given map: MemoryMap\n    let a = low(map)\n    check CHECK\n}\n"
    for stated, begins in (("each r in a: r.placed", ""), ("exact_arithmetic(a)", "inner.layout, ")):
        (tmp_path / "outer.layout").write_text(asked.replace("CHECK", stated))
        done = run(tmp_path, "verify", "outer.layout", "--property", "exact_arithmetic", "--no-cache")
        assert done.status == 1
        assert f"why: {begins}line 6: `at += region.size` is 0x10000000000000000, which does not fit" in done.stdout
        assert f"{'outer.layout:5' if begins else 'inner.layout:2'}: refuted  exact_arithmetic(a)" in done.stdout
