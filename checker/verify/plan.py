"""The tasks that programs make: checks of a scenario that are decided together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import compress
from pathlib import Path

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.library import Program
from checker.program.slice import slice_for
from checker.prove import groups

_NAMED = 5
"""The most names of checks that a complaint lists."""


Key = tuple[str, int, tuple[int, ...]]
"""The mark of a task among others: the program's name, the scenario's number, and those of the checks in it."""


@frozen
class Task:
    """Checks of a scenario under the same assumptions, decided together; ``positions`` are theirs in the scenario,
    ``group`` those of all checks that belong together, wanted or not (empty if these are all)."""

    program: Program
    scenario: int
    positions: tuple[int, ...]
    group: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """The mark of the task among others of the same plan."""
        return (self.program.name, self.scenario, self.positions)

    @cached_property
    def subject(self) -> p.Scenario:
        """The scenario, as far as it concerns the checks."""
        return slice_for(self.program.program.scenarios[self.scenario], self.beside or self.checks)

    @property
    def checks(self) -> tuple[p.Check, ...]:
        """The checks."""
        return self._at(self.positions)

    @property
    def beside(self) -> tuple[p.Check, ...]:
        """All checks of the group."""
        return self._at(self.group)

    def _at(self, positions: tuple[int, ...]) -> tuple[p.Check, ...]:
        stated = self.program.program.scenarios[self.scenario].checks
        return tuple(stated[position] for position in positions)


def plan(programs: Iterable[Program], wanted: tuple[str, ...] = (), words: tuple[str, ...] = ()) -> tuple[Task, ...]:
    """Return the tasks, in the order of the report; each file once.

    ``wanted`` are names of properties, or patterns with ``*``: what any of them means is done; all if there are none.
    Of these, only what has each of ``words`` in the name of its file or scenario or in its text is done.
    """
    once = _once(programs)
    names = [program.name for program in once.values()]
    told_apart = [
        program if names.count(program.name) == 1 else replace(program, name=str(path))
        for path, program in once.items()
    ]
    tasks = []
    for program in sorted(told_apart, key=lambda each: each.name):
        for number, scenario in enumerate(program.program.scenarios):
            if program.only and scenario.name not in program.only:
                continue
            place = {id(check): position for position, check in enumerate(scenario.checks)}
            for group in groups(scenario):
                whole = tuple(place[id(check)] for check in group)
                chosen = (
                    (not wanted or any(matches(check, each) for each in wanted))
                    and all(word in f"{program.name} {scenario.name} {check.label}" for word in words)
                    for check in group
                )
                positions = tuple(compress(whole, chosen))
                if positions:
                    tasks.append(Task(program, number, positions, whole))
    return tuple(tasks)


def _once(programs: Iterable[Program]) -> dict[Path, Program]:
    """The programs by their files; of one that is named for several scenarios, these together."""
    once: dict[Path, Program] = {}
    for program in programs:
        path = program.path.resolve()
        before = once.get(path, program)
        both = before.only | program.only if before.only and program.only else frozenset[str]()
        once[path] = replace(program, only=both)
    return once


def matches(check: p.Check, wanted: str) -> bool:
    """Tell whether a check is meant: by its label, by what stands before its arguments, or by a rule that it consists
    of."""
    names = {check.label, check.label.split(" assuming ")[0], *_names(check)}
    return any(fnmatchcase(name, wanted) for name in names)


def _names(check: p.Check) -> set[str]:
    """Return the short names of a check."""
    rules = () if isinstance(check.goal, p.ExactArithmetic) else (conjunct.rule for conjunct in check.goal)
    return {check.label.split("(")[0], *rules}


def unmatched(
    programs: Sequence[Program],
    wanted: tuple[str, ...],
    words: tuple[str, ...] = (),
    planned: Sequence[Task] | None = None,
) -> list[Diagnostic]:
    """Complaints about the names and patterns that mean no check of any program, or about words that none has;
    ``planned`` are the tasks that they mean, if that is known."""
    checks = [check for each in programs for scenario in each.program.scenarios for check in scenario.checks]
    known = sorted({name for check in checks for name in _names(check)})
    found = [_unmatched(each, known) for each in wanted if not any(matches(check, each) for check in checks)]
    if found or (plan(programs, wanted, words) if planned is None else planned):
        return found
    message = f"no check has {' and '.join(f'`{word}`' for word in words)} in its file, its scenario or its name"
    return [Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help="`verify --list` lists the checks")]


def _unmatched(wanted: str, known: list[str]) -> Diagnostic:
    near = get_close_matches(wanted.strip("*"), known, n=3)
    remedy = f"did you mean {' or '.join(near)}?"
    if not near:
        more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
        remedy = f"there is {', '.join(known[:_NAMED])}{more}"
    return Diagnostic(CommandCode.NOTHING_TO_CHECK, f"no check is called `{wanted}`", help=remedy)
