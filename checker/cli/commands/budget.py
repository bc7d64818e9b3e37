"""``mapproof budget``."""

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
    attack_option,
    chosen_limits,
    format_option,
    jobs_option,
    limit_option,
    memory_option,
    quiet_option,
    timeout_option,
    verbose_option,
)

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.verify.budget.decide import Budget
    from checker.verify.budget.question import BudgetQuestion
    from checker.verify.run import Options

_EFFORT = 100
"""Solver steps for each check, in millions."""


@click.command(name="budget", epilog="Example: mapproof budget linux-x86-reversed efi-stub-packed")
@click.argument("what", nargs=-1, required=True, type=ProgramWord(), metavar="ALGORITHM ...")
@click.option(
    "--property",
    "properties",
    metavar="FORMULA",
    multiple=True,
    help="What must hold of the layout `made`: a formula, or the name of a property. Can be repeated.  [default: every "
    "region that counts is placed, inside of the window, and none on another]",
)
@click.option(
    "--where",
    metavar="CONDITION",
    help="Which regions `r` of the map count, such as 'r.runtime'.  [default: those that a pass selects which places "
    "some]",
)
@click.option(
    "--theorem",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the algorithm's file with what was found as a scenario at its end; `verify` decides it again.",
)
@click.option(
    "--effort",
    type=click.IntRange(1),
    metavar="N",
    default=_EFFORT,
    show_default=True,
    help="Solver steps for each check, in millions.",
)
@jobs_option
@timeout_option
@memory_option
@limit_option
@attack_option
@format_option
@verbose_option
@quiet_option
def command(
    *,
    what: tuple[str, ...],
    properties: tuple[str, ...],
    where: str | None,
    theorem: Path | None,
    effort: int,
    jobs: int | None,
    timeout: float,
    memory: int,
    limits: tuple[str, ...],
    attack: int | None,
    form: str,
    verbose: bool,
    quiet: bool,
) -> int:
    """Find how much a map may hold so that an algorithm places everything, and prove it.

    ALGORITHM is a shipped model or FILE.layout[:algorithm]. The budget is a bound on a total: the sizes of the regions
    that count, and for each of them what may be lost before it, come to at most so much. With it everything is placed,
    on maps of any length: that is proved. With one page more a map is found on which it is not: that is refuted. Both
    are verdicts, as `verify` has them.

    Where no map breaks what is claimed, however large, that is proved, and no budget is needed. Where the smallest map
    that there is breaks it, no budget is enough, and that map is shown.

    What is given is what is given where the file first runs the algorithm; a file that does not run it is asked about
    well-formed maps.

    \b
    Exit status:
      0  of each it is known: an exact budget, that none is needed, or that none is enough
      2  the command line or an input is wrong
      3  undecided, or a budget that is not known to be exact
      4  internal error
    """
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.base.files import unwritable
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.ending import telling_ends
    from checker.cli.terminal import complain, tell
    from checker.language import Limits as LayoutLimits
    from checker.library import find_algorithm
    from checker.prove import Limits
    from checker.report.reports import BudgetReport, Detail, Versions
    from checker.verify.budget.question import question
    from checker.verify.executors.local import available
    from checker.verify.run import Options

    began = time.monotonic()
    if theorem is not None and len(what) > 1:
        raise click.UsageError("--theorem: name one ALGORITHM")
    refused = None if theorem is None else unwritable(theorem)
    in_all, layout, check = chosen_limits(limits, CommandLimits(), LayoutLimits(), Limits.chosen(effort=effort))
    options = Options(jobs or available(memory << 20), timeout, memory << 20, check, in_all=in_all, attack=attack)
    wrong: list[Diagnostic] = [] if refused is None else [refused]
    asked: list[BudgetQuestion] = []
    found: dict[int, Budget | Diagnostic] = {}

    def told(ends: Sequence[Diagnostic] = ()) -> ExitStatus:
        decided = [found[number] for number in sorted(found)]
        wrong.extend(each for each in decided if isinstance(each, Diagnostic))
        complain(wrong)
        detail = Detail.FULL if verbose else Detail.QUIET if quiet else Detail.USUAL
        errors = [each for each in [*wrong, *ends] if each.severity is Severity.ERROR]
        budgets = [each for each in decided if not isinstance(each, Diagnostic)]
        seconds = time.monotonic() - began
        return tell(BudgetReport(budgets, errors, seconds, Versions(**versions()), detail), form)

    def work() -> ExitStatus:
        for word in dict.fromkeys(what if refused is None else ()):
            chosen = find_algorithm(word, layout)
            made = chosen if isinstance(chosen, Diagnostic) else question(chosen, properties, where, layout)
            if isinstance(made, Diagnostic):
                wrong.append(made)
            elif theorem is not None and theorem.exists() and theorem.samefile(made.chosen.path):
                raise click.UsageError(f"--theorem: {theorem} is the file that the algorithm is in")
            else:
                asked.append(made)
        _decide(asked, options, found)
        first = found.get(0)
        unwritten = (
            None if theorem is None or first is None or isinstance(first, Diagnostic) else _written(theorem, first)
        )
        wrong.extend([] if unwritten is None else [unwritten])
        return told()

    def ended(end: Diagnostic) -> ExitStatus:
        left = [each.chosen.name for number, each in enumerate(asked) if number not in found]
        return told([replace(end, notes=tuple(f"the budget of {name} was not decided" for name in left))])

    return telling_ends(work, ended)


def _decide(asked: Sequence[BudgetQuestion], options: Options, found: dict[int, Budget | Diagnostic]) -> None:
    """Decide all budgets, and put them into ``found`` by their numbers, where they are even if this ends before."""
    from checker.cli.progress import progress
    from checker.report.views.progress import budgets_text
    from checker.verify.budget.decide import decide_budgets
    from checker.verify.executors.executor import Tick

    with progress() as show, closing(decide_budgets(asked, options)) as events:
        for event in events:
            if not isinstance(event, Tick):
                number, made = event
                found[number] = made
            show.update(partial(budgets_text, len(found), len(asked)))


def _written(path: Path, budget: Budget) -> Diagnostic | None:
    """Write the algorithm's file with the scenario of its budget at the end, or say why that cannot be."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import replace

    if not budget.text:
        message = f"{path} is not written: there is no budget to state"
        return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help="the report says why it is undecided")
    source = budget.question.chosen.path.read_text(encoding="utf-8")
    return replace(path, f"{source.rstrip()}\n\n{budget.text}".encode())
