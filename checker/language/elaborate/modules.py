"""Files: `use`, the search for modules, and the typed program that comes out."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Rejected, reject
from checker.base.files import read, why
from checker.language.elaborate.items import ItemElaborator
from checker.language.elaborate.scope import (
    AlgorithmBinding,
    Binding,
    ScenarioBinding,
    Scope,
    TypeBinding,
    unknown,
)
from checker.language.elaborate.spending import Spending
from checker.language.limits import STANDARD, Limits, beyond
from checker.language.syntax import tree as s
from checker.language.syntax.mistakes import ITEMS
from checker.language.syntax.parse import parse
from checker.language.syntax.source import decode
from checker.program import types as t

SUFFIX = ".layout"
_MOST_NEIGHBOURS = 10_000
"""The most files of a folder that are looked through for a module that is nearly called so."""
_MOST_MODULES = 100
"""The most modules that are looked through for a name that is not known."""


@dataclass(frozen=True)
class _Loaded:
    """A module: its own names, for others to use, and what a program needs of it."""

    exports: dict[str, Binding]
    algorithms: tuple[p.Algorithm, ...]
    scenarios: tuple[p.Scenario, ...]


def load(path: Path, search: tuple[Path, ...], limits: Limits = STANDARD) -> p.Program | Diagnostic:
    """The typed program in a file; ``use`` looks beside the file first, then in ``search``."""
    try:
        data = read(path, limits.layout_bytes + 1)
    except OSError as error:
        message = f"cannot read {path}: {why(error)}"
        return Diagnostic(LayoutCode.FILE_UNREADABLE, message, help="name a readable `.layout` file")
    return load_text(str(path), data, (path.parent, *search), limits)


def load_text(name: str, data: bytes, search: tuple[Path, ...], limits: Limits = STANDARD) -> p.Program | Diagnostic:
    """The typed program in the bytes of a file that is called ``name``."""
    loader = _Loader(search, Spending(limits))
    try:
        loaded = loader.module(name, data)
    except Rejected as rejected:
        return rejected.diagnostic
    sources = tuple(sorted(loader.hashes.items()))
    return p.Program(name, loaded.algorithms, loaded.scenarios, sources, loader.budget.size)


def syntax_only(name: str, data: bytes, limits: Limits = STANDARD) -> s.Module | Diagnostic:
    """The syntax tree of a file's bytes, for the formatter."""
    try:
        return _syntax(name, data, Spending(limits))
    except Rejected as rejected:
        return rejected.diagnostic


def _syntax(name: str, data: bytes, budget: Spending) -> s.Module | Diagnostic:
    """The syntax tree of a file, paid from a budget. Raises `Rejected`."""
    source = decode(name, data, budget)
    return source if isinstance(source, Diagnostic) else parse(source, budget.limits)


class _Loader:
    """Reads modules, each once; ``active`` are those whose reading is under way, to find cycles."""

    def __init__(self, search: tuple[Path, ...], budget: Spending) -> None:
        self.search = search
        self.budget = budget
        self.done: dict[Path, _Loaded] = {}
        self.active: list[str] = []
        self.hashes: dict[str, str] = {}

    def module(self, name: str, data: bytes) -> _Loaded:
        """Read and resolve one file. Raises `Rejected`."""
        self.hashes[Path(name).stem] = hashlib.sha256(data).hexdigest()
        tree = _syntax(name, data, self.budget)
        if isinstance(tree, Diagnostic):
            raise Rejected(tree)
        builtin = {name: TypeBinding(kind) for name, kind in t.BUILTIN.items()}
        imported = Scope(builtin, elsewhere=self._elsewhere)
        self.active.append(Path(name).stem)
        once: dict[str, s.Use] = {}
        for use in tree.uses:
            once.setdefault(use.name, use)
        for use in once.values():
            for exported, binding in self._used(use).exports.items():
                if imported.find(exported) is not binding:
                    imported.bind(exported, binding, use.span)
        self.active.pop()
        return _resolve(tree, imported, self.budget)

    def _elsewhere(self, name: str) -> str | None:
        """A module in the last folder of the search path, where the shipped ones are, that declares ``name``."""
        declares = re.compile(rf"^(?:{'|'.join(ITEMS)})\s+{re.escape(name)}\b".encode(), re.MULTILINE)
        for module in sorted(islice(_modules(self.search[-1]), _MOST_MODULES)) if self.search else ():
            path = self.search[-1] / (module + SUFFIX)
            with suppress(OSError):
                if path.is_file() and declares.search(read(path, self.budget.limits.layout_bytes)):
                    return module
        return None

    def _used(self, use: s.Use) -> _Loaded:
        if use.name in self.active:
            cycle = " -> ".join([*self.active[self.active.index(use.name) :], use.name])
            message = f"modules use each other: {cycle}"
            raise reject(LayoutCode.IMPORT_CYCLE, message, use.span, "move what both need to a third")
        for folder in self.search:
            path = folder / (use.name + SUFFIX)
            if path in self.done:
                return self.done[path]
            if path.is_file():
                self.budget.hold("modules", len(self.done) + len(self.active) + 1, use.span)
                self.done[path] = self.module(str(path), self._data(path, use))
                return self.done[path]
        known = sorted(name for folder in self.search for name in _modules(folder))
        raise Rejected(unknown(LayoutCode.UNKNOWN_MODULE, "module", use.name, iter(known), use.span))

    def _data(self, path: Path, use: s.Use) -> bytes:
        most = self.budget.left("layout_bytes")
        try:
            data = read(path, most + 1)
        except OSError as error:
            message = f"cannot read {path}: {why(error)}"
            raise reject(LayoutCode.FILE_UNREADABLE, message, use.span, "make the file readable") from None
        if len(data) > most:
            raise beyond(self.budget.limits, "layout_bytes", use.span)
        return data


def _modules(folder: Path) -> Iterator[str]:
    """The names of the modules in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_NEIGHBOURS):
            if entry.name.endswith(SUFFIX):
                yield entry.name.removesuffix(SUFFIX)


def _resolve(tree: s.Module, imported: Scope, budget: Spending) -> _Loaded:
    """Give every item its meaning, in the order in which items stand: a name is known from its item on."""
    items = ItemElaborator(Scope({}, imported, frozenset(item.name for item in tree.items)), budget)
    exports = {item.name: items.item(item) for item in tree.items}
    algorithms = tuple(b.algorithm for b in exports.values() if isinstance(b, AlgorithmBinding))
    usable: dict[str, Binding] = {str(k): b for k, b in exports.items() if not isinstance(b, ScenarioBinding)}
    return _Loaded(usable, algorithms, tuple(items.scenarios))
