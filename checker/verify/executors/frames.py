"""Messages on a pipe: each with its length before it."""

from __future__ import annotations

import os
import struct

_HEAD = struct.Struct("<Q")
"""Stands before each message: how many bytes it has."""

PART = 1 << 20
"""Bytes that are read at a time."""


def send(pipe: int, message: bytes) -> None:
    """Write a message, all of it."""
    left = memoryview(_HEAD.pack(len(message)) + message)
    while left:
        left = left[os.write(pipe, left) :]


def take(unread: bytearray) -> bytes | None:
    """Take the first message from what was read so far; None where none is complete."""
    if len(unread) < _HEAD.size:
        return None
    (length,) = _HEAD.unpack_from(unread)
    end = _HEAD.size + length
    if len(unread) < end:
        return None
    message = bytes(unread[_HEAD.size : end])
    del unread[:end]
    return message
