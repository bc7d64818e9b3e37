"""Faults in the reading of C, each with a program that tells it from what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from checker.csource import types as t
from checker.csource import values as v
from checker.csource.lower import expressions
from checker.csource.lower.expressions import Expressions
from checker.csource.lower.statements import Lowering
from checker.csource.steps import LeaveStep
from checker.csource.types import BOOL, INT, LONG, ULONG, CInt
from checker.csource.writing import Writer
from tests.helpers.patching import Seam

Instead = Callable[..., Any]
"""What stands in the place of a function: it is given the right one, and then the arguments."""


@dataclass(frozen=True)
class Fault:
    """A wrong idea of C, the function in whose place it is put, and the program that notices."""

    text: str
    seam: Seam
    instead: Instead
    program: str


PROMOTED = Seam("the promotion of a type", t.promoted)
COMMON = Seam("the common type of two", t.common)
LITERAL = Seam("the type of a literal", t.literal_type)
NUMBER = Seam("the value of a literal", expressions._number)
CONVERT = Seam("a conversion", v.convert)
BINARY = Seam("an operator between two values", v.binary)
MINUS = Seam("the negative of a value", v.minus)
COMPLEMENT = Seam("the complement of a value", v.complement)
NEGATED = Seam("the denial of a value", v.negated)
LOGIC = Seam("both, or one of both", v.logic)
CHOOSE = Seam("one of two by a condition", v.choose)
WRITE_CONVERT = Seam("a conversion in the text", Writer._convert)
WRITE_SIGNED = Seam("what the language has no operator for in the text", Writer._signed)
WRITE_COMPARE = Seam("a comparison in the text", Writer._compare)
WRITE_BINARY = Seam("an operator in the text", Writer._binary)
WRITE_IF = Seam("a conditional in the text", Writer._if)
WRITE_STEP = Seam("a step in the text", Writer._step)
UPDATED = Seam("the value of ++ and --", Expressions.updated)
VALUE = Seam("the value of an expression", Expressions.value)
SIZEOF = Seam("a size", Expressions._sizeof)
STATE = Seam("a variable of the file", Lowering.state)
SET = Seam("an assignment to a variable", Expressions.set)
END_TURN = Seam("the end of a turn", Lowering._end_turn)
PASS = Seam("a loop over the map", Lowering._pass)


def _counterpart(kind: CInt, *, signed: bool) -> CInt:
    return replace(kind, signed=signed)


def _signed_wins(right: Instead, one: CInt, other: CInt) -> CInt:
    return _counterpart(right(one, other), signed=t.promoted(one).signed or t.promoted(other).signed)


def _unsigned_wins(right: Instead, one: CInt, other: CInt) -> CInt:
    return _counterpart(right(one, other), signed=t.promoted(one).signed and t.promoted(other).signed)


def _low_bit(right: Instead, value: v.Expr, kind: CInt) -> Any:
    return right(v.binary("&", value, v.TRUE), kind) if kind == BOOL and value.type != BOOL else right(value, kind)


def _as_if(value: v.Expr, kind: CInt) -> v.Expr:
    """Return a value with another type, the bits as they are."""
    return replace(value, type=kind)


def _zeros(right: Instead, self: Writer, kind: CInt, operand: v.Expr, **named: Any) -> Any:
    unsigned = _counterpart(operand.type, signed=False)
    plain = isinstance(operand, v.CRead | v.CField | v.CBinary | v.CConvert)
    return right(self, kind, _as_if(operand, unsigned) if plain and operand.type != BOOL else operand, **named)


def _common_of_shift(right: Instead, op: str, one: v.Expr, other: v.Expr) -> Any:
    kind = t.common(one.type, other.type)
    return right(op, v.convert(one, kind), other) if op in ("<<", ">>") else right(op, one, other)


def _of_the_left(right: Instead, op: str, one: v.Expr, other: v.Expr) -> Any:
    return right(op, one, v.convert(other, one.type)) if op == "/" else right(op, one, other)


def _floor(right: Instead, self: Writer, value: v.CBinary) -> Any:
    assert isinstance(value.right, v.CConst)
    by = v.number(value.right.value, value.right.type)
    if value.op == "/" and by > 0 and by & (by - 1) == 0:
        shift = v.CConst(INT, by.bit_length() - 1)
        return right(self, replace(value, op=">>", right=shift))
    return right(self, value)


def _logical_shift(right: Instead, self: Writer, value: v.CBinary) -> Any:
    if value.op == ">>":
        return self._binary(replace(value, type=_counterpart(value.type, signed=False)))
    return right(self, value)


def _positive_remainder(right: Instead, self: Writer, value: v.CBinary) -> Any:
    if value.op == "%":
        return self._binary(replace(value, type=_counterpart(value.type, signed=False)))
    return right(self, value)


def _without_sign(right: Instead, self: Writer, value: v.CCompare, op: str) -> Any:
    kinds = [_counterpart(each.type, signed=False) for each in (value.left, value.right)]
    left, other = (_as_if(each, kind) for each, kind in zip((value.left, value.right), kinds, strict=True))
    return right(self, replace(value, left=left, right=other), op)


def _octal(right: Instead, node: Any) -> Any:
    plain = node.text.isdigit() and len(node.text) > 1
    return right(replace(node, text=node.text.lstrip("0") or "0") if plain else node)


def _no_suffix(right: Instead, value: int, suffix: str, *, decimal: bool) -> Any:
    return right(value, suffix.lower().replace("u", ""), decimal=decimal)


def _new_value(right: Instead, self: Any, node: Any, scope: Any, out: Any, *, wanted: bool = True) -> Any:
    value = right(self, node, scope, out, wanted=wanted)
    return self.value(node.part("argument"), scope, out) if wanted else value


def _always_up(right: Instead, op: str, one: v.Expr, other: v.Expr) -> Any:
    return right("+" if op == "-" and other == v.TRUE else op, one, other)


def _left_of_comma(right: Instead, self: Any, node: Any, scope: Any, out: Any) -> Any:
    if node.kind != "comma_expression":
        return right(self, node, scope, out)
    value = right(self, node.part("left"), scope, out)
    right(self, node.part("right"), scope, out)
    return value


def _int_size(right: Instead, self: Any, node: Any, scope: Any) -> Any:
    return v.convert(right(self, node, scope), INT)


def _narrow_size(right: Instead, self: Any, node: Any, scope: Any) -> Any:
    size = right(self, node, scope)
    return v.CConst(ULONG, 1) if "+" in node.text else size


def _from_zero(right: Instead, self: Lowering, name: str, node: Any) -> Any:
    slot = right(self, name, node)
    if slot is not None:
        known, declared = self.states[name]
        self.states[name] = known, replace(declared, value=v.CConst(declared.type, 0))
    return slot


def _without_else(right: Instead, self: Writer, step: Any, depth: int) -> Any:
    return right(self, replace(step, otherwise=()) if step.then else step, depth)


def _other_word(right: Instead, self: Writer, step: Any) -> Any:
    other = {"break": "continue", "continue": "break"}
    if isinstance(step, LeaveStep) and step.word in other:
        return right(self, replace(step, word=other[step.word]))
    return right(self, step)


def _mask_off_by_one(right: Instead, self: Writer, value: v.CBinary) -> Any:
    mask = value.right
    if value.op == "&" and isinstance(mask, v.CConst) and mask.value & (mask.value + 1) == 0:
        return right(self, replace(value, right=replace(mask, value=mask.value << 1 | 1)))
    return right(self, value)


def _never_kept(right: Instead, self: Lowering, end: Any, scope: Any, out: Any) -> Any:
    before = len(out)
    right(self, end, scope, out)
    out[before:] = [replace(each, word="continue", region="") if each.word == "keep" else each for each in out[before:]]


def _other_way(right: Instead, *arguments: Any, backward: bool) -> Any:
    return right(*arguments, backward=not backward)


FAULTS = (
    Fault("small numbers stay small", PROMOTED, lambda right, kind: kind, "promotion_of_a_sum"),
    Fault(
        "small unsigned numbers stay unsigned",
        PROMOTED,
        lambda right, kind: _counterpart(right(kind), signed=kind.signed),
        "promotion_of_a_difference",
    ),
    Fault("an int beside an unsigned int stays signed", COMMON, _signed_wins, "comparison_of_int_and_unsigned"),
    Fault("unsigned wins over any signed type", COMMON, _unsigned_wins, "comparison_of_unsigned_and_long"),
    Fault(
        "the common type is the left one's",
        COMMON,
        lambda right, one, other: t.promoted(one),
        "comparison_of_unsigned_and_long",
    ),
    Fault(
        "all is computed in 64 bits",
        COMMON,
        lambda right, one, other: LONG if right(one, other).signed else ULONG,
        "wrap_at_32_bits",
    ),
    Fault(
        "a hexadecimal literal is signed where a decimal one would be",
        LITERAL,
        lambda right, value, suffix, *, decimal: right(value, suffix, decimal=True),
        "constant_in_hexadecimal",
    ),
    Fault(
        "a decimal literal is unsigned where a hexadecimal one would be",
        LITERAL,
        lambda right, value, suffix, *, decimal: right(value, suffix, decimal=False),
        "constant_in_decimal",
    ),
    Fault("the suffix of a literal is lost", LITERAL, _no_suffix, "constant_with_a_suffix"),
    Fault("an octal literal is decimal", NUMBER, _octal, "constant_octal"),
    Fault("a number becomes a bool by its lowest bit", CONVERT, _low_bit, "truth_of_all_bits"),
    Fault("signed numbers are widened with zeros", WRITE_CONVERT, _zeros, "sign_extension"),
    Fault("the type of a shift is the common one", BINARY, _common_of_shift, "shift_takes_its_left_type"),
    Fault("a division has the type of its left side", BINARY, _of_the_left, "quotient_of_unsigned"),
    Fault("-- counts up", BINARY, _always_up, "decrement_of_signed"),
    Fault(
        "a complement has the width of its operand",
        COMPLEMENT,
        lambda right, operand: v.convert(right(operand), operand.type),
        "promotion_of_a_complement",
    ),
    Fault(
        "a complement has 64 bits",
        COMPLEMENT,
        lambda right, operand: right(v.convert(operand, ULONG)),
        "mask_of_unsigned",
    ),
    Fault(
        "a negative has the width of its operand",
        MINUS,
        lambda right, operand: v.convert(right(operand), operand.type),
        "promotion_of_a_negation",
    ),
    Fault(
        "a negative is that of 64 bits",
        MINUS,
        lambda right, operand: right(v.convert(operand, ULONG)),
        "negation_of_unsigned",
    ),
    Fault("! is ~", NEGATED, lambda right, operand: v.complement(operand), "truth_of_a_complement"),
    Fault(
        "&& and || change places",
        LOGIC,
        lambda right, op, left, other: right("||" if op == "&&" else "&&", left, other),
        "truth_is_an_int",
    ),
    Fault(
        "a conditional has the type of its first branch",
        CHOOSE,
        lambda right, condition, then, otherwise, kind=None: right(condition, then, otherwise, kind or then.type),
        "ternary_of_unsigned_and_long",
    ),
    Fault(
        "the branches of a conditional change places",
        CHOOSE,
        lambda right, condition, then, otherwise, kind=None: right(condition, otherwise, then, kind),
        "ternary_of_int_and_u64",
    ),
    Fault("a signed quotient is rounded down", WRITE_SIGNED, _floor, "quotient_of_signed"),
    Fault("a remainder is never negative", WRITE_SIGNED, _positive_remainder, "remainder_of_signed"),
    Fault("a negative number is shifted with zeros", WRITE_SIGNED, _logical_shift, "shift_right_of_signed"),
    Fault("signed numbers are compared as unsigned ones", WRITE_COMPARE, _without_sign, "comparison_of_ints"),
    Fault("a mask keeps one bit more", WRITE_BINARY, _mask_off_by_one, "downwards"),
    Fault("`else` is lost", WRITE_IF, _without_else, "nested_conditions"),
    Fault("x++ gives the new value", UPDATED, _new_value, "increment_after"),
    Fault("a comma gives what stands before it", VALUE, _left_of_comma, "comma"),
    Fault("a size is an int", SIZEOF, _int_size, "size_of_a_type"),
    Fault("the size of a sum is that of its parts", SIZEOF, _narrow_size, "size_of_a_promoted_sum"),
    Fault("a static begins at 0 whatever it says", STATE, _from_zero, "state_of_the_file"),
    Fault("`continue` and `break` change places", WRITE_STEP, _other_word, "break_in_the_loop"),
    Fault("the region before is never kept", END_TURN, _never_kept, "kept_region"),
    Fault("a walk goes the other way", PASS, _other_way, "loop_without_braces"),
)
