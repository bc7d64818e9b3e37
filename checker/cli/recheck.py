"""``mapproof recheck``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from checker.cli.options import (
    attack_option,
    chosen_limits,
    cross_check_option,
    limit_option,
    memory_option,
    timeout_option,
)


@click.command(name="recheck", epilog="Example: mapproof verify --certificate c.json && mapproof recheck c.json")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes at a time.  [default: one a CPU, if memory allows]",
)
@timeout_option
@memory_option
@limit_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@attack_option
@cross_check_option
@click.option("-v", "--verbose", is_flag=True, help="Show every counterexample in full, and what proofs rest on.")
def command(
    path: Path,
    jobs: int | None,
    timeout: float,
    memory: int,
    limits: tuple[str, ...],
    form: str,
    attack: int | None,
    cross_check: str | None,
    verbose: bool,
) -> int:
    """Check every verdict of a certificate again.

    The obligations are derived from the sources, which must be there as they were; the certificate only saves the
    search for invariants and counterexamples. It is not believed: the solver has to show every obligation, and the
    interpreter has to see every counterexample break what it is said to break, and tries to break what is proved, as in
    `verify`. A verdict that does not follow is
    `rejected`.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.deciding import ask, available, decide, refuse, report
    from checker.cli.progress import Blocks
    from checker.cli.terminal import complain
    from checker.language import Limits
    from checker.verify import certificate
    from checker.verify.run import Options

    began = time.monotonic()
    if cross_check is not None:
        refuse(cross_check)
    in_all, layout = chosen_limits(limits, CommandLimits(), Limits())
    found = certificate.read_certificate(path, in_all)
    told = found if isinstance(found, Diagnostic) else certificate.read_claims(found, path.parent, in_all, layout)
    if isinstance(found, Diagnostic) or isinstance(told, Diagnostic):
        wrong = [each for each in (found, told) if isinstance(each, Diagnostic)][:1]
        complain(wrong)
        return report([], wrong, form, time.monotonic() - began, asked=False) or ExitStatus.WRONG_INPUT
    notes = (certificate.versions_note(found, path, versions()), certificate.partial_note(found))
    complain(each for each in notes if each is not None)
    tasks, claims = told
    options = Options(
        jobs or available(memory << 20), timeout, memory << 20, found.limits, cross_check is not None, in_all, attack
    )
    blocks = None if form == "json" else Blocks(tasks, verbose=verbose)
    findings = decide(tasks, options, None if cross_check else blocks, certificate.rechecking(claims))
    if cross_check is not None:
        findings = ask(findings, cross_check, options, blocks)
    return report(findings, [], form, time.monotonic() - began, asked=cross_check is not None)
