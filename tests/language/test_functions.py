"""`def`: parameters that are regions, and parameters that stand where only constants can."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from tests.helpers.loading import refused, typed

HEAD = """use uefi
def lowered(at: va, page: bytes): va = align_down(at, page)
def halved(at: va, page: bytes): va = lowered(at, page / 2)
def product(a: u64, b: u64): u64 = a *% b
def twice(a: u64): u64 = 2 *% a
def area(a: u64): u64 = product(a, a)
def is_low(region: Descriptor, limit: pa = 4G): bool = region.phys_end <= limit
record Tagged extends Descriptor { mark tagged }
list TaggedMap of Tagged
record Other { phys_addr: pa  placed at virt_addr: va  derive phys_end: pa = phys_addr }
list Others of Other
assumption few(map: MemoryMap, most: u64, page: bytes) =
    count(r in map where r.phys_addr aligned page) <= most + 1
"""


def algorithm(condition: str, kind: str = "MemoryMap") -> str:
    return f"{HEAD}algorithm f(map: {kind}, n: u64, page: bytes) {{ for r in map where {condition} {{ drop r }} }}\n"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("lowered(r.virt_addr, 64K) == 0", "align_down(r.virt_addr, 64K) == 0"),
        ("halved(r.virt_addr, 64K + 64K) == 0", "align_down(r.virt_addr, 64K) == 0"),
        ("product(n, 3) == 0", "n *% 3 == 0"),
        ("product(3, n) == 0", "3 *% n == 0"),
        ("twice(n) == 0", "2 *% n == 0"),
        ("is_low(r)", "r.phys_addr + r.num_pages * 4K <= 4G"),
        ("is_low(r, 1M)", "r.phys_end <= 1M"),
    ],
)
def test_it_means_what_its_value_means_written_out(short: str, long: str) -> None:
    assert typed(algorithm(short)).algorithms == typed(algorithm(long)).algorithms


def test_a_region_of_a_record_that_extends_another_is_one_of_that() -> None:
    same = [typed(algorithm(each, "TaggedMap")).algorithms for each in ("is_low(r)", "r.phys_end <= 4G")]
    assert same[0] == same[1]


def test_regions_of_quantifiers_and_of_neighbours_are_regions() -> None:
    text = (
        f'{HEAD}property apart(made: Layout) = each a, b in made where is_low(a): not is_low(b) else "{{is_low(a)}}"\n'
    )
    typed(text)


@pytest.mark.parametrize(
    ("condition", "code", "message"),
    [
        (
            "lowered(r.virt_addr, page) == 0",
            LayoutCode.NOT_CONSTANT,
            "`lowered` takes `page` for a constant, and this is none",
        ),
        (
            "halved(r.virt_addr, page) == 0",
            LayoutCode.NOT_CONSTANT,
            "`halved` takes `page` for a constant, and this is none",
        ),
        (
            "lowered(r.virt_addr, r.size) == 0",
            LayoutCode.NOT_CONSTANT,
            "`lowered` takes `page` for a constant, and this is none",
        ),
        ("lowered(r.virt_addr, 0) == 0", LayoutCode.DIVISION_BY_ZERO, "alignment to zero"),
        ("product(n, n) == 0", LayoutCode.NOT_LINEAR, "a product of two variables"),
        ("area(n) == 0", LayoutCode.NOT_LINEAR, "a product of two variables"),
        ("is_low(map)", LayoutCode.TYPE_MISMATCH, "`region` of `is_low` is a region of `Descriptor`"),
        ("is_low(r.phys_addr)", LayoutCode.TYPE_MISMATCH, "`region` of `is_low` is a region of `Descriptor`"),
        ("is_low(s)", LayoutCode.UNKNOWN_NAME, "unknown name `s`"),
        ("is_low()", LayoutCode.WRONG_ARGUMENTS, "`is_low` takes 1 to 2 arguments, not 0"),
    ],
)
def test_what_does_not_fit_is_refused(condition: str, code: LayoutCode, message: str) -> None:
    found = refused(algorithm(condition))
    assert (found.code, found.message) == (code, message)


def test_a_region_of_another_record_is_refused_however_alike_it_is() -> None:
    assert refused(algorithm("is_low(r)", "Others")).code == LayoutCode.TYPE_MISMATCH


def test_what_is_wrong_for_some_arguments_is_shown_with_the_calls() -> None:
    found = refused(algorithm("area(n) == 0"))
    assert found.span is not None
    assert found.span.text == "a *% b"
    assert [place.span.text for place in found.places] == ["product(a, a)", "area(n)"]


@pytest.mark.parametrize("body", ["region.phys_addr % region.size == 0", "region.size *% region.size == 0"])
def test_fields_of_a_region_are_no_constants(body: str) -> None:
    found = refused(f"use uefi\ndef f(region: Descriptor): bool = {body}\n")
    assert found.code in (LayoutCode.NOT_CONSTANT, LayoutCode.TYPE_MISMATCH)


def test_rules_have_parameters_that_are_constants() -> None:
    given = "scenario s {{ given map: MemoryMap where few(map, {most}, {page}) given n: u64 check true }}"
    (found,) = typed(HEAD + given.format(most="3", page="64K")).scenarios
    (conjunct,) = found.checks[0].assumptions
    assert isinstance(conjunct.formula, p.TotalAtMost)
    assert conjunct.formula.bound == 4
    later = (
        "scenario s {{ given n: u64 given b: bytes given map: MemoryMap where few(map, {most}, {page}) check true }}"
    )
    for most, page in (("n", "64K"), ("3", "b")):
        assert refused(HEAD + later.format(most=most, page=page)).code == LayoutCode.NOT_CONSTANT


def test_a_choice_of_a_truth_value_is_one_between_two() -> None:
    text = f"{HEAD}algorithm f(map: MemoryMap) {{ choose high: bool for r in map where high {{ drop r }} }}"
    choice, walk = typed(text).algorithms[0].body
    assert isinstance(choice, p.Choose)
    assert isinstance(walk, p.Pass)
    assert isinstance(choice.low, p.Const) and isinstance(choice.high, p.Const)
    assert (choice.low.value, choice.high.value) == (0, 2)
    assert walk.where == p.Var(choice.type, "high")
