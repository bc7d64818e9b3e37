"""Z3 terms, made by the functions of its C interface.

z3's Python layer asks for the sort of each operand, and converts what need not be converted: several calls for every
term, where hundreds of thousands are made. Here the operands are terms of the right sorts already. Z3 itself still
refuses what does not fit together, so that a mistake is an exception and not another formula.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import z3

Term = Any

_CONTEXT = z3.main_ctx()
_REF = _CONTEXT.ref()
_INTEGER = z3.IntSort()

_INT64 = 1 << 63
"""The first integer that needs more than 64 bits with a sign."""


def _unchecked(function: Any) -> Callable[..., Any]:
    """The library's own function behind one of z3's: a question about a term that is there has an answer, and to ask
    each time if there was an error takes as long as the question."""
    (elementary,) = function.__defaults__
    found: Callable[..., Any] = elementary.f
    return found


_number, _application = _unchecked(z3.Z3_get_ast_id), _unchecked(z3.Z3_to_app)
_arguments, _argument = _unchecked(z3.Z3_get_app_num_args), _unchecked(z3.Z3_get_app_arg)
_head, _kind = _unchecked(z3.Z3_get_app_decl), _unchecked(z3.Z3_get_decl_kind)

_EVALUATED = (z3.Ast * 1)()
_WHERE = ctypes.cast(_EVALUATED, ctypes.POINTER(z3.Ast))
"""The place into which Z3 puts a value, which is looked at before the next one."""


def _array(terms: Sequence[Term]) -> Any:
    return (z3.Ast * len(terms))(*[term.ast for term in terms])


def _several(make: Callable[..., Any], kind: type) -> Callable[[Sequence[Term]], Term]:
    def made(terms: Sequence[Term]) -> Term:
        return kind(make(_REF, len(terms), _array(terms)), _CONTEXT)

    return made


def _two(make: Callable[..., Any], kind: type) -> Callable[[Term, Term], Term]:
    return lambda left, right: kind(make(_REF, left.ast, right.ast), _CONTEXT)


conjunction = _several(z3.Z3_mk_and, z3.BoolRef)
disjunction = _several(z3.Z3_mk_or, z3.BoolRef)
implies = _two(z3.Z3_mk_implies, z3.BoolRef)
at_most = _two(z3.Z3_mk_le, z3.BoolRef)
less = _two(z3.Z3_mk_lt, z3.BoolRef)
same = _two(z3.Z3_mk_eq, z3.BoolRef)
_sum = _several(z3.Z3_mk_add, z3.ArithRef)
_difference = _several(z3.Z3_mk_sub, z3.ArithRef)


def negation(term: Term) -> Term:
    """The negation of a Boolean."""
    return z3.BoolRef(z3.Z3_mk_not(_REF, term.ast), _CONTEXT)


def denied(term: Term) -> Term | None:
    """The Boolean of which a term is the negation; None if it is none."""
    if _kind(_REF, _head(_REF, _application(_REF, term.ast))) != z3.Z3_OP_NOT:
        return None
    return z3.BoolRef(_argument(_REF, term.ast, 0), _CONTEXT)


def integer(value: int) -> Term:
    """An integer constant."""
    if -_INT64 <= value < _INT64:
        return z3.IntNumRef(z3.Z3_mk_int64(_REF, value, _INTEGER.ast), _CONTEXT)
    return z3.IntVal(value)


def own(term: Term) -> Term:
    """The same Boolean as an object of its own, which is no other place's."""
    return z3.BoolRef(term.ast, _CONTEXT)


def plus(left: Term, right: Term) -> Term:
    """The sum of two integers."""
    return _sum((left, right))


def minus(left: Term, right: Term) -> Term:
    """The difference of two integers."""
    return _difference((left, right))


def either(condition: Term, then: Term, otherwise: Term) -> Term:
    """``then`` or ``otherwise``, both integers."""
    return z3.ArithRef(z3.Z3_mk_ite(_REF, condition.ast, then.ast, otherwise.ast), _CONTEXT)


def identical(left: Term, right: Term) -> bool:
    """Tell whether two terms are the same. Z3 keeps one copy of each, so a look at the pointers tells."""
    return bool(left.ast.value == right.ast.value)


def assume(solver: z3.Solver, fact: Term) -> None:
    """Have a solver assume a Boolean."""
    z3.Z3_solver_assert(_REF, solver.solver, fact.ast)


def satisfiable(solver: z3.Solver, assumptions: Sequence[Term]) -> z3.CheckSatResult:
    """Ask a solver whether what it was told has a model in which all of the assumptions hold."""
    found = z3.Z3_solver_check_assumptions(_REF, solver.solver, len(assumptions), _array(assumptions))
    return z3.CheckSatResult(found)


def statistic(solver: z3.Solver, name: str) -> int:
    """Return one figure of what a solver did; 0 where it has none of this name. Asked before and after each query: of
    all figures, z3's Python layer makes objects."""
    reference = solver.ctx.ref()
    found = z3.Z3_solver_get_statistics(reference, solver.solver)
    z3.Z3_stats_inc_ref(reference, found)
    try:
        for index in reversed(range(z3.Z3_stats_size(reference, found))):
            if z3.Z3_stats_get_key(reference, found, index) == name:
                return int(z3.Z3_stats_get_uint_value(reference, found, index))
        return 0
    finally:
        z3.Z3_stats_dec_ref(reference, found)


def falsified(model: Any, terms: Iterable[Term]) -> Iterator[bool]:
    """Tell of each Boolean term, as it is asked for, that it is false in a model, in which whatever that leaves open
    has some value."""
    reference = model.model
    for term in terms:
        if not z3.Z3_model_eval(_REF, reference, term.ast, True, _WHERE):
            raise z3.Z3Exception("a term that the model cannot evaluate")
        yield bool(z3.Z3_get_bool_value(_REF, _EVALUATED[0]) == z3.Z3_L_FALSE)


_AT_ONCE = 62
"""The terms that are looked at in a model at a time: as many as a number has bits that C and Python agree on."""


class Watched:
    """Boolean terms that are looked at in one model after the other. So many at a time are made one number, with a bit
    for each: then what they share is looked at once, and Z3 is asked once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        nothing, bits = integer(0), [integer(1 << place) for place in range(_AT_ONCE)]
        parts = [terms[begin : begin + _AT_ONCE] for begin in range(0, len(terms), _AT_ONCE)]
        self._words = [
            (len(part), _sum([either(term, nothing, bit) for term, bit in zip(part, bits, strict=False)]))
            for part in parts
        ]

    def falsified(self, model: Any) -> list[bool]:
        """Tell which are false in a model, in which whatever it leaves open has some value."""
        wrong = []
        for count, word in self._words:
            if not z3.Z3_model_eval(_REF, model.model, word.ast, True, _WHERE):
                raise z3.Z3Exception("a number that the model cannot evaluate")
            bits = int(z3.Z3_get_numeral_string(_REF, _EVALUATED[0]))
            wrong += [bool(bits >> place & 1) for place in range(count)]
        return wrong


def substituted(terms: Sequence[Term], pairs: Sequence[tuple[Term, Term]]) -> list[Term]:
    """Return Boolean terms with others in the place of some constants."""
    if not terms:
        return []
    # One call for all terms, as arguments of an application that means nothing: each call has to check all pairs.
    count, several = len(terms), len(pairs)
    bundle = z3.Function(f"bundle.{count}", *[z3.BoolSort()] * (count + 1))
    together = z3.BoolRef(z3.Z3_mk_app(_REF, bundle.ast, count, _array(terms)), _CONTEXT)
    old, new = _array([constant for constant, _ in pairs]), _array([value for _, value in pairs])
    put = z3.BoolRef(z3.Z3_substitute(_REF, together.ast, several, old, new), _CONTEXT)
    return [z3.BoolRef(z3.Z3_get_app_arg(_REF, put.ast, index), _CONTEXT) for index in range(count)]


class Constants:
    """The constants that terms are about, by their numbers; each part of a term is looked at once.

    It holds the terms: the number of one that nobody holds any more is given to another.
    """

    def __init__(self) -> None:
        self._found: dict[int, frozenset[int]] = {}
        self._held: list[Term] = []

    def of(self, term: Term) -> frozenset[int]:
        """Return the numbers of the constants in a term."""
        node = term.as_ast()
        found = self._found.get(_number(_REF, node))
        if found is None:
            self._held.append(term)
            found = self._look(node)
        return found

    def _look(self, node: Any) -> frozenset[int]:
        number = _number(_REF, node)
        found = self._found.get(number)
        if found is None:
            count = _arguments(_REF, node)
            if count:
                found = frozenset().union(*[self._look(_argument(_REF, node, index)) for index in range(count)])
            else:
                kind = _kind(_REF, _head(_REF, _application(_REF, node)))
                found = frozenset({number}) if kind == z3.Z3_OP_UNINTERPRETED else frozenset()
            self._found[number] = found
        return found
