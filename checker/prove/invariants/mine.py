"""Candidates for invariants, from the program's own text: its variables, constants, alignments, and the goals.

A candidate may be wrong: `checker.prove.invariants.houdini` keeps only those that hold together. So nothing here bears
on soundness, only on what can be proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations, permutations

from checker import program as p
from checker.program.types import Boolean, Integer, Quantity
from checker.program.walk import expressions, fields_read, scalars_read
from checker.prove.invariants.vocabulary import Goals, Vocabulary, witness_regions
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Loop
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    TRUE,
    Environment,
    Region,
    Value,
    conj,
    disj,
    encode,
    equal,
    is_false,
    is_true,
    neg,
)
from checker.prove.terms.numbers import Num, Term


class Stage(Enum):
    """How many candidates to make: those by which runs agree, for loops of several runs; the few that most proofs need;
    those about what regions are placed at too; those about all quantities, and by all that has happened; or all, with
    what the algorithms ask of a region, add to an address, and compute one from."""

    LOCKSTEP = auto()
    BASIC = auto()
    PLACEMENT = auto()
    GUARDED = auto()
    ALL = auto()


def candidates(loop: Loop, words: Vocabulary, goals: Goals, given: inputs.Inputs, stage: Stage) -> list[Term]:
    """Candidate invariants of a loop, as conditions on its head's variables, without repetition."""
    found: dict[int, Term] = {}
    for term in _Miner(loop, words, goals, given, stage).mine():
        if not is_true(term) and not is_false(term):
            found.setdefault(term.get_id(), term)
    return list(found.values())


@dataclass
class _Miner:
    loop: Loop
    words: Vocabulary
    goals: Goals
    given: inputs.Inputs
    stage: Stage

    def mine(self) -> Iterator[Term]:
        """Every candidate."""
        self.scalars = self._scalar_terms()
        if self.stage is Stage.LOCKSTEP and len(self.loop.view.tracks) > 1:
            yield from self._same_variables()
            yield from self._definitions()
            yield from self._untouched()
            for run in self.loop.view.tracks:
                yield from self._mark_facts(run)
            yield from self._agreements()
            yield from self._goals()
            return
        yield from self._untouched()
        yield from self._scalar_facts()
        yield from self._definitions()
        yield from self._budgets()
        for run in self.loop.view.tracks:
            yield from self._witness_facts(run)
            yield from self._mark_facts(run)
            if self.far or self.stage is Stage.PLACEMENT:
                yield from self._addresses(run)
            if self.stage is Stage.ALL:
                yield from self._answers(run)
        yield from self._agreements()
        yield from self._goals()

    @property
    def far(self) -> bool:
        """Whether to look further than most proofs need."""
        return self.stage in (Stage.GUARDED, Stage.ALL)

    # --- the terms

    def _scalar_terms(self) -> list[tuple[str, Quantity, Num]]:
        return [
            (name, kind.quantity, value)
            for name, (kind, value) in self.loop.view.scalars.items()
            if isinstance(kind, Integer) and isinstance(value, Num)
        ]

    def _witness_terms(self, witness: Region) -> list[tuple[Quantity, Num]]:
        terms: list[tuple[Quantity, Num]] = []
        for name, kind in self.given.record.fields:
            value = witness[name]
            if isinstance(kind, Integer) and isinstance(value, Num) and self._wanted(kind.quantity):
                terms.append((kind.quantity, value))
        for variable, expr in self.words.about_region:
            assert isinstance(expr.type, Integer)
            if self._wanted(expr.type.quantity):
                value = encode(expr, Environment(self.given.scalars, {variable: witness}, exact=True))
                if isinstance(value, Num) and value.constant is None:
                    terms.append((expr.type.quantity, value))
        return terms

    def _ends(self, run: str, witness: Region) -> Iterator[tuple[Quantity, Num]]:
        """Where a region is placed, and further by what the run's passes add to a variable for it."""
        placement = self.given.record.placement
        if self.stage is not Stage.ALL or placement is None:
            return
        start = witness[placement]
        for owner, variable, expr in self.words.amounts:
            amount = encode(expr, Environment(self.given.scalars, {variable: witness})) if owner == run else None
            if isinstance(amount, Num) and isinstance(start, Num):
                yield Quantity.VIRTUAL, n.add(start, amount)

    def _slots(self, run: str) -> Iterator[tuple[str, Quantity, Num]]:
        """The addresses that a run computes from its variables alone, as if they were variables themselves."""
        scope = self.loop.view.scopes[run]
        for owner, expr in self.words.slots if self.stage is Stage.ALL else ():
            names = [name for name in scalars_read(expr) if self._changed(f"{run}.{name}")]
            if owner == run and names and self._known(run, expr):
                value = encode(expr, Environment(scope))
                if isinstance(value, Num):
                    yield f"{run}.{names[0]}", Quantity.VIRTUAL, value

    def _wanted(self, quantity: Quantity) -> bool:
        """Near at hand are only quantities like that of the address a region is placed at."""
        record = self.given.record
        if self.far or record.placement is None:
            return True
        placement = record.type_of(record.placement)
        return isinstance(placement, Integer) and placement.quantity is quantity

    def _changed(self, name: str) -> bool:
        return name in self.loop.view.changing

    def _booleans(self, run: str) -> list[Term]:
        """A run's Boolean variables and their opposites."""
        kinds = [(name, *pair) for name, pair in self.loop.view.scalars.items() if name.startswith(f"{run}.")]
        changing = [value for name, kind, value in kinds if isinstance(kind, Boolean) and self._changed(name)]
        return [guard for value in changing for guard in (value, neg(value))]

    def _conditions(self) -> list[Term]:
        """Boolean variables and their opposites, to guard facts about scalars with."""
        guards: list[Term] = [TRUE]
        if not self.far:
            return guards
        for kind, value in self.loop.view.scalars.values():
            if isinstance(kind, Boolean) and not is_true(value) and not is_false(value):
                guards += [value, neg(value)]
        for stopped in self.loop.view.stopped:
            guards += [stopped, neg(stopped)]
        return guards

    def _cases(self, run: str) -> Iterator[Term]:
        """A run's own conditions about its variables, and their opposites."""
        scope = self.loop.view.scopes[run]
        for owner, expr in self.words.cases:
            changed = any(self._changed(f"{run}.{name}") for name in scalars_read(expr))
            if owner == run and changed and self._known(run, expr):
                condition = encode(expr, Environment(scope))
                yield condition
                yield neg(condition)

    def _known(self, run: str, *exprs: p.Expr) -> bool:
        """Whether a run has all variables of these expressions: another block may use a name for another type."""
        scalars = self.loop.view.scalars
        variables = [node for node in expressions(exprs) if isinstance(node, p.Var)]
        return all(scalars.get(f"{run}.{v.name}", (None, None))[0] == v.type for v in variables)

    def _guards(self, run: str, index: int) -> list[Term]:
        """What may be known of a witness: it had its turn, it was placed, the other one has not had its turn."""
        view = self.loop.view
        witness, seen = view.witnesses[index][run], view.seen[index]
        guards = [conj(seen, witness[p.PLACED])]
        if run in view.placed_before:
            guards.append(witness[p.PLACED])
        if self.far:
            guards.append(seen)
            selected = view.selects[run][index]
            if not is_true(selected):
                guards += [selected, conj(seen, selected)]
            guards += [conj(seen, neg(stopped)) for stopped in view.stopped]
        if self.stage is Stage.ALL:
            for owner, variable, expr in self.words.questions:
                if owner == run:
                    answer = encode(expr, Environment(self.given.scalars, {variable: witness}))
                    guards += [conj(seen, witness[p.PLACED], each) for each in (answer, neg(answer))]
        if self.far or self.loop.neighbours:
            for other in (s for i, s in enumerate(view.seen) if i != index):
                between = conj(seen, witness[p.PLACED], neg(other))
                guards += [between, *(conj(between, case) for case in self._cases(run))]
        return guards

    # --- the templates

    def _untouched(self) -> Iterator[Term]:
        """A witness that has not had its turn, or is not selected, is as it was at the start of the pass."""
        view = self.loop.view
        for run in view.tracks:
            for index, seen in enumerate(view.seen):
                for name, value in self.loop.head.items():
                    if name.startswith(f"{run}.w{index + 1}."):
                        same = equal(value, self.loop.start[name])
                        yield disj(seen, same)
                        yield disj(view.selects[run][index], same)

    def _scalar_facts(self) -> Iterator[Term]:
        guards = self._conditions()
        for guard in guards[1:]:
            yield guard
            yield from (disj(neg(guard), other) for other in guards[1:])
        for name, quantity, value in self.scalars:
            if not self._changed(name):
                continue
            facts: list[Term] = []
            for other, kind, bound in self.scalars:
                if other != name and kind is quantity:
                    facts += _relations(value, bound)
            for kind, constant in self.words.constants:
                if kind is quantity:
                    facts += _relations(value, n.const(constant))
            for modulus in self.words.moduli:
                facts.append(n.compare(p.Rel.EQ, n.remainder(value, modulus), n.const(0)))
            for guard in guards:
                yield from (disj(neg(guard), fact) for fact in facts)

    def _same_variables(self) -> Iterator[Term]:
        """Variables of two runs are equal, at least until the witness had its turn; two of one run are so under one of
        its own conditions.

        In two runs of one algorithm these are those of one name. What another algorithm calls its variables means
        nothing: of two algorithms these are any two of one type.
        """
        view = self.loop.view
        algorithms = {run.name: run.algorithm for run in self.given.scenario.runs}
        names = sorted(view.changing)
        for first, second in combinations(names, 2):
            (kind, a), (other, b) = view.scalars[first], view.scalars[second]
            if kind != other:
                continue
            (run, own), (beside, its) = first.split("."), second.split(".")
            if run != beside:
                if own == its or algorithms[run] is not algorithms[beside]:
                    yield equal(a, b)
                    yield from (disj(seen, neg(wanted), equal(a, b)) for seen, wanted in self._awaited())
            elif not isinstance(kind, Boolean):
                yield from (disj(neg(guard), equal(a, b)) for guard in self._booleans(run))

    def _awaited(self) -> Iterator[tuple[Term, Term]]:
        """For each witness that had its turn or not: the conditions under which a goal is about it."""
        view = self.loop.view
        for seen, columns in zip(view.seen, view.witnesses, strict=True):
            yield seen, TRUE
            for goal in self.goals:
                if goal.arity == 1 and goal.regions.name in columns:
                    env = Environment(self.given.scalars, {goal.variables[0]: columns[goal.regions.name]}, exact=True)
                    yield seen, encode(goal.where, env)

    def _definitions(self) -> Iterator[Term]:
        """A variable still is what it was last set to, in terms of the others."""
        for run, name, expr in self.words.definitions:
            guards = self._booleans(run)
            scope = self.loop.view.scopes.get(run, {})
            if self._known(run, p.Var(expr.type, name), expr) and name not in scalars_read(expr):
                same = equal(scope[name], encode(expr, Environment(scope)))
                yield same
                yield from (disj(neg(guard), same) for guard in guards)

    def _budgets(self) -> Iterator[Term]:
        """A variable moves away from its start by no more than what was added up."""
        view = self.loop.view
        for name in sorted(view.changing):
            run = name.split(".")[0]
            kind, value = view.scalars[name]
            for since in ("start", "first"):
                _, then = view.scalars.get(f"{name}@{since}", (kind, None))
                if isinstance(kind, Integer) and isinstance(value, Num) and isinstance(then, Num):
                    for ghost in view.ghosts[run]:
                        for less, more in ((value, then), (then, value)):
                            yield n.compare(p.Rel.LE, n.subtract(more, less), ghost)

    def _witness_facts(self, run: str) -> Iterator[Term]:
        view = self.loop.view
        own = [(name, kind, value) for name, kind, value in self.scalars if name.startswith(f"{run}.")]
        own += self._slots(run)
        terms = [[*self._witness_terms(each[run]), *self._ends(run, each[run])] for each in view.witnesses]
        for index in range(len(view.witnesses)):
            facts: list[Term] = []
            for quantity, term in terms[index]:
                for name, kind, value in own:
                    if kind is quantity and (self._changed(name) or "@" in name):
                        facts += _relations(value, term)
                for kind, constant in self.words.constants:
                    if kind is quantity and quantity is not Quantity.NUMBER:
                        facts += _relations(term, n.const(constant))[:2]
                facts += self._distances(own, quantity, term)
            facts += self._congruences(view.witnesses[index][run])
            for guard in self._guards(run, index):
                yield from (disj(neg(guard), fact) for fact in facts)
            for owner, variable, expr in self.words.conditions:
                if owner == run:
                    env = Environment(self.given.scalars, {variable: view.witnesses[index][run]}, exact=True)
                    yield disj(neg(view.seen[index]), encode(expr, env))
        for first, second in permutations(range(len(view.witnesses)), 2):
            both = [view.witnesses[i][run][p.PLACED] for i in (first, second)]
            guard = conj(*both) if run in view.placed_before else conj(view.seen[first], view.seen[second], *both)
            for quantity, a in terms[first]:
                for kind, b in terms[second]:
                    if kind is quantity is Quantity.VIRTUAL:
                        yield disj(neg(guard), n.compare(p.Rel.LE, a, b))

    def _distances(self, scalars: list[tuple[str, Quantity, Num]], quantity: Quantity, term: Num) -> Iterator[Term]:
        """An address that the loop keeps is no further from the witness than some size."""
        if not self.far:
            return
        for name, kind, value in scalars:
            if kind is quantity and self._changed(name) and quantity in (Quantity.PHYSICAL, Quantity.VIRTUAL):
                for unit, constant in self.words.constants:
                    if unit is Quantity.BYTES:
                        yield n.compare(p.Rel.LE, n.subtract(value, term), n.const(constant))
                        yield n.compare(p.Rel.LE, n.subtract(term, value), n.const(constant))

    def _addresses(self, run: str) -> Iterator[Term]:
        """A region is placed at what its own fields, and variables that this loop does not change, say."""
        view = self.loop.view
        scope = view.scopes[run]
        for owner, variable, field, expr in self.words.addresses:
            names = scalars_read(expr)
            if owner != run or not names <= scope.keys() or any(self._changed(f"{run}.{name}") for name in names):
                continue
            for index, columns in enumerate(view.witnesses):
                region = columns[run]
                address = encode(expr, Environment(scope, {variable: region}))
                at_it = equal(region[field], address)
                yield disj(neg(conj(view.seen[index], region[p.PLACED])), at_it)
                yield disj(neg(region[p.PLACED]), at_it)

    def _answers(self, run: str) -> Iterator[Term]:
        """What any run asks about a region, and this one may change by its turn, has the same answer after it; or a
        certain one, always, or where nothing that is asked was so before."""
        asked = list(dict.fromkeys((variable, expr) for _, variable, expr in self.words.questions))
        for index, columns in enumerate(self.loop.view.witnesses):
            prefix, seen = f"{run}.w{index + 1}.", self.loop.view.seen[index]
            changing = {name for name in columns[run] if f"{prefix}{name}" in self.loop.head}
            before = {**columns[run], **{name: self.loop.start[f"{prefix}{name}"] for name in changing}}
            answers = [
                [encode(expr, Environment(self.given.scalars, {variable: region})) for region in (before, columns[run])]
                for variable, expr in asked
            ]
            for (_, expr), (then, now) in zip(asked, answers, strict=True):
                if fields_read(expr) & changing:
                    yield from (disj(neg(then), now), disj(then, neg(now)))
                    yield from (disj(neg(seen), now), disj(neg(seen), neg(now)))
                    yield disj(*(each for each, _ in answers), neg(now))

    def _mark_facts(self, run: str) -> Iterator[Term]:
        """What was done to a witness goes together, and with the conditions by which regions are selected."""
        view = self.loop.view
        for index, columns in enumerate(view.witnesses):
            region = columns[run]
            marks = [
                value
                for name, value in region.items()
                if name in (*p.MARKS, *self.given.record.marks) and f"{run}.w{index + 1}.{name}" in self.loop.head
            ]
            conditions = [*marks]
            if self.stage is Stage.ALL:
                before = [region[name] for name in p.MARKS if f"{run}.w{index + 1}.{name}" not in self.loop.head]
                conditions += [each for mark in before for each in (mark, neg(mark))]
            for owner, variable, expr in (*self.words.selections, *self.words.conditions):
                if owner == run:
                    conditions.append(encode(expr, Environment(self.given.scalars, {variable: region}, exact=True)))
            had_turn = conj(view.seen[index], region[PRESENT])
            for mark in marks:
                yield disj(neg(had_turn), mark)
                yield disj(neg(mark), region[PRESENT])
                for condition in (each for each in conditions if each is not mark):
                    yield disj(neg(conj(had_turn, condition)), mark)
                    yield disj(neg(mark), condition)
                    if self.stage is Stage.ALL:
                        yield disj(neg(conj(had_turn, mark)), condition)

    def _congruences(self, witness: Region) -> Iterator[Term]:
        kinds = [(f, k) for f, k in self.given.record.fields if isinstance(k, Integer) and k.is_address]
        for (f, _), (g, _) in combinations(kinds, 2):
            a, b = witness[f], witness[g]
            assert isinstance(a, Num) and isinstance(b, Num)
            for modulus in self.words.moduli:
                yield n.compare(p.Rel.EQ, n.remainder(a, modulus), n.remainder(b, modulus))

    def _agreements(self) -> Iterator[Term]:
        """Runs in step agree on their variables and on what they do with a witness."""
        view = self.loop.view
        booleans = [(n_, v) for n_, (k, v) in view.scalars.items() if isinstance(k, Boolean) and self._changed(n_)]
        yield from (equal(a, b) for (_, a), (_, b) in combinations(booleans, 2))
        yield from (equal(a, b) for a, b in combinations(view.stopped, 2))
        for index, columns in enumerate(view.witnesses):
            seen = view.seen[index]
            for run in view.tracks:
                for other in (name for name in columns if name != run):
                    yield disj(neg(seen), equal(columns[run][PRESENT], columns[other][PRESENT]))
                    for name in (*p.MARKS, *(name for name, _ in self.given.record.fields)):
                        if f"{run}.w{index + 1}.{name}" in self.loop.head:
                            same = equal(columns[run][name], columns[other][name])
                            yield disj(neg(seen), same)
                            yield disj(neg(conj(seen, columns[run][PRESENT])), same)
                            if self.stage is Stage.ALL:
                                both = conj(seen, columns[run][PRESENT], columns[other][PRESENT])
                                orders = _orders(columns[run][name], columns[other][name])
                                yield from (disj(neg(both), each) for each in (same, *orders))

    def _goals(self) -> Iterator[Term]:
        view = self.loop.view
        for goal in self.goals:
            if not all(set(goal.lists) <= columns.keys() for columns in view.witnesses):
                continue
            for order in permutations(range(len(view.witnesses)), goal.arity):
                regions = witness_regions(goal, [view.witnesses[i] for i in order])
                body = inputs.instance(goal, regions, self.given.scalars)
                yield body
                yield disj(*(neg(view.seen[i]) for i in order), body)


def _orders(left: Value, right: Value) -> list[Term]:
    return _relations(left, right)[:2] if isinstance(left, Num) and isinstance(right, Num) else []


def _relations(left: Num, right: Num) -> list[Term]:
    return [n.compare(p.Rel.LE, left, right), n.compare(p.Rel.LE, right, left), n.compare(p.Rel.EQ, left, right)]
