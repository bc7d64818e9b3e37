"""Hashes of the terms of a proof: for other statements others, in every process the same."""

from __future__ import annotations

from itertools import combinations

import pytest
import z3

from checker.prove.proof.journal import Obligation, digest
from checker.prove.terms.hashes import Hashes
from checker.prove.terms.numbers import Term

X, Y = z3.Int("x"), z3.Int("y")
WORD = z3.BitVec("w", 8)
DIFFERENT: tuple[Term, ...] = (
    *(X <= Y, Y <= X, X < Y, X <= 1, X <= 2, X <= -1, z3.Int("1") <= Y, z3.Int("x y") <= Y, X + Y + 1 <= 0),
    *(X + (Y + 1) <= 0, X - Y <= 0, X % 2 == 0, X % 3 == 0, z3.Bool("x"), z3.Not(z3.Bool("x")), z3.BitVec("x", 8) == 0),
    *(WORD == 1, z3.BitVec("w", 16) == 1, z3.Extract(3, 0, WORD) == 1, z3.Extract(4, 1, WORD) == 1, z3.And(X <= Y)),
    *(z3.And(X <= Y, Y <= X), z3.And(Y <= X, X <= Y), z3.Or(X <= Y, Y <= X), z3.Implies(X <= Y, Y <= X)),
)
"""Terms no two of which are the same."""


def test_no_two_terms_have_the_same_hash() -> None:
    hashes = Hashes()
    for one, other in combinations(DIFFERENT, 2):
        assert hashes.of(one) != hashes.of(other), (one, other)


@pytest.mark.parametrize("term", DIFFERENT, ids=str)
def test_a_term_has_the_same_hash_whatever_was_hashed_before_and_among_other_terms(term: Term) -> None:
    used = Hashes()
    for each in DIFFERENT:
        used.of(each)
    assert used.of(term) == Hashes().of(term) == Hashes().of(term.translate(z3.Context()))


def test_a_statement_is_another_with_a_premise_as_its_conclusion() -> None:
    one, other = X <= Y, Y <= X
    kinds = (
        Obligation("end", "it follows", (one,), (other,)),
        Obligation("end", "it follows", (other,), (one,)),
        Obligation("end", "it follows", (), (one, other)),
        Obligation("end", "it follows", (one, other), ()),
    )
    assert len({digest([each]) for each in kinds}) == len(kinds)
