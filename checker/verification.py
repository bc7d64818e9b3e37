"""Every scenario of some programs, judged: the library behind ``verify``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import compress
from typing import TypedDict

from checker import replay, workers
from checker.diagnostic import Diagnostic, Source, Span
from checker.exit_status import ExitStatus, worst
from checker.language import program as p
from checker.library import Code, Program
from checker.limits import CommandLimits, passed
from checker.prove import Limits, Result, Verdict, Written, concerning, decide, groups

_NAMED = 5
"""How many names of checks a complaint lists."""


class Allowed(TypedDict):
    """What `checker.workers.run` wants to know."""

    jobs: int
    seconds: float | None
    memory: int | None
    all_seconds: float | None
    all_bytes: int | None


@dataclass(frozen=True)
class Options:
    """What a verification may cost: ``jobs`` tasks run at a time; each may take ``seconds`` and ``memory`` bytes, and
    all together what ``in_all`` says. Proofs are written out if ``write`` says so."""

    jobs: int = 1
    seconds: float | None = None
    memory: int | None = 2 << 30
    limits: Limits = field(default_factory=Limits)
    write: bool = False
    in_all: CommandLimits = field(default_factory=CommandLimits)

    @property
    def allowed(self) -> Allowed:
        """What tasks in processes of their own may cost."""
        return {
            "jobs": self.jobs,
            "seconds": self.seconds,
            "memory": self.memory,
            "all_seconds": self.in_all.total_seconds,
            "all_bytes": self.in_all.result_bytes,
        }


Key = tuple[str, int, tuple[int, ...]]
"""What tells a task from others: the program's name, the scenario's number, and those of the checks in it."""


@dataclass(frozen=True)
class Task:
    """Checks of a scenario under the same assumptions, decided together; ``positions`` are theirs in the scenario,
    ``group`` those of all checks that belong together, wanted or not (empty if these are all)."""

    program: Program
    scenario: int
    positions: tuple[int, ...]
    group: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from others of the same plan."""
        return (self.program.name, self.scenario, self.positions)

    @cached_property
    def subject(self) -> p.Scenario:
        """The scenario, as far as it concerns the checks."""
        return concerning(self.program.program.scenarios[self.scenario], self.beside or self.checks)

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


@dataclass(frozen=True)
class Opinion:
    """What another solver makes of a proof: of its ``statements``, how many it confirms, which it does not decide, each
    with the reason, and to which it says the contrary."""

    solver: str
    version: str
    statements: int
    confirmed: int
    undecided: tuple[tuple[str, str], ...] = ()
    contrary: tuple[Written, ...] = ()

    @property
    def confirms(self) -> bool:
        """Whether it confirms the proof: all of it."""
        return self.confirmed == self.statements


@dataclass(frozen=True)
class Finding:
    """The verdict on one check, with what it is about, and what another solver makes of it, if one was asked."""

    task: Task
    index: int
    result: Result
    opinion: Opinion | None = None

    @property
    def file(self) -> str:
        """The name of the program."""
        return self.task.program.name

    @property
    def scenario(self) -> p.Scenario:
        """The scenario that states the check."""
        return self.task.subject

    @property
    def order(self) -> tuple[str, int, int]:
        """Where the finding stands in a report."""
        return (self.file, self.task.scenario, self.task.positions[self.index])

    @property
    def status(self) -> ExitStatus:
        """What the verdict means for the command."""
        if self.result.verdict is Verdict.ERROR or (self.opinion is not None and self.opinion.contrary):
            return ExitStatus.INTERNAL_ERROR
        if self.result.as_expected:
            return ExitStatus.AS_EXPECTED
        undecided = self.result.verdict in (Verdict.UNKNOWN, Verdict.PROVED_TO_BOUND)
        return ExitStatus.UNDECIDED if undecided else ExitStatus.NOT_AS_EXPECTED


@dataclass(frozen=True)
class Working:
    """A check is being decided."""

    task: Task
    index: int


Event = Working | Finding | workers.Tick


def plan(programs: Iterable[Program], wanted: tuple[str, ...] = ()) -> tuple[Task, ...]:
    """What is to be done, in the order of the report; each file once.

    ``wanted`` are names of properties, or patterns with ``*``: what any of them means is done; all if there are none.
    """
    once = {program.path.resolve(): program for program in programs}
    names = [program.name for program in once.values()]
    told_apart = [
        program if names.count(program.name) == 1 else replace(program, name=str(path))
        for path, program in once.items()
    ]
    tasks = []
    for program in sorted(told_apart, key=lambda each: each.name):
        for number, scenario in enumerate(program.program.scenarios):
            place = {id(check): position for position, check in enumerate(scenario.checks)}
            for group in groups(scenario):
                whole = tuple(place[id(check)] for check in group)
                chosen = (not wanted or any(matches(check, each) for each in wanted) for check in group)
                positions = tuple(compress(whole, chosen))
                if positions:
                    tasks.append(Task(program, number, positions, whole))
    return tuple(tasks)


def matches(check: p.Check, wanted: str) -> bool:
    """Whether a check is meant: by its label, by what stands before its arguments, or by a rule that it consists of."""
    names = {check.label, check.label.split(" assuming ")[0], *_names(check)}
    return any(fnmatchcase(name, wanted) for name in names)


def _names(check: p.Check) -> set[str]:
    """What a check is called in short."""
    rules = () if isinstance(check.goal, p.ExactArithmetic) else (conjunct.rule for conjunct in check.goal)
    return {check.label.split("(")[0], *rules}


def unmatched(programs: Iterable[Program], wanted: tuple[str, ...]) -> list[Diagnostic]:
    """Complaints about the names and patterns that mean no check of any program."""
    checks = [check for each in programs for scenario in each.program.scenarios for check in scenario.checks]
    known = sorted({name for check in checks for name in _names(check)})
    return [_unmatched(each, known) for each in wanted if not any(matches(check, each) for check in checks)]


def _unmatched(wanted: str, known: list[str]) -> Diagnostic:
    near = get_close_matches(wanted.strip("*"), known, n=3)
    remedy = f"did you mean {' or '.join(near)}?"
    if not near:
        more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
        remedy = f"there is {', '.join(known[:_NAMED])}{more}"
    return Diagnostic(Code.NOTHING_TO_CHECK, f"no check is called `{wanted}`", help=remedy)


def _cost(check: p.Check) -> int:
    """A rough guess, to begin with what takes long: properties of pairs do."""
    if isinstance(check.goal, p.ExactArithmetic):
        return 1
    return 4 if any(isinstance(conjunct.formula, p.ForPair) for conjunct in check.goal) else 1


Deciding = Callable[[Task, Options], Iterator[Result]]
"""Gives the results on the checks of a task, in order."""


def prove(task: Task, options: Options) -> Iterator[Result]:
    """Proofs, or counterexamples, from scratch."""
    judges = (replay.breaks, replay.applies)
    return decide(task.subject, task.checks, *judges, options.limits, options.write, task.beside)


def verify(tasks: Sequence[Task], options: Options, deciding: Deciding = prove) -> Iterator[Event]:
    """Decide every check, each task in a process of its own: what is being done, and each finding once it is known.

    The tasks that look hardest come first, so that the last process to end does so early; findings are sorted by
    their `order`.
    """
    first = sorted(range(len(tasks)), key=lambda number: -sum(map(_cost, tasks[number].checks)))

    def work(number: int) -> Iterator[Result]:
        return (replace(result, check=_NO_CHECK) for result in deciding(tasks[first[number]], options))

    decided = [0] * len(tasks)
    for event in workers.run(len(tasks), work, **options.allowed):
        if isinstance(event, workers.Tick):
            yield event
            continue
        task = tasks[first[event.task]]
        index = decided[event.task]
        match event:
            case workers.Produced(value=result):
                decided[event.task] += 1
                yield Finding(task, index, replace(result, check=task.checks[index]))
                if index + 1 < len(task.checks):
                    yield Working(task, index + 1)
            case workers.Ended():
                for left in range(index, len(task.checks)):
                    yield Finding(task, left, _undecided(task.checks[left], event, options, begun=left == index))
            case workers.Started():
                yield Working(task, 0)


def _undecided(check: p.Check, ended: workers.Ended, options: Options, *, begun: bool) -> Result:
    """The verdict on a check whose process ended before there was one."""
    verdict = Verdict.UNKNOWN
    match ended.end:
        case workers.End.OUT_OF_TIME:
            detail = f"out of time: {options.seconds or 0:g} s for all checks under these assumptions (--timeout)"
        case workers.End.OUT_OF_MEMORY:
            detail = f"out of memory: more than {(options.memory or 0) >> 20} MiB (--memory)"
        case workers.End.OUT_OF_TOTAL_TIME:
            detail = f"out of time: {passed(options.in_all, 'total_seconds')[0]} (--limit total-seconds)"
        case workers.End.OUT_OF_ROOM:
            detail = f"out of room: {passed(options.in_all, 'result_bytes')[0]} (--limit result-bytes)"
        case workers.End.KILLED:
            detail = ended.detail
        case _:
            verdict, detail = Verdict.ERROR, ended.detail or "no verdict was given"
    if not begun:
        verdict, detail = Verdict.UNKNOWN, f"not begun, because of the check before it: {detail}"
    return Result(check, verdict, detail)


def status(findings: Iterable[Finding], *, wrong_input: bool) -> ExitStatus:
    """The exit status of a verification; ``wrong_input`` where something asked for could not be read."""
    found = {finding.status for finding in findings}
    return worst(found | {ExitStatus.WRONG_INPUT} if wrong_input or not found else found)


_NOWHERE = Span(Source("", ""), 0, 0)
_NO_CHECK = p.Check("", p.ExactArithmetic(""), (), p.Expected.PROVED, False, _NOWHERE)
"""Stands in for the check while a result is on its way between processes: the parent has the check already."""
