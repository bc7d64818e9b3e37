"""Text to syntax tree, with errors that point at the text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from checker.diagnostic import Diagnostic, Rejected, Source, Span
from checker.language import syntax as s
from checker.language.build import TreeBuilder
from checker.language.codes import Code

MAX_BYTES = 1 << 20
"""Largest `.layout` file that is read, in bytes: no model comes near it, and a hostile file must not take minutes."""

MAX_DEPTH = 150
"""Deepest nesting of a syntax tree; later phases recurse over it."""

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
    "$END": "the end of the file",
}
_PUNCTUATION = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "COMMA": ",", "COLON": ":",
    "DOT": ".", "EQUAL": "=", "TILDE": "~",
}  # fmt: skip


def decode(name: str, data: bytes) -> Source | Diagnostic:
    """A file's bytes as text, or what is wrong with them (too large, no UTF-8)."""
    if len(data) > MAX_BYTES:
        message = f"this file has {len(data)} bytes; a `.layout` file may have {MAX_BYTES}"
        return Diagnostic(Code.FILE_TOO_LARGE, message, Span(Source(name, ""), 0, 0), help="split it into modules")
    try:
        return Source(name, data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", errors="replace"))
        start = len(data[: error.start].decode("utf-8"))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Diagnostic(Code.NOT_UTF8, message, Span(source, start, start + 1), help="save the file as UTF-8")


def parse(source: Source) -> s.Module | Diagnostic:
    """The syntax tree of a whole file, or the first error in it."""
    try:
        module = _parse(source, "module")
    except Rejected as rejected:
        return rejected.diagnostic
    assert isinstance(module, s.Module)
    return dataclasses.replace(module, comments=_comments(source))


def parse_expression(source: Source) -> s.Expr:
    """The tree of one expression (the braces of a message). Raises `Rejected`."""
    expression = _parse(source, "expr")
    assert isinstance(expression, s.Expr)
    return expression


@cache
def _grammar() -> str:
    return (files("checker.language") / "grammar.lark").read_text(encoding="utf-8")


@cache
def _parser() -> Lark:
    return Lark(
        _grammar(),
        parser="lalr",
        start=["module", "expr"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _parse(source: Source, start: str) -> Any:
    nul = source.text.find("\0")
    if nul >= 0:
        place = Span(source, nul, nul + 1)
        raise Rejected(Diagnostic(Code.BAD_CHARACTER, "NUL byte", place, help="this is no text file, or a damaged one"))
    builder = TreeBuilder(source)
    try:
        tree = _parser().parse(source.text, start=start)
        node = builder.transform(tree)
    except UnexpectedCharacters as error:
        place = Span(source, error.pos_in_stream, error.pos_in_stream + 1)
        message = f"unexpected character {source.text[error.pos_in_stream]!r}"
        raise Rejected(Diagnostic(Code.BAD_CHARACTER, message, place, help=_expected(error.allowed))) from None
    except UnexpectedToken as error:
        raise Rejected(_unexpected(source, error)) from None
    except UnexpectedEOF as error:
        place = Span(source, len(source.text), len(source.text))
        raise Rejected(
            Diagnostic(Code.UNEXPECTED, "the file ends here", place, help=_expected(set(error.expected)))
        ) from None
    _limit_depth(node)
    return node


def _unexpected(source: Source, error: UnexpectedToken) -> Diagnostic:
    token: Token = error.token
    if token.type == "$END":
        end = len(source.text.rstrip())
        return Diagnostic(Code.UNEXPECTED, "the file ends here", Span(source, end, end), help=_expected(error.accepts))
    place = Span(source, token.start_pos or 0, token.end_pos or 0)
    shown = str(token) if len(token) <= 40 else str(token)[:37] + "..."
    return Diagnostic(Code.UNEXPECTED, f"unexpected `{shown}`", place, help=_expected(error.accepts))


def _expected(terminals: set[str] | None) -> str:
    names = sorted({_HUMAN.get(t) or f"`{_PUNCTUATION.get(t, t.lower())}`" for t in terminals or ()})
    if not names or len(names) > 12:
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


def _limit_depth(root: s.Node) -> None:
    """Refuse a tree that is deeper than `MAX_DEPTH`; an explicit stack, since that tree may be very deep indeed."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep"
            raise Rejected(
                Diagnostic(Code.TOO_DEEP, message, node.span, help="name the inner parts with `let` or `def`")
            )
        stack.extend((child, depth + 1) for child in _children(node))


def _comments(source: Source) -> tuple[s.Comment, ...]:
    comments = []
    in_string = False
    position, text = 0, source.text
    while position < len(text):
        character = text[position]
        if character == '"':
            in_string = not in_string
        elif character == "\n":
            in_string = False
        elif character == "#" and not in_string:
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            comments.append(s.Comment(text[position:end].rstrip(), position))
            position = end
            continue
        position += 1
    return tuple(comments)
