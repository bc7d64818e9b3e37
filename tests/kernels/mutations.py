"""Changes of a kernel's functions, made where they are run: operators, types and names that are others.

What is looked for are single tokens of C, by their number in a function; no line of a kernel stands here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kernels.cut import function_pattern


@dataclass(frozen=True)
class Change:
    """A token of a function, the one in its place, and which of them it is, counted from 0; None is all."""

    function: str
    token: str
    other: str
    number: int | None = 0


@dataclass(frozen=True)
class Mutation:
    """Changes of some functions, and what they come to in words."""

    text: str
    changes: tuple[Change, ...]


class NoSuchTokenError(Exception):
    """A function has no such token, or not as many; the text names both."""


def mutate(text: str, changes: Sequence[Change]) -> str:
    """Make changes in a text of C, where it has the functions."""
    for change in changes:
        function = function_pattern(change.function).search(text)
        if function:
            text = text[: function.start()] + _changed(function[0], change) + text[function.end() :]
    return text


def _changed(function: str, change: Change) -> str:
    body = function.index("{")
    found = list(_token(change.token).finditer(function, body))
    if change.number is not None:
        found = found[change.number : change.number + 1]
    if not found:
        raise NoSuchTokenError(f"{change.function}() has no `{change.token}` ({change.number})")
    for each in reversed(found):
        function = function[: each.start()] + change.other + function[each.end() :]
    return function


def _token(token: str) -> re.Pattern[str]:
    """Return a pattern of a token as it stands alone: neither a part of a longer operator nor of a longer name."""
    around = r"\w" if token[0].isalnum() or token[0] == "_" else r"[-+<>=!&|]"
    before = rf"(?<!{around})" if not token.startswith(("(", ")")) else ""
    after = rf"(?!{around})" if not token.endswith((")", "(", ";")) else ""
    return re.compile(rf"{before}{re.escape(token)}{after}")


def patch_of(folder: Path, files: Sequence[str], changes: Sequence[Change]) -> str:
    """Return changes of a tree as a unified diff."""
    parts: list[str] = []
    for name in files:
        path = folder / name
        if path.exists():
            old = path.read_text()
            new = mutate(old, changes)
            parts += difflib.unified_diff(
                old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
            )
    return "".join(parts)


_MAP, _SELECT, _NEXT = "efi_map_region", "should_map_region", "efi_map_next_entry"

MUTATIONS = (
    Mutation("the cursor goes up", (Change(_MAP, "-=", "+="),)),
    Mutation("a region that ends where the window does is lost", (Change(_MAP, "<", "<="),)),
    Mutation("a region that needs no step down takes one", (Change(_MAP, ">", ">="),)),
    Mutation("the step down goes up", (Change(_MAP, "-=", "+=", 1),)),
    Mutation("pages of twice the size", (Change(_MAP, "PAGE_SHIFT", "(PAGE_SHIFT + 1)"),)),
    Mutation("aligned and not aligned change places", (Change(_MAP, "!", ""),)),
    Mutation("the size is cut to 32 bits", (Change(_MAP, "long", "int"),)),
    Mutation("the offset into a large page is cut to 16 bits", (Change(_MAP, "u64", "u16", 1),)),
    Mutation("the bound of the window is the other one", (Change(_MAP, "EFI_VA_END", "EFI_VA_START"),)),
    Mutation("a full window is only warned of", (Change(_MAP, "return;", ";", 1),)),
    Mutation("the lower part of the address is a small page's", (Change(_MAP, "PMD_MASK", "PAGE_MASK"),)),
    Mutation(
        "loader data in the place of boot-services data",
        (Change(_SELECT, "EFI_BOOT_SERVICES_DATA", "EFI_LOADER_DATA"),),
    ),
    Mutation("runtime regions are left out", (Change(_SELECT, "true", "false"),)),
    Mutation("boot-services code and data at once", (Change(_SELECT, "||", "&&", 2),)),
    Mutation("special-purpose memory is mapped", (Change(_SELECT, "false", "true", 1),)),
    Mutation("the walk goes forward", (Change(_NEXT, "efi_enabled", "!efi_enabled"),)),
)
"""Each is told from the kernel as it is."""

REFACTORINGS = (
    Mutation("a variable has another name", (Change(_MAP, "pa_offset", "into_the_page", None),)),
    Mutation(
        "a larger one first", (Change(_MAP, "prev_va", "before", None), Change(_MAP, "u64", "unsigned long", None))
    ),
    Mutation("true and false are numbers", (Change(_SELECT, "true", "1", None), Change(_SELECT, "false", "0", None))),
    Mutation("of the physical address, 32 bits are kept: more are not looked at", (Change(_MAP, "u64", "u32"),)),
    Mutation("a question is denied twice more", (Change(_MAP, "!", "!!!"),)),
    Mutation("a size in hexadecimal", (Change(_MAP, "PMD_SIZE", "0x200000UL", None),)),
)
"""None of them changes the layout."""
