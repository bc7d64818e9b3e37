"""Bounds on totals of the map that last: they hold of a run's list too, as passes have changed it.

Let ``total(a for r where w) <= B`` be assumed of the map. Of a list, its *holdings* are the sum of ``a`` over the
regions that are in it, are not dropped, and for which ``w`` holds, all as their fields are by then. Of the map they
are the total. If no turn of a pass lets them grow, they are at most ``B`` after the pass too, by induction over its
turns. So what has the sizes of neighbours added to the first of them, and drops these, is no reason to forget a
bound.

*That no turn lets them grow* is a statement about a turn from any state: with any values of the variables, of the
region whose turn it is, and of the region before, where a pass has one (`checker.prove.pieces.previous`). A turn
changes these two regions only, and they are different ones. So it is enough that what they hold together is no more
afterwards. Whether the region before is there, and whether it was dropped, is not known; no turn can change that. So
it must also be true of the region alone.

*Where regions were split* before, by passes that are made at once, elements hold their shares (`shares`): the
lengths, and an equal part of the constants. Those of one region come to no more than its amount, if the region counts
whenever one of them does. That, too, is a statement: about any element of any region.

Each statement is decided by Z3, and becomes part of each proof, whether it needs it or not: another solver and
`recheck` are asked it too. In a loop that comes after such passes a ghost variable adds up what the elements hold
that had their turn, as they enter it. With the one whose turn it is, and the witnesses whose turn is to come, they
are parts of the holdings, without overlap: each element has one turn in a pass, and until then it is as it was when
the pass began.

Not used of what a hand-over brings, in chains, and where a pass before goes over a list beside the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

import z3

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.program.lower import name_of
from checker.program.types import Type
from checker.prove.pieces.elements import AtOnce, Element, Recipe, can_be_at_once, most_pieces
from checker.prove.pieces.shares import length_of, share
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT, Inputs, LastingTotal
from checker.prove.system.receive import havoc_region
from checker.prove.system.turn import Turn, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import FALSE, TRUE, Environment, Region, Value, conj, encode, neg, select, variable
from checker.prove.terms.numbers import Num, OutOfReachError, Term
from checker.prove.terms.solver import Answer, implied


@frozen
class TotalsStatement:
    """A statement about a pass, or all that are made at once: the premises, and what has to follow from them."""

    what: str
    premises: tuple[Term, ...]
    conclusion: Term


def lasting(given: Inputs, effort: Effort) -> Inputs:
    """The inputs with the bounds on totals that last, each as far as that is shown."""
    found = []
    for run in _eligible(given):
        for number, total in enumerate(inputs.totals(given)):
            if total.regions.name != run.source or not _is_changed(run, total):
                continue
            begun = _begun(run, number, total, given, effort)
            if begun is not None:
                found.append(_as_far_as_shown(begun, run, given, effort))
    return replace(given, lasting=tuple(each for each in found if each.passes))


def statements(given: Inputs) -> Iterator[TotalsStatement]:
    """All that has to be shown for the bounds that last. Raises `OutOfReachError`."""
    runs = {run.name: run for run in given.scenario.runs}
    for each in given.lasting:
        if each.run not in runs:
            continue
        if each.at_once:
            yield counted(each, runs[each.run], given)
        for statement in each.passes[each.at_once :]:
            yield kept(each, statement, runs[each.run], given)


def holding(lasting: LastingTotal, region: Region, given: Inputs) -> Num:
    """Return what an element holds as it is."""
    total = inputs.totals(given)[lasting.total]
    env = Environment(given.scalars, {total.variable: region}, exact=True)
    value = encode(lasting.amount, env)
    counts = conj(region[PRESENT], neg(region[p.DROPPED]), encode(total.where, env))
    held = select(counts, value, n.const(0))
    assert isinstance(held, Num)
    return held


def applies(lasting: LastingTotal, run: p.Run, pending: p.Pass) -> bool:
    """Tell whether the bound holds of a run's list when a pass begins."""
    before = tuple(takewhile(lambda each: each is not pending, walk.outer_passes(run.algorithm.body)))
    return lasting.run == run.name and lasting.at_once <= len(before) and before == lasting.passes[: len(before)]


def _eligible(given: Inputs) -> Iterator[p.Run]:
    maps = {each.name for each in given.scenario.maps}
    return (run for run in given.scenario.runs if run.handover is None and not run.chained and run.source in maps)


def _is_changed(run: p.Run, total: p.TotalAtMost) -> bool:
    """Tell whether some pass but the last changes what is added up: else the sums of the map's own fields say all."""
    before = tuple(walk.outer_passes(run.algorithm.body))[:-1]
    return bool(walk.fields_read(total.amount) & walk.writes(before))


def _begun(run: p.Run, number: int, total: p.TotalAtMost, given: Inputs, effort: Effort) -> LastingTotal | None:
    """The bound on the list behind the passes that are made at once; None where there is none."""
    if not walk.has_split(run.algorithm.body):
        return LastingTotal(run.name, number, total.amount, (), 0)
    at_once = _at_once(run)
    recipe = _recipe(at_once, [{}] * len(at_once))
    length = length_of(recipe)
    amount = None if length is None else share(total.amount, length, most_pieces(recipe))
    if amount is None:
        return None
    begun = LastingTotal(run.name, number, amount, at_once, len(at_once))
    return begun if _is_shown(begun, None, run, given, effort) else None


def _at_once(run: p.Run) -> tuple[p.Pass, ...]:
    """The passes at the beginning that a system makes at once, none of them under a condition; perhaps not all, as
    the variables that are there before a pass are taken to be all that there ever are."""
    variables = walk.bound(run.algorithm.body) | {name for name, _, _ in run.algorithm.parameters}
    first = takewhile(lambda each: not (isinstance(each, p.If) and walk.has_pass(each)), run.algorithm.body)
    made = (each for each in first if isinstance(each, p.Pass))
    return tuple(takewhile(lambda each: can_be_at_once(each, variables), made))


def _recipe(at_once: Sequence[p.Pass], scalars: Sequence[Mapping[str, Value]]) -> Recipe:
    """All that passes do that are made at once, each with the variables that it sees."""
    splits = [sum(walk.has_split(each.body) for each in at_once[:place]) for place in range(len(at_once))]
    return tuple(AtOnce(*made, TRUE) for made in zip(splits, at_once, scalars, strict=True))


def _as_far_as_shown(begun: LastingTotal, run: p.Run, given: Inputs, effort: Effort) -> LastingTotal:
    """The bound with all passes before the last through which it is shown to last."""
    passes = tuple(walk.outer_passes(run.algorithm.body))
    made = begun
    for statement in passes[len(begun.passes) : -1]:
        if not _is_shown(made, statement, run, given, effort):
            break
        made = replace(made, passes=(*made.passes, statement))
    return made


def _is_shown(made: LastingTotal, statement: p.Pass | None, run: p.Run, given: Inputs, effort: Effort) -> bool:
    try:
        owed = counted(made, run, given) if statement is None else kept(made, statement, run, given)
    except OutOfReachError:
        return False
    return implied(effort, owed.premises, owed.conclusion) is Answer.UNSAT


def counted(made: LastingTotal, run: p.Run, given: Inputs) -> TotalsStatement:
    """That a region of the map counts if some element of it does. Raises `OutOfReachError`."""
    total = inputs.totals(given)[made.total]
    row, legal = inputs.row("any", given)
    # Between two passes a variable may get another value; a parameter keeps its own.
    same, known = _scalars(run, "any")
    fixed = {name for name, _, _ in run.algorithm.parameters} - walk.assigned(run.algorithm.body)
    parameters = {name: same[name] for name in sorted(fixed)}
    seen = []
    for place in range(made.at_once):
        others, legal_ones = _scalars(run, f"any{place}")
        seen.append({**others, **parameters})
        known += legal_ones
    element = Element("any", given)
    found = element.of(run.name, _recipe(made.passes[: made.at_once], seen), row.of(run.source))
    counts = [
        encode(total.where, Environment(given.scalars, {total.variable: each}, exact=True))
        for each in (found, row.of(run.source))
    ]
    some = conj(found[PRESENT], neg(found[p.DROPPED]), counts[0])
    premises = (*given.facts, *legal, *known, *element.constraints, some)
    return TotalsStatement(f"{_said(total)} counts a region if it counts a piece of it", premises, counts[1])


def kept(made: LastingTotal, statement: p.Pass, run: p.Run, given: Inputs) -> TotalsStatement:
    """That no turn of a pass lets grow what is held. Raises `OutOfReachError`."""
    if statement.beside or walk.has_pass(statement.body) or walk.has_split(statement.body):
        raise OutOfReachError("a bound on a total, in such a pass")
    scalars, known = _scalars(run, "turn")
    region, legal = havoc_region("turn:x", given.record)
    region[PRESENT] = TRUE
    after = Turn(dict(scalars), dict(region), TRUE, FALSE, _anything)
    visit(statement, after, z3.Bool("turn:made"))
    assert after.region is not None
    own, then = holding(made, region, given), holding(made, after.region, given)
    befores = []
    for previous in sorted(walk.remembers(statement.body)):
        facts, before, changed = _before(previous, scalars, after, given)
        legal += facts
        befores.append((holding(made, before, given), holding(made, changed, given)))
    if len(befores) > 1:
        # What is taken from the region whose turn it is might be given to each of them.
        raise OutOfReachError("a bound on a total, where several regions before may be changed")
    total = inputs.totals(given)[made.total]
    what = f"line {statement.span.line} lets {_said(total)} not grow"
    return TotalsStatement(
        what, (*given.facts, *known, *legal, *after.constraints), conj(*no_more((own, then), befores))
    )


def _before(
    previous: str, scalars: Mapping[str, Value], after: Turn, given: Inputs
) -> tuple[list[Term], dict[str, Value], dict[str, Value]]:
    """The region before as it is, in the list and not dropped, and as it is after a turn."""
    before, facts = havoc_region(f"turn:{previous}", given.record)
    before |= {each: scalars[name_of(previous, each)] for each in before if name_of(previous, each) in scalars}
    before |= {PRESENT: TRUE, p.DROPPED: FALSE}
    changed = dict(before)
    for (name, each), found in after.reached.items():
        if name == previous:
            changed[each] = select(found.condition, found.value, before[each])
    return facts, before, changed


def no_more(own: tuple[Num, Num], befores: Sequence[tuple[Num, Num]]) -> list[Term]:
    """That a region holds no more after a turn than before, alone and together with a region before."""
    claims = [n.compare(p.Rel.LE, own[1], own[0])]
    claims += [n.compare(p.Rel.LE, n.add(own[1], after), n.add(own[0], before)) for before, after in befores]
    return claims


def _said(total: p.TotalAtMost) -> str:
    return f"the total of line {total.span.line}"


def _scalars(run: p.Run, prefix: str) -> tuple[dict[str, Value], list[Term]]:
    """Any values of the variables that a run may have, by their names. Raises `OutOfReachError` where two are called
    alike that have different types."""
    kinds: dict[str, Type] = {name: kind for name, kind, _ in run.algorithm.parameters}
    for each in walk.statements(run.algorithm.body):
        if isinstance(each, p.Declare | p.Choose) and kinds.setdefault(each.name, each.type) != each.type:
            raise OutOfReachError(f"`{each.name}`, which is of two types")
    found: dict[str, Value] = {}
    legal: list[Term] = []
    for name, kind in kinds.items():
        found[name], known = variable(f"{prefix}.{name}", kind)
        legal.append(known)
    return found, legal


def _anything(name: str, kind: Type) -> Value:
    raise OutOfReachError(f"`{name}`, which is chosen in a turn")
