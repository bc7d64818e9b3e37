"""Faults in the bounds on totals that last while passes change what is added up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3

from checker import program as p
from checker.prove.system.inputs import LastingTotal
from checker.prove.terms.encode import TRUE
from tests.helpers import seams
from tests.prove.faults.checks import fooling
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("no turn lets grow what is held", fooling("lasting-both-keep"), fooling("lasting-wraps"))
def _(seed: Seeding) -> None:
    seed.into(seams.NO_MORE)(lambda rightly, own, befores: [TRUE])


@fault("the region before may hold what it likes after a turn", fooling("lasting-both-keep"))
def _(seed: Seeding) -> None:
    seed.into(seams.NO_MORE)(lambda rightly, own, befores: rightly(own, []))


@fault("a piece counts whatever its region does", fooling("lasting-piece-is-marked"))
def _(seed: Seeding) -> None:
    @seed.into(seams.COUNTED)
    def _(rightly: Any, *given: Any) -> Any:
        return replace(rightly(*given), conclusion=TRUE)


@fault("what has lasted for one pass lasts for all", fooling("lasting-then-grown"))
def _(seed: Seeding) -> None:
    @seed.into(seams.LASTING_APPLIES)
    def _(rightly: Any, lasting: LastingTotal, run: p.Run, pending: p.Pass) -> bool:
        return lasting.run == run.name


@fault("a region holds of a total whether it counts or not", fooling("lasting-of-another-kind"))
def _(seed: Seeding) -> None:
    @seed.into(seams.HOLDING)
    def _(rightly: Any, lasting: LastingTotal, region: Any, given: Any) -> Any:
        return rightly(lasting, {**region, "attribute": z3.BitVecVal((1 << 64) - 1, 64)}, given)
