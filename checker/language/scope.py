"""What a name can stand for, and where it is looked up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from checker.diagnostic import Diagnostic, Rejected, Span
from checker.language import program as p
from checker.language import syntax as s
from checker.language.codes import Code
from checker.language.types import Integer, Type


@dataclass(frozen=True)
class TypeBinding:
    """A scalar type."""

    type: Type


@dataclass(frozen=True, eq=False)
class RecordBinding:
    """A record, with the derived values that are expanded where they are used, and the scope they were written in.

    Another record is not this one, however alike they are: their derived values may mean different things.
    """

    record: p.Record
    derived: tuple[s.Derived, ...]
    scope: Scope = field(repr=False)


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
    """A typed algorithm; ``checked`` if any of its arithmetic is claimed to fit; ``size`` is what it expands to."""

    algorithm: p.Algorithm
    list_type: ListTypeBinding
    checked: bool
    size: int


@dataclass(frozen=True)
class HandoverBinding:
    """A typed hand-over, and the layouts that it can be made from."""

    handover: p.Handover
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
    | HandoverBinding
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
    HandoverBinding: "a hand-over",
    ScenarioBinding: "a scenario",
    ValueBinding: "a value",
    RegionBinding: "a region",
    SequenceBinding: "a map or layout",
}


class Scope:
    """Names and what they stand for; inner scopes see outer ones and may not hide their names.

    ``later`` are names that the file declares at some point: they make a better message of an unknown name.
    """

    def __init__(
        self, bindings: Mapping[str, Binding], parent: Scope | None = None, later: frozenset[str] = frozenset()
    ) -> None:
        self._bindings = {name: (index, binding) for index, (name, binding) in enumerate(bindings.items())}
        self._parent = parent
        self._limit: int | None = None
        self._later = later
        self.declaring = ""
        """The item whose meaning is being worked out."""

    def frozen(self) -> Scope:
        """This scope as it is now: names that it gets later are not seen, so that what is expanded later means the
        same as where it was written."""
        view = Scope({}, self._parent, self._later)
        view._bindings = self._bindings
        view._limit = len(self._bindings)
        view.declaring = self.declaring
        return view

    def _own(self, name: str) -> Binding | None:
        index, binding = self._bindings.get(name, (0, None))
        return None if self._limit is not None and index >= self._limit else binding

    def find(self, name: str) -> Binding | None:
        """What ``name`` stands for here, if anything."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope._own(name)
            if binding is not None:
                return binding
            scope = scope._parent
        return None

    def names(self) -> Iterator[str]:
        """Every name that can be used here."""
        scope: Scope | None = self
        while scope is not None:
            yield from islice(scope._bindings, scope._limit)
            scope = scope._parent

    def lookup(self, name: str, span: Span) -> Binding:
        """What ``name`` stands for. Raises `Rejected` with the nearest known names."""
        binding = self.find(name)
        if binding is None:
            raise self.unknown(Code.UNKNOWN_NAME, "name", name, span)
        return binding

    def unknown(self, code: Code, what: str, name: str, span: Span) -> Rejected:
        """The error for a name that stands for nothing here: not yet, or nowhere."""
        scope: Scope | None = self
        while scope is not None:
            if name == scope.declaring:
                message = f"`{name}` is defined by means of itself"
                return reject(Code.RECURSION, message, span, "there is no recursion: write the steps out")
            if name in scope._later:
                message = f"{what} `{name}` is declared further down"
                return reject(code, message, span, "move its declaration above this one")
            scope = scope._parent
        return Rejected(unknown(code, what, name, self.names(), span))

    def bind(self, name: str, binding: Binding, span: Span) -> None:
        """Add a name to this scope. Raises `Rejected` where the name already means something."""
        known = self.find(name)
        if known is not None:
            code = Code.DUPLICATE_NAME if self._own(name) is not None else Code.SHADOWED_NAME
            raise reject(code, f"`{name}` already names {KIND[type(known)]} here", span, "choose another name")
        self._bindings[name] = (len(self._bindings), binding)

    def child(self) -> Scope:
        """A scope inside this one."""
        return Scope({}, self)


_MOST_NAMES = 1_000
"""How many known names are looked through for a near miss."""


def unknown(code: Code, what: str, name: str, known: Iterator[str], span: Span) -> Diagnostic:
    """The diagnostic for a name that does not exist, with near misses."""
    close = difflib.get_close_matches(name, sorted(set(islice(known, _MOST_NAMES))), n=3)
    hint = f"did you mean {' or '.join(f'`{c}`' for c in close)}?" if close else "is it misspelt, or a `use` missing?"
    return Diagnostic(code, f"unknown {what} `{name}`", span, help=hint)


def reject(code: Code, message: str, span: Span, help: str, notes: tuple[str, ...] = ()) -> Rejected:
    """Shorthand for the exception that carries a diagnostic to the edge of the room."""
    return Rejected(Diagnostic(code, message, span, notes, help))
