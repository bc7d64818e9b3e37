"""Faults in what is said of proofs: vacuity, bounds, counterexamples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3

from checker import program as p
from checker.interpret import judge
from checker.program.valuation import Valuation
from checker.prove import Evidence, Proved, engine
from checker.prove.attempts import Attempts, Seen
from checker.prove.proof import goals as proofs
from checker.prove.search import unroll
from checker.verify import replay as judging
from tests.helpers import seams
from tests.prove import test_counterexamples, test_engine
from tests.prove.faults.checks import fooling, golden, the_test, with_monkeypatch
from tests.prove.faults.seeding import Believes, Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("nothing is vacuous", fooling("never-applies"))
def _(seed: Seeding) -> None:
    seed.into(seams.NOT_VACUOUS)(lambda rightly, *_: Proved(Evidence((), ()), ""))


@fault("what is said of no short map is said of none", golden("said-of-long-maps"))
def _(seed: Seeding) -> None:
    @seed.into(seams.WHY_VACUOUS)
    def _(rightly: Any, check: p.Check, formula: Any, scenario: p.Scenario, shows: Any) -> Any:
        return rightly(check, formula, scenario, lambda goal: True)


@fault("only the first part of a property has to say something", fooling("two-parts"))
def _(seed: Seeding) -> None:
    seed.into(seams.HAS_TO_APPLY)(lambda rightly, check: rightly(check)[:1])


@fault("a property says something of a layout in which nothing is placed", fooling("nothing-placed"))
def _(seed: Seeding) -> None:
    @seed.into(seams.APPLIES)
    def _(rightly: Any, unrolled: unroll.Unrolled, formula: p.ForAll) -> Any:
        return z3.Or(*(applies for applies, _ in unrolled.instances(formula)))

    @seed.into(seams.JUDGE_APPLIES)
    def _(rightly: Any, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        made = judging.world(scenario, found)
        return made is not None and judge.holds(check.assumptions, made)


@fault("an address is no question about what is placed", fooling("places-nothing-and-tags"))
def _(seed: Seeding) -> None:
    seed.into(seams.ASKED_WHERE)(lambda rightly, formula, record: rightly(formula, replace(record, placement=p.PLACED)))


@fault("only the first list of a property is asked what is placed", fooling("places-in-one-layout"))
def _(seed: Seeding) -> None:
    seed.into(seams.ASKED_WHERE)(lambda rightly, formula, _: frozenset({formula.regions.name}))


@fault(
    "what the interpreter says of vacuity is not asked",
    the_test(test_counterexamples.test_a_witness_that_denies_everything, "third-kernel"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.SPEAKS)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        group.judge = Believes()
        return rightly(group, *rest)


@fault(
    "a proof that has no room for a run that exists counts",
    the_test(with_monkeypatch(test_engine.test_a_proof_with_no_room_for_a_run_that_exists_is_an_error), "two-parts"),
)
def _(seed: Seeding) -> None:
    seed.into(seams.ADMITTED)(lambda rightly, *_: True)


@fault("checks are proved under what the first of them assumes", fooling("assumed-of-the-layout"))
def _(seed: Seeding) -> None:
    @seed.into(seams.GROUPS)
    def _(rightly: Any, scenario: p.Scenario) -> list[Any]:
        return [tuple(sorted(scenario.checks, key=lambda check: -len(check.assumptions)))]


@fault("neighbours are followed where any two regions should be", fooling("two-parts"))
def _(seed: Seeding) -> None:
    @seed.into(seams.SOLVE)
    def _(rightly: Any, trying: Attempts, seen: Seen, *rest: Any) -> Any:
        count, beside, neighbours, *parted = seen
        found = [proofs.Goal("", formula).neighbours for formula in trying.goals]
        other = next((each for each in found if each is not None), None)
        return rightly(trying, (count, beside, neighbours or (other if count == 2 else None), *parted), *rest)


@fault(
    "a length for which the effort did not suffice counts as searched",
    the_test(
        test_engine.test_no_bound_is_claimed_up_to_which_the_effort_did_not_suffice, "overlap-from-third-region", 4, 1
    ),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.SEARCH)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        found = rightly(group, *rest)
        return engine.Answer.UNSAT if found is engine.Answer.UNKNOWN else found


@fault(
    "a bound is claimed of what was not searched",
    the_test(test_engine.test_a_length_is_exhausted_if_every_order_of_every_list_is_looked_at, "two-orders", 2, 4),
)
def _(seed: Seeding) -> None:
    seed.into(seams.EXHAUSTIVE)(lambda rightly, scenario, rows: True)


@fault(
    "the prover's counterexamples are believed",
    the_test(test_counterexamples.test_an_oracle_that_denies_everything, "empty-map"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.SEARCH)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        group.judge = Believes()
        return rightly(group, *rest)


@fault(
    "counterexamples are made simpler without another look",
    the_test(test_counterexamples.test_every_one_replays, "kexec-agreement"),
)
def _(seed: Seeding) -> None:
    seed.into(seams.SIMPLIFY)(lambda rightly, found, scenario, accept: rightly(found, scenario, lambda _: True))
