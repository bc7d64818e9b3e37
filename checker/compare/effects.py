"""Things that break because two maps of one machine differ: a rule each, with the place that it is from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise

from checker.base.codes import EffectCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.compare.maps import Change, MapChanges, Strip, end_of, strips
from checker.handover.difference import compare
from checker.handover.findings import examples
from checker.memmap import ATTRIBUTES, RUNTIME, TYPES, Descriptor

_LARGE_PAGE = 2 << 20
"""Bytes of a large page on x86-64, and on arm64 with pages of 4 KiB."""

_BOOT_SERVICES = (TYPES["BootServicesCode"], TYPES["BootServicesData"])

_CACHEABILITY = sum(ATTRIBUTES[name] for name in ("UC", "WC", "WT", "WB", "UCE"))


@frozen
class Compared:
    """Two lists, what differs, whether their entries have virtual addresses, and whether they tell of all memory."""

    first: Sequence[Descriptor]
    second: Sequence[Descriptor]
    changes: MapChanges
    is_addressed: bool
    tells_all: bool = True


def effects(compared: Compared) -> tuple[Diagnostic, ...]:
    """Return what the differences break, the worst first."""
    found = [each for rule in _RULES for each in rule(compared)]
    return tuple(sorted(found, key=lambda each: list(Severity).index(each.severity), reverse=True))


class _E820(Enum):
    """Kinds of memory that the kernel is told of on x86, in the order of their numbers there
    (arch/x86/include/asm/e820/types.h)."""

    RAM = "RAM"
    RESERVED = "reserved"
    ACPI = "ACPI data"
    NVS = "ACPI NVS"
    UNUSABLE = "unusable"
    PMEM = "persistent"
    SOFT_RESERVED = "soft reserved"


_KINDS = {
    **dict.fromkeys(
        ("ReservedMemoryType", "RuntimeServicesCode", "RuntimeServicesData", "MemoryMappedIO"), _E820.RESERVED
    ),
    **dict.fromkeys(("MemoryMappedIOPortSpace", "PalCode"), _E820.RESERVED),
    **dict.fromkeys(("LoaderCode", "LoaderData", "BootServicesCode", "BootServicesData"), _E820.RAM),
    **dict.fromkeys(("ConventionalMemory", "UnacceptedMemoryType"), _E820.RAM),
    "UnusableMemory": _E820.UNUSABLE,
    "ACPIReclaimMemory": _E820.ACPI,
    "ACPIMemoryNVS": _E820.NVS,
    "PersistentMemory": _E820.PMEM,
}
_KIND_OF = {TYPES[name]: kind for name, kind in _KINDS.items()}
"""Linux 6.x, drivers/firmware/efi/libstub/x86-stub.c setup_e820(); other types are left out."""

_E820Entry = tuple[int, int, _E820]


def e820_of(entries: Iterable[Descriptor]) -> list[_E820Entry]:
    """The table that a kernel on x86 has of a map: start, end, kind, lowest first. The EFI stub makes it, and merges
    entries of one kind that follow each other in the list."""
    table: list[_E820Entry] = []
    for each in entries:
        kind = _KIND_OF.get(each.type)
        if kind is _E820.RAM and each.attribute & ATTRIBUTES["SP"]:
            kind = _E820.SOFT_RESERVED
        if kind is None or not each.num_pages:
            continue
        if table and table[-1][1:] == (each.phys_addr, kind):
            table[-1] = (table[-1][0], end_of(each), kind)
        else:
            table.append((each.phys_addr, end_of(each), kind))
    return _updated(table)


def _updated(table: Iterable[_E820Entry]) -> list[_E820Entry]:
    """Sort a table and free it of overlaps (Linux 6.x, arch/x86/kernel/e820.c, e820__update_table()): the kind with
    the highest number holds, and neighbours of one kind are merged, unless they are soft reserved (e820_nomerge())."""
    borders: defaultdict[int, Counter[_E820]] = defaultdict(Counter)
    for start, end, kind in table:
        borders[start][kind] += 1
        borders[end][kind] -= 1
    made: list[_E820Entry] = []
    covering: Counter[_E820] = Counter()
    for start, end in pairwise(sorted(borders)):
        covering.update(borders[start])
        highest = next((kind for kind in reversed(_E820) if covering[kind]), None)
        if highest is None:
            continue
        if made and made[-1][1:] == (start, highest) and highest is not _E820.SOFT_RESERVED:
            made[-1] = (made[-1][0], end, highest)
        else:
            made.append((start, end, highest))
    return made


def _hibernation(compared: Compared) -> Iterator[Diagnostic]:
    """Linux 4.10 and later, arch/x86/power/hibernate.c: a digest of the firmware's e820 table, sorted and merged, is in
    the header of the image, and a kernel with another one refuses to resume."""
    if compared.is_addressed or not compared.tells_all:
        return
    before, after = e820_of(compared.first), e820_of(compared.second)
    if before == after:
        return
    known = set(before), set(after)
    lost = [each for each in before if each not in known[1]]
    new = [each for each in after if each not in known[0]]
    telling = [each for each in (*lost, *new) if each[2] is not _E820.RAM] or [*lost, *new]
    start, end, kind = telling[0]
    now = next((each for each in new if each[2] is kind), None)
    if telling[0] in new:
        place = " is new"
    else:
        place = ", in the second " + ("is not there" if now is None else f"{now[0]:#x}-{now[1] - 1:#x}")
    message = (
        f"the e820 tables differ ({len(lost)} {'entry' if len(lost) == 1 else 'entries'} gone, {len(new)} new; "
        f"{kind.value} {start:#x}-{end - 1:#x}{place}): an x86 kernel refuses to "
        "resume from hibernation"
    )
    yield _effect(EffectCode.RESUME_REFUSED, Severity.ERROR, message)


def _kexec(compared: Compared) -> Iterator[Diagnostic]:
    """SetVirtualAddressMap() is called once (UEFI 2.10, section 8.4): after kexec, firmware still uses the addresses
    that the first kernel gave."""
    if not compared.is_addressed:
        return
    runtime = [each for each in compared.first if each.attribute & RUNTIME]
    difference = compare(runtime, compared.second)
    moved = tuple(dict.fromkeys(each.region for each in difference.moved))
    if moved:
        where = difference.moved[0]
        message = (
            f"{_regions(len(moved))} for runtime services at another virtual address: {examples(moved)}; "
            f"{where.start:#x} is at {where.found or 0:#x} now. Firmware would be called there if the second kernel "
            "was started by kexec"
        )
        yield _effect(EffectCode.ADDRESSES_DIFFER, Severity.ERROR, message, moved)


def _runtime(compared: Compared) -> Iterator[Diagnostic]:
    """Linux, should_map_region(): what is not RUNTIME is not mapped once boot services have ended."""
    lost = _strips(compared, lambda strip: _is_firmwares(strip.before) and not _attribute(strip.after) & RUNTIME)
    regions = _owners(lost)
    if regions:
        message = f"{_regions(len(regions))} for runtime services in the first only: {examples(regions)}"
        yield _effect(EffectCode.NOT_RUNTIME, Severity.WARNING, message, regions)


def _cacheability(compared: Compared) -> Iterator[Diagnostic]:
    def differs(strip: Strip) -> bool:
        before, after = _attribute(strip.before), _attribute(strip.after)
        return bool(_is_firmwares(strip.before) and after & RUNTIME and (before ^ after) & _CACHEABILITY)

    regions = _owners(_strips(compared, differs))
    if regions:
        message = f"{_regions(len(regions))} for runtime services cached in another way: {examples(regions)}"
        yield _effect(EffectCode.CACHEABILITY_DIFFERS, Severity.WARNING, message, regions)


def _division(compared: Compared) -> Iterator[Diagnostic]:
    """UEFI 2.5, PROPERTIES_TABLE: parts of one image refer to each other. Linux 3.14 to 4.2 walks the map forwards and
    maps what follows below."""
    split = tuple(
        each.before[0]
        for each in compared.changes.changes
        if Change.SPLIT in each.how and each.before[0].attribute & RUNTIME
    )
    if split and not compared.is_addressed:
        message = f"{_regions(len(split))} split: {examples(split)}. Linux 3.14 to 4.2 maps the parts apart"
        yield _effect(EffectCode.RUNTIME_DIVIDED, Severity.WARNING, message, split)


def _large_pages(compared: Compared) -> Iterator[Diagnostic]:
    before, after = _count_large(compared.first), _count_large(compared.second)
    if after < before:
        message = f"of runtime memory, large pages of 2 MiB can map {after * 2} MiB, and {before * 2} MiB in the first"
        yield _effect(EffectCode.FEWER_LARGE_PAGES, Severity.WARNING, message)


def _order(compared: Compared) -> Iterator[Diagnostic]:
    """Linux, every version: addresses are given in the order of the list, or the other way round."""
    if not compared.changes.in_order and not compared.is_addressed and compared.tells_all:
        message = "the entries that both have stand in another order: kernels give addresses in the order of the list"
        yield _effect(EffectCode.LISTED_DIFFERENTLY, Severity.WARNING, message)


_RULES: tuple[Callable[[Compared], Iterator[Diagnostic]], ...] = (
    _hibernation,
    _kexec,
    _runtime,
    _cacheability,
    _division,
    _large_pages,
    _order,
)


def _effect(code: EffectCode, severity: Severity, message: str, regions: tuple[Descriptor, ...] = ()) -> Diagnostic:
    return Diagnostic(code, message, severity=severity, regions=regions)


def _strips(compared: Compared, wanted: Callable[[Strip], bool]) -> list[Strip]:
    return [each for each in strips(compared.first, compared.second) if wanted(each)]


def _owners(found: Iterable[Strip]) -> tuple[Descriptor, ...]:
    """The entries of the first map that memory belongs to."""
    return tuple(dict.fromkeys(each.before for each in found if each.before is not None))


def _is_firmwares(entry: Descriptor | None) -> bool:
    """Tell whether an entry is a runtime region of the firmware's own: kernels mark boot services RUNTIME to keep
    them."""
    return entry is not None and bool(entry.attribute & RUNTIME) and entry.type not in _BOOT_SERVICES


def _attribute(entry: Descriptor | None) -> int:
    return 0 if entry is None else entry.attribute


def _count_large(entries: Iterable[Descriptor]) -> int:
    """The large pages that runtime regions can be mapped with: where virtual addresses are known, they must agree with
    the physical ones."""
    count = 0
    for each in entries:
        if each.attribute & RUNTIME and not (each.virt_addr and (each.virt_addr - each.phys_addr) % _LARGE_PAGE):
            first = -(-each.phys_addr // _LARGE_PAGE)
            count += max(0, end_of(each) // _LARGE_PAGE - first)
    return count


def _regions(count: int) -> str:
    return "1 region is" if count == 1 else f"{count} regions are"
