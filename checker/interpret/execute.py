"""An algorithm run on a concrete map: what the machine would do, region by region.

Each statement is first made into a step, a function that changes the machine, so that a statement is taken apart once
and not for each region.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import assert_never

from checker import program as p
from checker.base.values import frozen
from checker.interpret.evaluate import Environment, Values, in_algorithm, in_formula
from checker.interpret.machine import STEPS_TO_NOTE, Chooser, Ending, Layout, RunState, Step, lowest
from checker.interpret.room import left
from checker.program.records import Identity
from checker.program.walk import nodes

_ENDS = {p.Exit.TURN: Ending.CONTINUE, p.Exit.PASS: Ending.BREAK}


def run(
    algorithm: p.Algorithm,
    regions: Sequence[Values],
    arguments: Mapping[str, int],
    choose: Chooser = lowest,
    identities: Sequence[Identity] | None = None,
    steps: int | None = None,
    beside: Mapping[str, Sequence[Values]] | None = None,
) -> Layout:
    """The layout that ``algorithm`` makes of ``regions``, as `runner` says."""
    return runner(algorithm)(regions, arguments, choose, identities, steps, beside)


@frozen
class Runner:
    """Lays maps out as one algorithm does."""

    algorithm: p.Algorithm
    body: Step = field(repr=False, compare=False)

    def __call__(
        self,
        regions: Sequence[Values],
        arguments: Mapping[str, int],
        choose: Chooser = lowest,
        identities: Sequence[Identity] | None = None,
        steps: int | None = None,
        beside: Mapping[str, Sequence[Values]] | None = None,
    ) -> Layout:
        """The layout that the algorithm makes of ``regions``. Raises `OutOfStepsError` where it takes more than
        ``steps``; they count, region by region, what there is in every ``where``, and in every turn.

        ``regions`` hold a value for every input field of the algorithm's record; ``arguments`` one for each scalar
        parameter without a default; ``beside`` has, by parameter, the lists beside the map. ``identities`` say which
        regions these are; without it they are counted from 0.
        """
        marks = dict.fromkeys((*p.MARKS, *self.algorithm.record.marks), 0)
        known = tuple(map(Identity, range(len(regions))) if identities is None else identities)
        scalars = {name: default.value for name, _, default in self.algorithm.parameters if default is not None}
        scalars.update(arguments)
        others = _others(self.algorithm, beside or {})
        machine = RunState([{**region, **marks} for region in regions], known, scalars, choose, steps, beside=others)
        turn = self.body(machine)
        if self.algorithm.exports:
            exported = machine.exported
        else:
            exported = [index for index, region in enumerate(machine.regions) if not region[p.DROPPED]]
        possible = turn is not Ending.IMPOSSIBLE
        wrapped = tuple(machine.wrapped)
        return Layout(tuple(machine.regions), machine.identities, tuple(exported), wrapped, possible, machine.scalars)


def _others(algorithm: p.Algorithm, beside: Mapping[str, Sequence[Values]]) -> dict[str, Sequence[Values]]:
    """The lists beside the map, with the marks that no entry of them has."""
    lists: dict[str, Sequence[Values]] = {}
    for name, record in algorithm.beside:
        marks = dict.fromkeys((*p.MARKS, *record.marks), 0)
        lists[name] = [{**entry, **marks} for entry in beside[name]]
    return lists


class _Same:
    """An algorithm, equal to itself only: comparing it with another one would take as long as a run."""

    def __init__(self, algorithm: p.Algorithm) -> None:
        self.algorithm = algorithm

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.algorithm is other.algorithm

    def __hash__(self) -> int:
        return id(self.algorithm)


def runner(algorithm: p.Algorithm) -> Runner:
    """The runner of an algorithm."""
    return _kept_runner(_Same(algorithm))


@lru_cache(maxsize=64)
def _kept_runner(same: _Same) -> Runner:
    """The runner of an algorithm, kept for the next of many maps."""
    return Runner(same.algorithm, _block(same.algorithm.body))


def _block(statements: tuple[p.Statement, ...]) -> Step:
    steps = tuple(map(_statement, statements))
    if len(steps) == 1:
        return steps[0]

    def block(machine: RunState) -> Ending:
        for step in steps:
            turn = step(machine)
            if turn is not Ending.DONE:
                return turn
        return Ending.DONE

    return block


def _statement(statement: p.Statement) -> Step:
    match statement:
        case p.Declare() | p.Assign():
            return _assign(statement)
        case p.Choose():
            return _choose(statement)
        case p.If():
            return _if(statement)
        case p.Pass():
            return _pass_beside(statement) if statement.beside else _pass(statement)
        case p.Leave(exit=leave):
            end = _ENDS[leave]
            return lambda machine: end
        case p.SetField():
            return _set_field(statement)
        case p.Mark():
            return _mark(statement)
        case p.Export():
            return _export
        case p.Split():
            return _split(statement)
        case p.Remember():
            return _remember(statement)
        case p.Reach():
            return _reach(statement)
        case _:
            assert_never(statement)


def _assign(statement: p.Declare | p.Assign) -> Step:
    name, value = statement.name, in_algorithm(statement.value)

    def assign(machine: RunState) -> Ending:
        machine.scalars[name] = value(machine.env)
        return Ending.DONE

    return assign


def _whole(_: RunState, legal: range) -> list[range]:
    return [legal]


def _choose(statement: p.Choose) -> Step:
    name, step = statement.name, statement.alignment
    low, high = in_algorithm(statement.low), in_algorithm(statement.high)
    legal_parts = _whole if statement.room is None else _with_room(statement.room)

    def choose(machine: RunState) -> Ending:
        start = -(-low(machine.env) // step) * step
        number = None if machine.index is None else machine.identities[machine.index].origin
        legal = range(start, max(start, high(machine.env)), step)
        for part in legal_parts(machine, legal):
            chosen = machine.choose(name, number, part)
            if chosen is not None:
                machine.scalars[name] = chosen
                return Ending.DONE
        return Ending.IMPOSSIBLE

    return choose


def _with_room(room: p.Clearance) -> Callable[[RunState, range], list[range]]:
    """The parts of a range in which there is room for the region whose turn it is, one at least, which may be empty."""
    size = in_formula(room.size)

    def parts(machine: RunState, legal: range) -> list[range]:
        machine.spend(len(machine.regions))
        nothing: Mapping[str, int] = {}
        taken = [
            (region[place], size(Environment(nothing, {room.variable: region})))
            for index, region in enumerate(machine.regions)
            for place, mark in room.places
            if index != machine.index and region[mark]
        ]
        return list(left(legal, size(machine.env), taken)) or [legal[:0]]

    return parts


def _if(statement: p.If) -> Step:
    condition = in_algorithm(statement.condition)
    then, otherwise = _block(statement.then), _block(statement.otherwise)

    def branch(machine: RunState) -> Ending:
        return then(machine) if condition(machine.env) else otherwise(machine)

    return branch


def _set_field(statement: p.SetField) -> Step:
    name, value = statement.field, in_algorithm(statement.value)

    def set_field(machine: RunState) -> Ending:
        machine.region[name] = value(machine.env)
        return Ending.DONE

    return set_field


def _mark(statement: p.Mark) -> Step:
    name = statement.mark

    def mark(machine: RunState) -> Ending:
        machine.region[name] = 1
        return Ending.DONE

    return mark


def _export(machine: RunState) -> Ending:
    region = machine.region
    if region[p.EXPORTED]:
        machine.spend(STEPS_TO_NOTE)
    region[p.EXPORTED] = 1
    assert machine.index is not None
    machine.exported.append(machine.index)
    return Ending.DONE


def _remember(statement: p.Remember) -> Step:
    previous = statement.previous

    def remember(machine: RunState) -> Ending:
        assert machine.index is not None
        machine.remembered[previous] = machine.index
        return Ending.DONE

    return remember


def _reach(statement: p.Reach) -> Step:
    previous, name, value = statement.previous, statement.field, in_algorithm(statement.value)

    def reach(machine: RunState) -> Ending:
        given = value(machine.env)
        if previous in machine.remembered:
            machine.regions[machine.remembered[previous]][name] = given
        return Ending.DONE

    return reach


_ADDRESSES = 1 << 64


def _split(statement: p.Split) -> Step:
    start, length, unit = statement.extent.start, statement.extent.length, statement.extent.unit
    addresses = tuple(map(in_algorithm, statement.cuts))

    def split(machine: RunState) -> Ending:
        region = machine.region
        begin, size = region[start], region[length] * unit % _ADDRESSES
        # How far above the start each piece begins.
        distances = [0]
        for address in addresses:
            distance = address(machine.env) - begin
            if 0 < distance < size and distances[-1] <= distance:
                distances.append(distance)
        if len(distances) > 1:
            machine.spend(STEPS_TO_NOTE * len(distances))
            assert machine.index is not None
            ends = zip(distances, (*distances[1:], size), strict=True)
            parts = [{start: begin + first, length: (end - first) // unit} for first, end in ends]
            pieces = [{**region, **part, p.EXPORTED: 0} for part in parts]
            pieces[0][p.EXPORTED] = region[p.EXPORTED]
            machine.pieces[machine.index] = pieces
        return Ending.CONTINUE

    return split


def _pass(statement: p.Pass) -> Step:
    chosen, turn_of = in_algorithm(statement.where), _block(statement.body)
    to_look, to_act = _size(statement.where), _size(statement.body)
    variable, reverse, key = statement.variable, statement.reverse, statement.key

    def make_pass(machine: RunState) -> Ending:
        order: Sequence[int] = range(len(machine.regions))
        if key:
            order = sorted(order, key=lambda index: machine.regions[index][key])
        machine.remembered = {}
        ended = Ending.DONE
        for index in reversed(order) if reverse else order:
            if machine.regions[index][p.DROPPED]:
                continue
            machine.spend(to_look)
            machine.look(variable, index)
            if not chosen(machine.env):
                continue
            machine.spend(to_act)
            turn = turn_of(machine)
            if turn is Ending.BREAK:
                break
            if turn is Ending.IMPOSSIBLE:
                ended = turn
                break
        machine.look_away()
        machine.divide()
        return ended

    return make_pass


def _pass_beside(statement: p.Pass) -> Step:
    """A pass over a list beside the map, alone or in the turn of a region. Of a pass over the map in it, the regions
    have their turns for each entry anew."""
    chosen, turn_of = in_algorithm(statement.where), _block(statement.body)
    cost_of_look, cost_of_turn = _size(statement.where), _size(statement.body)
    variable, name, reverse = statement.variable, statement.beside, statement.reverse

    def make_pass(machine: RunState) -> Ending:
        entries = machine.beside[name]
        outside, around = machine.env.regions, machine.around
        ended = Ending.DONE
        for entry in reversed(entries) if reverse else entries:
            machine.spend(cost_of_look)
            machine.env.regions = {**outside, variable: entry}
            if not chosen(machine.env):
                continue
            machine.spend(cost_of_turn)
            if machine.index is None:
                machine.around = machine.env.regions
            turn = turn_of(machine)
            if turn is Ending.BREAK:
                break
            if turn is Ending.IMPOSSIBLE:
                ended = turn
                break
        machine.env.regions, machine.around = outside, around
        return ended

    return make_pass


def _size(tree: p.Tree) -> int:
    """Count the expressions and statements in statements or in an expression."""
    return sum(1 for _ in nodes(tree))
