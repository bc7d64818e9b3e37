"""A verification as it goes on: a line that says what is being done, and the scenarios that are complete."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from checker.cli.terminal import console, write
from checker.report.views.verdicts import scenario_lines
from checker.verify.plan import Task
from checker.verify.results import CheckResult


class Blocks:
    """Prints the findings of each scenario, as soon as they and those before them are complete."""

    def __init__(self, tasks: tuple[Task, ...], *, verbose: bool) -> None:
        self._verbose = verbose
        self._missing: dict[tuple[str, int], int] = {}
        for task in tasks:
            key = (task.program.name, task.scenario)
            self._missing[key] = self._missing.get(key, 0) + len(task.positions)
        self._found: dict[tuple[str, int], list[CheckResult]] = {key: [] for key in self._missing}
        self._waiting = list(self._missing)

    def add(self, finding: CheckResult) -> None:
        """Take a finding, and print what is now complete."""
        key = finding.order[:2]
        self._found[key].append(finding)
        self._missing[key] -= 1
        while self._waiting and not self._missing[self._waiting[0]]:
            done = sorted(self._found[self._waiting.pop(0)], key=lambda each: each.order)
            write(scenario_lines(done, verbose=self._verbose))


Said = Callable[[float], str]
"""A line that says how far it is after so many seconds."""


class Progress:
    """Shows nothing: standard error is no terminal."""

    visible = False

    def update(self, said: Said) -> None:
        """Show how far it is."""


@contextmanager
def progress() -> Iterator[Progress]:
    """A line on the terminal while the block runs, if there is a terminal."""
    terminal = console(sys.stderr)
    if terminal is None or terminal.is_dumb_terminal:
        yield Progress()
        return
    began = time.monotonic()
    from rich.live import Live
    from rich.text import Text

    # Without a thread of its own: processes are forked while it is shown.
    with Live(console=terminal, auto_refresh=False, transient=True) as live:

        class Shown(Progress):
            visible = True

            text = ""

            def update(self, said: Said) -> None:
                text = said(time.monotonic() - began)
                if text != self.text:
                    self.text = text
                    live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)

        yield Shown()
