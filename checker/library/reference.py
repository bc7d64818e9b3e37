"""References to programs, from files that are kept: by name and hashes, never by their texts."""

from __future__ import annotations

import os
from pathlib import Path

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.language import Limits
from checker.library.find import LIMITS, models, shipped_name
from checker.library.open import Program, open_program


@frozen
class Reference:
    """A program as a kept file names it: ``file`` is the way to it from the folder of that file, or the name of a
    shipped model; ``sources`` are the hashes of all files that it consists of, by their names as modules."""

    file: str
    shipped: bool
    sources: dict[str, str]


def refer(program: Program, folder: Path) -> Reference:
    """Return the reference to a program from a file in a folder."""
    shipped = shipped_name(program.path)
    place = shipped or Path(os.path.relpath(program.path.resolve(), folder.resolve())).as_posix()
    return Reference(place, shipped is not None, dict(program.program.sources))


def follow(reference: Reference, folder: Path, limits: Limits = LIMITS) -> Program | Diagnostic:
    """Open the program that a file in a folder refers to, whatever its sources are now."""
    shipped = models().get(Path(reference.file).stem) if reference.shipped else None
    return open_program(shipped or Path(os.path.relpath(folder.resolve() / reference.file)), limits)


def changed(reference: Reference, program: Program) -> list[str]:
    """Return the names of the sources that are not what they were, sorted."""
    return sorted({name for name, _ in set(program.program.sources) ^ set(reference.sources.items())})
