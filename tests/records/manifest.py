"""The list of all records: records.toml."""

from __future__ import annotations

import subprocess
import tomllib

import msgspec

from tests.helpers.places import ROOT

MANIFEST = ROOT / "tests" / "records" / "records.toml"


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that is kept, and how it came about."""

    file: str
    inputs: tuple[str, ...]
    age: int
    made: tuple[str, ...] = ()
    held_by: str = ""
    of_models: bool = False

    @property
    def command(self) -> str:
        return f"python -m {' '.join(self.made)}" if self.made else "by hand"


def records() -> dict[str, Record]:
    """Read the list."""
    return msgspec.convert(tomllib.loads(MANIFEST.read_text()), dict[str, Record])


def age(record: Record) -> int:
    """Count the commits since a record was written that touch what it is about. Needs the repository's history."""
    written = _git("log", "-1", "--format=%H", "--", record.file)
    return int(_git("rev-list", "--count", f"{written}..HEAD", "--", *record.inputs))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
