"""The gate of a run: the verdicts that it refuses, and the baseline of what is known, read and written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen

if TYPE_CHECKING:
    from checker.base.limits import CommandLimits
    from checker.report.baseline import Baseline, Gate
    from checker.report.cases import Cases
    from checker.report.reports import Report

_REFUSABLE = {"unknown": "unknown", "bounded": "proved-to-bound", "vacuous": "vacuous", "refuted": "refuted"}
"""Verdicts that can be refused wherever they are, by the words of the command line."""


class VerdictsWord(click.ParamType[tuple[str, ...]]):
    """Words for verdicts, with commas between them."""

    name = "verdicts"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Return the words."""
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip() for word in str(value).split(","))
        known = ", ".join(_REFUSABLE)
        if not all(words):
            # A variable of a job that is not set must not be a gate that lets everything through.
            self.fail(f"a verdict is missing: name some of {known}, with commas between them", param, ctx)
        for word in words:
            if word not in (*_REFUSABLE, *_REFUSABLE.values()):
                self.fail(f"there is no `{word}` here; there is {known}", param, ctx)
        return words


@frozen
class GateOptions:
    """The options of the gate: a baseline to hold results against, one to write, and verdicts that are refused."""

    baseline: Path | None = None
    write_baseline: Path | None = None
    fail_on: tuple[str, ...] = ()

    def unwritable(self) -> list[Diagnostic]:
        """Say why the baseline that is to be written could not be, as far as can be told before."""
        from checker.base.files import unwritable

        problem = None if self.write_baseline is None else unwritable(self.write_baseline)
        return [] if problem is None else [problem]

    def read(self, limits: CommandLimits) -> Baseline | Diagnostic | None:
        """Read the baseline, if there is to be one."""
        from checker.report.baseline import read_baseline

        return None if self.baseline is None else read_baseline(self.baseline, limits)

    def open(self, limits: CommandLimits) -> Gate | Diagnostic:
        """Return the gate, or why there is none."""
        from checker.prove import Verdict
        from checker.report.baseline import Gate

        found = self.read(limits)
        if isinstance(found, Diagnostic):
            return found
        return Gate(found, frozenset(Verdict(_REFUSABLE.get(word, word)) for word in self.fail_on))

    def close(self, report: Report, baseline: Baseline | None) -> Sequence[Diagnostic]:
        """Write the baseline that is to be written, and tell what of the other one is not found any more; return what
        could not be done."""
        if self.write_baseline is None and baseline is None:
            return ()
        from checker.cli.terminal import complain
        from checker.report.baseline import stale
        from checker.report.views.cases import cases

        found = cases(report)
        gone = None if baseline is None else stale(baseline, found.all)
        complain([] if gone is None else [gone])
        return () if self.write_baseline is None else _write(self.write_baseline, found)


NO_GATING = GateOptions()


def _write(path: Path, found: Cases) -> Sequence[Diagnostic]:
    """Write a baseline that knows what was found, and say so; return why that could not be."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Severity
    from checker.base.files import replace
    from checker.cli.terminal import complain
    from checker.report.baseline import baseline_file, baseline_of

    known = baseline_of(found)
    if known is None:
        message = f"{path} is not written: not everything that was asked for was decided"
        complain([Diagnostic(CommandCode.BASELINE_NOT_WRITTEN, message, severity=Severity.WARNING)])
        return ()
    problem = replace(path, baseline_file(known, found.tool))
    message = f"{path} knows what is not as expected: {len(known)} case{'' if len(known) == 1 else 's'}"
    help = f"with --baseline {path} it is let through; this run ends as one that knows nothing of it" if known else ""
    note = Diagnostic(CommandCode.BASELINE_WRITTEN, message, help=help, severity=Severity.NOTE)
    complain([note if problem is None else problem])
    return () if problem is None else (problem,)
