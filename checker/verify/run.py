"""Every scenario of some programs, judged: the library behind ``verify``."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import field, replace
from functools import partial
from itertools import groupby
from typing import Protocol, assert_never, runtime_checkable

from checker import program as p
from checker.base.diagnostic import NOWHERE
from checker.base.limits import CommandLimits, passed
from checker.base.values import frozen
from checker.prove import Failed, Limits, Proved, Result, Unknown, load_solver
from checker.verify import replay
from checker.verify.attack import Attacked, Attacker, Broken
from checker.verify.executors import LOCAL, Executor
from checker.verify.executors.executor import Bounds, End, Ended, Produced, Started, Tick
from checker.verify.plan import Task
from checker.verify.replay import Seen
from checker.verify.results import CheckResult, CheckStarted, Event


@frozen
class Options:
    """The price that a verification may have: ``jobs`` tasks run at a time; each check may take ``seconds``, its
    process ``memory`` bytes, and all together what ``in_all`` says. Proofs are written out if ``write`` says so. What
    is proved is attacked with ``attack`` maps, or with as many as a tenth of the proof pays for. ``executor`` carries
    it out."""

    jobs: int = 1
    seconds: float | None = None
    memory: int | None = 2 << 30
    limits: Limits = field(default_factory=Limits)
    write: bool = False
    in_all: CommandLimits = field(default_factory=CommandLimits)
    attack: int | None = None
    executor: Executor = LOCAL

    @property
    def allowed(self) -> Bounds:
        """The bounds on tasks in processes of their own."""
        return Bounds(self.jobs, self.seconds, self.memory, self.in_all.total_seconds, self.in_all.result_bytes)


def _guess(task: Task) -> int:
    """Guess roughly how much the checks of a task cost."""
    return sum(map(_cost, task.checks))


def _cost(check: p.Check) -> int:
    """A rough guess, to begin with what takes long: properties of pairs do."""
    if isinstance(check.goal, p.ExactArithmetic):
        return 1
    return (
        4
        if any(isinstance(conjunct.formula, p.ForAll) and conjunct.formula.arity == 2 for conjunct in check.goal)
        else 1
    )


Deciding = Callable[[Task, Options], Iterator[Result]]
"""Gives the results on the checks of a task, in order."""


@runtime_checkable
class DecidingApart(Protocol):
    """Decides by what it knows of each task: only that goes with the task to where it is decided."""

    def __call__(self, task: Task, options: Options) -> Iterator[Result]:
        """Give the results on the checks of a task, in order."""

    def about(self, task: Task, whole: Task) -> Deciding:
        """Return what decides this task alone: the last checks of the ``whole`` one, or all of them."""


def prove(task: Task, options: Options) -> Iterator[Result]:
    """Proofs, or counterexamples, from scratch."""
    from checker.prove import decide

    return decide(task.subject, task.checks, replay, options.limits, options.write, task.beside)


def verify(
    tasks: Sequence[Task],
    options: Options,
    deciding: Deciding = prove,
    *,
    together: bool = False,
    cost: Callable[[Task], int] = _guess,
) -> Generator[Event, None, None]:
    """Decide every check, each task in a process of its own: what is being done, and each finding once it is known.

    The tasks that look hardest come first, so that the last process to end does so early; findings are sorted by
    their `order`. ``cost`` says which look so. With ``together`` there are only as many processes as run at a time: for
    what takes no longer than to make one, and does not depend on what was asked before it.

    The seconds and the memory of the options are each check's own: what ends on them is told if it had all of them,
    else begun anew, and the checks behind it go on in another process.
    """
    first = sorted(range(len(tasks)), key=lambda number: -cost(tasks[number]))
    shares = min(options.jobs, len(tasks)) if together else len(tasks)
    batches = [[_Left(number, tasks[number]) for number in first[share::shares]] for share in range(shares)]
    began = time.monotonic()
    while batches:
        again: list[list[_Left]] = []
        for event in _round(batches, options, deciding, began):
            if isinstance(event, list):
                again.append(event)
            else:
                yield event
        batches = again


@frozen
class _Left:
    """The checks of a task that are left to decide: all behind the first ones."""

    number: int
    whole: Task
    done: int = 0

    @property
    def task(self) -> Task:
        """The task of the checks that are left; the others still belong to the group."""
        if not self.done:
            return self.whole
        positions = self.whole.positions
        return replace(self.whole, positions=positions[self.done :], group=self.whole.group or positions)


def _round(
    batches: Sequence[Sequence[_Left]], options: Options, deciding: Deciding, began: float
) -> Iterator[Event | list[_Left]]:
    """Decide tasks, those of a batch in one process: what is being done, each finding, and what has to be begun anew
    in a process of its own."""
    # An executor stays where it is.
    work = partial(_decide, options=replace(options, executor=LOCAL))
    items = [[(each.number, each.task, _part(deciding, each)) for each in batch] for batch in batches]
    left = [
        [(each, index) for each in batch for index in range(each.done, len(each.whole.checks))] for batch in batches
    ]
    counts = [len(waiting) for waiting in left]
    allowed = options.allowed
    if allowed.all_seconds is not None:
        allowed = replace(allowed, all_seconds=max(0, allowed.all_seconds - (time.monotonic() - began)))
    for event in options.executor.run(work, items, allowed, load_solver):
        if isinstance(event, Tick):
            yield event
            continue
        waiting = left[event.task]
        match event:
            case Produced(value=value):
                number, result, attacked, seen = value
                place = next(place for place, (each, _) in enumerate(waiting) if each.number == number)
                each, index = waiting.pop(place)
                whole = replace(result, check=each.whole.checks[index])
                yield CheckResult(each.whole, index, whole, attacked=attacked, seen=seen)
            case Ended():
                alone = len(waiting) == counts[event.task]
                if event.end in _ON_ITS_OWN:
                    if alone and waiting:
                        each, index = waiting.pop(0)
                        yield CheckResult(each.whole, index, _undecided(each, index, event, options, begun=True))
                    if waiting:
                        begin = (next(checks) for _, checks in groupby(waiting, key=lambda one: one[0].number))
                        yield [replace(each, done=index) for each, index in begin]
                    continue
                for place, (each, index) in enumerate(waiting):
                    yield CheckResult(each.whole, index, _undecided(each, index, event, options, begun=place == 0))
                continue
            case Started():
                pass
            case _:
                assert_never(event)
        if waiting:
            yield CheckStarted(waiting[0][0].whole, waiting[0][1])


_ON_ITS_OWN = (End.OUT_OF_TIME, End.OUT_OF_MEMORY)
"""The ends that a check comes to by itself, so that they say nothing of those behind it."""


Batch = Sequence[tuple[int, Task, Deciding]]
"""Tasks that share a process, with their numbers, and what decides each."""


def _part(deciding: Deciding, left: _Left) -> Deciding:
    """Return what has to go with the checks that are left of a task to where they are decided."""
    return deciding.about(left.task, left.whole) if isinstance(deciding, DecidingApart) else deciding


def _decide(batch: Batch, options: Options) -> Iterator[tuple[int, Result, Attacked | None, Seen | None]]:
    """Give the results on tasks as they go from the process that decides to the one that tells of it."""
    for number, task, deciding in batch:
        for result, attacked in attack(task, deciding(task, options), options):
            found = result.counterexample
            seen = None if found is None else replay.see(task.subject, result.check, found)
            yield number, replace(result, check=_NO_CHECK), attacked, seen


def attack(task: Task, results: Iterator[Result], options: Options) -> Iterator[tuple[Result, Attacked | None]]:
    """The results, each `proved` only after the interpreter has tried to break it, with what its attack came to.

    The interpreter is given the scenario as it is written, not what the prover was: which runs a check is about, it
    finds out by itself.
    """
    attacker = Attacker(task.program.program.scenarios[task.scenario], options.attack)
    for result in results:
        if not isinstance(result.outcome, Proved) or options.attack == 0:
            yield result, None
            continue
        found = attacker.attack(result.check, result.cost.effort, result.outcome.evidence.spoken)
        if isinstance(found, Broken):
            yield replace(result, outcome=Failed(_CONTRADICTED, found.values)), None
        else:
            yield result, found


_CONTRADICTED = "the interpreter contradicts the proof: it broke on a map what is proved"


def _undecided(left: _Left, index: int, ended: Ended, options: Options, *, begun: bool) -> Result:
    """The verdict on a check whose process ended before there was one."""
    check = left.whole.checks[index]
    match ended.end:
        case End.OUT_OF_TIME:
            detail = f"out of time: {options.seconds or 0:g} s (--timeout)"
        case End.OUT_OF_MEMORY:
            detail = f"out of memory: more than {(options.memory or 0) >> 20} MiB (--memory)"
        case End.OUT_OF_TOTAL_TIME:
            detail = f"out of time: {passed(options.in_all, 'total_seconds')[0]} (--limit total-seconds)"
        case End.OUT_OF_ROOM:
            detail = f"out of room: {passed(options.in_all, 'result_bytes')[0]} (--limit result-bytes)"
        case End.KILLED:
            detail = ended.detail
        case _:
            detail = ended.detail or "no verdict was given"
            if begun:
                return Result(check, Failed(detail))
    return Result(check, Unknown(detail if begun else f"not begun, because of the check before it: {detail}"))


_NO_CHECK = p.Check("", p.ExactArithmetic(""), (), p.Expected.PROVED, False, NOWHERE)
"""Stands in for the check while a result is on its way between processes: the parent has the check already."""
