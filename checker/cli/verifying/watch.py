"""Files watched, and what is decided again when they change: nothing that still asks the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import NoReturn

from checker import library
from checker.base.values import mutable
from checker.language import SUFFIX
from checker.verify import replay
from checker.verify.plan import Task
from checker.verify.results import CheckResult

_PERIOD = 0.25
"""Seconds between two looks at the files."""


@mutable
class Memory:
    """The results of the last time, by what they are about."""

    _results: dict[tuple[str, str, tuple[str, ...]], list[CheckResult]] = field(default_factory=dict)

    def recall(self, task: Task) -> list[CheckResult] | None:
        """The results on a task that asks what one asked before: the same checks of the same scenario, wherever in the
        file they stand now. None if there was none. A result is never carried over to another question: programs are
        compared in full, but for the places of their parts."""
        before = self._results.get(_name(task), [])
        if not before or any(
            (each.task.subject, each.task.checks, each.task.beside) != (task.subject, task.checks, task.beside)
            for each in before
        ):
            return None
        return [_moved(each, task) for each in before]

    def keep(self, results: Iterable[CheckResult]) -> None:
        """Forget what was, and keep the results on all tasks that are complete."""
        kept: dict[tuple[str, str, tuple[str, ...]], list[CheckResult]] = {}
        for each in results:
            kept.setdefault(_name(each.task), []).append(each)
        self._results = {name: found for name, found in kept.items() if len(found) == len(found[0].task.positions)}


def _name(task: Task) -> tuple[str, str, tuple[str, ...]]:
    scenario = task.program.program.scenarios[task.scenario].name
    return (task.program.name, scenario, tuple(check.label for check in task.checks))


def _moved(result: CheckResult, task: Task) -> CheckResult:
    """A result with the places that the parts of the program have now."""
    check = task.checks[result.index]
    found = result.result.counterexample
    seen = None if found is None else replay.see(task.subject, check, found)
    return replace(result, task=task, result=replace(result.result, check=check), seen=seen)


def _state(words: Sequence[str]) -> dict[Path, tuple[int, int]]:
    """The time and the size in bytes of all files that may be read."""
    folders = set(library.search_path())
    for word in words or list(library.models()):
        files = library.find_files(library.split_scenario(word)[0])
        folders |= {path.parent for path in files} if isinstance(files, tuple) else set()
    state = {}
    for folder in folders:
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                found = path.stat()
                state[path] = (found.st_mtime_ns, found.st_size)
    return state


Again = Callable[[Memory], int]
"""Decides what is asked, and tells; knows what was decided before."""


def keep_watching(words: Sequence[str], again: Again) -> NoReturn:
    """Decide, and decide again whenever a file changes that the words on a command line mean, or that one of these may
    use, until the user interrupts it."""
    memory = Memory()
    while True:
        # Before: what changes while it is being decided is decided once more.
        before = _state(words)
        again(memory)
        while _state(words) == before:
            time.sleep(_PERIOD)
