"""Records that extend others: what they have, what their derived values mean, and where their lists may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from tests.helpers.loading import refused, typed
from tests.helpers.places import SPEC

TAGGED = """use uefi, x86_64, kexec, invariants
record Tagged extends Descriptor {
    serial: u32 prefer 7
    mark tagged
    derive last: pa = phys_end - 1
}
list TaggedMap of Tagged
layout TaggedLayout of TaggedMap
"""
FLAT = """use uefi, x86_64, kexec, invariants
record Tagged {
    type: MemoryType prefer RUNTIME_SERVICES_DATA
    phys_addr: pa
    placed at virt_addr: va
    num_pages: pages
    attribute: MemoryAttribute prefer RUNTIME | WB
    serial: u32 prefer 7
    mark tagged
    derive size: bytes = num_pages * EFI_PAGE
    derive phys_end: pa = phys_addr + size
    derive last: pa = phys_end - 1
    derive runtime: bool = attribute has RUNTIME
}
list TaggedMap of Tagged
layout TaggedLayout of TaggedMap
"""
WALK = """algorithm walk(map: TaggedMap) {
    for region in map where region.runtime and region.last < 4G {
        region.tagged = region.serial > 3
        place region at EFI_WINDOW.start
    }
}
scenario s {
    given map: TaggedMap
    let made = walk(map)
    check each r in made where r.placed: r.phys_end <= 4G and r.tagged == (r.serial > 3)
}
"""


def test_it_means_what_the_same_record_written_out_means() -> None:
    extended, flat = typed(TAGGED + WALK), typed(FLAT + WALK)
    assert extended.algorithms == flat.algorithms
    assert extended.scenarios == flat.scenarios


def test_what_is_inherited_comes_first_and_marks_come_last() -> None:
    (algorithm,) = typed(TAGGED + WALK).algorithms
    names = [name for name, _ in algorithm.record.fields]
    assert names == ["type", "phys_addr", "virt_addr", "num_pages", "attribute", "serial", "tagged"]
    assert algorithm.record.marks == ("tagged",)
    assert algorithm.record.placement == "virt_addr"
    assert dict(algorithm.record.preferred)["serial"] == 7


def test_a_derived_value_means_what_it_means_where_the_extended_record_stands(tmp_path: Path) -> None:
    other = "use inner\nconst EFI_PAGE: bytes = 8K\nrecord More extends Inner { derive twice: bytes = size + EFI_PAGE }"
    text = f"{other}\nlist Mores of More\nalgorithm f(map: Mores) {{ for r in map where r.twice == 0 {{ drop r }} }}"
    inner = "use uefi\nrecord Inner { num_pages: pages  derive size: bytes = num_pages * EFI_PAGE }"
    (tmp_path / "inner.layout").write_text(inner)
    (walk,) = typed(text, (tmp_path, SPEC)).algorithms[0].body
    assert isinstance(walk, p.Pass)
    assert isinstance(walk.where, p.Compare)
    sum_ = walk.where.left
    assert isinstance(sum_, p.Arith) and isinstance(sum_.left, p.Arith)
    assert [sum_.left.right, sum_.right] == [p.Const(sum_.type, 4096), p.Const(sum_.type, 8192)]


@pytest.mark.parametrize(
    "clauses",
    [
        "let made = walk(map) check fits(made), congruent(made) assuming well_formed(map) { check no_overlap(made) }",
        "let made = walk(map) check only_tagged(made)",
        "let made = walk(map) let next = map_as_told(efi_memmap(made)) check stable(made, next), only_tagged(next)",
        "let made = map_as_told(map) check only_tagged(made)",
        "let made = walk(map) let last = repeat walk(efi_memmap(made)) check only_tagged(last)",
        "let one = map_as_told(map) let two = walk(map) check placed_alike(one, two), independent(two, one)",
    ],
)
def test_what_accepts_the_base_accepts_lists_of_what_extends_it(clauses: str) -> None:
    rule = "property only_tagged(made: TaggedLayout) = each r in made where r.placed: r.tagged\n"
    program = typed(f"{TAGGED}{WALK}{rule}scenario more {{ given map: TaggedMap where well_formed {clauses} }}")
    assert {run.algorithm.record.name for run in program.scenarios[-1].runs} == {"Tagged"}


def test_a_record_may_extend_one_that_extends_another() -> None:
    more = "record Last extends Tagged { mark seen }\nlist LastMap of Last\n"
    scenario = "scenario more { given map: LastMap where well_formed let made = walk(map) check fits(made) }"
    (*_, found) = typed(TAGGED + WALK + more + scenario).scenarios
    assert found.runs[0].algorithm.record.marks == ("tagged", "seen")


REFUSED = {
    "record A extends Missing { }": (LayoutCode.UNKNOWN_NAME, "unknown name `Missing`"),
    "record A extends A { }": (LayoutCode.RECURSION, "`A` is defined by means of itself"),
    "record A extends MemoryMap { }": (LayoutCode.UNKNOWN_TYPE, "`MemoryMap` is a list type, not a record"),
    "record A extends Descriptor { type: u8 }": (
        LayoutCode.DUPLICATE_NAME,
        "`type` is declared in `Descriptor`, which this record extends",
    ),
    "record A extends Descriptor { mark runtime }": (
        LayoutCode.DUPLICATE_NAME,
        "`runtime` is declared in `Descriptor`, which this record extends",
    ),
    "record A extends Descriptor { placed at there: u64 }": (
        LayoutCode.BAD_RECORD,
        "`there` is no address to place a region at",
    ),
    "record A extends Descriptor { derive early: pa = last  derive last: pa = phys_end }": (
        LayoutCode.UNKNOWN_NAME,
        "unknown name `last`",
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_extended_or_said_again_is_refused(text: str) -> None:
    code, message = REFUSED[text]
    found = refused(f"use uefi\n{text}")
    assert (found.code, found.message) == (code, message)
    assert found.help


@pytest.mark.parametrize(
    "clauses",
    [
        "given map: MemoryMap let made = walk(map)",
        "given map: MemoryMap let made = map_as_told(map) check only_tagged(made)",
        "given map: MemoryMap let made = map_as_told(map) let next = map_as_told(tagged(made))",
        "given map: TaggedMap given other: MemoryMap like map except r: r.runtime",
        "given map: OtherMap let made = walk(map)",
    ],
)
def test_the_base_is_not_accepted_where_what_extends_it_is_wanted(clauses: str) -> None:
    more = (
        "property only_tagged(made: TaggedLayout) = each r in made: r.tagged\n"
        "handover tagged(made: TaggedLayout) { pass r serial: u32 }\n"
        "record Other extends Descriptor { serial: u32 mark tagged }\nlist OtherMap of Other\n"
    )
    found = refused(f"{TAGGED}{WALK}{more}scenario more {{ {clauses} }}")
    assert found.code in (LayoutCode.TYPE_MISMATCH, LayoutCode.WRONG_ARGUMENTS)


def chain(first: str, length: int) -> str:
    """A record with these members, and records that extend it one after the other."""
    return f"record R0 {{ {first} }}\n" + "".join(f"record R{n} extends R{n - 1} {{ }}\n" for n in range(1, length))


def test_a_long_chain_of_records_is_followed() -> None:
    use = "list L of R4999\nalgorithm f(map: L) { for r in map where r.next == 0 { drop r } }"
    typed(chain("address: pa derive next: pa = address", 5000) + use)


def test_a_long_chain_of_large_records_is_refused() -> None:
    assert refused(chain(" ".join(f"f{n}: u8" for n in range(200)), 5000)).code == LayoutCode.TOO_MANY
