"""``mapproof recheck``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from checker.cli.gate import GateOptions
from checker.cli.options import SharedOptions, chosen_limits, gate_options, refuse, shared_options

if TYPE_CHECKING:
    from checker.base.exit_status import ExitStatus
    from checker.report.baseline import Gate
    from checker.verify.external.bundle import ExternalResult, Manifest
    from checker.verify.plan import Task
    from checker.verify.results import CheckResult
    from checker.verify.run import Options


_OF_VERDICTS = ("--baseline", "--write-baseline", "--fail-on", "--executor", "--attack", "--stop")
"""Options about verdicts, and about the work of this tool: statements that others check have neither."""


def _is_given(option: str) -> bool:
    """Tell whether an option is on the command line."""
    name = option.lstrip("-").replace("-", "_")
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


@click.command(name="recheck", epilog="Example: mapproof verify --certificate c.json && mapproof recheck c.json")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE|BUNDLE")
@click.option("--external", is_flag=True, help="Have the proofs in a BUNDLE checked by programs that are not this one.")
@gate_options
@shared_options
def command(*, path: Path, external: bool, gating: GateOptions, shared: SharedOptions) -> int:
    """Check every verdict of a certificate again.

    The obligations are derived from the sources, which must be there as they were; the certificate only saves the
    search for invariants and counterexamples. It is not believed: the solver has to show every obligation, and the
    interpreter has to see every counterexample break what it is said to break, and tries to break what is proved, as in
    `verify`. A verdict that does not follow is
    `rejected`.

    With --external, BUNDLE is a folder that `verify --certificate-bundle` made. Each statement in it that has a proof
    in clauses is checked by another program, after its formula was made again from its text; --cross-check asks a
    solver about the others. The status is 0 if every statement is confirmed, 1 if something is wrong with one, 3 if
    nobody confirms one.
    """
    if external:
        given = [option for option in _OF_VERDICTS if _is_given(option)]
        if given:
            raise click.UsageError(f"--external has others check statements: leave {' and '.join(given)} out")
        return _recheck_external(path, shared)
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.ending import telling_ends
    from checker.cli.progress import ask, decide, executor_for, finish, options_of, teller
    from checker.cli.terminal import complain
    from checker.language import Limits
    from checker.report.baseline import OPEN
    from checker.verify import certificate

    began = time.monotonic()
    findings: list[CheckResult] = []
    tasks: tuple[Task, ...] = ()
    gate: Gate = OPEN

    def decided() -> ExitStatus:
        nonlocal tasks, gate
        outputs, problems = shared.outputs.unwritable()
        refuse(shared.cross_check)
        problems += gating.unwritable()
        if problems:
            complain(problems)
            return finish([], problems, began, shared, outputs=outputs)
        in_all, layout = chosen_limits(shared.limits, CommandLimits(), Limits())
        found = certificate.read_certificate(path, in_all)
        told = found if isinstance(found, Diagnostic) else certificate.read_claims(found, path.parent, in_all, layout)
        opened = gating.open(in_all)
        if isinstance(found, Diagnostic) or isinstance(told, Diagnostic) or isinstance(opened, Diagnostic):
            wrong = [each for each in (found, told, opened) if isinstance(each, Diagnostic)][:1]
            complain(wrong)
            return finish([], wrong, began, shared)
        notes = (certificate.versions_note(found, path, versions()), certificate.partial_note(found))
        complain(each for each in notes if each is not None)
        gate = opened
        tasks, claims = told
        executor = executor_for(shared.executor, shared.jobs, shared.memory << 20)
        if isinstance(executor, Diagnostic):
            complain([executor])
            return finish([], [executor], began, shared)
        options = options_of(shared, found.limits, in_all, executor)
        shown = teller(tasks, shared)
        early = None if shared.cross_check else shown
        rechecking = certificate.Rechecking(claims)
        decide(tasks, options, early, rechecking, stop=shared.stop, gate=gate, found=findings)
        if shared.cross_check:
            findings[:] = ask(findings, shared.cross_check, options, shown)
        complain(executor.problems)
        return finish(findings, executor.problems, began, shared, tasks, gating=gating, gate=gate)

    return telling_ends(decided, lambda end: finish(findings, [end], began, shared, tasks, gating=gating, gate=gate))


def _recheck_external(folder: Path, shared: SharedOptions) -> ExitStatus:
    """Have the proofs in a bundle checked by others, and tell what they say."""
    from checker.base.diagnostic import Diagnostic
    from checker.base.limits import CommandLimits
    from checker.base.versions import versions
    from checker.cli.ending import telling_ends
    from checker.cli.outputs import tell_all
    from checker.cli.progress import options_of, progress
    from checker.cli.terminal import complain
    from checker.prove import Limits
    from checker.report.reports import ExternalReport, Versions
    from checker.report.views.progress import bundling_text
    from checker.verify.executors.local import LOCAL
    from checker.verify.external.bundle import check_bundle, read_bundle, results_of
    from checker.verify.external.drat import lacks

    began = time.monotonic()
    outputs, problems = shared.outputs.unwritable()
    refuse(shared.cross_check)
    (in_all,) = chosen_limits(shared.limits, CommandLimits())

    manifest: Manifest | None = None
    found: dict[int, ExternalResult | str] = {}

    def told(made: tuple[Manifest, list[ExternalResult]] | Diagnostic, ends: Sequence[Diagnostic] = ()) -> ExitStatus:
        known, seconds = Versions(**versions()), time.monotonic() - began
        return tell_all(ExternalReport(made, seconds, known, shared.detail, ends), outputs)

    def checked() -> ExitStatus:
        nonlocal manifest
        read = next(iter(problems), None) or lacks() or read_bundle(folder, in_all)
        if isinstance(read, Diagnostic):
            complain(problems or [read])
            return told(read)
        manifest = read
        options = options_of(shared, Limits(), in_all, LOCAL)
        with progress() as show:

            def done(count: int, of: int) -> None:
                show.update(partial(bundling_text, count, of))

            results = check_bundle(folder, manifest, options, in_all, done, found)
        if shared.cross_check is not None:
            results = _asked(folder, results, shared.cross_check, options)
        return told((manifest, results))

    def ended(end: Diagnostic) -> ExitStatus:
        return told(end) if manifest is None else told((manifest, results_of(manifest, found, end.message)), [end])

    return telling_ends(checked, ended)


def _asked(folder: Path, results: list[ExternalResult], solver: str, options: Options) -> list[ExternalResult]:
    """Return the results with the opinion of a solver on each statement of which there is no other."""
    from checker.solvers import SOLVERS, Limit
    from checker.verify.cross_check import answers_of

    open_ones = {number: each for number, each in enumerate(results) if not each.confirmed and not each.rejected}
    texts = {number: (folder / each.statement.text.file).read_text() for number, each in open_ones.items()}
    said = answers_of(SOLVERS[solver], list(texts.values()), options, Limit())
    changed = list(results)
    for number, text in texts.items():
        answer = said[text]
        confirmed = solver if answer == "unsat" else ""
        changed[number] = replace(
            results[number], confirmed=confirmed, why=f"{solver}: {answer}", rejected=answer == "sat"
        )
    return changed
