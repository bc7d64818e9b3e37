"""Statements that a file can have and the core does not: they are put into its words while they are typed.

Here is what such a statement means. Nothing that reads programs has to know it beside.
"""

from __future__ import annotations

from checker.program.expressions import Expr
from checker.program.records import DROPPED, PLACED
from checker.program.statements import Mark, SetField, Statement


def place(region: str, field: str, address: Expr) -> tuple[Statement, ...]:
    """The region is given an address: its placement field is set, and it counts as placed."""
    return SetField(region, field, address), Mark(region, PLACED)


def drop(region: str) -> tuple[Statement, ...]:
    """Later passes do not see the region. It stays in the layout, marked, so that dropping it cannot hide it from a
    property."""
    return (Mark(region, DROPPED),)
