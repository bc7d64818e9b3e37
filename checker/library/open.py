"""Programs and algorithms, opened as a user names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import read, why
from checker.base.limits import CommandLimits
from checker.base.values import frozen
from checker.language import SUFFIX, Limits
from checker.library.find import (
    COMMAND,
    LIMITS,
    find_files,
    is_specimen,
    models,
    search_path,
    shipped_name,
    too_much,
)

if TYPE_CHECKING:
    from checker.language import Desk


@frozen
class Program:
    """A program that was asked for: the name under which reports speak of it, its file and its meaning, and the
    scenarios that are meant, by name; all if there are none."""

    name: str
    path: Path
    program: p.Program
    only: frozenset[str] = frozenset()
    read_from: str = ""
    """The place in a source tree that its algorithm was read from, in words; none if it is its own."""


@frozen
class Chosen:
    """An algorithm that was asked for: its name for reports, the program that it is from, and the file of that."""

    name: str
    algorithm: p.Algorithm
    program: p.Program
    path: Path
    text: str = ""
    """The text of the program, if it is in no file."""


@frozen
class Text:
    """The text of a program: the name and the bytes of its file, the folders in which it looks for modules, and what
    it may cost to be read."""

    name: str
    data: bytes
    search: tuple[Path, ...]
    limits: Limits


class Shelf(Protocol):
    """A place where programs are kept that were read before, and that is believed."""

    def recall(self, text: Text) -> p.Program | None:
        """The program of a text, if it is there and none of the modules that it uses has changed."""

    def keep(self, text: Text, program: p.Program) -> None:
        """Keep the program of a text, if that can be."""


def open_program(
    path: Path,
    limits: Limits = LIMITS,
    more: tuple[str, str] | None = None,
    desk: Desk | Callable[[], Desk] | None = None,
    shelf: Shelf | None = None,
) -> Program | Diagnostic:
    """The program in a file. A shipped model has the same name wherever it is installed. ``more`` are the name and the
    text of items that are read as if they stood at its end. Programs with the same ``desk`` share what they use; what
    makes one is called where something has to be read. What is on the ``shelf`` is not read again."""
    name = shipped_name(path) or str(path)
    try:
        data = read(path, limits.layout_bytes + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {path}: {why(error)}"
        return Diagnostic(CommandCode.UNREADABLE, message, help="name a readable `.layout` file")
    text = Text(name, data, (path.parent, *search_path()), limits)
    shelf = shelf if more is None else None
    recalled = None if shelf is None else shelf.recall(text)
    if recalled is not None:
        return Program(name, path, recalled)
    from checker.language import load_text

    program = load_text(name, data, text.search, limits, more, desk() if callable(desk) else desk)
    if isinstance(program, Diagnostic):
        return program if path.suffix == SUFFIX else _perhaps_a_map(program, path)
    if shelf is not None:
        shelf.keep(text, program)
    return Program(name, path, program)


def reopen(chosen: Chosen, more: tuple[str, str], limits: Limits = LIMITS) -> Program | Diagnostic:
    """The program of an algorithm again, with items that are read as if they stood at its end."""
    if not chosen.text:
        return open_program(chosen.path, limits, more)
    from checker.language import load_text

    program = load_text(str(chosen.path), chosen.text.encode(), (chosen.path.parent, *search_path()), limits, more)
    return program if isinstance(program, Diagnostic) else Program(chosen.name, chosen.path, program)


def _perhaps_a_map(wrong: Diagnostic, path: Path) -> Diagnostic:
    """The complaint about a file that is not called as programs are: somebody may have named a map in its place."""
    remedy = f"a program is a `{SUFFIX}` file; if this is a memory map: `mapproof run auto {path}`"
    return replace(wrong, help=f"{wrong.help}; {remedy}" if wrong.help else remedy)


def open_programs(
    words: Sequence[str], limits: CommandLimits = COMMAND, layout: Limits = LIMITS, shelf: Shelf | None = None
) -> tuple[list[Program], list[Diagnostic]]:
    """The programs that words on the command line mean (none: all shipped models), and what is wrong with those that
    are not to be had. A file or model followed by ``:NAME`` is that scenario of it. Files without scenarios are passed
    over, if they are not named themselves. What is on the ``shelf`` is not read again."""
    programs: list[Program] = []
    wrong: list[Diagnostic] = []
    count = size = 0
    desk = cache(shared_desk)
    # Sorted: what is said must not depend on the order, nor on which of two names for a file comes last.
    for word in sorted(set(words)) or list(models()):
        place, scenario = split_scenario(word)
        files = find_files(place, limits)
        if isinstance(files, Diagnostic):
            wrong.append(files)
            continue
        for path in files:
            count += 1
            opened = (
                too_much("programs", limits)
                if count > limits.programs
                else open_program(path, layout, desk=desk, shelf=shelf)
            )
            size += opened.program.size if isinstance(opened, Program) else 0
            if size > limits.size:
                opened = too_much("size", limits)
            if isinstance(opened, Diagnostic):
                wrong.append(opened)
                if opened.code == CommandCode.TOO_MUCH:
                    return programs, wrong
                continue
            if scenario:
                known = [each.name for each in opened.program.scenarios]
                if scenario not in known:
                    wrong.append(_no_scenario(opened.name, scenario, known))
                    continue
                opened = replace(opened, only=frozenset((scenario,)))
            wrong += idle(opened)
            if any(check.written for scenario in opened.program.scenarios for check in scenario.checks):
                programs.append(opened)
            elif not opened.program.scenarios and len(files) == 1:
                wrong.append(nothing_to_check(opened.name))
    return programs, wrong


def shared_desk() -> Desk:
    """Something for programs to share what they use; the parser is loaded for that."""
    from checker.language import Desk

    return Desk()


def split_scenario(word: str) -> tuple[str, str]:
    """A file, folder or model, and the scenario in it that a word means; empty for all."""
    place, colon, scenario = word.rpartition(":")
    if not colon or not scenario.isidentifier() or Path(word).exists():
        return word, ""
    return place, scenario


def _no_scenario(name: str, scenario: str, known: Sequence[str]) -> Diagnostic:
    near = get_close_matches(scenario, known, n=3)
    listing = f"it has: {', '.join(known) or 'none'}"
    remedy = f"did you mean {' or '.join(near)}? {listing}" if near else listing
    return Diagnostic(CommandCode.NOTHING_TO_CHECK, f"{name} has no scenario `{scenario}`", help=remedy)


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
        if not any(check.written for check in scenario.checks) and (not program.only or scenario.name in program.only)
    ]


def find_part(
    word: str, what: str, limits: Limits = LIMITS, desk: Desk | None = None
) -> tuple[Program, str] | Diagnostic:
    """The program that ``MODEL`` or ``FILE.layout`` names, and what stands behind it and a colon; ``what`` that is."""
    place, _, wanted = word.rpartition(":") if not word.endswith(SUFFIX) and ":" in word else (word, "", "")
    files = find_files(place)
    if isinstance(files, Diagnostic):
        return files
    if len(files) != 1:
        message = f"{place} is a folder: {'an' if what[0] in 'aeiou' else 'a'} {what} is in one file"
        return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, message, help=f"name FILE.layout:{what}")
    opened = open_program(files[0], limits, desk=desk)
    return opened if isinstance(opened, Diagnostic) else (opened, wanted)


def find_algorithm(word: str, limits: Limits = LIMITS, desk: Desk | None = None) -> Chosen | Diagnostic:
    """The algorithm that ``MODEL``, ``FILE.layout`` or either with ``:algorithm`` names. Algorithms that are found with
    the same ``desk`` share what they use."""
    found = find_part(word, "algorithm", limits, desk)
    return found if isinstance(found, Diagnostic) else algorithm_of(*found)


def algorithm_of(opened: Program, wanted: str = "") -> Chosen | Diagnostic:
    """The algorithm of a program that is called ``wanted``, or the one that its file stands for."""
    known = {algorithm.name: algorithm for algorithm in opened.program.algorithms}
    name = wanted.replace("-", "_") or _only(known, opened.path.stem)
    if name in known:
        return _chosen(opened, known[name], named=bool(wanted))
    listing = f"the file has: {', '.join(known) or 'none'}"
    if not known:
        run = dict.fromkeys(each.algorithm.name for scenario in opened.program.scenarios for each in scenario.runs)
        message = f"{opened.name} has no algorithm of its own"
        help = f"it asks of {' and '.join(run)}, which a module has" if run else "name a file that has one"
        return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, message, help=help)
    if not wanted:
        message = f"{opened.name} does not say which algorithm"
        return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, message, help=f"add `:algorithm`; {listing}")
    near = get_close_matches(name, known, n=3)
    remedy = f"did you mean {' or '.join(near)}? {listing}" if near else listing
    return Diagnostic(CommandCode.UNKNOWN_ALGORITHM, f"{opened.name} has no algorithm `{wanted}`", help=remedy)


def algorithms_run(opened: Program, wanted: str) -> list[Chosen]:
    """The algorithms that the scenario ``wanted`` runs, or all scenarios if none is, each once."""
    scenarios = [each for each in opened.program.scenarios if wanted.replace("-", "_") in ("", each.name)]
    runs = {run.algorithm.name: run.algorithm for each in scenarios for run in each.runs}
    stands_for = _only({each.name: each for each in opened.program.algorithms}, opened.path.stem)
    return [_chosen(opened, each, named=name != stands_for) for name, each in runs.items()]


@cache
def shipped_programs(limits: Limits) -> Mapping[str, Program | Diagnostic]:
    """The programs of shipped models, by their names. They are read once: they are the same for every map. What shows
    how a kernel was broken is for none."""
    desk = shared_desk()
    kept = ((name, path) for name, path in models().items() if not is_specimen(path))
    return {name: open_program(path, limits, desk=desk) for name, path in kept}


@cache
def shipped_algorithms(limits: Limits = LIMITS) -> tuple[Chosen, ...]:
    """The algorithms of shipped models that say which machines they are for, in the order of their names."""
    programs = [each for each in shipped_programs(limits).values() if isinstance(each, Program)]
    chosen = [(each, algorithm) for each in programs for algorithm in each.program.algorithms if algorithm.targets]
    return tuple(Chosen(each.path.stem, algorithm, each.program, each.path) for each, algorithm in chosen)


def _chosen(opened: Program, algorithm: p.Algorithm, *, named: bool) -> Chosen:
    """An algorithm of a program, called like the program's file; ``named`` where that alone does not say which."""
    shown = opened.path.stem if opened.name != str(opened.path) else opened.name
    return Chosen(f"{shown}:{algorithm.name}" if named else shown, algorithm, opened.program, opened.path)


def stands_for(opened: Program) -> p.Algorithm | None:
    """The algorithm that a file stands for: the one called like it, or the only one; None where that does not say."""
    known = {each.name: each for each in opened.program.algorithms}
    return known.get(_only(known, opened.path.stem))


def _only(known: dict[str, p.Algorithm], stem: str) -> str:
    """The algorithm that a file stands for: the one called like it, or the only one; else empty."""
    called = stem.replace("-", "_")
    if called in known:
        return called
    return next(iter(known)) if len(known) == 1 else ""
