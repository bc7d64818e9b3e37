"""The state at the head of a loop, while the loop is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import gcd
from typing import Protocol

import z3

from checker.program import Rel
from checker.program.types import Type
from checker.prove.system.loop import Loop, Track
from checker.prove.system.state import RunVariable, StateVar, When
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Value, variable
from checker.prove.terms.numbers import Num, Term

COARSEST = 1 << 12
"""No state variable gets a larger scale: beyond a page the numbers get no easier."""


class HeadBuilder:
    """A builder of loops. ``missed`` are scales that some step does not respect."""

    prefix: str
    scales: Mapping[StateVar, int]
    head: dict[StateVar, Value]
    start: dict[StateVar, Value]
    facts: list[Term]
    missed: dict[StateVar, int]

    def _add_flag(self, key: StateVar) -> None:
        """Something that is not so where the loop starts."""
        self.head[key], self.start[key] = z3.Bool(f"{self.prefix}.{key}"), FALSE

    def _add(self, key: StateVar, kind: Type | None, start: Value) -> None:
        """A state variable, of the scale that its start value has, at most; without a type it is a mark."""
        self.start[key] = start
        if kind is None:
            self.head[key] = z3.Bool(f"{self.prefix}.{key}")
            return
        scale = self.scales.get(key)
        if scale is None:
            scale = start_scale(start) if isinstance(start, Num) else 1
        self.head[key], legal = variable(f"{self.prefix}.{key}", kind, scale)
        self.facts.append(legal)

    def _add_sum(self, key: StateVar, start: Value, coarsest: int) -> None:
        """A sum, of the scale that its start value has, at most."""
        total = Num(z3.Int(f"{self.prefix}.{key}"), self.scales.get(key, coarsest))
        self.head[key], self.start[key] = total, start
        self.facts.append(n.compare(Rel.LE, n.const(0), total))

    def _add_sum_of_run(self, key: StateVar, left: Mapping[StateVar, Value]) -> None:
        """A sum that goes on from pass to pass, from what the last one left."""
        start = left.get(key, n.const(0))
        assert isinstance(start, Num)
        self._add_sum(key, start, start_scale(start))

    def _scaled(self, key: StateVar, value: Value) -> Value:
        """Note where the scale of a state variable does not divide its next value."""
        head = self.head[key]
        if isinstance(head, Num) and isinstance(value, Num) and not n.divides(head.scale, value):
            self.missed[key] = gcd(head.scale, n.common_scale(value))
            return head
        return value


class _Builder(Protocol):
    missed: dict[StateVar, int]

    def build(self) -> Loop: ...


def fitted(builder: Callable[[Mapping[StateVar, int]], _Builder]) -> Loop:
    """The loop that a builder makes with the coarsest scales that every step respects. Raises `OutOfReachError`."""
    scales: dict[StateVar, int] = {}
    while True:
        made = builder(scales)
        loop = made.build()
        if not made.missed:
            return loop
        scales.update(made.missed)


def start_scale(start: Num) -> int:
    """The scale of a variable that has this value where its loop starts."""
    return COARSEST if start.constant == 0 else gcd(n.common_scale(start), COARSEST)


def scalars_in(
    tracks: Sequence[Track], head: Mapping[StateVar, Value], start: Mapping[StateVar, Value]
) -> Iterator[tuple[RunVariable, tuple[Type, Value]]]:
    """The runs' variables, each with its values at the moments that are known."""
    for track in tracks:
        for own, kind in track.types.items():
            if own not in track.scalars:
                continue
            key = RunVariable(track.run.name, own)
            yield key, (kind, head.get(key, track.scalars[own]))
            if key in head:
                yield replace(key, when=When.START), (kind, start[key])
                if own in track.first:
                    yield replace(key, when=When.FIRST), (kind, track.first[own])
