"""The region before: what may not be done to it, since no rule of proof follows it there."""

from __future__ import annotations

import pytest

from checker.base.codes import LayoutCode
from tests.helpers.loading import refused, typed

INNER = """use uefi
record Entry {{ start: pa }}
list Entries of Entry
algorithm a(map: MemoryMap, table: Entries) {{
    for r in map with previous q {{
        for m in table where m.start == r.phys_addr {{ {} }}
    }}
}}
"""


@pytest.mark.parametrize("change", ["q.attribute |= WB", "q.num_pages += 1", "r.attribute |= WB", "keep q"])
def test_nothing_is_changed_in_a_pass_beside_the_region_before(change: str) -> None:
    """The loop of an inner pass knows of no region before: what it did to one would be forgotten."""
    wrong = refused(INNER.format(change))
    assert wrong.code is LayoutCode.NESTED_PASS
    assert wrong.help


def test_outside_it_may_be() -> None:
    text = INNER.format("").replace("for m in table where m.start == r.phys_addr {  }", "q.attribute |= WB")
    assert typed(text).algorithms
