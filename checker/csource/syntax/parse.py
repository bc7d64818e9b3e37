"""The text of a function as a tree, by tree-sitter's grammar of C; what the grammar cannot place is refused.

Three things parse without an error and wrongly, and are told apart before: a loop macro, which is turned into a `while`
of the same length and remembered; a type of two words as a macro's argument, whose words are joined; and a cast to a
type that only its name tells to be one, `(u64)-1`, which gets the word `struct`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Protocol

from checker.base.codes import SourceCode
from checker.base.diagnostic import Rejected, Span, reject
from checker.base.values import frozen

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed
    from tree_sitter import Parser

_TWO_WORDS = re.compile(r"\b(?:min_t|max_t|clamp_t)\s*\(\s*((?:unsigned|signed|long|int|short|char)(?:\s+\w+)+)\s*,")
_ALONE = re.compile(r"(\(\s*)([A-Za-z_]\w*)(\s*\))")
_MARK = "struct "
_MOST_DEPTH = 200


@frozen
class CNode:
    """A node of the tree: its kind in the grammar's words, its place, its parts, and those that have a name."""

    kind: str
    text: str
    span: Span
    parts: tuple[CNode, ...]
    named: tuple[tuple[str, CNode], ...]

    def part(self, name: str) -> CNode:
        """Return the part of a name. Raises `Rejected` where there is none."""
        found = self.maybe(name)
        if found is None:
            raise not_understood(self)
        return found

    def maybe(self, name: str) -> CNode | None:
        """Return the part of a name, if there is one."""
        return next((part for called, part in self.named if called == name), None)

    def all(self, name: str) -> tuple[CNode, ...]:
        """Return all parts of a name."""
        return tuple(part for called, part in self.named if called == name)

    def within(self) -> Iterator[CNode]:
        """Return this node and all that are in it."""
        yield self
        for part in self.parts:
            yield from part.within()


class Placer(Protocol):
    """The way from offsets in a text that is parsed to places in a file."""

    def __call__(self, start: int, end: int) -> Span:
        """Return the place of a stretch of the text."""


def not_understood(node: CNode, why: str = "") -> Rejected:
    """Return the refusal of a construct."""
    shown = _SHOWN.get(node.kind, node.kind.replace("_", " "))
    message = f"{why or f'{shown} is not understood'}: `{node.span.short[:80]}`"
    remedy = "the front end reads what docs/source.md lists; say of a call that it has no bearing in the binding"
    return reject(SourceCode.NOT_UNDERSTOOD, message, node.span, remedy)


_SHOWN = {"ERROR": "this", "goto_statement": "`goto`", "switch_statement": "`switch`"}


@cache
def _parser() -> Parser:
    from tree_sitter import Language, Parser
    from tree_sitter_c import language

    return Parser(Language(language()))


def parse(text: str, place: Placer) -> CNode:
    """Parse a text, ASCII or not, as a file of C. Raises `Rejected` at the first thing that the grammar has no place
    for."""
    # One byte for each character: offsets in the tree are offsets in the text.
    root = _parser().parse(text.encode("latin-1", errors="replace")).root_node
    return _node(root, text, place, 0)


def _node(parsed: Parsed, text: str, place: Placer, depth: int) -> CNode:
    start, end = parsed.start_byte, parsed.end_byte
    span = place(start, end)
    if parsed.is_error or parsed.is_missing or depth > _MOST_DEPTH:
        raise not_understood(CNode("ERROR", text[start:end], span, (), ()))
    parts: list[CNode] = []
    named: list[tuple[str, CNode]] = []
    for index, child in enumerate(parsed.children):
        made = _node(child, text, place, depth + 1)
        name = parsed.field_name_for_child(index)
        if child.is_named and child.type != "comment":
            parts.append(made)
        if name is not None:
            named.append((name, made))
    return CNode(parsed.type, text[start:end], span, tuple(parts), tuple(named))


def joined_types(text: str) -> str:
    """Join the words of a type that is an argument of `min_t` and its like by `_`."""
    return _TWO_WORDS.sub(lambda each: each[0].replace(each[1], re.sub(r"\s", "_", each[1])), text)


def loops_marked(text: str, macros: frozenset[str]) -> tuple[str, dict[int, str]]:
    """Turn loop macros into `while` of the same length; also return their names by their offsets."""
    found: dict[int, str] = {}

    def turned(each: re.Match[str]) -> str:
        if each[0] not in macros:
            return each[0]
        found[each.start()] = each[0]
        return "while" + " " * (len(each[0]) - len("while"))

    return re.sub(r"\b\w{5,}\b(?=\s*\()", turned, text), found


def casts_marked(text: str, is_type: Callable[[str], bool]) -> tuple[str, list[int]]:
    """Put `struct` before each name of a type that stands alone in parentheses; also return where these words stand."""
    edits: list[int] = []

    def marked(each: re.Match[str]) -> str:
        if not is_type(each[2]):
            return each[0]
        edits.append(each.start(2) + len(_MARK) * len(edits))
        return f"{each[1]}{_MARK}{each[2]}{each[3]}"

    return _ALONE.sub(marked, text), edits


def unmarked(offset: int, edits: list[int]) -> int:
    """Return where something stood before the casts were marked."""
    return offset - sum(min(len(_MARK), max(0, offset - each)) for each in edits)
