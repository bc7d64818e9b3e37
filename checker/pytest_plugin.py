"""Checks as tests: `pytest --mapproof` collects the scenarios of `.layout` files, an item for each check.

pytest loads this module in every run, so that it knows the option: what collects and decides is loaded when there is
something to collect.
"""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker.base.values import mutable

if TYPE_CHECKING:
    from checker.program import Check
    from checker.verify.cache.decide import Caching
    from checker.verify.plan import Task
    from checker.verify.results import CheckResult, Event

_SUFFIX = ".layout"

_TIMEOUT = 600.0
"""Seconds for each check, if nothing else is said."""


_NONE = "none"
"""The word for no cache."""

_NOTICES = pytest.StashKey[dict[str, None]]()
"""The key of what there is to say of the cache, each once."""


def _seconds(word: str) -> float:
    """Return the seconds that a word says, neither none nor without end. Raises `ArgumentTypeError`."""
    with suppress(ValueError):
        seconds = float(word)
        if isfinite(seconds) and seconds > 0:
            return seconds
    raise ArgumentTypeError(f"{word} is no number of seconds above 0")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let pytest know the options."""
    group = parser.getgroup("mapproof", "checks of memory-mapping algorithms")
    group.addoption("--mapproof", action="store_true", help="collect the checks of `.layout` files")
    group.addoption(
        "--mapproof-timeout",
        type=_seconds,
        default=_TIMEOUT,
        metavar="S",
        help="seconds for each check (default: %(default)g)",
    )
    group.addoption(
        "--mapproof-cache",
        metavar="DIR",
        help="folder of the cache of what was searched for, of which nothing is believed; `none` for no cache "
        "(default: the user's own)",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a `.layout` file, if that was asked for."""
    if file_path.suffix == _SUFFIX and parent.config.getoption("mapproof"):
        return LayoutFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have the checks that are left, after `-k` and the like, decided together that belong together. Where several
    processes share the items, nobody knows which of them are decided here: each is decided alone then."""
    alone = hasattr(session.config, "workerinput")
    items = [each for each in session.items if isinstance(each, CheckItem)]
    caching = _cache(session.config) if items else None
    together: dict[tuple[Path, int, tuple[int, ...]], list[CheckItem]] = {}
    for item in items:
        together.setdefault(item.group, []).append(item)
    for group in together.values():
        for share in [[item] for item in group] if alone else [group]:
            stream = _Stream(tuple(share), alone, caching)
            for item in share:
                item.stream = stream


def _cache(config: pytest.Config) -> Caching | None:
    """Open the cache that is asked for; None if there is to be none, or, which is told, it cannot be used."""
    from checker import describe
    from checker.base.diagnostic import Diagnostic
    from checker.verify.cache.decide import Caching
    from checker.verify.cache.store import open_store

    word = config.getoption("mapproof_cache")
    if word == _NONE:
        return None
    store = open_store(Path(word) if word else None)
    if isinstance(store, Diagnostic):
        config.stash.setdefault(_NOTICES, {})[describe(store)] = None
        return None
    return Caching(store)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell of the cache what there is to say, such as that it cannot be written."""
    for notice in config.stash.get(_NOTICES, {}):
        terminalreporter.write(notice)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End what is still being decided."""
    for item in getattr(session, "items", ()):
        if isinstance(item, CheckItem) and item.stream is not None:
            item.stream.close()


class LayoutFile(pytest.File):
    """A file of the language. One that only other files use has no items."""

    def collect(self) -> Iterator[pytest.Collector]:
        """Give its scenarios; refuse a file in which something is wrong, as `verify` does."""
        from checker import describe
        from checker.base.diagnostic import Diagnostic
        from checker.library import idle, open_program
        from checker.verify.plan import plan

        # As a user would name it, whatever the place that reports are told at.
        opened = open_program(Path(os.path.relpath(self.path)))
        wrong = [opened] if isinstance(opened, Diagnostic) else idle(opened)
        if isinstance(opened, Diagnostic) or wrong:
            raise self.CollectError("".join(map(describe, wrong)).rstrip("\n"))
        tasks = plan([opened])
        for number, scenario in enumerate(opened.program.scenarios):
            own = [task for task in tasks if task.scenario == number]
            # A name in a program knows its place; pytest sends names from process to process as plain text.
            yield ScenarioCollector.from_parent(self, name=str(scenario.name), tasks=own)


class ScenarioCollector(pytest.Collector):
    """A scenario."""

    def __init__(self, *, tasks: list[Task], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.tasks = tasks

    def collect(self) -> Iterator[pytest.Item]:
        """Give its checks, in the order of the file."""
        stated = [(position, task) for task in self.tasks for position in task.positions]
        for position, task in sorted(stated, key=lambda each: each[0]):
            check = task.program.program.scenarios[task.scenario].checks[position]
            yield CheckItem.from_parent(self, name=str(check.label), task=task, position=position, check=check)


class UnexpectedVerdict(Exception):
    """Says that a verdict is not the one that is expected; carries the result."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(result.result.verdict.value)
        self.result = result


class CheckItem(pytest.Item):
    """A check: it passes if its verdict is the one that it expects."""

    def __init__(self, *, task: Task, position: int, check: Check, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.task, self.position, self.check = task, position, check
        self.stream: _Stream | None = None

    @property
    def group(self) -> tuple[Path, int, tuple[int, ...]]:
        """The mark that checks share which can be decided together."""
        return (self.path, self.task.scenario, self.task.group)

    def runtest(self) -> None:
        """Decide the check. Raises `UnexpectedVerdict`."""
        from checker.base.exit_status import ExitStatus

        stream = self.stream or _Stream((self,), alone=True)
        found = stream.result(self)
        self.user_properties += [("verdict", found.result.verdict.value), ("effort", found.result.cost.effort)]
        if found.result.obligations:
            self.user_properties.append(("obligations", found.result.obligations))
        if found.status is not ExitStatus.AS_EXPECTED:
            raise UnexpectedVerdict(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Tell of a verdict as the report does, after a line that says what kind of failure it is."""
        if isinstance(excinfo.value, UnexpectedVerdict):
            return f"{_kind(excinfo.value.result)}\n\n{_told(excinfo.value.result)}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the check, for pytest's reports."""
        return self.path, self.check.span.line - 1, f"{self.task.subject.name}: {self.name}"


def _kind(found: CheckResult) -> str:
    from checker.base.exit_status import ExitStatus

    match found.status:
        case ExitStatus.UNDECIDED:
            return "undecided: this is neither proved nor refuted"
        case ExitStatus.INTERNAL_ERROR:
            return "internal error: this says nothing of the check"
        case _:
            return f"{found.result.verdict.value}: expected {found.result.check.expected.word}"


def _told(found: CheckResult) -> str:
    from checker.report.lines import plain
    from checker.report.reports import Detail
    from checker.report.views.verdicts import scenario_lines

    text = plain(scenario_lines([found], Detail.USUAL)).rstrip("\n")
    # The option has another name here.
    return text.replace("(--timeout)", "(--mapproof-timeout)")


@mutable
class _Stream:
    """Checks that are decided together, in a process of their own, as their results are asked for."""

    items: tuple[CheckItem, ...]
    alone: bool
    caching: Caching | None = None
    events: Iterator[Event] | None = None
    known: dict[int, CheckResult] = field(default_factory=dict)

    def result(self, item: CheckItem) -> CheckResult:
        """Return the result on a check."""
        from checker import describe
        from checker.verify.results import CheckResult, Notice

        if self.events is None:
            self.events = self._decide()
        while item.position not in self.known:
            event = next(self.events)
            if isinstance(event, CheckResult):
                self.known[event.order[2]] = event
            elif isinstance(event, Notice):
                item.config.stash.setdefault(_NOTICES, {})[describe(event.diagnostic)] = None
        return self.known[item.position]

    def _decide(self) -> Iterator[Event]:
        from dataclasses import replace

        from checker.verify.cache.decide import verify_cached
        from checker.verify.executors.local import LOCAL
        from checker.verify.executors.remote import BESIDE
        from checker.verify.run import Options, verify

        task = replace(self.items[0].task, positions=tuple(item.position for item in self.items))
        # Processes that share items have threads to speak with the first, which a fork must not copy.
        executor = BESIDE if self.alone else LOCAL
        seconds: float = self.items[0].config.getoption("mapproof_timeout")
        options = Options(seconds=seconds, executor=executor)
        return verify([task], options) if self.caching is None else verify_cached([task], options, self.caching)

    def close(self) -> None:
        """End what is being decided."""
        if self.events is not None:
            self.events.close()  # type: ignore[attr-defined]
