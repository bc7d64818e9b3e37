"""The solvers that are known, and small questions with known answers for each thing that one of them claims to do."""

from __future__ import annotations

from checker.solvers.backend import Backend
from checker.solvers.bitwuzla import BITWUZLA
from checker.solvers.cvc5 import CVC5
from checker.solvers.yices import YICES
from checker.solvers.z3 import Z3

SOLVERS: dict[str, Backend] = {other.name: other for other in (Z3, CVC5, BITWUZLA, YICES)}
"""By name. The first one proves; the others can be asked whether they agree."""

_INTEGERS = "(set-logic {})\n(declare-fun |an x| () Int)\n(assert (= (+ |an x| |an x|) {}))\n(check-sat)\n"
_WORDS = """(set-logic QF_BV)
(declare-fun f () (_ BitVec 64))
(assert (= (bvand f #x0000000000000003) #x000000000000000{}))
(check-sat)
"""
_TOGETHER = """(set-logic ALL)
(declare-fun f () (_ BitVec 64))
(declare-fun x () Int)
(assert (= (mod x 512) (ite (= ((_ extract 0 0) f) #b1) 3 4)))
(assert (= (mod x 256) {}))
(check-sat)
"""


def self_test(other: Backend) -> tuple[tuple[str, str, str], ...]:
    """Of each thing that a solver claims to do, a text that is satisfiable and one that is not: what it is about, the
    text, and the answer."""
    found: list[tuple[str, str, str]] = []
    if other.integers:
        found += [("integers", _INTEGERS.format("QF_LIA", 6), "sat"), ("integers", _INTEGERS.format("ALL", 7), "unsat")]
    if other.words:
        found += [("words", _WORDS.format(2), "sat"), ("words", _WORDS.format(4), "unsat")]
    if other.together:
        found += [("both together", _TOGETHER.format(4), "sat"), ("both together", _TOGETHER.format(5), "unsat")]
    return tuple(found)
