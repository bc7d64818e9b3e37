"""Maps to boot with: what firmware could hand over, and what none should."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Region = dict[str, int]
"""A descriptor by its fields."""

PAGE = 4096
LARGE = 0x20_0000
RUNTIME = 1 << 63
SPECIAL_PURPOSE = 0x4_0000
BOOT_SERVICES = (3, 4)
BOOT_SERVICES_DATA = 4
LAST_PAGE = (1 << 52) - 1

_ATTRIBUTES = (0xF, 0xF, 0x800F, RUNTIME | 0xF, RUNTIME | 0xF, RUNTIME | 0x1, RUNTIME | 0x4000F, 0x4000F)
_TYPES = (3, 3, 4, 4, 4, 5, 6, 6, 7, 7, 0, 1, 2, 9, 10, 11, 14)
_PAGES = (1, 2, 3, 16, 511, 512, 513, 1024, 1 << 20, 1 << 24)
_WORDS = (0, 1, 0xFFF, 0x1000, 0x1FFFFF, 0x200000, 1 << 31, 1 << 32, 1 << 51, (1 << 52) - 1, 1 << 52, 1 << 63)


@dataclass(frozen=True)
class Boot:
    """A map, and all beside it that a boot goes by: where memory is taken, tables that pages are reserved for (each
    from its first byte up to the one behind it), and switches."""

    regions: tuple[Region, ...]
    taken: tuple[int, int] = (0, 0)
    tables: tuple[tuple[int, int], tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0), (0, 0))
    mixed: bool = False
    soft_reserve: bool = True
    debug: bool = False


def valid(region: Region) -> bool:
    """Tell whether a region is one of memory: has pages, and ends before the last page of the address space does."""
    return 0 < region["num_pages"] <= LAST_PAGE and region["phys_addr"] // PAGE <= LAST_PAGE - region["num_pages"]


def pages_of(memory: tuple[int, int]) -> tuple[int, int]:
    """Return the pages in which some bytes lie, from the first byte up to the one behind the last."""
    return memory[0] // PAGE * PAGE, -(-memory[1] // PAGE) * PAGE


def draw(random: Random, *, mixed: bool = False, wild: bool = False, addressed: bool = False) -> Boot:
    """Draw a boot: of the maps that keep the rules every address and size that may matter is likely, such as neighbours
    that touch, large pages and sizes that come near the window's; a `wild` map keeps no rule. Regions have addresses
    from before if they are `addressed`, and otherwise some have, which a kernel is to leave alone."""
    regions = _wild(random) if wild else _tidy(random)
    if addressed:
        top = 0xFFFF_FFFF_0000_0000
        for region in regions:
            top -= region["num_pages"] * PAGE + random.choice((0, 0, PAGE, LARGE))
            region["virt_addr"] = max(top, 0)
    # Of regions that overlap a kernel counts fewer pieces than it makes, and writes behind its list: no tables there.
    tables = tuple((0, 0) if wild else _table(random, regions) for _ in range(3))
    near = random.choice(regions)["phys_addr"] if regions else 0
    start = max(0, near + random.randrange(-4, 8) * PAGE + random.choice((0, 0, 1, PAGE - 1)))
    taken = (start, start + random.choice((1, PAGE, 5 * PAGE, 1 << 30))) if random.random() < 0.5 else (0, 0)
    if taken[1] >= 1 << 64:
        taken = (0, 0)
    return Boot(
        tuple(regions),
        taken,
        (tables[0], tables[1], tables[2]),
        mixed,
        random.random() < 0.5,
        random.random() < 0.5,
    )


def _tidy(random: Random) -> list[Region]:
    regions = []
    at = random.choice((0, PAGE, 0x10000, 0x9000, 0x100000, 0x7A00_0000, 0x7FFF_F000, 1 << 32, 1 << 45))
    kind, attribute = random.choice(_TYPES), random.choice(_ATTRIBUTES)
    for _ in range(random.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 12))):
        at += random.choice((0, 0, 0, PAGE, 3 * PAGE, LARGE - PAGE, LARGE, LARGE + PAGE, random.randrange(4096) * PAGE))
        if random.random() < 0.6:
            kind, attribute = random.choice(_TYPES), random.choice(_ATTRIBUTES)
        pages = random.choice(
            (
                1,
                2,
                3,
                16,
                511,
                512,
                513,
                1024,
                random.randrange(1, 5000),
                random.randrange(1, 1 << 18),
                1 << 20,
                1 << 24,
            )
        )
        stale = random.choice((0, 0, 0, at, 0xDEAD_F000))
        regions.append({"type": kind, "phys_addr": at, "virt_addr": stale, "num_pages": pages, "attribute": attribute})
        at += pages * PAGE
    if random.random() < 0.2:
        random.shuffle(regions)
    return regions


def _wild(random: Random) -> list[Region]:
    made = [
        {
            "type": random.choice((*_TYPES, random.getrandbits(32))),
            "phys_addr": _word(random),
            "virt_addr": _word(random),
            "num_pages": random.choice((0, 1, 2, 512, _word(random), _word(random))),
            "attribute": random.choice((*_ATTRIBUTES, random.getrandbits(64))),
        }
        for _ in range(random.choice((0, 1, 2, 3, 5)))
    ]
    # A kernel's walk backwards takes its first step without a look at where the map begins: none is empty.
    one = {"type": random.choice(_TYPES), "phys_addr": random.randrange(64) * PAGE, "virt_addr": _word(random)}
    valid = {**one, "num_pages": random.randrange(1, 64), "attribute": random.choice(_ATTRIBUTES)}
    made.insert(random.randrange(len(made) + 1), valid)
    return made


def _word(random: Random) -> int:
    near = random.choice(_WORDS) + random.choice((0, 0, -1, 1, PAGE, -PAGE, LARGE, -LARGE))
    kinds = (
        near,
        random.getrandbits(random.randrange(1, 65)),
        random.randrange(64) * PAGE,
        -1 - random.getrandbits(34),
    )
    return random.choice(kinds) % (1 << 64)


def _table(random: Random, regions: list[Region]) -> tuple[int, int]:
    """Draw where a table lies, mostly in boot-services data."""
    homes = [each for each in regions if each["type"] == BOOT_SERVICES_DATA and 0 < each["num_pages"] < 1 << 24]
    if not homes or random.random() < 0.4:
        return (0, 0)
    home = random.choice(homes)
    pages = home["num_pages"]
    first = random.choice((0, random.randrange(pages)))
    last = random.choice((pages, random.randrange(first, pages) + 1, pages + 1))
    odd, less = random.choice(((0, 0), (0, 0), (8, 16), (1, 0)))
    start = home["phys_addr"] + first * PAGE + odd
    end = home["phys_addr"] + last * PAGE - less
    return (start, end) if start < end < 1 << 63 else (0, 0)
