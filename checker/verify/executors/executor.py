"""An executor's interface: tasks and bounds go in, events come back, wherever the work is done."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from enum import Enum, auto
from typing import Any, Protocol

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen

TICK = 0.1
"""Seconds between two events at most, so that a display can count."""


class End(Enum):
    """The ways in which a task's process ends."""

    DONE = auto()
    FAILED = auto()
    OUT_OF_TIME = auto()
    OUT_OF_MEMORY = auto()
    OUT_OF_TOTAL_TIME = auto()
    OUT_OF_ROOM = auto()
    KILLED = auto()


@frozen
class Started:
    """The task has got a process."""

    task: int


@frozen
class Produced:
    """The task has produced a value."""

    task: int
    value: Any


@frozen
class Ended:
    """The task's process is gone; ``detail`` says more of an end that is not `DONE`."""

    task: int
    end: End
    detail: str = ""


@frozen
class Tick:
    """Time passes."""


TaskEvent = Started | Produced | Ended | Tick


@frozen
class Bounds:
    """The most that tasks may take: ``jobs`` at a time, each ``seconds`` and ``memory`` bytes, and all together
    ``all_seconds``, and ``all_bytes`` in what they send."""

    jobs: int
    seconds: float | None = None
    memory: int | None = None
    all_seconds: float | None = None
    all_bytes: int | None = None


def nothing() -> None:
    """Prepare nothing."""


class Executor(Protocol):
    """Carries tasks out, each in a process of its own that can be killed."""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Return what went wrong with the executor itself so far: tasks have ended for it that are not to blame."""

    def room(self, memory: int) -> int:
        """Return how many tasks to have done at a time that may need so many bytes each, if nothing else is said."""

    def run(
        self,
        work: Callable[[Any], Iterator[Any]],
        items: Sequence[Any],
        bounds: Bounds,
        prepare: Callable[[], object] = nothing,
    ) -> Generator[TaskEvent, None, None]:
        """Do ``work`` on every item; the number of an item is that of its task. ``prepare`` is done before, once in
        each process of which tasks are forks: what it loads is there for all.

        A task that goes beyond its bounds ends early; what it has produced until then stands. So do all that are left
        when they have taken, or sent, too much together. All of it must be picklable, and what is produced, too.
        """
