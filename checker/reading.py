"""Files of any kind, read without waiting for ever: a pipe that nobody writes to, a terminal, a device without an
end."""

from __future__ import annotations

import os
import select
from os import PathLike

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
