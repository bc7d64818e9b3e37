"""Passes of which mutate says that their direction does not matter: each beside a twin of which it does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from checker import program as p
from checker.interpret import run
from checker.program.walk import passes
from checker.verify.mutation.directions import DirectionDifference, difference_in_direction
from tests.helpers.loading import load_source

FREE = {
    "each places its own": "for region in map { place region at region.phys_addr as va }",
    "any": "var any: bool = false for region in map where region.runtime { any = true } "
    "for region in map where any { place region at 4K }",
    "any, with the greatest beside": "var any: bool = false var end: pa = 0 "
    "for region in map { any = true end = max(end, region.phys_addr) } "
    "for region in map where any { place region at end as va }",
    "the least": "var low: pa = 0xffff_f000 for region in map { low = min(region.phys_addr, low) } "
    "for region in map { place region at low as va }",
    "the sum": "var all: bytes = 0 "
    "for region in map { if region.runtime { all +%= 4K } else { all -%= region.phys_addr as bytes } } "
    "for region in map { place region at (all as u64) as va }",
    "all bits": "var seen: MemoryAttribute = UC for region in map { seen = seen | region.attribute } "
    "for region in map { if seen has WB { place region at 4K } }",
    "any of a list beside": "var any: bool = false for m in taken { if m.start == 4K { any = true } } "
    "for region in map where any { place region at 4K }",
    "a variable of the turn": "for region in map { var at: pa = region.phys_addr at +%= 4K place region at at as va }",
}
"""Algorithms of which no pass depends on its direction."""

BOUND = {
    "each places behind the other": "var at: va = 0 for region in map { place region at at at +%= 4K }",
    "any, looked at in the turn": "var any: bool = false "
    "for region in map { if any { place region at 4K } any = true }",
    "any, looked at by the pass": "var any: bool = false "
    "for region in map where not any { place region at 4K any = true }",
    "two constants": "var kind: u64 = 0 for region in map { if region.runtime { kind = 1 } else { kind = 2 } } "
    "for region in map { place region at kind as va }",
    "the last": "var end: pa = 0 for region in map { end = region.phys_addr } "
    "for region in map { place region at end as va }",
    "the greatest, looked at": "var end: pa = 0 "
    "for region in map { end = max(end, region.phys_addr) place region at end as va }",
    "the greatest of what is gathered": "var any: bytes = 0 var end: bytes = 0 "
    "for region in map { any +%= 4K end = max(end, any -% (region.phys_addr as bytes)) } "
    "for region in map { place region at (end as u64) as va }",
    "the sum and the greatest": "var end: pa = 0 "
    "for region in map { end = max(end, region.phys_addr) end +%= 4K } for region in map { place region at end as va }",
    "taken away from": "var rest: pa = 0 for region in map { rest = region.phys_addr -% (rest as bytes) } "
    "for region in map { place region at rest as va }",
    "until the first": "for region in map { place region at 4K if region.runtime { break } }",
    "the last of a list beside": "for region in map { for m in taken { region.num_pages = m.start as pages } }",
    "each of a list beside, on all": "for m in taken { for region in map { region.phys_addr = m.start } }",
    "room beside the others": "for region in map { "
    "choose at: va in 4K .. 64K aligned 4K apart by region.size place region at at }",
    "the one before": "for region in map with previous prior { prior.phys_addr = 8K }",
}
"""Algorithms with a pass whose direction shows."""


def algorithm(body: str) -> p.Algorithm:
    made = load_source(
        "record Taken { start: pa } list TakenList of Taken "
        f"algorithm any(map: MemoryMap, taken: TakenList) {{ {body} }}"
        "scenario s { given map: MemoryMap given taken: TakenList let made = any(map, taken) check true }"
    )
    return made.algorithms[-1]


def turned(original: p.Algorithm) -> list[p.Algorithm]:
    """The algorithm with one of its passes, each in turn, from the other end."""

    def reverse(node: p.Node, wanted: p.Pass) -> p.Node:
        node = node.with_children(lambda child: reverse(child, wanted))
        return replace(node, reverse=not node.reverse) if node == wanted and isinstance(node, p.Pass) else node

    found = [replace(original, body=tuple(reverse(s, each) for s in original.body)) for each in passes(original.body)]
    assert all(each.body != original.body for each in found)
    return found


def differs(one: p.Algorithm, other: p.Algorithm) -> bool:
    """Tell whether two algorithms make other layouts of some short map, by the interpreter."""
    kinds = [
        {"type": 6, "phys_addr": at, "num_pages": 1, "attribute": (1 << 63) * runtime + caching}
        for at, runtime, caching in ((0x1000, 1, 8), (0x5000, 0, 2), (0x8000, 1, 4))
    ]
    beside = [{"taken": [{"start": 0x1000}, {"start": 0x3000}]}, {"taken": []}]
    return any(
        run(one, list(rows), {}, beside=lists).regions != run(other, list(rows), {}, beside=lists).regions
        for length in range(4)
        for rows in product(kinds, repeat=length)
        for lists in beside
    )


@pytest.mark.parametrize("name", FREE)
def test_turns_that_only_gather_may_come_in_either_order(name: str) -> None:
    original = algorithm(FREE[name])
    for other in turned(original):
        assert difference_in_direction(original, other) is DirectionDifference.NOTHING
        assert not differs(original, other)


@pytest.mark.parametrize("name", BOUND)
def test_turns_that_see_each_other_may_not(name: str) -> None:
    original = algorithm(BOUND[name])
    others = turned(original)
    assert any(differs(original, other) for other in others)
    assert not any(difference_in_direction(original, other) and differs(original, other) for other in others)


def test_what_is_said_of_a_pass_is_nothing_that_it_does() -> None:
    stated = algorithm(
        "var any: bool = false for region in map where region.runtime { "
        "invariant each r in map where r.visited and r.runtime: any any = true } "
        "for region in map where any { place region at 4K }"
    )
    assert all(difference_in_direction(stated, other) for other in turned(stated))


def test_the_list_that_is_exported_comes_in_the_order_of_the_pass_that_exports() -> None:
    told = algorithm(
        "var any: bool = false for region in map where region.runtime { any = true } "
        "for region in map where any { export region }"
    )
    found = [difference_in_direction(told, other) for other in turned(told)]
    assert found == [DirectionDifference.NOTHING, DirectionDifference.ORDER]


def test_what_arithmetic_is_claimed_to_be_exact_makes_no_layout_another() -> None:
    text = "split region at 8K }} for region in map {{ place region at (region.phys_addr {} 4K) as va"
    wraps, exact, other = (algorithm(f"for region in map {{ {text.format(each)} }}") for each in ("+%", "+", "-%"))
    assert difference_in_direction(wraps, exact) is DirectionDifference.NOTHING
    assert difference_in_direction(wraps, other) is None


EITHER = {
    "both set bits": "for region in map where region.phys_addr > 4K { region.attribute |= UC } "
    "for region in map where region.phys_addr == 4K { region.attribute |= WB }",
    "both clear bits": "for region in map { region.attribute &= UC } "
    "for region in map where region.num_pages == 1 { region.attribute &= WB }",
    "other fields": "for region in map { place region at 4K } for region in map { region.num_pages = 2 }",
    "other variables": "var any: bool = false var all: bytes = 0 for region in map { any = true } "
    "for region in map { all +%= 4K } for region in map where any { place region at (all as u64) as va }",
    "from either end": "for region in reversed map { region.attribute |= UC } for region in map { place region at 4K }",
}
"""Algorithms of whose passes the first and the second may be exchanged."""

ONE_FIRST = {
    "one looks at what the other writes": "for region in map { region.num_pages = 2 } "
    "for region in map { place region at (region.num_pages as u64) as va }",
    "one asks for what the other writes": "for region in map { region.attribute |= RUNTIME } "
    "for region in map where region.runtime { place region at 4K }",
    "both write": "for region in map { place region at 4K } for region in map { place region at 8K }",
    "one sets bits, the other clears some": "for region in map { region.attribute |= UC } "
    "for region in map { region.attribute &= WB }",
    "asked for in a turn": "for region in map { region.attribute |= UC } "
    "for region in map { region.attribute |= WB if region.attribute has UC { region.num_pages = 2 } }",
    "one drops": "for region in map where region.runtime { drop region } for region in map { place region at 4K }",
    "one splits": "for region in map { split region at 0x1_1000 } "
    "for region in map where region.num_pages == 2 { region.attribute |= UC }",
    "one counts what the other writes": "var all: bytes = 0 for region in map { region.num_pages = 2 } "
    "for region in map { all +%= region.num_pages as bytes } for region in map { place region at (all as u64) as va }",
    "one looks at a variable of the other": "var any: bool = false "
    "for region in map where region.runtime { any = true } for region in map where any { place region at 4K }",
    "both export": "for region in map where region.runtime { export region } "
    "for region in map where not region.runtime { export region }",
    "turns see each other": "var at: va = 0 for region in map { region.num_pages = 2 } "
    "for region in map { place region at at at +%= (region.num_pages as bytes) <<% 12 } "
    "for region in map { region.num_pages = 1 }",
}
"""Algorithms of which two passes have one order, or are not seen to have either."""


def exchanged(original: p.Algorithm) -> list[p.Algorithm]:
    """The algorithm with two neighbours among its statements, each two in turn, the other way round."""
    body = original.body
    pairs = (n for n in range(len(body) - 1) if all(isinstance(each, p.Pass) for each in body[n : n + 2]))
    return [replace(original, body=(*body[:n], body[n + 1], body[n], *body[n + 2 :])) for n in pairs]


@pytest.mark.parametrize("name", EITHER)
def test_passes_that_have_nothing_to_do_with_each_other_may_come_in_either_order(name: str) -> None:
    original = algorithm(EITHER[name])
    other = exchanged(original)[0]
    assert difference_in_direction(original, other) is DirectionDifference.NOTHING
    assert not differs(original, other)


@pytest.mark.parametrize("name", ONE_FIRST)
def test_passes_of_which_one_sees_the_other_may_not(name: str) -> None:
    original = algorithm(ONE_FIRST[name])
    assert all(difference_in_direction(original, other) is None for other in exchanged(original)[-1:])
