"""``mapproof conform``."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import SharedOptions, chosen_limits, refuse, shared_options

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.trees import TreeAlgorithm
    from checker.language import Limits
    from checker.library import Program
    from checker.verify.equivalence import AlgorithmDiff, Equivalence
    from checker.verify.promises import Promises
    from checker.verify.run import Options


@click.command(name="conform", epilog="Example: mapproof conform linux-x86-reversed linux-6.12")
@click.argument("words", nargs=-1, required=True, metavar="[MODEL] TREE")
@click.option("--binding", metavar="NAME", help="What the C means: a shipped binding, or a file `.toml`.")
@click.option(
    "--patch",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare the tree with what a unified diff makes of it, or has made, not with a model; needs --binding; `-` "
    "reads the standard input: git diff | mapproof conform --patch - TREE --binding NAME",
)
@click.option(
    "--assuming",
    metavar="FORMULA",
    multiple=True,
    help="Compare on maps that keep this, such as 'well_formed, budget(map)'; '' is on all. Can be repeated.  "
    "[default: well_formed, where it is known]",
)
@click.option("--placement", is_flag=True, help="Compare only which regions are placed, and where.")
@click.option("--bound", type=click.IntRange(0, 64), metavar="N", help="Regions in a counterexample at most.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="Solver steps for each claim, in millions.")
@shared_options
def command(
    *,
    words: tuple[str, ...],
    binding: str | None,
    patch: Path | None,
    assuming: tuple[str, ...],
    placement: bool,
    bound: int | None,
    effort: int | None,
    shared: SharedOptions,
) -> int:
    """Hold a model against a kernel's own C: prove that they lay every map out alike, or show the smallest map on which
    they do not.

    TREE is the folder of a kernel's source, MODEL a shipped model or FILE.layout[:algorithm]. The algorithm is read
    from the tree as `mapproof import` reads it. With --patch, the tree without the patch stands in the place of
    the model, whether the tree as it is has the patch or not: a patch that changes nothing of the layout is proved to.
    Of any other it is told which checks of the models that the binding names are proved without it, and refuted
    with it.

    \b
    Exit status:
      0  proved: they are alike on every map that keeps what is assumed
      1  they differ
      2  the command line or an input is wrong, or the C is not understood
      3  undecided, or there is nothing to compare
      4  internal error, or two solvers disagree
    """
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.commands.diff import Claims, decided
    from checker.cli.ending import telling_ends
    from checker.cli.outputs import tell_all
    from checker.cli.progress import executor_for, options_of
    from checker.cli.terminal import complain
    from checker.cli.trees import bound_models, need_binding
    from checker.language import Limits
    from checker.prove import Limits as CheckLimits
    from checker.report.reports import DiffReport, Versions
    from checker.verify.equivalence import equivalence

    if patch is not None:
        need_binding(binding)
    if len(words) != (1 if patch is not None else 2):
        raise click.UsageError("Name a MODEL and a TREE; with --patch a TREE alone.")
    began = time.monotonic()
    names = (words[0], words[-1])
    outputs, unwritable = shared.outputs.unwritable()
    refuse(shared.cross_check)
    in_all, layout, check = chosen_limits(
        shared.limits, CommandLimits(), Limits(), CheckLimits.chosen(bound=bound, effort=effort)
    )
    assumed = [each for each in assuming if each.strip()] if assuming else None
    found = Claims()

    def told(
        made: AlgorithmDiff | Diagnostic, problems: tuple[Diagnostic, ...] = (), kept: Promises | None = None
    ) -> ExitStatus:
        seconds = time.monotonic() - began
        report = DiffReport(*names, made, seconds, Versions(**versions()), shared.detail, problems, kept)
        return tell_all(report, outputs)

    def work() -> ExitStatus:
        nonlocal names
        claimed: Equivalence | Diagnostic
        pairs: list[tuple[Program, Program]] | Diagnostic = []
        if unwritable:
            claimed = unwritable[0]
        elif patch is not None:
            read = _both(Path(words[0]), patch, binding, layout)
            if isinstance(read, Diagnostic):
                claimed = read
            else:
                names = (read[0].chosen.name, read[1].chosen.name)
                claimed = equivalence(read[0].chosen, read[1].chosen, assumed, layout, placement=placement)
                pairs = bound_models(*read, Path(binding or "").parent, layout)
        else:
            claimed = _held(words[0], Path(words[1]), binding, assumed, layout, placement=placement)
        executor = executor_for(shared.executor, shared.jobs, shared.memory << 20)
        if isinstance(claimed, Diagnostic) or isinstance(executor, Diagnostic):
            wrong = claimed if isinstance(claimed, Diagnostic) else executor
            assert isinstance(wrong, Diagnostic)
            complain([wrong])
            return told(wrong)
        options = options_of(shared, check, in_all, executor)
        made = decided(claimed, options, shared, found)
        kept: Promises | None = None
        if isinstance(pairs, Diagnostic):
            # The difference is known all the same; only what it means for the model is not.
            made = replace(made, notes=(*made.notes, replace(pairs, severity=Severity.WARNING)))
        elif pairs and not made.alike:
            kept = _promises(pairs, options, shared)
        complain([*made.notes, *executor.problems])
        return told(made, executor.problems, kept)

    def ended(end: Diagnostic) -> ExitStatus:
        known = found.so_far
        return told(end) if known is None else told(known, (end,))

    return telling_ends(work, ended)


def _promises(pairs: list[tuple[Program, Program]], options: Options, shared: SharedOptions) -> Promises:
    """Decide which checks of models a patch breaks, and ask the other solver that is named, if one is."""
    from checker.cli.progress import ask, decide
    from checker.verify.promises import promises

    found = promises(pairs, lambda tasks: decide(tuple(tasks), options, None))
    if shared.cross_check is None:
        return found
    return replace(found, open=tuple(ask(list(found.open), shared.cross_check, options, None)))


def _held(
    model: str, tree: Path, binding: str | None, assumed: list[str] | None, limits: Limits, *, placement: bool
) -> Equivalence | Diagnostic:
    """Return what is to be shown of a model and a tree, or what is wrong with how they are named."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.trees import imported_from
    from checker.library import find_algorithm
    from checker.verify.equivalence import equivalence

    one = find_algorithm(model, limits)
    if isinstance(one, Diagnostic):
        return one
    other = imported_from(tree, binding, model, limits)
    if isinstance(other, Diagnostic):
        return other
    return equivalence(one, other.chosen, assumed, limits, placement=placement)


def _both(
    tree: Path, patch: Path, binding: str | None, limits: Limits
) -> tuple[TreeAlgorithm, TreeAlgorithm] | Diagnostic:
    """Return the algorithms of a tree without a patch and with it: the tree as it is is either."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.trees import imported_from, read_patch

    there = imported_from(tree, binding, None, limits)
    if isinstance(there, Diagnostic):
        return there
    change = read_patch(tree, patch)
    if isinstance(change, Diagnostic):
        return change
    other = imported_from(tree, binding, None, limits, change)
    if isinstance(other, Diagnostic):
        return other
    said = "the patch" if str(patch) == "-" else patch
    other = replace(other, chosen=replace(other.chosen, name=f"{tree} {change.side} {said}"))
    return (other, there) if change.is_in_tree else (there, other)
