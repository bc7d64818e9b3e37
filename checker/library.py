"""Where programs are found: the modules and models that are shipped, and the files that a user names."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from checker.diagnostic import Diagnostic
from checker.language import SUFFIX, load_text
from checker.language import program as p
from checker.language.source import MAX_BYTES


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


def open_program(path: Path) -> Program | Diagnostic:
    """The program in a file. A shipped model has the same name wherever it is installed."""
    name = shipped_name(path) or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Diagnostic(Code.UNREADABLE, f"cannot read {path}: {reason}", help="name a readable `.layout` file")
    program = load_text(name, data, (path.parent, *search_path()))
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


def find_files(word: str) -> tuple[Path, ...] | Diagnostic:
    """The files that a word on the command line means: a file, all files under a folder, or a shipped model."""
    path = Path(word)
    try:
        if path.is_dir():
            found = tuple(sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file()))
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


def nothing_to_check(name: str, wanted: str | None = None) -> Diagnostic:
    """The complaint that a program, or everything asked for if there is no name, states no check that is wanted."""
    where = f" in {name}" if name else ""
    if wanted is None:
        message, remedy = f"there is nothing to check{where}", "name files with scenarios in which there is a `check`"
    else:
        message, remedy = f"no check is called `{wanted}`{where}", "give a property's name, as in --property no_overlap"
    return Diagnostic(Code.NOTHING_TO_CHECK, message, help=remedy)


def find_algorithm(word: str) -> Chosen | Diagnostic:
    """The algorithm that ``MODEL``, ``FILE.layout`` or either with ``:algorithm`` names."""
    place, _, wanted = word.rpartition(":") if not word.endswith(SUFFIX) and ":" in word else (word, "", "")
    files = find_files(place)
    if isinstance(files, Diagnostic):
        return files
    if len(files) != 1:
        message = f"{place} is a folder: an algorithm is in one file"
        return Diagnostic(Code.UNKNOWN_ALGORITHM, message, help="name FILE.layout:algorithm")
    opened = open_program(files[0])
    if isinstance(opened, Diagnostic):
        return opened
    known = {algorithm.name: algorithm for algorithm in opened.program.algorithms}
    name = wanted.replace("-", "_") or _only(known, files[0].stem)
    if name in known:
        shown = files[0].stem if opened.name != str(files[0]) else opened.name
        return Chosen(f"{shown}:{name}" if wanted else shown, known[name], opened.program)
    listing = ", ".join(known) or "none"
    message = f"{opened.name} has no algorithm `{name}`" if name else f"{opened.name} does not say which algorithm"
    return Diagnostic(Code.UNKNOWN_ALGORITHM, message, help=f"add `:algorithm`; the file has: {listing}")


def _only(known: dict[str, p.Algorithm], stem: str) -> str:
    """The algorithm that a file stands for: the one called like it, or the only one; else empty."""
    called = stem.replace("-", "_")
    if called in known:
        return called
    return next(iter(known)) if len(known) == 1 else ""
