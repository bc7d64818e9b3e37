"""Limits on what a program may cost to be read, all its files together. Real ones stay far below."""

from __future__ import annotations

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Rejected, Span
from checker.base.limits import limit, passed
from checker.base.values import frozen

SUFFIX = ".layout"
"""The end of the names of program files."""

_MODULES = "split the file into modules, and verify them one by one"
_DEEPEST = 400
"""Later phases recurse over expressions and blocks."""


@frozen
class Limits:
    """The limits of a program text. They bound time and memory before anything is proved."""

    layout_bytes: int = limit(1 << 20, "bytes in the files of a program", LayoutCode.FILE_TOO_LARGE, _MODULES)
    tokens: int = limit(40_000, "words, signs and comments in the files of a program", LayoutCode.TOO_MANY, _MODULES)
    word: int = limit(80, "characters in a word", LayoutCode.TOO_MANY, "use a shorter one")
    text: int = limit(
        1_000, "characters in a quoted text", LayoutCode.TOO_MANY, "shorten it, and put the rest in a comment"
    )
    depth: int = limit(
        100,
        "levels of expressions and blocks in each other",
        LayoutCode.TOO_DEEP,
        "name the inner parts with `let` or `def`",
        _DEEPEST,
    )
    nesting: int = limit(
        100,
        "levels of expressions in each other once `def`, `derive` and rules are expanded",
        LayoutCode.TOO_DEEP,
        "name the inner parts with `let`",
        _DEEPEST,
    )
    expansion: int = limit(
        100_000,
        "expressions once everything in a program is expanded",
        LayoutCode.TOO_MANY,
        "let its `def`, `derive` and rules use each other less",
    )
    modules: int = limit(32, "files in a program", LayoutCode.TOO_MANY, "merge modules")
    members: int = limit(256, "members of an `enum`, `flags` or `record`", LayoutCode.TOO_MANY, "declare fewer")
    passes: int = limit(16, "passes in an algorithm", LayoutCode.TOO_MANY, "do in one pass what two do")
    rounds: int = limit(
        64,
        "rounds of a `while`, in all for one that stands in another",
        LayoutCode.TOO_MANY,
        "let it go round less often",
    )
    conjuncts: int = limit(1_000, "conjuncts of a formula, or assumptions at once", LayoutCode.TOO_MANY, "split it up")
    given: int = limit(32, "maps and values that a scenario is given", LayoutCode.TOO_MANY, "split the scenario")
    runs: int = limit(32, "runs in a scenario", LayoutCode.TOO_MANY, "split the scenario")
    checks: int = limit(500, "checks in a program", LayoutCode.TOO_MANY, _MODULES)
    assumed: int = limit(20_000, "assumptions of all checks of a program, added up", LayoutCode.TOO_MANY, _MODULES)
    label: int = limit(
        2_000,
        "characters of a check with what is assumed around it",
        LayoutCode.TOO_MANY,
        "make an `assumption` or a `property` of it",
    )


STANDARD = Limits()


def beyond(limits: Limits, name: str, span: Span) -> Rejected:
    """The error where the limit ``name`` is passed at ``span``."""
    row_code = Limits.__dataclass_fields__[name].metadata["code"]
    message, remedy = passed(limits, name)
    return Rejected(Diagnostic(row_code, message, span, help=remedy))
