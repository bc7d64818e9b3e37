"""Programs as they were read, kept beside the parser's tables: to read them is most of what a short run does.

They are found by all that their meaning depends on: their text and name, the folders in which modules are looked for,
the limits, the code that reads texts, and the versions of Python and of the library that parses. The modules that they
use are looked for again, and have to be the same.

A file holds a pickle. It is opened only where nobody else can have written it, as it is for what Python has compiled;
and all that can come out of it are the parts of typed programs. So they are in this user's own folder, and never in a
cache that may have come from anywhere.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sys
from dataclasses import field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from checker import program as p
from checker.base.diagnostic import Source, Span
from checker.base.files import own_folder, read
from checker.base.values import frozen
from checker.base.versions import code_digest, version_of
from checker.language import SUFFIX
from checker.library import Text
from checker.verify.cache.store import Store, others_can_write

_READING = ("base/diagnostic.py", "program", "language")
"""The parts of the package on which the meaning of a text depends."""

_MOST_BYTES = 32 << 20
"""The size that the folder is kept below: some hundred programs."""


def own_programs() -> KeptPrograms | None:
    """The programs that this user's tools keep; None where there is no folder that nobody else can write to."""
    folder = own_folder()
    if folder is None:
        return None
    store = Store(folder / "programs")
    try:
        store.folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return None if others_can_write(store) else KeptPrograms(store)


@frozen
class KeptPrograms:
    """The programs in a folder that is believed."""

    store: Store
    _modules: dict[Path, str] = field(default_factory=dict)
    """The hashes of modules that were looked at in this run."""

    def recall(self, text: Text) -> p.Program | None:
        """The program of a text, if it is there and none of the modules that it uses has changed."""
        data = self.store.read_other(_name(text))
        program = None if data is None else _unpickled(data)
        if program is None or not all(self._same(name, digest, text) for name, digest in program.sources):
            return None
        return program

    def keep(self, text: Text, program: p.Program) -> None:
        """Keep the program of a text, if that can be."""
        self.store.write_other(_name(text), pickle.dumps(program, pickle.HIGHEST_PROTOCOL))
        self.store.trim(_MOST_BYTES)

    def _same(self, name: str, digest: str, text: Text) -> bool:
        """Tell whether a source is what it was: the text itself, or the module that would be found now."""
        if name == Path(text.name).stem:
            return digest == hashlib.sha256(text.data).hexdigest()
        path = next((path for each in text.search if (path := each / (name + SUFFIX)).is_file()), None)
        if path is None:
            return False
        if path not in self._modules:
            try:
                self._modules[path] = hashlib.sha256(read(path, text.limits.layout_bytes + 1)).hexdigest()
            except OSError:
                return False
        return self._modules[path] == digest


def _name(text: Text) -> str:
    """The name of the file in which the program of a text is kept: a hash of all that it depends on but its modules."""
    allowed = tuple(getattr(text.limits, each.name) for each in fields(text.limits))
    reading = (code_digest(*_READING), sys.implementation.cache_tag, version_of("lark"))
    whole = hashlib.sha256(repr((reading, text.name, list(map(str, text.search)), allowed)).encode())
    whole.update(text.data)
    return whole.hexdigest()


class _Reader(pickle.Unpickler):
    """Makes nothing but the parts of typed programs."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a part. Raises `UnpicklingError` for what is none."""
        if module == "checker.base.diagnostic" or module.startswith("checker.program."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (found in (Source, Span) or is_dataclass(found) or issubclass(found, Enum)):
                return found
        if (module, name) == ("builtins", "str"):
            # A name that knew its place in a text.
            return str
        raise pickle.UnpicklingError(f"no part of a program: {module}.{name}")


def _unpickled(data: bytes) -> p.Program | None:
    """The program in a pickle; None if there is none: whatever is wrong with it, it is read from its text again."""
    try:
        found = _Reader(io.BytesIO(data)).load()
    except Exception:
        return None
    return found if isinstance(found, p.Program) else None
