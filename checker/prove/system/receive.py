"""A region that is handed over, as it arrives."""

from __future__ import annotations

import z3

from checker import program as p
from checker.program.types import Type, width
from checker.prove.system.inputs import PRESENT, Inputs, unmarked
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Environment, Region, Value, conj, constant, encode, neg, variable
from checker.prove.terms.numbers import Num, Term


def receive(handover: p.Handover, region: Region, given: Inputs) -> dict[str, Value]:
    """The region as the next kernel receives it, from the fields with which it left the one before.

    Fields that do not travel arrive as 0, the others cut to the width in which they travel; marks start false.
    """
    widths = dict(handover.fields)
    passed = encode(handover.where, Environment(given.scalars, {handover.variable: region}, exact=True))
    fields = unmarked(given.record)
    for name, kind in given.record.inputs:
        fields[name] = _cut(region[name], kind, widths[name]) if name in widths else constant(kind, 0)
    fields[PRESENT] = conj(region[PRESENT], neg(region[p.DROPPED]), passed)
    return fields


def unchanged_fields(handover: p.Handover, record: p.Record) -> frozenset[str]:
    """The fields that arrive as they left."""
    widths = dict(handover.fields)
    return frozenset(name for name, kind in record.inputs if widths.get(name, 0) >= width(kind))


def havoc_region(prefix: str, record: p.Record) -> tuple[dict[str, Value], list[Term]]:
    """A region of which nothing is known, not even whether it is there: which must not have a field's name."""
    fields: dict[str, Value] = {PRESENT: z3.Bool(f"{prefix}:present")}
    facts: list[Term] = []
    for name, kind in record.fields:
        fields[name], legal = variable(f"{prefix}.{name}", kind)
        facts.append(legal)
    for mark in p.MARKS:
        fields[mark] = z3.Bool(f"{prefix}.{mark}")
    return fields, facts


def _cut(value: Value, kind: Type, bits: int) -> Value:
    if bits >= width(kind):
        return value
    if isinstance(value, Num):
        return n.wrap(value, bits)
    if z3.is_bool(value):
        return value
    return z3.ZeroExt(width(kind) - bits, z3.Extract(bits - 1, 0, value))
