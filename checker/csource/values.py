"""C expressions with every conversion written out: a tree in which each node has its C type and nothing is implied.

Values are residues: a number of a type of width `w` is kept modulo 2^w, whatever its sign. The operations say what they
do with the residues, so that constants are folded by the very rules that the text which is written obeys.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.csource.types import BOOL, INT, CInt, common, promoted


@frozen
class CConst:
    """A number; ``name`` is the macro that it is from, if it is that alone."""

    type: CInt
    value: int
    name: str = ""


@frozen
class CRead:
    """A variable of the algorithm, by the name that it has there."""

    type: CInt
    name: str


@frozen
class CField:
    """A field of a region; ``kept`` is the layout type of the field."""

    type: CInt
    region: str
    name: str
    kept: str


@frozen
class CVisited:
    """Tell, as an `int`, whether there is a region before."""

    region: str
    type: CInt = INT


@frozen
class CConvert:
    """The operand as a value of another type."""

    type: CInt
    operand: Expr


@frozen
class CBinary:
    """`+ - * / % << >> & | ^` of two operands that have the type of the result; the right of a shift is a constant."""

    type: CInt
    op: str
    left: Expr
    right: Expr


@frozen
class CCompare:
    """`== != < <= > >=` of two operands of one type, as an `int`."""

    op: str
    left: Expr
    right: Expr
    type: CInt = INT


@frozen
class CLogic:
    """`&& ||` of two operands, as an `int`."""

    op: str
    left: Expr
    right: Expr
    type: CInt = INT


@frozen
class CNot:
    """`!`, as an `int`."""

    operand: Expr
    type: CInt = INT


@frozen
class CChoose:
    """`condition ? then : otherwise`, both of the type of the result."""

    type: CInt
    condition: Expr
    then: Expr
    otherwise: Expr


@frozen
class COpaque:
    """A value that is not understood, for a reason. It may stand where nothing of the layout depends on it."""

    why: Diagnostic
    operands: tuple[Expr, ...] = ()
    type: CInt = INT


Expr = CConst | CRead | CField | CVisited | CConvert | CBinary | CCompare | CLogic | CNot | CChoose | COpaque

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
TRUE, FALSE = CConst(INT, 1), CConst(INT, 0)


def number(value: int, kind: CInt) -> int:
    """Return the number that a residue stands for."""
    return value - kind.modulus if kind.signed and value >= kind.modulus >> 1 else value


def truth(value: Expr) -> bool | None:
    """Tell whether a value is other than 0; None where that is not known."""
    return bool(value.value) if isinstance(value, CConst) else None


def convert(value: Expr, kind: CInt) -> Expr:
    """Convert a value to a type: to `_Bool` by comparing with 0, else modulo 2^width (for signed types as gcc does)."""
    if value.type == kind:
        return value
    if isinstance(value, COpaque):
        return COpaque(value.why, value.operands, kind)
    if isinstance(value, CConst):
        made = int(value.value != 0) if kind == BOOL else number(value.value, value.type) % kind.modulus
        return CConst(kind, made, value.name if made == value.value else "")
    if isinstance(value, CChoose) and isinstance(value.then, CConst) and isinstance(value.otherwise, CConst):
        return choose(value.condition, convert(value.then, kind), convert(value.otherwise, kind), kind)
    return CConvert(kind, value)


def binary(op: str, left: Expr, right: Expr) -> Expr:
    """Return `left op right` with the conversions that C makes, for all operators but `&&`, `||` and `,`."""
    if op in ("<<", ">>"):
        # Each operand is promoted by itself; the right one does not touch the type.
        return _folded(
            promoted(left.type), op, convert(left, promoted(left.type)), convert(right, promoted(right.type))
        )
    kind = common(left.type, right.type)
    left, right = convert(left, kind), convert(right, kind)
    if op in COMPARISONS:
        if isinstance(left, CConst) and isinstance(right, CConst):
            return TRUE if _compare(op, number(left.value, kind), number(right.value, kind)) else FALSE
        return CCompare(op, left, right)
    return _folded(kind, op, left, right)


def minus(operand: Expr) -> Expr:
    """Return `-operand`."""
    kind = promoted(operand.type)
    return _folded(kind, "-", CConst(kind, 0), convert(operand, kind))


def complement(operand: Expr) -> Expr:
    """Return `~operand`: all bits of the promoted operand turned over."""
    kind = promoted(operand.type)
    return _folded(kind, "^", convert(operand, kind), CConst(kind, kind.modulus - 1))


def negated(operand: Expr) -> Expr:
    """Return `!operand`."""
    known = truth(operand)
    if known is not None:
        return FALSE if known else TRUE
    return operand.operand if isinstance(operand, CNot) and _is_truth(operand.operand) else CNot(operand)


def logic(op: str, left: Expr, right: Expr) -> Expr:
    """Return `left && right` or `left || right`."""
    known = truth(left)
    if known is not None:
        return _as_int(right) if known is (op == "&&") else (TRUE if known else FALSE)
    if truth(right) is (op == "&&"):
        return _as_int(left)
    return CLogic(op, left, right)


def choose(condition: Expr, then: Expr, otherwise: Expr, kind: CInt | None = None) -> Expr:
    """Return `condition ? then : otherwise`; the type is the common one if no other is said."""
    kind = common(then.type, otherwise.type) if kind is None else kind
    then, otherwise = convert(then, kind), convert(otherwise, kind)
    known = truth(condition)
    if known is not None:
        return then if known else otherwise
    if kind == BOOL:
        # Of truth values, so that they read as one condition.
        if truth(then) is not None:
            joined = logic("||", condition, otherwise) if truth(then) else logic("&&", negated(condition), otherwise)
            return convert(joined, BOOL)
        if truth(otherwise) is not None:
            joined = logic("||", negated(condition), then) if truth(otherwise) else logic("&&", condition, then)
            return convert(joined, BOOL)
    return CChoose(kind, condition, then, otherwise)


def _as_int(value: Expr) -> Expr:
    """Return 1 for what is other than 0."""
    if isinstance(value, CConst):
        return TRUE if value.value else FALSE
    return value if _is_truth(value) and value.type == INT else convert(convert(value, BOOL), INT)


def _is_truth(value: Expr) -> bool:
    return value.type == BOOL or isinstance(value, CCompare | CLogic | CNot | CVisited)


def _compare(op: str, left: int, right: int) -> bool:
    less, same = left < right, left == right
    return {"==": same, "!=": not same, "<": less, "<=": less or same, ">": not (less or same), ">=": not less}[op]


def _folded(kind: CInt, op: str, left: Expr, right: Expr) -> Expr:
    if not isinstance(left, CConst) or not isinstance(right, CConst):
        return CBinary(kind, op, left, right)
    one, other = number(left.value, kind), number(right.value, right.type)
    if (op in ("/", "%") and other == 0) or (op in ("<<", ">>") and not 0 <= other < kind.width):
        return CBinary(kind, op, left, right)
    match op:
        case "+":
            made = one + other
        case "-":
            made = one - other
        case "*":
            made = one * other
        case "/":
            made = _quotient(one, other)
        case "%":
            made = one - other * _quotient(one, other)
        case "<<":
            made = one << other
        case ">>":
            # Of a negative number too the sign stays, as gcc and clang define it.
            made = one >> other
        case "&":
            made = one & other
        case "|":
            made = one | other
        case _:
            made = one ^ other
    return CConst(kind, made % kind.modulus)


def _quotient(one: int, other: int) -> int:
    """Divide towards zero."""
    return abs(one) // abs(other) * (1 if (one < 0) is (other < 0) else -1)


def parts_of(value: Expr) -> tuple[Expr, ...]:
    """Return the operands of a value."""
    match value:
        case CBinary(left=left, right=right) | CCompare(left=left, right=right) | CLogic(left=left, right=right):
            return (left, right)
        case CConvert(operand=operand) | CNot(operand=operand):
            return (operand,)
        case CChoose(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case COpaque(operands=operands):
            return operands
        case _:
            return ()


def within(value: Expr) -> Iterator[Expr]:
    """Return a value and all that are in it."""
    yield value
    for each in parts_of(value):
        yield from within(each)


def names_in(value: Expr) -> set[str]:
    """Return the variables that a value is made from."""
    return {each.name for each in within(value) if isinstance(each, CRead)}
