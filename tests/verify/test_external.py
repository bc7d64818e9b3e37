"""Proofs for others: statements in clauses mean what their texts mean, and only what a checker accepts is confirmed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random

import msgspec
import pytest
from pysat.solvers import Solver

from checker.base.limits import CommandLimits
from checker.solvers import PROVER, Limit
from checker.verify.external import drat
from checker.verify.external.blast import UnfitError, blast
from checker.verify.external.bundle import BundledStatement, Part, check_statement, in_clauses
from checker.verify.external.circuits import number, width_of
from tests.helpers.command import mapproof, program

MOST = 100_000


class Writer:
    """Writes small statements about integers, words and truth values."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self) -> str:
        """A text that is satisfiable, or is not."""
        lines = ["(set-logic ALL)", *(f"(declare-fun {name} () Int)" for name in "xyz")]
        lines += ["(declare-fun p () Bool)", "(declare-fun w () (_ BitVec 4))"]
        for name in "xyz":
            lines.append(f"(assert (and (<= 0 {name}) (< {name} {self.random.choice((3, 8, 13))})))")
        lines += [f"(assert {self.truth(3)})" for _ in range(3)]
        return "\n".join([*lines, "(check-sat)", ""])

    def truth(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice(("p", "true", f"(= w #b{self.random.randrange(16):04b})"))
        match self.random.randrange(6):
            case 0:
                return f"(not {self.truth(depth - 1)})"
            case 1:
                return f"({self.random.choice(('and', 'or', '=>'))} {self.truth(depth - 1)} {self.truth(depth - 1)})"
            case 2:
                return f"(let ((a!1 {self.whole(depth - 1)})) (< a!1 (+ a!1 {self.whole(depth - 1)})))"
            case 3:
                return f"(= (bvand w #b{self.random.randrange(16):04b}) #b{self.random.randrange(16):04b})"
            case _:
                return f"({self.random.choice(('<', '<=', '=', '>='))} {self.whole(depth)} {self.whole(depth - 1)})"

    def whole(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice(("x", "y", "z", str(self.random.randrange(9))))
        left, right = self.whole(depth - 1), self.whole(depth - 1)
        by = self.random.choice((1, 2, 3, 4, 7))
        return self.random.choice(
            (
                f"(+ {left} {right})",
                f"(- {left} {right})",
                f"(* {by} {left})",
                f"(* {left} (- {by}))",
                f"(div {left} {by})",
                f"(mod {left} {by})",
                f"(ite {self.truth(depth - 1)} {left} {right})",
            )
        )


def test_clauses_can_be_met_exactly_if_the_text_can() -> None:
    answers = {True: "sat", False: "unsat"}
    seen = set()
    for seed in range(120):
        text = Writer(seed).text()
        with Solver(name="cadical153", bootstrap_with=blast(text, MOST).clauses) as solver:
            said = answers[bool(solver.solve())]
        assert said == PROVER.ask(text, Limit()), text
        seen.add(said)
    assert seen == {"sat", "unsat"}


@pytest.mark.parametrize(
    ("low", "high", "width"), [(0, 0, 1), (0, 7, 4), (-8, 7, 4), (-9, 0, 5), (0, 8, 5), (-1, 0, 1)]
)
def test_a_range_has_as_many_bits_as_it_takes(low: int, high: int, width: int) -> None:
    assert width_of(low, high) == width
    assert number(low, width) != number(high, width) or low == high


@pytest.mark.parametrize(
    ("asserted", "why"),
    [
        ("(<= 0 x)", "the integer x, of which no bounds are asserted"),
        ("(or p (and (<= 0 x) (< x 8)))", "the integer x, of which no bounds are asserted"),
        ("(and (<= 0 x) (< x 8) (< (* x x) 3))", r"\* of what is no constant"),
        ("(and (<= 0 x) (< x 8) (f x))", "the operator f"),
    ],
)
def test_what_cannot_be_put_into_clauses_is_refused(asserted: str, why: str) -> None:
    text = f"(set-logic ALL)(declare-fun x () Int)(declare-fun p () Bool)(assert {asserted})(check-sat)"
    with pytest.raises(UnfitError, match=why):
        blast(text, MOST)


PIGEONS = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"


@pytest.mark.parametrize(
    ("formula", "proof", "why"),
    [
        (PIGEONS, "", "the proof is empty"),
        (PIGEONS, "\n", "the proof is empty"),
        (PIGEONS, "0\n", "neither RUP nor RAT"),
        (PIGEONS, "1 0\n", "never derives the empty clause"),
        ("p cnf 1 1\n0\n", "0\n", "there is nothing to prove"),
        ("p cnf 2 1\n1 2 0\n", "0\n", "neither RUP nor RAT"),
        (PIGEONS, "1 x\n", "it cannot be read"),
    ],
)
def test_a_proof_that_proves_nothing_is_not_accepted(formula: str, proof: str, why: str) -> None:
    assert why in str(drat.objection(formula, proof))


def test_a_proof_of_its_formula_is_accepted() -> None:
    assert drat.objection(PIGEONS, "1 0\n0\n") is None


UNSAT = (
    "(set-logic QF_LIA)(declare-fun x () Int)(assert (and (<= 0 x) (< x 8)))(assert (< 7 (mod (* 3 x) 5)))(check-sat)"
)


@pytest.fixture
def statement(tmp_path: Path) -> BundledStatement:
    found = in_clauses(UNSAT)
    assert not isinstance(found, str)
    texts = {"a.smt2": UNSAT, "a.cnf": found.formula, "a.drat": found.proof}
    return BundledStatement(*(kept(tmp_path, name, text) for name, text in texts.items()), 1, 1, "")


def kept(folder: Path, name: str, text: str) -> Part:
    (folder / name).write_text(text)
    return Part(name, hashlib.sha256(text.encode()).hexdigest(), len(text))


def test_a_statement_is_confirmed_by_its_proof(statement: BundledStatement, tmp_path: Path) -> None:
    assert check_statement(tmp_path, statement, CommandLimits()).confirmed == "drat"


def test_a_formula_of_another_text_is_rejected(statement: BundledStatement, tmp_path: Path) -> None:
    """However well it is proved: the manifest is as easily written as the formula."""
    forged = kept(tmp_path, "a.cnf", PIGEONS)
    proof = kept(tmp_path, "a.drat", "1 0\n0\n")
    found = check_statement(tmp_path, msgspec.structs.replace(statement, formula=forged, proof=proof), CommandLimits())
    assert (found.rejected, found.why) == (True, "the formula is not what the text comes to")


def test_an_empty_proof_is_rejected(statement: BundledStatement, tmp_path: Path) -> None:
    emptied = msgspec.structs.replace(statement, proof=kept(tmp_path, "a.drat", ""))
    found = check_statement(tmp_path, emptied, CommandLimits())
    assert (found.rejected, found.why) == (True, "the proof is not accepted: the proof is empty")


def test_a_file_that_was_changed_or_is_elsewhere_is_rejected(statement: BundledStatement, tmp_path: Path) -> None:
    (tmp_path / "a.drat").write_text("0\n")
    assert check_statement(tmp_path, statement, CommandLimits()).why == "a.drat was changed after it was made"
    outside = msgspec.structs.replace(statement, text=Part("../a.smt2", "", 0))
    assert check_statement(tmp_path, outside, CommandLimits()).why == "../a.smt2 is no file of the bundle"


def test_what_can_be_met_gets_no_proof() -> None:
    assert in_clauses(UNSAT.replace("< 7", "< 3")) == "the clauses do not contradict each other"


@pytest.mark.slow
def test_a_bundle_is_written_and_checked_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "good.layout").write_text(program("check low(shelf)"))
    made = mapproof("verify", "good.layout", "--certificate-bundle", "proofs", cwd=tmp_path)
    assert (made.returncode, "with a proof in clauses" in made.stderr) == (0, True), made.stderr
    done = mapproof("recheck", "--external", "proofs", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "confirmed by drat" in done.stdout
    again = mapproof("verify", "good.layout", "--certificate-bundle", "proofs", cwd=tmp_path)
    assert (again.returncode, "proofs is not empty" in again.stderr) == (2, True)
    path = tmp_path / "proofs" / "manifest.json"
    manifest = json.loads(path.read_text())
    for change in (
        {"statements": []},
        {"obligations": "0" * 64},
        {"statements": manifest["checks"][0]["statements"][:1]},
    ):
        path.write_text(json.dumps({**manifest, "checks": [{**manifest["checks"][0], **change}]}))
        other = mapproof("recheck", "--external", "proofs", cwd=tmp_path)
        assert (other.returncode, "are not its obligations" in other.stderr) == (2, True)
    path.write_text("{}")
    broken = mapproof("recheck", "--external", "proofs", cwd=tmp_path)
    assert (broken.returncode, "C082" in broken.stderr) == (2, True)
