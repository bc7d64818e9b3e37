"""The statements that a proof consists of, as SMT-LIB 2 text.

Each text declares what it speaks of, asserts the premises, and asserts that not all conclusions hold: a solver that
answers `unsat` confirms the statement. Machine integers are integers there, as in the proof, and words of flags are
bit vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from checker.prove.proof.journal import FinalObligation, Obligation, parts
from checker.prove.results import Written
from checker.prove.terms.encode import conj

_INTEGERS = {
    *(z3.Z3_OP_ANUM, z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT),
    *(z3.Z3_OP_ADD, z3.Z3_OP_SUB, z3.Z3_OP_UMINUS, z3.Z3_OP_MUL),
}
"""Kinds of terms that there are of integers only."""

_DIVISIONS = {z3.Z3_OP_IDIV, z3.Z3_OP_MOD}


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
    logic, declarations = _language([*part.premises, denial])
    # Not a solver's `to_smt2`: what a solver gives back it may have simplified.
    asserted = [f"(assert {premise.sexpr()})" for premise in part.premises]
    denied = f"(assert {denial.sexpr()})"
    return "\n".join(
        [f"(set-logic {logic})", *declarations, *asserted, "; not all conclusions hold:", denied, "(check-sat)", ""]
    )


def _language(terms: Sequence[z3.ExprRef]) -> tuple[str, list[str]]:
    """Return the smallest logic that every solver has for some terms, and the declarations of their variables.

    None of the logics with a name is for integers and bit vectors together, and strictly the linear one has no
    division, not even by constants.
    """
    # By the interface that z3 has for C: terms are looked at by the thousand, for the hash of every proof.
    context = terms[0].ctx_ref()
    told: set[int] = set()
    kinds: set[int] = set()
    sorts: set[int] = set()
    declarations: set[str] = set()
    waiting = [term.as_ast() for term in terms]
    while waiting:
        term = waiting.pop()
        number = z3.Z3_get_ast_id(context, term)
        if number in told:
            continue
        told.add(number)
        whole = z3.Z3_to_app(context, term)
        head = z3.Z3_get_app_decl(context, whole)
        kind = z3.Z3_get_decl_kind(context, head)
        kinds.add(kind)
        if kind == z3.Z3_OP_UNINTERPRETED:
            sorts.add(z3.Z3_get_sort_kind(context, z3.Z3_get_sort(context, term)))
            declarations.add(z3.Z3_ast_to_string(context, z3.Z3_func_decl_to_ast(context, head)))
        count = z3.Z3_get_app_num_args(context, whole)
        waiting += [z3.Z3_get_app_arg(context, whole, place) for place in range(count)]
    integers = z3.Z3_INT_SORT in sorts or bool(kinds & _INTEGERS)
    return _logic(integers, z3.Z3_BV_SORT in sorts, bool(kinds & _DIVISIONS)), sorted(declarations)


def _logic(integers: bool, words: bool, divisions: bool) -> str:
    if words:
        return "ALL" if integers else "QF_BV"
    if not integers:
        return "QF_UF"
    return "ALL" if divisions else "QF_LIA"
