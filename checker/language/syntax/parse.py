"""Text to syntax tree, with errors that point at the text."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, TextSlice, Token, UnexpectedCharacters, UnexpectedToken
from lark.lark import PostLex
from lark.lexer import PatternStr

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Rejected, Source, Span
from checker.base.files import own_folder
from checker.base.values import frozen
from checker.language.limits import Limits, beyond
from checker.language.syntax import mistakes as r
from checker.language.syntax import tree as s
from checker.language.syntax.again import Untouched, placed, untouched
from checker.language.syntax.build import TreeBuilder
from checker.language.syntax.source import CLOSING, comments, unclosed, words
from checker.program.types import BUILTIN

_HUMAN = {
    "INTEGER": "a number",
    "NAME": "a name",
    "STRING": "a quoted text",
    "ASSIGN": "`=`",
    "COMPARISON": "a comparison",
    "BITOP": "`|`, `&` or `^`",
    "SHIFT": "a shift",
    "ADDOP": "`+` or `-`",
    "MULOP": "`*`, `/` or `%`",
    "AS": "`as`",
    "RULE": "`assumption` or `property`",
    "REVERSED": "`reversed`",
    "$END": "the end of the file",
}
_NUMBER = "a number is decimal, with K, M, G, T, P or E after it, or hexadecimal after 0x"
_CHAINED = "comparisons do not chain: join two with `and`, or write parentheses"
_RESERVED = "this word has a meaning of its own; choose another name"
_NO_VALUE = "this word has a meaning of its own; a value is needed here"
_EACH = "put it in parentheses where it is joined by `and`; it cannot be negated, but its check may `expect refuted`"
_NO_STATEMENT = {"ASSIGN", "DOT"}
"""Signs that may follow a name with which a statement begins."""
_MOST_NAMED = 15
_HYPHENED = re.compile(r"[A-Za-z_]\w*(-\w+)+")
_SIZE = re.compile(r"([0-9](?:_?[0-9])*)[ \t]*([KMGTPE])(?:i?B)?\b", re.IGNORECASE)
"""A size as people write it."""
_CAST = re.compile(r"\((\w+)\)\s*(\w+(?:\.\w+)*)\s*\Z")
_COMPARED = re.compile(
    r"([<>]|[=!]=|\b(has|aligned)\b)((?!=>|\b(and|or|not|if|then|else|where|let|var|place)\b)[^{}:,])*\Z"
)
_LOOK_BACK = 200
"""Characters before an error in which its cause is looked for."""


@frozen
class Continuation:
    """The ways in which a text can go on: with some ``words``, with a ``name``, with a ``value``."""

    words: frozenset[str]
    name: bool
    value: bool


class _WholeWords(PostLex):
    """Refuses words that run into each other (``inmap``, ``0x12g``), which the lexer would take apart."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The same tokens. Raises `_GluedError`."""
        last: Token | None = None
        for token in stream:
            if last is not None and last.end_pos == token.start_pos and _is_word(last[-1]) and _is_word(token[0]):
                raise _GluedError(last, token)
            yield token
            last = token


class _GluedError(Exception):
    """Two tokens that are one word."""

    def __init__(self, left: Token, right: Token) -> None:
        super().__init__()
        self.left, self.right = left, right


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def parse(source: Source, limits: Limits, before: s.Module | None = None) -> s.Module | Diagnostic:
    """The syntax tree of a whole file, or the first error in it. Of ``before``, the tree that the file had, the items
    outside what has changed are taken over; the spans of those at the beginning are in the text that was."""
    kept = None if before is None else untouched(before, source.text)
    try:
        module = _parse(source, "module", limits) if kept is None else _parse_again(source, limits, kept)
    except Rejected as rejected:
        return rejected.diagnostic
    assert isinstance(module, s.Module)
    if before is not None and kept is not None and kept.before:
        module = s.Module(before.uses, (*kept.before, *module.items), span=module.span)
    return dataclasses.replace(module, comments=comments(source))


def _parse_again(source: Source, limits: Limits, kept: Untouched) -> s.Module:
    """The tree of a file from what has changed in it on. Raises `Rejected`."""
    if kept.behind:
        # What is wrong is said of the whole text: what is missing in the stretch may stand behind it.
        with suppress(Rejected):
            module = _parse(source, "module", limits, kept.start, kept.end)
            behind = (placed(item, source, kept.moved) for item in kept.behind)
            return s.Module(module.uses, (*module.items, *behind), span=module.span)
    module = _parse(source, "module", limits, kept.start)
    assert isinstance(module, s.Module)
    return module


def parse_expression(source: Source, limits: Limits) -> s.Expr:
    """The tree of one expression (the braces of a message). Raises `Rejected`."""
    expression = _parse(source, "expr", limits)
    assert isinstance(expression, s.Expr)
    return expression


def continuation(text: str) -> Continuation | None:
    """The ways in which a text can go on that is the beginning of a file; None if it cannot."""
    try:
        state = parser().parse_interactive(text, start="module")
        state.exhaust_lexer()
    except (UnexpectedCharacters, UnexpectedToken, _GluedError):
        return None
    accepted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    patterns = {_HUMAN[each].strip("`") for each in accepted & {"AS", "REVERSED"}}
    return Continuation(frozenset({*keywords(accepted), *patterns}), "NAME" in accepted, "INTEGER" in accepted)


@cache
def parser() -> Lark:
    """The parser for grammar.lark. Its tables take most of the time of reading a small file, so that lark keeps them,
    with a hash of the grammar, of its own version and of Python's; it makes them anew where they are not what they
    should be."""
    folder = own_folder()
    return Lark(
        (files("checker.language.syntax") / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start=["module", "expr"],
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=_WholeWords(),
        cache=False if folder is None else str(folder / f"grammar-{sys.implementation.cache_tag}.lark"),
    )


def _parse(source: Source, start: str, limits: Limits, begin: int = 0, end: int | None = None) -> Any:
    try:
        text = TextSlice(source.text, begin, len(source.text) if end is None else end)
        node = TreeBuilder(source).transform(parser().parse(text, start=start))
    except UnexpectedCharacters as error:
        raise Rejected(_bad_character(source, error)) from None
    except UnexpectedToken as error:
        raise Rejected(_unexpected(source, error)) from None
    except _GluedError as error:
        place = Span(source, error.left.start_pos or 0, error.right.end_pos or 0)
        raise Rejected(
            Diagnostic(
                LayoutCode.UNEXPECTED,
                f"unexpected `{place.text}`",
                place,
                help=_NUMBER if place.text[0].isdigit() else "add a space",
            )
        ) from None
    _limit_depth(node, limits)
    return node


def _bad_character(source: Source, error: UnexpectedCharacters) -> Diagnostic:
    start = error.pos_in_stream or 0
    if size := _size(source, start):
        return size
    place = Span(source, start, start + 1)
    hint = _NUMBER if place.text.isdigit() else _hint(source, start)
    message = f"unexpected character {place.text!r}"
    # What the lexer allows are the tokens of all states that share one: brackets that were never opened among them.
    state: Any = error.interactive_parser
    return Diagnostic(LayoutCode.BAD_CHARACTER, message, place, help=hint or _expected(state.accepts()))


def _unexpected(source: Source, error: UnexpectedToken) -> Diagnostic:
    token: Token = error.token
    accepted = error.accepts or set()
    if token.type == "$END":
        end = len(source.text.rstrip())
        notes = _not_closed(unclosed(source))
        return Diagnostic(
            LayoutCode.UNEXPECTED, "the file ends here", Span(source, end, end), notes, _expected(accepted)
        )
    place = Span(source, token.start_pos or 0, token.end_pos or 0)
    if source.text[max(0, place.start - 1) : place.end] in r.DOUBLED:
        place = Span(source, place.start - 1, place.end)
    last = (words(source, place.start) or [place])[-1]
    return (
        _bracket(source, place, last, accepted)
        or _foreign(source, place, last, accepted)
        or _complain(place, _help(source, token, place, last, accepted))
    )


def _complain(place: Span, help: str, notes: tuple[str, ...] = ()) -> Diagnostic:
    shown = place.text if len(place.text) <= 40 else place.text[:37] + "..."
    return Diagnostic(LayoutCode.UNEXPECTED, f"unexpected `{shown}`", place, notes, help)


def _not_closed(opened: Span | None) -> tuple[str, ...]:
    return () if opened is None else (f"`{opened.text}` in line {opened.line} is not closed",)


def _bracket(source: Source, place: Span, last: Span, accepted: set[str]) -> Diagnostic | None:
    """The error where a bracket is missing or one too many: an item begins in the middle of something, or a bracket
    does not go with the one before it."""
    for word in (place, last):
        opened = unclosed(source, word.start)
        if word.text in r.ITEMS and word.column == 1 and opened is not None:
            return _complain(word, f"close it with `{CLOSING[opened.text]}` above this line", _not_closed(opened))
    opened = unclosed(source, place.start)
    if place.text in ("{", "}") and opened is not None and opened.text != "{":
        return _complain(place, _expected(accepted), _not_closed(opened))
    partner = next((left for left, right in CLOSING.items() if right == place.text), None)
    if partner is not None and (opened is None or opened.text != partner):
        return _complain(place, f"leave it out: no `{partner}` is open here")
    return None


def _size(source: Source, start: int) -> Diagnostic | None:
    """The error at a size whose unit is written otherwise here."""
    found = _SIZE.match(source.text, start)
    if found is None:
        return None
    return _complain(Span(source, start, found.end()), f"write `{found[1]}{found[2].upper()}`")


def _foreign(source: Source, place: Span, last: Span, accepted: set[str]) -> Diagnostic | None:
    """The error at what this language does not have, although it has been read as a name in part."""
    begins = accepted <= _NO_STATEMENT
    if last.end < place.start and (size := _size(source, last.start)) and size.span and size.span.end == place.end:
        return size
    cast = _CAST.search(source.text, max(0, place.start - _LOOK_BACK), place.start)
    if begins and cast is not None and cast[1] in r.TYPES:
        return _complain(Span(source, cast.start(), last.end), f"write `{cast[2]} as {cast[1]}`")
    if begins and last.text in r.TYPES and place.text.isidentifier():
        kind = last.text if last.text in BUILTIN else "u64"
        return _complain(last, f"the type stands after the name: `var {place.short}: {kind} = ...`")
    name = _HYPHENED.match(source.text, last.start, last.start + _LOOK_BACK)
    if place.text == "-" and place.start == last.end and name is not None:
        whole = Span(source, name.start(), name.end())
        return _complain(whole, f"there is no `-` in names: write `{name[0].replace('-', '_')}`")
    for word in (place, last) if begins or last.text not in r.ITEMS else (place,):
        if word.text in r.WORDS:
            return _complain(word, r.WORDS[word.text])
    if begins and (near := r.meant(last.text, r.STATEMENTS)):
        return _complain(last, near)
    if place.text == "each" and "INTEGER" in accepted:
        message = "`each` cannot stand inside an expression"
        return Diagnostic(LayoutCode.FORMULA_MISPLACED, message, place, help=_EACH)
    return None


def _help(source: Source, token: Token, place: Span, last: Span, accepted: set[str]) -> str:
    """Return the remedy for what stands where it may not."""
    if "$END" in accepted and place.text in r.TOP:
        return r.TOP[place.text]
    before = source.text[max(0, place.start - _LOOK_BACK) : place.end]
    if unfinished := next((hint for pattern, hint in r.UNFINISHED if re.search(rf"(?:{pattern})\Z", before)), ""):
        return unfinished
    if token.type == "STRING":
        return "leave the quotes out" if "NAME" in accepted else _expected(accepted)
    if token.type not in ("NAME", "INTEGER") and _is_word(place.text[0]) and "NAME" in accepted:
        return r.VALUES.get(place.text, _NO_VALUE) if "INTEGER" in accepted else _RESERVED
    if near := r.meant(place.text, keywords(accepted)) if token.type == "NAME" else "":
        return near
    if hint := _hint(source, place.start):
        return hint
    compares = token.type in ("COMPARISON", "HAS", "ALIGNED", "IN")
    if compares and _COMPARED.search(source.text, max(0, place.start - _LOOK_BACK), place.start):
        return _CHAINED
    return _expected(accepted) + (f" after `{last.short}`: no statement begins so" if accepted <= _NO_STATEMENT else "")


def _hint(source: Source, start: int) -> str:
    """Return the remedy for a sign that other languages have."""
    text = source.text[start : start + len(".layout") + 1]
    return next((hint for pattern, hint in r.SIGNS if re.match(pattern, text)), "")


def keywords(terminals: set[str]) -> Iterator[str]:
    """The words among terminals."""
    for terminal in terminals:
        if terminal == "RULE":
            yield from ("assumption", "property")
        elif terminal not in _HUMAN and (word := _fixed(terminal)).isalpha():
            yield word


def _expected(terminals: set[str] | None) -> str:
    names = sorted({_HUMAN.get(t) or f"`{_fixed(t)}`" for t in terminals or ()})
    if not names or len(names) > _MOST_NAMED:
        return "see spec/language.md for what may stand here"
    if len(names) == 1:
        return f"expected {names[0]}"
    return f"expected {', '.join(names[:-1])} or {names[-1]}"


def _fixed(terminal: str) -> str:
    """The text of a terminal that has only one."""
    fixed = {t.name: t.pattern.value for t in parser().terminals if isinstance(t.pattern, PatternStr)}
    return fixed.get(terminal, terminal.lower().strip("_"))


def _limit_depth(root: s.Node, limits: Limits) -> None:
    """Refuse a tree that is too deep, since later phases recurse; an explicit stack, since it may be very deep
    indeed."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > limits.depth:
            raise beyond(limits, "depth", node.span)
        stack.extend((child, depth + 1) for child in node.children())
