"""Faults in what one kernel hands to the next."""

from __future__ import annotations

from typing import Any

from checker import program as p
from checker.prove.system import inputs
from checker.prove.terms import encode
from checker.prove.terms.encode import FALSE
from tests.helpers import seams
from tests.prove.faults.checks import differential, fooling
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("a hand-over does not cut fields", differential(), fooling("cut-on-the-way"))
def _(seed: Seeding) -> None:
    seed.into(seams.CUT_FIELD)(lambda rightly, value, kind, bits: value)


@fault("what is cut on the way arrives as it left, of all but the witnesses", fooling("cut-of-others"))
def _(seed: Seeding) -> None:
    @seed.into(seams.UNCHANGED_FIELDS)
    def _(rightly: Any, handover: p.Handover, record: p.Record) -> frozenset[str]:
        return frozenset(dict(handover.fields)) & frozenset(dict(record.inputs))


@fault("dropped regions travel", fooling("dropped-and-passed"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RECEIVE)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        return rightly(handover, {**region, p.DROPPED: FALSE}, given)


@fault("fields that do not travel arrive", differential(), fooling("type-does-not-travel"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RECEIVE)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        missing = {name for name, _ in given.record.inputs} - dict(handover.fields).keys()
        return {**rightly(handover, region, given), **{name: region[name] for name in missing}}


@fault("marks travel", differential(), fooling("mark-does-not-travel"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RECEIVE)
    def _(rightly: Any, handover: p.Handover, region: encode.Region, given: inputs.Inputs) -> Any:
        marks = (*p.MARKS, *given.record.marks)
        return {**rightly(handover, region, given), **{name: region[name] for name in marks}}


@fault("what arrives backward arrives forward", fooling("order-received"))
def _(seed: Seeding) -> None:
    seed.table(seams.TRAVEL, {p.Travel.BACKWARD: 1})
