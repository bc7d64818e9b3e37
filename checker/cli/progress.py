"""A verification as it goes on: a line that says what is being done, and the scenarios that are complete."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.base.limits import CommandLimits
from checker.base.versions import versions
from checker.cli.options import SharedOptions
from checker.cli.terminal import complain, console, tell, write
from checker.library import overlooked
from checker.prove import Limits
from checker.report.lines import Line
from checker.report.renderers import RENDERERS
from checker.report.reports import VerifyReport, Versions
from checker.report.views.progress import asking_text, progress_text
from checker.verify.executors.local import available
from checker.verify.plan import Task
from checker.verify.results import CheckResult, CheckStarted, status
from checker.verify.run import Deciding, Options, prove, verify

Early = Callable[[Sequence[CheckResult], bool], Sequence[Line]]


class Blocks:
    """Prints the findings of each scenario, as soon as they and those before them are complete."""

    def __init__(self, tasks: tuple[Task, ...], early: Early, *, verbose: bool) -> None:
        self._early = early
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
            write(self._early(done, self._verbose))


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


def blocks(tasks: tuple[Task, ...], shared: SharedOptions) -> Blocks | None:
    """Return what prints the findings as they come, if the output format does so."""
    early = RENDERERS[shared.form].early
    return None if early is None else Blocks(tasks, early, verbose=shared.verbose)


def decide(
    tasks: tuple[Task, ...], options: Options, shown: Blocks | None, deciding: Deciding = prove
) -> list[CheckResult]:
    """All findings, in order; what is being done is shown on the way, and ``shown`` are printed."""
    findings: list[CheckResult] = []
    working: dict[int, CheckStarted] = {}
    total = sum(len(task.positions) for task in tasks)
    with progress() as show:
        for event in verify(tasks, options, deciding):
            if isinstance(event, CheckStarted):
                working[id(event.task)] = event
            elif isinstance(event, CheckResult):
                findings.append(event)
                working.pop(id(event.task), None)
                if shown is not None and not show.visible:
                    shown.add(event)
            show.update(partial(progress_text, len(findings), total, working=list(working.values())))
    findings.sort(key=lambda finding: finding.order)
    if shown is not None and show.visible:
        for finding in findings:
            shown.add(finding)
    return findings


def ask(findings: list[CheckResult], solver: str, options: Options, shown: Blocks | None) -> list[CheckResult]:
    """The findings with another solver's opinion; where it says the contrary, that is left in a folder."""
    from checker.verify.cross_check import bundle, disagreement, second_opinions

    with progress() as show:
        findings = second_opinions(
            findings, solver, options, lambda done, total: show.update(partial(asking_text, done, total, solver=solver))
        )
    if shown is not None:
        for finding in findings:
            shown.add(finding)
    try:
        made = bundle(findings, Path.cwd(), versions(), options)
    except OSError as error:
        message = f"z3 and {solver} disagree, and what on cannot be written: {error}"
        complain([Diagnostic(CommandCode.SOLVERS_DISAGREE, message, help="run again in a folder that can be written")])
        return findings
    if made is not None:
        complain([disagreement(solver, str(made))])
    return findings


def options_of(shared: SharedOptions, check: Limits, in_all: CommandLimits, *, write: bool = False) -> Options:
    """Return what the checks may cost; ``write`` says that the proofs' texts are wanted, as another solver does too."""
    memory = shared.memory << 20
    write = write or shared.cross_check is not None
    jobs = shared.jobs or available(memory)
    return Options(jobs, shared.timeout, memory, check, write, in_all, shared.attack)


def finish(
    findings: Sequence[CheckResult], wrong: Sequence[Diagnostic], began: float, shared: SharedOptions
) -> ExitStatus:
    """Tell what the findings come to, and return the status with which the command ends."""
    report = VerifyReport(
        findings,
        wrong,
        time.monotonic() - began,
        status(findings, wrong_input=bool(wrong)),
        Versions(**versions()),
        asked=shared.cross_check is not None,
        verbose=shared.verbose,
        told=RENDERERS[shared.form].early is not None,
    )
    done = tell(report, shared.form)
    # At the end: it must not be lost above a long report.
    complain(overlooked([each.task.program.program for each in findings], "verified"))
    return done
