"""Files: `use`, the search for modules, and the typed program that comes out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from checker.diagnostic import Diagnostic, Rejected
from checker.language import program as p
from checker.language import syntax as s
from checker.language import types as t
from checker.language.codes import Code
from checker.language.items import ItemElaborator
from checker.language.parse import parse
from checker.language.scope import AlgorithmBinding, Binding, ScenarioBinding, Scope, TypeBinding, reject, unknown
from checker.language.source import MAX_BYTES, decode

SUFFIX = ".layout"
MAX_MODULES = 32
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
        data = _read(path)
    except OSError as error:
        message = f"cannot read {path}: {error.strerror or error}"
        return Diagnostic(Code.FILE_UNREADABLE, message, help="name a readable `.layout` file")
    return load_text(str(path), data, (path.parent, *search))


def load_text(name: str, data: bytes, search: tuple[Path, ...]) -> p.Program | Diagnostic:
    """The typed program in the bytes of a file that is called ``name``."""
    loader = _Loader(search)
    try:
        loaded = loader.module(name, data)
    except Rejected as rejected:
        return rejected.diagnostic
    return p.Program(name, loaded.algorithms, loaded.scenarios, tuple(sorted(loader.hashes.items())))


def syntax_only(name: str, data: bytes) -> s.Module | Diagnostic:
    """The syntax tree of a file's bytes, for the formatter."""
    source = decode(name, data)
    return source if isinstance(source, Diagnostic) else parse(source)


def _read(path: Path) -> bytes:
    """At most one byte more than a file may have, so that a device without an end does no harm."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


class _Loader:
    """Reads modules, each once; ``active`` are those whose reading is under way, to find cycles."""

    def __init__(self, search: tuple[Path, ...]) -> None:
        self.search = search
        self.done: dict[Path, _Loaded] = {}
        self.active: list[str] = []
        self.hashes: dict[str, str] = {}

    def module(self, name: str, data: bytes) -> _Loaded:
        """Read and resolve one file. Raises `Rejected`."""
        self.hashes[Path(name).stem] = hashlib.sha256(data).hexdigest()
        tree = syntax_only(name, data)
        if isinstance(tree, Diagnostic):
            raise Rejected(tree)
        imported = Scope({name: TypeBinding(kind) for name, kind in t.BUILTIN.items()})
        self.active.append(Path(name).stem)
        for use in tree.uses:
            for exported, binding in self._used(use).exports.items():
                if imported.find(exported) is not binding:
                    imported.bind(exported, binding, use.span)
        self.active.pop()
        return _resolve(tree, imported)

    def _used(self, use: s.Use) -> _Loaded:
        if use.name in self.active:
            cycle = " -> ".join([*self.active[self.active.index(use.name) :], use.name])
            message = f"modules use each other: {cycle}"
            raise reject(Code.IMPORT_CYCLE, message, use.span, "move what both need to a third")
        for folder in self.search:
            path = folder / (use.name + SUFFIX)
            if path in self.done:
                return self.done[path]
            if path.is_file():
                if len(self.done) + len(self.active) >= MAX_MODULES:
                    message = f"a program of more than {MAX_MODULES} files"
                    raise reject(Code.TOO_MANY, message, use.span, "merge modules")
                self.done[path] = self.module(str(path), self._data(path, use))
                return self.done[path]
        known = [path.stem for folder in self.search for path in sorted(folder.glob(f"*{SUFFIX}"))]
        raise Rejected(unknown(Code.UNKNOWN_MODULE, "module", use.name, iter(known), use.span))

    def _data(self, path: Path, use: s.Use) -> bytes:
        try:
            return _read(path)
        except OSError as error:
            message = f"cannot read {path}: {error.strerror or error}"
            raise reject(Code.FILE_UNREADABLE, message, use.span, "make the file readable") from None


def _resolve(tree: s.Module, imported: Scope) -> _Loaded:
    """Give every item its meaning, in the order in which items stand: a name is known from its item on."""
    items = ItemElaborator(Scope({}, imported, frozenset(item.name for item in tree.items)))
    exports = {item.name: items.item(item) for item in tree.items}
    algorithms = tuple(b.algorithm for b in exports.values() if isinstance(b, AlgorithmBinding))
    usable: dict[str, Binding] = {str(k): b for k, b in exports.items() if not isinstance(b, ScenarioBinding)}
    return _Loaded(usable, algorithms, tuple(items.scenarios))
