"""Reasons for which a mutant may survive, as somebody has written them down."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.files import read, why
from checker.base.limits import CommandLimits, passed
from checker.verify.mutation.outcomes import JudgedMutant, Survived, Undecided

_REMEDY = "write TOML: a table for each program, as reports name it, and in it NAME = REASON for each mutant"

Reasons = Mapping[str, str]
"""The reasons by the names of mutants."""


def read_reasons(path: Path, program: str, limits: CommandLimits) -> Reasons | Diagnostic:
    """The reasons in a file for what survives of a program."""
    try:
        data = read(path, limits.certificate_bytes + 1)
    except (OSError, ValueError) as error:
        return Diagnostic(CommandCode.UNREADABLE, f"cannot read {path}: {why(error)}", help=_REMEDY)
    if len(data) > limits.certificate_bytes:
        message, remedy = passed(limits, "certificate_bytes")
        return Diagnostic(CommandCode.BAD_REASONS, f"{path}: {message}", help=remedy)
    try:
        told = msgspec.convert(tomllib.loads(data.decode()), dict[str, dict[str, str]])
    except (ValueError, RecursionError) as error:
        return Diagnostic(CommandCode.BAD_REASONS, f"{path} holds no reasons: {error}", help=_REMEDY)
    return told.get(program, {})


def explained(judged: JudgedMutant, reasons: Reasons) -> JudgedMutant:
    """The outcome with the reason for it, where a mutant is neither killed nor equal and there is one."""
    if not isinstance(judged.fate, Survived | Undecided):
        return judged
    return replace(judged, reason=reasons.get(judged.mutant.name, ""))


def idle_reasons(judged: Sequence[JudgedMutant], reasons: Reasons) -> Iterator[Diagnostic]:
    """Warn of reasons for mutants that do not survive: they may have been given for others."""
    for each in judged:
        if each.mutant.name in reasons and not isinstance(each.fate, Survived | Undecided):
            message = f"a reason is given why {each.mutant.name} survives, and it does not"
            yield Diagnostic(CommandCode.IDLE_REASON, message, help="remove it", severity=Severity.WARNING)
