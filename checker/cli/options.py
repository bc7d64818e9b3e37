"""Options that several commands have: what may be spent (``--timeout``, ``--memory``, and ``--limit NAME=VALUE``), and
who is asked besides (``--cross-check``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from math import isfinite
from typing import Any

import click

from checker.base.limits import rows
from checker.solvers import SECOND_OPINIONS


class _Seconds(click.FloatRange):
    """Some seconds: neither none nor without end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if not isfinite(seconds):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


timeout_option = click.option(
    "--timeout", type=_Seconds(0, min_open=True), metavar="S", default=600.0, show_default=True, help="Seconds."
)
memory_option = click.option(
    "--memory", type=click.IntRange(64, 1 << 32), metavar="MIB", default=2048, show_default=True, help="Per process."
)
attack_option = click.option(
    "--attack",
    type=click.IntRange(0, 1 << 32),
    metavar="N",
    help="Maps with which the interpreter tries to break each proof.  [default: as many as cost a tenth of it]",
)
limit_option = click.option(
    "--limit",
    "limits",
    metavar="NAME=VALUE",
    multiple=True,
    help='Change a limit on what input may cost; spec/language.md, "Limits", lists them. Can be repeated.',
)
cross_check_option = click.option(
    "--cross-check", type=click.Choice(SECOND_OPINIONS), help="Have another solver decide every proof again."
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
