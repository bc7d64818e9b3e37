"""Files: read without waiting for ever (a pipe that nobody writes to, a terminal, a device without an end), and written
whole or not at all."""

from __future__ import annotations

import os
import select
import tempfile
from contextlib import suppress
from os import PathLike
from pathlib import Path

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic

_PATIENCE = 10.0
"""Seconds to wait for the next bytes of what is no plain file."""

_AT_ONCE = 1 << 20


def read(path: str | PathLike[str], most: int) -> bytes:
    """The first ``most`` bytes of a file, or all if there are fewer. Raises `OSError`."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        waiting = select.poll()
        waiting.register(file, select.POLLIN)
        parts: list[bytes] = []
        while most > 0:
            if not waiting.poll(_PATIENCE * 1000):
                raise TimeoutError(f"nothing came for {_PATIENCE:g} seconds")
            part = os.read(file, min(most, _AT_ONCE))
            if not part:
                break
            parts.append(part)
            most -= len(part)
        return b"".join(parts)
    finally:
        os.close(file)


def why(error: OSError | ValueError) -> str:
    """The reason of an error in a few words."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def own_folder(*, make: bool = True) -> Path | None:
    """The folder in which this user's tools keep what they can make again; None where there is none, or where anybody
    else could put something into it: what is kept there is believed, as compiled modules are. It need not be there if
    it is not to be made."""
    try:
        folder = Path.home() / ".cache" / "mapproof"
        if not make and not folder.exists():
            return folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except (OSError, RuntimeError):
        return None
    return folder if state.st_uid == os.geteuid() and not state.st_mode & 0o022 else None


BESIDE = ".mapproof."
"""The names of files begin so that are not yet in their place."""


def unwritable(path: Path) -> Diagnostic | None:
    """Return the reason why `replace` could not write a file, as far as can be told before; one that is there is not
    touched."""
    target = Path(os.path.realpath(path))
    try:
        if not target.parent.is_dir():
            return _refused(path, f"there is no folder {path.parent}")
        if target.exists() and not target.is_file():
            return _refused(path, "it is no plain file")
        if target.exists() and not os.access(target, os.W_OK):
            return _refused(path, "it may not be changed")
        with tempfile.TemporaryFile(dir=target.parent, prefix=BESIDE):
            return None
    except OSError as error:
        return _refused(path, f"nothing can be made in {path.parent}: {why(error)}")


def make_folder(path: Path) -> Diagnostic | None:
    """Make a folder in which files can be written, if it is not there; or say why that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path, prefix=BESIDE):
            return None
    except OSError as error:
        message = f"cannot write in {path}: {why(error)}"
        return Diagnostic(CommandCode.UNWRITABLE, message, help="name a folder in which files can be written")


def replace(path: Path, data: bytes, mode: int | None = None) -> Diagnostic | None:
    """Put ``data`` in the place of a file, in one step; or say why that cannot be. The file keeps its mode, if none is
    given."""
    target = Path(os.path.realpath(path))
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=BESIDE, delete=False) as file:
            temporary = file.name
            file.write(data)
        if mode is None:
            mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_mask()
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        return _refused(path, why(error))
    return None


def _refused(path: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        CommandCode.UNWRITABLE,
        f"cannot write {path}: {reason}",
        help="name a file that can be written, in a folder that can",
    )


def _mask() -> int:
    """The modes that new files do not get."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
