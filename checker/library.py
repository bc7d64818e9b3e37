"""Where programs are found: the modules and models that are shipped, and the files that a user names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from checker.diagnostic import Diagnostic
from checker.language import SUFFIX, Limits, load_text
from checker.language import program as p
from checker.limits import CommandLimits, passed
from checker.reading import read, why


class Code(StrEnum):
    """What can be wrong with the things named on a command line."""

    UNREADABLE = "C001"
    UNKNOWN_MODEL = "C002"
    NO_PROGRAMS = "C003"
    NOTHING_TO_CHECK = "C004"
    UNKNOWN_ALGORITHM = "C005"
    WRONG_VALUE = "C006"
    MISSING_VALUE = "C007"
    FOREIGN_FIELD = "C008"
    DOES_NOT_FIT = "C009"
    NO_CERTIFICATE = "C010"
    ALTERED = "C011"
    OUTDATED = "C012"
    TOO_MUCH = "C013"
    UNWRITABLE = "C014"


LIMITS = Limits()
COMMAND = CommandLimits()


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


def _home() -> Path:
    """The folder with ``spec`` and ``models``: inside the package once installed, the root of a checkout otherwise."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped"
    return installed if (installed / "spec").is_dir() else package.parent


def search_path() -> tuple[Path, ...]:
    """The folders in which ``use`` finds the shipped modules."""
    return (_home() / "spec",)


def models() -> dict[str, Path]:
    """The shipped models by name, sorted."""
    return {path.stem: path for path in sorted((_home() / "models").rglob(f"*{SUFFIX}"))}


def shipped_name(path: Path) -> str | None:
    """The name of a shipped model, wherever it is installed; None for any other file."""
    shipped = models().get(path.stem)
    if shipped is None or shipped.resolve() != path.resolve():
        return None
    return shipped.relative_to(_home()).as_posix()


def overlooked(programs: Iterable[p.Program], limits: Limits = LIMITS) -> list[str]:
    """The files in the current folder, from there, that look like shipped ones of which some program consists, and are
    not: who has changed a clone, and runs what was installed from it before, may think that they were used."""
    used = {source for program in programs for source in program.sources}
    found = []
    for shipped in (*sorted(_home().glob(f"spec/*{SUFFIX}")), *models().values()):
        here, name = shipped.relative_to(_home()), shipped.stem
        if (name, _digest(shipped, limits)) in used and here.is_file() and (name, _digest(here, limits)) not in used:
            found.append(here.as_posix())
    return found


def _digest(path: Path, limits: Limits) -> str:
    """The SHA-256 of a file's bytes, as sources are known by; empty where there is none to be had."""
    try:
        return hashlib.sha256(read(path, limits.layout_bytes + 1)).hexdigest()
    except (OSError, ValueError):
        return ""


def open_program(path: Path, limits: Limits = LIMITS) -> Program | Diagnostic:
    """The program in a file. A shipped model has the same name wherever it is installed."""
    name = shipped_name(path) or str(path)
    try:
        data = read(path, limits.layout_bytes + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {path}: {why(error)}"
        return Diagnostic(Code.UNREADABLE, message, help="name a readable `.layout` file")
    program = load_text(name, data, (path.parent, *search_path()), limits)
    return program if isinstance(program, Diagnostic) else Program(name, path, program)


def find_model(word: str) -> Path | Diagnostic:
    """The file of a shipped model; hyphens and underscores are the same."""
    known = models()
    folded = {name.replace("_", "-"): path for name, path in known.items()}
    found = folded.get(word.replace("_", "-"))
    if found is not None:
        return found
    near = get_close_matches(word.replace("_", "-"), folded, n=3)
    listing = f"did you mean {' or '.join(near)}? " if near else ""
    message = f"there is no file or shipped model called `{word}`"
    return Diagnostic(Code.UNKNOWN_MODEL, message, help=f"{listing}`mapproof models` lists the shipped models")


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
                if opened.code == Code.TOO_MUCH:
                    return programs, wrong
                continue
            wrong += idle(opened)
            if any(check.written for scenario in opened.program.scenarios for check in scenario.checks):
                programs.append(opened)
            elif not opened.program.scenarios and len(files) == 1:
                wrong.append(nothing_to_check(opened.name))
    return programs, wrong


def too_much(name: str, limits: CommandLimits) -> Diagnostic:
    """The complaint that a limit of a command is passed."""
    message, remedy = passed(limits, name)
    return Diagnostic(Code.TOO_MUCH, message, help=remedy)


def _under(folder: Path, limits: CommandLimits) -> tuple[Path, ...] | Diagnostic:
    """All `.layout` files under a folder, sorted; links to other folders are not followed."""
    found: list[Path] = []
    waiting = [str(folder)]
    seen = 0
    while waiting:
        with suppress(PermissionError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if seen > limits.entries:
                    return too_much("entries", limits)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(SUFFIX) and (path := Path(entry.path)).is_file():
                    found.append(path)
    return tuple(sorted(found))


def find_files(word: str, limits: CommandLimits = COMMAND) -> tuple[Path, ...] | Diagnostic:
    """The files that a word on the command line means: a file, all files under a folder, or a shipped model."""
    path = Path(word)
    try:
        if path.is_dir():
            found = _under(path, limits)
            if found:
                return found
            message = f"there is no `{SUFFIX}` file under {path}"
            return Diagnostic(Code.NO_PROGRAMS, message, help="name a file, a folder with files, or a shipped model")
        if path.exists() or path.suffix == SUFFIX or "/" in word:
            return (path,)
    except (OSError, ValueError) as error:
        return Diagnostic(Code.UNREADABLE, f"cannot read {word!r}: {error}", help="name a readable `.layout` file")
    model = find_model(word)
    return model if isinstance(model, Diagnostic) else (model,)


def nothing_to_check(name: str = "") -> Diagnostic:
    """The complaint that a program, or everything asked for if there is no name, states no check."""
    message = f"there is nothing to check{f' in {name}' if name else ''}"
    return Diagnostic(Code.NOTHING_TO_CHECK, message, help="name files with scenarios in which there is a `check`")


def idle(program: Program) -> list[Diagnostic]:
    """Complaints about the scenarios that state no check. What the checker asks by itself would be proved of them, and
    look like success."""
    return [
        Diagnostic(
            Code.NOTHING_TO_CHECK,
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
        return Diagnostic(Code.UNKNOWN_ALGORITHM, message, help="name FILE.layout:algorithm")
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
        return Diagnostic(Code.UNKNOWN_ALGORITHM, message, help=f"add `:algorithm`; {listing}")
    near = get_close_matches(name, known, n=3)
    remedy = f"did you mean {' or '.join(near)}? {listing}" if near else listing
    return Diagnostic(Code.UNKNOWN_ALGORITHM, f"{opened.name} has no algorithm `{wanted}`", help=remedy)


def _only(known: dict[str, p.Algorithm], stem: str) -> str:
    """The algorithm that a file stands for: the one called like it, or the only one; else empty."""
    called = stem.replace("-", "_")
    if called in known:
        return called
    return next(iter(known)) if len(known) == 1 else ""
