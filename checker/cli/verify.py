"""``mapproof verify``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import SharedOptions, chosen_limits, refuse, shared_options

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.verify.results import CheckResult
    from checker.verify.run import Options


@click.command(
    name="verify",
    epilog="Example: mapproof verify linux-x86-reversed mine.layout --property no_overlap",
)
@click.argument("what", nargs=-1, metavar="[FILE|DIR|MODEL]...")
@click.option(
    "--property",
    "wanted",
    metavar="NAME",
    multiple=True,
    help="Only checks of this name or text, not of a scenario; `*` stands for any text. Can be repeated.",
)
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
@shared_options
def command(
    *,
    what: tuple[str, ...],
    wanted: tuple[str, ...],
    bound: int | None,
    effort: int | None,
    emit_smt: Path | None,
    certificate: Path | None,
    shared: SharedOptions,
) -> int:
    """Prove or refute every scenario of the given files, of all files under the given folders, or of the given shipped
    models; of all shipped models if nothing is named.

    --timeout is for all checks under the same assumptions together; what is not decided by then is `unknown`.

    What is proved is told only after the interpreter, which knows nothing of the prover, has tried to break it on
    concrete maps: --attack says on how many for each check, 0 on none. If it does, the exit status is 4.

    --cross-check has another solver decide, each within a minute, all statements that the proofs consist of. If it
    says the contrary of one, the exit status is 4, and a folder to report is left in the current one. `mapproof doctor`
    tells which solvers are installed.

    With -v, `effort` is how many steps the solver counted, and `obligations` a hash of all statements that a proof
    consists of, `-` where nothing is proved; behind an invariant stands the template that proposed it.

    --certificate keeps invariants and counterexamples: with them `mapproof recheck` checks every verdict again, in a
    fraction of the time and without trusting this run. It is written, in one step, if everything that was asked for
    could be read and decided.
    """
    from checker import library
    from checker.base.files import unwritable
    from checker.base.limits import CommandLimits
    from checker.cli.progress import ask, blocks, decide, finish, options_of
    from checker.cli.terminal import complain
    from checker.language import Limits
    from checker.prove import Limits as CheckLimits
    from checker.verify.plan import plan, unmatched

    began = time.monotonic()
    _can_be_done(shared.cross_check, emit_smt)
    problem = None if certificate is None else unwritable(certificate)
    if problem is not None:
        complain([problem])
        return finish([], [problem], began, shared)
    check_limits = CheckLimits.chosen(bound=bound, effort=effort)
    in_all, layout, check = chosen_limits(shared.limits, CommandLimits(), Limits(), check_limits)
    programs, wrong = library.open_programs(what, in_all, layout)
    options = options_of(shared, check, in_all, write=emit_smt is not None)
    tasks = plan(programs, wanted)
    if not wrong:
        wrong += unmatched(programs, wanted) if programs else [library.nothing_to_check()]
    complain(wrong)
    shown = blocks(tasks, shared)
    findings = decide(tasks, options, None if shared.cross_check else shown)
    if emit_smt:
        _emit(findings, emit_smt)
    if shared.cross_check:
        findings = ask(findings, shared.cross_check, options, shown)
    if certificate:
        wrong += _certify(findings, wrong, wanted, options, certificate)
    return finish(findings, wrong, began, shared)


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


def _emit(findings: Sequence[CheckResult], folder: Path) -> None:
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.cli.terminal import complain
    from checker.verify.cross_check import emit

    message = f"{emit(findings, folder)} texts are in {folder}"
    complain([Diagnostic(CommandCode.TEXTS_WRITTEN, message, severity=Severity.NOTE)])


def _certify(
    findings: Sequence[CheckResult], wrong: Sequence[Diagnostic], only: tuple[str, ...], options: Options, path: Path
) -> list[Diagnostic]:
    """Keep a certificate, if there are verdicts on everything that was asked for; the complaint if that cannot be."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic, Severity
    from checker.base.exit_status import ExitStatus
    from checker.base.files import replace
    from checker.base.versions import versions
    from checker.cli.terminal import complain
    from checker.verify.certificate import certify
    from checker.verify.results import status

    if status(findings, wrong_input=bool(wrong)) in (ExitStatus.WRONG_INPUT, ExitStatus.INTERNAL_ERROR):
        message = f"{path} is not written: not everything that was asked for was decided"
        complain([Diagnostic(CommandCode.NOT_CERTIFIED, message, severity=Severity.WARNING)])
        return []
    problem = replace(path, certify(findings, only, options.limits, versions(), path.parent))
    problems = [] if problem is None else [problem]
    complain(problems)
    return problems
