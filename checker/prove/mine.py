"""Candidates for invariants, from the program's own text: its variables, constants, alignments, and the goals.

A candidate may be wrong: `checker.prove.houdini` keeps only those that hold together. So nothing here bears on
soundness, only on what can be proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations, permutations

from checker.language import program as p
from checker.language.types import Boolean, Integer, Quantity
from checker.prove import assume
from checker.prove import numbers as n
from checker.prove.encode import TRUE, Environment, Value, conj, disj, encode, equal, is_false, is_true, neg
from checker.prove.numbers import Num, Term
from checker.prove.system import Loop

Goals = Sequence[p.ForRegion | p.ForPair]


@dataclass(frozen=True)
class Vocabulary:
    """What the candidates are made from: constants by quantity, moduli, and expressions about one region."""

    constants: tuple[tuple[Quantity, int], ...]
    moduli: tuple[int, ...]
    about_region: tuple[tuple[str, p.Expr], ...]
    """Numeric expressions with the region variable that they are about."""
    conditions: tuple[tuple[str, p.Expr], ...]
    """Boolean ones."""
    cases: tuple[p.Expr, ...]
    """Comparisons between the program's variables and constants."""


def vocabulary(algorithms: Iterable[p.Algorithm], goals: Goals) -> Vocabulary:
    """Everything worth talking about in these algorithms and goals."""
    nodes = [node for a in algorithms for node in _walk(a.body)]
    nodes += [node for goal in goals for node in _walk((goal.where, goal.body, goal.regions.where))]
    constants: dict[tuple[Quantity, int], None] = {}
    moduli: dict[int, None] = {}
    about: dict[p.Expr, str] = {}
    conditions: dict[p.Expr, str] = {}
    for node in nodes:
        if isinstance(node, p.Const) and isinstance(node.type, Integer):
            constants[(node.type.quantity, node.value)] = None
        if isinstance(node, p.AlignDown):
            moduli[node.alignment] = None
        if isinstance(node, p.Arith) and node.op is p.Op.MOD and isinstance(node.right, p.Const):
            moduli[node.right.value] = None
    for goal in goals:
        for node in _walk((goal.where, goal.body, goal.regions.where)):
            variables = _regions(node)
            if len(variables) != 1 or _scalars(node):
                continue
            kind = getattr(node, "type", None)
            if isinstance(kind, Integer):
                about[node] = next(iter(variables))
            elif isinstance(kind, Boolean):
                conditions[node] = next(iter(variables))
    cases = dict.fromkeys(e for e in nodes if isinstance(e, p.Compare) and _scalars(e) and not _regions(e))
    return Vocabulary(
        tuple(constants),
        tuple(moduli),
        tuple((v, e) for e, v in about.items()),
        tuple((v, e) for e, v in conditions.items()),
        tuple(cases),
    )


class Reach(Enum):
    """How many candidates to make: the few that most proofs need, or all."""

    NEAR = auto()
    FAR = auto()


def candidates(loop: Loop, words: Vocabulary, goals: Goals, given: assume.Inputs, reach: Reach) -> list[Term]:
    """Candidate invariants of a loop, as conditions on its head's variables, without repetition."""
    found: dict[int, Term] = {}
    for term in _Miner(loop, words, goals, given, reach).mine():
        if not is_true(term) and not is_false(term):
            found.setdefault(term.get_id(), term)
    return list(found.values())


@dataclass
class _Miner:
    loop: Loop
    words: Vocabulary
    goals: Goals
    given: assume.Inputs
    reach: Reach

    def mine(self) -> Iterator[Term]:
        self.scalars = self._scalar_terms()
        self.witnesses = [self._witness_terms(w) for w in self.loop.view.witnesses]
        yield from self._untouched()
        yield from self._scalar_facts()
        yield from self._budgets()
        yield from self._witness_facts()
        yield from self._goals()

    # --- the terms

    def _scalar_terms(self) -> list[tuple[str, Quantity, Num]]:
        terms = []
        for name, (kind, value) in self.loop.view.scalars.items():
            if isinstance(kind, Integer) and isinstance(value, Num):
                terms.append((name, kind.quantity, value))
        return terms

    def _witness_terms(self, witness: dict[str, Value] | object) -> list[tuple[Quantity, Num]]:
        assert isinstance(witness, dict)
        terms = [
            (kind.quantity, witness[name])
            for name, kind in self.given.map.record.fields
            if isinstance(kind, Integer) and isinstance(witness[name], Num) and self._wanted(kind.quantity)
        ]
        for variable, expr in self.words.about_region:
            assert isinstance(expr.type, Integer)
            env = Environment(self.given.scalars, {variable: witness}, exact=True)
            value = encode(expr, env)
            if isinstance(value, Num) and value.constant is None and self._wanted(expr.type.quantity):
                terms.append((expr.type.quantity, value))
        return terms

    def _wanted(self, quantity: Quantity) -> bool:
        """Near at hand are only quantities like that of the address a region is placed at."""
        record = self.given.map.record
        if self.reach is Reach.FAR or record.placement is None:
            return True
        placement = record.type_of(record.placement)
        return isinstance(placement, Integer) and placement.quantity is quantity

    def _changed(self, name: str) -> bool:
        return name in self.loop.view.changing

    def _conditions(self) -> list[Term]:
        """Boolean variables and their opposites, to guard facts about scalars with."""
        guards: list[Term] = [TRUE]
        if self.reach is Reach.NEAR:
            return guards
        for kind, value in self.loop.view.scalars.values():
            if isinstance(kind, Boolean) and not is_true(value) and not is_false(value):
                guards += [value, neg(value)]
        if "stopped" in self.loop.head:
            guards += [self.loop.head["stopped"], neg(self.loop.head["stopped"])]
        return guards

    def _cases(self) -> Iterator[Term]:
        """The program's own conditions about its variables, and their opposites."""
        known = {name: kind for name, (kind, _) in self.loop.view.scalars.items()}
        scalars = {name: value for name, (_, value) in self.loop.view.scalars.items()}
        for expr in self.words.cases:
            variables = [node for node in _walk(expr) if isinstance(node, p.Var)]
            here = all(known.get(v.name) == v.type for v in variables)  # another block may use the name for another
            if here and any(v.name in self.loop.view.changing for v in variables):
                condition = encode(expr, Environment(scalars))
                yield condition
                yield neg(condition)

    def _guards(self, index: int) -> list[Term]:
        """What may be known of a witness: it had its turn, it was placed, a condition of a goal holds for it."""
        witness, seen = self.loop.view.witnesses[index], self.loop.view.seen[index]
        guards = [conj(seen, witness[p.PLACED])]
        if self.reach is Reach.FAR:
            guards.append(seen)
            if "stopped" in self.loop.head:
                guards.append(conj(seen, neg(self.loop.head["stopped"])))
        if self.reach is Reach.FAR or self.loop.neighbours:
            for other in (s for i, s in enumerate(self.loop.view.seen) if i != index):
                between = conj(seen, witness[p.PLACED], neg(other))
                guards += [between, *(conj(between, case) for case in self._cases())]
        return guards

    # --- the templates

    def _untouched(self) -> Iterator[Term]:
        """A witness that has not had its turn is as it was at the start of the pass."""
        for index, seen in enumerate(self.loop.view.seen):
            for name, value in self.loop.head.items():
                if name.startswith(f"w{index + 1}."):
                    yield disj(seen, equal(value, self.loop.start[name]))

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

    def _budgets(self) -> Iterator[Term]:
        """A variable moves away from its start by no more than what was added up."""
        view = self.loop.view
        for name in sorted(view.changing):
            kind, value = view.scalars[name]
            start = self.loop.start[name]
            if not isinstance(kind, Integer) or not isinstance(value, Num) or not isinstance(start, Num):
                continue
            for ghost in view.ghosts:
                for less, more in ((value, start), (start, value)):
                    yield n.compare(p.Rel.LE, n.subtract(more, less), ghost)

    def _witness_facts(self) -> Iterator[Term]:
        view = self.loop.view
        for index, terms in enumerate(self.witnesses):
            facts: list[Term] = []
            for quantity, term in terms:
                for name, kind, value in self.scalars:
                    if kind is quantity and (self._changed(name) or "@" in name):
                        facts += _relations(value, term)
                for kind, constant in self.words.constants:
                    if kind is quantity and quantity is not Quantity.NUMBER:
                        facts += _relations(term, n.const(constant))[:2]
            facts += self._congruences(index)
            for guard in self._guards(index):
                yield from (disj(neg(guard), fact) for fact in facts)
            for variable, expr in self.words.conditions:
                env = Environment(self.given.scalars, {variable: view.witnesses[index]}, exact=True)
                yield disj(neg(view.seen[index]), encode(expr, env))
        for first, second in permutations(range(len(self.witnesses)), 2):
            guard = conj(*(conj(view.seen[i], view.witnesses[i][p.PLACED]) for i in (first, second)))
            for quantity, a in self.witnesses[first]:
                for kind, b in self.witnesses[second]:
                    if kind is quantity is Quantity.VIRTUAL:
                        yield disj(neg(guard), n.compare(p.Rel.LE, a, b))

    def _congruences(self, index: int) -> Iterator[Term]:
        witness = self.loop.view.witnesses[index]
        kinds = [(f, k) for f, k in self.given.map.record.fields if isinstance(k, Integer) and k.is_address]
        for (f, _), (g, _) in combinations(kinds, 2):
            a, b = witness[f], witness[g]
            assert isinstance(a, Num) and isinstance(b, Num)
            for modulus in self.words.moduli:
                yield n.compare(p.Rel.EQ, n.remainder(a, modulus), n.remainder(b, modulus))

    def _goals(self) -> Iterator[Term]:
        view = self.loop.view
        for goal in self.goals:
            size = 1 if isinstance(goal, p.ForRegion) else 2
            for order in permutations(range(len(view.witnesses)), size):
                regions = [view.witnesses[i] for i in order]
                body = assume.instance(goal, regions, self.given.scalars)
                yield disj(*(neg(view.seen[i]) for i in order), body)


def _relations(left: Num, right: Num) -> list[Term]:
    return [n.compare(p.Rel.LE, left, right), n.compare(p.Rel.LE, right, left), n.compare(p.Rel.EQ, left, right)]


def _walk(node: object) -> Iterator[p.Expr]:
    """Every expression below a node, itself included."""
    if isinstance(node, tuple):
        for child in node:
            yield from _walk(child)
    elif hasattr(node, "__dataclass_fields__"):
        if isinstance(node, p.Expr):
            yield node
        for name in node.__dataclass_fields__:
            if name not in ("type", "span"):
                yield from _walk(getattr(node, name))


def _regions(node: p.Expr) -> frozenset[str]:
    return frozenset(e.region for e in _walk(node) if isinstance(e, p.Field))


def _scalars(node: p.Expr) -> frozenset[str]:
    return frozenset(e.name for e in _walk(node) if isinstance(e, p.Var))
