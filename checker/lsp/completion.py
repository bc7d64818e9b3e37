"""Words that can be written at a place: those of the grammar by the grammar, names by what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

from checker import library
from checker import program as p
from checker.base.values import frozen
from checker.language import SUFFIX
from checker.language.elaborate.scope import (
    AlgorithmBinding,
    Binding,
    FunctionBinding,
    HandoverBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    RuleBinding,
    SequenceBinding,
    TypeBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.syntax import tree as s
from checker.language.syntax.parse import Continuation, continuation
from checker.lsp.documents import Document, all_named, item_at
from checker.lsp.hover import BUILT_IN, summary
from checker.program import types as t

_LAST = re.compile(r"(?:(\w+)|(\S))\s*(?:#[^\n]*\s*)*\Z")
_USE = re.compile(r"^use\s+(?:\w+\s*,\s*)*\Z", re.MULTILINE)
_OPERAND = re.compile(r"(\w+)\s*\.\s*\Z")
_BEHIND = 200
"""Characters before a place in which the word before it is looked for."""

_DECLARING = {"let", "var", "choose", "each", "for", "before", "next", "with", "except", *("given", "mark", "derive")}
"""Behind these words stands a name that is made up there."""

_KINDS: dict[str, tuple[type[Binding], ...]] = {
    **dict.fromkeys(("place", "unplace", "export", "drop"), (RegionBinding,)),
    **dict.fromkeys(("in", "reversed", "like"), (SequenceBinding,)),
    "extends": (RecordBinding,),
    "of": (RecordBinding, ListTypeBinding, TypeBinding),
    ":": (TypeBinding, ListTypeBinding, RecordBinding),
    "as": (TypeBinding,),
    "repeat": (AlgorithmBinding,),
    "=": (AlgorithmBinding,),
}
"""The things that can be named behind a word where no value can stand."""

_VALUES = (ValueBinding, FunctionBinding, RuleBinding, RegionBinding, SequenceBinding, WindowBinding, HandoverBinding)


class Sort(Enum):
    """The sorts of words that are proposed."""

    WORD = auto()
    NAME = auto()
    PART = auto()
    MODULE = auto()


@frozen
class Proposal:
    """A word that can be written, and what it stands for in a few words."""

    word: str
    sort: Sort
    detail: str = ""
    binding: Binding | None = None


def complete(document: Document, offset: int) -> list[Proposal]:
    """The words that can stand where an offset is, or the word that ends there."""
    before = document.text[:offset]
    before = before[: len(before) - len(re.search(r"\w*\Z", before)[0])]  # type: ignore[index]  # it may be empty
    if _in_comment_or_text(before):
        return []
    if _USE.search(before):
        return [Proposal(name, Sort.MODULE) for name in _modules(document)]
    if operand := _OPERAND.search(before, max(0, len(before) - _BEHIND)):
        return list(_parts(document, operand[1], len(before)))
    last = _LAST.search(before, max(0, len(before) - _BEHIND))
    word = (last[1] or last[2]) if last is not None else ""
    after = continuation(before)
    if word == "expect":
        return [Proposal(each.value, Sort.WORD, "a verdict") for each in p.Expected]
    if word == "arriving":
        return [Proposal(each.value, Sort.WORD, "an order") for each in p.Travel]
    words = [] if after is None else [Proposal(each, Sort.WORD) for each in sorted(after.words)]
    return words + list(_names(document, offset, word, after))


def _in_comment_or_text(before: str) -> bool:
    line = before[before.rfind("\n") + 1 :]
    return line.count('"') % 2 == 1 or "#" in re.sub(r'"[^"]*"', "", line)


def _modules(document: Document) -> list[str]:
    folders = (document.path.parent, *library.search_path())
    found = {path.stem for folder in folders for path in folder.glob(f"*{SUFFIX}")}
    return sorted(name for name in found - {document.path.stem} if name.isidentifier())


def _names(document: Document, offset: int, word: str, after: Continuation | None) -> Iterator[Proposal]:
    value = after is None or after.value
    if word in _DECLARING or (after is not None and not after.name):
        return
    kinds = _VALUES if value else _KINDS.get(word, ())
    known = _visible(document, offset)
    for name, binding in known.items():
        # A statement begins with what can be assigned to.
        if isinstance(binding, kinds) or (not (value or kinds) and _assignable(binding)):
            yield Proposal(name, Sort.NAME, summary(name, binding), binding)
    if not value:
        return
    yield from (Proposal(name, Sort.NAME, text.partition(": ")[2]) for name, text in BUILT_IN.items())
    for name, binding in known.items():
        if isinstance(binding, TypeBinding) and isinstance(binding.type, t.Enumeration | t.Flags):
            yield Proposal(name, Sort.NAME, summary(name, binding), binding)
            yield from _members(binding.type)


def _assignable(binding: Binding) -> bool:
    return isinstance(binding, RegionBinding) or (isinstance(binding, ValueBinding) and binding.mutable)


def _visible(document: Document, offset: int) -> dict[str, Binding]:
    """The names that can be used at a place: those of the file and of what it uses, and those that the item has until
    there."""
    study = document.study if document.study.known else document.good
    known = dict(study.known) if study is not None else {}
    start, _ = item_at(document, offset)
    for found in all_named(document):
        here = found.named.declared is not None and found.named.declared.start == found.named.place.start
        if here and start <= found.place.start < offset and found.named.owner is None:
            known.setdefault(found.place.text, found.named.binding)
    return known


def _parts(document: Document, operand: str, offset: int) -> Iterator[Proposal]:
    """The words that can stand behind a name and a dot."""
    match _visible(document, offset).get(operand) or _anywhere(document, operand):
        case RegionBinding(record=record):
            for member in record.members:
                kind = member.type.name if not isinstance(member, s.Mark) else t.BOOL.name
                yield Proposal(member.name, Sort.PART, kind)
            yield from (Proposal(mark, Sort.PART, t.BOOL.name) for mark in p.MARKS)
        case WindowBinding(type=kind):
            yield from (Proposal(part, Sort.PART, kind.name) for part in ("start", "end"))
            yield Proposal("size", Sort.PART, t.BYTES.name)
        case TypeBinding(type=t.Enumeration() | t.Flags() as kind):
            yield from _members(kind)
        case _:
            pass


def _anywhere(document: Document, word: str) -> Binding | None:
    """Find the meaning of a word anywhere in the file: a name that is just being written is not known yet."""
    return next((found.named.binding for found in all_named(document) if found.place.text == word), None)


def _members(kind: t.Enumeration | t.Flags) -> Iterator[Proposal]:
    for member, value in kind.members:
        yield Proposal(member, Sort.PART, f"{kind.name} = {value:#x}" if isinstance(kind, t.Flags) else kind.name)
