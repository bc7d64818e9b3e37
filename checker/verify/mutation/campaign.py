"""All mutants of a program, judged in processes of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from checker import program as p
from checker.base.diagnostic import NOWHERE
from checker.library import Program
from checker.prove import load_solver
from checker.verify.executors.executor import Ended, Produced, Started, Tick
from checker.verify.executors.local import LOCAL
from checker.verify.mutation.judge import Known, judge
from checker.verify.mutation.maps import maps_to_try
from checker.verify.mutation.mutants import Mutant
from checker.verify.mutation.operators import Mutation
from checker.verify.mutation.outcomes import JudgedMutant, Undecided
from checker.verify.results import CheckResult
from checker.verify.run import Options


def known_of(findings: Sequence[CheckResult]) -> tuple[Known, ...]:
    """The verdicts on the original, with maps to try."""
    tasks: dict[int, list[CheckResult]] = {}
    for each in findings:
        tasks.setdefault(id(each.task), []).append(each)
    return tuple(
        Known(found[0].task, tuple(each.result for each in found), tuple(maps_to_try(found, findings)))
        for found in tasks.values()
    )


def judge_all(
    program: Program, known: Sequence[Known], mutants: Sequence[Mutant], options: Options
) -> Generator[tuple[int, JudgedMutant] | Tick, None, None]:
    """Judge mutants, each in a process of its own: each with its number, as soon as it is judged."""
    load_solver()
    # An executor stays where it is.
    work = partial(_judge, program=program, known=known, options=replace(options, executor=LOCAL))
    done = set[int]()
    for event in options.executor.run(work, mutants, options.allowed):
        match event:
            case Produced(task=number, value=judged):
                done.add(number)
                yield number, replace(judged, mutant=mutants[number])
            case Ended(task=number, end=end, detail=detail):
                if number not in done:
                    why = f"{end.name.lower().replace('_', ' ')}{': ' if detail else ''}{detail}"
                    yield number, JudgedMutant(mutants[number], Undecided(why))
            case Tick():
                yield event
            case Started():
                pass
            case _:
                assert_never(event)


def _judge(mutant: Mutant, program: Program, known: Sequence[Known], options: Options) -> Iterator[JudgedMutant]:
    """Give the outcome of a mutant as it goes from the process that judges to the one that tells of it."""
    yield replace(judge(program, known, mutant, options), mutant=_NO_MUTANT)


_NO_ALGORITHM = p.Algorithm("", p.Record("", (), None), "", (), (), None, False, NOWHERE)
_NO_MUTANT = Mutant("", Mutation("", NOWHERE, (), ()), _NO_ALGORITHM, _NO_ALGORITHM)  # type: ignore[arg-type]
"""Stands in for the mutant while its outcome is on its way between processes: the parent has the mutant already."""
