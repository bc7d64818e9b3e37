"""Faults beside the proofs: what is written of them, vacuity, the search for counterexamples, certificates, and the
interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import z3

from checker import library
from checker import program as p
from checker.interpret import evaluate, execute, judge, world
from checker.program import slice
from checker.program.valuation import Valuation
from checker.prove import Result, Verdict, engine, rechecking
from checker.prove.invariants import core as trimming
from checker.prove.proof import goals as proofs
from checker.prove.proof import journal, smtlib
from checker.prove.search import shrink, unroll
from checker.prove.terms import sexpr
from checker.prove.terms.encode import FALSE
from checker.verify import certificate
from checker.verify import replay as judging
from tests.interpret import test_vectors
from tests.prove import test_counterexamples, test_engine, test_essential, test_rechecking
from tests.prove.faults.seeding import Check, Fault, Seeding, differential, fooling, golden, noting, replay, the_test
from tests.verify import test_certificate, test_cross_check, test_replay

FAULTS: list[Fault] = []
fault = noting(FAULTS)


def certified(test: Callable[[Path], object]) -> Check:
    def in_a_folder() -> None:
        with TemporaryDirectory() as folder:
            test(test_certificate.certified(Path(folder)))

    return the_test(wraps(test)(in_a_folder))


def with_monkeypatch(test: Callable[..., object]) -> Callable[..., object]:
    def patching(*arguments: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            test(*arguments, patch)

    return wraps(test)(patching)


def recheck(test: Callable[..., object], *arguments: Any) -> Check:
    return the_test(test, *arguments, prepare=test_rechecking.decided)


# --- the statements of a proof


@fault(
    "that the turn of any other region keeps the invariants is left out",
    the_test(test_cross_check.test_every_step_of_every_loop_and_the_end_are_there),
)
def _(seed: Seeding) -> None:
    @seed.into(journal._of_loop)
    def _(rightly: Any, place: str, kept: journal.LoopInvariants) -> Iterator[journal.Obligation]:
        return (part for part in rightly(place, kept) if "any other region" not in part.what)


@fault(
    "that invariants hold at the start is left out",
    the_test(test_cross_check.test_every_step_of_every_loop_and_the_end_are_there),
    recheck(test_rechecking.test_an_invariant_that_is_not_kept_shows_nothing),
)
def _(seed: Seeding) -> None:
    @seed.into(journal._of_loop)
    def _(rightly: Any, place: str, kept: journal.LoopInvariants) -> Iterator[journal.Obligation]:
        return (part for part in rightly(place, kept) if "where it starts" not in part.what)


@fault(
    "that one more hand-over keeps what is claimed is left out",
    the_test(test_cross_check.test_a_chain_has_a_beginning_and_a_step),
)
def _(seed: Seeding) -> None:
    @seed.into(journal._of_journal)
    def _(rightly: Any, journal: journal.Journal) -> Iterator[journal.Obligation]:
        return (part for part in rightly(journal) if "one more" not in part.what)


@fault(
    "an invariant that is needed for a turn only is left out",
    the_test(test_essential.test_what_is_left_is_a_proof),
    the_test(test_rechecking.test_what_was_decided_is_confirmed),
)
def _(seed: Seeding) -> None:
    @seed.into(trimming._needed)
    def _(rightly: Any, shown: proofs.Shown, effort: Any) -> set[int]:
        at_the_end = [trimming._Premises(end.premises, rightly(shown, effort), effort) for end in shown.ends]
        return set().union(*(each.behind([end.conclusion]) for each, end in zip(at_the_end, shown.ends, strict=True)))


@fault("the end of a proof is left out", recheck(test_rechecking.test_what_is_refuted_cannot_be_claimed_to_be_proved))
def _(seed: Seeding) -> None:
    @seed.into(journal.parts)
    def _(rightly: Any, ends: Any) -> Iterator[journal.Obligation]:
        return (part for part in rightly(ends) if part.place != "end")


@fault(
    "invariants are premises of what shows that they are kept",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
    recheck(test_rechecking.test_whatever_invariant_is_changed_is_noticed, "low"),
)
def _(seed: Seeding) -> None:
    @seed.into(journal._needed)
    def _(rightly: Any, part: journal.Obligation) -> Iterator[journal.Obligation]:
        return rightly(replace(part, premises=(*part.premises, *part.conclusions)))


@fault(
    "a text denies each conclusion instead of all together",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    @seed.into(smtlib.body)
    def _(rightly: Any, part: journal.Obligation) -> str:
        return rightly(replace(part, conclusions=(z3.Or(*part.conclusions),)))


@fault(
    "every second premise is not written",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    seed.into(smtlib.body)(lambda rightly, part: rightly(replace(part, premises=part.premises[::2])))


@fault(
    "what is written contradicts itself",
    the_test(test_cross_check.test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed),
)
def _(seed: Seeding) -> None:
    seed.into(smtlib.body)(lambda rightly, part: rightly(replace(part, premises=(*part.premises, FALSE))))


# --- what is said of a proof


@fault("nothing is vacuous", fooling("never-applies"))
def _(seed: Seeding) -> None:
    seed.into(engine._Group._not_vacuous)(lambda rightly, group, check, found: Result(check, Verdict.PROVED))


@fault("only the first part of a property has to say something", fooling("two-parts"))
def _(seed: Seeding) -> None:
    seed.into(proofs.nonvacuous_formulas)(lambda rightly, check: rightly(check)[:1])


@fault("a property says something of a layout in which nothing is placed", fooling("nothing-placed"))
def _(seed: Seeding) -> None:
    @seed.into(unroll.Unrolled.applies)
    def _(rightly: Any, unrolled: unroll.Unrolled, formula: p.Quantified) -> Any:
        return z3.Or(*(applies for applies, _ in unrolled.instances(formula)))

    @seed.into(judging.applies)
    def _(rightly: Any, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        made = judging.world(scenario, found)
        return made is not None and judge.holds(check.assumptions, made)


@fault(
    "what the interpreter says of vacuity is not asked",
    the_test(test_counterexamples.test_a_witness_that_denies_everything, "third-kernel"),
)
def _(seed: Seeding) -> None:
    @seed.into(engine._Group._speaks)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        group.applies = lambda *_: True
        return rightly(group, *rest)


@fault(
    "a proof that has no room for a run that exists counts",
    the_test(with_monkeypatch(test_engine.test_a_proof_with_no_room_for_a_run_that_exists_is_an_error), "two-parts"),
)
def _(seed: Seeding) -> None:
    seed.into(engine._Group._admitted)(lambda rightly, *_: True)


@fault("checks are proved under what the first of them assumes", fooling("assumed-of-the-layout"))
def _(seed: Seeding) -> None:
    @seed.into(engine.groups)
    def _(rightly: Any, scenario: p.Scenario) -> list[Any]:
        return [tuple(sorted(scenario.checks, key=lambda check: -len(check.assumptions)))]


@fault("neighbours are followed where any two regions should be", fooling("two-parts"))
def _(seed: Seeding) -> None:
    @seed.into(engine._Group._solve)
    def _(rightly: Any, group: engine._Group, count: int, neighbours: Any, reach: Any) -> Any:
        found = [proofs.Goal("", formula).neighbours for formula in group.goals]
        other = next((each for each in found if each is not None), None)
        return rightly(group, count, neighbours or (other if count == 2 else None), reach)


@fault(
    "a length for which the effort did not suffice counts as searched",
    the_test(
        test_engine.test_no_bound_is_claimed_up_to_which_the_effort_did_not_suffice, "overlap-from-third-region", 4, 1
    ),
)
def _(seed: Seeding) -> None:
    @seed.into(engine._Group._search_shape)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        found = rightly(group, *rest)
        return engine.Answer.UNSAT if found is engine.Answer.UNKNOWN else found


@fault(
    "a bound is claimed of what was not searched",
    the_test(test_engine.test_a_length_is_exhausted_if_every_order_of_every_list_is_looked_at, "two-orders", 2, 4),
)
def _(seed: Seeding) -> None:
    seed.into(unroll.exhaustive)(lambda rightly, scenario, rows: True)


@fault(
    "the prover's counterexamples are believed",
    the_test(test_counterexamples.test_an_oracle_that_denies_everything, "empty-map"),
)
def _(seed: Seeding) -> None:
    @seed.into(engine._Group._search_shape)
    def _(rightly: Any, group: engine._Group, *rest: Any) -> Any:
        group.oracle = lambda *_: True
        return rightly(group, *rest)


@fault(
    "counterexamples are made simpler without another look",
    the_test(test_counterexamples.test_every_one_replays, "kexec-agreement"),
)
def _(seed: Seeding) -> None:
    seed.into(shrink.simplify)(lambda rightly, found, scenario, accept: rightly(found, scenario, lambda _: True))


# --- the search for counterexamples


@fault("a run that another check is about has to exist", fooling("choice-of-another-run"))
def _(seed: Seeding) -> None:
    seed.into(slice.slice_for)(lambda rightly, scenario, checks: scenario)


@fault("chains end with the second kernel", golden("third-kernel"))
def _(seed: Seeding) -> None:
    @seed.into(unroll.shapes)
    def _(rightly: Any, scenario: p.Scenario, rows: int) -> Iterator[unroll.Shape]:
        return (s for s in rightly(scenario, rows) if all(times == 1 for _, times in s.generations))


@fault("neighbours are next to each other in the whole list", differential(runs=True))
def _(seed: Seeding) -> None:
    @seed.into(unroll.Unrolled.instances)
    def _(rightly: Any, unrolled: unroll.Unrolled, formula: p.Quantified) -> Any:
        if isinstance(formula, p.ForPair) and formula.order is p.Order.NEXT:
            order, regions = unrolled.order[formula.regions.name], unrolled.lists[formula.regions.name]
            for first, second in pairwise(order):
                yield unroll.inputs.parts(formula, (regions[first], regions[second]), unrolled.given.scalars)
        else:
            yield from rightly(unrolled, formula)


@fault("what is assumed of layouts is not looked at", differential(), replay("assumed-of-the-layout"))
def _(seed: Seeding) -> None:
    seed.into(unroll.Unrolled._late)(lambda rightly, unrolled, formula: iter(()))


# --- certificates


@fault(
    "a recheck believes the invariants that are brought along",
    recheck(test_rechecking.test_a_proof_without_invariants_is_rejected),
)
def _(seed: Seeding) -> None:
    seed.into(rechecking._Group._show)(lambda rightly, group, part: None)


@fault(
    "a recheck does not compare the obligations", recheck(test_rechecking.test_a_proof_of_other_obligations_is_rejected)
)
def _(seed: Seeding) -> None:
    @seed.into(rechecking._Group._proved)
    def _(rightly: Any, group: Any, claim: Result, evidence: Any) -> Result:
        seed.patch.setattr(rechecking, "digest", lambda proof: claim.obligations)
        return rightly(group, claim, evidence)


@fault(
    "a recheck takes what was shown from some premises for shown",
    recheck(test_rechecking.test_what_is_not_so_is_not_confirmed_beside_what_is),
)
def _(seed: Seeding) -> None:
    @seed.into(rechecking._Group._show)
    def _(rightly: Any, group: Any, part: journal.Obligation) -> None:
        key = tuple(term.get_id() for term in part.premises)
        if key not in group.shown:
            rightly(group, part)
            group.shown[key] = part


@fault(
    "a recheck makes do with fewer proofs than a property has parts",
    recheck(test_rechecking.test_a_property_takes_as_many_proofs_as_it_has_parts),
)
def _(seed: Seeding) -> None:
    @seed.into(rechecking._Group._proved)
    def _(rightly: Any, group: Any, claim: Result, evidence: Any) -> Result:
        wanted = proofs.goals_of(claim.check)[: len(evidence.supports)]
        seed.patch.setattr(rechecking, "goals_of", lambda check: wanted)
        return rightly(group, claim, evidence)


@fault(
    "a recheck does not run the map on which a property says something",
    recheck(test_rechecking.test_a_proof_must_show_that_it_says_something),
)
def _(seed: Seeding) -> None:
    @seed.into(rechecking._Group._proved)
    def _(rightly: Any, group: Any, claim: Result, evidence: Any) -> Result:
        group.applies = lambda *_: True
        return rightly(group, claim, evidence)


@fault(
    "a recheck does not run counterexamples",
    recheck(test_rechecking.test_what_is_proved_cannot_be_claimed_to_be_refuted),
)
def _(seed: Seeding) -> None:
    @seed.into(rechecking._Group.recheck)
    def _(rightly: Any, group: Any, claim: Result) -> Result:
        group.oracle = lambda *_: True
        return rightly(group, claim)


@fault(
    "what cannot be brought along is believed",
    recheck(test_rechecking.test_what_cannot_be_brought_along_is_decided_again),
)
def _(seed: Seeding) -> None:
    seed.into(rechecking._Group._again)(lambda rightly, group, claim: claim)


@fault(
    "an invariant may speak of the region whose turn it is",
    recheck(test_rechecking.test_an_invariant_cannot_speak_of_the_region_whose_turn_it_is),
)
def _(seed: Seeding) -> None:
    @seed.into(sexpr.state_variables)
    def _(rightly: Any, loop: Any, scalars: Any) -> dict[str, Any]:
        return {**rightly(loop, scalars), **sexpr.free(step.constraint for step in loop.steps)}


@fault(
    "a certificate's digest is not compared", certified(test_certificate.test_a_certificate_that_was_changed_is_noticed)
)
def _(seed: Seeding) -> None:
    seed.into(certificate.Certificate.sealed)(lambda rightly, each: each)


@fault(
    "a certificate may be about other sources", certified(test_certificate.test_sources_that_were_changed_are_noticed)
)
def _(seed: Seeding) -> None:
    @seed.into(certificate._opened)
    def _(rightly: Any, file: certificate.File, folder: Path, limits: Any) -> Any:
        program = library.open_program(folder / file.file)
        assert isinstance(program, library.Program)
        return rightly(replace(file, sources=dict(program.program.sources)), folder, limits)


@fault("a certificate may leave checks out", certified(test_certificate.test_no_check_can_be_left_out_or_put_elsewhere))
def _(seed: Seeding) -> None:
    @seed.into(certificate.read_claims)
    def _(rightly: Any, made: certificate.Certificate, *rest: Any) -> Any:
        stated = certificate._stated
        count = len(made.files[0].claims)
        seed.patch.setattr(certificate, "_stated", lambda tasks: stated(tasks)[:count])
        found = rightly(made, *rest)
        seed.patch.setattr(certificate, "_stated", stated)
        return found


# --- the judge of counterexamples


@fault(
    "a counterexample may have values that no type has",
    the_test(
        test_replay.test_there_is_a_value_for_everything_that_is_open_and_nothing_else,
        {"scalars": {"top": 1 << 64, "other_top": 0x2000}},
    ),
)
def _(seed: Seeding) -> None:
    seed.into(judging._legal)(lambda rightly, scenario, found: True)


@fault(
    "a counterexample may choose what is not in the range",
    the_test(test_replay.test_a_choice_is_one_of_those_that_there_are, 0x3000),
)
def _(seed: Seeding) -> None:
    @seed.into(judging._chooser)
    def _(rightly: Any, run: str, found: Valuation) -> Any:
        return lambda name, region, legal: found.choices.get((run, name, region))


@fault(
    "a counterexample may have maps that are not alike",
    the_test(test_replay.test_maps_are_alike_that_should_be, test_replay.maps(test_replay.CELL, None)),
)
def _(seed: Seeding) -> None:
    seed.into(world.alike)(lambda rightly, scenario, setting: True)


@fault("a counterexample need not keep what is assumed", the_test(test_replay.test_what_is_assumed_is_kept))
def _(seed: Seeding) -> None:
    @seed.into(judging.breaks)
    def _(rightly: Any, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        return rightly(scenario, replace(check, assumptions=()), found)


@fault(
    "a run that has nothing to choose from goes on",
    the_test(test_replay.test_there_is_no_run_that_has_nothing_to_choose_from, "other_top"),
)
def _(seed: Seeding) -> None:
    @seed.into(world.realise)
    def _(rightly: Any, scenario: p.Scenario, setting: Any) -> Any:
        made = rightly(scenario, setting)
        return replace(made, layouts={name: replace(each, possible=True) for name, each in made.layouts.items()})


# --- the interpreter


@fault("the interpreter does not wrap", differential())
def _(seed: Seeding) -> None:
    seed.into(evaluate._cut)(lambda rightly, exact, expr, env: exact)


@fault(
    "the interpreter goes forwards in every pass",
    differential(),
    the_test(test_vectors.test_the_reversed_walk_exports_downwards),
)
def _(seed: Seeding) -> None:
    seed.into(execute._pass)(lambda rightly, each, machine: rightly(replace(each, reverse=False), machine))


@fault("the interpreter hands everything over in full width", differential(), replay("cut-on-the-way"))
def _(seed: Seeding) -> None:
    @seed.into(world._handed)
    def _(rightly: Any, layout: Any, handover: p.Handover, order: Any) -> Any:
        wide = tuple((name, 64) for name, _ in handover.fields)
        return rightly(layout, replace(handover, fields=wide), order)


@fault("the interpreter may choose the end of a range", differential())
def _(seed: Seeding) -> None:
    @seed.into(execute._statement)
    def _(rightly: Any, statement: p.Statement, machine: Any, index: Any, variable: str) -> Any:
        choose = machine.choose
        machine.choose = lambda name, number, legal: choose(
            name, number, range(legal.start, legal.stop + 1, legal.step)
        )
        done = rightly(statement, machine, index, variable)
        machine.choose = choose
        return done


@fault("the judge takes what a list leaves out for neighbours", differential(), replay("neighbours-found-later"))
def _(seed: Seeding) -> None:
    @seed.into(judge._tuples)
    def _(rightly: Any, formula: p.Quantified, made: Any) -> Any:
        if isinstance(formula, p.ForPair) and formula.order is p.Order.NEXT:
            everything = replace(formula.regions, where=p.Const(formula.regions.where.type, 1))
            return rightly(replace(formula, regions=everything), made)
        return rightly(formula, made)


@fault("the judge does not miss a counterpart", differential(), replay("missing-counterpart"))
def _(seed: Seeding) -> None:
    @seed.into(judge.instances)
    def _(rightly: Any, formula: p.Quantified, made: Any) -> Any:
        return (each for each in rightly(formula, made) if each.complete)
