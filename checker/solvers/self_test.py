"""Small questions with known answers, for each thing that a solver claims to do."""

from __future__ import annotations

from dataclasses import dataclass

from checker.solvers.backend import Backend


@dataclass(frozen=True)
class Question:
    """An ability that a solver claims, a text that takes it, and the right answer."""

    ability: str
    text: str
    answer: str


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


def self_test(solver: Backend) -> tuple[Question, ...]:
    """Of each thing that a solver claims to do, a question that is satisfiable and one that is not."""
    asked: list[Question] = []
    if solver.integers:
        asked += [
            Question("integers", _INTEGERS.format("QF_LIA", 6), "sat"),
            Question("integers", _INTEGERS.format("ALL", 7), "unsat"),
        ]
    if solver.words:
        asked += [Question("words", _WORDS.format(2), "sat"), Question("words", _WORDS.format(4), "unsat")]
    if solver.together:
        asked += [
            Question("both together", _TOGETHER.format(4), "sat"),
            Question("both together", _TOGETHER.format(5), "unsat"),
        ]
    return tuple(asked)
