"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click

from checker.base.extras import how
from checker.base.limits import rows
from checker.base.values import frozen
from checker.cli.caching import CacheOptions
from checker.cli.gate import GateOptions, VerdictsWord
from checker.cli.outputs import Outputs, ReportFile, ReportFileWord, chosen_outputs
from checker.cli.trees import SourceOptions
from checker.report.renderers import RENDERERS
from checker.report.reports import Detail
from checker.solvers import SECOND_OPINIONS


class _Seconds(click.FloatRange):
    """Some seconds: neither none nor without end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if not isfinite(seconds):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


class ProgramWord(click.ParamType[str]):
    """A word that means programs: a file, a folder or a shipped model."""

    name = "program"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Return the shipped models that begin so, and have the shell look for files if there is none."""
        from checker import library

        found = [name for name in library.models() if name.startswith(incomplete)]
        return [
            click.shell_completion.CompletionItem(incomplete, type="file"),
            *map(click.shell_completion.CompletionItem, found),
        ]


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

list_option = click.option(
    "--list", "number", type=click.IntRange(1), metavar="N", help="Which list of a MAP that holds several, from 1."
)
stride_option = click.option(
    "--stride",
    type=click.IntRange(1, 1 << 32),
    metavar="BYTES",
    help="MAP is a raw array of descriptors, as it lies in memory, one every so many bytes: 48 mostly, 40 from U-Boot.",
)
columns_option = click.option(
    "--columns",
    metavar="TEXT",
    help="The rows of a printer that is not known: fields in braces, such as '{type} {phys:x}-{last:x} {attr:x}'. "
    "Fields: index, type, phys, virt, pages, bytes, end, last, attr; {} is anything, :x hexadecimal without 0x.",
)
strict_option = click.option("--strict", is_flag=True, help="Refuse a MAP of which there is something to remark.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice([each.name for each in RENDERERS.values() if not each.judging]),
    default=next(iter(RENDERERS)),
    show_default=True,
)
any_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(list(RENDERERS)),
    help=f"Of the report on standard output.  [default: {next(iter(RENDERERS))}]",
)
output_option = click.option(
    "--output",
    "files",
    type=ReportFileWord(),
    metavar="FORMAT=FILE",
    multiple=True,
    help="Write a report to a file too; `-` is standard output. Can be repeated.",
)
baseline_option = click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Fail only on what is not in this file.",
)
write_baseline_option = click.option(
    "--write-baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what is not as expected to a file, for --baseline. The status is what it is without.",
)
fail_on_option = click.option(
    "--fail-on",
    type=VerdictsWord(),
    metavar="VERDICTS",
    default=(),
    help="Fail on these verdicts even where a file expects them: unknown, bounded, vacuous, refuted. "
    "What a --baseline knows is let through.",
)
cache_option = click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="MAPPROOF_CACHE",
    help="Keep in DIR what was searched for, and look there first: nothing in it is believed. `none` is none.  "
    "[default: in ~/.cache/mapproof]",
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Search for everything, and keep nothing.")
cache_size_option = click.option(
    "--cache-size",
    type=click.IntRange(1, 1 << 20),
    metavar="MIB",
    default=256,
    show_default=True,
    help="Above it, what was not used for longest goes.",
)
trust_cache_option = click.option(
    "--trust-cache", is_flag=True, help="Believe what is in the cache, if only you can write to it: ask no solver."
)
source_option = click.option(
    "--source",
    type=click.Path(path_type=Path),
    metavar="TREE",
    help="Have the algorithm that a kernel's own C in TREE comes to in the place of the model's.",
)
binding_option = click.option(
    "--binding",
    metavar="NAME",
    help="What the C of --source means: a shipped binding, or a file `.toml`.  [default: the one of the model]",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes at a time.  [default: one a CPU, if memory allows]",
)
executor_option = click.option(
    "--executor",
    metavar="WHERE",
    default="local",
    show_default=True,
    help="Where the work is done: `local` processes, `dask` for a cluster of Dask on this machine, "
    "`dask=tcp://HOST:PORT` for another.",
)
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show every counterexample in full, and what proofs rest on."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show only verdicts that are not as expected.")
stop_option = click.option("-x", "--stop", is_flag=True, help="Stop at the first verdict that is not as expected.")


@frozen
class SharedOptions:
    """The options that `verify` and `recheck` share: what may be spent, who is asked, and how it is told."""

    jobs: int | None
    executor: str
    timeout: float
    memory: int
    limits: tuple[str, ...]
    form: str | None
    files: tuple[ReportFile, ...]
    attack: int | None
    cross_check: str | None
    verbose: bool
    quiet: bool
    stop: bool

    @property
    def detail(self) -> Detail:
        """The amount that is told of each verdict."""
        return Detail.FULL if self.verbose else Detail.QUIET if self.quiet else Detail.USUAL

    @property
    def outputs(self) -> Outputs:
        """The reports that are asked for. Raises `click.UsageError`."""
        return chosen_outputs(self.form, self.files)


kernel_option = click.option(
    "--kernel",
    metavar="VERSION",
    help="Take the model for this kernel: 5.15, 6.1.0-56-amd64, '6.1 arm64 16k', '6.1 x86_64, 32-bit firmware'.",
)


@frozen
class MapOptions:
    """The options of every command that reads a memory map: which list of the input it is, the stride of an array, the
    columns of a printer, and whether a remark on the map is a reason to refuse it; of a command that takes models, the
    kernel that is meant, whatever the map tells of one."""

    number: int | None = None
    stride: int | None = None
    columns: str | None = None
    strict: bool = False
    kernel: str | None = None

    def model_or_kernel(self, word: str | None) -> None:
        """Refuse a kernel beside a model that is named by a word. Raises `click.UsageError`."""
        if self.kernel is not None and word not in (None, "auto"):
            raise click.UsageError(f"--kernel says which model is taken: name either the kernel or {word}.")


Command = Callable[..., int]


def _together(kind: type[Any], name: str, *options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """A decorator that gives a command some options as one argument, a value whose fields are called like them."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_options(**given: Any) -> int:
            chosen = kind(**{each.name: given.pop(each.name) for each in fields(kind) if each.name in given})
            return command(**given, **{name: chosen})

        made: Command = with_options
        for option in reversed(options):
            made = option(made)
        return made

    return decorate


cache_options = _together(CacheOptions, "caching", cache_option, cache_size_option, no_cache_option, trust_cache_option)
shared_options = _together(
    SharedOptions,
    "shared",
    jobs_option,
    executor_option,
    timeout_option,
    memory_option,
    limit_option,
    any_format_option,
    output_option,
    attack_option,
    cross_check_option,
    verbose_option,
    quiet_option,
    stop_option,
)
source_options = _together(SourceOptions, "tree", source_option, binding_option)
gate_options = _together(GateOptions, "gating", baseline_option, write_baseline_option, fail_on_option)
given_option = click.option(
    "--given",
    metavar="NAME=FILE",
    multiple=True,
    help="A list beside the map, such as reservations, as JSON; can be repeated.",
)

map_options = _together(MapOptions, "reading", list_option, stride_option, columns_option, strict_option)
placed_map_options = _together(
    MapOptions, "reading", kernel_option, list_option, stride_option, columns_option, strict_option
)
"""The options of a command that reads a memory map and takes a model for it."""


def refuse(solver: str | None) -> None:
    """Refuse to go on where a solver that is to be asked cannot be. Raises `click.UsageError`."""
    if solver is None:
        return
    from checker.verify.cross_check import health

    found = health(solver)
    if found.version is None:
        raise click.UsageError(f"--cross-check: {solver} is not installed: {how(solver)}")
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
