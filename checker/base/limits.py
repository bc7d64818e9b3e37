"""Limits: what an input may cost before it is refused, in tables that say all there is to say of each.

A table is a frozen dataclass whose fields are made by `limit`; each room that reads something has one. `--limit
NAME=VALUE` changes a value; spec/language.md lists the tables, and a test holds it to them.
"""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any

from checker.base.values import frozen


@frozen
class LimitRow:
    """A limit: its name on the command line, its value where nothing else is said and the highest that it can have,
    what it counts, the code of the diagnostic when it is passed ("" where that is a verdict), and what helps."""

    name: str
    value: int
    most: int
    of: str
    code: str
    remedy: str


_MOST = 1 << 62


def limit(value: int, of: str, code: str = "", remedy: str = "", most: int = _MOST) -> Any:
    """A field of a table of limits."""
    return field(default=value, metadata={"value": value, "most": most, "of": of, "code": code, "remedy": remedy})


def rows(table: type) -> tuple[LimitRow, ...]:
    """The limits of a table, in order; fields that are no limits are not among them."""
    return tuple(LimitRow(each.name.replace("_", "-"), **each.metadata) for each in fields(table) if each.metadata)


def passed(limits: object, name: str) -> tuple[str, str]:
    """The message and the remedy of a diagnostic where the limit ``name`` of a table has been passed."""
    row = next(each for each in rows(type(limits)) if each.name == name.replace("_", "-"))
    return f"more than {getattr(limits, name)} {row.of}", f"{row.remedy}; {raising(row.name)}"


def raising(name: str) -> str:
    """Return the words of a remedy that say how to raise a limit."""
    return f"if that is meant, raise the limit: --limit {name.replace('_', '-')}=N"


@frozen
class CommandLimits:
    """Limits on what one `verify` or `recheck` may read, take and produce, over all its programs and processes."""

    programs: int = limit(1_000, "programs", "C013", "verify some at a time")
    entries: int = limit(200_000, "entries of folders", "C013", "name the folders that are meant")
    size: int = limit(
        4_000_000, "words of all programs, and expressions that they expand to", "C013", "verify some at a time"
    )
    certificate_bytes: int = limit(16 << 20, "bytes in a certificate", "C010", "certify some programs at a time")
    counterexample_bytes: int = limit(
        4 << 20, "bytes in a counterexample", "C042", "a counterexample has a few regions"
    )
    counterexample_regions: int = limit(
        1_000, "regions in a counterexample", "C042", "a counterexample has a few regions"
    )
    baseline_bytes: int = limit(16 << 20, "bytes in a baseline", "C050", "have one for some of the programs")
    total_seconds: int = limit(7_200, "seconds for all checks together")
    result_bytes: int = limit(256 << 20, "bytes of counterexamples, invariants and proofs, as processes send them")
