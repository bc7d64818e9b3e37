"""Strategies of Hypothesis that draw memory maps, for tests of your own: of an implementation of a layout algorithm, of
a loader, of anything that takes what firmware hands over.

This module is the only one that needs Hypothesis: `pip install '.[hypothesis]'`. What it draws are values of
`import checker`: maps, and valuations of a scenario.

>>> from hypothesis import find
>>> smallest = find(well_formed_maps(), lambda found: any(each.type == 6 for each in found.descriptors))
>>> [(each.type, each.phys_addr, each.num_pages) for each in smallest.descriptors]
[(6, 0, 1)]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import checker
from checker import library
from checker import program as p
from checker.base.extras import how
from checker.memmap import PAGE_SIZE, RUNTIME, TYPES, Descriptor, Format, MemoryMap, Origin
from checker.verify.attack import draws_kept

try:
    from hypothesis import reject
    from hypothesis import strategies as st
except ImportError as missing:
    raise ImportError(f"checker.strategies needs Hypothesis: {how('hypothesis')}") from missing

__all__ = ["assumed", "assumed_maps", "maps_like", "maps_near_budget", "real_maps", "well_formed_maps"]

_Made = TypeVar("_Made")

DRAWN = Format("drawn")
"""The format of maps that were never written down."""

_CACHED = 0xF
"""Attributes of ordinary memory: UC, WC, WT and WB."""

_RUNTIME_TYPES = (5, 6, 11)
"""Runtime code, runtime data and MMIO: the types that firmware marks as RUNTIME."""

_CORNERS = (1, 2, 15, 16, 17, 511, 512, 513)
"""Page counts around 64 KiB and 2 MiB, the alignments that kernels know."""

_TOP = (1 << 52) - 2
"""The first page that a region may not reach: Linux keeps the last one of the address space free."""

_WINDOW = 64 << 30
"""Bytes of the window of EFI on x86-64 (Documentation/arch/x86/x86_64/mm.rst)."""

_ALIGNMENT = 2 << 20
"""Bytes that the alignment of a region costs at most there."""

_TRIES = 8
"""Maps that are drawn until one keeps what is assumed, before the whole example is given up."""

_pages = st.sampled_from(_CORNERS) | st.integers(1, 600) | st.integers(1, 1 << 20)
_gaps = st.just(0) | st.sampled_from(_CORNERS) | st.integers(0, 1 << 20)
_types = st.sampled_from(sorted(TYPES.values()))
_starts = (
    st.integers(0, 1 << 12) | st.sampled_from((1 << 8, 1 << 20, _TOP - (1 << 26))) | st.integers(0, _TOP - (1 << 26))
)


def _map(descriptors: Sequence[Descriptor], source: str) -> MemoryMap:
    return MemoryMap(tuple(descriptors), DRAWN, source)


def _attribute(kind: int) -> int:
    return _CACHED | (RUNTIME if kind in _RUNTIME_TYPES else 0)


@st.composite
def well_formed_maps(draw: st.DrawFn, *, max_regions: int = 12, ordered: bool = False) -> MemoryMap:
    """Draw maps as UEFI and Linux promise them: whole pages, no region empty, none over another, none at the end of the
    address space. Regions touch, or leave gaps; they come in any order, unless they are to be ``ordered``."""
    rows = draw(st.lists(st.tuples(_gaps, _pages, _types), max_size=min(max_regions, 30)))
    page = draw(_starts) if rows else 0
    made = []
    for number, (gap, pages, kind) in enumerate(rows):
        page += gap if number else 0
        made.append(Descriptor(kind, page * PAGE_SIZE, pages, _attribute(kind)))
        page += pages
    return _map(made if ordered else draw(st.permutations(made)), "well_formed_maps")


@st.composite
def maps_near_budget(
    draw: st.DrawFn, *, budget: int = _WINDOW, per_region: int = _ALIGNMENT, max_regions: int = 8
) -> MemoryMap:
    """Draw well-formed maps of runtime regions that together need ``budget`` bytes, or a page or two less or more: of
    each its size, and ``per_region`` bytes for its alignment."""
    sizes = draw(st.lists(_pages, min_size=0, max_size=max_regions - 1))
    off = draw(st.integers(-2, 2))
    left = (budget - per_region * (len(sizes) + 1)) // PAGE_SIZE - sum(sizes) + off
    if left < 1:
        reject()
    place = draw(st.integers(0, len(sizes)))
    sizes.insert(place, left)
    gaps = [draw(_gaps) for _ in sizes]
    page, made = 0, []
    for gap, pages in zip(gaps, sizes, strict=True):
        page += gap
        kind = draw(st.sampled_from((6, 5)))
        made.append(Descriptor(kind, page * PAGE_SIZE, pages, _attribute(kind)))
        page += pages
    return _map(draw(st.permutations(made)), "maps_near_budget")


def real_maps(*paths: str | Path) -> st.SearchStrategy[MemoryMap]:
    """Draw maps of real machines: of the files named, or of those that are shipped, one for each format that firmware,
    loaders and kernels print. Raises `ValueError` where a file holds no map."""
    if paths:
        return st.sampled_from([_opened(path) for path in paths])
    read = [checker.read_map(path) for path in library.sample_maps()]
    return st.sampled_from([each for each in read if isinstance(each, MemoryMap) and each.origin is Origin.FIRMWARE])


def _opened(path: str | Path) -> MemoryMap:
    found = checker.read_map(path)
    if isinstance(found, checker.Diagnostic):
        raise ValueError(checker.describe(found))
    return found


@st.composite
def maps_like(draw: st.DrawFn, memory_map: MemoryMap, *, ordered: bool = False) -> MemoryMap:
    """Draw maps that the machine of another one might hand over at its next boot: some regions in two parts, some
    missing, and in another order, unless they are to stay ``ordered``."""
    made: list[Descriptor] = []
    for each in memory_map.descriptors:
        fate = draw(st.integers(0, 9))
        if fate == 9:
            continue
        if fate == 8 and each.num_pages > 1:
            first = draw(st.integers(1, each.num_pages - 1))
            made.append(replace(each, num_pages=first))
            rest = each.phys_addr + first * PAGE_SIZE
            virtual = each.virt_addr + first * PAGE_SIZE if each.virt_addr else 0
            made.append(replace(each, phys_addr=rest, num_pages=each.num_pages - first, virt_addr=virtual))
        else:
            made.append(each)
    return _map(made if ordered else draw(st.permutations(made)), f"like {memory_map.source}")


def assumed(
    program: str | Path | checker.Program, scenario: str, check: str = "", *, max_regions: int = 8
) -> st.SearchStrategy[checker.Valuation]:
    """Draw values for all that a scenario leaves open, maps, values and choices, that keep what it assumes; with
    ``check``, the text of one of its checks, also what that assumes.

    The interpreter judges every one: what is drawn keeps the assumptions. Raises `ValueError` where there is no such
    program, scenario or check.
    """
    return _kept(draws_kept(*_subject(program, scenario, check)), max_regions, lambda found: found)


def assumed_maps(
    program: str | Path | checker.Program, scenario: str, check: str = "", *, max_regions: int = 8
) -> st.SearchStrategy[MemoryMap]:
    """Draw the first map of what `assumed` draws, for scenarios about maps of firmware. Raises `ValueError` as that
    does, and where the regions are no descriptors."""
    subject, assumptions = _subject(program, scenario, check)
    given = subject.maps[0]
    foreign = [name for name, _ in given.record.inputs if name not in Descriptor.__slots__]
    if foreign:
        raise ValueError(f"`{given.name}` is no map of firmware: no descriptor has `{foreign[0]}`")

    def first(found: checker.Valuation) -> MemoryMap:
        regions = (region for region in found.maps[given.name] if region is not None)
        return _map([Descriptor(**{str(name): value for name, value in each.items()}) for each in regions], scenario)

    return _kept(draws_kept(subject, assumptions), max_regions, first)


@st.composite
def _kept(
    draw: st.DrawFn,
    drawn: Callable[[str, int], checker.Valuation | None],
    max_regions: int,
    made: Callable[[checker.Valuation], _Made],
) -> _Made:
    rows = draw(st.integers(0, max_regions))
    seed = draw(st.integers(0, (1 << 32) - 1))
    for number in range(_TRIES):
        found = drawn(f"{seed} {number}", rows)
        if found is not None:
            return made(found)
    return reject()


def _subject(program: str | Path | checker.Program, scenario: str, check: str) -> tuple[p.Scenario, p.Formulas]:
    """Return a scenario, and what is assumed in it: what all its checks assume, or one of them."""
    opened = program if isinstance(program, checker.Program) else checker.load(program)
    if isinstance(opened, checker.Diagnostic):
        raise ValueError(checker.describe(opened))
    known = {str(each.name): each for each in opened.program.scenarios}
    if scenario not in known:
        raise ValueError(f"{opened.name} has no scenario `{scenario}`: it has {', '.join(known) or 'none'}")
    subject = known[scenario]
    checks = [each for each in subject.checks if check in ("", each.label)]
    if not checks:
        raise ValueError(
            f"`{scenario}` has no check `{check}`: it has {'; '.join(each.label for each in subject.checks)}"
        )
    others = checks[1:]
    return subject, tuple(a for a in checks[0].assumptions if all(a in other.assumptions for other in others))
