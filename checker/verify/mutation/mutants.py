"""Mutants: an algorithm with one thing changed, and programs that run it in the place of the algorithm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import takewhile

from checker import program as p
from checker.base.values import frozen
from checker.program.walk import checked_arithmetic, statements
from checker.verify.mutation.operators import Mutation, variants


@frozen
class Mutant:
    """An algorithm with one change. ``name`` is the algorithm's, the kind of the change, and the number of this one
    among those of its kind, in the order of the text: what is changed elsewhere does not move it."""

    name: str
    change: Mutation
    original: p.Algorithm
    algorithm: p.Algorithm

    @property
    def place(self) -> str:
        """The file and the line of the change."""
        return f"{self.change.span.source.name}:{self.change.span.line}"


def mutants(algorithm: p.Algorithm) -> Iterator[Mutant]:
    """Every mutant of an algorithm, none twice."""
    numbers: Counter[str] = Counter()
    seen = {algorithm.body}
    for change, body in variants(algorithm.body):
        if body not in seen:
            seen.add(body)
            numbers[change.kind] += 1
            exports = any(isinstance(each, p.Export) for each in statements(body))
            made = replace(algorithm, body=body, exports=exports)
            yield Mutant(f"{algorithm.name}.{change.kind}-{numbers[change.kind]}", change, algorithm, made)


def own_algorithms(program: p.Program) -> tuple[p.Algorithm, ...]:
    """The algorithms that stand in a program's own file and that some scenario runs; what it uses of others is theirs
    to answer for."""
    runs = [run for scenario in program.scenarios for run in scenario.runs]
    return tuple(
        each
        for each in program.algorithms
        if each.span.source.name == program.source_name and any(run.is_of(each) for run in runs)
    )


def mutants_of(program: p.Program, wanted: Sequence[str] = ()) -> tuple[Mutant, ...]:
    """The mutants of a program's own algorithms; those of which ``wanted``, names or patterns with ``*``, has one."""
    made = (each for algorithm in own_algorithms(program) for each in mutants(algorithm))
    return tuple(each for each in made if not wanted or any(fnmatchcase(each.name, name) for name in wanted))


def mutated(scenario: p.Scenario, mutant: Mutant) -> p.Scenario:
    """A scenario that runs a mutant instead, with the check that its arithmetic is exact where the mutant claims so."""
    runs = tuple(
        replace(run, algorithm=mutant.algorithm.over(run.algorithm.record)) if run.is_of(mutant.original) else run
        for run in scenario.runs
    )
    checks = list(scenario.checks)
    if any(checked_arithmetic(mutant.algorithm.body)):
        asked = {check.goal.run for check in checks if isinstance(check.goal, p.ExactArithmetic)}
        assumed = shared_assumptions(scenario)
        for run in runs:
            if run.is_of(mutant.algorithm) and run.name not in asked:
                goal, label = p.ExactArithmetic(run.name), f"exact_arithmetic({run.name})"
                checks.append(p.Check(label, goal, assumed, p.Expected.PROVED, False, mutant.change.span))
    return replace(scenario, runs=runs, checks=tuple(checks))


def shared_assumptions(scenario: p.Scenario) -> p.Formulas:
    """The assumptions of every check of a scenario: those of the scenario itself stand first."""
    stated = [check.assumptions for check in scenario.checks]
    alike = takewhile(lambda each: all(other == each[0] for other in each), zip(*stated, strict=False))
    return tuple(each[0] for each in alike)
