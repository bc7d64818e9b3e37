"""``mapproof models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from checker.cli.options import ProgramWord, format_option

if TYPE_CHECKING:
    from pathlib import Path

    from checker.base.diagnostic import Diagnostic
    from checker.library import Program
    from checker.memmap.signs import Signs


@click.command(name="models", epilog="Example: mapproof models linux-x86-reversed")
@click.argument("names", nargs=-1, type=ProgramWord(), metavar="[MODEL]...")
@click.option(
    "--for",
    "kernel",
    metavar="VERSION",
    help="Only models for this kernel, as for `run --kernel`: 5.15, '6.1 arm64 16k', '6.1 x86_64, 32-bit firmware'.",
)
@format_option
def command(*, names: tuple[str, ...], kernel: str | None, form: str) -> int:
    """List shipped models, a line for each, those of kernels first and what was broken last; of those that are named,
    their files, their algorithms, where these are from, and the verdicts that their scenarios expect. `*` in a name
    stands for any text."""
    from checker import library
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.layouts.fit import since
    from checker.memmap import signs_of_release
    from checker.report.reports import ModelsReport

    signs = None if kernel is None else signs_of_release(kernel)
    found: list[Path | Diagnostic] = [each for name in names for each in _named(name)]
    found = found if names else [*library.models().values()]
    desk = library.shared_desk()
    opened = [each if isinstance(each, Diagnostic) else library.open_program(each, desk=desk) for each in found]
    wrong = [each for each in opened if isinstance(each, Diagnostic)]
    if kernel is not None and signs is None:
        help = "write it as in 5.15, or 6.1.0-56-amd64"
        wrong.append(Diagnostic(CommandCode.WRONG_VALUE, f"--for {kernel} is no version", help=help))
    models = [each for each in opened if not isinstance(each, Diagnostic) and (signs is None or _fits(each, signs))]
    if not names:
        models.sort(key=_rank)
    if not models and not wrong and signs is not None:
        message = f"no model that is listed is for {kernel}"
        known = [(each.name, each.algorithm) for each in library.shipped_algorithms()]
        help = f"`mapproof models` lists all; {since(known, signs)}"
        wrong.append(Diagnostic(CommandCode.NO_MODEL_FITS, message, help=help))
    complain(wrong)
    return tell(ModelsReport([(each.path.stem, each) for each in models], wrong, whole=bool(names)), form)


def _named(word: str) -> list[Path | Diagnostic]:
    """Find the models that a word names."""
    from fnmatch import fnmatchcase

    from checker import library

    matching: list[Path | Diagnostic] = [
        path for name, path in library.models().items() if "*" in word and fnmatchcase(name, word)
    ]
    return matching or [library.find_model(word)]


def _rank(opened: Program) -> tuple[bool, bool, list[tuple[int, str]]]:
    """Tell where a program stands in a list: kernels' own models first, specimens last, versions in their order."""
    import re

    from checker import library

    words = re.findall(r"\d+|\D+", opened.path.stem)
    numbered = [(int(word), "") if word.isdigit() else (0, word) for word in words]
    machines = any(each.targets for each in opened.program.algorithms)
    return library.is_specimen(opened.path), not machines, numbered


def _fits(opened: Program, signs: Signs) -> bool:
    """Tell whether some algorithm of a program may be for a kernel of such signs."""
    from checker.layouts.fit import for_linux, misfits

    targets = (target for each in opened.program.algorithms for target in each.targets)
    return any(for_linux(target) and not misfits(target, signs) for target in targets)
