"""Hashes of terms: the same for the same term in every process, another one for every other term."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import z3

from checker.prove.terms.numbers import Term

_BYTES = 16


class Hashes:
    """The hashes of terms. Each part of a term is looked at once: the statements of a proof have most of their premises
    in common, and these most of their parts. The terms are held, so that a number stays that of its term or part.

    A part is hashed by its head, with what the head is an instance of, its sort, and the hashes of its arguments; so
    two terms with the same hash are the same, or SHA-256 was broken.
    """

    def __init__(self) -> None:
        self._held: list[Term] = []
        self._known: dict[int, bytes] = {}

    def of(self, term: Term) -> bytes:
        """Return the hash of a term."""
        # By the interface that z3 has for C: terms are looked at by the thousand, for the hash of every proof.
        context, known = term.ctx_ref(), self._known
        whole = (term.get_id(), term.as_ast())
        if whole[0] not in known:
            self._held.append(term)
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
                unknown = [(*each, None) for each in inside if each[0] not in known]
                if unknown:
                    waiting.append((number, part, inside))
                    waiting += unknown
                    continue
            known[number] = _hash(_head(context, part), [known[each] for each, _ in inside])
        return known[whole[0]]


def _hash(head: str, inside: Sequence[bytes]) -> bytes:
    """Return the hash of a head and of the hashes of what is inside, which all have the same length."""
    return hashlib.sha256(b"".join((*inside, head.encode("utf-8", "surrogatepass")))).digest()[:_BYTES]


def _head(context: Any, part: Any) -> str:
    """Return the head of a term as text: that of a variable or a number with its sort, of anything else with the
    numbers that it has beside its arguments, whose sorts are told by these."""
    declared = z3.Z3_get_app_decl(context, z3.Z3_to_app(context, part))
    kind = z3.Z3_get_decl_kind(context, declared)
    if kind in (z3.Z3_OP_ANUM, z3.Z3_OP_BNUM):
        return f"{z3.Z3_get_numeral_string(context, part)} {_sort(context, part)}"
    if kind == z3.Z3_OP_UNINTERPRETED:
        name = z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, declared))
        return f"{name!r} {_sort(context, part)}"
    # Of what has other things than numbers beside its arguments there is none in a proof; Z3 refuses to give those.
    count = z3.Z3_get_decl_num_parameters(context, declared)
    numbers = [z3.Z3_get_decl_int_parameter(context, declared, place) for place in range(count)]
    return f"{kind} {numbers}"


def _sort(context: Any, part: Any) -> str:
    return str(z3.Z3_sort_to_string(context, z3.Z3_get_sort(context, part)))
