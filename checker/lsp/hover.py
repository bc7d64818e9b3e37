"""Words explained: what a name stands for, its type and value, and the text by which it was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker import program as p
from checker.base.diagnostic import Source, Span
from checker.language.elaborate.literals import value_of
from checker.language.elaborate.operators import describe
from checker.language.elaborate.scope import (
    KIND,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    SequenceBinding,
    TypeBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.syntax import tree as s
from checker.lsp.documents import Document, Found, found_at, tree_of, word_at
from checker.program import types as t
from checker.report.values import shown

_MOST_LINES = 16
"""Lines of a declaration that are shown."""
_NUMBER = re.compile(r"0x[0-9a-fA-F](_?[0-9a-fA-F])*|[0-9](_?[0-9])*[KMGTPE]?")

BUILT_IN = {
    "align_down": "`align_down(x, n)`: the largest multiple of `n` that is not above `x`",
    "align_up": "`align_up(x, n)`: the smallest multiple of `n` that is not below `x`",
    "min": "`min(a, b)`: the smaller one",
    "max": "`max(a, b)`: the larger one",
    "exact_arithmetic": "`exact_arithmetic(run)`: no arithmetic of the run wraps, but where the operator says so",
}
"""Words that the language brings along, and that are in no scope."""


def hover(document: Document, offset: int) -> tuple[Span, str] | None:
    """Explain the word at an offset, in Markdown."""
    found = found_at(document, offset)
    if found is not None:
        return found.place, describe_found(found)
    start, word = word_at(document.text, offset)
    place = Span(document.source, start, start + len(word))
    if word in BUILT_IN:
        return place, BUILT_IN[word]
    if _NUMBER.fullmatch(word):
        value, _ = value_of(s.Integer(word, span=place))
        return place, f"`{value:#x}` = {value}"
    return None


def describe_found(found: Found) -> str:
    """Explain a name, in Markdown: the declaration, what is written above it, the type and the value."""
    declared = found.named.declared
    node = None if declared is None else declaring(declared)
    parts = [_block(_declaration(found, node))]
    if isinstance(node, s.Item):
        parts += _written_above(node.span.source, node.span)
    parts += _facts(found, node)
    return "\n\n".join(parts)


def summary(found_name: str, binding: object) -> str:
    """Explain a name in a few words."""
    match binding:
        case ValueBinding(value=p.Const(type=kind, value=value)):
            return f"{kind.name} = {shown(kind, value)}"
        case ValueBinding(value=value):
            return value.type.name
        case WindowBinding(type=kind):
            return f"window of {kind.name}"
        case RegionBinding(record=record):
            return record.record.name
        case SequenceBinding(type=kind):
            return kind.name
        case _:
            return next((what for kind, what in KIND.items() if isinstance(binding, kind)), found_name)


def declaring(declared: Span) -> s.Node | None:
    """The node of the tree that gives something its name at a place."""
    tree = tree_of(declared.source)
    waiting: list[s.Node] = [] if tree is None else [tree]
    while waiting:
        node = waiting.pop()
        if any(name.span.start == declared.start for name in node.declares()) and not isinstance(node, s.Expr | s.Use):
            return node
        if isinstance(node, s.Each) and declared.start in {each.span.start for each in node.declares()}:
            return node
        waiting += (child for child in node.children() if child.span.start <= declared.start < child.span.end)
    return None


def _declaration(found: Found, node: s.Node | None) -> str:
    name, binding = found.named.place.text, found.named.binding
    match node:
        case s.Item():
            return _cut(node.span.text)
        case s.Member() | s.RecordField() | s.Mark() | s.Derived() | s.Choose() | s.Parameter() | s.Given():
            return _cut(node.span.text)
        case s.Run():
            return node.span.text
        case s.Let(mutable=mutable):
            return f"{'var' if mutable else 'let'} {name}: {summary(name, binding)}"
        case _:
            owner = f"{_owner(found)}." if _owner(found) else ""
            return f"{owner}{name}: {summary(name, binding)}"


def _owner(found: Found) -> str:
    match found.named.owner:
        case RecordBinding(record=record):
            return record.name
        case TypeBinding(type=kind):
            return kind.name
        case WindowBinding():
            before = found.place.source.text[: found.place.start].rstrip(". ")
            return before[word_at(before, len(before))[0] :]
        case _:
            return ""


def _facts(found: Found, node: s.Node | None) -> Iterator[str]:
    """The type and the value, and what it is a part of, where the declaration does not say so."""
    match found.named.binding:
        case ValueBinding(value=p.Const(type=kind, value=value)):
            number = f" (`{value:#x}`)" if isinstance(kind, t.Integer) and not kind.is_address and value > 9 else ""
            yield f"{describe(kind)}, value {shown(kind, value)}{number}"
        case ValueBinding(value=value):
            yield describe(value.type)
        case WindowBinding(type=kind, start=p.Const(value=low), end=p.Const(value=high)):
            yield f"{describe(kind)}, {shown(t.BYTES, high - low)} from `{low:#x}` up to, not including, `{high:#x}`"
        case TypeBinding(type=t.Integer() as kind):
            yield f"{kind.width} bits, {kind.quantity.value}"
        case RegionBinding(record=record):
            yield f"a region: `{record.record.name}`"
        case SequenceBinding(type=ListTypeBinding(layout=layout)):
            yield "a layout" if layout else "a map"
        case _:
            pass
    if isinstance(node, s.Member | s.RecordField | s.Mark | s.Derived) and _owner(found):
        yield f"of `{_owner(found)}`"


def _written_above(source: Source, item: Span) -> Iterator[str]:
    """The comment that stands directly above an item."""
    lines: list[str] = []
    number = item.line - 1
    while (text := source.line(number).strip()).startswith("#"):
        lines.insert(0, text.lstrip("#").strip())
        number -= 1
    if lines:
        yield "  \n".join(lines)


def _cut(text: str) -> str:
    lines = text.splitlines()
    return text if len(lines) <= _MOST_LINES else "\n".join([*lines[: _MOST_LINES - 1], "..."])


def _block(code: str) -> str:
    return f"```layout\n{code}\n```"
