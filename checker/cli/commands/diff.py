"""``mapproof diff``."""

from __future__ import annotations

import time
from dataclasses import field, replace
from typing import TYPE_CHECKING

import click

from checker.base.values import mutable
from checker.cli.options import ProgramWord, SharedOptions, chosen_limits, refuse, shared_options

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.language import Limits
    from checker.verify.equivalence import AlgorithmDiff, Equivalence
    from checker.verify.results import CheckResult
    from checker.verify.run import Options


@click.command(name="diff", epilog="Example: mapproof diff linux-x86-forward linux-x86-reversed")
@click.argument("first", type=ProgramWord(), metavar="ALGORITHM")
@click.argument("second", type=ProgramWord(), metavar="ALGORITHM")
@click.option(
    "--assuming",
    metavar="FORMULA",
    multiple=True,
    help="Compare on maps that keep this, such as 'well_formed, budget(map)'; '' is on all. Can be repeated.  "
    "[default: well_formed]",
)
@click.option("--placement", is_flag=True, help="Compare only which regions are placed, and where.")
@click.option("--bound", type=click.IntRange(0, 64), metavar="N", help="Regions in a counterexample at most.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="Solver steps for each claim, in millions.")
@shared_options
def command(
    *,
    first: str,
    second: str,
    assuming: tuple[str, ...],
    placement: bool,
    bound: int | None,
    effort: int | None,
    shared: SharedOptions,
) -> int:
    """Prove that two algorithms lay every map out alike, or show the smallest map on which they do not.

    ALGORITHM is a shipped model or FILE.layout[:algorithm]. Alike are layouts in which the same regions are placed, at
    the same addresses, in which all else that either algorithm writes is the same, and of which the same list is
    exported, if both say what they export. Values that an algorithm has to be given are any, the same for both.

    What is assumed is read as if it stood at the end of the file of the first algorithm; the map is called `map`.

    \b
    Exit status:
      0  proved: they are alike on every map that keeps what is assumed
      1  they differ
      2  the command line or an input is wrong
      3  undecided, or there is nothing to compare: nothing is ever placed, or no map keeps what is assumed
      4  internal error, or two solvers disagree
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.ending import telling_ends
    from checker.cli.outputs import tell_all
    from checker.cli.progress import executor_for, options_of
    from checker.cli.terminal import complain
    from checker.language import Limits
    from checker.library import overlooked
    from checker.prove import Limits as CheckLimits
    from checker.report.reports import DiffReport, Versions

    began = time.monotonic()
    outputs, unwritable = shared.outputs.unwritable()
    refuse(shared.cross_check)
    if unwritable:
        complain(unwritable)
        made_nothing = DiffReport(first, second, unwritable[0], 0.0, Versions(**versions()), shared.detail)
        return tell_all(made_nothing, outputs)
    check_limits = CheckLimits.chosen(bound=bound, effort=effort)
    in_all, layout, check = chosen_limits(shared.limits, CommandLimits(), Limits(), check_limits)
    assumed = [each for each in assuming if each.strip()] if assuming else None
    found = Claims()

    def told(made: AlgorithmDiff | Diagnostic, problems: tuple[Diagnostic, ...] = ()) -> ExitStatus:
        seconds = time.monotonic() - began
        report = DiffReport(first, second, made, seconds, Versions(**versions()), shared.detail, problems)
        status = tell_all(report, outputs)
        if not isinstance(made, Diagnostic):
            complain(overlooked([each.task.program.program for each in made.results], "compared"))
        return status

    def work() -> ExitStatus:
        claimed = _claimed(first, second, assumed, layout, placement=placement)
        executor = executor_for(shared.executor, shared.jobs, shared.memory << 20)
        if isinstance(claimed, Diagnostic) or isinstance(executor, Diagnostic):
            wrong = claimed if isinstance(claimed, Diagnostic) else executor
            assert isinstance(wrong, Diagnostic)
            complain([wrong])
            return told(wrong)
        made = decided(claimed, options_of(shared, check, in_all, executor), shared, found)
        complain([*made.notes, *executor.problems])
        return told(made, executor.problems)

    def ended(end: Diagnostic) -> ExitStatus:
        known = found.so_far
        return told(end) if known is None else told(known, (end,))

    return telling_ends(work, ended)


def _claimed(
    first: str, second: str, assumed: list[str] | None, limits: Limits, *, placement: bool
) -> Equivalence | Diagnostic:
    """Return what is to be shown of the two algorithms, or what is wrong with how they are named."""
    from checker.base.diagnostic import Diagnostic
    from checker.library import find_algorithm
    from checker.verify.equivalence import equivalence

    one = find_algorithm(first, limits)
    if isinstance(one, Diagnostic):
        return one
    other = find_algorithm(second, limits)
    if isinstance(other, Diagnostic):
        return other
    return equivalence(one, other, assumed, limits, placement=placement)


@mutable
class Claims:
    """The claims about two algorithms, and the results on those that are decided by now."""

    claimed: Equivalence | None = None
    results: list[CheckResult] = field(default_factory=list)

    @property
    def so_far(self) -> AlgorithmDiff | None:
        """Return what is known where deciding ends before its time; None if that is nothing."""
        from checker.verify.equivalence import AlgorithmDiff

        if self.claimed is None or not self.results:
            return None
        return AlgorithmDiff(tuple(self.results), self.claimed.notes, whole=False)


def decided(claimed: Equivalence, options: Options, shared: SharedOptions, claims: Claims) -> AlgorithmDiff:
    """Decide what is claimed, and ask the other solver that is named, if one is. What is decided is put into
    ``claims``, where it is even if this ends before."""
    from checker.cli.progress import ask, decide
    from checker.verify.equivalence import decide_claims

    claims.claimed = claimed
    found = decide_claims(claimed, lambda tasks: decide(tuple(tasks), options, None), claims.results)
    if shared.cross_check is None:
        return found
    return replace(found, results=tuple(ask(list(found.results), shared.cross_check, options, None)))
