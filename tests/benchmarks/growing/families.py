"""Families of programs that grow in one thing each: the text of one of a family and a size.

What a program carries along, it also uses where it places a region: else it would be cut off before a proof begins.
"""

from __future__ import annotations

from collections.abc import Callable

HEAD = "use uefi, x86_64, invariants, kexec\n"

ASSUMED = "assuming no_wrap(map) { check fits(first), no_overlap(first) }"

PLACE = "cursor = align_down(cursor -% ((region.num_pages as bytes) <<% 12), 4K)"


def _program(before: str, body: str, behind: str = "", scenario: str = "") -> str:
    """A program with one algorithm and one scenario."""
    ran = scenario or f"given map: MemoryMap where well_formed  let first = grown(map)  {ASSUMED}"
    return f"""{HEAD}
algorithm grown(map: MemoryMap) {{
    var cursor: va = EFI_WINDOW.end
    {before}
    for region in reversed map where region.runtime {{
        {body}
        {PLACE}
        if cursor < EFI_WINDOW.start {{ continue }}
        place region at cursor
    }}
    {behind}
}}
scenario grows {{ {ran} }}
"""


def variables(size: int) -> str:
    """So many addresses more are carried through the pass, and none of them may leave the window."""
    declared = " ".join(f"var more{i}: va = EFI_WINDOW.end" for i in range(size))
    moved = " ".join(
        f"more{i} -%= (region.num_pages as bytes) <<% 12  if more{i} < EFI_WINDOW.start {{ continue }}"
        for i in range(size)
    )
    return _program(declared, moved)


def kept(size: int) -> str:
    """So many facts about the region before are kept: one that is alike follows on it without a gap."""
    facts = ("region.phys_addr", "region.type", "region.attribute", "region.num_pages")
    kinds = ("pa = 0", "MemoryType = RESERVED", "MemoryAttribute = UC", "pages = 0")
    declared = " ".join(f"var kept{i}: {kinds[i % 4]}" for i in range(size))
    alike = " and ".join(f"{facts[i % 4]} == kept{i}" for i in range(size))
    now = " ".join(f"kept{i} = {facts[i % 4]}" for i in range(size))
    return _program(declared, f"if not ({alike}) {{ cursor = align_down(cursor, 64K) }} {now}")


def passes(size: int) -> str:
    """So many passes place a class of sizes each."""
    again = " ".join(
        f"for region in reversed map where region.runtime and region.num_pages == {i} {{ {PLACE} "
        "if cursor < EFI_WINDOW.start { continue } place region at cursor }"
        for i in range(2, size + 1)
    )
    return _program("", "", again).replace(
        "where region.runtime {", f"where region.runtime and (region.num_pages == 1 or region.num_pages > {size}) {{", 1
    )


def runs(size: int) -> str:
    """So many runs on one map, of which all are assumed to fit."""
    made = " ".join(f"let run{i} = grown(map)" for i in range(size))
    assumed = " and ".join(["no_wrap(map)", *(f"fits(run{i})" for i in range(size))])
    scenario = f"given map: MemoryMap where well_formed {made} assuming {assumed} {{ check no_overlap(run{size - 1}) }}"
    return _program("", "", scenario=scenario)


def kernels(size: int) -> str:
    """So many kernels run, one after the other, and each after the first maps what the one before it tells."""
    started = " ".join(f"let run{i} = map_as_told(efi_memmap(run{i - 1}))" for i in range(1, size))
    made = f"let run0 = grown(map) {started} check stable(run0, run{size - 1})"
    program = _program("", "", scenario=f"given map: MemoryMap where well_formed {made}")
    return program.replace("place region at cursor", "place region at cursor  export region")


def branches(size: int) -> str:
    """The variable is moved in so many branches."""
    return _program("", " ".join(f"if region.num_pages == {i + 7} {{ cursor -%= 4K }}" for i in range(size)))


def flags(size: int) -> str:
    """So many flags are set in branches, and leave gaps."""
    declared = " ".join(f"var flag{i}: bool = false" for i in range(size))
    moved = " ".join(
        f"if region.num_pages == {i + 7} {{ flag{i} = true }} if flag{i} {{ cursor -%= 4K }}" for i in range(size)
    )
    return _program(declared, moved)


def properties(size: int) -> str:
    """So many properties are checked."""
    stated = " ".join(
        f"property bounded{i}(made: Layout) = each r in made where r.placed and r.num_pages == {i + 1}: "
        "r.virt_addr <= EFI_WINDOW.end"
        for i in range(size)
    )
    checks = ", ".join(f"bounded{i}(first)" for i in range(size))
    scenario = (
        f"given map: MemoryMap where well_formed let first = grown(map) assuming no_wrap(map) {{ check {checks} }}"
    )
    return _program("", "", scenario=scenario).replace("scenario grows", f"{stated}\nscenario grows")


def both(size: int) -> str:
    """So many addresses and as many flags."""
    declared = " ".join(f"var flag{i}: bool = false var more{i}: va = EFI_WINDOW.end" for i in range(size))
    moved = " ".join(
        f"more{i} -%= (region.num_pages as bytes) <<% 12  if more{i} < EFI_WINDOW.start {{ flag{i} = true }} "
        f"if flag{i} {{ continue }}"
        for i in range(size)
    )
    return _program(declared, moved)


FAMILIES: dict[str, Callable[[int], str]] = {
    "variables": variables,
    "kept facts": kept,
    "passes": passes,
    "runs": runs,
    "kernels": kernels,
    "branches": branches,
    "flags": flags,
    "properties": properties,
    "addresses and flags": both,
}
