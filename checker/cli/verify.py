"""``mapproof verify``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from checker.cli.live import Blocks
    from checker.diagnostic import Diagnostic
    from checker.library import Program
    from checker.verification import Finding, Options, Task


@click.command(
    name="verify",
    epilog="Example: mapproof verify linux-x86-reversed mine.layout --property no_overlap",
)
@click.argument("what", nargs=-1, metavar="[FILE|DIR|MODEL]...")
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes at a time.  [default: one a CPU]")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), metavar="S", default=600.0, show_default=True, help="Seconds."
)
@click.option("--memory", type=click.IntRange(64), metavar="MIB", default=4096, show_default=True, help="Per process.")
@click.option("--property", "wanted", metavar="NAME", help="Only these checks; `*` stands for any text.")
@click.option("--bound", type=click.IntRange(0, 64), metavar="N", help="Regions in a counterexample at most.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="Solver steps for each check, in millions.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--cross-check",
    type=click.Choice(["cvc5", "bitwuzla", "yices"]),
    help="Have another solver decide every proof again.",
)
@click.option(
    "--emit-smt",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write every proof as SMT-LIB texts to a new folder.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every counterexample in full, and what proofs rest on.")
def command(
    *,
    what: tuple[str, ...],
    jobs: int | None,
    timeout: float,
    memory: int,
    wanted: str | None,
    bound: int | None,
    effort: int | None,
    form: str,
    cross_check: str | None,
    emit_smt: Path | None,
    verbose: bool,
) -> int:
    """Prove or refute every scenario of the given files, of all files under the given folders, or of the given shipped
    models; of all shipped models if nothing is named.

    --timeout is for all checks under the same assumptions together; what is not decided by then is `unknown`.

    --cross-check has another solver decide, each within a minute, all statements that the proofs consist of. If it
    says the contrary of one, the exit status is 4, and a folder to report is left in the current one. `mapproof doctor`
    tells which solvers are installed.
    """
    from checker import library
    from checker.cli.live import Blocks
    from checker.cli.output import complain, versions, write
    from checker.report.json_report import json_report
    from checker.report.jsontext import dump
    from checker.report.text import summary_line
    from checker.verification import plan, status

    began = time.monotonic()
    _can_be_done(cross_check, emit_smt)
    programs, wrong = _open(what)
    options = replace(_options(jobs, timeout, memory, bound, effort), write=bool(cross_check or emit_smt))
    tasks = plan(programs, wanted)
    if not tasks and not wrong:
        wrong.append(library.nothing_to_check("", wanted))
    complain(wrong)
    blocks = None if form == "json" else Blocks(tasks, verbose=verbose)
    findings = _decide(tasks, options, None if cross_check else blocks)
    if emit_smt:
        _emit(findings, emit_smt)
    if cross_check:
        findings = _ask(findings, cross_check, options, blocks)
    result = status(findings, wrong_input=bool(wrong))
    seconds = time.monotonic() - began
    if form == "json":
        asked = cross_check is not None
        report = json_report(findings, wrong, seconds=seconds, status=result, versions=versions(), asked=asked)
        sys.stdout.write(dump(report))
    elif findings:
        write([summary_line(findings, seconds, ", ".join(versions().values()))])
    return result


def _can_be_done(cross_check: str | None, emit_smt: Path | None) -> None:
    """Refuse what would fail when everything is proved."""
    if emit_smt is not None and emit_smt.is_dir() and any(emit_smt.iterdir()):
        raise click.UsageError(f"--emit-smt: {emit_smt} is not empty")
    if cross_check is not None:
        from checker.crosscheck import health

        found = health(cross_check)
        if found.version is None:
            raise click.UsageError(
                f"--cross-check: {cross_check} is not installed: pip install 'mapproof[{cross_check}]'"
            )
        if found.wrong:
            raise click.UsageError(f"--cross-check: {cross_check} does not work: {found.wrong[0]}")


def _emit(findings: Sequence[Finding], folder: Path) -> None:
    from checker.crosscheck import emit

    folder.mkdir(parents=True, exist_ok=True)
    count = emit(findings, folder)
    click.echo(f"mapproof: {count} texts in {folder}", err=True)


def _ask(findings: list[Finding], solver: str, options: Options, blocks: Blocks | None) -> list[Finding]:
    """The findings with another solver's opinion; where it says the contrary, that is left in a folder."""
    from checker.cli.output import versions
    from checker.crosscheck import bundle, second_opinions

    findings = second_opinions(findings, solver, options)
    if blocks is not None:
        for finding in findings:
            blocks.add(finding)
    try:
        made = bundle(findings, Path.cwd(), versions(), options)
    except OSError as error:
        click.echo(f"mapproof: z3 and {solver} disagree, and what on cannot be written: {error}", err=True)
        return findings
    if made is not None:
        click.echo(f"mapproof: z3 and {solver} disagree: please report what is in {made}", err=True)
    return findings


def _open(what: Sequence[str]) -> tuple[list[Program], list[Diagnostic]]:
    """The programs that are named, and what is wrong with those that are not to be had."""
    from checker import library
    from checker.diagnostic import Diagnostic

    programs: list[Program] = []
    wrong: list[Diagnostic] = []
    for word in what or list(library.models()):
        files = library.find_files(word)
        if isinstance(files, Diagnostic):
            wrong.append(files)
            continue
        for path in files:
            opened = library.open_program(path)
            if isinstance(opened, Diagnostic):
                wrong.append(opened)
            elif any(scenario.checks for scenario in opened.program.scenarios):
                programs.append(opened)
            elif len(files) == 1:
                wrong.append(library.nothing_to_check(opened.name))
    return programs, wrong


def _options(jobs: int | None, timeout: float, memory: int, bound: int | None, effort: int | None) -> Options:
    from checker.prove import Limits
    from checker.verification import Options

    limits = Limits()
    if effort is not None:
        limits = Limits(effort * 1_000_000, max(1, effort * 100_000), limits.bound)
    if bound is not None:
        limits = Limits(limits.effort, limits.per_query, bound)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Options(jobs or available, timeout, memory << 20, limits)


def _decide(tasks: tuple[Task, ...], options: Options, blocks: Blocks | None) -> list[Finding]:
    """All findings, in order; what is being done is shown on the way, and ``blocks`` are printed."""
    from checker.cli.live import progress
    from checker.verification import Finding, Working, verify

    findings: list[Finding] = []
    working: dict[int, Working] = {}
    total = sum(len(task.positions) for task in tasks)
    with progress() as show:
        for event in verify(tasks, options):
            if isinstance(event, Working):
                working[id(event.task)] = event
            elif isinstance(event, Finding):
                findings.append(event)
                working.pop(id(event.task), None)
                if blocks is not None and not show.visible:
                    blocks.add(event)
            show.update(len(findings), total, list(working.values()))
    findings.sort(key=lambda finding: finding.order)
    if blocks is not None and show.visible:
        for finding in findings:
            blocks.add(finding)
    return findings
