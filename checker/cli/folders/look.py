"""Very many files looked at: in batches, each in a process of its own, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.cli.ending import interruption
from checker.verify.executors.executor import nothing

Looked = TypeVar("Looked")

MANY = 200
"""Files from which on it is worth the while to start processes."""

_BATCH = 50
"""Files that one process looks at."""

_SECONDS = 600.0
_MEMORY = 2 << 30


@frozen
class Where:
    """The options that say where files are looked at, and how many processes do so at a time."""

    executor: str
    jobs: int | None

    def is_worth_it(self, files: int) -> bool:
        """Tell whether files are to be looked at in processes of their own."""
        return files >= MANY or self.executor != "local"


HERE = Where("local", 1)
"""In this process, one after the other."""


def look_at_all(
    paths: Sequence[str],
    look: Callable[[str], Looked],
    where: Where,
    prepare: Callable[[], object],
    found: dict[str, Looked | Diagnostic],
) -> Diagnostic | None:
    """Put into ``found`` what there is to say of each file, or why it was not looked at; a bar tells how far it is. A
    file at which a process fails costs itself alone: those that were to come after it are given to another. Return why
    none was looked at, if that is so."""
    from checker.cli.progress import executor_for, progress
    from checker.report.views.progress import files_text
    from checker.verify.executors.executor import Bounds, Ended, Produced

    executor = executor_for(where.executor, where.jobs, _MEMORY)
    if isinstance(executor, Diagnostic):
        return executor
    bounds = Bounds(where.jobs or executor.room(_MEMORY), _SECONDS, _MEMORY)
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
    return None


def look_at(
    paths: Sequence[str], look: Callable[[str], Looked], where: Where, prepare: Callable[[], object] = nothing
) -> tuple[dict[str, Looked | Diagnostic], Diagnostic | None]:
    """Return what there is to say of each file, in order: found here if they are few, or else by `look_at_all`; and why
    not all were looked at, if that is so: a signal came, or the executor is none."""
    found: dict[str, Looked | Diagnostic] = {}
    try:
        if where.is_worth_it(len(paths)):
            refused = look_at_all(paths, look, where, prepare, found)
            return {path: found[path] for path in paths if path in found}, refused
        if len(paths) == 1:
            return {paths[0]: look(paths[0])}, None
        _look_here(paths, look, found)
    except KeyboardInterrupt as error:
        return {path: found[path] for path in paths if path in found}, _broken_off(error, paths, found)
    return found, None


def _look_here(paths: Sequence[str], look: Callable[[str], Looked], found: dict[str, Looked | Diagnostic]) -> None:
    """Put into ``found`` what there is to say of each file; a bar tells how far it is."""
    from checker.cli.progress import progress
    from checker.report.views.progress import files_text

    with progress() as show:
        for path in paths:
            show.update(partial(files_text, len(found), len(paths)))
            found[path] = look(path)


def _broken_off(error: KeyboardInterrupt, paths: Sequence[str], found: Mapping[str, object]) -> Diagnostic:
    """Say which signal came, and name the files that were not looked at before."""
    ended = interruption(error)
    left = [path for path in paths if path not in found]
    message = f"{ended.message}: {len(left)} of {len(paths)} files were not looked at"
    return and_not(replace(ended, message=message), left)


def and_not(ended: Diagnostic, paths: Iterable[str]) -> Diagnostic:
    """Return the end of a run, which names more files that were not looked at."""
    return replace(ended, notes=(*ended.notes, *(f"{path} was not looked at" for path in paths)))


def _look_at(look: Callable[[str], Any], paths: Sequence[str]) -> Iterator[Any]:
    return map(look, paths)


def not_looked_at(path: str, reason: str) -> Diagnostic:
    """The complaint about a file at which the process that was to look at it failed."""
    remedy = "look at this file alone; what is said then can be mended, or reported"
    return Diagnostic(CommandCode.NOT_LOOKED_AT, f"{path} was not looked at: {reason}", help=remedy)
