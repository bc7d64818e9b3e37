"""Several files, and the words of a command line, in one input: so that they are bent, shrunk and kept as one.

A line ``@@ NAME`` begins a file, and the line break before it belongs to it; what stands before the first is the file
that a target takes if it takes only one. A file called `ARGUMENTS` holds the words of a command line, one a line. Any
bytes are such an input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

ARGUMENTS = "arguments"
_HEADING = re.compile(rb"(?:\A|\n)@@ ([A-Za-z0-9_.-]{1,60}(?:/[A-Za-z0-9_.-]{1,60}){0,3})\r?\n")
_MOST_FILES = 200


def joined(files: Mapping[str, bytes], first: bytes = b"") -> bytes:
    """The input that holds these files."""
    parts = [first] if first else []
    parts += [b"@@ " + name.encode() + b"\n" + data for name, data in files.items()]
    return b"\n".join(parts)


def split(data: bytes) -> dict[str, bytes]:
    """The files of an input; the first is called ``""``. Names that lead out of a folder are left out."""
    first, *rest = _HEADING.split(data)
    files = {"": first}
    for name, content in zip(rest[::2], rest[1::2], strict=True):
        path = name.decode()
        if not any(set(part) == {"."} for part in path.split("/")) and len(files) < _MOST_FILES:
            files[path] = content
    return files


def arguments(files: Mapping[str, bytes]) -> list[str]:
    """The words of a command line: such as a system can hand over, and none that leads out of the current folder."""
    lines = files.get(ARGUMENTS, b"").decode("utf-8", "surrogateescape").split("\n")
    words = [line.replace("\0", "").replace("/", "_").replace("..", "_") for line in lines]
    return [word for word in words if word not in ("", "--")]


def unpack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, the first and the words of the command line left out, to an empty folder.

    What cannot be there beside what is there already (a file of the name of a folder) is left out.
    """
    for name, data in files.items():
        path = folder / name
        if name in ("", ARGUMENTS) or path.is_dir() or any(parent.is_file() for parent in path.parents):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
