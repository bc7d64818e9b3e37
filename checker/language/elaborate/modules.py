"""Files: `use`, the search for modules, and the typed program that comes out."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from itertools import islice
from pathlib import Path

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Rejected, reject
from checker.base.files import read, why
from checker.base.values import frozen, mutable
from checker.language.elaborate.items import ItemElaborator, Read
from checker.language.elaborate.scope import (
    AlgorithmBinding,
    Binding,
    Names,
    ScenarioBinding,
    Scope,
    TypeBinding,
)
from checker.language.elaborate.spending import Spending
from checker.language.elaborate.unknown import unknown
from checker.language.limits import STANDARD, SUFFIX, Limits, beyond
from checker.language.syntax import tree as s
from checker.language.syntax.mistakes import ITEMS
from checker.language.syntax.parse import parse
from checker.language.syntax.source import decode
from checker.program import types as t

_MOST_NEIGHBOURS = 10_000
"""The most files of a folder that are looked through for a module that is nearly called so."""
_MOST_MODULES = 100
"""The most modules that are looked through for a name that is not known."""


_EXHAUSTED = {LayoutCode.FILE_TOO_LARGE, LayoutCode.TOO_MANY}
"""Problems of a program as a whole: no item after them can be read."""


@frozen
class _Loaded:
    """A module: its own names, for others to use, and what a program needs of it."""

    exports: dict[str, Binding]
    algorithms: tuple[p.Algorithm, ...]
    scenarios: tuple[p.Scenario, ...]
    known: Scope


@frozen
class _Kept:
    """A module as it was read: its text and its meaning, the modules that it uses, and what it alone has spent."""

    data: bytes
    loaded: _Loaded
    uses: tuple[tuple[s.Use, _Loaded], ...]
    spent: Counter[str]


@frozen
class _Studied:
    """A file as it was studied: its tree, what it used, its words, and its items up to the first that is wrong."""

    tree: s.Module
    uses: tuple[_Loaded, ...] = ()
    names: Names | None = None
    items: tuple[Read, ...] = ()


@mutable
class Desk:
    """The files that an editor has open, with what is in them now, and what was read the last time: who types changes
    one item of one file, and neither the items before it nor the files that it uses need be read again."""

    texts: Mapping[Path, bytes] = field(default_factory=dict)
    kept: dict[Path, _Kept] = field(default_factory=dict)
    studied: dict[str, _Studied] = field(default_factory=dict)
    braces: dict[str, s.Expr] = field(default_factory=dict)


@frozen
class Study:
    """A file as far as it can be understood: the tree and the program, if there are any, all that is wrong, the words
    that stand for something, and the names that are known at its end."""

    wrong: tuple[Diagnostic, ...]
    tree: s.Module | None = None
    program: p.Program | None = None
    names: Names | None = None
    known: dict[str, Binding] = field(default_factory=dict)


def load(path: Path, search: tuple[Path, ...], limits: Limits = STANDARD) -> p.Program | Diagnostic:
    """The typed program in a file; ``use`` looks beside the file first, then in ``search``."""
    try:
        data = read(path, limits.layout_bytes + 1)
    except OSError as error:
        message = f"cannot read {path}: {why(error)}"
        return Diagnostic(LayoutCode.FILE_UNREADABLE, message, help="name a readable `.layout` file")
    return load_text(str(path), data, (path.parent, *search), limits)


def load_text(
    name: str,
    data: bytes,
    search: tuple[Path, ...],
    limits: Limits = STANDARD,
    more: tuple[str, str] | None = None,
    desk: Desk | None = None,
) -> p.Program | Diagnostic:
    """The typed program in the bytes of a file that is called ``name``.

    ``more`` are the name and the text of items that are read as if they stood at its end. Modules that programs with
    the same ``desk`` use are read once.
    """
    loader = _Loader(search, Spending(limits), desk)
    try:
        loaded = loader.module(name, data, loader.tree(name, data, more))
    except Rejected as rejected:
        return rejected.diagnostic
    return loader.program(name, loaded)


def study(name: str, data: bytes, search: tuple[Path, ...], desk: Desk, limits: Limits = STANDARD) -> Study:
    """Read the bytes of a file that is called ``name`` for somebody who is writing it: what is wrong with one item is
    no reason to say nothing of the others."""
    loader = _Loader(search, Spending(limits), desk)
    wrong: list[Diagnostic] = []
    tree, before = None, desk.studied.get(name)
    try:
        tree = loader.tree(name, data, before=before.tree if before is not None else None)
        loaded = loader.module(name, data, tree, wrong)
    except Rejected as rejected:
        return Study((rejected.diagnostic,), tree)
    scope = loaded.known
    known = {str(each): found for each in scope.names() if (found := scope.find(str(each))) is not None}
    return Study(tuple(wrong), tree, None if wrong else loader.program(name, loaded), scope.seen, known)


def syntax_only(name: str, data: bytes, limits: Limits = STANDARD) -> s.Module | Diagnostic:
    """The syntax tree of a file's bytes, for the formatter."""
    try:
        return _syntax(name, data, Spending(limits))
    except Rejected as rejected:
        return rejected.diagnostic


def _syntax(name: str, data: bytes, budget: Spending, before: s.Module | None = None) -> s.Module | Diagnostic:
    """The syntax tree of a file, paid from a budget. Raises `Rejected`."""
    source = decode(name, data, budget)
    return source if isinstance(source, Diagnostic) else parse(source, budget.limits, before)


class _Loader:
    """Reads modules, each once; ``active`` are those whose reading is under way, to find cycles."""

    def __init__(self, search: tuple[Path, ...], budget: Spending, desk: Desk | None = None) -> None:
        self.search = search
        self.budget = budget
        self.desk = desk
        self.done: dict[Path, _Loaded] = {}
        self.active: list[str] = []
        self.hashes: dict[str, str] = {}
        self.parsing: dict[str, Counter[str]] = {}

    def program(self, name: str, loaded: _Loaded) -> p.Program:
        """The program in a file that has been read."""
        return p.Program(
            name, loaded.algorithms, loaded.scenarios, tuple(sorted(self.hashes.items())), self.budget.size
        )

    def tree(
        self, name: str, data: bytes, more: tuple[str, str] | None = None, before: s.Module | None = None
    ) -> s.Module:
        """Parse one file, as if ``more`` stood at its end; ``before`` is the tree that it had. Raises `Rejected`."""
        account = self.budget.account()
        tree = _syntax(name, data, self.budget, before)
        if isinstance(tree, Diagnostic):
            raise Rejected(tree)
        self.parsing[name] = self.budget.account() - account
        if more is None:
            return tree
        added = self.tree(more[0], more[1].encode())
        return replace(tree, uses=(*tree.uses, *added.uses), items=(*tree.items, *added.items))

    def module(self, name: str, data: bytes, tree: s.Module, wrong: list[Diagnostic] | None = None) -> _Loaded:
        """Give a file its meaning. Raises `Rejected`, but for what is wrong with an item if that is to be listed in
        ``wrong``."""
        self.hashes[Path(name).stem] = hashlib.sha256(data).hexdigest()
        builtin = {name: TypeBinding(kind) for name, kind in t.BUILTIN.items()}
        seen = None if self.desk is None else Names(tree.span.source)
        imported = Scope(builtin, elsewhere=self._elsewhere, seen=seen)
        self.active.append(Path(name).stem)
        once: dict[str, s.Use] = {}
        for use in tree.uses:
            once.setdefault(use.name, use)
        uses = tuple((use, self._used(use)) for use in once.values())
        for use, module in uses:
            for exported, binding in module.exports.items():
                if imported.find(exported) is not binding:
                    imported.bind(exported, binding, use.span)
        self.active.pop()
        before = self.budget.account()
        if self.desk is None or wrong is None:
            loaded = _resolve(tree, imported, self.budget)
        else:
            used = tuple(module for _, module in uses)
            items = _elaborator(tree, imported, self.budget, self.desk.braces)
            loaded, self.desk.studied[name] = _study(tree, used, items, wrong, self.desk.studied.get(name))
        if self.desk is not None and wrong is None:
            spent = self.parsing[name] + (self.budget.account() - before)
            self.desk.kept[Path(name)] = _Kept(data, loaded, uses, spent)
        return loaded

    def _anew(self, name: str, data: bytes) -> _Loaded:
        return self.module(name, data, self.tree(name, data))

    def _again(self, path: Path, data: bytes, use: s.Use) -> _Loaded | None:
        """The module in a file as it was read before, if neither its text nor what it uses is another one now."""
        before = self.desk.kept.get(path) if self.desk is not None else None
        if before is None or before.data != data:
            return None
        self.active.append(path.stem)
        same = all(self._used(inner) is module for inner, module in before.uses)
        self.active.pop()
        if not same:
            return None
        self.hashes[path.stem] = hashlib.sha256(data).hexdigest()
        self.budget.charge(before.spent, use.span)
        return before.loaded

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
                data = self._data(path, use)
                self.done[path] = self._again(path, data, use) or self._anew(str(path), data)
                return self.done[path]
        known = sorted(name for folder in self.search for name in _modules(folder))
        raise Rejected(unknown(LayoutCode.UNKNOWN_MODULE, "module", use.name, iter(known), use.span))

    def _data(self, path: Path, use: s.Use) -> bytes:
        most = self.budget.left("layout_bytes")
        try:
            open_texts = self.desk.texts if self.desk is not None else {}
            data = open_texts[path] if path in open_texts else read(path, most + 1)
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


def _elaborator(
    tree: s.Module, imported: Scope, budget: Spending, braces: dict[str, s.Expr] | None = None
) -> ItemElaborator:
    later = frozenset(item.name for item in tree.items)
    return ItemElaborator(Scope({}, imported, later, seen=imported.seen), budget, braces)


def _resolve(tree: s.Module, imported: Scope, budget: Spending) -> _Loaded:
    """Give every item its meaning, in the order in which items stand: a name is known from its item on. Raises
    `Rejected`."""
    items = _elaborator(tree, imported, budget)
    return _loaded({item.name: items.item(item) for item in tree.items}, items)


def _loaded(exports: Mapping[s.Ident, Binding], items: ItemElaborator) -> _Loaded:
    algorithms = tuple(b.algorithm for b in exports.values() if isinstance(b, AlgorithmBinding))
    usable: dict[str, Binding] = {k: b for k, b in exports.items() if not isinstance(b, ScenarioBinding)}
    return _Loaded(usable, algorithms, tuple(items.scenarios), items.scope)


def _study(
    tree: s.Module,
    uses: tuple[_Loaded, ...],
    items: ItemElaborator,
    wrong: list[Diagnostic],
    before: _Studied | None,
) -> tuple[_Loaded, _Studied]:
    """Give every item its meaning, as `_resolve` does. Those that are wrong are listed, and the others read all the
    same; those at the beginning that are the same items as ``before``, among the same names, keep their meaning."""
    names = items.scope.seen
    assert names is not None
    exports: dict[s.Ident, Binding] = {}
    read: list[Read] = []
    same = before is not None and list(map(id, before.uses)) == list(map(id, uses))
    if before is not None and before.names is not None and same:
        for known, item in zip(before.items, tree.items, strict=False):
            if known.item is not item:
                break
            items.take(known)
            exports[item.name] = known.binding
            read.append(known)
        end = read[-1].item.span.end if read else 0
        names.at.update({start: word for start, word in before.names.at.items() if start < end})
    failed: set[str] = set()
    for item in tree.items[len(read) :]:
        try:
            done = items.read(item)
        except Rejected as rejected:
            found = rejected.diagnostic
            # That another item is wrong is said there.
            if found.span is None or found.span.text not in failed:
                wrong.append(found)
            if found.code in _EXHAUSTED:
                break
            failed.add(item.name)
            items.recover()
            continue
        exports[item.name] = done.binding
        if not failed:
            read.append(done)
    return _loaded(exports, items), _Studied(tree, uses, names, tuple(read))
