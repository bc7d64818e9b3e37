"""What `verify` and `recheck` have in common: tasks to findings, and findings to what is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.base.versions import versions
from checker.cli.progress import progress
from checker.cli.terminal import complain, write
from checker.library import overlooked
from checker.report.renderers.json_report import json_report
from checker.report.renderers.jsontext import dump
from checker.report.views.progress import asking_text, progress_text
from checker.report.views.verdicts import summary_line
from checker.verify.plan import Task
from checker.verify.results import CheckResult, CheckStarted, status
from checker.verify.run import Deciding, Options, prove, verify

if TYPE_CHECKING:
    from checker.cli.progress import Blocks


def available(memory: int) -> int:
    """How many processes can run at a time that may need so many bytes each: one a CPU, if there is memory for them."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, _memory() // memory))


def _memory() -> int:
    """The bytes of memory that this machine has, or that this process and its like may use of it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):
        return min(machine, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return machine


def refuse(solver: str) -> None:
    """Refuse to go on where a solver cannot be asked. Raises `click.UsageError`."""
    from checker.verify.cross_check import health

    found = health(solver)
    if found.version is None:
        raise click.UsageError(f"--cross-check: {solver} is not installed: pip install 'mapproof[{solver}]'")
    if found.wrong:
        raise click.UsageError(f"--cross-check: {solver} does not work: {found.wrong[0]}")


def decide(
    tasks: tuple[Task, ...], options: Options, blocks: Blocks | None, deciding: Deciding = prove
) -> list[CheckResult]:
    """All findings, in order; what is being done is shown on the way, and ``blocks`` are printed."""
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
                if blocks is not None and not show.visible:
                    blocks.add(event)
            show.update(partial(progress_text, len(findings), total, working=list(working.values())))
    findings.sort(key=lambda finding: finding.order)
    if blocks is not None and show.visible:
        for finding in findings:
            blocks.add(finding)
    return findings


def ask(findings: list[CheckResult], solver: str, options: Options, blocks: Blocks | None) -> list[CheckResult]:
    """The findings with another solver's opinion; where it says the contrary, that is left in a folder."""
    from checker.verify.cross_check import bundle, disagreement, second_opinions

    with progress() as show:
        findings = second_opinions(
            findings, solver, options, lambda done, total: show.update(partial(asking_text, done, total, solver=solver))
        )
    if blocks is not None:
        for finding in findings:
            blocks.add(finding)
    try:
        made = bundle(findings, Path.cwd(), versions(), options)
    except OSError as error:
        message = f"z3 and {solver} disagree, and what on cannot be written: {error}"
        complain([Diagnostic(CommandCode.SOLVERS_DISAGREE, message, help="run again in a folder that can be written")])
        return findings
    if made is not None:
        complain([disagreement(solver, str(made))])
    return findings


def report(
    findings: Sequence[CheckResult], wrong: Sequence[Diagnostic], form: str, seconds: float, *, asked: bool
) -> ExitStatus:
    """Print what the findings come to, all of them where ``form`` is JSON; ``asked`` says that another solver was."""
    result = status(findings, wrong_input=bool(wrong))
    if form == "json":
        said = json_report(findings, wrong, seconds=seconds, status=result, versions=versions(), asked=asked)
        sys.stdout.write(dump(said))
    elif findings:
        write([summary_line(findings, seconds, ", ".join(versions().values()))])
    # At the end: it must not be lost above a long report.
    complain(overlooked([each.task.program.program for each in findings], "verified"))
    return result
