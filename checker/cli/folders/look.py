"""Very many files looked at: in batches, each in a process of its own, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.verify.executors.executor import nothing

Looked = TypeVar("Looked")

MANY = 200
"""Files from which on it is worth the while to start processes."""

_BATCH = 50
"""Files that one process looks at."""

_SECONDS = 600.0
_MEMORY = 2 << 30


@dataclass(frozen=True)
class Where:
    """The options that say where files are looked at, and how many processes do so at a time."""

    executor: str
    jobs: int | None

    def is_worth_it(self, files: int) -> bool:
        """Tell whether files are to be looked at in processes of their own."""
        return files >= MANY or self.executor != "local"


def look_at_all(
    paths: Sequence[str], look: Callable[[str], Looked], where: Where, prepare: Callable[[], object]
) -> dict[str, Looked | Diagnostic] | Diagnostic:
    """Return what there is to say of each file, or why it was not looked at; a bar tells how far it is. A file at which
    a process fails costs itself alone: those that were to come after it are given to another."""
    from checker.cli.progress import executor_for, progress
    from checker.report.views.progress import files_text
    from checker.verify.executors.executor import Bounds, Ended, Produced

    executor = executor_for(where.executor, where.jobs, _MEMORY)
    if isinstance(executor, Diagnostic):
        return executor
    bounds = Bounds(where.jobs or executor.room(_MEMORY), _SECONDS, _MEMORY)
    found: dict[str, Looked | Diagnostic] = {}
    left = list(paths)
    with progress() as show:
        while left:
            batches = [left[first : first + _BATCH] for first in range(0, len(left), _BATCH)]
            waiting = [list(batch) for batch in batches]
            for event in executor.run(partial(_look_at, look), batches, bounds, prepare):
                match event:
                    case Produced(task=task, value=value):
                        found[waiting[task].pop(0)] = value
                    case Ended(task=task, detail=detail, end=end) if waiting[task]:
                        path = waiting[task].pop(0)
                        found[path] = not_looked_at(path, detail or end.name.lower().replace("_", " "))
                    case _:
                        pass  # it has begun, or is complete, or time passes
                show.update(partial(files_text, len(found), len(paths)))
            left = [path for batch in waiting for path in batch]
            if executor.problems:
                found |= {path: not_looked_at(path, executor.problems[0].message) for path in left}
                break
    return found


def look_at(
    paths: Sequence[str], look: Callable[[str], Looked], where: Where, prepare: Callable[[], object] = nothing
) -> dict[str, Looked | Diagnostic] | Diagnostic:
    """Return what there is to say of each file, in order: found here if they are few, or else by `look_at_all`."""
    if not where.is_worth_it(len(paths)):
        return {path: look(path) for path in paths}
    found = look_at_all(paths, look, where, prepare)
    return found if isinstance(found, Diagnostic) else {path: found[path] for path in paths}


def _look_at(look: Callable[[str], Any], paths: Sequence[str]) -> Iterator[Any]:
    return map(look, paths)


def not_looked_at(path: str, reason: str) -> Diagnostic:
    """The complaint about a file at which the process that was to look at it failed."""
    remedy = "look at this file alone; what is said then can be mended, or reported"
    return Diagnostic(CommandCode.NOT_LOOKED_AT, f"{path} was not looked at: {reason}", help=remedy)
