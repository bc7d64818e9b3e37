"""Names: the things that they can stand for, and the scopes in which they are looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import LabelledSpan, Rejected, Source, Span, reject
from checker.base.values import frozen
from checker.language.elaborate.unknown import unknown
from checker.language.syntax import tree as s
from checker.program.types import Enumeration, Flags, Integer, Type


@frozen
class TypeBinding:
    """A scalar type."""

    type: Type


@dataclass(frozen=True, eq=False)
class RecordBinding:
    """A record as declared, and the scope in which its derived values are read, which are expanded where they are used.

    Another record is not this one, however alike they are: their derived values may mean different things.
    """

    record: p.Record
    item: s.Record
    scope: Scope = field(repr=False)
    base: RecordBinding | None = None
    """The record that it extends: ``record`` has the fields of both."""

    @cached_property
    def derived(self) -> tuple[s.Derived, ...]:
        """The derived values, without those of the record that it extends."""
        return tuple(member for member in self.item.members if isinstance(member, s.Derived))

    @cached_property
    def members(self) -> tuple[s.RecordField | s.Mark | s.Derived, ...]:
        """All that it declares, those of the record that it extends first."""
        return (*(() if self.base is None else self.base.members), *self.item.members)

    @cached_property
    def words(self) -> Mapping[str, s.Ident]:
        """The words that declare its members."""
        return {member.name: member.name for member in self.members}

    def is_a(self, other: RecordBinding) -> bool:
        """Tell whether its regions have all that those of another record have: it is that one, or extends it."""
        here: RecordBinding | None = self
        while here is not None and here is not other:
            here = here.base
        return here is other


@frozen
class ListTypeBinding:
    """A list type: maps, or (``layout``) what algorithms make of maps."""

    name: str
    element: RecordBinding
    layout: bool

    def is_a(self, other: ListTypeBinding) -> bool:
        """Tell whether its lists may stand where those of another type, a map or a layout like it, are wanted."""
        return self.layout == other.layout and self.element.is_a(other.element)


@frozen
class WindowBinding:
    """``start`` (inclusive) to ``end`` (exclusive)."""

    type: Integer
    start: p.Expr
    end: p.Expr

    @staticmethod
    def of(name: str, kind: Integer) -> WindowBinding:
        """A window that is not known yet: its ends are variables, whose names no word of a program can be."""
        return WindowBinding(kind, p.Var(kind, f"{name}.start"), p.Var(kind, f"{name}.end"))


@frozen
class FunctionBinding:
    """A ``def``, with the scope in which its body is read. ``constants`` are the parameters that its body takes for
    constants."""

    item: s.Function
    scope: Scope = field(compare=False, repr=False)
    constants: frozenset[str] = frozenset()


@frozen
class RuleBinding:
    """An assumption or property, with the scope in which its formula is read, and the parameters that it takes for
    constants."""

    item: s.Rule
    scope: Scope = field(compare=False, repr=False)
    constants: frozenset[str] = frozenset()


@frozen
class AlgorithmBinding:
    """A typed algorithm; ``checked`` if any of its arithmetic is claimed to fit; ``size`` is what it expands to."""

    algorithm: p.Algorithm
    list_type: ListTypeBinding
    checked: bool
    size: int
    beside: tuple[tuple[str, ListTypeBinding], ...] = ()
    """The parameters that are lists beside the map."""
    windows: tuple[str, ...] = ()
    """The parameters that are windows: each is two of the algorithm's, its ends."""

    @property
    def signature(self) -> str:
        """The parameters as they are written: the map, lists beside it, values."""
        lists = ((self.algorithm.map_parameter, self.list_type), *self.beside)
        values = [
            f"{name.partition('.')[0]}: {'window of ' * name.endswith('.start')}{kind.name}"
            for name, kind, _ in self.algorithm.parameters
            if not name.endswith(".end")
        ]
        return ", ".join([*(f"{name}: {kind.name}" for name, kind in lists), *values])


@frozen
class HandoverBinding:
    """A typed hand-over, and the layouts that it can be made from."""

    handover: p.Handover
    list_type: ListTypeBinding


@frozen
class ScenarioBinding:
    """A scenario's name; nothing can refer to it."""


@frozen
class ValueBinding:
    """A value; ``mutable`` variables may be assigned to."""

    value: p.Expr
    mutable: bool = False


@frozen
class RegionBinding:
    """A region that a pass or quantifier looks at."""

    variable: str
    record: RecordBinding
    visits: bool = False
    """Tell whether it can be asked for its turn: in an invariant of a pass, or the region before."""
    beside: bool = False
    """Tell whether it is an entry of a list beside the map, which nothing changes."""
    of_turn: bool = True
    """Tell whether it is no region that had its turn before."""


@frozen
class SequenceBinding:
    """A map or a layout that exists under ``name`` in the scenario or algorithm; with ``visits``, in the middle of a
    pass."""

    name: str
    type: ListTypeBinding
    visits: bool = False
    beside: bool = False
    """Tell whether it is a list beside the map."""
    ended: Mapping[str, Type] = field(default_factory=dict, compare=False)
    """Of what a run has made, the variables and parameters that there are when it has ended."""

    def region(self, variable: str) -> RegionBinding:
        """One of its regions, under a name."""
        return RegionBinding(variable, self.type.element, self.visits, self.beside)


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

Owner = RecordBinding | TypeBinding | WindowBinding | None
"""The things that have parts with names."""

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


@frozen
class Named:
    """A word of a text that stands for something: ``declared`` is where that got its name (None: the language brings it
    along), ``owner`` what it is a part of."""

    place: Span
    binding: Binding
    declared: Span | None
    owner: Owner = None


class Names:
    """The words of a source that stand for something, by their offsets. What is expanded is read once for each use: the
    first time, where it is declared, says what its words stand for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.at: dict[int, Named] = {}

    def note(self, word: Named) -> None:
        """Remember a word; what is in another file is none of this one's. An item that was taken over from the text
        that was has its places there, which are the same here."""
        if word.place.source.name == self.source.name:
            self.at.setdefault(word.place.start, word)


Kinds = tuple[type[Binding], ...]
MISSPELT = "is it misspelt, or a `use` missing?"
BUILT_IN = ("true", "false", "min", "max", "align_down", "align_up")
"""Words that can stand where names stand, and are in no scope."""


class Scope:
    """Names and what they stand for; inner scopes see outer ones and may not hide their names.

    ``later`` are names that the file or the scenario declares at some point, and ``elsewhere`` says which module that
    is not used has a name, if any has: they make a better message of an unknown name. ``seen`` notes the words that
    are looked up; ``within`` is the stretch of the text that is read here, if it is read by itself.
    """

    def __init__(
        self,
        bindings: Mapping[str, Binding],
        parent: Scope | None = None,
        later: frozenset[str] = frozenset(),
        elsewhere: Callable[[str], str | None] = lambda name: None,
        seen: Names | None = None,
        within: Span | None = None,
    ) -> None:
        self._bindings = {name: (index, binding, name) for index, (name, binding) in enumerate(bindings.items())}
        self.seen = seen
        self._within = within
        self._parent = parent
        self._limit: int | None = None
        self._later = later
        self._elsewhere = elsewhere
        self.declaring = ""
        """The item whose meaning is being worked out."""

    def frozen(self) -> Scope:
        """This scope as it is now: names that it gets later are not seen, so that what is expanded later means the
        same as where it was written."""
        view = Scope({}, self._parent, self._later, self._elsewhere, self.seen)
        view._bindings = self._bindings
        view._limit = len(self._bindings)
        view.declaring = self.declaring
        return view

    def _own(self, name: str) -> tuple[int, Binding, str] | None:
        """Return what a name of this scope stands for, behind its number and before the word that declares it."""
        found = self._bindings.get(name)
        return None if found is None or (self._limit is not None and found[0] >= self._limit) else found

    def find(self, name: str) -> Binding | None:
        """Return the thing that ``name`` stands for here, if any."""
        scope: Scope | None = self
        while scope is not None:
            found = scope._own(name)
            if found is not None:
                self._note(name, found[1], found[2])
                return found[1]
            scope = scope._parent
        return None

    def _note(self, name: str, binding: Binding, declared: str | None, owner: Owner = None) -> None:
        """Remember what a word of the text stands for, and the word that declares that."""
        if self.seen is None or not isinstance(name, s.Ident):
            return
        place, around = name.span, self._within
        if around is not None:
            place = Span(around.source, around.start + place.start, around.start + place.end)
        self.seen.note(Named(place, binding, declared.span if isinstance(declared, s.Ident) else None, owner))

    def part(self, name: str, value: p.Expr, owner: Owner) -> p.Expr:
        """Return a part of something: a field, a member, an end of a window. The word that names it is remembered."""
        if self.seen is None:
            return value
        declared: str | None = None
        if isinstance(owner, RecordBinding):
            declared = owner.words.get(name)
        elif isinstance(owner, TypeBinding) and isinstance(owner.type, Enumeration | Flags):
            declared = next((member for member, _ in owner.type.members if member == name), None)
        self._note(name, ValueBinding(value), declared, owner)
        return value

    def quoting(self, within: Span) -> Scope:
        """A scope inside this one for a stretch of the text that is read by itself."""
        return Scope({}, self, seen=self.seen, within=within)

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
            raise reject(code, message, span, "choose another name", places=self._declared(name, span))
        self._bindings[name] = (len(self._bindings), binding, name)
        self._note(name, binding, name)

    def _declared(self, name: str, again: Span) -> tuple[LabelledSpan, ...]:
        """Find where a name that is known was declared in the same text; others have no place there."""
        scope: Scope | None = self
        while scope is not None:
            for known in scope._bindings:
                if known == name and isinstance(known, s.Ident) and known.span.source is again.source:
                    return (LabelledSpan(known.span, "it is declared here"),)
            scope = scope._parent
        return ()

    def child(self, later: frozenset[str] = frozenset()) -> Scope:
        """A scope inside this one."""
        return Scope({}, self, later, seen=self.seen)
