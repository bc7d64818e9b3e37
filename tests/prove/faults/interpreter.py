"""Faults in the interpreter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from tests.helpers import seams
from tests.interpret import test_indices, test_room, test_vectors
from tests.prove.faults.checks import differential, ends, replay, rooms, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("the interpreter does not wrap", differential())
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_WRAP)(lambda rightly, exact, expr, exactly: exact)


@fault(
    "the interpreter goes forwards in every pass",
    the_test(test_vectors.test_the_reversed_walk_exports_downwards),
)
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_PASS)(lambda rightly, each: rightly(replace(each, reverse=False)))


@fault("the interpreter hands everything over in full width", differential(), replay("cut-on-the-way"))
def _(seed: Seeding) -> None:
    @seed.into(seams.RUN_HANDOVER)
    def _(rightly: Any, layout: Any, handover: p.Handover, order: Any) -> Any:
        wide = tuple((name, 64) for name, _ in handover.fields)
        return rightly(layout, replace(handover, fields=wide), order)


@fault("the interpreter may choose the end of a range", differential())
def _(seed: Seeding) -> None:
    @seed.into(seams.RUN_STATEMENT)
    def _(rightly: Any, statement: p.Statement) -> Any:
        step = rightly(statement)

        def instead(machine: Any) -> Any:
            choose = machine.choose
            machine.choose = lambda name, number, legal: choose(
                name, number, range(legal.start, legal.stop + 1, legal.step)
            )
            done = step(machine)
            machine.choose = choose
            return done

        return instead


@fault("the interpreter takes all that runs end with for 0", ends(), replay("ended-early"))
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_ENDS)(lambda rightly, made: {**dict.fromkeys(rightly(made), 0), **made.scalars})


@fault(
    "the interpreter looks for no room",
    rooms(),
    the_test(test_room.test_what_is_chosen_first_is_the_lowest_room),
)
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_ROOM)(lambda rightly, legal, own, taken: iter((legal,) if legal else ()))


@fault("the judge takes what a list leaves out for neighbours", differential(), replay("neighbours-found-later"))
def _(seed: Seeding) -> None:
    @seed.into(seams.JUDGE_TUPLES)
    def _(rightly: Any, formula: p.ForAll, made: Any) -> Any:
        if formula.relation is p.Relation.NEXT:
            everything = replace(formula.regions, where=p.Const(formula.regions.where.type, 1))
            binders = tuple(replace(binder, regions=everything) for binder in formula.binders)
            return rightly(replace(formula, binders=binders), made)
        return rightly(formula, made)


@fault("the judge does not miss a counterpart", differential(), replay("missing-counterpart"))
def _(seed: Seeding) -> None:
    @seed.into(seams.JUDGE_INSTANCES)
    def _(rightly: Any, formula: p.ForAll, made: Any) -> Any:
        return (each for each in rightly(formula, made) if len(each[1].regions) == len(formula.binders))


@fault(
    "a number may be the bound that it is below",
    the_test(test_indices.test_few_numbers_are_all_looked_at),
    the_test(test_indices.test_nothing_is_below_nothing, "0"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.JUDGE_BOUND)
    def _(rightly: Any, index: p.Index) -> Any:
        end = rightly(index)
        return lambda env: end(env) + 1


@fault(
    "a number that is pointed out is not looked at",
    the_test(test_indices.test_a_number_that_is_pointed_out_is_looked_at_if_it_is_one),
)
def _(seed: Seeding) -> None:
    seed.into(seams.JUDGE_NUMBERS)(lambda rightly, end, pointed_out, most: rightly(end, None, most))
