"""Baselines: what is known not to be as expected, so that only what is new makes a gate fail.

A baseline changes no verdict, and hides none: what it knows is told with the rest, and marked. It never covers a wrong
input, nor an error of the checker.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from checker.base.codes import CommandCode, VerdictCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ExitStatus
from checker.base.files import read, why
from checker.base.limits import CommandLimits, passed
from checker.base.values import frozen
from checker.report.cases import Case, Cases, stable_path
from checker.report.shapes.baseline import BaselineShape, KnownShape

if TYPE_CHECKING:
    from checker.prove import Verdict
    from checker.verify.results import CheckResult

FORMAT = "mapproof baseline 1"

_REMEDY = "write a new one: --write-baseline FILE"

_COVERED = (ExitStatus.NOT_AS_EXPECTED, ExitStatus.UNDECIDED)
"""The statuses that something known may have asked for."""

_SHOWN = 400
"""Characters of an error that a message repeats at most."""


@frozen
class Baseline:
    """All that is known, in the order of a file."""

    name: str
    known: tuple[KnownShape, ...]

    @cached_property
    def fingerprints(self) -> frozenset[str]:
        """The fingerprints of all that is known."""
        return frozenset(each.fingerprint for each in self.known)


@frozen
class Gate:
    """The rule by which results fail a run, beside what their files expect: verdicts that are ``refused`` wherever they
    are, and a baseline of what is known."""

    baseline: Baseline | None = None
    refused: frozenset[Verdict] = frozenset()

    def judged(self, finding: CheckResult) -> CheckResult:
        """A result, with what the gate says of it; its verdict stays what it is."""
        refused = replace(finding, refused=finding.result.verdict in self.refused, known=False)
        if self.baseline is None or refused.status not in _COVERED:
            return refused
        from checker.report.views.cases import check_fingerprint

        return replace(refused, known=check_fingerprint(refused) in self.baseline.fingerprints)


OPEN = Gate()
"""The gate that adds nothing."""


def read_baseline(path: Path, limits: CommandLimits) -> Baseline | Diagnostic:
    """Return the baseline in a file, or say why there is none."""
    try:
        data = read(path, limits.baseline_bytes + 1)
    except (OSError, ValueError) as error:
        return _none(f"cannot read {path}: {why(error)}")
    if len(data) > limits.baseline_bytes:
        message, remedy = passed(limits, "baseline_bytes")
        return Diagnostic(CommandCode.NO_BASELINE, f"{path}: {message}", help=remedy)
    try:
        found = msgspec.json.decode(data, type=BaselineShape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _none(f"{path} is no baseline: {error}"[:_SHOWN])
    if found.format != FORMAT:
        return _none(f"{path} is a `{found.format[:_SHOWN]}`, and only a `{FORMAT}` can be read")
    return Baseline(str(path), tuple(found.known))


def _none(message: str) -> Diagnostic:
    return Diagnostic(CommandCode.NO_BASELINE, message, help=_REMEDY)


def baseline_of(cases: Cases) -> tuple[KnownShape, ...] | None:
    """Return all that is not as expected, to be known from now on; None where some was not decided at all, because of a
    wrong input or an error of the checker."""
    if any(each.status not in (*_COVERED, ExitStatus.AS_EXPECTED) for each in cases.all):
        return None
    known = {each.fingerprint: _known(each) for each in cases.all if each.known or each.status in _COVERED}
    return tuple(sorted(known.values(), key=lambda each: (each.group, each.name, each.code)))


def baseline_file(known: Sequence[KnownShape], tool: str) -> bytes:
    """Return the file of a baseline."""
    shape = BaselineShape(FORMAT, tool, list(known))
    return (json.dumps(msgspec.to_builtins(shape), indent=1) + "\n").encode("utf-8", "backslashreplace")


def _known(case: Case) -> KnownShape:
    return KnownShape(case.fingerprint, str(case.code), _stable_group(case.group), case.name, case.message)


def _stable_group(group: str) -> str:
    """The name of a map, or of a file and a scenario in it, whatever folder it is named in."""
    file, colon, rest = group.partition(": ")
    return stable_path(file) + colon + rest


def stale(baseline: Baseline, cases: Iterable[Case]) -> Diagnostic | None:
    """Say which entries of a baseline are about cases that were decided, and are as expected now."""
    decided = [each for each in cases if each.code is not VerdictCode.NOT_REACHED]
    found = {each.fingerprint for each in decided}
    again = {(_stable_group(each.group), each.name) for each in decided}
    gone = [each for each in baseline.known if each.fingerprint not in found and (each.group, each.name) in again]
    if not gone:
        return None
    more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    message = f"{baseline.name} knows what is not found any more: {gone[0].code} of {gone[0].name}{more}"
    return Diagnostic(CommandCode.BASELINE_STALE, message, help=_REMEDY, severity=Severity.NOTE)
