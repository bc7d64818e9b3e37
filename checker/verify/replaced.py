"""A program with another algorithm in the place of its own, in every run of that.

*Sound*: a scenario says of its runs only what its formulas say, and these speak of regions and of what is given; which
statements a run has, they do not know. So a scenario in which each run of an algorithm is one of another, with the same
arguments on the same lists, is a scenario like any. What was settled for the old algorithm while the text was read is
refused: what its variables end with, where pieces and choices may be spoken of, and that no operator wraps. A parameter
that only the new algorithm has is given to the scenario, as any value, the same in all its runs. One that only the old
one has is left out, where the caller knows that the new one could have had it and does not look at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import count

from checker import program as p
from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, Span
from checker.base.values import frozen
from checker.library import Program, stands_for
from checker.program.walk import checked_arithmetic, distinct_nodes, statements


@frozen
class Replacement:
    """An algorithm that is to run in the place of a program's own: ``told`` says in reports where it is from,
    ``unread`` are the parameters that it could have had and does not look at."""

    algorithm: p.Algorithm
    told: str
    unread: AbstractSet[str] = frozenset()


def with_algorithm(opened: Program, new: Replacement) -> Program | Diagnostic:
    """Return a program in which every run of its own algorithm is one of another, reduced to the scenarios that run it;
    or the reason why the other one does not fit in."""
    old = stands_for(opened)
    if old is None:
        message = f"{opened.name} does not say which of its algorithms is to be replaced"
        return _unfit(message, new.algorithm.span, "call one of them like the file, or name a file with one algorithm")
    wrong = _differing(old, new)
    if wrong is not None:
        return wrong
    scenarios, running = [], set[str]()
    for scenario in opened.program.scenarios:
        made: p.Scenario | Diagnostic = scenario
        if any(run.is_of(old) for run in scenario.runs) and (not opened.only or scenario.name in opened.only):
            made = _replaced(scenario, old, new.algorithm)
            running.add(scenario.name)
        if isinstance(made, Diagnostic):
            return made
        scenarios.append(made)
    if not running:
        return _unfit(f"no scenario of {opened.name} that is meant runs `{old.name}`", old.span, "name one that does")
    program = replace(opened.program, scenarios=tuple(scenarios))
    told = f"`{old.name}` is {new.told}"
    return replace(opened, program=program, only=frozenset(running), read_from=told)


def _unfit(message: str, span: Span, help: str) -> Diagnostic:
    return Diagnostic(SourceCode.DOES_NOT_FIT, message, span, help=help)


def _differing(old: p.Algorithm, new: Replacement) -> Diagnostic | None:
    """Return why no run of one algorithm could be one of the other."""
    algorithm = new.algorithm
    if not _has_all(old.record, algorithm.record):
        message = f"`{old.name}` lays out a {old.record.name}, and what was read a {algorithm.record.name}: they differ"
        return _unfit(message, algorithm.span, "name a binding whose regions are those of the model")
    if old.beside != algorithm.beside:
        names = " and ".join(f"`{name}`" for name, _ in (*old.beside, *algorithm.beside))
        message = f"one of `{old.name}` and `{algorithm.name}` takes {names} beside the map, the other does not"
        return _unfit(message, algorithm.span, "name a model that takes the same lists")
    kinds = {name: kind for name, kind, _ in old.parameters}
    for name, kind, _ in algorithm.parameters:
        if kinds.setdefault(name, kind) != kind:
            message = f"`{name}` is a {kinds[name].name} for `{old.name}` and a {kind.name} for what was read"
            return _unfit(message, algorithm.span, "give it the type of the model under `[parameters]`")
    for name in kinds.keys() - {name for name, _, _ in algorithm.parameters} - new.unread:
        message = f"`{old.name}` has a parameter `{name}`, and what was read has none of that name"
        return _unfit(message, algorithm.span, "say under `[parameters]` of the binding which text of C it is")
    if any(each.effects.chooses or isinstance(each, p.Split) for each in statements(algorithm.body)):
        message = f"`{algorithm.name}` chooses or splits: what may be said of it is settled where its scenario is read"
        return _unfit(message, algorithm.span, "write a scenario beneath the algorithm")
    if any(checked_arithmetic(algorithm.body)):
        message = f"`{algorithm.name}` claims that arithmetic fits, which its scenario has to ask for"
        return _unfit(message, algorithm.span, "write a scenario beneath the algorithm")
    return None


def _has_all(one: p.Record, other: p.Record) -> bool:
    """Tell whether an algorithm over one record can be run over another one."""
    return (
        frozenset(one.inputs) >= frozenset(other.inputs)
        and frozenset(one.marks) >= frozenset(other.marks)
        and one.placement == other.placement
    )


def _replaced(scenario: p.Scenario, old: p.Algorithm, new: p.Algorithm) -> p.Scenario | Diagnostic:
    """Return a scenario in which each run of an algorithm is one of another; the caller knows that they fit."""
    names = {run.name for run in scenario.runs if run.is_of(old)}
    for check in scenario.checks:
        if names & {run for conjunct in _conjuncts(check) for run in p.ended(conjunct)}:
            message = f"`{check.label}` speaks of what a variable of `{old.name}` ends with, which is the model's own"
            return _unfit(message, check.span, "name a scenario that speaks of regions alone")
    known = {name for name, _, _ in old.parameters}
    taken = set(_words(scenario))
    given: dict[str, p.GivenScalar] = {}
    for name, kind, _ in new.parameters:
        if name not in known:
            free = next(each for number in count(1) if (each := _numbered(name, number)) not in taken)
            taken.add(free)
            given[name] = p.GivenScalar(free, kind)
    runs = tuple(_run(run, old, new, given) if run.is_of(old) else run for run in scenario.runs)
    return replace(scenario, scalars=(*scenario.scalars, *given.values()), runs=runs)


def _run(run: p.Run, old: p.Algorithm, new: p.Algorithm, given: dict[str, p.GivenScalar]) -> p.Run:
    passed = dict(zip((name for name, _, _ in old.parameters), run.arguments, strict=True))
    arguments = tuple(
        passed[name] if name in passed else p.Var(kind, given[name].name) for name, kind, _ in new.parameters
    )
    return replace(run, algorithm=new.over(run.algorithm.record), arguments=arguments)


def _conjuncts(check: p.Check) -> p.Formulas:
    goal = () if isinstance(check.goal, p.ExactArithmetic) else check.goal
    return (*goal, *check.assumptions)


def _words(scenario: p.Scenario) -> Iterator[str]:
    """Every word in a scenario that may be the name of something; of one with a dot the part before it too."""
    for node in distinct_nodes(scenario):
        for word in vars(node).values():
            if isinstance(word, str):
                yield from (word, word.partition(".")[0])


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
