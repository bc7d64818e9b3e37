"""Room beside what is placed: the addresses that are left of a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def left(legal: range, own: int, taken: Iterable[tuple[int, int]]) -> Iterator[range]:
    """Return what is left of ``legal`` for something of ``own`` bytes, from below: ranges that are not empty. ``taken``
    has the address and the bytes of all that is there. What begins where it would lie on none of these has room: it
    ends at or below the address, or begins at or above the end."""
    # The addresses from the first number up to the second, both included, have no room.
    blocked = sorted((there - own + 1, there + length - 1) for there, length in taken)
    begin = legal.start
    for first, last in blocked:
        if last < first or last < begin:
            continue
        yield from _up_to(begin, min(first, legal.stop), legal)
        begin = last + 1
    yield from _up_to(begin, legal.stop, legal)


def _up_to(begin: int, end: int, legal: range) -> Iterator[range]:
    """Return the part of a range from ``begin`` up to ``end``, if there is anything in it."""
    found = range(legal.start - (legal.start - begin) // legal.step * legal.step, end, legal.step)
    if found:
        yield found
