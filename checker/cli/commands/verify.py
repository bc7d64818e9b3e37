"""``mapproof verify``."""

from __future__ import annotations

import time
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.values import frozen, mutable
from checker.cli.caching import CacheOptions
from checker.cli.gate import GateOptions
from checker.cli.options import (
    ProgramWord,
    SharedOptions,
    cache_options,
    chosen_limits,
    gate_options,
    refuse,
    shared_options,
    source_options,
)
from checker.cli.trees import SourceOptions
from checker.report.renderers import RENDERERS

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.base.limits import CommandLimits
    from checker.cli.verifying.kept import Keeping
    from checker.cli.verifying.watch import Memory
    from checker.prove import Limits
    from checker.report.baseline import Gate
    from checker.verify.plan import Task
    from checker.verify.results import CheckResult


@click.command(
    name="verify",
    epilog="Example: mapproof verify linux-x86-reversed mine.layout --property no_overlap",
)
@click.argument("what", nargs=-1, type=ProgramWord(), metavar="[FILE|DIR|MODEL[:SCENARIO]]...")
@click.option(
    "--property",
    "wanted",
    metavar="NAME",
    multiple=True,
    help="Only checks of this name or text, not of a scenario; `*` stands for any text. Can be repeated.",
)
@click.option(
    "-k", "words", metavar="TEXT", multiple=True, help="Only checks with TEXT in their file, scenario or name."
)
@click.option("--list", "listed", is_flag=True, help="List the checks, and decide none.")
@click.option("--watch", is_flag=True, help="Go on, and decide again what asks something new when a file changes.")
@click.option("--bound", type=click.IntRange(0, 64), metavar="N", help="Regions in a counterexample at most.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="Solver steps for each check, in millions.")
@click.option(
    "--emit-smt",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write every proof as SMT-LIB texts to a new folder.",
)
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep what it takes to check the verdicts again.",
)
@click.option(
    "--certificate-bundle",
    "bundle",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write every proof to a new folder, for others to check.",
)
@click.option(
    "--counterexamples",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write every counterexample to a folder, for `show` and `replay`.",
)
@source_options
@gate_options
@cache_options
@shared_options
def command(
    *,
    what: tuple[str, ...],
    wanted: tuple[str, ...],
    words: tuple[str, ...],
    listed: bool,
    watch: bool,
    bound: int | None,
    effort: int | None,
    emit_smt: Path | None,
    certificate: Path | None,
    bundle: Path | None,
    counterexamples: Path | None,
    tree: SourceOptions,
    gating: GateOptions,
    caching: CacheOptions,
    shared: SharedOptions,
) -> int:
    """Prove or refute every scenario of the given files, of all files under the given folders, or of the given shipped
    models; of all shipped models if nothing is named. FILE:scenario and MODEL:scenario name one scenario.

    --timeout is for each check by itself; what is not decided by then is `unknown`, and the others go on.

    What is proved is told only after the interpreter, which knows nothing of the prover, has tried to break it on
    concrete maps: --attack says on how many for each check, 0 on none. If it does, the exit status is 4.

    --cross-check has another solver decide, each within a minute, all statements that the proofs consist of. If it
    says the contrary of one, the exit status is 4, and a folder to report is left in the current one. `mapproof doctor`
    tells which solvers are installed.

    With -v, `effort` is how many steps the solver counted, and `obligations` a hash of all statements that a proof
    consists of, `-` where nothing is proved; behind an invariant stands the template that proposed it.

    --source proves the scenarios of one model of the algorithm in a kernel tree, which is read as `mapproof import`
    reads it, in every run of the model's own. Scenarios without such a run are left out. A parameter that the C alone
    has may be anything, the same in all runs of a scenario. What the cache keeps is found by what is asked, the C's
    algorithm among it. No certificate, bundle or counterexample can be kept.

    --counterexamples writes a file for each counterexample, expected or not: `mapproof show` draws it, `mapproof
    replay` runs it again after the model was changed.

    What was searched for is kept in a cache, and not searched for again while the same is asked. Nothing in it is
    believed: proofs are checked again as `recheck` does, counterexamples are run again, and what is not confirmed is
    searched for. With --trust-cache it is believed, and every report says so. `mapproof cache` tells what is kept.

    --certificate-bundle keeps every statement of the proofs as a text, and where it can be put into clauses a formula
    with a proof of a SAT solver: others can check them without this tool; `mapproof recheck --external` has them do so.

    --certificate keeps invariants and counterexamples: with them `mapproof recheck` checks every verdict again, in a
    fraction of the time and without trusting this run. It is written, in one step, if everything that was asked for
    could be read and decided.
    """
    files = (emit_smt, certificate, bundle, counterexamples)
    asked = _Asked(what, wanted, words, bound, effort, *files, tree, gating, caching, shared)
    _fit_together(asked, listed, watch)
    if listed:
        return _list(asked)
    if watch:
        from checker.cli.verifying.watch import keep_watching

        keep_watching(what, lambda memory: _verify(asked, memory))
    return _verify(asked)


@frozen
class _Asked:
    """The command line."""

    what: tuple[str, ...]
    wanted: tuple[str, ...]
    words: tuple[str, ...]
    bound: int | None
    effort: int | None
    emit_smt: Path | None
    certificate: Path | None
    bundle: Path | None
    counterexamples: Path | None
    tree: SourceOptions
    gating: GateOptions
    caching: CacheOptions
    shared: SharedOptions


def _fit_together(asked: _Asked, listed: bool, watch: bool) -> None:
    """Refuse options of which one would make the other say less than it seems to."""
    if asked.certificate is not None and (asked.words or asked.shared.stop or any(map(_has_scenario, asked.what))):
        raise click.UsageError("--certificate is about whole files, or --property: leave -k, -x and :SCENARIO out")
    if asked.certificate == Path("-"):
        raise click.UsageError("--certificate: name a file, since standard output has the report")
    asked.tree.fit_together(asked.what, watch=watch)
    kept = (asked.certificate, asked.emit_smt, asked.bundle, asked.counterexamples, asked.gating.write_baseline)
    if (watch or listed) and (any(kept) or asked.shared.files):
        nothing = "leave --certificate..., --emit-smt, --counterexamples, --write-baseline and --output out"
        raise click.UsageError(f"--watch and --list keep nothing: {nothing}")
    if listed and RENDERERS[asked.shared.outputs.form].judging:
        raise click.UsageError("--list decides nothing: --format is text or json")
    asking = {
        "--cross-check": asked.shared.cross_check,
        "--emit-smt": asked.emit_smt,
        "--certificate-bundle": asked.bundle,
    }
    asked.caching.fit_together([option for option, given in asking.items() if given is not None])
    if listed and watch:
        raise click.UsageError("--list decides nothing: leave --watch out")


def _has_scenario(word: str) -> bool:
    from checker import library

    return bool(library.split_scenario(word)[1])


def _chosen(
    asked: _Asked,
) -> tuple[tuple[Task, ...], list[Diagnostic], tuple[CommandLimits, Limits]]:
    """The tasks that the command line names, what is wrong with it, and the limits in all and of each check."""
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.language import Limits as LayoutLimits
    from checker.prove import Limits
    from checker.verify.cache.programs import own_programs
    from checker.verify.plan import plan, unmatched

    limits = Limits.chosen(bound=asked.bound, effort=asked.effort)
    in_all, layout, check = chosen_limits(asked.shared.limits, CommandLimits(), LayoutLimits(), limits)
    opened, wrong = library.open_programs(asked.what, in_all, layout, own_programs())
    made = [asked.tree.put_into(each, asked.what[0] if asked.what else "", layout) for each in opened]
    wrong += [each for each in made if isinstance(each, Diagnostic)]
    programs = [each for each in made if not isinstance(each, Diagnostic)]
    tasks = plan(programs, asked.wanted, asked.words)
    if not wrong:
        wrong += unmatched(programs, asked.wanted, asked.words, tasks) if programs else [library.nothing_to_check()]
    return tasks, wrong, (in_all, check)


def _list(asked: _Asked) -> ExitStatus:
    from checker.cli.terminal import complain, tell
    from checker.report.reports import ListReport

    tasks, wrong, _ = _chosen(asked)
    complain(wrong)
    return tell(ListReport(tasks, wrong), asked.shared.outputs.form)


def _verify(asked: _Asked, memory: Memory | None = None) -> ExitStatus:
    from checker.base.exit_status import ExitStatus
    from checker.cli.ending import telling_ends
    from checker.cli.progress import finish
    from checker.cli.verifying.kept import Keeping
    from checker.report.baseline import OPEN

    began = time.monotonic()
    found = _Found(OPEN, Keeping(asked.emit_smt, asked.certificate, asked.bundle, asked.counterexamples))

    def ended(end: Diagnostic) -> ExitStatus:
        found.wrong += [end, *found.keeping.leave_some(found.results)]
        gating = asked.gating
        status = finish(found.results, found.wrong, began, asked.shared, found.tasks, gating=gating, gate=found.gate)
        if memory is not None and status in (ExitStatus.INTERRUPTED, ExitStatus.TERMINATED):
            raise click.exceptions.Exit(status)
        return status

    return telling_ends(lambda: _decided(asked, memory, found, began), ended)


@mutable
class _Found:
    """The state of a run: its tasks, their results, and what is wrong by now."""

    gate: Gate
    keeping: Keeping
    tasks: tuple[Task, ...] = ()
    results: list[CheckResult] = field(default_factory=list)
    wrong: list[Diagnostic] = field(default_factory=list)


def _decided(asked: _Asked, memory: Memory | None, found: _Found, began: float) -> ExitStatus:
    """Decide what is asked, tell of it, and leave what is to be kept."""
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.cli.progress import ask, decide, executor_for, finish, options_of, teller
    from checker.cli.terminal import complain

    shared, gating, findings, wrong = asked.shared, asked.gating, found.results, found.wrong
    outputs, problems = shared.outputs.unwritable()
    _can_be_done(shared.cross_check, asked.emit_smt)
    problems += [*gating.unwritable(), *found.keeping.hindrances()]
    keeping = {"--certificate": asked.certificate, "--certificate-bundle": asked.bundle}
    problems += asked.tree.not_kept({**keeping, "--counterexamples": asked.counterexamples})
    if problems:
        complain(problems)
        return finish([], problems, began, shared, outputs=outputs)
    caching = asked.caching.open(thorough=shared.verbose)
    found.tasks, refused, (in_all, check) = _chosen(asked)
    wrong += refused
    gate = gating.open(in_all)
    executor = executor_for(shared.executor, shared.jobs, shared.memory << 20)
    if isinstance(gate, Diagnostic) or isinstance(executor, Diagnostic):
        wrong += [each for each in (gate, executor) if isinstance(each, Diagnostic)]
        complain(wrong)
        return finish([], wrong, began, shared)
    if isinstance(caching, Diagnostic):
        complain([caching])
        if caching.severity is Severity.ERROR:
            complain(wrong)
            return finish([], [*wrong, caching], began, shared)
        caching = None
    complain(wrong)
    found.gate = gate
    options = options_of(shared, check, in_all, executor, write=bool(asked.emit_smt or asked.bundle))
    shown = teller(found.tasks, shared)
    early = None if shared.cross_check else shown
    known = (lambda _: None) if memory is None else memory.recall
    decide(found.tasks, options, early, stop=shared.stop, known=known, gate=gate, caching=caching, found=findings)
    if memory is not None:
        memory.keep(findings)
    if shared.cross_check:
        findings[:] = ask(findings, shared.cross_check, options, shown)
    complain(executor.problems)
    wrong += executor.problems
    wrong += found.keeping.leave(findings, wrong, asked.wanted, options)
    return finish(findings, wrong, began, shared, found.tasks, gating=gating, gate=gate)


def _can_be_done(cross_check: str | None, emit_smt: Path | None) -> None:
    """Refuse what would fail when everything is proved."""
    from checker.base.files import why

    if emit_smt is not None and emit_smt.is_dir() and any(emit_smt.iterdir()):
        raise click.UsageError(f"--emit-smt: {emit_smt} is not empty")
    refuse(cross_check)
    if emit_smt is not None:
        try:
            emit_smt.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.UsageError(f"--emit-smt: cannot make {emit_smt}: {why(error)}") from None
