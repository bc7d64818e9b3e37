"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import wraps
from math import isfinite
from typing import Any

import click

from checker.base.limits import rows
from checker.report.renderers import RENDERERS
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


format_option = click.option(
    "--format", "form", type=click.Choice(list(RENDERERS)), default=next(iter(RENDERERS)), show_default=True
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes at a time.  [default: one a CPU, if memory allows]",
)
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show every counterexample in full, and what proofs rest on."
)


@dataclass(frozen=True)
class SharedOptions:
    """The options that `verify` and `recheck` share: what may be spent, who is asked, and how it is told."""

    jobs: int | None
    timeout: float
    memory: int
    limits: tuple[str, ...]
    form: str
    attack: int | None
    cross_check: str | None
    verbose: bool


def shared_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the shared options, as the one argument ``shared``."""

    @wraps(command)
    def with_options(**given: Any) -> int:
        shared = {each.name: given.pop(each.name) for each in fields(SharedOptions)}
        return command(shared=SharedOptions(**shared), **given)

    made: Callable[..., int] = with_options
    for option in reversed(
        (
            jobs_option,
            timeout_option,
            memory_option,
            limit_option,
            format_option,
            attack_option,
            cross_check_option,
            verbose_option,
        )
    ):
        made = option(made)
    return made


def refuse(solver: str | None) -> None:
    """Refuse to go on where a solver that is to be asked cannot be. Raises `click.UsageError`."""
    if solver is None:
        return
    from checker.verify.cross_check import health

    found = health(solver)
    if found.version is None:
        raise click.UsageError(f"--cross-check: {solver} is not installed: pip install 'mapproof[{solver}]'")
    if found.wrong:
        raise click.UsageError(f"--cross-check: {solver} does not work: {found.wrong[0]}")


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
