"""Delta debugging: the smallest input that is still a finding, as far as can be told soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def shrunk(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """An input, made of pieces of ``data``, of which ``fails`` is true and from which no line and no byte can be taken;
    ``fails`` says no to everything when it is tired of being asked."""
    lines = _reduced(data.splitlines(keepends=True), lambda parts: fails(b"".join(parts)))
    rest = b"".join(lines)
    return b"".join(_reduced([rest[at : at + 1] for at in range(len(rest))], lambda parts: fails(b"".join(parts))))


def _reduced(parts: list[bytes], fails: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """Leave out ever smaller stretches, until none can be left out."""
    size = max(1, len(parts) // 2)
    while parts:
        at, before = 0, len(parts)
        while at < len(parts):
            rest = parts[:at] + parts[at + size :]
            if fails(rest):
                parts = rest
            else:
                at += size
        if size == 1 and len(parts) == before:
            break
        size = max(1, size // 2)
    return parts
