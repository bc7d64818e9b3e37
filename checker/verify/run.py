"""Every scenario of some programs, judged: the library behind ``verify``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict, assert_never

from checker import program as p
from checker.base.diagnostic import Source, Span
from checker.base.limits import CommandLimits, passed
from checker.prove import Failed, Limits, Proved, Result, Unknown, decide
from checker.verify import replay
from checker.verify.attack import Attacked, Attacker, Broken
from checker.verify.executors import local
from checker.verify.plan import Task
from checker.verify.replay import Seen
from checker.verify.results import CheckResult, CheckStarted, Event


class Allowed(TypedDict):
    """The bounds that `checker.verify.executors.local.run` keeps."""

    jobs: int
    seconds: float | None
    memory: int | None
    all_seconds: float | None
    all_bytes: int | None


@dataclass(frozen=True)
class Options:
    """The price that a verification may have: ``jobs`` tasks run at a time; each may take ``seconds`` and ``memory``
    bytes, and all together what ``in_all`` says. Proofs are written out if ``write`` says so. What is proved is
    attacked with ``attack`` maps, or with as many as a tenth of the proof pays for."""

    jobs: int = 1
    seconds: float | None = None
    memory: int | None = 2 << 30
    limits: Limits = field(default_factory=Limits)
    write: bool = False
    in_all: CommandLimits = field(default_factory=CommandLimits)
    attack: int | None = None

    @property
    def allowed(self) -> Allowed:
        """The bounds on tasks in processes of their own."""
        return {
            "jobs": self.jobs,
            "seconds": self.seconds,
            "memory": self.memory,
            "all_seconds": self.in_all.total_seconds,
            "all_bytes": self.in_all.result_bytes,
        }


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


def prove(task: Task, options: Options) -> Iterator[Result]:
    """Proofs, or counterexamples, from scratch."""
    return decide(task.subject, task.checks, replay, options.limits, options.write, task.beside)


def verify(tasks: Sequence[Task], options: Options, deciding: Deciding = prove) -> Iterator[Event]:
    """Decide every check, each task in a process of its own: what is being done, and each finding once it is known.

    The tasks that look hardest come first, so that the last process to end does so early; findings are sorted by
    their `order`.
    """
    first = sorted(range(len(tasks)), key=lambda number: -sum(map(_cost, tasks[number].checks)))

    def work(number: int) -> Iterator[tuple[Result, Attacked | None, Seen | None]]:
        task = tasks[first[number]]
        for result, attacked in attack(task, deciding(task, options), options):
            found = result.counterexample
            seen = None if found is None else replay.see(task.subject, result.check, found)
            yield replace(result, check=_NO_CHECK), attacked, seen

    decided = [0] * len(tasks)
    for event in local.run(len(tasks), work, **options.allowed):
        if isinstance(event, local.Tick):
            yield event
            continue
        task = tasks[first[event.task]]
        index = decided[event.task]
        match event:
            case local.Produced(value=value):
                result, attacked, seen = value
                decided[event.task] += 1
                whole = replace(result, check=task.checks[index])
                yield CheckResult(task, index, whole, attacked=attacked, seen=seen)
                if index + 1 < len(task.checks):
                    yield CheckStarted(task, index + 1)
            case local.Ended():
                for left in range(index, len(task.checks)):
                    yield CheckResult(task, left, _undecided(task.checks[left], event, options, begun=left == index))
            case local.Started():
                yield CheckStarted(task, 0)
            case _:
                assert_never(event)


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


def _undecided(check: p.Check, ended: local.Ended, options: Options, *, begun: bool) -> Result:
    """The verdict on a check whose process ended before there was one."""
    match ended.end:
        case local.End.OUT_OF_TIME:
            detail = f"out of time: {options.seconds or 0:g} s for all checks under these assumptions (--timeout)"
        case local.End.OUT_OF_MEMORY:
            detail = f"out of memory: more than {(options.memory or 0) >> 20} MiB (--memory)"
        case local.End.OUT_OF_TOTAL_TIME:
            detail = f"out of time: {passed(options.in_all, 'total_seconds')[0]} (--limit total-seconds)"
        case local.End.OUT_OF_ROOM:
            detail = f"out of room: {passed(options.in_all, 'result_bytes')[0]} (--limit result-bytes)"
        case local.End.KILLED:
            detail = ended.detail
        case _:
            detail = ended.detail or "no verdict was given"
            if begun:
                return Result(check, Failed(detail))
    return Result(check, Unknown(detail if begun else f"not begun, because of the check before it: {detail}"))


_NOWHERE = Span(Source("", ""), 0, 0)


_NO_CHECK = p.Check("", p.ExactArithmetic(""), (), p.Expected.PROVED, False, _NOWHERE)
"""Stands in for the check while a result is on its way between processes: the parent has the check already."""
