"""Names: the things that they can stand for, and the scopes in which they are looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, LabelledSpan, Rejected, Span, reject
from checker.language.syntax import tree as s
from checker.language.syntax.mistakes import meant
from checker.program.types import Integer, Type


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


Kinds = tuple[type[Binding], ...]
MISSPELT = "is it misspelt, or a `use` missing?"
BUILT_IN = ("true", "false", "min", "max", "align_down", "align_up")
"""Words that can stand where names stand, and are in no scope."""


class Scope:
    """Names and what they stand for; inner scopes see outer ones and may not hide their names.

    ``later`` are names that the file or the scenario declares at some point, and ``elsewhere`` says which module that
    is not used has a name, if any has: they make a better message of an unknown name.
    """

    def __init__(
        self,
        bindings: Mapping[str, Binding],
        parent: Scope | None = None,
        later: frozenset[str] = frozenset(),
        elsewhere: Callable[[str], str | None] = lambda name: None,
    ) -> None:
        self._bindings = {name: (index, binding) for index, (name, binding) in enumerate(bindings.items())}
        self._parent = parent
        self._limit: int | None = None
        self._later = later
        self._elsewhere = elsewhere
        self.declaring = ""
        """The item whose meaning is being worked out."""

    def frozen(self) -> Scope:
        """This scope as it is now: names that it gets later are not seen, so that what is expanded later means the
        same as where it was written."""
        view = Scope({}, self._parent, self._later, self._elsewhere)
        view._bindings = self._bindings
        view._limit = len(self._bindings)
        view.declaring = self.declaring
        return view

    def _own(self, name: str) -> Binding | None:
        index, binding = self._bindings.get(name, (0, None))
        return None if self._limit is not None and index >= self._limit else binding

    def find(self, name: str) -> Binding | None:
        """Return the thing that ``name`` stands for here, if any."""
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

    def lookup(self, name: str, span: Span, kinds: Kinds = (), otherwise: str = MISSPELT) -> Binding:
        """Return the thing that ``name`` stands for. Raises `Rejected`, like `unknown`, where that is nothing."""
        binding = self.find(name)
        if binding is None:
            raise self.unknown(LayoutCode.UNKNOWN_NAME, "name", name, span, kinds, otherwise)
        return binding

    def unknown(
        self, code: LayoutCode, what: str, name: str, span: Span, kinds: Kinds = (), otherwise: str = MISSPELT
    ) -> Rejected:
        """The error for a name that stands for nothing here: not yet, not without another module, or nowhere; then
        with the nearest names for things of some ``kinds`` (none: of any), or else with the remedy ``otherwise``."""
        scope: Scope | None = self
        while scope is not None:
            if name == scope.declaring:
                message = f"`{name}` is defined by means of itself"
                return reject(LayoutCode.RECURSION, message, span, "there is no recursion: write the steps out")
            if name in scope._later:
                message = f"{what} `{name}` is declared further down"
                return reject(code, message, span, "move its declaration above this one")
            if (module := scope._elsewhere(name)) is not None:
                message = f"{what} `{name}` is in the module `{module}`, which is not used here"
                return reject(code, message, span, f"add `use {module}`")
            scope = scope._parent
        known = (other for other in self.names() if isinstance(self.find(other), kinds))
        return Rejected(unknown(code, what, name, known if kinds else chain(self.names(), BUILT_IN), span, otherwise))

    def bind(self, name: str, binding: Binding, span: Span) -> None:
        """Add a name to this scope. Raises `Rejected` where the name already means something."""
        known = self.find(name)
        if known is not None:
            code = LayoutCode.DUPLICATE_NAME if self._own(name) is not None else LayoutCode.SHADOWED_NAME
            message = f"`{name}` already names {KIND[type(known)]} here"
            raise reject(code, message, span, "choose another name", places=self._declared(name))
        self._bindings[name] = (len(self._bindings), binding)

    def _declared(self, name: str) -> tuple[LabelledSpan, ...]:
        """Find where a name that is known was declared; names that the language brings along have no place."""
        scope: Scope | None = self
        while scope is not None:
            for known in scope._bindings:
                if known == name and isinstance(known, s.Ident):
                    return (LabelledSpan(known.span, "it is declared here"),)
            scope = scope._parent
        return ()

    def child(self, later: frozenset[str] = frozenset()) -> Scope:
        """A scope inside this one."""
        return Scope({}, self, later)


_MOST_NAMES = 1_000
"""The most known names that are looked through for a near miss."""
_MOST_LISTED = 20
"""The most names that a remedy lists."""


def unknown(
    code: LayoutCode, what: str, name: str, known: Iterator[str], span: Span, otherwise: str = ""
) -> Diagnostic:
    """The diagnostic for a name that does not exist, with near misses; where there are none, with the remedy
    ``otherwise``, or, if that is empty, with all names that there are."""
    names = list(dict.fromkeys(islice(known, _MOST_NAMES)))
    every = (
        f"it is one of {', '.join(f'`{each}`' for each in names)}" if len(names) <= _MOST_LISTED else "is it misspelt?"
    )
    return Diagnostic(code, f"unknown {what} `{name}`", span, help=meant(name, names) or otherwise or every)
