"""The scenario as loops over an unknown number of regions, seen from one or two of them.

**Witness abstraction.** A property of one region (of a pair) fails on some map if and only if it fails for some region
``w`` (pair ``w1`` before ``w2``) of it. So fix arbitrary regions of an arbitrary map and follow them through every pass.
A pass then is a loop whose steps are: the turn of a witness, once each, in the order that the pass's direction
gives; or the turn of any other region, of which nothing is known but the assumptions (for itself, and with each
witness, in the order in which the two stand). The state at the head of the loop is finite: the algorithm's
variables, the witnesses' fields, and which witnesses have had their turn.

*Sound*, because every real execution on a map with at least as many regions as there are witnesses is an execution of
this system for every choice of witnesses: each real turn is one of the steps, with constraints that are instances of
the assumptions. (Maps with fewer regions have no instance of the property; obligations that are not about regions
are proved with no witness at all.) The other direction does not hold, so a failed proof proves nothing.

An anonymous region's fields that earlier passes may have written are unknown here: its history is forgotten.

**Totals.** For an assumption ``total(a) <= B`` with ``a >= 0``, a ghost variable ``g`` adds up the regions seen in
this pass. At each step ``g``, the amount of the region whose turn it is, and those of the witnesses still to come
are parts of the total, without overlap; so together they are at most ``B``.

**Neighbours.** For a property of regions next to each other in the list of those for which ``c`` holds, the witnesses
are two such neighbours: no region between them has ``c``. A turn between the witnesses is constrained by ``not c``
as soon as no later pass can change what ``c`` looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

import z3

from checker.language import program as p
from checker.language.types import Type
from checker.prove import assume
from checker.prove import numbers as n
from checker.prove.encode import FALSE, TRUE, Environment, Loss, Value, conj, disj, encode, equal, neg, variable
from checker.prove.execute import Fresh, Turn, execute, visit
from checker.prove.numbers import Num, Term


@dataclass(frozen=True)
class Step:
    """One kind of turn: when it can be taken, and what it does to the state (by the state's variables' names)."""

    name: str
    constraint: Term
    after: Mapping[str, Value]
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Loop:
    """A pass: the state's variables at its head, their values at its start, what is always true of them, its steps.

    ``finished`` says that every witness had its turn.
    """

    run: str
    head: Mapping[str, Value]
    start: Mapping[str, Value]
    facts: tuple[Term, ...]
    steps: tuple[Step, ...]
    finished: Term
    neighbours: bool
    view: View


@dataclass(frozen=True)
class View:
    """What invariants may be about, at the head of a loop, in terms of its variables."""

    scalars: Mapping[str, tuple[Type, Value]]
    """The algorithm's variables, with the values at the start of those that change under ``name@start``."""
    witnesses: tuple[Mapping[str, Value], ...]
    seen: tuple[Term, ...]
    ghosts: tuple[Num, ...]
    changing: frozenset[str]


@dataclass
class State:
    """Where the symbolic execution of a run stands between passes."""

    scalars: dict[str, Value]
    types: dict[str, Type]
    witnesses: list[dict[str, Value]]
    live: Term = TRUE

    def leave(self, outer: frozenset[str]) -> None:
        """Forget all variables but ``outer``: another block may use their names again, for something else."""
        for name in self.scalars.keys() - outer:
            del self.scalars[name]


@dataclass(frozen=True)
class Neighbours:
    """The two witnesses are neighbours among the regions of the layout that ``regions`` selects."""

    regions: p.Regions


@dataclass(frozen=True)
class Obligation:
    """A checked operator of a run must not lose anything where ``premises`` hold."""

    run: str
    loss: Loss
    premises: tuple[Term, ...]


@dataclass
class System:
    """Follows the scenario's runs pass by pass. The caller finds each loop's invariants and adds them to ``facts``."""

    given: assume.Inputs
    count: int
    neighbours: Neighbours | None = None
    facts: list[Term] = field(default_factory=list)
    witnesses: list[dict[str, Value]] = field(default_factory=list)
    layouts: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    obligations: list[Obligation] = field(default_factory=list)
    names: int = 0

    def __post_init__(self) -> None:
        self.facts += self.given.facts
        for index in range(self.count):
            fields, legal = assume.region(f"w{index + 1}", self.given)
            self.witnesses.append(fields)
            self.facts += legal
        if self.count == 2:
            self.facts += assume.together(self.witnesses[0], self.witnesses[1], self.given)

    def loops(self) -> Iterator[Loop]:
        """Every pass of every run, in order. Raises `OutOfReachError`."""
        for run in self.given.scenario.runs:
            yield from self._run(run)

    def lost(self, run: str, losses: Iterable[Loss], *premises: Term) -> None:
        """Note what checked operators of ``run`` owe, given what is known now and ``premises``."""
        self.obligations += [Obligation(run, loss, (*self.facts, *premises)) for loss in losses]

    # --- runs

    def _run(self, run: p.Run) -> Iterator[Loop]:
        state = State({}, {}, [dict(w) for w in self.witnesses])
        losses: list[Loss] = []
        env = Environment(self.given.scalars, on_loss=losses.append)
        for (name, kind, _), argument in zip(run.algorithm.parameters, run.arguments, strict=True):
            state.scalars[name], state.types[name] = encode(argument, env), kind
        self.lost(run.name, losses)
        yield from self._block(run.algorithm.body, state, run, frozenset())
        self.layouts[run.name] = state.witnesses

    def _block(
        self, statements: tuple[p.Statement, ...], state: State, run: p.Run, written: frozenset[str]
    ) -> Iterator[Loop]:
        """Execute top-level statements; ``written`` are the region fields that earlier passes may have changed."""
        for statement in statements:
            if isinstance(statement, p.Pass):
                yield self._loop(statement, state, run, written)
                written |= writes(statement.body)
            elif isinstance(statement, p.If) and any(has_pass(s) for s in (*statement.then, *statement.otherwise)):
                live = state.live
                losses: list[Loss] = []
                env = Environment(state.scalars, path=live, on_loss=losses.append)
                condition = encode(statement.condition, env)
                self.lost(run.name, losses)
                for branch, test in ((statement.then, condition), (statement.otherwise, neg(condition))):
                    state.live = conj(live, test)
                    outer = frozenset(state.scalars)
                    yield from self._block(branch, state, run, written)
                    state.leave(outer)
                    written |= writes(branch)
                state.live = live
            else:
                self._straight(statement, state, run)

    def _straight(self, statement: p.Statement, state: State, run: p.Run) -> None:
        turn = Turn(state.scalars, None, state.live, FALSE, self._fresh)
        outer = frozenset(state.scalars)
        execute((statement,), turn, "")
        self.facts += turn.constraints
        if isinstance(statement, p.Declare | p.Choose):
            state.types[statement.name] = statement.type
        else:
            state.leave(outer)
        self.lost(run.name, turn.losses)

    def _fresh(self, name: str, kind: Type) -> Value:
        self.names += 1
        value, legal = variable(f"{name}!{self.names}", kind)
        self.facts.append(legal)
        return value

    # --- loops

    def _loop(self, statement: p.Pass, state: State, run: p.Run, written: frozenset[str]) -> Loop:
        """Build the loop of a pass, with the coarsest scales that every step respects."""
        scales: dict[str, int] = {}
        while True:
            loop, missed = self._attempt(statement, state, run, written, scales)
            if not missed:
                break
            scales.update(missed)
        changed = assigned(statement.body)
        for name in changed & state.scalars.keys():
            state.scalars[name] = loop.head[name]
        for index, fields in enumerate(state.witnesses):
            for name in writes(statement.body):
                fields[name] = loop.head[f"w{index + 1}.{name}"]
        return loop

    def _attempt(
        self, statement: p.Pass, state: State, run: p.Run, written: frozenset[str], scales: Mapping[str, int]
    ) -> tuple[Loop, dict[str, int]]:
        self.names += 1
        builder = _LoopBuilder(self, statement, state, run, written, f"{run.name}.{self.names}", scales)
        loop = builder.build()
        return loop, builder.missed


@dataclass
class _LoopBuilder:
    """The pieces of one loop, while it is put together."""

    system: System
    statement: p.Pass
    state: State
    run: p.Run
    written: frozenset[str]
    prefix: str
    scales: Mapping[str, int]
    head: dict[str, Value] = field(default_factory=dict)
    start: dict[str, Value] = field(default_factory=dict)
    facts: list[Term] = field(default_factory=list)
    missed: dict[str, int] = field(default_factory=dict)

    def build(self) -> Loop:
        changing = sorted(assigned(self.statement.body) & self.state.scalars.keys())
        for name in changing:
            self._add(name, self.state.types[name], self.state.scalars[name])
        breaks = _breaks(self.statement.body)
        if breaks:
            self.head["stopped"], self.start["stopped"] = z3.Bool(f"{self.prefix}.stopped"), FALSE
        kinds = dict(self.run.algorithm.record.fields)
        for index, fields in enumerate(self.state.witnesses):
            for name in sorted(writes(self.statement.body)):
                self._add(f"w{index + 1}.{name}", kinds.get(name), fields[name])
        for index in range(self.system.count):
            self.head[f"seen{index + 1}"] = z3.Bool(f"{self.prefix}.seen{index + 1}")
            self.start[f"seen{index + 1}"] = FALSE
        self.totals = assume.totals(self.system.given)
        for index, total in enumerate(self.totals):
            self._add_ghost(index, total)
        steps = [self._step(index) for index in self._turns()]
        seen = tuple(self.head[f"seen{i + 1}"] for i in range(self.system.count))
        if self.system.count == 2:
            first, second = self._visiting()
            self.facts.append(disj(neg(seen[second]), seen[first]))
        return Loop(
            self.run.name,
            self.head,
            self.start,
            (*self.facts, *(self._ghost_bound(None, None, seen))),
            tuple(steps),
            conj(*seen),
            self.system.neighbours is not None,
            self._view(changing, seen),
        )

    # --- the state at the head

    def _add(self, name: str, kind: Type | None, start: Value) -> None:
        """A state variable, of the scale that its start value has, at most."""
        self.start[name] = start
        if kind is None:
            self.head[name] = z3.Bool(f"{self.prefix}.{name}")
            return
        scale = self.scales.get(name)
        if scale is None:
            scale = _start_scale(start) if isinstance(start, Num) else 1
        self.head[name], legal = variable(f"{self.prefix}.{name}", kind, scale)
        self.facts.append(legal)

    def _add_ghost(self, index: int, total: p.TotalAtMost) -> None:
        name = f"total{index + 1}"
        scale = self.scales.get(name, COARSEST)
        ghost = Num(z3.Int(f"{self.prefix}.{name}"), scale)
        self.head[name], self.start[name] = ghost, n.const(0)
        self.facts.append(n.compare(p.Rel.LE, n.const(0), ghost))

    def _ghost_bound(
        self, turn: int | None, fields: Mapping[str, Value] | None, seen: tuple[Term, ...]
    ) -> Iterator[Term]:
        """What was seen, the region whose turn it is, and the witnesses still to come stay below each bound."""
        for index, total in enumerate(self.totals):
            ghost = self.head[f"total{index + 1}"]
            assert isinstance(ghost, Num)
            amounts = [ghost]
            if fields is not None:
                amounts.append(assume.amount(total, fields, self.system.given))
            for other, witness in enumerate(self.system.witnesses):
                if other != turn:
                    coming = assume.amount(total, witness, self.system.given)
                    amounts.append(n.choose(seen[other], n.const(0), coming))
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), n.const(total.bound))

    def _view(self, changing: list[str], seen: tuple[Term, ...]) -> View:
        scalars = {}
        for name, kind in self.state.types.items():
            if name in self.state.scalars:
                scalars[name] = (kind, self.head.get(name, self.state.scalars[name]))
        for name in changing:
            scalars[f"{name}@start"] = (self.state.types[name], self.start[name])
        witnesses = []
        for index, fields in enumerate(self.state.witnesses):
            current = {name: self.head.get(f"w{index + 1}.{name}", value) for name, value in fields.items()}
            witnesses.append(current)
        ghosts = [self.head[f"total{i + 1}"] for i in range(len(self.totals))]
        return View(
            scalars,
            tuple(witnesses),
            seen,
            tuple(g for g in ghosts if isinstance(g, Num)),
            frozenset(changing),
        )

    # --- steps

    def _turns(self) -> Iterator[int | None]:
        yield None
        yield from range(self.system.count)

    def _visiting(self) -> tuple[int, int]:
        """The indices of the witnesses in the order in which this pass comes to them."""
        return (1, 0) if self.statement.reverse else (0, 1)

    def _step(self, witness: int | None) -> Step:
        system, given = self.system, self.system.given
        seen = tuple(self.head[f"seen{i + 1}"] for i in range(system.count))
        constraints: list[Term] = []
        if witness is None:
            original, fields = self._anonymous(seen, constraints)
        else:
            original = system.witnesses[witness]
            fields = {
                name: self.head.get(f"w{witness + 1}.{name}", value)
                for name, value in self.state.witnesses[witness].items()
            }
            constraints.append(neg(seen[witness]))
            if system.count == 2:
                first, second = self._visiting()
                constraints.append(neg(seen[second]) if witness == first else seen[first])
        constraints += self._ghost_bound(witness, original, seen)

        scalars = {name: self.head.get(name, value) for name, value in self.state.scalars.items()}
        turn = Turn(scalars, fields, TRUE, self.head.get("stopped", FALSE), self._fresh(constraints))
        visit(self.statement, turn, self.state.live)
        constraints += turn.constraints
        if witness is None and system.neighbours is not None:
            constraints += self._not_between(turn, seen)

        after: dict[str, Value] = dict(self.head)
        for name in assigned(self.statement.body) & self.state.scalars.keys():
            after[name] = self._scaled(name, turn.scalars[name])
        if "stopped" in after:
            after["stopped"] = turn.stopped
        for index, total in enumerate(self.totals):
            ghost = self.head[f"total{index + 1}"]
            assert isinstance(ghost, Num)
            added = n.add(ghost, assume.amount(total, original, given))
            after[f"total{index + 1}"] = self._scaled(f"total{index + 1}", added)
        if witness is not None:
            after[f"seen{witness + 1}"] = TRUE
            for name in writes(self.statement.body):
                key = f"w{witness + 1}.{name}"
                after[key] = self._scaled(key, fields[name])
        name = "any other region" if witness is None else f"witness {witness + 1}"
        return Step(name, conj(*constraints), after, tuple(turn.losses))

    def _anonymous(
        self, seen: tuple[Term, ...], constraints: list[Term]
    ) -> tuple[Mapping[str, Value], dict[str, Value]]:
        """Any region that is no witness: as the map gave it, and as earlier passes may have left it."""
        system = self.system
        original, legal = assume.region(f"{self.prefix}.x", system.given)
        constraints += legal
        for index, witness in enumerate(system.witnesses):
            before, after = (
                assume.together(original, witness, system.given),
                assume.together(witness, original, system.given),
            )
            if self.statement.reverse:
                before, after = after, before
            constraints += [disj(seen[index], term) for term in before]
            constraints += [disj(neg(seen[index]), term) for term in after]
        fields = dict(original)
        for name, kind in self.run.algorithm.record.fields:
            if name in self.written:
                fields[name], legal_term = variable(f"{self.prefix}.x.{name}'", kind)
                constraints.append(legal_term)
        for mark in p.MARKS:
            if mark in self.written:
                fields[mark] = z3.Bool(f"{self.prefix}.x.{mark}'")
        return original, fields

    def _not_between(self, turn: Turn, seen: tuple[Term, ...]) -> Iterator[Term]:
        neighbours = self.system.neighbours
        assert neighbours is not None and turn.region is not None
        regions = neighbours.regions
        first, second = self._visiting()
        between = conj(seen[first], neg(seen[second]))
        if regions.name == self.run.name:
            if not _mentions(regions.where) & self._later():
                inside = assume.member(regions, turn.region, self.system.given.scalars)
                yield disj(neg(between), neg(inside))

    def _later(self) -> frozenset[str]:
        """Fields that passes after this one may write."""
        body, found, later = self.run.algorithm.body, False, frozenset[str]()
        for statement in _passes(body):
            if found:
                later |= writes(statement.body)
            found = found or statement is self.statement
        return later

    def _fresh(self, constraints: list[Term]) -> Fresh:
        def fresh(name: str, kind: Type) -> Value:
            value, legal = variable(f"{self.prefix}.{name}", kind)
            constraints.append(legal)
            return value

        return fresh

    def _scaled(self, name: str, value: Value) -> Value:
        """Note where the scale of a state variable does not divide its next value."""
        head = self.head[name]
        if isinstance(head, Num) and isinstance(value, Num) and not n.divides(head.scale, value):
            self.missed[name] = gcd(head.scale, n.common_scale(value))
            return head
        return value


COARSEST = 1 << 12
"""No state variable gets a larger scale: beyond a page the numbers get no easier."""


def _start_scale(start: Num) -> int:
    return COARSEST if start.constant == 0 else gcd(n.common_scale(start), COARSEST)


def equalities(names: Mapping[str, Value], values: Mapping[str, Value]) -> Iterator[Term]:
    """Every variable of a state has the value that ``values`` gives it."""
    for name, variable_ in names.items():
        yield equal(variable_, values[name])


def writes(statements: tuple[p.Statement, ...]) -> frozenset[str]:
    """The fields and marks of the region that these statements may change."""
    fields: frozenset[str] = frozenset()
    for statement in statements:
        match statement:
            case p.SetField(field=name):
                fields |= {name}
            case p.Place(field=name):
                fields |= {name, p.PLACED}
            case p.Export():
                fields |= {p.EXPORTED}
            case p.Drop():
                fields |= {p.DROPPED}
            case p.If(then=then, otherwise=otherwise):
                fields |= writes(then) | writes(otherwise)
            case p.Pass(body=body):
                fields |= writes(body)
    return fields


def assigned(statements: tuple[p.Statement, ...]) -> frozenset[str]:
    """The variables that these statements may assign to."""
    names: frozenset[str] = frozenset()
    for statement in statements:
        match statement:
            case p.Assign(name=name):
                names |= {name}
            case p.If(then=then, otherwise=otherwise):
                names |= assigned(then) | assigned(otherwise)
    return names


def _breaks(statements: tuple[p.Statement, ...]) -> bool:
    return any(
        isinstance(s, p.Break) or (isinstance(s, p.If) and (_breaks(s.then) or _breaks(s.otherwise)))
        for s in statements
    )


def has_pass(statement: p.Statement) -> bool:
    """Whether a pass stands in this statement."""
    return isinstance(statement, p.Pass) or (
        isinstance(statement, p.If) and any(has_pass(s) for s in (*statement.then, *statement.otherwise))
    )


def _passes(statements: tuple[p.Statement, ...]) -> Iterator[p.Pass]:
    for statement in statements:
        if isinstance(statement, p.Pass):
            yield statement
        elif isinstance(statement, p.If):
            yield from _passes(statement.then)
            yield from _passes(statement.otherwise)


def _mentions(expr: object) -> frozenset[str]:
    """The names of the region fields that an expression looks at."""
    if isinstance(expr, p.Field):
        return frozenset({expr.name})
    found: frozenset[str] = frozenset()
    if hasattr(expr, "__dataclass_fields__"):
        for name in expr.__dataclass_fields__:
            if name not in ("type", "span"):
                found |= _mentions(getattr(expr, name))
    return found
