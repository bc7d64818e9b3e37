"""How much the effort of each check varies with the solver's random choices, and how near it comes to the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from checker import library
from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.library import Program
from checker.prove import Limits, Result, engine
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify

SEEDS = range(8)
MARGIN = 4
"""No shipped check, and no query in one, may take more than one part in so many of what it is allowed."""

Place = tuple[str, str, str]
"""A check: the file, the scenario, and what it says."""


@dataclass(frozen=True)
class Spread:
    """A check over several seeds: what each seed came to."""

    place: Place
    results: tuple[Result, ...]

    @property
    def efforts(self) -> list[int]:
        """All that it took."""
        return [each.cost.effort for each in self.results]

    @property
    def hardest(self) -> list[int]:
        """What its hardest query took."""
        return [each.cost.hardest for each in self.results]

    @property
    def margin(self) -> float:
        """How many times what it took at most it could have taken."""
        limits = Limits()
        return min(limits.effort / max(self.efforts), limits.per_query / max(self.hardest))

    @property
    def verdicts(self) -> list[str]:
        """Every verdict that there was, with the size of the counterexample."""
        return sorted({outcome(each) for each in self.results})


def outcome(result: Result) -> str:
    """What may not depend on chance: the verdict, up to what length, the size of the counterexample."""
    found = result.counterexample
    size = "" if found is None else f" ({max(map(len, found.maps.values()))})"
    bound = "" if result.bound is None else f" {result.bound}"
    return f"{result.verdict.value}{bound}{size}"


def essence(result: Result) -> object:
    """All of a result but what it took."""
    return (outcome(result), result.detail, result.counterexample, result.invariants, result.obligations)


def shipped() -> list[Program]:
    """All shipped models."""
    desk = library.shared_desk()
    opened = [library.open_program(path, desk=desk) for path in library.models().values()]
    return [each for each in opened if not isinstance(each, Diagnostic)]


def results(
    programs: Iterable[Program], limits: Limits, jobs: int, wanted: tuple[str, ...] = ()
) -> dict[Place, Result]:
    """The result on each check, or on those that are ``wanted`` (as ``--property`` has it)."""
    events = verify(plan(programs, wanted), Options(jobs=jobs, limits=limits))
    found = sorted((each for each in events if isinstance(each, CheckResult)), key=lambda each: each.order)
    return {(each.file, str(each.scenario.name), each.result.check.label): each.result for each in found}


def spreads(jobs: int) -> list[Spread]:
    """Every shipped check over all seeds, the one that comes nearest to a limit first."""
    by_seed = [results(shipped(), Limits(seed=seed), jobs) for seed in SEEDS]
    found = [Spread(place, tuple(each[place] for each in by_seed)) for place in by_seed[0]]
    return sorted(found, key=lambda each: (each.margin, each.place))


def table(found: Iterable[Spread]) -> Iterator[str]:
    """The spreads as lines; the first are headings."""
    yield f"{'':6}  {'effort':^32}  {'hardest query':^32}"
    columns = f"{'min':>10} {'median':>10} {'max':>10}"
    yield f"{'margin':6}  {columns}  {columns}  verdict"
    for each in found:
        figures = (f"{min(v):10} {round(median(v)):10} {max(v):10}" for v in (each.efforts, each.hardest))
        file, scenario, label = each.place
        yield f"{each.margin:6.1f}  {'  '.join(figures)}  {' or '.join(each.verdicts)}  {file} {scenario}: {label}"


def hasty(programs: Iterable[Program], effort: int, limits: Limits, jobs: int) -> dict[Place, Result]:
    """The results where the quick searches of the first round may spend so much."""
    usual = engine.ROUNDS
    engine.ROUNDS = (replace(usual[0], effort=effort), *usual[1:])
    try:
        return results(programs, limits, jobs)
    finally:
        engine.ROUNDS = usual


def expecting_proofs(program: Program) -> Program:
    """The program with `proved` expected everywhere: so that every counterexample is looked for as one is that nobody
    expects."""

    def hopeful(scenario: p.Scenario) -> p.Scenario:
        return replace(scenario, checks=tuple(replace(c, expected=p.Expected.PROVED) for c in scenario.checks))

    scenarios = tuple(map(hopeful, program.program.scenarios))
    return Program(program.name, Path(program.path), replace(program.program, scenarios=scenarios))
