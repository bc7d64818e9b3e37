"""Programs and algorithms, opened as a user names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import read, why
from checker.base.limits import CommandLimits
from checker.language import SUFFIX, Limits, load_text
from checker.library.find import COMMAND, LIMITS, find_files, models, search_path, shipped_name, too_much


@dataclass(frozen=True)
class Program:
    """A program that was asked for: the name under which reports speak of it, its file and its meaning."""

    name: str
    path: Path
    program: p.Program


@dataclass(frozen=True)
class Chosen:
    """An algorithm that was asked for: its name for reports, and the program that it is from."""

    name: str
    algorithm: p.Algorithm
    program: p.Program


def open_program(path: Path, limits: Limits = LIMITS) -> Program | Diagnostic:
    """The program in a file. A shipped model has the same name wherever it is installed."""
    name = shipped_name(path) or str(path)
    try:
        data = read(path, limits.layout_bytes + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {path}: {why(error)}"
        return Diagnostic(CommandCode.UNREADABLE, message, help="name a readable `.layout` file")
    program = load_text(name, data, (path.parent, *search_path()), limits)
    return program if isinstance(program, Diagnostic) else Program(name, path, program)


def open_programs(
    words: Sequence[str], limits: CommandLimits = COMMAND, layout: Limits = LIMITS
) -> tuple[list[Program], list[Diagnostic]]:
    """The programs that words on the command line mean (none: all shipped models), and what is wrong with those that
    are not to be had. Files without scenarios are passed over, if they are not named themselves."""
    programs: list[Program] = []
    wrong: list[Diagnostic] = []
    count = size = 0
    # Sorted: what is said must not depend on the order, nor on which of two names for a file comes last.
    for word in sorted(set(words)) or list(models()):
        files = find_files(word, limits)
        if isinstance(files, Diagnostic):
            wrong.append(files)
            continue
        for path in files:
            count += 1
            opened = too_much("programs", limits) if count > limits.programs else open_program(path, layout)
            size += opened.program.size if isinstance(opened, Program) else 0
            if size > limits.size:
                opened = too_much("size", limits)
            if isinstance(opened, Diagnostic):
                wrong.append(opened)
                if opened.code == CommandCode.TOO_MUCH:
                    return programs, wrong
                continue
            wrong += idle(opened)
            if any(check.written for scenario in opened.program.scenarios for check in scenario.checks):
                programs.append(opened)
            elif not opened.program.scenarios and len(files) == 1:
                wrong.append(nothing_to_check(opened.name))
    return programs, wrong


def nothing_to_check(name: str = "") -> Diagnostic:
    """The complaint that a program, or everything asked for if there is no name, states no check."""
    message = f"there is nothing to check{f' in {name}' if name else ''}"
    return Diagnostic(
        CommandCode.NOTHING_TO_CHECK, message, help="name files with scenarios in which there is a `check`"
    )


def idle(program: Program) -> list[Diagnostic]:
    """Complaints about the scenarios that state no check. What the checker asks by itself would be proved of them, and
    look like success."""
    return [
        Diagnostic(
            CommandCode.NOTHING_TO_CHECK,
            f"scenario `{scenario.name}` states no `check`",
            scenario.span,
            help="say what must hold: `check fits(run)`, or `check exact_arithmetic(run)` if nothing else",
        )
        for scenario in program.program.scenarios
        if not any(check.written for check in scenario.checks)
    ]


def find_algorithm(word: str, limits: Limits = LIMITS) -> Chosen | Diagnostic:
    """The algorithm that ``MODEL``, ``FILE.layout`` or either with ``:algorithm`` names."""
    place, _, wanted = word.rpartition(":") if not word.endswith(SUFFIX) and ":" in word else (word, "", "")
    files = find_files(place)
    if isinstance(files, Diagnostic):
        return files
    if len(files) != 1:
        message = f"{place} is a folder: an algorithm is in one file"
        return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, message, help="name FILE.layout:algorithm")
    opened = open_program(files[0], limits)
    if isinstance(opened, Diagnostic):
        return opened
    known = {algorithm.name: algorithm for algorithm in opened.program.algorithms}
    name = wanted.replace("-", "_") or _only(known, files[0].stem)
    if name in known:
        shown = files[0].stem if opened.name != str(files[0]) else opened.name
        return Chosen(f"{shown}:{name}" if wanted else shown, known[name], opened.program)
    listing = f"the file has: {', '.join(known) or 'none'}"
    if not wanted:
        message = f"{opened.name} does not say which algorithm"
        return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, message, help=f"add `:algorithm`; {listing}")
    near = get_close_matches(name, known, n=3)
    remedy = f"did you mean {' or '.join(near)}? {listing}" if near else listing
    return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, f"{opened.name} has no algorithm `{wanted}`", help=remedy)


def _only(known: dict[str, p.Algorithm], stem: str) -> str:
    """The algorithm that a file stands for: the one called like it, or the only one; else empty."""
    called = stem.replace("-", "_")
    if called in known:
        return called
    return next(iter(known)) if len(known) == 1 else ""
