"""Cuts functions, variables and macros out of the C of a kernel, word for word. Nothing of that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


class NotFoundError(Exception):
    """A tree has no such function, variable or macro where it was looked for; the text names it."""


def cut(folder: Path, files: Iterable[str], names: Iterable[str]) -> str:
    """Return what some names stand for in some files of a tree, one after the other; the first file that has it counts.

    A name is a function, `static NAME` a variable of a file, `#define NAME` a macro.
    """
    texts = [(folder / name).read_text(errors="replace") for name in files if (folder / name).exists()]
    return "\n".join(_one(texts, name) for name in names)


def _one(texts: list[str], name: str) -> str:
    pattern = _pattern(name)
    for text in texts:
        found = pattern.search(text)
        if found:
            return found[0]
    raise NotFoundError(name)


def _pattern(name: str) -> re.Pattern[str]:
    kind, _, word = name.rpartition(" ")
    if kind == "#define":
        return re.compile(rf"^#define {word}\b(?:.*\\\n)*.*$", re.MULTILINE)
    if kind == "static":
        return re.compile(rf"^static [\w\s*]*\b{word}\b(?!\()[^;]*;", re.MULTILINE)
    return function_pattern(word)


def function_pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of a function with its head, from the beginning of a line to the brace that ends it."""
    head = rf"^(?:\w[\w\s*]*\n)?\w[\w\s*]*\b{name}\([^;{{}}]*?\)\s*\n\{{\n"
    return re.compile(rf"{head}.*?^\}}$", re.MULTILINE | re.DOTALL)


def lacks(folder: Path, files: Iterable[str], name: str) -> bool:
    """Tell whether a tree has no such function, variable or macro in these files."""
    try:
        cut(folder, files, (name,))
    except NotFoundError:
        return True
    return False
