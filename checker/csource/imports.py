"""An algorithm from C: the text of the language that a tree's functions, or one function alone, come to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checker.base.codes import SourceCode
from checker.base.diagnostic import NOWHERE, Diagnostic, Rejected, Source, Span, reject
from checker.base.files import read, why
from checker.base.values import frozen
from checker.csource import values as v
from checker.csource.bearing import bearing
from checker.csource.binding import Binding
from checker.csource.lower.scope import Base, CScope, Somewhere, ToSlot, Value
from checker.csource.lower.statements import Lowering
from checker.csource.lower.work import EndFunction
from checker.csource.steps import DeclareStep, PassStep, SetFieldStep, Step, expressions_of, steps_within
from checker.csource.syntax.preprocess import wrong_file
from checker.csource.syntax.unit import NO_EDITIONS, unit_of
from checker.csource.types import BOOL, CInt, Pointer
from checker.csource.writing import Writer, layout_type, number_text

_MOST_BYTES = 4 << 20
_WORDS = frozenset(
    [
        "aligned",
        "and",
        "as",
        "break",
        "choose",
        "continue",
        "count",
        "drop",
        "each",
        "else",
        "export",
        "false",
        "for",
        "has",
        "if",
        "in",
        "let",
        "not",
        "or",
        "place",
        "reversed",
        "then",
        "total",
        "true",
        "var",
        "where",
        "min",
        "max",
        "align_down",
        "align_up",
        "map",
        "keep",
        "split",
        "unplace",
        "while",
        "place",
        "record",
        "list",
        "layout",
        "mark",
        "derive",
        "u8",
        "u16",
        "u32",
        "u64",
        "pa",
        "va",
        "bytes",
        "pages",
        "bool",
        "visited",
        "placed",
        "exported",
        "dropped",
        "from",
        "next",
        "with",
        "previous",
        "invariant",
    ]
)
_ENUMERATIONS = frozenset(["MemoryType"])
"""The types of `Descriptor` in the module `uefi` that are enumerations."""


@frozen
class Argument:
    """A parameter of a C function, or its result: the field of the record that holds it, its bits and its sign."""

    name: str
    width: int
    signed: bool


@frozen
class Imported:
    """An algorithm that was read from C: its text, its name, and the C behind the lines of the text."""

    text: str
    algorithm: str
    lines: tuple[Span | None, ...]
    """For each line of the text the place in C that it is from."""
    sources: tuple[Source, ...]
    place: Span
    """The function that it begins with."""
    arguments: tuple[Argument, ...] = ()
    result: Argument | None = None


def read_tree(tree: Path, binding: Binding) -> dict[str, str] | Diagnostic:
    """Read the files of a kernel tree that a binding names, by their paths."""
    found: dict[str, str] = {}
    for name in (*binding.files, *binding.headers):
        try:
            data = read(tree / name, _MOST_BYTES + 1)
        except OSError as error:
            return wrong_file(str(tree / name), why(error))
        if len(data) > _MOST_BYTES:
            return wrong_file(str(tree / name), f"it is larger than {_MOST_BYTES} bytes")
        # Comments may hold names in any encoding; what is not ASCII elsewhere is refused by the grammar.
        found[str(tree / name)] = data.decode("ascii", errors="replace")
    return found


def import_tree(
    tree: Path, binding: Binding, name: str = "", taken: frozenset[str] = frozenset()
) -> Imported | Diagnostic:
    """Read the algorithm of a kernel tree as a binding says; ``taken`` are names of the modules that its text uses."""
    texts = read_tree(tree, binding)
    return texts if isinstance(texts, Diagnostic) else import_texts(texts, binding, name, taken)


def import_texts(
    texts: Mapping[str, str],
    binding: Binding,
    name: str = "",
    taken: frozenset[str] = frozenset(),
    editions: Mapping[str, str] = NO_EDITIONS,
    enumerations: frozenset[str] = _ENUMERATIONS,
) -> Imported | Diagnostic:
    """Read an algorithm from the texts of files, by their names; ``editions`` as for `unit_of`. Types of the record are
    flags but for ``enumerations``."""
    try:
        unit = unit_of(texts, binding, editions)
        lowering = Lowering(unit, _WORDS | taken)
        scope = CScope()
        steps: list[Step] = []
        for entry in binding.entry:
            steps += _entry(lowering, entry, scope)
            # What one function declares stands in one block with what the next one does.
            scope.visible |= {each.name for each in steps if isinstance(each, DeclareStep)}
        return _algorithm(lowering, steps, name or binding.name.replace("-", "_"), enumerations)
    except Rejected as rejected:
        return rejected.diagnostic


def _entry(lowering: Lowering, name: str, scope: CScope) -> list[Step]:
    """Return the steps of a function that the kernel calls once."""
    function = lowering.unit.function(name)
    lowering.function = [function]
    scope = CScope(visible=scope.visible)
    out: list[Step] = []
    stride = lowering.unit.binding.strides.get(name)
    for called, kind in function.parameters:
        if isinstance(kind, CInt):
            asked = lowering.parameter(called)
            given: v.Expr = (
                v.COpaque(_unknown(called, function.span), (), kind) if asked is None else v.convert(asked, kind)
            )
            slot = lowering.declare(called, kind, scope)
            out.append(DeclareStep(slot.name, kind, given, function.span))
            continue
        slot = lowering.declare(called, kind, scope)
        scope.targets[slot.number] = (
            Base(kind.to == "void") if stride is not None and called == stride.base else Somewhere(False)
        )
        if isinstance(kind.to, CInt):
            # What an integer pointer leads to is a variable of the caller's, another one for each.
            inner = lowering.declare(f"{called}_target", kind.to, scope)
            out.append(
                DeclareStep(inner.name, kind.to, v.COpaque(_unknown(called, function.span), (), kind.to), function.span)
            )
            scope.targets[slot.number] = ToSlot(inner)
    done, _ = lowering.run((function.body, EndFunction(None, (), function)), scope, flat=False)
    return [*out, *done]


def _unknown(name: str, span: Span) -> Diagnostic:
    message = f"the layout depends on `{name}`, which the caller gives"
    return Diagnostic(SourceCode.DEPENDS, message, span, help="name it under `[parameters]` of the binding")


def _algorithm(lowering: Lowering, steps: list[Step], name: str, enumerations: frozenset[str]) -> Imported | Diagnostic:
    binding = lowering.unit.binding
    whole = (*(declared for _, declared in lowering.states.values()), *steps)
    kept = bearing(whole)
    if isinstance(kept, Diagnostic):
        return kept
    used = {each for step in steps_within(kept) for value in expressions_of(step) for each in v.names_in(value)}
    writer = Writer("map", _WORDS | lowering.taken, enumerations)
    writer.body(kept, 1)
    parameters = [f"{each}: {layout_type(kind)}" for each, kind in lowering.parameters.items() if each in used]
    head = [f"algorithm {name}({', '.join([f'map: {binding.map_type}', *parameters])})"]
    head.append(f'    from "{binding.source or ", ".join(binding.entry)}"')
    if binding.targets:
        head.append("    for " + ",\n        ".join(f'"{each}"' for each in binding.targets))
    files = ", ".join(binding.files)
    opening = [
        f"# Read from {files}: {', '.join(f'{each}()' for each in binding.entry)}.",
        f"use {', '.join(binding.modules)}",
        "",
    ]
    return _imported(lowering, writer, opening, head, name)


def _imported(
    lowering: Lowering,
    writer: Writer,
    opening: list[str],
    head: list[str],
    name: str,
    arguments: tuple[Argument, ...] = (),
    result: Argument | None = None,
) -> Imported:
    body = list(writer.text())
    constants = [f"const {each}: {kind} = {number_text(value)}" for each, (kind, value) in writer.constants.items()]
    before = [*opening, *constants, *([""] if constants else []), *head, "{"]
    lines = (*(None for _ in before), *(span for _, span in writer.lines), None)
    sources = tuple(file.source for file in lowering.unit.files)
    text = "\n".join([*before, *body, "}", ""])
    return Imported(text, name, lines, sources, lowering.function[0].span, arguments, result)


def import_function(
    text: str, name: str, *, file: str = "function.c", binding: Binding | None = None
) -> Imported | Diagnostic:
    """Read one function of integers: an algorithm for which each region of its map is one call, in their order.

    The fields of a region are the arguments and, once the call is done, the result. What is static lives on from call
    to call.
    """
    try:
        unit = unit_of({file: text}, binding or Binding("function"))
        lowering = Lowering(unit, _WORDS)
        return _calls(lowering, name)
    except Rejected as rejected:
        return rejected.diagnostic


def _calls(lowering: Lowering, name: str) -> Imported | Diagnostic:
    function = lowering.unit.function(name, NOWHERE)
    lowering.function = [function]
    lowering.in_pass = True
    fields = CScope()
    arguments, given = [], []
    for called, kind in function.parameters:
        if isinstance(kind, Pointer):
            raise reject(SourceCode.NOT_UNDERSTOOD, f"`{called}` is a pointer", function.span, "give it integers alone")
        arguments.append(Argument(lowering.fresh(called, fields), kind.width, kind.signed))
        given.append(_field(kind, arguments[-1].name))
    if isinstance(function.result, Pointer):
        raise reject(SourceCode.NOT_UNDERSTOOD, "a pointer is returned", function.span, "return an integer")
    result = kept = None
    if function.result is not None:
        result = Argument(lowering.fresh("result", fields), function.result.width, function.result.signed)
        kept = SetFieldStep("call", result.name, _kept(function.result), v.FALSE, function.span)
    scope = CScope(visible=frozenset({"call"}))
    steps: list[Step] = []
    values: list[Value] = list(given)
    lowering.bind(function.parameters, values, scope, steps, function.body)
    done, _ = lowering.run((function.body, EndFunction(kept, (), function)), scope, flat=False)
    body = PassStep("call", False, "", (*steps, *done), function.span)
    made = bearing((*(declared for _, declared in lowering.states.values()), body))
    if isinstance(made, Diagnostic):
        return made
    writer = Writer("map", lowering.taken)
    writer.body(made, 1)
    listed = [*arguments, *([] if result is None else [result])]
    record = [
        "record Call {",
        *(f"    {each.name}: u{max(each.width, 8)}" for each in listed),
        "}",
        "list Calls of Call",
        "",
    ]
    return _imported(lowering, writer, record, [f"algorithm {name}(map: Calls)"], name, tuple(arguments), result)


def _kept(kind: CInt) -> str:
    return f"u{max(kind.width, 8)}"


def _field(kind: CInt, name: str) -> v.Expr:
    """Return an argument as the function has it; a `_Bool` is kept as a number."""
    if kind == BOOL:
        return v.convert(v.CField(CInt(8, False, 1), "call", name, "u8"), BOOL)
    return v.CField(kind, "call", name, _kept(kind))
