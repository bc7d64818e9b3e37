"""Remedies of messages as changes of the text; each is offered only if the checker, asked, is content with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.language import Desk
from checker.lsp.documents import Document, open_document

_QUOTED = re.compile(r"`([^`]*)`")
_NEEDED = re.compile(r"`(\w+)`(?: \([^)]*\))? is needed here")
_ADD_USE = re.compile(r"add `(use \w+)`")
_CLOSE = re.compile(r"close it with `(.)` above this line")
_OPERAND = re.compile(r"\bx\b")
_FIRST_ITEM = re.compile(r"^(?:use\b|[a-z])", re.MULTILINE)
_MOST = 8
"""The most changes that are tried for one message: each has the file read again."""


@frozen
class Mending:
    """A change of the text that mends something: what is between two offsets becomes ``text``."""

    title: str
    start: int
    end: int
    text: str

    def apply(self, whole: str) -> str:
        """A text with the change."""
        return whole[: self.start] + self.text + whole[self.end :]


def remedies(document: Document, problem: Diagnostic, desk: Desk) -> list[Mending]:
    """The changes that mend a problem of a document."""
    span = problem.span
    if span is None or span.source.name != document.source.name:
        return []
    tried: set[str] = set()
    mending: dict[str, Mending] = {}
    for change in _changes(document.text, problem, span.start, span.end):
        text = change.apply(document.text)
        if change.title in mending or text in tried or len(tried) == _MOST:
            continue
        tried.add(text)
        if _mends(document, change, text, desk):
            mending[change.title] = change
    return list(mending.values())


def _changes(text: str, problem: Diagnostic, start: int, end: int) -> Iterator[Mending]:
    wrong, help = text[start:end], problem.help
    if found := _ADD_USE.search(help):
        first = _FIRST_ITEM.search(text)
        at = first.start() if first is not None else 0
        yield Mending(f"add `{found[1]}`", at, at, f"{found[1]}\n")
        return
    if found := _CLOSE.search(help):
        yield Mending(f"close it with `{found[1]}`", start, start, f"{found[1]}\n\n")
        return
    if help.startswith("expected "):
        before = len(text[:start].rstrip())
        for word in _QUOTED.findall(help):
            yield Mending(f"write `{word}`", before, before, word)
            yield Mending(f"write `{word}`", before, before, f" {word} ")
        return
    if help.startswith(("leave it out", "remove it")):
        yield Mending(f"leave `{wrong}` out", start, end, "")
    if (needed := _NEEDED.search(problem.message)) and "`as`" in help:
        converted = f"{_one(wrong)} as {needed[1]}"
        yield Mending(f"write `{converted}`", start, end, converted)
    for word in _QUOTED.findall(help):
        if "..." in word or not word:
            continue
        mended = _OPERAND.sub(lambda _: _one(wrong), word)
        yield from (Mending(f"write `{mended}`", start, end, each) for each in (mended, f"{mended} "))


def _one(operand: str) -> str:
    """An operand, in parentheses if it has parts."""
    return operand if re.fullmatch(r"[\w.]+(\(.*\))?", operand) else f"({operand})"


def _mends(document: Document, change: Mending, text: str, desk: Desk) -> bool:
    """Tell whether nothing is wrong any more where a change is, and no more elsewhere than before."""
    study = open_document(document.path, text, desk).study
    before, after = document.study.wrong, study.wrong
    end = change.start + len(change.text)
    if document.study.tree is None:
        # What is wrong with what could not be read has not been told yet. A word put in moves what is wrong anyway.
        beyond = all(each.span is not None and each.span.start > end for each in after)
        return study.tree is not None or (beyond and change.start < change.end)
    touched = any(each.span is None or (each.span.start <= end and each.span.end >= change.start) for each in after)
    return not touched and len(after) <= len(before)
