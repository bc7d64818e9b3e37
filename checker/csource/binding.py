"""The binding: a text that says what the C of a kernel means, where the C alone does not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path

import msgspec

from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, Rejected
from checker.base.files import read, why
from checker.base.values import frozen

_MOST_BYTES = 1 << 18


class Action(StrEnum):
    """The meaning of a call for the layout: nothing, that a region is exported or placed, or a value."""

    NOTHING = "nothing"
    EXPORT = "export"
    PLACE = "place"
    VALUE = "value"


@frozen
class BoundCall:
    """The meaning of a call: ``reason`` is why it has no bearing, ``argument`` which is the region (from 1), ``size``
    what the last argument has to be, ``at`` which is the address that the region is placed at, ``value`` what the call
    gives: C, `nonnull`, `null` or a parameter."""

    action: Action
    reason: str = ""
    argument: int = 0
    size: str = ""
    at: int = 0
    value: str = ""


@frozen
class Walker:
    """A function that goes from one descriptor to the next: what it calls the first byte of the map, the one behind it,
    and the size of a descriptor."""

    start: str
    end: str
    size: str


@frozen
class Stride:
    """A loop that counts bytes: what it calls the map, its size and the size of a descriptor."""

    base: str
    length: str
    size: str


@frozen
class Sieve:
    """A function that moves what stays in the map together: what it calls the first byte of the map, the one behind it,
    and the size of a descriptor."""

    start: str
    end: str
    size: str


@frozen
class Binding:
    """All that a binding says; the reference in the documents has a section on each part."""

    name: str
    source: str = ""
    targets: tuple[str, ...] = ()
    modules: tuple[str, ...] = ("uefi",)
    map_type: str = "MemoryMap"
    record: str = "Descriptor"
    files: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    descriptors: frozenset[str] = frozenset()
    fields: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """The fields of a descriptor in C: the type in C, the name in the record, the type there."""
    placed: str = ""
    """The field that says where a region is placed."""
    loops: Mapping[str, bool] = field(default_factory=dict)
    """The macros that loop over the map; true of those that go backwards."""
    walkers: Mapping[str, Walker] = field(default_factory=dict)
    strides: Mapping[str, Stride] = field(default_factory=dict)
    sieves: Mapping[str, Sieve] = field(default_factory=dict)
    calls: Mapping[str, BoundCall] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    state: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, bool] = field(default_factory=dict)
    typedefs: Mapping[str, str] = field(default_factory=dict)
    annotations: frozenset[str] = frozenset()
    models: tuple[str, ...] = ()


ANNOTATIONS = frozenset(
    [
        "__init",
        "__initdata",
        "__ref",
        "__refdata",
        "__always_inline",
        "__maybe_unused",
        "__must_check",
        "__cold",
        "__pure",
        "__used",
        "notrace",
        "__head",
        "noinline",
        "asmlinkage",
        "__weak",
        "__ro_after_init",
        "__read_mostly",
        "__section",
        "__efistub",
    ]
)


class _CallText(msgspec.Struct, forbid_unknown_fields=True):
    nothing: str = ""
    export: int = 0
    size: str = ""
    place: int = 0
    at: int = 0
    value: str = ""


class _WalkerText(msgspec.Struct, forbid_unknown_fields=True):
    start: str
    end: str
    size: str


class _StrideText(msgspec.Struct, forbid_unknown_fields=True):
    base: str
    length: str
    size: str


class _FieldText(msgspec.Struct, forbid_unknown_fields=True):
    type: str
    name: str
    kept: str


def _usual_fields() -> dict[str, _FieldText]:
    """Return the fields of the descriptor of Linux, efi_memory_desc_t, and of `Descriptor` in the module `uefi`."""
    return {
        "type": _FieldText("u32", "type", "MemoryType"),
        "phys_addr": _FieldText("u64", "phys_addr", "pa"),
        "virt_addr": _FieldText("u64", "virt_addr", "va"),
        "num_pages": _FieldText("u64", "num_pages", "pages"),
        "attribute": _FieldText("u64", "attribute", "MemoryAttribute"),
    }


class _DescriptorText(msgspec.Struct, forbid_unknown_fields=True):
    types: tuple[str, ...] = ("efi_memory_desc_t",)
    placed: str = "virt_addr"
    fields: dict[str, _FieldText] = msgspec.field(default_factory=_usual_fields)
    record: str = "Descriptor"
    map: str = "MemoryMap"
    modules: list[str] = msgspec.field(default_factory=lambda: ["uefi"])


class _BindingText(msgspec.Struct, forbid_unknown_fields=True):
    """The text as TOML has it."""

    source: str
    files: list[str]
    entry: list[str]
    descriptor: _DescriptorText = msgspec.field(default_factory=_DescriptorText)
    targets: list[str] = []
    headers: list[str] = []
    state: list[str] = []
    annotations: list[str] = []
    loops: dict[str, str] = {}
    walkers: dict[str, _WalkerText] = {}
    strides: dict[str, _StrideText] = {}
    sieves: dict[str, _WalkerText] = {}
    calls: dict[str, _CallText] = {}
    macros: dict[str, str] = {}
    constants: dict[str, str] = {}
    parameters: dict[str, str] = {}
    settings: dict[str, bool] = {}
    typedefs: dict[str, str] = {}
    models: list[str] = []


def read_binding(path: Path) -> Binding | Diagnostic:
    """Read a binding from a file."""
    try:
        data = read(path, _MOST_BYTES + 1)
        text = data.decode()
        made = msgspec.convert(tomllib.loads(text), _BindingText)
        return _made(path.stem, made)
    except OSError as error:
        return _bad(f"cannot read {path}: {why(error)}")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return _bad(f"{path}: {error}")
    except Rejected as rejected:
        return rejected.diagnostic


def _bad(message: str) -> Diagnostic:
    return Diagnostic(SourceCode.BAD_BINDING, message, help="docs/source.md says what a binding has")


def _bound(call: str, meaning: _CallText) -> BoundCall:
    """Return the meaning of a call. Raises `Rejected` where it says not just one thing."""
    said = [bool(meaning.nothing), bool(meaning.export), bool(meaning.place), bool(meaning.value)]
    # A value may have a reason beside it.
    if sum(said) != 1 and said != [True, False, False, True]:
        message = f"the call `{call}` says not just one of `nothing`, `export`, `place` and `value`"
        raise Rejected(_bad(message))
    if bool(meaning.place) is not bool(meaning.at):
        raise Rejected(_bad(f"the call `{call}` says only one of `place` and `at`: a region, and where it is placed"))
    if meaning.value:
        return BoundCall(Action.VALUE, meaning.nothing, value=meaning.value)
    if meaning.export:
        return BoundCall(Action.EXPORT, argument=meaning.export, size=meaning.size)
    if meaning.place:
        return BoundCall(Action.PLACE, argument=meaning.place, at=meaning.at)
    return BoundCall(Action.NOTHING, meaning.nothing)


def _made(name: str, text: _BindingText) -> Binding:
    directions = {"forward": False, "backward": True}
    for macro, direction in text.loops.items():
        if direction not in directions or len(macro) < len("while"):
            raise Rejected(_bad(f"the loop `{macro}` is `{direction}`: it is `forward` or `backward`"))
    calls = {" ".join(call.split()): _bound(call, meaning) for call, meaning in text.calls.items()}
    described = text.descriptor
    return Binding(
        name,
        text.source,
        tuple(text.targets),
        tuple(described.modules),
        described.map,
        described.record,
        tuple(text.files),
        tuple(text.headers),
        tuple(text.entry),
        frozenset(described.types),
        {key: (each.type, each.name, each.kept) for key, each in described.fields.items()},
        described.placed,
        {macro: directions[direction] for macro, direction in text.loops.items()},
        {key: Walker(each.start, each.end, each.size) for key, each in text.walkers.items()},
        {key: Stride(each.base, each.length, each.size) for key, each in text.strides.items()},
        {key: Sieve(each.start, each.end, each.size) for key, each in text.sieves.items()},
        calls,
        text.macros,
        text.constants,
        frozenset(text.state),
        text.parameters,
        text.settings,
        text.typedefs,
        frozenset(text.annotations),
        tuple(text.models),
    )
