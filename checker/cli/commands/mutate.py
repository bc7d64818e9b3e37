"""``mapproof mutate``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import (
    ProgramWord,
    any_format_option,
    chosen_limits,
    jobs_option,
    limit_option,
    memory_option,
    output_option,
    quiet_option,
    timeout_option,
    verbose_option,
)
from checker.cli.outputs import ReportFile, chosen_outputs, tell_all
from checker.report.renderers import RENDERERS

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.library import Program
    from checker.verify.mutation.mutants import Mutant
    from checker.verify.mutation.outcomes import JudgedMutant
    from checker.verify.mutation.reasons import Reasons
    from checker.verify.run import Options

_BOUND = 4
"""Regions in a map that shows a difference, or kills."""

_EFFORT = 40
"""Solver steps for each check of a mutant, in millions."""


@click.command(name="mutate", epilog="Example: mapproof mutate linux-x86-reversed --mutant '*.comparison-*'")
@click.argument("what", type=ProgramWord(), metavar="FILE|MODEL")
@click.option(
    "--mutant",
    "wanted",
    metavar="NAME",
    multiple=True,
    help="Only mutants of this name; `*` stands for any text. Can be repeated.",
)
@click.option("--list", "listed", is_flag=True, help="List the mutants, and judge none.")
@click.option(
    "--reasons",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help='Why mutants may survive: TOML, [program] and "mutant" = "reason".',
)
@click.option(
    "--bound",
    type=click.IntRange(0, 64),
    metavar="N",
    default=_BOUND,
    show_default=True,
    help="Regions in a counterexample at most.",
)
@click.option(
    "--effort",
    type=click.IntRange(1),
    metavar="N",
    default=_EFFORT,
    show_default=True,
    help="Solver steps for each check of a mutant, in millions.",
)
@jobs_option
@timeout_option
@memory_option
@limit_option
@any_format_option
@output_option
@verbose_option
@quiet_option
def command(
    *,
    what: str,
    wanted: tuple[str, ...],
    listed: bool,
    reasons: Path | None,
    bound: int,
    effort: int,
    jobs: int | None,
    timeout: float,
    memory: int,
    limits: tuple[str, ...],
    form: str | None,
    files: tuple[ReportFile, ...],
    verbose: bool,
    quiet: bool,
) -> int:
    """Mutate the algorithms of a file, one thing at a time, and see whether its properties notice.

    A mutant is killed by a check that has another verdict with it: what is proved of the algorithm is refuted or says
    nothing, or what is refuted of it is proved. It is equal if every layout is proved to be alike. If neither, it
    survives: the algorithm does something of which nobody has said that it must. The smallest map that shows it is
    shown.

    Mutants are of algorithms that stand in the file itself and that a scenario runs; what they choose is left alone.
    Each has --timeout seconds; the checks of the file as it is have as many, too.

    \b
    Exit status:
      0  every mutant is killed or equal, or there is a reason why it survives
      1  a mutant survives
      2  the command line or an input is wrong, or there is nothing to change
      3  undecided
      4  internal error
    """
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.ending import telling_ends
    from checker.cli.terminal import complain
    from checker.language import Limits as LayoutLimits
    from checker.library import find_part
    from checker.prove import Limits
    from checker.report.reports import Detail, MutateReport, Versions
    from checker.verify.executors.local import available
    from checker.verify.mutation.reasons import idle_reasons, read_reasons
    from checker.verify.run import Options

    outputs, unwritten = chosen_outputs(form, files).unwritable()
    if listed and (outputs.files or RENDERERS[outputs.form].judging):
        raise click.UsageError("--list judges nothing: --format is text or json, and there is no --output")
    began = time.monotonic()
    in_all, layout, check = chosen_limits(limits, CommandLimits(), LayoutLimits(), Limits())
    options = Options(jobs or available(memory << 20), timeout, memory << 20, check, in_all=in_all)
    of_mutants = replace(options, limits=Limits.chosen(bound=bound, effort=effort))
    detail = Detail.FULL if verbose else Detail.QUIET if quiet else Detail.USUAL
    name = what
    judged: dict[int, JudgedMutant] = {}
    made: Sequence[Mutant] = ()
    wrong: list[Diagnostic] = []

    def told(end: Sequence[Diagnostic] = ()) -> ExitStatus:
        complain(wrong)
        every = [*wrong, *end]
        errors = any(each.severity is Severity.ERROR for each in every)
        seconds = time.monotonic() - began
        found = [judged[number] for number in sorted(judged)]
        report = MutateReport(name, made, found, every, errors, seconds, Versions(**versions()), detail)
        return tell_all(report, outputs)

    def work() -> ExitStatus:
        nonlocal name, made
        found = find_part(what, "file", layout)
        if isinstance(found, Diagnostic):
            wrong.append(found)
            return told()
        program, name = found[0], found[0].name
        reasoned = {} if reasons is None else read_reasons(reasons, name, in_all)
        chosen = _chosen(program, wanted)
        if isinstance(chosen, Diagnostic) or isinstance(reasoned, Diagnostic):
            wrong.extend(each for each in (reasoned, chosen) if isinstance(each, Diagnostic))
            return told()
        made = chosen
        if not listed:
            _judge(program, chosen, reasoned, options, of_mutants, judged)
            wrong.extend(idle_reasons(list(judged.values()), reasoned))
        return told()

    if unwritten:
        wrong.extend(unwritten)
        return told()
    return telling_ends(work, lambda end: told([end]))


def _chosen(program: Program, wanted: Sequence[str]) -> Sequence[Mutant] | Diagnostic:
    """Return the mutants that are asked for, or say that there are none."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.verify.mutation.mutants import mutants_of

    found = mutants_of(program.program, wanted)
    if found:
        return found
    if wanted:
        message = f"no mutant of {program.name} is called {' or '.join(f'`{each}`' for each in wanted)}"
        return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help="`mutate --list` lists the mutants")
    message = f"{program.name} has no algorithm of its own that a scenario runs"
    return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help="name a file with an algorithm and a scenario")


def _judge(
    program: Program,
    mutants: Sequence[Mutant],
    reasons: Reasons,
    options: Options,
    of_mutants: Options,
    found: dict[int, JudgedMutant],
) -> None:
    """Decide the checks of the program as it is, then judge the mutants at the price of each of theirs: they are put
    into ``found`` by their numbers, where they are there even if this ends before."""
    from checker.cli.progress import decide, progress
    from checker.report.views.progress import judging_text
    from checker.verify.executors.executor import Tick
    from checker.verify.mutation.campaign import judge_all, known_of
    from checker.verify.mutation.reasons import explained
    from checker.verify.plan import plan

    known = known_of(decide(plan([program]), options, None))
    with progress() as show, closing(judge_all(program, known, mutants, of_mutants)) as events:
        for event in events:
            if not isinstance(event, Tick):
                number, judged = event
                found[number] = explained(judged, reasons)
            show.update(partial(judging_text, len(found), len(mutants)))
