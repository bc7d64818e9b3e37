"""``mapproof recheck``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from checker.cli.options import SharedOptions, chosen_limits, refuse, shared_options


@click.command(name="recheck", epilog="Example: mapproof verify --certificate c.json && mapproof recheck c.json")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@shared_options
def command(*, path: Path, shared: SharedOptions) -> int:
    """Check every verdict of a certificate again.

    The obligations are derived from the sources, which must be there as they were; the certificate only saves the
    search for invariants and counterexamples. It is not believed: the solver has to show every obligation, and the
    interpreter has to see every counterexample break what it is said to break, and tries to break what is proved, as in
    `verify`. A verdict that does not follow is
    `rejected`.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.progress import ask, blocks, decide, finish, options_of
    from checker.cli.terminal import complain
    from checker.language import Limits
    from checker.verify import certificate

    began = time.monotonic()
    refuse(shared.cross_check)
    in_all, layout = chosen_limits(shared.limits, CommandLimits(), Limits())
    found = certificate.read_certificate(path, in_all)
    told = found if isinstance(found, Diagnostic) else certificate.read_claims(found, path.parent, in_all, layout)
    if isinstance(found, Diagnostic) or isinstance(told, Diagnostic):
        wrong = [each for each in (found, told) if isinstance(each, Diagnostic)][:1]
        complain(wrong)
        return finish([], wrong, began, shared)
    notes = (certificate.versions_note(found, path, versions()), certificate.partial_note(found))
    complain(each for each in notes if each is not None)
    tasks, claims = told
    options = options_of(shared, found.limits, in_all)
    shown = blocks(tasks, shared)
    findings = decide(tasks, options, None if shared.cross_check else shown, certificate.rechecking(claims))
    if shared.cross_check:
        findings = ask(findings, shared.cross_check, options, shown)
    return finish(findings, [], began, shared)
