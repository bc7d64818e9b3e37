"""``mapproof verify``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.limiting import chosen_limits, limit_option, memory_option, timeout_option

if TYPE_CHECKING:
    from checker.prove import Limits as CheckLimits
    from checker.verification import Finding, Options


@click.command(
    name="verify",
    epilog="Example: mapproof verify linux-x86-reversed mine.layout --property no_overlap",
)
@click.argument("what", nargs=-1, metavar="[FILE|DIR|MODEL]...")
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes at a time.  [default: one a CPU, if memory allows]",
)
@timeout_option
@memory_option
@click.option("--property", "wanted", metavar="NAME", help="Only these checks; `*` stands for any text.")
@click.option("--bound", type=click.IntRange(0, 64), metavar="N", help="Regions in a counterexample at most.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="Solver steps for each check, in millions.")
@limit_option
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
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep what it takes to check the verdicts again.",
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
    limits: tuple[str, ...],
    form: str,
    cross_check: str | None,
    emit_smt: Path | None,
    certificate: Path | None,
    verbose: bool,
) -> int:
    """Prove or refute every scenario of the given files, of all files under the given folders, or of the given shipped
    models; of all shipped models if nothing is named.

    --timeout is for all checks under the same assumptions together; what is not decided by then is `unknown`.

    --cross-check has another solver decide, each within a minute, all statements that the proofs consist of. If it
    says the contrary of one, the exit status is 4, and a folder to report is left in the current one. `mapproof doctor`
    tells which solvers are installed.

    --certificate keeps invariants and counterexamples: with them `mapproof recheck` checks every verdict again, in a
    fraction of the time and without trusting this run.
    """
    from checker import library
    from checker.cli.deciding import ask, available, decide, report
    from checker.cli.live import Blocks
    from checker.cli.output import complain
    from checker.language import Limits
    from checker.limits import CommandLimits
    from checker.verification import Options, plan

    began = time.monotonic()
    _can_be_done(cross_check, emit_smt, certificate)
    in_all, layout, check = chosen_limits(limits, CommandLimits(), Limits(), _check_limits(bound, effort))
    programs, wrong = library.open_programs(what, in_all, layout)
    memory <<= 20
    write = bool(cross_check or emit_smt)
    options = Options(jobs or available(memory), timeout, memory, check, write, in_all)
    tasks = plan(programs, wanted)
    if not tasks and not wrong:
        wrong.append(library.nothing_to_check("", wanted))
    complain(wrong)
    blocks = None if form == "json" else Blocks(tasks, verbose=verbose)
    findings = decide(tasks, options, None if cross_check else blocks)
    if emit_smt:
        _emit(findings, emit_smt)
    if certificate:
        _certify(findings, wanted, options, certificate)
    if cross_check:
        findings = ask(findings, cross_check, options, blocks)
    return report(findings, wrong, form, time.monotonic() - began, asked=cross_check is not None)


def _can_be_done(cross_check: str | None, emit_smt: Path | None, certificate: Path | None) -> None:
    """Refuse what would fail when everything is proved."""
    from checker.cli.deciding import refuse

    if certificate is not None and not certificate.absolute().parent.is_dir():
        raise click.UsageError(f"--certificate: there is no folder {certificate.parent}")
    if emit_smt is not None and emit_smt.is_dir() and any(emit_smt.iterdir()):
        raise click.UsageError(f"--emit-smt: {emit_smt} is not empty")
    if cross_check is not None:
        refuse(cross_check)


def _emit(findings: Sequence[Finding], folder: Path) -> None:
    from checker.crosscheck import emit

    folder.mkdir(parents=True, exist_ok=True)
    count = emit(findings, folder)
    click.echo(f"mapproof: {count} texts in {folder}", err=True)


def _certify(findings: Sequence[Finding], only: str | None, options: Options, path: Path) -> None:
    from checker.certificate import certify
    from checker.cli.output import versions

    path.write_bytes(certify(findings, only, options.limits, versions(), path.parent))


def _check_limits(bound: int | None, effort: int | None) -> CheckLimits:
    from checker.prove import Limits as CheckLimits

    limits = CheckLimits()
    if effort is not None:
        limits = replace(limits, effort=effort * 1_000_000, per_query=effort * 250_000)
    return limits if bound is None else replace(limits, bound=bound)
