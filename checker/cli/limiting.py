"""``--limit NAME=VALUE``, for all commands that have limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import click

from checker.limits import rows

limit_option = click.option(
    "--limit",
    "limits",
    metavar="NAME=VALUE",
    multiple=True,
    help='Change a limit on what input may cost; spec/language.md, "Limits", lists them. Can be repeated.',
)


def chosen_limits(texts: Sequence[str], *tables: Any) -> tuple[Any, ...]:
    """The tables with the values that the command line gives. Raises `click.UsageError`."""
    known = {row.name: (place, row) for place, table in enumerate(tables) for row in rows(type(table))}
    made = list(tables)
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--limit {text}: write --limit NAME=VALUE")
        if name not in known:
            near = get_close_matches(name, known, n=3) or known
            raise click.UsageError(f"--limit {text}: there is no limit `{name}` here; there is {', '.join(near)}")
        place, row = known[name]
        amount = int(value) if value.isascii() and value.isdecimal() and len(value) <= 18 else 0
        if not 1 <= amount <= row.most:
            raise click.UsageError(f"--limit {text}: the value is a number from 1 to {row.most}")
        made[place] = replace(made[place], **{row.name.replace("-", "_"): amount})
    return tuple(made)
