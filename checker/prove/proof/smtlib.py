"""The statements that a proof consists of, as SMT-LIB 2 text.

Each text declares what it speaks of, asserts the premises, and asserts that not all conclusions hold: a solver that
answers `unsat` confirms the statement. Machine integers are integers there, as in the proof, and words of flags are
bit vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any

import z3

from checker.base.values import frozen
from checker.prove.proof.journal import FinalObligation, Obligation, parts
from checker.prove.results import Written
from checker.prove.terms.encode import conj
from checker.prove.terms.numbers import Term

_INTEGERS = {
    *(z3.Z3_OP_ANUM, z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT),
    *(z3.Z3_OP_ADD, z3.Z3_OP_SUB, z3.Z3_OP_UMINUS, z3.Z3_OP_MUL),
}
"""Kinds of terms that there are of integers only."""

_DIVISIONS = {z3.Z3_OP_IDIV, z3.Z3_OP_MOD}


def written(scenario: str, label: str, ends: Iterable[FinalObligation]) -> tuple[Written, ...]:
    """The proof that has these ends, of a check with this label, text by text."""
    found, spelling = [], Spelling()
    for number, part in enumerate(parts(ends), start=1):
        name = f"{number:03} {part.place}, {part.what}"
        found.append(Written(name, _head(scenario, label, part), body(part, spelling)))
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


@frozen
class _Spelled:
    """A term as text, and what it takes to read it: a bit for each of `_INTEGER`, `_WORD` and `_DIVISION` that it has,
    and for each of its variables one above them."""

    text: str
    needs: int


_INTEGER, _WORD, _DIVISION, _VARIABLES = 1, 2, 4, 3
"""The bits that say that a term has integers, bit vectors, divisions; and where those of variables begin."""


class Spelling:
    """Terms as text, each spelled once: the statements of a proof have most of their premises in common, and these most
    of their parts. The terms are held, so that a number stays that of its term or part."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Term, _Spelled]] = {}
        self._needs: dict[int, int] = {}
        self._variables: dict[str, int] = {}
        """The bits of variables, by their declarations."""

    def of(self, term: Term) -> _Spelled:
        """Return the term, spelled."""
        found = self._known.get(term.get_id())
        if found is None:
            found = self._known[term.get_id()] = (term, _Spelled(term.sexpr(), self._needed(term)))
        return found[1]

    def language(self, terms: Sequence[_Spelled]) -> tuple[str, list[str]]:
        """Return the smallest logic that every solver has for some terms, and the declarations of their variables.

        None of the logics with a name is for integers and bit vectors together, and strictly the linear one has no
        division, not even by constants.
        """
        needs = reduce(or_, (each.needs for each in terms), 0)
        declarations = sorted(each for each, bit in self._variables.items() if needs & bit)
        return _logic(bool(needs & _INTEGER), bool(needs & _WORD), bool(needs & _DIVISION)), declarations

    def _needed(self, term: Term) -> int:
        # By the interface that z3 has for C: a proof has terms by the thousand.
        context, known = term.ctx_ref(), self._needs
        whole = (term.get_id(), term.as_ast())
        waiting: list[tuple[int, Any, list[tuple[int, Any]] | None]] = [(*whole, None)]
        while waiting:
            number, part, inside = waiting.pop()
            if number in known:
                continue
            if inside is None:
                head = z3.Z3_to_app(context, part)
                count = z3.Z3_get_app_num_args(context, head)
                arguments = [z3.Z3_get_app_arg(context, head, place) for place in range(count)]
                inside = [(z3.Z3_get_ast_id(context, each), each) for each in arguments]
                waiting.append((number, part, inside))
                waiting += [(*each, None) for each in inside if each[0] not in known]
                continue
            known[number] = reduce(or_, (known[each] for each, _ in inside), self._own(context, part))
        return known[whole[0]]

    def _own(self, context: Any, part: Any) -> int:
        """Return what the head of a term needs."""
        head = z3.Z3_get_app_decl(context, z3.Z3_to_app(context, part))
        kind = z3.Z3_get_decl_kind(context, head)
        if kind != z3.Z3_OP_UNINTERPRETED:
            return (_INTEGER if kind in _INTEGERS else 0) | (_DIVISION if kind in _DIVISIONS else 0)
        sort = z3.Z3_get_sort(context, part)
        domain = z3.Z3_get_sort_kind(context, sort)
        width = z3.Z3_get_bv_sort_size(context, sort) if domain == z3.Z3_BV_SORT else 0
        declared = _declaration(z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, head)), domain, width)
        bit = self._variables.setdefault(declared, 1 << _VARIABLES + len(self._variables))
        return bit | {z3.Z3_INT_SORT: _INTEGER, z3.Z3_BV_SORT: _WORD}.get(domain, 0)


def body(part: Obligation, spelling: Spelling) -> str:
    """The text of a statement, without comments: a solver that answers `unsat` confirms it."""
    denial = z3.Not(conj(*part.conclusions))
    # Not a solver's `to_smt2`: what a solver gives back it may have simplified.
    premises, denied = [spelling.of(premise) for premise in part.premises], spelling.of(denial)
    logic, declarations = spelling.language([*premises, denied])
    asserted = [f"(assert {each.text})" for each in premises]
    denying = f"(assert {denied.text})"
    return "\n".join(
        [f"(set-logic {logic})", *declarations, *asserted, "; not all conclusions hold:", denying, "(check-sat)", ""]
    )


def digest(proof: Iterable[Obligation], spelling: Spelling | None = None) -> str:
    """A hash of the texts of all statements that a proof consists of: who has the texts can make it too. With
    ``spelling``, their terms are held."""
    spelling, whole = spelling or Spelling(), hashlib.sha256()
    for part in proof:
        whole.update(body(part, spelling).encode())
    return whole.hexdigest()


@cache
def _declaration(name: str, domain: int, width: int) -> str:
    """The text that declares a variable. The same ones are in all statements of a proof, and to print takes long."""
    sorts = {z3.Z3_BOOL_SORT: z3.BoolSort, z3.Z3_INT_SORT: z3.IntSort, z3.Z3_BV_SORT: lambda: z3.BitVecSort(width)}
    declared: str = z3.Const(name, sorts[domain]()).decl().sexpr()
    return declared


def _logic(integers: bool, words: bool, divisions: bool) -> str:
    if words:
        return "ALL" if integers else "QF_BV"
    if not integers:
        return "QF_UF"
    return "ALL" if divisions else "QF_LIA"
