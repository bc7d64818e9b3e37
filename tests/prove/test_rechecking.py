"""Verdicts checked again: right ones are confirmed with less effort, and nothing that is brought along is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest
import z3

from checker import program as p
from checker.program.slice import about
from checker.program.types import BOOL
from checker.program.valuation import Valuation
from checker.prove import Claim, Evidence, Limits, Result, Support, Verdict, decide, groups, recheck
from checker.prove.proof.goals import GoalProof, endings, goals_of, solve, statements
from checker.prove.proof.smtlib import digest
from checker.prove.system import inputs
from checker.prove.system.loop import Loop
from checker.prove.system.receive import havoc_region
from checker.prove.terms.encode import Environment, encode
from checker.prove.terms.numbers import Num, OutOfReachError
from checker.prove.terms.sexpr import read, text
from checker.verify import replay
from tests.helpers.loading import load_source, rechecked
from tests.helpers.prover import solve_with
from tests.oracles.watched import variables
from tests.writers.programs import RECORD, Maker, Seen

SHELF = """
record Cell { placed at spot: va  base: pa  kind: u8 }
list Cells of Cell
layout Shelf of Cells
handover everything(shelf: Shelf) { pass cell where true  spot: u64  base: u64  kind: u8 }
algorithm fill(cells: Cells) {
  var at: va = 4K
  for cell in cells {
    if at >= 16K { continue }
    place cell at at
    at += 4K
  }
}
algorithm keep(cells: Cells) { for cell in cells { place cell at cell.spot } }
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot < 16K
property ordered(shelf: Shelf) = each a before b in shelf where a.placed and b.placed: a.spot <= b.spot
property kept(one: Shelf, other: Shelf) = each c in one with d in other: c.spot == d.spot
property all_placed(shelf: Shelf) = each c in shelf: c.placed
property none(shelf: Shelf) = each c in shelf where c.spot == 1: not c.placed
property ghosts(shelf: Shelf) = each c in shelf where c.kind == 1 and c.kind == 2: c.placed
scenario s {
  given cells: Cells
  let shelf = fill(cells)
  let next = keep(everything(shelf))
  let last = repeat keep(everything(next))
  check low(shelf)
  check ordered(shelf)
  check kept(next, last)
  check all_placed(shelf) expect refuted
  check ghosts(shelf) expect vacuous
}
"""


@cache
def scenario() -> p.Scenario:
    (found,) = load_source(SHELF).scenarios
    return found


@cache
def results() -> list[Result]:
    """The results on all checks."""
    return [result for group in groups(scenario()) for result in decide(scenario(), group, replay, Limits())]


def decided() -> dict[str, Claim]:
    """What is claimed of all checks, by what stands before their arguments."""
    return {result.check.label.split("(")[0]: result.claim for result in results()}


def again(*claims: Claim) -> list[Result]:
    return rechecked(scenario(), claims)


def rejected(claim: Claim) -> str:
    """Why a claim is rejected; it must be."""
    (result,) = again(claim)
    assert result.verdict is Verdict.REJECTED, result.verdict
    return result.detail


def evidence(result: Claim) -> Evidence:
    assert result.evidence is not None
    return result.evidence


def with_support(result: Claim, change: Callable[[Support], Support]) -> Claim:
    found = evidence(result)
    return replace(result, evidence=replace(found, supports=tuple(map(change, found.supports))))


def hashed(claim: Claim) -> Claim:
    """The claim with the hash that the statements have which follow from what it brings along: anybody can make it."""
    given = inputs.inputs(about(scenario(), (claim.check,)), claim.check.assumptions)
    proof = []
    for goal, support in zip(goals_of(claim.check, scenario()), evidence(claim).supports, strict=False):
        solved = solve_with(given, goal, support)
        proof.append(GoalProof(goal, solved, tuple(endings(goal, solved))))
    return replace(claim, obligations=digest(statements(proof)))


def others(result: Claim) -> Iterator[Claim]:
    """The claim with each of its invariants, in turn, left out or replaced by its contrary."""
    for number, support in enumerate(evidence(result).supports):
        for loop, said in enumerate(support.loops):
            for place, each in enumerate(said):
                for instead in ((), (f"(not {each})",)):
                    changed = (*said[:place], *instead, *said[place + 1 :])
                    loops = (*support.loops[:loop], changed, *support.loops[loop + 1 :])
                    supports = list(evidence(result).supports)
                    supports[number] = replace(support, loops=loops)
                    yield replace(result, evidence=replace(evidence(result), supports=tuple(supports)))


@pytest.mark.slow
def test_what_was_decided_is_confirmed() -> None:
    assert {result.verdict for result in results()} == {Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS}
    assert [result.detail for result in results() if result.check.written and not result.as_expected] == []
    for result in results():
        (found,) = again(result.claim)
        assert found.verdict is result.verdict, found.detail


def test_checks_that_share_their_assumptions_are_confirmed_together() -> None:
    proofs = [result for result in results() if result.verdict is Verdict.PROVED]
    found = again(*(result.claim for result in proofs))
    assert [each.verdict for each in found] == [Verdict.PROVED] * len(proofs)
    assert sum(each.cost.effort for each in found) < sum(each.cost.effort for each in proofs) / 2


def test_a_proof_without_invariants_is_rejected() -> None:
    assert "nothing is brought along" in rejected(replace(decided()["low"], evidence=None))
    empty = with_support(decided()["low"], lambda support: replace(support, loops=()))
    assert "there are no invariants for a loop" in rejected(empty)
    without = with_support(decided()["low"], lambda support: replace(support, loops=tuple(() for _ in support.loops)))
    assert "this is not so" in rejected(without)


@pytest.mark.slow
@pytest.mark.parametrize("label", ["low", "ordered", "kept"])
def test_whatever_invariant_is_changed_is_noticed(label: str) -> None:
    changed = list(others(decided()[label]))
    assert changed
    for left_out, contrary in zip(changed[::2], changed[1::2], strict=True):
        assert rejected(left_out)
        assert "this is not so" in rejected(hashed(contrary)), "not even with the hash that belongs to it"


def test_what_is_not_so_is_not_confirmed_beside_what_is() -> None:
    """Claims about the same loops share what is known at their end, and that was shown once."""
    low, placed = decided()["low"], decided()["all_placed"]
    made_up = hashed(replace(placed, verdict=Verdict.PROVED, evidence=evidence(low)))
    first, second = again(low, made_up)
    assert first.verdict is Verdict.PROVED
    assert second.verdict is Verdict.REJECTED
    assert "this is not so: end" in second.detail


def test_a_property_takes_as_many_proofs_as_it_has_parts() -> None:
    none = replace(decided()["low"], evidence=replace(evidence(decided()["low"]), supports=()))
    assert "it takes 1 proofs, and there are 0" in rejected(hashed(none))


def test_an_invariant_that_is_not_kept_shows_nothing() -> None:
    found = with_support(decided()["low"], lambda support: replace(support, loops=(("false",), *support.loops[1:])))
    assert "this is not so: loop 1 of shelf, the invariants hold where it starts" in rejected(found)


def test_an_invariant_cannot_speak_of_the_region_whose_turn_it_is() -> None:
    """Such a thing survives its own step, and would then be believed of every region."""
    low = decided()["low"]
    loops: list[Loop] = []

    def infer(loop: Loop, _: Sequence[z3.BoolRef]) -> list[z3.BoolRef]:
        loops.append(loop)
        return []

    given = inputs.inputs(about(scenario(), (low.check,)), low.check.assumptions)
    solve(given, 1, None, infer, lambda _, claims: [True] * len(claims))
    spoken = variables([step.constraint for step in loops[0].steps])
    spies = [each.sexpr() for name, each in spoken.items() if ":x" in name and z3.is_int(each)]
    assert len(spies) >= 3, "the fields of any other region"
    for spy in spies:
        found = with_support(low, lambda each, spy=spy: replace(each, loops=((f"(= 1 {spy})",), *each.loops[1:])))
        assert f"the state of its loop has no `{spy}`" in rejected(found)


def test_a_claim_about_a_chain_must_survive_every_hand_over() -> None:
    def claim_everything(support: Support) -> Support:
        return replace(support, chains=tuple(tuple(range(30)) for _ in support.chains))

    def claim_too_much(support: Support) -> Support:
        return replace(support, chains=((10_000,),))

    def claim_nothing(support: Support) -> Support:
        return replace(support, chains=())

    kept = decided()["kept"]
    assert any(support.chains[0] for support in evidence(kept).supports)
    assert rejected(with_support(kept, claim_everything))
    assert "unknown number" in rejected(with_support(kept, claim_too_much))
    assert "no claims for a chain" in rejected(with_support(kept, claim_nothing))


def test_a_proof_of_other_obligations_is_rejected() -> None:
    assert "its obligations are others" in rejected(replace(decided()["low"], obligations="0" * 64))


def test_what_is_refuted_cannot_be_claimed_to_be_proved() -> None:
    refuted = decided()["all_placed"]
    for support in evidence(decided()["low"]).supports:
        made_up = Evidence((support,), evidence(decided()["low"]).spoken)
        assert "this is not so: end" in rejected(replace(refuted, verdict=Verdict.PROVED, evidence=made_up))


def test_what_is_proved_cannot_be_claimed_to_be_refuted() -> None:
    found = decided()["all_placed"].counterexample
    assert "does not break it" in rejected(replace(decided()["low"], verdict=Verdict.REFUTED, counterexample=found))
    assert "does not break it" in rejected(replace(decided()["all_placed"], counterexample=None))


def test_a_proof_must_show_that_it_says_something() -> None:
    low = decided()["low"]
    empty = Valuation({"cells": ()}, {}, {})
    assert "maps on which it says something" in rejected(replace(low, evidence=replace(evidence(low), spoken=())))
    assert "it does not" in rejected(replace(low, evidence=replace(evidence(low), spoken=(empty,))))


@pytest.mark.parametrize(
    "change",
    [
        {"maps": {"cells": ({"spot": 1 << 64, "base": 0, "kind": 0},) * 4}},
        {"maps": {"cells": ({"spot": -1, "base": 0, "kind": 0},) * 4}},
        {"maps": {"cells": ({"spot": 0, "base": 0},) * 4}},
        {"maps": {"cells": ({"spot": 0, "base": 0, "kind": 0, "size": 0},) * 4}},
        {"maps": {"shells": ({"spot": 0, "base": 0, "kind": 0},) * 4}},
        {"maps": {}},
        {"generations": {"last": 10**12}},
        {"generations": {"next": 1}},
        {"orders": {"next": ()}},
        {"scalars": {"base": 1}},
    ],
    ids=str,
)
def test_a_counterexample_is_made_of_values_that_the_scenario_allows(change: dict[str, object]) -> None:
    legal = Valuation({"cells": ({"spot": 0, "base": 0, "kind": 0},) * 4}, {}, {})
    refuted = replace(decided()["all_placed"], counterexample=legal)
    assert again(refuted)[0].verdict is Verdict.REFUTED
    assert "does not break it" in rejected(replace(refuted, counterexample=replace(legal, **change)))  # type: ignore[arg-type]


def test_what_cannot_be_brought_along_is_decided_again() -> None:
    assert "decided again, it is vacuous" in rejected(
        replace(decided()["ghosts"], verdict=Verdict.PROVED_TO_BOUND, bound=4)
    )
    assert "decided again, it is proved" in rejected(replace(decided()["low"], verdict=Verdict.VACUOUS))


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.ERROR, Verdict.REJECTED])
def test_what_claims_nothing_is_not_confirmed(verdict: Verdict) -> None:
    (found,) = again(replace(decided()["low"], verdict=verdict))
    assert found.verdict is Verdict.UNKNOWN
    assert "claims nothing" in found.detail


def test_what_is_confirmed_says_nothing_that_was_not_checked() -> None:
    refuted, low = decided()["all_placed"], decided()["low"]
    (found,) = again(replace(refuted, bound=1000, obligations="made up", evidence=low.evidence))
    assert (found.bound, found.detail, found.obligations, found.evidence) == (None, "", "", None)
    (found,) = again(replace(low, bound=1000, counterexample=refuted.counterexample))
    assert (found.bound, found.detail, found.counterexample) == (None, "", None)


@pytest.mark.parametrize("limit", [-1, -(1 << 40), 0])
def test_no_limit_is_not_less_than_none(limit: int) -> None:
    claims = (decided()["low"],)
    for limits in (Limits(limit, 10**6), Limits(10**6, limit)):
        (found,) = recheck(scenario(), claims, replay, limits)
        assert found.verdict is Verdict.UNKNOWN


def test_without_effort_nothing_is_confirmed() -> None:
    (found,) = recheck(scenario(), [decided()["low"]], replay, Limits(10, 10))
    assert found.verdict is Verdict.UNKNOWN
    assert "ran out of effort" in found.detail


# --- texts


x, flag, word = z3.Int("x"), z3.Bool("a name"), z3.BitVec("w", 8)
NAMES = {"x": x, "|a name|": flag, "w": word}


@pytest.mark.parametrize(
    "term",
    [
        flag,
        z3.Or(z3.Or(flag, x < 1), x > 2),
        z3.And(x + 1 + x <= x - 1, z3.Not(flag == (x >= -5))),
        z3.Implies(x % 4096 == 0, x / 2 * 3 != 7),
        z3.If(flag, x, 2 * x) == x + z3.IntVal(2**64),
        (word & 0x81) | 2 == 3,
        ~word ^ 1 == z3.If(flag, word, word | 4),
        z3.ZeroExt(8, word) == z3.ZeroExt(0, z3.ZeroExt(8, word & 7)),
        z3.Extract(6, 1, word) != z3.Extract(5, 0, word ^ 2),
        z3.Or(*(z3.And(x + n < 3, z3.Not(x + n < 3), flag) for n in range(8))),
        z3.BoolVal(True),
    ],
    ids=lambda term: text(term)[:30],
)
def test_a_text_gives_the_very_term_back(term: z3.BoolRef) -> None:
    found = read([text(term)], NAMES)
    assert not isinstance(found, str), found
    assert found[0].eq(term), (found[0].sexpr(), term.sexpr())


def test_whatever_a_program_asks_about_a_region_can_be_written_and_read() -> None:
    fields, _ = havoc_region("r", RECORD)
    names = {
        variable.sexpr(): variable
        for value in fields.values()
        for variable in [value.term if isinstance(value, Num) else value]
    }
    seen = 0
    for seed in range(400):
        asked = Maker(Random(seed)).expr(BOOL, Seen(regions=("r",)), 4)
        try:
            term = encode(asked, Environment({}, {"r": fields}))
        except OutOfReachError:
            continue
        found = read([text(term)], names)
        assert not isinstance(found, str), found
        assert found[0].eq(term), text(term)
        seen += not isinstance(asked, p.Const)
    assert seen > 300


@pytest.mark.parametrize(
    "written",
    [
        "",
        "(",
        ")",
        "()",
        "x",
        "(+ x 1)",
        "(and |a name|",
        "|a name| |a name|",
        "(and |a name|))",
        "|a name",
        "(= x |a name|)",
        "(= y 1)",
        "(< w w)",
        "(bvand x x)",
        "(bvnot w)",
        "(= w (bvnot x))",
        "(= w ((_ zero_extend 0) x))",
        "(= w ((_ zero_extend 1) w))",
        "(= w ((_ zero_extend -1) w))",
        "((_ zero_extend 99) w)",
        "(= w ((_ extract 8 1) w))",
        "(= w ((_ extract 0 7) w))",
        "(= w ((_ extract 7 0) w w))",
        "(= w ((_ extract 7) w))",
        "(= w ((_) w))",
        "(= w ((extract 7 0) w))",
        "(= w ((_ extract 7 0",
        "(not)",
        "(not |a name| |a name|)",
        "(exit)",
        "(assert true)",
        '(include "/etc/passwd")',
        "(= w #x123456789123456789)",
        "(let ((q |a name|)) q",
        "(let (q |a name|) q)",
        "(forall ((y Int)) (= y 1))",
        "(" * 100_000,
        "(not " * 300 + "true" + ")" * 300,
        f"(or {'true ' * 20_000})",
        "(- x x x)",
        "(> x -5)",
        "(< x ٣)",
    ],
    ids=lambda written: written[:20],
)
def test_what_is_no_condition_about_the_state_is_refused(written: str) -> None:
    assert isinstance(read([written], NAMES), str)
