"""The places of programs: the modules and models that are shipped, and the files that a user names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import read
from checker.base.limits import CommandLimits, passed
from checker.language import SUFFIX, Limits

LIMITS = Limits()


COMMAND = CommandLimits()


def _home() -> Path:
    """The folder with ``spec`` and ``models``: inside the package once installed, the root of a checkout otherwise."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped"
    return installed if (installed / "spec").is_dir() else package.parent


def search_path() -> tuple[Path, ...]:
    """The folders in which ``use`` finds the shipped modules."""
    return (_home() / "spec",)


def models() -> dict[str, Path]:
    """The shipped models by name, sorted."""
    return {path.stem: path for path in sorted((_home() / "models").rglob(f"*{SUFFIX}"))}


def bindings() -> dict[str, Path]:
    """The shipped bindings of C to models by name, sorted."""
    return {path.stem: path for path in sorted((_home() / "models" / "bindings").glob("*.toml"))}


def is_specimen(path: Path) -> bool:
    """Tell whether a shipped model shows what was broken, beside what mended it: no machine is to be laid out by it."""
    return path.parent == _home() / "models" / "bugs"


def code_pages() -> tuple[Path, ...]:
    """The pages on codes, sorted."""
    return tuple(sorted((_home() / "docs" / "codes").glob("*.md")))


def sample_maps() -> tuple[Path, ...]:
    """The memory maps of real machines, a file for each format, sorted."""
    folder = _home() / "tests" / "data" / "maps"
    return tuple(sorted(path for path in folder.glob("*") if path.stem not in ("README", "expected")))


def shipped_name(path: Path) -> str | None:
    """The name of a shipped model, wherever it is installed; None for any other file."""
    here, folder = path.resolve(), (_home() / "models").resolve()
    if here.suffix != SUFFIX or folder not in here.parents:
        return None
    return f"models/{here.relative_to(folder).as_posix()}"


def overlooked(programs: Iterable[p.Program], done: str, limits: Limits = LIMITS) -> list[Diagnostic]:
    """Complaints of the files in the current folder that look like shipped ones of which some program consists, and are
    not: who has changed a clone, and runs what was installed from it before, may think that they were used. ``done`` is
    what was done with the programs."""
    used = {source for program in programs for source in program.sources}
    found = []
    for shipped in (*sorted(_home().glob(f"spec/*{SUFFIX}")), *models().values()):
        here, name = shipped.relative_to(_home()), shipped.stem
        if (name, _digest(shipped, limits)) in used and here.is_file() and (name, _digest(here, limits)) not in used:
            found.append(_overlooked(here.as_posix(), done))
    return found


def _overlooked(name: str, done: str) -> Diagnostic:
    message = f"{name} in this folder is not what was {done}: the installed one was, which differs"
    # A module cannot be named: `use` finds the installed one.
    remedy = f"{'' if name.startswith('spec/') else 'name the file, or '}install with `pip install --editable .`"
    return Diagnostic(CommandCode.OVERLOOKED, message, help=remedy)


def _digest(path: Path, limits: Limits) -> str:
    """The SHA-256 of a file's bytes, as sources are known by; empty where there is none to be had."""
    try:
        return hashlib.sha256(read(path, limits.layout_bytes + 1)).hexdigest()
    except (OSError, ValueError):
        return ""


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
    return Diagnostic(CommandCode.UNKNOWN_MODEL, message, help=f"{listing}`mapproof models` lists the shipped models")


def too_much(name: str, limits: CommandLimits) -> Diagnostic:
    """The complaint that a limit of a command is passed."""
    message, remedy = passed(limits, name)
    return Diagnostic(CommandCode.TOO_MUCH, message, help=remedy)


def _under(folder: Path, limits: CommandLimits) -> tuple[Path, ...] | Diagnostic:
    """All `.layout` files under a folder, sorted. Links to other folders are not followed, and hidden folders and
    environments of Python are passed over, unless they are the one that is named: what is installed there is not what
    somebody writes."""
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
                    if not entry.name.startswith(".") and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
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
            return Diagnostic(
                CommandCode.NO_PROGRAMS, message, help="name a file, a folder with files, or a shipped model"
            )
        if path.exists() or path.suffix == SUFFIX or "/" in word:
            return (path,)
    except (OSError, ValueError) as error:
        return Diagnostic(
            CommandCode.UNREADABLE, f"cannot read {word!r}: {error}", help="name a readable `.layout` file"
        )
    model = find_model(word)
    return model if isinstance(model, Diagnostic) else (model,)
