"""The statements that proofs consist of: all of them are there, and solvers that read their texts confirm them."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

import pytest
import z3

from checker import program as p
from checker.prove import Limits, Result, Verdict, decide, groups
from checker.prove.invariants.core import minimal
from checker.prove.proof.goals import goals_of
from checker.prove.proof.journal import ChainClaims, Entry, Obligation, final, parts
from checker.prove.proof.smtlib import Spelling, body
from checker.solvers import SOLVERS, Limit, MissingError, self_test
from checker.verify import replay
from tests.helpers.loading import load_file, load_source
from tests.helpers.places import DATA, MODELS
from tests.helpers.prover import Prover

LIMIT = Limit()

pytestmark = pytest.mark.xdist_group("cross-check")
"""Several tests ask about the same proofs, which are found once in a process."""

STEPWISE = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) {
  var at: va = 4K
  var full: bool = false
  for cell in cells {
    if full { continue }
    place cell at at
    at += 4K
    if at >= 1M { full = true }
  }
}
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot <= 1M
scenario s { given cells: Cells let shelf = fill(cells) check low(shelf) }
"""


@cache
def proofs(model: str, scenario: str) -> tuple[Result, ...]:
    """The results of a scenario of a shipped model that are proofs, written out."""
    found = next(each for each in load_file(MODELS / f"{model}.layout").scenarios if each.name == scenario)
    results = [r for group in groups(found) for r in decide(found, group, replay, Limits(), True)]
    assert all(bool(result.written) == (result.verdict is Verdict.PROVED) for result in results)
    return tuple(result for result in results if result.verdict is Verdict.PROVED)


def stepwise() -> list[Result]:
    (scenario,) = load_source(STEPWISE).scenarios
    (group,) = groups(scenario)
    return list(decide(scenario, group, replay, Limits(), True))


TWO_TYPES = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm first(cells: Cells) {
  var at: bool = false
  for cell in cells { if cell.base > 4K { at = true } if at { place cell at 4K } }
}
algorithm second(cells: Cells) {
  var at: va = 4K
  for cell in cells { place cell at at if at < 1M { at += 4K } }
}
property after(one: Shelf, two: Shelf) = each a in one with b in two where a.placed: not b.placed or b.spot >= a.spot
scenario s { given cells: Cells let one = first(cells) let two = second(cells) check after(one, two) }
"""
"""Two algorithms with a variable of one name: a truth value in one, a number in the other."""


def ask(solver: str, text: str) -> str:
    return SOLVERS[solver].ask(text, LIMIT)


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    (scenario,) = load_source(STEPWISE).scenarios
    for result in decide(scenario, groups(scenario)[0], replay, Limits()):
        assert result.verdict is Verdict.PROVED
        assert result.written == ()


@pytest.mark.slow
@pytest.mark.parametrize("model", ["linux-x86-forward", "linux-x86-reversed"])
@pytest.mark.parametrize("scenario", ["any_map", "kexec"])
def test_z3_reads_the_texts_again(model: str, scenario: str) -> None:
    texts: dict[str, str] = {}
    for result in proofs(model, scenario):
        for each in result.written:
            assert all(line.startswith("; ") for line in each.head.splitlines())
            assert f"property: {result.check.label}, in scenario {scenario}\n" in each.head
            # A head is nothing but remarks: what proofs have in common is asked once.
            texts.setdefault(each.body, each.head)
    assert [head for rest, head in texts.items() if ask("z3", head + rest) != "unsat"] == []


@pytest.mark.slow
@pytest.mark.skipif(find_spec("cvc5") is None and not os.environ.get("CI"), reason="pip install '.[cvc5]'")
@pytest.mark.parametrize("model", ["linux-x86-forward", "linux-x86-reversed"])
def test_cvc5_confirms_every_proof_of_the_models_of_linux(model: str) -> None:
    scenarios = load_file(MODELS / f"{model}.layout").scenarios
    confirmed = [result for scenario in scenarios for result in proofs(model, scenario.name)]
    golden = (DATA / "verdicts.txt").read_text().splitlines()
    assert len(confirmed) == sum(line.startswith(f"models/{model}.") and line.endswith(": proved") for line in golden)
    # What proofs have in common is asked once.
    texts = {each.body: f"{result.check.label}: {each.name}" for result in confirmed for each in result.written}
    assert [name for text, name in texts.items() if ask("cvc5", text) != "unsat"] == []


def test_a_name_is_declared_once_in_a_text_whatever_algorithms_call_their_variables() -> None:
    # A second sort for a name is another variable to most interfaces of solvers, and an error to their readers.
    (scenario,) = load_source(TWO_TYPES).scenarios
    texts = [w.body for r in decide(scenario, groups(scenario)[0], replay, Limits(), True) for w in r.written]
    declared = [re.findall(r"^\(declare-fun (\S+|\|[^|]*\|) \(\) (\S+)\)$", text, re.MULTILINE) for text in texts]
    assert any({("loop1.one.at", "Bool"), ("loop1.two.at", "Int")} <= set(each) for each in declared), declared
    for text, each in zip(texts, declared, strict=True):
        assert len(each) == text.count("(declare-fun ")
        assert len({name for name, _ in each}) == len(each), each
        assert ask("z3", text) == "unsat"


def test_every_step_of_every_loop_and_the_end_are_there() -> None:
    results = stepwise()
    (low,) = (result for result in results if result.check.label.startswith("low"))
    names = [each.name for each in low.written]
    assert names[0] == "001 loop 1 of shelf, the invariants hold where it starts"
    assert [name[4:] for name in names[1:]] == [
        "loop 1 of shelf, the turn of any other region keeps the invariants",
        "loop 1 of shelf, the turn of witness 1 keeps the invariants",
        "end, low follows",
    ]


def test_exact_arithmetic_owes_a_statement_for_each_operator() -> None:
    results = stepwise()
    (exact,) = (result for result in results if isinstance(result.check.goal, p.ExactArithmetic))
    assert exact.verdict is Verdict.PROVED
    assert any(each.name.endswith("end, line 12 loses nothing") for each in exact.written), [
        each.name for each in exact.written
    ]


def test_a_chain_has_a_beginning_and_a_step() -> None:
    (last,) = (r for r in proofs("linux-x86-reversed", "kexec") if r.check.label == "stable(first, last)")
    told = [each.name.partition(", ")[2] for each in last.written if "chain 1" in each.name]
    assert told == ["the claims hold after the first hand-over", "one more hand-over keeps the claims"]


def test_what_was_given_up_of_a_chain_is_no_part_of_the_proof() -> None:
    yes, no = z3.BoolVal(True), z3.Bool("no")
    first, given_up, last = (ChainClaims((), (yes, no), holding) for holding in ((True, True), (True, False), (True,)))
    journal: list[Entry] = [first, given_up, last]
    assert list(final(tuple(journal))) == [replace(first, holding=(True, False)), last]


def test_premises_are_no_contradiction_and_a_false_conclusion_is_noticed() -> None:
    (scenario,) = load_source(STEPWISE).scenarios
    (check,) = (each for each in scenario.checks if each.label.startswith("low"))
    prover, effort = Prover(scenario, groups(scenario)[0]), Limits().allowance()
    found = list(parts(end for goal in goals_of(check, scenario) for end in minimal(prover.show(goal), effort).ends))
    assert len(found) == 4
    for part in found:
        assert ask("z3", body(part, Spelling())) == "unsat"
        wrong = replace(part, conclusions=(*part.conclusions, z3.BoolVal(False)))
        assert ask("z3", body(wrong, Spelling())) == "sat", part


@pytest.mark.parametrize(
    ("premise", "logic"),
    [
        (z3.Bool("a b"), "QF_UF"),
        (z3.BitVec("f", 8) & 3 == 1, "QF_BV"),
        (z3.Int("x") < 3, "QF_LIA"),
        (z3.IntVal(1) <= z3.IntVal(1), "QF_LIA"),
        (z3.Int("x") % 4 == 3, "ALL"),
        (z3.And(z3.Int("x") < 3, z3.BitVec("f", 8) == 1), "ALL"),
    ],
)
def test_texts_ask_for_the_smallest_logic(premise: z3.BoolRef, logic: str) -> None:
    text = body(Obligation("loop 1", "it follows", (premise,), (z3.Bool("c"),)), Spelling())
    assert text.startswith(f"(set-logic {logic})\n")
    assert ask("z3", text) == "sat"
    readers = {name for name, other in SOLVERS.items() if not other.lacks(text)}
    assert readers == {name for name, other in SOLVERS.items() if other.integers or logic in ("QF_UF", "QF_BV")}
    assert "cvc5" in readers


@pytest.mark.parametrize("name", SOLVERS)
def test_solvers_do_what_the_table_says(name: str) -> None:
    other = SOLVERS[name]
    try:
        other.version()
    except MissingError:
        pytest.skip(f"pip install '.[{name}]'")
    assert [other.ask(each.text, LIMIT) for each in self_test(other)] == [each.answer for each in self_test(other)]
    assert other.ask("(set-logic QF_UF)\n(declare-fun x () Nothing)\n", LIMIT) not in ("sat", "unsat")
    assert {"integers", "words", "both together"} >= {each.ability for each in self_test(other)}
