"""Two algorithms held against each other: wrong pairs that are easy to take for equal ones, each beside a right one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import library
from checker.base.diagnostic import Diagnostic
from checker.prove import Proved
from checker.verify.equivalence import Equivalence, alike, equivalence
from tests.helpers.loading import verdicts
from tests.helpers.places import DATA

PAIRS = sorted((DATA / "fooling-pairs").glob("*.layout"))


def heading(text: str, word: str) -> str | None:
    found = re.search(rf"^# {word}: ?(.*)$", text, re.MULTILINE)
    return None if found is None else found.group(1)


def compared(path: Path, one: str = "one", other: str = "other", **how: object) -> Equivalence | Diagnostic:
    first, second = library.find_algorithm(f"{path}:{one}"), library.find_algorithm(f"{path}:{other}")
    assert isinstance(first, library.Chosen)
    assert isinstance(second, library.Chosen)
    return equivalence(first, second, **how)  # type: ignore[arg-type]


def answer(claimed: Equivalence) -> str:
    """What all claims come to."""
    results = [result for _, result in verdicts(claimed.program.program)]
    return {True: "alike", False: "differ", None: "undecided"}[alike(results, whole=claimed.whole)]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_pair_is_called_alike_only_if_it_is(path: Path) -> None:
    text = path.read_text()
    assuming = heading(text, "assuming")
    claimed = compared(path, assumptions=None if assuming is None else [assuming] if assuming else [])
    assert isinstance(claimed, Equivalence), claimed
    assert answer(claimed) == heading(text, "diff")


def test_an_address_and_a_number_in_step_are_seen_to_be_equal() -> None:
    # Without that there is a proof too, but it takes a hundred times as long; what is read from C counts in numbers.
    claimed = compared(DATA / "fooling-pairs" / "addresses-as-numbers.layout")
    assert isinstance(claimed, Equivalence)
    ((_, result),) = verdicts(claimed.program.program)
    assert isinstance(result.outcome, Proved)
    assert {"same variables", "goals"} <= {each.template for each in result.outcome.worded.values()}


def test_there_are_pairs_of_every_kind() -> None:
    assert {heading(path.read_text(), "diff") for path in PAIRS} == {"alike", "differ", "undecided"}


def test_placement_alone_leaves_the_exported_lists_out() -> None:
    claimed = compared(DATA / "fooling-pairs" / "exported-backwards.layout", placement=True)
    assert isinstance(claimed, Equivalence)
    assert answer(claimed) == "alike"


def test_what_is_assumed_is_that_the_map_is_well_formed_where_the_file_knows_that() -> None:
    claimed = compared(DATA / "fooling-pairs" / "closed-form-off-by-a-page.layout")
    assert isinstance(claimed, Equivalence)
    assumed = {each.rule for check in claimed.program.program.scenarios[0].checks for each in check.assumptions}
    assert assumed == {"page_aligned", "not_empty", "ends_in_address_space", "disjoint"}


def test_a_file_that_does_not_know_well_formed_assumes_nothing() -> None:
    claimed = compared(DATA / "fooling-pairs" / "marked-by-one.layout")
    assert isinstance(claimed, Equivalence)
    assert [check.assumptions for check in claimed.program.program.scenarios[0].checks] == [(), ()]


def test_algorithms_of_different_records_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "two.layout"
    path.write_text(
        "record A { placed at spot: va  base: pa }\nlist As of A\n"
        "record B { placed at spot: va  base: pa  length: pages }\nlist Bs of B\n"
        "algorithm one(cells: As) { for cell in cells { place cell at 0 } }\n"
        "algorithm other(cells: Bs) { for cell in cells { place cell at 0 } }\n"
    )
    wrong = compared(path)
    assert isinstance(wrong, Diagnostic)
    assert (str(wrong.code), wrong.span and wrong.span.line) == ("C030", 6)
    assert wrong.help == "name `other` first: its regions have all that those of `one` have"


def test_a_value_that_both_are_given_has_one_type(tmp_path: Path) -> None:
    path = tmp_path / "two.layout"
    path.write_text(
        "use uefi\n"
        "algorithm one(map: MemoryMap, at: va) { for region in map { place region at at } }\n"
        "algorithm other(map: MemoryMap, at: pa) { for region in map { place region at at as va } }\n"
    )
    wrong = compared(path)
    assert isinstance(wrong, Diagnostic)
    assert str(wrong.code) == "C030"
    assert "`at` is a va for `one` and a pa for `other`" in wrong.message


def test_algorithms_that_do_nothing_to_regions_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "two.layout"
    path.write_text(
        "record A { base: pa }\nlist As of A\n"
        "algorithm one(cells: As) { for cell in cells { continue } }\n"
        "algorithm other(cells: As) { for cell in cells { break } }\n"
    )
    wrong = compared(path)
    assert isinstance(wrong, Diagnostic)
    assert str(wrong.code) == "C004"


def test_a_mistake_in_what_is_assumed_is_shown_in_what_is_assumed() -> None:
    wrong = compared(DATA / "fooling-pairs" / "closed-form.layout", assumptions=["well_formed", "budgt(map)"])
    assert isinstance(wrong, Diagnostic)
    assert wrong.span is not None
    assert (str(wrong.code), wrong.span.source.name, wrong.span.text) == ("L103", "--assuming", "budgt")


def test_both_may_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "old.layout").write_text(
        "use uefi\nalgorithm stack(map: MemoryMap) { for region in map { place region at 0 } }\n"
    )
    (tmp_path / "new.layout").write_text(
        "use uefi\nalgorithm stack(map: MemoryMap) { for region in map { place region at 4K } }\n"
    )
    first, second = (library.find_algorithm(str(tmp_path / name)) for name in ("old.layout", "new.layout"))
    assert isinstance(first, library.Chosen)
    assert isinstance(second, library.Chosen)
    claimed = equivalence(first, second)
    assert isinstance(claimed, Equivalence)
    assert [run.name for run in claimed.program.program.scenarios[0].runs] == ["stack", "stack_2"]
    assert answer(claimed) == "differ"
