"""Budgets: the bound that is found, both sides of it, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.library import find_algorithm, open_program
from checker.prove import Fewest, Limits, Verdict
from checker.verify.budget.decide import Budget, BudgetKind, budget
from checker.verify.budget.frontier import frontier
from checker.verify.budget.question import BudgetQuestion, question
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify

OPTIONS = Options(limits=Limits.chosen(bound=4, effort=60))
PAGE = 4096

Ask = Callable[..., BudgetQuestion | Diagnostic]

SHELF = """
window SHELF: va = 0x1_0000 .. 0x11_0000

algorithm fill(map: MemoryMap) {{
    var top: va = SHELF.start
    for region in map where region.runtime {{
        {body}
    }}
}}
"""
"""A window of 256 pages."""

STACKED = "place region at top  top +%= (region.num_pages as bytes) <<% 12"
IN_FRAMES = "top = align_down(top +% 0xffff, 64K)  place region at top  top +%= (region.num_pages as bytes) <<% 12"


@pytest.fixture
def asked(tmp_path: Path) -> Ask:
    """What is asked of the algorithm `fill` with a body, or of a whole text."""

    def ask(body: str, *properties: str, where: str | None = None, text: str = SHELF) -> BudgetQuestion | Diagnostic:
        path = tmp_path / "shelf.layout"
        path.write_text("use uefi, x86_64, invariants\n" + text.format(body=body))
        chosen = find_algorithm(f"{path}:fill")
        assert not isinstance(chosen, Diagnostic)
        return question(chosen, properties, where)

    return ask


def found(asked: BudgetQuestion | Diagnostic) -> Budget:
    assert isinstance(asked, BudgetQuestion)
    made = budget(asked, OPTIONS)
    assert isinstance(made, Budget)
    return made


def verdicts(made: Budget) -> list[Verdict]:
    return [each.result.verdict for each in made.results]


def test_what_is_stacked_may_fill_the_window(asked: Ask) -> None:
    made = found(asked(STACKED))
    assert (made.answer, made.proved, made.refuted) == (BudgetKind.EXACT, 256 * PAGE, 257 * PAGE)
    assert verdicts(made) == [Verdict.PROVED, Verdict.REFUTED]
    assert [made.room(count) for count in (1, 1000)] == [256 * PAGE, 256 * PAGE]


def test_what_is_lost_for_alignment_is_counted_for_each_region_but_the_first(asked: Ask) -> None:
    """Before the first region nothing is lost; before each other one at most 15 pages."""
    made = found(asked(IN_FRAMES))
    assert (made.answer, verdicts(made)) == (BudgetKind.EXACT, [Verdict.PROVED, Verdict.REFUTED])
    assert [made.room(count) for count in (1, 2, 3)] == [256 * PAGE, 241 * PAGE, 226 * PAGE]


def test_the_refuting_map_has_one_page_more_than_fits(asked: Ask) -> None:
    made = found(asked(IN_FRAMES))
    broken = made.results[1].result.counterexample
    assert broken is not None
    sizes = [region["num_pages"] * PAGE for region in broken.maps["map"] if region is not None]
    fits = made.room(len(sizes))
    assert fits is not None
    assert sum(sizes) == fits + PAGE


def test_what_is_found_is_a_scenario_that_verify_decides_alike(asked: Ask, tmp_path: Path) -> None:
    made = found(asked(STACKED))
    path = tmp_path / "theorem.layout"
    path.write_text((tmp_path / "shelf.layout").read_text() + made.text)
    opened = open_program(path)
    assert not isinstance(opened, Diagnostic)
    results = [each.result for each in verify(plan([opened]), OPTIONS) if isinstance(each, CheckResult)]
    assert [(each.verdict, each.as_expected) for each in results if each.check.written] == [
        (Verdict.PROVED, True),
        (Verdict.REFUTED, True),
    ]


def test_regions_that_a_variable_may_keep_out_count(asked: Ask) -> None:
    """Whether one is kept out is not known before the run: the budget is of all that the pass may select."""
    text = SHELF.replace("var top", "var full: bool = false\n    var top").replace(
        "region.runtime", "region.runtime and not full"
    )
    made = asked(STACKED, text=text)
    assert isinstance(made, BudgetQuestion)
    assert made.where == "r.runtime"
    assert found(made).answer is BudgetKind.EXACT


def test_where_only_addresses_matter_no_budget_is_enough(asked: Ask) -> None:
    made = found(asked("place region at region.phys_addr as va"))
    assert (made.answer, verdicts(made), made.proved) == (BudgetKind.NONE, [Verdict.REFUTED], None)
    assert made.frontier is not None
    assert made.frontier.smallest == 1


def test_what_holds_of_every_map_needs_no_budget(asked: Ask) -> None:
    made = found(asked(STACKED, "all_runtime_placed"))
    assert (made.answer, verdicts(made), made.proved) == (BudgetKind.UNNEEDED, [Verdict.PROVED], None)


def test_what_is_not_decided_is_no_budget(asked: Ask) -> None:
    """With hardly any effort nothing is proved, so nothing is said to be, whatever concrete maps tell."""
    made = budget(asked(IN_FRAMES), Options(limits=Limits(effort=60_000)))
    assert isinstance(made, Budget)
    assert Verdict.PROVED not in verdicts(made)
    assert (made.answer, made.proved, made.room(1)) == (BudgetKind.UNDECIDED, None, None)
    assert made.why


def test_regions_count_that_a_pass_selects_which_places_some(asked: Ask) -> None:
    text = """
    window SHELF: va = 0x1_0000 .. 0x11_0000
    algorithm fill(map: MemoryMap, low: pa, high: bool = true) {{
        for region in map where region.num_pages > 7 {{ region.attribute |= WB }}
        for region in map where region.phys_addr < low {{ place region at SHELF.start }}
        for entry in map where entry.runtime and high {{ {body} }}
    }}
    scenario s {{
        given all: MemoryMap where well_formed
        given top: pa
        let made = fill(all, top, false)
        check no_overlap(made)
    }}
    """
    made = asked("place entry at SHELF.start", text=text)
    assert isinstance(made, BudgetQuestion)
    assert made.where == "(r.phys_addr < top) or (r.runtime and false)"
    assert (made.map, made.call, made.claim[:18]) == ("all", "fill(all, top, false)", "fits(made, SHELF) ")
    assert made.givens == ("given all: MemoryMap where well_formed", "given top: pa")


def test_whoever_names_no_window_is_asked_for_none_and_needs_no_budget_one_to_one(asked: Ask) -> None:
    made = asked("place region at region.phys_addr as va", text=SHELF.replace("SHELF.start", "0"))
    assert isinstance(made, BudgetQuestion)
    assert made.claim.startswith("no_overlap(made) and ")
    found = budget(made, OPTIONS)
    assert isinstance(found, Budget)
    assert (found.answer, found.status) == (BudgetKind.UNNEEDED, 0)


def test_an_algorithm_that_places_nothing_has_none(asked: Ask) -> None:
    refused = asked("export region")
    assert isinstance(refused, Diagnostic)
    assert (refused.code.value, "places nothing" in refused.message) == ("C004", True)


def test_a_claim_that_is_no_formula_is_told_of(asked: Ask) -> None:
    wrong = asked(STACKED, "fitz")
    assert isinstance(wrong, BudgetQuestion)
    refused = budget(wrong, OPTIONS)
    assert isinstance(refused, Diagnostic)
    assert "fitz" in refused.message


def test_the_bound_admits_none_of_the_maps_that_were_found() -> None:
    """Two regions lose 3 pages against one, three lose 5 more: with the larger slack the bound is that of the first."""
    reach = frontier(lambda count: Fewest({1: 101, 2: 98, 3: 93}[count] * PAGE), PAGE)
    assert (reach.slack, reach.bound) == (5 * PAGE, 105 * PAGE)
    for count, least in enumerate(reach.least, 1):
        assert least is not None
        assert least + count * reach.slack > reach.bound


def test_regions_count_to_which_an_if_gives_addresses(asked: Ask) -> None:
    """Of what is asked on the way, parts about the run's own variables and about marks say nothing of who counts."""
    body = "if region.num_pages > 1 and top > SHELF.start and not region.exported { place region at top }"
    made = asked(body, text=SHELF.replace(" where region.runtime", ""))
    assert isinstance(made, BudgetQuestion)
    assert made.where == "r.num_pages > 1"


def test_regions_count_that_no_way_out_is_taken_for(asked: Ask) -> None:
    made = asked(f"if not region.runtime {{ continue }} {STACKED}", text=SHELF.replace(" where region.runtime", ""))
    assert isinstance(made, BudgetQuestion)
    assert made.where == "r.runtime"


def test_what_is_given_back_needs_no_address_in_the_end(asked: Ask) -> None:
    """Boot services fill the shelf as all do, and leave it."""
    text = SHELF.replace(
        "{body}\n    }}", "{body}\n    }}\n    for gone in map where gone.boot_services {{ unplace gone }}"
    )
    made = asked(STACKED, text=text)
    assert isinstance(made, BudgetQuestion)
    assert "each r in made where (r.runtime) and not (r.boot_services): r.placed" in made.claim
    assert found(made).answer is BudgetKind.EXACT


def test_what_the_arguments_rule_out_is_not_given_back(asked: Ask) -> None:
    more = "{body}\n    }}\n    for gone in map where kept {{ if not kept {{ unplace gone }} }}"
    text = SHELF.replace("{body}\n    }}", more).replace("map: MemoryMap", "map: MemoryMap, kept: bool = true")
    made = asked(STACKED, text=text)
    assert isinstance(made, BudgetQuestion)
    assert "not (" not in made.claim


def test_the_window_is_that_in_which_a_scenario_expects_the_layout_to_fit(asked: Ask) -> None:
    scenario = """
    scenario s {{
        given map: MemoryMap where well_formed
        let made = fill(map)
        check fits(made, NARROW) expect refuted
        assuming count(r in map) <= 1 {{ check no_overlap(made), fits(made, SHELF) }}
    }}
    """
    windows = "window NARROW: va = 0x1_0000 .. 0x1_1000\n"
    made = asked(STACKED, text=windows + SHELF.replace("SHELF.start", "0x1_0000") + scenario)
    assert isinstance(made, BudgetQuestion)
    assert made.claim.startswith("fits(made, SHELF) and ")


def test_a_bound_of_more_than_64_bits_is_told_of(asked: Ask) -> None:
    """Without a window it takes all memory that there is, and its alignment, to come round to where it began."""
    made = found(asked(IN_FRAMES, text=SHELF.replace("SHELF.start", "0x1_0000")))
    assert (made.answer, made.status) == (BudgetKind.UNDECIDED, 3)
    assert "64 bits" in made.why
