"""The effects of earlier passes on the regions that are no witnesses.

The facts that are known between two loops hold of *every* choice of witnesses: nothing was assumed of these but that
they are regions of the map (two of them: that one stands before the other). So in a later loop the same facts, said of
the anonymous region in the place of a witness, may be assumed too.

*Sound*, because a fact is a statement about variables of three kinds: those that belong to the first witness, those
that belong to the second, and those that belong to the execution (what is given, the variables of the runs between
their passes, sums over all regions). In an execution the last have one value, whoever the witnesses are. So the fact
holds with the values that belong to any other region (to a pair of which one is any other region, if the two stand in
the same order) in the place of the witness's. A region's values are variables of its own here, one for each of a
witness's. A fact that speaks of a variable of which it is not on record whose it is, is not used.

**The loop itself.** The same is said of the invariants of a loop, of the region whose turn it is, before it has its
turn. *Sound*, by induction over the turns, for all choices of witnesses at once: the invariants hold of every choice
where the loop starts. If they hold of every choice before a turn of some region, they hold with that region in the
place of a witness, which had no turn in this loop then; with that known, the turn keeps them of a choice in which the
region is no witness. If it is one, its own turn keeps them. So they hold of every choice after it.

Not used where the two witnesses are known to be neighbours: then they are not any two regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

import z3

from checker.base.values import frozen, mutable
from checker.prove.system.inputs import Row
from checker.prove.terms import build
from checker.prove.terms.encode import Value, disj, neg
from checker.prove.terms.numbers import Num, Term


@frozen
class Recalled:
    """``instance`` is what the fact ``origin`` says with another region in the place of a witness; ``number`` is its
    place among the facts that were known."""

    instance: Term
    origin: Term
    number: int


@mutable
class Owners:
    """Whose the variables in facts are. ``own`` are those of the witnesses: rows, each one thing about all of them."""

    own: list[tuple[Term, ...]] = field(default_factory=list)
    shared: set[int] = field(default_factory=set)
    terms: list[Term] = field(default_factory=list)
    """Keeps the terms alive whose numbers are in ``shared``."""
    unlike: bool = False
    """Tell whether something about two witnesses is counted in different units: then they cannot take each other's
    part."""
    constants: build.Constants = field(default_factory=build.Constants)
    """The variables that facts are about."""

    def record(self, values: Sequence[Value]) -> None:
        """Note that these are one thing about each witness, as far as they are variables."""
        terms = [_variable(value) for value in values]
        if any(term is None for term in terms) or not terms:
            return
        self.unlike = self.unlike or len({value.scale for value in values if isinstance(value, Num)}) > 1
        self.own.append(tuple(terms))

    def share(self, values: Iterable[Value]) -> None:
        """Note that these belong to the execution, whoever the witnesses are."""
        for term in (each for each in map(_variable, values) if each is not None):
            self.terms.append(term)
            self.shared.add(term.get_id())


@frozen
class Casting:
    """Another region in the place of the witness number ``index``."""

    pairs: tuple[tuple[Term, Term], ...]
    known: frozenset[int]
    own: frozenset[int]
    """The variables, of which a fact has to be about one to tell something new: the maps do not have them."""
    constants: build.Constants

    def value(self, value: Value) -> Value | None:
        """Return what a value of the witness is for the other region; None where it is not known whose it is."""
        term = value.term if isinstance(value, Num) else value
        if isinstance(term, int):
            return value
        if not self.constants.of(term) <= self.known:
            return None
        changed = z3.substitute(term, *self.pairs)
        return Num(changed, value.scale) if isinstance(value, Num) else changed

    def further(self, shared: Iterable[Value], pairs: Iterable[tuple[Value, Value]]) -> Casting:
        """Return the same with more that belongs to the execution or other witnesses, and more about this one."""
        more: list[tuple[Term, Term]] = []
        for own, other in pairs:
            numbers = isinstance(own, Num) and isinstance(other, Num)
            more.append((own.term, other.at(own.scale)) if numbers else (own, other))
        known = {term.get_id() for term in map(_variable, shared) if term is not None}
        return replace(self, pairs=(*self.pairs, *more), known=self.known | known | {own.get_id() for own, _ in more})

    def recall(self, facts: Iterable[Term]) -> Iterator[Recalled]:
        """The facts about this witness, said of the other region."""
        about = [(number, fact, self.constants.of(fact)) for number, fact in enumerate(facts)]
        telling = [(number, fact) for number, fact, each in about if each <= self.known and each & self.own]
        said = build.substituted([fact for _, fact in telling], self.pairs)
        for (number, fact), instance in zip(telling, said, strict=True):
            yield Recalled(instance, fact, number)


@frozen
class Role:
    """The region whose turn it is in the place of a witness, where ``applies`` holds. It had no turn in the loop."""

    casting: Casting
    applies: Term

    def said(self, invariants: Sequence[Term]) -> Iterator[Recalled]:
        """Return invariants of the loop, by their numbers, said of that region."""
        known, changed = self.casting.known, {term.get_id() for term, _ in self.casting.pairs}
        about = [self.casting.constants.of(term) for term in invariants]
        numbers = [number for number, each in enumerate(about) if each <= known and each & changed]
        said = build.substituted([invariants[number] for number in numbers], self.casting.pairs)
        for number, instance in zip(numbers, said, strict=True):
            yield Recalled(disj(neg(self.applies), instance), invariants[number], number)


def cast(owners: Owners, index: int, prefix: str, row: Row, rows: Sequence[Row]) -> Casting:
    """The region ``row`` in the place of witness number ``index``; what else is about it begins with ``prefix``."""
    fields: dict[int, Term] = {}
    for mine, its in ((rows[index].fields, row.fields), (rows[index].present, row.present)):
        pairs_of_fields = ((_variable(mine[key]), _variable(its[key])) for key in mine)
        fields |= {own.get_id(): other for own, other in pairs_of_fields if own is not None}
    pairs = []
    known = set(owners.shared)
    own = set()
    for number, terms in enumerate(owners.own):
        mine = terms[index]
        known |= {term.get_id() for term in terms}
        if mine.get_id() in fields:
            pairs.append((mine, fields[mine.get_id()]))
        else:
            own.add(mine.get_id())
            pairs.append((mine, z3.Const(f"{prefix}:{number}", mine.sort())))
    return Casting(tuple(pairs), frozenset(known), frozenset(own), owners.constants)


def _variable(value: Value) -> Term | None:
    term = value.term if isinstance(value, Num) else value
    return term if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED else None
