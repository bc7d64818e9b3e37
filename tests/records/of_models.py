"""Records that have a row for each shipped model: what text of the model a row is about, and which commit made it.

To make such a record takes hours, and models change one by one. So each row has a stamp, and nobody has to guess which
rows are about models as they are now.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from checker import library
from tests.helpers.places import ROOT

_DIGITS = 8

_ROW = re.compile(r"^\| (?P<name>[\w-]+) \| (?P<text>[0-9a-f]{8}) \| (?P<commit>[0-9a-f]+) \|.*$", re.MULTILINE)


@dataclass(frozen=True)
class Standing:
    """The models of which a record has the text of today, those of which it has another one, and those that it has
    not."""

    current: tuple[str, ...]
    older: tuple[str, ...]
    missing: tuple[str, ...]

    def count(self) -> str:
        """Count them."""
        return f"models: {len(self.current)} as they are, {len(self.older)} of an older text, {len(self.missing)} not"

    def lines(self) -> Iterator[str]:
        """Say so."""
        of = len(self.current) + len(self.older) + len(self.missing)
        yield f"On record are {len(self.current)} of {of} models as they are."
        for said, names in (("Of an older text are", self.older), ("Not on record are", self.missing)):
            if names:
                yield from wrap(f"{said} {len(names)}: {', '.join(sorted(names))}.", 120, break_on_hyphens=False)


def rows_of(record: str) -> dict[str, str]:
    """The rows of a record, by the names of models."""
    return {found["name"]: found[0] for found in _ROW.finditer(record)}


def standing(record: str, models: Mapping[str, Path] | None = None) -> Standing:
    """Hold a record against the models that there are."""
    texts = {found["name"]: found["text"] for found in _ROW.finditer(record)}
    known = {name: digest_of(path.read_bytes()) for name, path in (models or library.models()).items()}
    return Standing(
        tuple(name for name in known if texts.get(name) == known[name]),
        tuple(name for name in known if name in texts and texts[name] != known[name]),
        tuple(name for name in known if name not in texts),
    )


def chosen(named: Iterable[str], record: str, *, stale: bool) -> list[str]:
    """The models to be judged: those that are named, all that are not on record as they are, or all."""
    found = standing(record)
    return [*named] or ([*found.missing, *found.older] if stale else [*library.models()])


def stamp(name: str) -> tuple[str, str]:
    """The stamp of a row that is made now."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return digest_of(library.models()[name].read_bytes()), done.stdout.strip()


def digest_of(text: bytes) -> str:
    """The digest of a model's file that a row has."""
    return hashlib.sha256(text).hexdigest()[:_DIGITS]
