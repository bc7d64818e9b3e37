"""The statements that a proof consists of, as SMT-LIB 2 text.

Each text declares what it speaks of, asserts the premises, and asserts that not all conclusions hold: a solver that
answers `unsat` confirms the statement. Machine integers are integers there, as in the proof, and words of flags are
bit vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import z3

from checker.prove.proof.journal import FinalObligation, Obligation, parts
from checker.prove.results import Written
from checker.prove.terms.encode import conj

_DECLARATION = re.compile(r"^\(declare-fun .*\)$", re.MULTILINE)
_DIVISION = re.compile(r"\((?:div|mod) ")
_INTEGER = re.compile(r"^\(declare-fun .* Int\)$|\((?:[<>]=?|[-+*]) ", re.MULTILINE)
_WORD = re.compile(r"^\(declare-fun .* \(_ BitVec \d+\)\)$", re.MULTILINE)


def written(scenario: str, label: str, ends: Iterable[FinalObligation]) -> tuple[Written, ...]:
    """The proof that has these ends, of a check with this label, text by text."""
    found = []
    for number, part in enumerate(parts(ends), start=1):
        name = f"{number:03} {part.place}, {part.what}"
        found.append(Written(name, _head(scenario, label, part), body(part)))
    return tuple(found)


def _head(scenario: str, label: str, part: Obligation) -> str:
    count = len(part.conclusions)
    said = [
        f"property: {label}, in scenario {scenario}",
        f"place:    {part.place}",
        f"shows:    {part.what}",
        f"size:     {_counted(len(part.premises), 'premise')}, {_counted(count, 'conclusion')}",
    ]
    if part.untouched:
        said.append(f"          ({_counted(part.untouched, 'more conclusion')} left out: premises, word for word)")
    said.append("`unsat` confirms that the premises imply every conclusion.")
    return "".join(f"; {_one_line(each)}\n" for each in said)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def body(part: Obligation) -> str:
    """The text of a statement, without comments: a solver that answers `unsat` confirms it."""
    denial = z3.Not(conj(*part.conclusions))
    premises = (z3.Ast * len(part.premises))(*(premise.as_ast() for premise in part.premises))
    # Not a solver's `to_smt2`: what a solver gives back it may have simplified. And only the declarations are from
    # this text: how it writes terms depends on what else the process has to do with.
    whole = z3.Z3_benchmark_to_smtlib_string(denial.ctx_ref(), "", "", "", "", len(premises), premises, denial.as_ast())
    declared = sorted(_DECLARATION.findall(str(whole)))
    asserted = [f"(assert {premise.sexpr()})" for premise in part.premises]
    text = "\n".join([*declared, *asserted, "; not all conclusions hold:", f"(assert {denial.sexpr()})", "(check-sat)"])
    return f"(set-logic {_logic(text)})\n{text}\n"


def _logic(text: str) -> str:
    """The smallest logic that every solver has: none of those with a name is for integers and bit vectors together,
    and strictly the linear one has no division, not even by constants."""
    integers, words = _INTEGER.search(text) is not None, _WORD.search(text) is not None
    if words:
        return "ALL" if integers else "QF_BV"
    if not integers:
        return "QF_UF"
    return "ALL" if _DIVISION.search(text) else "QF_LIA"
