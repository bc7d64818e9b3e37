"""The part of an algorithm that bears on the layout: what a place, a field, the list or a turn's end depends on.

A variable bears if a step that bears reads it, or if the condition around such a step does; then every step that sets
it bears. The rest can be left out: it changes nothing that is left, and no loop in it might not end. So what is not
understood may stand there, and is refused where it bears.
"""

from __future__ import annotations

from checker.base.diagnostic import Diagnostic
from checker.csource import values as v
from checker.csource.steps import (
    AssignStep,
    DeclareStep,
    IfStep,
    PassStep,
    RemarkStep,
    Step,
    expressions_of,
    steps_within,
)


def bearing(steps: tuple[Step, ...]) -> tuple[Step, ...] | Diagnostic:
    """Return the steps that bear on the layout, the others as remarks; or why what they depend on is not understood."""
    wanted: set[str] = set()
    before = -1
    while before != len(wanted):
        before = len(wanted)
        _reach(steps, wanted)
    kept = _kept(steps, wanted)
    for step in steps_within(kept):
        for value in expressions_of(step):
            unknown = next((each for each in v.within(value) if isinstance(each, v.COpaque)), None)
            if unknown is not None:
                return unknown.why
    return _settled(kept)


def _bears(step: Step, wanted: set[str]) -> bool:
    match step:
        case DeclareStep(name=name) | AssignStep(name=name):
            return name in wanted
        case IfStep(then=then, otherwise=otherwise):
            return any(_bears(each, wanted) for each in (*then, *otherwise))
        case RemarkStep():
            return False
        case _:
            return True


def _reach(steps: tuple[Step, ...], wanted: set[str]) -> None:
    for step in reversed(steps):
        if not _bears(step, wanted):
            continue
        for value in expressions_of(step):
            wanted |= v.names_in(value)
        if isinstance(step, IfStep):
            _reach(step.otherwise, wanted)
            _reach(step.then, wanted)
        elif isinstance(step, PassStep):
            _reach(step.body, wanted)


def _kept(steps: tuple[Step, ...], wanted: set[str]) -> tuple[Step, ...]:
    made: list[Step] = []
    for step in steps:
        if isinstance(step, RemarkStep):
            made.append(step)
        elif not _bears(step, wanted):
            if not isinstance(step, DeclareStep) or not step.unset:
                made.append(RemarkStep("no bearing on the layout", step.span))
        elif isinstance(step, IfStep):
            made.append(IfStep(step.condition, _kept(step.then, wanted), _kept(step.otherwise, wanted), step.span))
        elif isinstance(step, PassStep):
            made.append(PassStep(step.region, step.backward, step.prior, _kept(step.body, wanted), step.span))
        else:
            made.append(step)
    return tuple(made)


def _settled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Have a variable that is not set where it is declared be declared where it is first set, if that is in the same
    block: nothing reads it before."""
    made = list(steps)
    for place, step in enumerate(made):
        if isinstance(step, IfStep):
            made[place] = IfStep(step.condition, _settled(step.then), _settled(step.otherwise), step.span)
        elif isinstance(step, PassStep):
            made[place] = PassStep(step.region, step.backward, step.prior, _settled(step.body), step.span)
    for step in steps:
        if not isinstance(step, DeclareStep) or not step.unset:
            continue
        start = made.index(step)
        used = next((n for n in range(start + 1, len(made)) if _mentions(made[n], step.name)), None)
        first = None if used is None else made[used]
        if used is not None and isinstance(first, AssignStep) and first.name == step.name:
            made[used] = DeclareStep(step.name, step.type, first.value, first.span)
            del made[start]
    return tuple(made)


def _mentions(step: Step, name: str) -> bool:
    return any(
        (isinstance(each, AssignStep) and each.name == name)
        or any(name in v.names_in(value) for value in expressions_of(each))
        for each in steps_within((step,))
    )
