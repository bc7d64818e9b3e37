"""Fetches the sources of kernels from the distribution, by the names of its packages.

Only the folders that hold the functions in question are unpacked, into a folder that git ignores.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.places import ROOT

TREES = ROOT / ".kernels"

PACKAGES = ("linux-source-6.1", "linux-source-6.12")
"""Those of Debian's oldstable release and its security archive; a newer release has others."""

_NEEDED = (
    *("arch/x86/platform/efi", "arch/x86/include/asm", "arch/x86/mm/pat", "drivers/firmware/efi"),
    *("include/linux", "include/vdso", "include/uapi/linux", "Makefile"),
)

_ANCHORED = ("--wildcards", "--no-wildcards-match-slash", "--anchored")
"""Names begin with the one folder that holds all."""


@dataclass(frozen=True)
class Tree:
    """The unpacked sources of a kernel, and the version of the package that they come from."""

    package: str
    version: str
    folder: Path


def tree(package: str) -> Tree | None:
    """Return what was fetched of a package, if it was."""
    folder = TREES / package
    version = folder / "VERSION"
    return Tree(package, version.read_text().strip(), folder) if version.exists() else None


def fetch(package: str) -> Tree:
    """Download a package of sources, and unpack of it what is needed."""
    folder = TREES / package
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["apt-get", "download", "-q", package], cwd=work, check=True)
        found = next(Path(work).glob("*.deb"))
        version = subprocess.run(
            ["dpkg-deb", "--field", str(found), "Version"], capture_output=True, text=True, check=True
        ).stdout
        outer = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(found)], stdout=subprocess.PIPE)
        middle = subprocess.Popen(
            ["tar", "-xO", "-f", "-", "--wildcards", "./usr/src/*.tar.xz"], stdin=outer.stdout, stdout=subprocess.PIPE
        )
        wanted = [f"*/{name}" for name in _NEEDED]
        subprocess.run(
            ["tar", "-xJf", "-", "-C", str(folder), "--strip-components=1", *_ANCHORED, *wanted],
            stdin=middle.stdout,
            check=True,
        )
        for each in (outer, middle):
            if each.wait():
                raise subprocess.CalledProcessError(each.returncode, each.args)
    (folder / "VERSION").write_text(version)
    return Tree(package, version.strip(), folder)
