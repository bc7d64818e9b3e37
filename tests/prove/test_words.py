"""Invariants in words: as the file would state them."""

from __future__ import annotations

import re

import pytest
import z3

from checker.program.types import PAGES, VA, Enumeration, Flags
from checker.prove import Help, Verdict
from checker.prove.terms.words import Word, in_words
from tests.helpers.loading import load_source, verdicts

TYPE = Enumeration("Kind", 32, (("FREE", 7), ("TAKEN", 9)))
FLAGS = Flags("Bits", 64, (("RUN", 1 << 63), ("WB", 8)))
CURSOR, PLACE, PAGE, KIND = z3.Ints("cursor place page kind")
PLACED, SEEN = z3.Bools("placed seen")
BITS = z3.BitVec("bits", 64)
WORDS = {
    CURSOR.get_id(): Word("cursor", 4096, VA),
    PLACE.get_id(): Word("w1.virt_addr", 1, VA),
    PAGE.get_id(): Word("w1.num_pages", 1, PAGES),
    KIND.get_id(): Word("w1.type", 1, TYPE),
    PLACED.get_id(): Word("w1.placed"),
    SEEN.get_id(): Word("w1.visited"),
    BITS.get_id(): Word("w1.attribute", 1, FLAGS),
}


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (z3.Or(z3.Not(PLACED), CURSOR * 4096 <= PLACE), "w1.placed => cursor <= w1.virt_addr"),
        (z3.Or(SEEN, z3.BoolVal(False) == PLACED), "w1.placed => w1.visited"),
        (z3.Or(z3.Not(z3.And(SEEN, PLACED)), PLACE > 5), "w1.visited and w1.placed => 5 < w1.virt_addr"),
        (z3.Not(z3.And(SEEN, PLACED)), "not (w1.visited and w1.placed)"),
        (CURSOR + PAGE <= 2, "cursor + 0x1000 * (w1.num_pages as bytes) <= 0x2000"),
        (CURSOR % 512 == 0, "cursor % 0x200000 == 0"),
        (2 * (PLACE % 8) == KIND, "2 * (w1.virt_addr % 8) == w1.type"),
        (2 * ((PLACE + KIND) % 8) == KIND, "2 * ((w1.virt_addr + w1.type) % 8) == w1.type"),
        (PLACE - CURSOR * 4096 == 0, "w1.virt_addr == cursor"),
        (2 * PAGE <= 10, "w1.num_pages <= 5"),
        (KIND == 7, "w1.type == FREE"),
        (KIND != 9, "w1.type != TAKEN"),
        (KIND == 8, "w1.type == 8"),
        (z3.BitVecVal(1 << 63, 64) == BITS & (1 << 63), "w1.attribute has RUN"),
        (z3.Not(z3.BitVecVal(9, 64) == BITS & 9), "not (w1.attribute has 0x9)"),
        (z3.If(PLACED, CURSOR, CURSOR + 1) <= 3, "(if w1.placed then cursor else cursor + 0x1000) <= 0x3000"),
    ],
)
def test_numbers_are_the_values_themselves_and_what_is_denied_is_a_condition(term: z3.BoolRef, said: str) -> None:
    assert in_words(term, WORDS) == said


TOP_DOWN = """
algorithm walk(map: MemoryMap) {{
    var cursor: va = EFI_WINDOW.end
    for region in map where region.runtime {{
        {stated}
        if region.size > cursor -% EFI_WINDOW.start {{ break }}
        cursor -%= region.size
        place region at cursor
    }}
}}

scenario one {{
    given map: MemoryMap where well_formed(map)
    let made = walk(map)
    check no_overlap(made), fits(made)
}}
"""


def test_the_invariants_of_a_proof_can_be_stated_in_the_file_and_are_shown_again() -> None:
    """What `verify -v` prints is what the language reads; each word means what it meant."""
    ((_, found),) = verdicts(load_source(TOP_DOWN.format(stated="")))[:1]
    assert found.verdict is Verdict.PROVED
    said = list(dict.fromkeys(each.words for each in found.worded.values()))
    assert any(each.startswith("each w1 before w2 in map: ") for each in said)
    assert "each w in map: w.placed => w.visited" in said
    assert any(re.fullmatch("cursor <= .*|.* <= cursor", each) for each in said)
    stated = "\n        ".join(f"invariant {each}" for each in said)
    ((_, again),) = verdicts(load_source(TOP_DOWN.format(stated=stated)))[:1]
    assert again.verdict is Verdict.PROVED
    assert len(again.stated) == len(said)
    assert {each.help for each in again.stated} == {Help.NEEDED}


SPLIT_AND_PLACED = """
algorithm after_a_reservation(map: MemoryMap, low: pa, high: pa) {
    var placed: pages = 0
    for region in map { split region at low, high }
    for region in map {
        if region.phys_addr < high { continue }
        placed +%= region.num_pages
        place region at EFI_WINDOW.start +% (region.phys_addr -% high)
    }
}

scenario one {
    given map: MemoryMap where well_formed(map)
    given low: pa
    given high: pa
    let made = after_a_reservation(map, low, high)
    check each r in made where r.placed: EFI_WINDOW.start +% (r.phys_addr -% high) == r.virt_addr
}
"""


def test_a_field_is_called_by_its_name_whatever_a_pass_before_made_of_it() -> None:
    """A piece begins at one of the cuts: in a later pass that choice is what the field is, which has a name."""
    ((_, found),) = verdicts(load_source(SPLIT_AND_PLACED))
    assert found.verdict is Verdict.PROVED
    (said,) = (each.words for each in found.worded.values())
    assert said.startswith("each w in map: w.placed => ((w.phys_addr - high) % ")
