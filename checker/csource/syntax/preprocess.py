"""The text before C's grammar: comments, conditions (`#ifdef`), macros, and where functions begin and end.

Text is blanked, never moved, so that a place in what is parsed is the place in the file. No header is included: what
the binding lists is read, and a macro or a condition that this does not settle is refused where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, Source, Span, reject
from checker.base.values import frozen

_NOISE = re.compile(r'/\*.*?\*/|//(?:\\\r?\n|[^\n])*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)[ \t]*(.*?)$", re.MULTILINE)
_DEFINE = re.compile(r"(\w+)(\(([^)]*)\))?\s*(.*)", re.DOTALL)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_WORD = re.compile(r"[A-Za-z_]\w*|.", re.DOTALL)


@frozen
class Condition:
    """A line `#if`: what it asks, and whether it has to be so or not."""

    text: str
    holds: bool


@frozen
class Macro:
    """A macro: its parameters (None where it has none), its text, where it is defined and under which conditions."""

    name: str
    parameters: tuple[str, ...] | None
    body: str
    span: Span
    conditions: tuple[Condition, ...]


@frozen
class FunctionText:
    """A function: the stretch of its file from its type to its last brace, and the conditions around it."""

    name: str
    span: Span
    conditions: tuple[Condition, ...]


@frozen
class CFile:
    """A file of C: as it is, and with comments, texts and directives blanked."""

    source: Source
    plain: str
    macros: tuple[Macro, ...]
    conditions: tuple[tuple[int, tuple[Condition, ...]], ...]
    """From which offset on which conditions stand around the text, in the order of the offsets."""

    def around(self, offset: int) -> tuple[Condition, ...]:
        """Return the conditions around a place."""
        found: tuple[Condition, ...] = ()
        for start, conditions in self.conditions:
            if start > offset:
                break
            found = conditions
        return found


def read_c(name: str, text: str, edition: str = "") -> CFile:
    """Take a file apart into directives and the rest. Raises `Rejected`."""
    source = Source(name, text.replace("\r\n", "\n"), edition)
    plain = _NOISE.sub(_blank_noise, source.text)
    joined = plain.replace("\\\n", "  ")
    macros: list[Macro] = []
    stack: list[tuple[Condition, ...]] = []
    changes: list[tuple[int, tuple[Condition, ...]]] = []
    guard = _guard(joined)
    for found in _DIRECTIVE.finditer(joined):
        word, rest = found[1], found[2].strip()
        match word:
            case "if" | "ifdef" | "ifndef":
                stack.append((_condition(word, rest, guard),))
            case "elif" | "else" if stack:
                last = stack[-1]
                turned = (*last[:-1], Condition(last[-1].text, not last[-1].holds))
                stack[-1] = (*turned, Condition(rest, True)) if word == "elif" else turned
            case "endif" if stack:
                stack.pop()
            case "define":
                _define(rest, Span(source, found.start(), found.end()), tuple(e for c in stack for e in c), macros)
            case _:
                pass
        changes.append((found.end(), tuple(each for some in stack for each in some if each.text)))
    return CFile(source, _DIRECTIVE.sub(_blank, joined), tuple(macros), tuple(changes))


def _blank_noise(found: re.Match[str]) -> str:
    """Blank a comment; of a text the quotes stay, so that it is still a text."""
    noise = found[0]
    if noise[0] == "'":
        return noise
    kept = '"' if noise[0] == '"' else " "
    inner = "".join("\n" if each == "\n" else " " for each in noise[1:-1])
    return f"{kept}{inner}{kept}" if len(noise) > 1 and noise[0] != "/" else re.sub(r"[^\n]", " ", noise)


def _guard(text: str) -> str:
    """Return the name that guards a header against being read twice; empty if none does."""
    found = re.match(r"\s*#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+(\w+)", text)
    return found[1] if found and found[1] == found[2] else ""


def _condition(word: str, rest: str, guard: str) -> Condition:
    if word == "if":
        return Condition(rest, True)
    if rest == guard and word == "ifndef":
        return Condition("", True)
    return Condition(f"defined({rest})", word == "ifdef")


def _define(rest: str, span: Span, conditions: tuple[Condition, ...], macros: list[Macro]) -> None:
    found = _DEFINE.fullmatch(rest)
    if found is None:
        return
    # A macro has parameters if the parenthesis follows its name at once.
    parameters = tuple(each.strip() for each in found[3].split(",")) if found[2] else None
    if parameters == ("",):
        parameters = ()
    named = tuple(each for each in conditions if each.text)
    macros.append(Macro(found[1], parameters, " ".join(found[4].split()), span, named))


def holds(condition: Condition, settings: Mapping[str, bool]) -> bool | None:
    """Tell whether a condition holds where names are defined, or not, as the settings say; None if they do not say."""
    text = re.sub(r"\b(?:defined|IS_ENABLED)\s*\(?\s*(\w+)\s*\)?", r"\1", condition.text)
    names = [each for each in _IDENTIFIER.findall(text) if each not in settings]
    if names or not re.fullmatch(r"[\w\s()!&|]*", text) or re.search(r"\b[1-9]", text):
        return None
    python = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    try:
        value = bool(_evaluated(python, settings))
    except (SyntaxError, ValueError):
        return None
    return value is condition.holds


def _evaluated(text: str, settings: Mapping[str, bool]) -> bool:
    """Evaluate `not`, `and`, `or`, parentheses and names, and nothing else. Raises `SyntaxError` and `ValueError`."""
    import ast

    def value(node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return settings[name]
            case ast.Constant(value=int(number)):
                return bool(number)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return not value(inner)
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(map(value, parts))
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(map(value, parts))
            case _:
                raise ValueError

    return value(ast.parse(text.strip(), mode="eval").body)


def settled(conditions: tuple[Condition, ...], settings: Mapping[str, bool], what: str, span: Span) -> bool:
    """Tell whether what stands under conditions is there. Raises `Rejected` where the settings do not say."""
    answers = [holds(each, settings) for each in conditions]
    if False in answers:
        return False
    if None in answers:
        asked = conditions[answers.index(None)].text
        message = f"{what} stands under `{asked}`, and the binding does not say whether that holds"
        raise reject(SourceCode.UNSETTLED, message, span, "settle the names under `[settings]` of the binding")
    return True


def functions(file: CFile, name: str) -> Iterator[FunctionText]:
    """Find the definitions of a function, by its name and the braces behind it."""
    for found in re.finditer(rf"\b{re.escape(name)}\s*\(", file.plain):
        close = _matching(file.plain, found.end() - 1)
        if close is None:
            continue
        brace = re.compile(r"(?:\s|__\w+)*\{").match(file.plain, close + 1)
        if brace is None:
            continue
        end = _matching(file.plain, brace.end() - 1)
        start = max(file.plain.rfind(each, 0, found.start()) for each in ";}{") + 1
        start += len(file.plain[start:]) - len(file.plain[start:].lstrip())
        if end is None or start >= found.start() or "=" in file.plain[start : found.start()]:
            continue
        yield FunctionText(name, Span(file.source, start, end + 1), file.around(found.start()))


def _matching(text: str, start: int) -> int | None:
    """Return the offset of the bracket that closes the one at ``start``."""
    close = {"(": ")", "{": "}"}[text[start]]
    depth = 0
    for offset in range(start, len(text)):
        if text[offset] == text[start]:
            depth += 1
        elif text[offset] == close:
            depth -= 1
            if depth == 0:
                return offset
    return None


def body_text(file: CFile, function: FunctionText, settings: Mapping[str, bool], annotations: frozenset[str]) -> str:
    """Return the text of a function without annotations and without what the settings leave out. Raises `Rejected`."""
    span = function.span
    outer = len(file.around(span.start))
    text = list(file.plain[span.start : span.end])
    edges = [start for start, _ in file.conditions if span.start <= start < span.end]
    for start, end in zip(edges, [*edges[1:], span.end], strict=False):
        inner = file.around(start)[outer:]
        if inner and not settled(inner, settings, "a part of the function", Span(file.source, start, end)):
            for offset in range(start - span.start, end - span.start):
                text[offset] = "\n" if text[offset] == "\n" else " "
    cleaned = "".join(text)
    brace = cleaned.index("{")
    head = re.sub(r"__attribute__\s*\(\(.*?\)\)", _blank, cleaned[:brace])
    head = _IDENTIFIER.sub(lambda each: _blank(each) if each[0] in annotations else each[0], head)
    return head + cleaned[brace:]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def expanded(macro: Macro, arguments: tuple[str, ...], span: Span) -> str:
    """Return the text of a macro with arguments in the place of its parameters. Raises `Rejected`."""
    parameters = macro.parameters or ()
    if len(parameters) != len(arguments) or "..." in parameters:
        message = f"`{macro.name}` is given {len(arguments)} arguments and has {len(parameters)}"
        raise reject(SourceCode.NOT_UNDERSTOOD, message, span, "give its meaning under `[macros]` of the binding")
    if re.search(r"(?<!#)#(?!#)", macro.body):
        message = f"`{macro.name}` makes a text of an argument"
        raise reject(SourceCode.NOT_UNDERSTOOD, message, span, "give its meaning under `[macros]` of the binding")
    given = dict(zip(parameters, arguments, strict=True))
    pasted = re.sub(r"\s*##\s*", "##", macro.body)
    return "".join(given.get(each[0], each[0]) for each in _WORD.finditer(pasted)).replace("##", "")


def wrong_file(name: str, why: str) -> Diagnostic:
    """Return the complaint that a file of a tree cannot be read."""
    help = "name the folder of a kernel's source (`arch`, `drivers` and so on stand there), or another binding"
    return Diagnostic(SourceCode.NO_SOURCE, f"cannot read {name}: {why}", help=help)
