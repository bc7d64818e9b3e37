"""The pages on codes: what each means, why, an example and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from checker.base.codes import REGISTRY, CommandCode, Explained
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.library.find import code_pages

_SECTION = re.compile(r"^## ([A-Z]\d{3})$\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@frozen
class Explanation:
    """The page on a code, as Markdown without the heading and the meaning."""

    code: Explained
    text: str


def explanations() -> dict[str, Explanation]:
    """Read the pages on all codes, by code."""
    found = {}
    for path in code_pages():
        for code, body in _SECTION.findall(path.read_text(encoding="utf-8")):
            meaning = f"*{REGISTRY[code].meaning}*"
            found[code] = Explanation(REGISTRY[code], body.strip().removeprefix(meaning).strip())
    return found


def explain(words: Sequence[str]) -> list[Explanation] | Diagnostic:
    """Return the pages on codes, and of all that begin as a word does, in their order and each once."""
    chosen: set[str] = set()
    for word in words:
        begin = word.strip("[]").upper()
        matching = {code for code in REGISTRY if begin and code.startswith(begin)}
        if not matching:
            near = get_close_matches(begin, REGISTRY, n=3)
            remedy = f"did you mean {' or '.join(near)}?" if near else "codes are such as L201, C004, M342"
            return Diagnostic(CommandCode.UNKNOWN_CODE, f"there is no code `{word}`", help=remedy)
        chosen |= matching
    found = explanations()
    return [found[code] for code in REGISTRY if code in chosen]
