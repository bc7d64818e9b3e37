"""The files of a tree that a binding names, and what their names mean: functions, macros, file variables, types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from checker.base.codes import SourceCode
from checker.base.diagnostic import Source, Span, reject
from checker.base.values import frozen, mutable
from checker.csource.binding import ANNOTATIONS, Binding
from checker.csource.syntax.parse import (
    CNode,
    casts_marked,
    joined_types,
    loops_marked,
    not_understood,
    parse,
    unmarked,
)
from checker.csource.syntax.preprocess import CFile, Macro, body_text, functions, read_c, settled
from checker.csource.types import CInt, CType, Pointer, from_words

_FILE_VARIABLE = r"^[ \t]*(?:static\s+)?((?:\w+[ \t]+)+)NAME\s*(?:\w+\s*)*(=[^;]*)?;"
_TYPEDEF = re.compile(r"^[ \t]*typedef\s+([\w \t]+?)\s+(\w+)\s*;", re.MULTILINE)
_QUALIFIERS = {"const", "volatile", "register", "static", "extern", "inline", "__inline", "restrict"}

NO_EDITIONS: Mapping[str, str] = {}
"""All files are as those of their names."""


@frozen
class CFunction:
    """A function as it was parsed: its parameters, what it returns (None for `void`), its body."""

    name: str
    result: CType | None
    parameters: tuple[tuple[str, CType], ...]
    body: CNode
    span: Span
    loops: Mapping[int, str]
    """The loop macros in it, by the offset in the file at which they stand."""


@frozen
class FileVariable:
    """A variable of a file: its type and the text of what it is at first, empty for 0."""

    name: str
    type: CType
    initial: str
    span: Span


@frozen
class Touched:
    """The names of what a text may change, and of what it may look at; `*` is what some pointer leads to."""

    changed: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()

    def joined(self, other: Touched) -> Touched:
        """Return the names of both."""
        return Touched(self.changed | other.changed, self.read | other.read)


@mutable
class Unit:
    """Some files of C and a binding; what was looked up once is kept."""

    files: tuple[CFile, ...]
    binding: Binding
    known: dict[str, CFunction] = field(default_factory=dict)
    made_types: dict[str, CType] = field(default_factory=dict)
    touched: dict[str, Touched] = field(default_factory=dict)
    defined: dict[str, bool] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, bool]:
        """Names of which the binding says whether they are defined."""
        return self.binding.settings

    def has_function(self, name: str) -> bool:
        """Tell whether some file defines a function."""
        if name not in self.defined:
            self.defined[name] = any(next(functions(file, name), None) is not None for file in self.files)
        return self.defined[name]

    def function(self, name: str, asked: Span | None = None) -> CFunction:
        """Find a function and parse it. Raises `Rejected`."""
        if name in self.known:
            return self.known[name]
        found = [
            (file, each)
            for file in self.files
            for each in functions(file, name)
            if settled(each.conditions, self.settings, f"`{name}`", each.span)
        ]
        if len(found) != 1:
            wrong = f"`{name}` is defined {len(found)} times" if found else f"there is no function `{name}`"
            span = found[1][1].span if found else asked or Span(Source(self._names(), ""), 0, 0)
            remedy = "say what the call means under `[calls]` of the binding, or name the file under `files`"
            if asked is None:
                remedy = "name the function under `entry` of the binding as this tree does, and its file under `files`"
            raise reject(SourceCode.NO_SOURCE if asked is None else SourceCode.UNKNOWN_NAME, wrong, span, remedy)
        file, place = found[0]
        text = body_text(file, place, self.settings, ANNOTATIONS | self.binding.annotations)
        text, loops = loops_marked(joined_types(text), frozenset(self.binding.loops))
        text, edits = casts_marked(text, self.is_type)
        start = place.span.start
        root = parse(text, lambda a, b: Span(file.source, start + unmarked(a, edits), start + unmarked(b, edits)))
        if len(root.parts) != 1 or root.parts[0].kind != "function_definition":
            raise not_understood(root, "this is no function that is understood")
        made = self._function(root.parts[0], name, {start + offset: macro for offset, macro in loops.items()})
        self.known[name] = made
        return made

    def _names(self) -> str:
        return ", ".join(file.source.name for file in self.files)

    def _function(self, node: CNode, name: str, loops: Mapping[int, str]) -> CFunction:
        declarator = node.part("declarator")
        result: CType | None = None if node.part("type").text == "void" else self.type_of(node)
        while declarator.kind == "pointer_declarator":
            declarator, result = declarator.part("declarator"), Pointer(self._pointee(node))
        if declarator.kind != "function_declarator":
            raise not_understood(declarator)
        parameters = []
        for each in declarator.part("parameters").parts:
            if each.text == "void":
                continue
            if each.kind != "parameter_declaration":
                raise not_understood(each)
            called, kind = self.declared(each.part("declarator"), each)
            parameters.append((called, kind))
        return CFunction(name, result, tuple(parameters), node.part("body"), node.span, loops)

    def _pointee(self, node: CNode) -> CInt | str:
        """Return what a pointer points to; empty where it is not followed."""
        kind = node.part("type")
        if kind.text == "void":
            return "void"
        found = self.named_type(kind)
        if isinstance(found, Pointer):
            return found.to if found.to in self.binding.descriptors else ""
        return found if found is not None else ""

    def declared(self, declarator: CNode, around: CNode) -> tuple[str, CType]:
        """Return the name and the type of a declarator; ``around`` has the type before it. Raises `Rejected`."""
        if declarator.kind == "identifier":
            return declarator.text, self.type_of(around)
        if declarator.kind == "pointer_declarator":
            inner = declarator.part("declarator")
            if inner.kind == "identifier":
                return inner.text, Pointer(self._named_pointee(around))
        raise not_understood(declarator)

    def _named_pointee(self, around: CNode) -> CInt | str:
        kind = around.part("type")
        if kind.text != "void" and self.named_type(kind) is None:
            raise self.unknown_type(kind)
        return self._pointee(around)

    def type_of(self, around: CNode) -> CType:
        """Return the type of a declaration, a parameter or a cast. Raises `Rejected` where it is not known."""
        kind = around.part("type")
        found = self.named_type(kind)
        if found is None or (isinstance(found, Pointer) and found.to in self.binding.descriptors):
            raise self.unknown_type(kind)
        return found

    def unknown_type(self, node: CNode) -> Exception:
        """Return the refusal of a type."""
        message = (
            f"`{node.span.short}` is no type that is known; if it is a macro of a loop, the binding does not say so"
        )
        remedy = "name the type under `[typedefs]` of the binding, or the macro under `[loops]`"
        return reject(SourceCode.UNKNOWN_NAME, message, node.span, remedy)

    def named_type(self, node: CNode) -> CType | None:
        """Return the type that a type's words mean, None where they mean none. A struct, and what a pointer to it is
        followed for, is a `Pointer` to its name."""
        words = tuple(each for each in re.split(r"[\s_]+" if node.kind == "joined" else r"\s+", node.text) if each)
        return self.type_of_words(tuple(each for each in words if each not in _QUALIFIERS))

    def type_of_words(self, words: tuple[str, ...]) -> CType | None:
        """Return the type that words mean, None where they mean none."""
        found = from_words(words)
        if found is not None:
            return found
        text = " ".join(words)
        if text in self.made_types:
            return self.made_types[text]
        if text in self.binding.descriptors:
            return Pointer(text)
        if words and words[0] in ("struct", "union") and len(words) == 2:
            # `struct` may be the mark of a cast: then the name alone is a type.
            return self.type_of_words(words[1:]) or Pointer(text)
        if text in self.binding.typedefs:
            return self.type_of_words(tuple(self.binding.typedefs[text].split()))
        for file in self.files:
            for each in _TYPEDEF.finditer(file.plain):
                if each[2] == text:
                    return self.type_of_words(tuple(each[1].split()))
        return None

    def is_type(self, name: str) -> bool:
        """Tell whether a name stands for a type."""
        return name != "void" and self.type_of_words((name,)) is not None

    def macro(self, name: str, span: Span) -> Macro | None:
        """Find a macro. Raises `Rejected` where more than one may be meant."""
        for given in (self.binding.constants, self.binding.macros):
            for head, body in given.items():
                called, _, parameters = head.partition("(")
                if called.strip() == name:
                    listed = tuple(each.strip() for each in parameters.rstrip(") ").split(",")) if parameters else None
                    return Macro(name, listed, " ".join(body.split()), span, ())
        found = [
            each
            for file in self.files
            for each in file.macros
            if each.name == name and settled(each.conditions, self.settings, f"`{name}`", span)
        ]
        if len({(each.parameters, each.body) for each in found}) > 1:
            message = f"`{name}` is defined {len(found)} times, in different ways"
            raise reject(
                SourceCode.UNSETTLED, message, span, "give it under `[constants]` or `[macros]` of the binding"
            )
        return found[0] if found else None

    @cached_property
    def _macros(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for head, body in (*self.binding.constants.items(), *self.binding.macros.items()):
            found.setdefault(head.partition("(")[0].strip(), []).append(body)
        for file in self.files:
            for each in file.macros:
                found.setdefault(each.name, []).append(each.body)
        return found

    def is_macro(self, name: str) -> bool:
        """Tell whether a name is that of a macro, under whatever conditions."""
        return name in self._macros

    def macro_texts(self, name: str) -> list[str]:
        """Return all texts that a macro has."""
        return self._macros.get(name, [])

    def variable(self, name: str) -> FileVariable | None:
        """Find a variable of a file, by the line that declares it outside of functions."""
        pattern = re.compile(_FILE_VARIABLE.replace("NAME", re.escape(name) + r"\b"), re.MULTILINE)
        for file in self.files:
            for found in pattern.finditer(file.plain):
                before = file.plain[: found.start()]
                if before.count("{") != before.count("}"):
                    continue
                words = tuple(each for each in found[1].split() if each not in _QUALIFIERS | ANNOTATIONS)
                kind = self.type_of_words(words)
                if kind is not None:
                    initial = (found[2] or "").removeprefix("=").strip()
                    return FileVariable(name, kind, initial, Span(file.source, found.start(), found.end()))
        return None


def unit_of(texts: Mapping[str, str], binding: Binding, editions: Mapping[str, str] = NO_EDITIONS) -> Unit:
    """Read some files, by their names; ``editions`` says of those that are not as the files of these names what they
    are. Raises `Rejected`."""
    return Unit(tuple(read_c(name, text, editions.get(name, "")) for name, text in texts.items()), binding)
