"""The effects of a turn on the region before, which had its turn already.

Which region that is, a system knows of each witness (`Remembered`): it is the one before from the end of its turn to
the end of the next one that does not keep it. *Sound*, because a turn that remembers its region puts that in the place
of the one before, so that no other is; and what a turn writes to the region before it writes to each witness under the
condition that it is that region. What is written so to a region that is no witness is not known of it afterwards, as
with all that passes write; and within the pass nobody looks at it again, since it had its turn.

So a field that turns write to the region before is not final when a region's own turn ends. A kernel that receives
regions from a run in step with it must wait for the end of such a pass.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

from checker.prove.system.state import Remembered, StateVar, WitnessField
from checker.prove.system.turn import Reached, Turn
from checker.prove.terms.encode import FALSE, TRUE, Value, conj, disj, neg, select
from checker.prove.terms.numbers import Term


def written(is_before: Term, reached: Reached, value: Value) -> Value:
    """The value of a field of a region that may be the one before."""
    return select(conj(is_before, reached.condition), reached.value, value)


def moved(is_before: Term, remembers: Term, *, own: bool) -> Term:
    """Tell whether a region is the one before after a turn: its ``own``, or another one's."""
    return disj(conj(remembers, TRUE if own else FALSE), conj(neg(remembers), is_before))


def after_turn(
    run: str, turn: int | None, taken: Turn, head: Mapping[StateVar, Value], after: MutableMapping[StateVar, Value]
) -> None:
    """Put into ``after`` what a turn, that of a witness or of another region, does to the region before, and which one
    that is from now on."""
    for key, value in head.items():
        if not isinstance(key, Remembered) or key.run != run:
            continue
        for (previous, name), reached in taken.reached.items():
            field = WitnessField(run, key.witness, name)
            # A witness is not the region before in its own turn.
            if previous == key.previous and key.witness != turn:
                after[field] = written(value, reached, after[field])
        remembers = taken.remembered.get(key.previous, FALSE)
        after[key] = moved(value, remembers, own=key.witness == turn)
