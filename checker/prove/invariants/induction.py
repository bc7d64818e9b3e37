"""The end of a proof that does not come: the state and the turn that break induction, for all that was shown.

Nothing here bears on a verdict. A failed proof proves nothing, and the state need not be one that any run comes to: it
shows what an invariant would have to exclude.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from checker import program as p
from checker.program.types import Integer, Quantity
from checker.prove.invariants.houdini import renaming
from checker.prove.proof.journal import LoopInvariants
from checker.prove.results import InductionGap, RegionState, VariableState
from checker.prove.search.unroll import number
from checker.prove.system.loop import Loop, Step
from checker.prove.system.state import HadTurn, RunVariable, StateVar, When, WitnessField, witness_name
from checker.prove.terms import numbers as n
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Region, Value, has_value, neg
from checker.prove.terms.numbers import Num, Term
from checker.prove.terms.solver import preferred_model

OTHER = "x"
"""The name of the region that is no witness."""


def gap(
    kept: LoopInvariants, claim: Term, rule: str, record: p.Record, held: tuple[str, ...], effort: Effort
) -> InductionGap | None:
    """The turn in which a claim about a loop is lost, or its beginning; None where the solver finds none."""
    loop = kept.loop
    line = min(each.span.line for each in loop.view.passes.values())
    for turn in (None, *loop.steps):
        after = loop.start if turn is None else turn.after
        before = (*kept.invariants, claim)
        itself = () if turn is None else tuple(each.instance for each in turn.itself(before))
        premises = () if turn is None else (*loop.facts, *before, *turn.premises, *itself)
        broken = (*kept.facts, *premises, neg(renaming(loop.head, after)([claim])[0]))
        model = preferred_model(broken, _all_wishes(loop, turn, record), effort)
        if model is not None:
            regions = tuple(_regions(loop, turn, model, record))
            return InductionGap(rule, line, _taker(loop, turn), regions, tuple(_variables(loop, after, model)), held)
    return None


def _taker(loop: Loop, turn: Step | None) -> str | None:
    if turn is None:
        return None
    return next((witness_name(i) for i in range(len(loop.view.seen)) if HadTurn(i) in _changed(loop, turn)), OTHER)


def _changed(loop: Loop, turn: Step) -> set[StateVar]:
    """The flags that a turn sets: those whose value is another term after it."""
    flags = (key for key in loop.head if isinstance(key, HadTurn))
    return {key for key in flags if turn.after[key] is not loop.head[key]}


def _all_wishes(loop: Loop, turn: Step | None, record: p.Record) -> Iterator[Term]:
    """Return that regions are small and of the kinds that counterexamples prefer."""
    seen = [columns[run] for columns in loop.view.witnesses for run in loop.view.tracks]
    for region in (*seen, *(turn.entering.values() if turn is not None else ())):
        yield from _wishes(region, record)


def _wishes(region: Region, record: p.Record) -> Iterator[Term]:
    preferred = dict(record.preferred)
    for name, kind in record.inputs:
        if name in preferred:
            yield has_value(region[name], preferred[name])
        elif isinstance(kind, Integer) and kind.quantity in (Quantity.PAGES, Quantity.BYTES):
            yield n.compare(p.Rel.LE, _num(region[name]), n.const(1 << 12 if kind.quantity is Quantity.BYTES else 1))


def _num(value: Value) -> Num:
    assert isinstance(value, Num)
    return value


def _regions(loop: Loop, turn: Step | None, model: Any, record: p.Record) -> Iterator[RegionState]:
    """The witnesses, and any other region whose turn it is, as each run has them."""
    names = [name for name, _ in record.fields] + list(p.MARKS)
    after = loop.start if turn is None else turn.after

    def values(region: Mapping[str, Value]) -> dict[str, int]:
        return {name: number(model, region[name]) for name in names if name in region}

    for index, columns in enumerate(loop.view.witnesses):
        for run in loop.view.tracks:
            own = [key for key in loop.head if isinstance(key, WitnessField) and (key.run, key.witness) == (run, index)]
            left = {key.name: after[key] for key in own}
            before = {**columns[run], **({key.name: loop.start[key] for key in own} if turn is None else {})}
            visited = turn is not None and bool(number(model, loop.view.seen[index]))
            yield RegionState(witness_name(index), run, values(before), values({**before, **left}), visited)
    if turn is not None and _taker(loop, turn) == OTHER:
        for run, region in turn.entering.items():
            yield RegionState(OTHER, run, values(region), values({**region, **turn.leaving[run]}), False)


def _variables(loop: Loop, after: Mapping[StateVar, Value], model: Any) -> Iterator[VariableState]:
    for key, (kind, value) in loop.view.scalars.items():
        if isinstance(key, RunVariable) and key.when is When.NOW:
            before = value if after is not loop.start else after.get(key, value)
            yield VariableState(key.name, key.run, kind, number(model, before), number(model, after.get(key, value)))


def lost(loops: Sequence[LoopInvariants], claims: Callable[[Loop], Sequence[Term]]) -> Iterator[tuple[int, Term]]:
    """The claims about each loop that were not shown of it, the last loop first, with the loop's number."""
    for index in reversed(range(len(loops))):
        shown = {term.get_id() for term in loops[index].invariants}
        yield from ((index, claim) for claim in claims(loops[index].loop) if claim.get_id() not in shown)
