"""Words that people write who come from other languages, each with what there is instead.

The texts of all tables go into the ``help`` of a diagnostic.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from checker.language.syntax.tree import Exit, RegionAct
from checker.program.types import BUILTIN

SIGNS = (
    (r"&&", "write `and`"),
    (r"\|\|", "write `or`"),
    (r"->", "a field stands after `.`, the type of a result after `:`"),
    (r"<>", "unequal is `!=`"),
    (r"=<", "write `<=`"),
    (r":=", "write `=`"),
    (r"\?", "write `if c then a else b`"),
    (r"!(?!=)", "write `not`, or `!=` between two values"),
    (r"=(?!=)", "`==` compares; `var` and `const` need a type, as in `var x: va = ...`"),
    (r";", "leave it out: a statement ends where the next one begins"),
    (r"//|/\*", "a comment begins with `#`"),
    (r"\+\+|--", "write `+= 1` or `-= 1`"),
    (r"-", "there are no negative numbers: write `0 -% x` where wrapping is meant"),
    (r"\.layout\b", "name the module without `.layout`"),
    (r'"', 'a text ends with `"` on the line on which it begins'),
    (r"'", 'a text stands in `"`'),
)
"""Patterns of signs that mean something elsewhere."""

DOUBLED = ("&&", "||", "->", "<>")
"""Those of them of which the first character alone may stand where it stands."""

_EACH = "write `each r in ...: ...`"
_EXISTS = "that there is one cannot be said; check `each r in ...: not ...` with `expect refuted`"
_LOOP = "write `for region in map { ... }`, or `while c up to 8 { ... }` for something done again for one region"
_RETURN = "leave it out: an algorithm has no result but where it puts the regions; `continue` and `break` leave a pass"
_ASSERT = "what must hold is a `property`, which a scenario checks"

WORDS = {
    **dict.fromkeys(("elif", "elsif", "elseif"), "write `else if`"),
    **dict.fromkeys(("until", "loop", "foreach"), _LOOP),
    **dict.fromkeys(("switch", "case", "when", "unless"), "write `if ... { ... } else if ... { ... }`"),
    "return": _RETURN,
    "const": "inside an algorithm write `let`",
    "skip": "write `continue`",
    **dict.fromkeys(("assert", "require", "requires", "ensure", "ensures"), _ASSERT),
    **dict.fromkeys(("mut", "set"), "write `var` where a name is declared, and nothing where it is assigned to"),
    **dict.fromkeys(("forall", "all", "every"), _EACH),
    **dict.fromkeys(("exists", "any", "some"), _EXISTS),
    **dict.fromkeys(("import", "include"), "write `use`, and the name of a module"),
    **dict.fromkeys(("function", "fn", "func"), "write `def`"),
    **dict.fromkeys(("struct", "class"), "write `record`"),
    **dict.fromkeys(("theorem", "lemma", "invariant", "predicate"), "write `property`"),
    "axiom": "write `assumption`",
    **dict.fromkeys(("verify", "prove"), "write `check`"),
}
"""Words that begin something elsewhere and are mere names here."""

ITEMS = (
    *("algorithm", "assumption", "const", "def", "enum", "flags", "handover", "layout", "list", "property"),
    *("record", "scenario", "window"),
)
"""The words that begin the items of a file."""

TOP = {
    "use": "`use` stands at the top of the file, above everything else",
    "let": "outside algorithms and scenarios write `const`, with a type: `const X: u64 = ...`",
    "var": "outside algorithms there are only constants: `const X: u64 = ...`",
}
"""Words of this language that may not stand where an item begins."""

VALUES = {"for": _EACH, "let": "there are no names inside expressions: put it before, or write a `def`"}
"""Words of this language where a value is needed."""

UNFINISHED = (
    (
        r"\bsplit\s+\w+\s+at\b[^{},]*,[^{},]*,",
        "a region is cut at two addresses at most: split the pieces in a pass behind",
    ),
    (r"\bby\s+\w+\s*(\{|where\b)", "a pass goes by a field of its region: write `for r in map by r.phys_addr`"),
    (r"\bwhile\b[^{}]*\{", "say how often at most: `while ... up to 8 { ... }`"),
    (r"\bkeep\s*[{}\w]*", "say what stays the region before: `keep q` in `for r in map with previous q { ... }`"),
)
"""Statements in which something is left out, or too much: patterns of the text that ends with what may not stand
there."""

STATEMENTS = ("let", "var", "choose", "place", "split", *RegionAct, *Exit, "keep", "if", "while", "for", "invariant")
"""The words that begin statements."""

TYPES = {*BUILTIN, "int", "long", "unsigned", "auto", "size_t", *(f"uint{bits}_t" for bits in (8, 16, 32, 64))}
"""Types of this language and of C, which stand before a name there and after it here."""


def meant(name: str, known: Iterable[str]) -> str:
    """``did you mean ...?`` with the known words that are nearest, large and small letters being alike; else empty."""
    folded: dict[str, str] = {}
    for word in sorted(set(known)):
        folded.setdefault(word.lower(), word)
    close = difflib.get_close_matches(name.lower(), folded, n=3)
    return f"did you mean {' or '.join(f'`{folded[word]}`' for word in close)}?" if close else ""
