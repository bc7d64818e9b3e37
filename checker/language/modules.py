"""Files: `use`, top-level items, and the typed program that comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.diagnostic import Diagnostic, Rejected
from checker.language import program as p
from checker.language import syntax as s
from checker.language import types as t
from checker.language.algorithms import AlgorithmElaborator
from checker.language.codes import Code
from checker.language.expressions import Elaborator, literal
from checker.language.formulas import FormulaElaborator
from checker.language.parse import decode, parse
from checker.language.scenarios import ScenarioElaborator
from checker.language.scope import (
    AlgorithmBinding,
    Binding,
    FunctionBinding,
    ListTypeBinding,
    RecordBinding,
    RuleBinding,
    ScenarioBinding,
    Scope,
    SequenceBinding,
    TypeBinding,
    ValueBinding,
    WindowBinding,
    reject,
    unknown,
)

SUFFIX = ".layout"
MAX_MODULES = 64
"""How many files one program may consist of."""


@dataclass(frozen=True)
class _Loaded:
    """A module: its own names, for others to use, and what a program needs of it."""

    exports: dict[str, Binding]
    algorithms: tuple[p.Algorithm, ...]
    scenarios: tuple[p.Scenario, ...]


def load(path: Path, search: tuple[Path, ...]) -> p.Program | Diagnostic:
    """The typed program in a file; ``use`` looks beside the file first, then in ``search``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        return Diagnostic(Code.FILE_UNREADABLE, message, help="name a readable `.layout` file")
    return load_text(str(path), data, (path.parent, *search))


def load_text(name: str, data: bytes, search: tuple[Path, ...]) -> p.Program | Diagnostic:
    """The typed program in the bytes of a file that is called ``name``."""
    try:
        loaded = _Loader(search).module(name, data)
    except Rejected as rejected:
        return rejected.diagnostic
    return p.Program(name, loaded.algorithms, loaded.scenarios)


class _Loader:
    """Reads modules, each once; ``active`` are those whose reading is under way, to find cycles."""

    def __init__(self, search: tuple[Path, ...]) -> None:
        self.search = search
        self.done: dict[Path, _Loaded] = {}
        self.active: list[str] = []

    def module(self, name: str, data: bytes) -> _Loaded:
        """Read and resolve one file. Raises `Rejected`."""
        source = decode(name, data)
        if isinstance(source, Diagnostic):
            raise Rejected(source)
        tree = parse(source)
        if isinstance(tree, Diagnostic):
            raise Rejected(tree)
        imported = Scope({name: TypeBinding(kind) for name, kind in t.BUILTIN.items()})
        self.active.append(Path(name).stem)
        for use in tree.uses:
            for exported, binding in self._used(use).exports.items():
                if imported.find(exported) != binding:
                    imported.bind(exported, binding, use.span)
        self.active.pop()
        return _resolve(tree, imported)

    def _used(self, use: s.Use) -> _Loaded:
        if use.name in self.active:
            cycle = " -> ".join([*self.active[self.active.index(use.name) :], use.name])
            raise reject(
                Code.IMPORT_CYCLE,
                f"modules use each other: {cycle}",
                use.span,
                "move what both need to a third",
            )
        for folder in self.search:
            path = folder / (use.name + SUFFIX)
            if path in self.done:
                return self.done[path]
            if path.is_file():
                if len(self.done) >= MAX_MODULES:
                    raise reject(Code.TOO_MANY, f"more than {MAX_MODULES} modules", use.span, "merge modules")
                self.done[path] = self.module(str(path), path.read_bytes())
                return self.done[path]
        known = [path.stem for folder in self.search for path in sorted(folder.glob(f"*{SUFFIX}"))]
        raise Rejected(unknown(Code.UNKNOWN_MODULE, "module", use.name, iter(known), use.span))


def _resolve(tree: s.Module, imported: Scope) -> _Loaded:
    """Give every item its meaning, in the order in which items stand: a name is known from its item on."""
    expressions = Elaborator()
    scope = imported.child()
    items = _Items(expressions, scope)
    makers: dict[type[s.Item], Callable[[s.Item], Binding]] = {
        s.Constant: items.constant,
        s.Enumeration: items.enumeration,
        s.Record: items.record,
        s.ListType: items.list_type,
        s.Window: items.window,
        s.Function: items.function,
        s.Rule: items.rule,
        s.Algorithm: items.algorithm,
        s.Scenario: items.scenario,
    }
    exports: dict[str, Binding] = {}
    for item in tree.items:
        if item.name in exports:
            raise reject(Code.DUPLICATE_NAME, f"`{item.name}` is declared twice", item.span, "choose another name")
        binding = makers[type(item)](item)
        scope.bind(item.name, binding, item.span)
        exports[item.name] = binding
    algorithms = tuple(b.algorithm for b in exports.values() if isinstance(b, AlgorithmBinding))
    usable = {k: b for k, b in exports.items() if not isinstance(b, ScenarioBinding)}
    return _Loaded(usable, algorithms, tuple(items.scenarios))


class _Items:
    """One method per kind of top-level item."""

    def __init__(self, expressions: Elaborator, scope: Scope) -> None:
        self.expressions = expressions
        self.formulas = FormulaElaborator(expressions)
        self.scope = scope
        self.scenarios: list[p.Scenario] = []

    def constant(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Constant)
        kind = self.expressions.type(item.type, self.scope)
        return ValueBinding(self.expressions.constant(item.value, self.scope, kind))

    def enumeration(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Enumeration)
        base = self.expressions.type(item.type, self.scope)
        if not isinstance(base, t.Integer):
            raise reject(Code.BAD_MEMBER, f"`{item.type.name}` cannot carry members", item.type.span, "use u8 to u64")
        members: dict[str, int] = {}
        for member in item.members:
            value, _ = literal(member)
            if value >= 1 << base.width:
                raise reject(
                    Code.LITERAL_TOO_LARGE,
                    f"{member.digits} does not fit in {base.width} bits",
                    member.span,
                    "widen the type",
                )
            if member.name in members:
                raise reject(
                    Code.DUPLICATE_NAME,
                    f"`{member.name}` is declared twice",
                    member.span,
                    "choose another name",
                )
            if value in members.values() or (item.flags and value == 0):
                raise reject(
                    Code.BAD_MEMBER,
                    f"{member.digits} cannot be told apart from another member",
                    member.span,
                    "use a value of its own",
                )
            members[member.name] = value
        make = t.Flags if item.flags else t.Enumeration
        return TypeBinding(make(item.name, base.width, tuple(members.items())))

    def record(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Record)
        fields: dict[str, t.Type] = {}
        derived: list[s.Derived] = []
        placement = None
        for member in item.members:
            if (
                member.name in fields
                or member.name in (p.PLACED, p.EXPORTED)
                or any(d.name == member.name for d in derived)
            ):
                raise reject(
                    Code.DUPLICATE_NAME,
                    f"`{member.name}` is declared twice",
                    member.span,
                    "choose another name",
                )
            if isinstance(member, s.Derived):
                derived.append(member)
                continue
            fields[member.name] = self.expressions.type(member.type, self.scope)
            if member.placement:
                if placement is not None:
                    raise reject(
                        Code.BAD_RECORD,
                        "a region is placed at one address",
                        member.span,
                        "keep one `placed at`",
                    )
                placement = member.name
        record = RecordBinding(p.Record(item.name, tuple(fields.items()), placement), tuple(derived), self.scope)
        probe = s.Name("region", span=item.span)
        for d in derived:
            self.expressions.region_field("region", record, s.Attribute(probe, d.name, span=d.span))
        return record

    def list_type(self, item: s.Item) -> Binding:
        assert isinstance(item, s.ListType)
        element = self.scope.lookup(item.element, item.span)
        if item.layout and isinstance(element, ListTypeBinding) and not element.layout:
            return ListTypeBinding(item.name, element.element, layout=True)
        if not item.layout and isinstance(element, RecordBinding):
            return ListTypeBinding(item.name, element, layout=False)
        wanted = "a list type" if item.layout else "a record"
        raise reject(Code.UNKNOWN_TYPE, f"`{item.element}` is not {wanted}", item.span, f"name {wanted}")

    def window(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Window)
        kind = self.expressions.type(item.type, self.scope)
        if not isinstance(kind, t.Integer) or not kind.is_address:
            raise reject(Code.TYPE_MISMATCH, "a window is a range of addresses", item.type.span, "use pa or va")
        start = self.expressions.constant(item.start, self.scope, kind)
        end = self.expressions.constant(item.end, self.scope, kind)
        if end.value <= start.value:
            raise reject(
                Code.EMPTY_WINDOW,
                "this window is empty",
                item.span,
                "the end is exclusive and above the start",
            )
        return WindowBinding(kind, start, end)

    def function(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Function)
        inner = self.scope.child()
        for parameter in item.parameters:
            kind = self.expressions.type(parameter.type, self.scope)
            inner.bind(parameter.name, ValueBinding(p.Var(kind, parameter.name)), parameter.span)
        self.expressions.expression(item.value, inner, self.expressions.type(item.result, self.scope))
        return FunctionBinding(item, self.scope)

    def rule(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Rule)
        rule = RuleBinding(item, self.scope)
        self.formulas.apply(rule, [self._formal(parameter) for parameter in item.parameters], item.span, self.scope)
        return rule

    def _formal(self, parameter: s.Parameter) -> Binding | s.Expr:
        """A stand-in argument of the right type, so that a rule is checked even where nothing uses it."""
        binding = self.scope.find(parameter.type.name)
        if isinstance(binding, ListTypeBinding):
            return SequenceBinding(parameter.name, binding)
        kind = self.expressions.type(s.TypeName(parameter.type.name, span=parameter.type.span), self.scope)
        if parameter.type.window and isinstance(kind, t.Integer):
            return WindowBinding(kind, p.Const(kind, 0), p.Const(kind, 1))
        return ValueBinding(p.Var(kind, parameter.name))

    def algorithm(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Algorithm)
        return AlgorithmElaborator(self.expressions).algorithm(item, self.scope)

    def scenario(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Scenario)
        self.scenarios.append(ScenarioElaborator(self.formulas).scenario(item, self.scope))
        return ScenarioBinding()


def syntax_only(name: str, data: bytes) -> s.Module | Diagnostic:
    """The syntax tree of a file's bytes, for the formatter."""
    source = decode(name, data)
    return source if isinstance(source, Diagnostic) else parse(source)
