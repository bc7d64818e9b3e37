"""Text to syntax tree, with errors that point at the text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken
from lark.lark import PostLex
from lark.lexer import PatternStr

from checker.diagnostic import Diagnostic, Rejected, Source, Span
from checker.language import syntax as s
from checker.language.build import TreeBuilder
from checker.language.codes import Code
from checker.language.limits import Limits, beyond
from checker.language.source import comments, unclosed

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
_SIGNS = (
    (r"&&", "write `and`"),
    (r"\|\|", "write `or`"),
    (r"!(?!=)", "write `not`, or `!=` between two values"),
    (r"=(?!=)", "`==` compares; `var` and `const` need a type, as in `var x: va = ...`"),
    (r";", "leave it out: a statement ends where the next one begins"),
    (r"//|/\*", "a comment begins with `#`"),
    (r"\+\+|--", "write `+= 1` or `-= 1`"),
    (r"-", "there are no negative numbers: write `0 -% x` where wrapping is meant"),
    (r'"', 'a text ends with `"` on the line on which it begins'),
    (r"'", 'a text stands in `"`'),
)
_NUMBER = "a number is decimal, with K, M, G, T, P or E after it, or hexadecimal after 0x"
_CHAINED = "comparisons do not chain: join two with `and`, or write parentheses"
_RESERVED = "this word has a meaning of its own; choose another name"


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


def parse(source: Source, limits: Limits) -> s.Module | Diagnostic:
    """The syntax tree of a whole file, or the first error in it."""
    try:
        module = _parse(source, "module", limits)
    except Rejected as rejected:
        return rejected.diagnostic
    assert isinstance(module, s.Module)
    return dataclasses.replace(module, comments=comments(source))


def parse_expression(source: Source, limits: Limits) -> s.Expr:
    """The tree of one expression (the braces of a message). Raises `Rejected`."""
    expression = _parse(source, "expr", limits)
    assert isinstance(expression, s.Expr)
    return expression


@cache
def parser() -> Lark:
    """The parser for grammar.lark; making it takes most of the time of reading a small file."""
    return Lark(
        (files("checker.language") / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start=["module", "expr"],
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=_WholeWords(),
    )


def _parse(source: Source, start: str, limits: Limits) -> Any:
    try:
        node = TreeBuilder(source).transform(parser().parse(source.text, start=start))
    except UnexpectedCharacters as error:
        raise Rejected(_bad_character(source, error)) from None
    except UnexpectedToken as error:
        raise Rejected(_unexpected(source, error)) from None
    except _GluedError as error:
        place = Span(source, error.left.start_pos or 0, error.right.end_pos or 0)
        raise Rejected(
            Diagnostic(
                Code.UNEXPECTED,
                f"unexpected `{place.text}`",
                place,
                help=_NUMBER if place.text[0].isdigit() else "add a space",
            )
        ) from None
    _limit_depth(node, limits)
    return node


def _bad_character(source: Source, error: UnexpectedCharacters) -> Diagnostic:
    start = error.pos_in_stream or 0
    place = Span(source, start, start + 1)
    hint = _NUMBER if place.text.isdigit() else _hint(source, start)
    message = f"unexpected character {place.text!r}"
    return Diagnostic(Code.BAD_CHARACTER, message, place, help=hint or _expected(error.allowed))


def _unexpected(source: Source, error: UnexpectedToken) -> Diagnostic:
    token: Token = error.token
    accepted = error.accepts or set()
    if token.type == "$END":
        end = len(source.text.rstrip())
        opened = unclosed(source)
        notes = () if opened is None else (f"`{opened.text}` in line {opened.line} is not closed",)
        return Diagnostic(Code.UNEXPECTED, "the file ends here", Span(source, end, end), notes, _expected(accepted))
    place = Span(source, token.start_pos or 0, token.end_pos or 0)
    shown = str(token) if len(token) <= 40 else str(token)[:37] + "..."
    reserved = token.type not in ("NAME", "INTEGER") and _is_word(token[0]) and "NAME" in accepted
    hint = _RESERVED if reserved else _hint(source, place.start)
    if token.type in ("COMPARISON", "HAS", "ALIGNED") and len(accepted) > 3:
        hint = _CHAINED
    return Diagnostic(Code.UNEXPECTED, f"unexpected `{shown}`", place, help=hint or _expected(accepted))


def _hint(source: Source, start: int) -> str:
    """What to write instead of a sign that other languages have; the first of two may have been read already."""
    doubled = start > 0 and source.text[start - 1] == source.text[start] in "&|"
    text = source.text[start - doubled : start + 2]
    return next((hint for pattern, hint in _SIGNS if re.match(pattern, text)), "")


def _expected(terminals: set[str] | None) -> str:
    fixed = {t.name: t.pattern.value for t in parser().terminals if isinstance(t.pattern, PatternStr)}
    names = sorted({_HUMAN.get(t) or f"`{fixed.get(t, t.lower().strip('_'))}`" for t in terminals or ()})
    if not names or len(names) > 13:
        return "see spec/language.md for what may stand here"
    if len(names) == 1:
        return f"expected {names[0]}"
    return f"expected {', '.join(names[:-1])} or {names[-1]}"


def _children(node: s.Node) -> Iterator[s.Node]:
    for item in dataclasses.fields(node):
        value = getattr(node, item.name)
        if isinstance(value, s.Node):
            yield value
        elif isinstance(value, tuple):
            yield from (child for child in value if isinstance(child, s.Node))


def _limit_depth(root: s.Node, limits: Limits) -> None:
    """Refuse a tree that is too deep, since later phases recurse; an explicit stack, since it may be very deep
    indeed."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > limits.depth:
            raise beyond(limits, "depth", node.span)
        stack.extend((child, depth + 1) for child in _children(node))
