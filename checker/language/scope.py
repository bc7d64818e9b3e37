"""What a name can stand for, and where it is looked up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.diagnostic import Diagnostic, Rejected, Span
from checker.language import program as p
from checker.language import syntax as s
from checker.language.codes import Code
from checker.language.types import Integer, Type

MAX_EXPANSION = 200_000
"""How many expression nodes one file may expand to; `def` and `derive` are macros, and nested ones can explode."""


@dataclass(frozen=True)
class TypeBinding:
    """A scalar type."""

    type: Type


@dataclass(frozen=True)
class RecordBinding:
    """A record, with the derived values that are expanded where they are used, and the scope they were written in."""

    record: p.Record
    derived: tuple[s.Derived, ...]
    scope: Scope = field(compare=False, repr=False)


@dataclass(frozen=True)
class ListTypeBinding:
    """A list type: maps, or (``layout``) what algorithms make of maps."""

    name: str
    element: RecordBinding
    layout: bool


@dataclass(frozen=True)
class WindowBinding:
    """``start`` (inclusive) to ``end`` (exclusive)."""

    type: Integer
    start: p.Expr
    end: p.Expr


@dataclass(frozen=True)
class FunctionBinding:
    """A ``def``, with the scope in which its body is read."""

    item: s.Function
    scope: Scope = field(compare=False, repr=False)


@dataclass(frozen=True)
class RuleBinding:
    """An assumption or property, with the scope in which its formula is read."""

    item: s.Rule
    scope: Scope = field(compare=False, repr=False)


@dataclass(frozen=True)
class AlgorithmBinding:
    """A typed algorithm."""

    algorithm: p.Algorithm
    list_type: ListTypeBinding


@dataclass(frozen=True)
class ScenarioBinding:
    """A scenario's name; nothing can refer to it."""


@dataclass(frozen=True)
class ValueBinding:
    """A value; ``mutable`` variables may be assigned to."""

    value: p.Expr
    mutable: bool = False


@dataclass(frozen=True)
class RegionBinding:
    """A region that a pass or quantifier looks at."""

    variable: str
    record: RecordBinding


@dataclass(frozen=True)
class SequenceBinding:
    """A map or a layout that exists under ``name`` in the scenario or algorithm."""

    name: str
    type: ListTypeBinding


Binding = (
    TypeBinding
    | RecordBinding
    | ListTypeBinding
    | WindowBinding
    | FunctionBinding
    | RuleBinding
    | AlgorithmBinding
    | ScenarioBinding
    | ValueBinding
    | RegionBinding
    | SequenceBinding
)

KIND = {
    TypeBinding: "a type",
    RecordBinding: "a record",
    ListTypeBinding: "a list type",
    WindowBinding: "a window",
    FunctionBinding: "a function",
    RuleBinding: "an assumption or property",
    AlgorithmBinding: "an algorithm",
    ScenarioBinding: "a scenario",
    ValueBinding: "a value",
    RegionBinding: "a region",
    SequenceBinding: "a map or layout",
}


class Scope:
    """Names and what they stand for; inner scopes see outer ones and may not hide their names."""

    def __init__(self, bindings: Mapping[str, Binding], parent: Scope | None = None) -> None:
        self._bindings = dict(bindings)
        self._parent = parent

    def find(self, name: str) -> Binding | None:
        """What ``name`` stands for here, if anything."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._bindings:
                return scope._bindings[name]
            scope = scope._parent
        return None

    def names(self) -> Iterator[str]:
        """Every name that can be used here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope._bindings
            scope = scope._parent

    def lookup(self, name: str, span: Span) -> Binding:
        """What ``name`` stands for. Raises `Rejected` with the nearest known names."""
        binding = self.find(name)
        if binding is None:
            raise Rejected(unknown(Code.UNKNOWN_NAME, "name", name, self.names(), span))
        return binding

    def bind(self, name: str, binding: Binding, span: Span) -> None:
        """Add a name to this scope. Raises `Rejected` where the name already means something."""
        if self.find(name) is not None:
            code = Code.DUPLICATE_NAME if name in self._bindings else Code.SHADOWED_NAME
            message = f"`{name}` already names {KIND[type(self.lookup(name, span))]} here"
            raise Rejected(Diagnostic(code, message, span, help="choose another name"))
        self._bindings[name] = binding

    def child(self, bindings: Mapping[str, Binding] | None = None) -> Scope:
        """A scope inside this one."""
        return Scope(bindings or {}, self)


def unknown(code: Code, what: str, name: str, known: Iterator[str], span: Span) -> Diagnostic:
    """The diagnostic for a name that does not exist, with near misses."""
    close = difflib.get_close_matches(name, sorted(set(known)), n=3)
    hint = f"did you mean {' or '.join(f'`{c}`' for c in close)}?" if close else "is a `use` missing?"
    return Diagnostic(code, f"unknown {what} `{name}`", span, help=hint)


def reject(code: Code, message: str, span: Span, help: str = "", notes: tuple[str, ...] = ()) -> Rejected:
    """Shorthand for the exception that carries a diagnostic to the edge of the room."""
    return Rejected(Diagnostic(code, message, span, notes, help))
