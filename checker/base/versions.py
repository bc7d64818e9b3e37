"""The versions that a result names, and the code that made it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

__version__ = "0.1.0"
"""The version of this tool."""

PACKAGE = Path(__file__).parents[1]
"""The folder of the package."""

_CODE = (".py", ".lark")

_UNKNOWN = "of unknown version"


def versions() -> dict[str, str]:
    """Return what makes results: this tool and the solver, with their versions. The solver is not loaded."""
    return {"tool": f"mapproof {__version__}", "solver": f"z3 {version_of('z3-solver') or _UNKNOWN}"}


@cache
def version_of(package: str) -> str | None:
    """Return the version of an installed package, which is not loaded; None where it is not to be had.

    An installed package has a folder that is called after it and its version. `importlib.metadata` looks for that as
    well, but to load it takes longer than all that is said of versions: it is asked where there is no such folder.
    """
    begin = f"{package.replace('-', '_')}-"
    for place in sys.path:
        with suppress(OSError):
            for name in sorted(os.listdir(place or ".")):
                if name.startswith(begin) and name.endswith(".dist-info"):
                    return name.removeprefix(begin).removesuffix(".dist-info")
    from importlib.metadata import PackageNotFoundError, version

    with suppress(PackageNotFoundError):
        return version(package)
    return None


@cache
def code_digest(*parts: str) -> str:
    """Return a digest of the code of some parts of the package, files or folders; of all of it, if none is named.

    The texts themselves count: a tree in which somebody works has one version for days, and a clone has other times at
    every checkout. To read all that makes verdicts takes four milliseconds.
    """
    return digest_of(PACKAGE, parts)


def digest_of(package: Path, parts: tuple[str, ...]) -> str:
    """Return a digest of the code of some parts below a folder."""
    digest = hashlib.sha256()
    for path in sorted(each for part in parts or ("",) for each in _files(str(package / part))):
        with open(path, "rb") as file:
            data = file.read()
        digest.update(f"{os.path.relpath(path, package)} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _files(place: str) -> Iterator[str]:
    if not os.path.isdir(place):
        yield place
        return
    with os.scandir(place) as found:
        for each in found:
            if each.is_dir(follow_symlinks=False):
                yield from _files(each.path)
            elif each.name.endswith(_CODE):
                yield each.path
