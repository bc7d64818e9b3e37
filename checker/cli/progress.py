"""A verification as it goes on: a line that says what is being done, and the scenarios that are complete."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus, ends_a_run, status_of_code, worst
from checker.base.limits import CommandLimits
from checker.base.versions import versions
from checker.cli.caching import trusted_note
from checker.cli.gate import NO_GATING, GateOptions
from checker.cli.options import SharedOptions
from checker.cli.outputs import Outputs, tell_all
from checker.cli.terminal import complain, console, write
from checker.library import overlooked
from checker.program import Check
from checker.prove import Limits
from checker.report.baseline import OPEN, Gate
from checker.report.renderers import RENDERERS
from checker.report.reports import Detail, VerifyReport, Versions
from checker.report.views.progress import asking_text, progress_text
from checker.verify.cache.decide import Caching, verify_cached
from checker.verify.executors import Executor, executor_of
from checker.verify.plan import Task
from checker.verify.results import CheckResult, CheckStarted, Notice, status
from checker.verify.run import Deciding, Options, prove, verify

if TYPE_CHECKING:
    from checker.report.renderer import Early


_EXECUTOR = "checker.executor"
"""The name under which a command keeps its executor: one, however often it decides (`--watch`)."""


class Teller:
    """Prints findings, one after the other, in the order of the report."""

    def __init__(self, tasks: Sequence[Task], early: Early, detail: Detail) -> None:
        self._early = early
        self._detail = detail
        self._full = False
        stated: dict[tuple[str, int], dict[int, Check]] = {}
        for task in tasks:
            checks = stated.setdefault((task.program.name, task.scenario), {})
            checks.update(zip(task.positions, task.checks, strict=True))
        self._among = {key: [check for _, check in sorted(checks.items())] for key, checks in stated.items()}

    def tell(self, findings: Iterable[CheckResult]) -> None:
        """Print findings. Where standard output cannot be written (a full disk), that is told when all is decided, and
        in the other reports: deciding goes on for these."""
        for each in findings:
            if self._full:
                return
            try:
                write(self._early(each, self._among[each.order[:2]], self._detail))
            except BrokenPipeError:
                raise
            except OSError:
                self._full = True


class InOrder:
    """Puts findings in the order of the report: gives each as soon as those before it are there."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        places = sorted((task.program.name, task.scenario, place) for task in tasks for place in task.positions)
        self._missing = deque(places)
        self._waiting: dict[tuple[str, int, int], CheckResult] = {}

    def add(self, finding: CheckResult) -> Iterator[CheckResult]:
        """Take a finding, and give those whose turn it is."""
        self._waiting[finding.order] = finding
        while self._missing and self._missing[0] in self._waiting:
            yield self._waiting.pop(self._missing.popleft())

    def rest(self) -> list[CheckResult]:
        """Give those whose turn will not come, in order: what stands before them is not decided."""
        rest = [self._waiting[place] for place in sorted(self._waiting)]
        self._waiting.clear()
        return rest


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


def teller(tasks: Sequence[Task], shared: SharedOptions) -> Teller | None:
    """Return what prints the findings as they come, if the output format does so."""
    early = RENDERERS[shared.outputs.form].early
    return None if early is None else Teller(tasks, early, shared.detail)


def decide(
    tasks: Sequence[Task],
    options: Options,
    shown: Teller | None,
    deciding: Deciding = prove,
    *,
    stop: bool = False,
    known: Callable[[Task], list[CheckResult] | None] = lambda _: None,
    gate: Gate = OPEN,
    caching: Caching | None = None,
    found: list[CheckResult] | None = None,
) -> list[CheckResult]:
    """All findings, in order; what is being done is shown on the way, and ``shown`` are printed. With ``stop`` they end
    with the first that is not as expected. What is ``known`` of a task is not decided again. They are put into
    ``found`` one after the other, where they are there even if this fails. What is in a cache is not searched for."""
    findings: list[CheckResult] = [] if found is None else found
    working: dict[int, CheckStarted] = {}
    total = sum(len(task.positions) for task in tasks)
    decided, ordered = 0, InOrder(tasks)
    before = [(task, known(task)) for task in tasks]
    new = [task for task, results in before if results is None]
    remarks: list[Diagnostic] = []
    events = verify(new, options, deciding) if caching is None else verify_cached(new, options, caching, deciding)
    visible = stopped = False
    try:
        with progress() as show, closing(events):
            visible = show.visible
            for event in chain((each for _, results in before for each in results or ()), events):
                if isinstance(event, CheckStarted):
                    working[id(event.task)] = event
                elif isinstance(event, Notice):
                    remarks.append(event.diagnostic)
                elif isinstance(event, CheckResult):
                    decided += 1
                    working.pop(id(event.task), None)
                    ready = list(ordered.add(gate.judged(event)))
                    unexpected = [at for at, each in enumerate(ready, 1) if each.status is not ExitStatus.AS_EXPECTED]
                    stopped = stop and bool(unexpected)
                    ready = ready[: unexpected[0]] if stopped else ready
                    findings += ready
                    if shown is not None and not visible:
                        shown.tell(ready)
                    if stopped:
                        break
                show.update(partial(progress_text, decided, total, working=list(working.values())))
    finally:
        # Where it ends before its time, some are decided whose turn in the report has not come.
        rest = [] if stopped else ordered.rest()
        findings += rest
        if shown is not None:
            shown.tell(findings if visible else rest)
        complain(remarks)
    return findings


def ask(findings: list[CheckResult], solver: str, options: Options, shown: Teller | None) -> list[CheckResult]:
    """The findings with another solver's opinion; where it says the contrary, that is left in a folder."""
    from checker.verify.cross_check import bundle, disagreement, second_opinions

    with progress() as show:
        findings = second_opinions(
            findings, solver, options, lambda done, total: show.update(partial(asking_text, done, total, solver=solver))
        )
    if shown is not None:
        shown.tell(findings)
    try:
        made = bundle(findings, Path.cwd(), versions(), options)
    except OSError as error:
        message = f"z3 and {solver} disagree, and what on cannot be written: {error}"
        complain([Diagnostic(CommandCode.SOLVERS_DISAGREE, message, help="run again in a folder that can be written")])
        return findings
    if made is not None:
        complain([disagreement(solver, str(made))])
    return findings


def executor_for(word: str, jobs: int | None, memory: int) -> Executor | Diagnostic:
    """Return the executor that the command line names, for as long as the command runs; or why there is none."""
    context = click.get_current_context()
    if _EXECUTOR not in context.meta:
        context.meta[_EXECUTOR] = context.with_resource(executor_of(word, jobs, memory))
    found: Executor | Diagnostic = context.meta[_EXECUTOR]
    return found


def options_of(
    shared: SharedOptions, check: Limits, in_all: CommandLimits, executor: Executor, *, write: bool = False
) -> Options:
    """Return what the checks may cost; ``write`` says that the proofs' texts are wanted, as another solver does too."""
    memory = shared.memory << 20
    write = write or shared.cross_check is not None
    jobs = shared.jobs or executor.room(memory)
    return Options(jobs, shared.timeout, memory, check, write, in_all, shared.attack, executor)


def finish(
    findings: Sequence[CheckResult],
    wrong: Sequence[Diagnostic],
    began: float,
    shared: SharedOptions,
    tasks: Sequence[Task] = (),
    *,
    outputs: Outputs | None = None,
    gating: GateOptions = NO_GATING,
    gate: Gate = OPEN,
) -> ExitStatus:
    """Tell what the findings on ``tasks`` come to, and return the status with which the command ends. ``outputs`` are
    those that can be written, if not all can be; ``gate`` is the one that the findings went through."""
    missed = overlooked([each.task.program.program for each in findings], "verified")
    outputs = outputs or shared.outputs
    decided = {each.order for each in findings}
    told = [*wrong, *missed]
    report = VerifyReport(
        findings,
        told,
        time.monotonic() - began,
        status_of(findings, told),
        Versions(**versions()),
        asked=shared.cross_check is not None,
        detail=shared.detail,
        told=outputs.early,
        undecided=[
            (task, number)
            for task in tasks
            for number, place in enumerate(task.positions)
            if (task.program.name, task.scenario, place) not in decided
        ],
        baseline=gate.baseline is not None,
    )
    unkept = gating.close(report, gate.baseline)
    if unkept:
        told += unkept
        report = replace(report, diagnostics=told, status=status_of(findings, told))
    done = tell_all(report, outputs)
    # At the end: it must not be lost above a long report.
    complain([*missed, *trusted_note(findings)])
    return done


def status_of(findings: Sequence[CheckResult], wrong: Sequence[Diagnostic]) -> ExitStatus:
    """The status of a run: an error of the checker is one of the things that can be wrong, and so is a signal."""
    ended = [status_of_code(each.code) for each in wrong if ends_a_run(each.code)]
    return worst([status(findings, wrong_input=bool(wrong)), *ended])
