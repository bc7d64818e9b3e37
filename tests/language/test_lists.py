"""Lists beside the map, and windows that are given: what is refused, and with which words."""

from __future__ import annotations

import pytest

from checker.base.codes import LayoutCode
from tests.helpers.loading import refused

RECORDS = """use uefi, x86_64
record Reservation { start: pa  length: pages }
list Reservations of Reservation
"""

ALGORITHMS = """
algorithm a(map: MemoryMap, reserved: Reservations) { for m in reserved { } }
algorithm w(map: MemoryMap, room: window of va) { for r in map { place r at room.start } }
"""


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("for m in reserved { m.length = 1 }", LayoutCode.NOT_ASSIGNABLE, "which nothing changes"),
        ("for m in reserved { drop m }", LayoutCode.NOT_ASSIGNABLE, "which nothing changes"),
        ("for m in reserved { choose x: va in 0 .. 9 }", LayoutCode.WRONG_OPERAND, "nothing is chosen"),
        ("for m in reserved { for n in reserved { } }", LayoutCode.NESTED_PASS, "a pass inside a pass"),
        ("for r in map { for s in map { } }", LayoutCode.NESTED_PASS, "a pass inside a pass"),
        ("for r in map { for m in reserved { for s in map { } } }", LayoutCode.NESTED_PASS, "a pass inside a pass"),
        ("for r in map { for m in reserved { split r at m.start } }", LayoutCode.NESTED_PASS, "ends its turn"),
        ("for m in reserved { invariant 1 == 1 }", LayoutCode.FORMULA_MISPLACED, "stands in no other"),
    ],
)
def test_in_an_algorithm(body: str, code: LayoutCode, said: str) -> None:
    found = refused(f"{RECORDS}algorithm a(map: MemoryMap, reserved: Reservations) {{ {body} }}")
    assert found.code is code and said in found.message, found


@pytest.mark.parametrize(
    ("clause", "code", "said"),
    [
        ("let made = a(map)", LayoutCode.WRONG_ARGUMENTS, "takes `reserved: Reservations`"),
        ("let made = a(map, reserved, reserved)", LayoutCode.WRONG_ARGUMENTS, "takes `reserved: Reservations`"),
        ("let made = a(map, others)", LayoutCode.TYPE_MISMATCH, "`reserved` wants a `Reservations`"),
        ("let made = w(map, low)", LayoutCode.TYPE_MISMATCH, "`room` wants a window of `va`"),
        ("let made = w(map, 0x1000)", LayoutCode.TYPE_MISMATCH, "`room` wants a window of `va`"),
        ("let made = w(map)", LayoutCode.WRONG_ARGUMENTS, "takes 2 arguments"),
        ("given n: window of u64", LayoutCode.TYPE_MISMATCH, "a range of addresses"),
        ("check each r in map, s in map: r.type == s.type", LayoutCode.FORMULA_MISPLACED, "are of one list"),
        ("check each m in reserved with r in map: m.length > 0", LayoutCode.FORMULA_MISPLACED, "`with` is for one"),
        ("check each m next n in reserved: m.start < n.start", LayoutCode.FORMULA_MISPLACED, "neighbours"),
        (
            "let made = w(map, room) check each r in map, s in made: r.type == s.type",
            LayoutCode.FORMULA_MISPLACED,
            "neither `map` nor `made` is a list beside the map",
        ),
    ],
)
def test_in_a_scenario(clause: str, code: LayoutCode, said: str) -> None:
    other = "record Other { start: pa }\nlist Others of Other\n"
    given = "given map: MemoryMap given reserved: Reservations given others: Others "
    given += "given room: window of va given low: window of pa "
    found = refused(f"{RECORDS}{other}{ALGORITHMS}scenario s {{ {given}{clause} check true }}")
    assert found.code is code and said in found.message, found
