"""Files and folders that ``mapproof verify`` leaves beside its reports: texts, certificates and counterexamples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ExitStatus
from checker.base.files import make_folder, replace, unwritable, why
from checker.base.values import mutable
from checker.base.versions import versions
from checker.cli.terminal import complain

if TYPE_CHECKING:
    from checker.verify.results import CheckResult
    from checker.verify.run import Options

Leave = Callable[[Path], list[Diagnostic]]
"""Leaves something in a file or folder; returns the complaints if that cannot be."""


@mutable
class Keeping:
    """The files and folders in which a run is to leave something, each once."""

    texts: Path | None
    certificate: Path | None
    bundle: Path | None
    counterexamples: Path | None
    _begun: list[Path] = field(default_factory=list)
    _left: list[Path] = field(default_factory=list)

    def hindrances(self) -> list[Diagnostic]:
        """Return why something could not be left there, as far as can be told before anything is decided."""
        found = [
            None if self.certificate is None else unwritable(self.certificate),
            None if self.counterexamples is None else make_folder(self.counterexamples),
        ]
        if self.bundle is not None and not any(found):
            found.append(_hindrance(self.bundle))
        return [each for each in found if each is not None]

    def leave(
        self, findings: Sequence[CheckResult], wrong: Sequence[Diagnostic], wanted: Sequence[str], options: Options
    ) -> list[Diagnostic]:
        """Leave everything; return the complaints if that cannot be."""
        problems = self._put(self.texts, partial(_emit, findings))
        problems += self._put(self.certificate, partial(_certify, findings, wrong, wanted, options))
        problems += self._put(self.bundle, partial(_bundle, findings, options))
        return problems + self._put(self.counterexamples, partial(_keep, findings))

    def leave_some(self, findings: Sequence[CheckResult]) -> list[Diagnostic]:
        """Leave what takes no time, of what is decided when a run ends before its time, and say what is missing."""
        problems = self._put(self.texts, partial(_emit, findings))
        problems += self._put(self.counterexamples, partial(_keep, findings))
        wanted = (self.texts, self.certificate, self.bundle, self.counterexamples)
        for path in (each for each in wanted if each is not None and each not in self._left):
            how = "not complete" if path in self._begun else "not written"
            message = f"{path} is {how}: not everything that was asked for was decided"
            complain([Diagnostic(CommandCode.NOT_CERTIFIED, message, severity=Severity.WARNING)])
        return problems

    def _put(self, path: Path | None, leave: Leave) -> list[Diagnostic]:
        if path is None or path in self._begun:
            return []
        self._begun.append(path)
        problems = leave(path)
        self._left.append(path)
        return problems


def _emit(findings: Sequence[CheckResult], folder: Path) -> list[Diagnostic]:
    """Write the proofs as SMT-LIB texts."""
    from checker.verify.cross_check import emit

    message = f"{emit(findings, folder)} texts are in {folder}"
    complain([Diagnostic(CommandCode.TEXTS_WRITTEN, message, severity=Severity.NOTE)])
    return []


def _keep(findings: Sequence[CheckResult], folder: Path) -> list[Diagnostic]:
    """Write every counterexample to a file of its own; the complaints if that cannot be."""
    from checker.report.counterexamples import counterexample_files

    files = counterexample_files(findings, folder, versions()["tool"])
    problems = [problem for name, data in files.items() if (problem := replace(folder / name, data)) is not None]
    message = f"{len(files) or 'no'} counterexample{'' if len(files) == 1 else 's'} in {folder}"
    note = Diagnostic(CommandCode.COUNTEREXAMPLES_WRITTEN, message, severity=Severity.NOTE)
    complain(problems or [note])
    return problems


def _certify(
    findings: Sequence[CheckResult],
    wrong: Sequence[Diagnostic],
    wanted: Sequence[str],
    options: Options,
    path: Path,
) -> list[Diagnostic]:
    """Keep a certificate, if there are verdicts on everything that was asked for; the complaint if that cannot be."""
    from checker.verify.certificate import certify
    from checker.verify.results import status

    if status(findings, wrong_input=bool(wrong)) in (ExitStatus.WRONG_INPUT, ExitStatus.INTERNAL_ERROR):
        message = f"{path} is not written: not everything that was asked for was decided"
        complain([Diagnostic(CommandCode.NOT_CERTIFIED, message, severity=Severity.WARNING)])
        return []
    problem = replace(path, certify(findings, wanted, options.limits, versions(), path.parent))
    problems = [] if problem is None else [problem]
    complain(problems)
    return problems


def _hindrance(folder: Path) -> Diagnostic | None:
    """Return why no bundle could be written to a folder, before anything is decided."""
    from checker.verify.external.drat import lacks

    if folder.is_dir() and any(folder.iterdir()):
        return Diagnostic(CommandCode.UNWRITABLE, f"{folder} is not empty", help="name a new folder")
    return lacks() or make_folder(folder)


def _bundle(findings: Sequence[CheckResult], options: Options, folder: Path) -> list[Diagnostic]:
    """Write the proofs among some findings as a bundle; the complaints if that cannot be."""
    from checker.cli.progress import progress
    from checker.report.views.progress import bundling_text
    from checker.verify.external.bundle import write_bundle

    try:
        with progress() as show:
            made = write_bundle(
                findings, folder, versions(), options, lambda done, all: show.update(partial(bundling_text, done, all))
            )
    except OSError as error:
        problem = Diagnostic(CommandCode.UNWRITABLE, f"cannot write {folder}: {why(error)}", help="name a new folder")
        complain([problem])
        return [problem]
    proofs = sum(each.proof is not None for each in made.statements)
    message = f"{len(made.statements)} statements are in {folder}, {proofs} of them with a proof in clauses"
    complain([Diagnostic(CommandCode.BUNDLE_WRITTEN, message, severity=Severity.NOTE)])
    return []
