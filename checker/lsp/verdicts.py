"""Verdicts on documents, decided by processes behind the server: these are killed when what they decide is not asked
any more."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path

import msgspec

from checker.base.exit_status import ExitStatus
from checker.base.values import frozen, mutable
from checker.lsp.documents import Document

_LONGEST_LINE = 64 << 20
"""Bytes of a verdict in full."""


class Request(msgspec.Struct, frozen=True):
    """The document to decide, the texts of all files that an editor has open, the hashes of those of which the program
    consists, and what may be spent; and the process that asks."""

    server: int
    path: str
    texts: dict[str, str]
    sources: list[tuple[str, str]]
    jobs: int
    seconds: float
    memory: int


class Told(msgspec.Struct, frozen=True):
    """A verdict on the check at a ``position`` of a scenario: in a few words, and in full."""

    scenario: int
    position: int
    verdict: str
    status: int
    title: str
    detail: str


@frozen
class Allowance:
    """The price that verdicts may have: processes at a time, and seconds and bytes of each; and the arguments that say
    where a cache is."""

    jobs: int
    seconds: float
    memory: int
    cache: tuple[str, ...] = ()


@mutable
class Decision:
    """The verdicts on a program, by scenario and position; ``over`` once no more will come."""

    sources: tuple[tuple[str, str], ...]
    found: dict[tuple[int, int], Told] = field(default_factory=dict)
    over: bool = False
    task: asyncio.Task[None] | None = None
    process: asyncio.subprocess.Process | None = None


class Verdicts:
    """Decides what documents claim, the latest text of each."""

    def __init__(self, allowance: Allowance, tell: Callable[[Path], None]) -> None:
        self._allowance = allowance
        self._tell = tell
        self._decisions: dict[Path, Decision] = {}

    def of(self, document: Document) -> Decision | None:
        """The verdicts on a document, as it and all that it uses are now: a verdict on another text is none on this
        one."""
        decision, program = self._decisions.get(document.path), document.study.program
        if decision is None or program is None or decision.sources != program.sources:
            return None
        return decision

    def decide(self, document: Document, texts: Mapping[Path, str]) -> None:
        """Begin to decide a document of which nothing is wrong, in the place of what it was before."""
        self.forget(document.path)
        assert document.study.program is not None
        decision = self._decisions[document.path] = Decision(document.study.program.sources)
        request = Request(
            os.getpid(),
            str(document.path),
            {str(path): text for path, text in {**texts, document.path: document.text}.items()},
            list(decision.sources),
            self._allowance.jobs,
            self._allowance.seconds,
            self._allowance.memory,
        )
        decision.task = asyncio.get_running_loop().create_task(self._run(document.path, decision, request))

    def forget(self, path: Path) -> None:
        """Decide no more of a file."""
        decision = self._decisions.pop(path, None)
        if decision is not None:
            _kill(decision)
            if decision.task is not None:
                decision.task.cancel()

    def close(self) -> None:
        """Decide nothing any more."""
        for path in list(self._decisions):
            self.forget(path)

    async def _run(self, path: Path, decision: Decision, request: Request) -> None:
        # Without the current folder among those of modules: nothing in it may be run.
        decision.process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "checker", "lsp", "--decide", *self._allowance.cache),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=_LONGEST_LINE,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(msgspec.json.encode(request))
            process.stdin.close()
            async for line in process.stdout:
                told = msgspec.json.decode(line, type=Told)
                decision.found[told.scenario, told.position] = told
                self._tell(path)
            await process.wait()
        finally:
            _kill(decision)
        decision.over = True
        self._tell(path)


def _kill(decision: Decision) -> None:
    """End the process of a decision, and those that it has started."""
    if decision.process is not None:
        # Its group may outlive it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(decision.process.pid, signal.SIGKILL)


def as_expected(told: Told) -> bool:
    """Tell whether a verdict is what its check expects."""
    return told.status == ExitStatus.AS_EXPECTED
