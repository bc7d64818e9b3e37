"""The forms that a value can be written in: as a number, as a condition, or in a type of the record."""

from __future__ import annotations

from checker.csource import values as v
from checker.csource.types import BOOL, CInt

NUMBERS = frozenset(["u8", "u16", "u32", "u64", "pa", "va", "bytes", "pages", "bool"])
"""The types of the language that are numbers in C too; all others are enumerations and flags."""


def rounded_up(value: v.CBinary) -> tuple[v.Expr, int] | None:
    """Return `x` and `m` of `((x - 1) | m) + 1`, where `m` is all ones; None where a value has another form."""
    match value:
        case v.CBinary(
            op="+",
            left=v.CBinary(
                op="|",
                left=v.CBinary(op="-", left=inner, right=v.CConst(value=1)),
                right=v.CConst(value=most),
            ),
            right=v.CConst(value=1),
        ) if most & (most + 1) == 0 and 0 < most < value.type.modulus - 1:
            return inner, most
        case _:
            return None


def named(value: v.Expr, enumerations: frozenset[str]) -> str:
    """Return the type of the record, an enumeration or flags, that a value is of; empty where it is a number, as what
    is made of the bits of an enumeration is."""
    match value:
        case v.CField(kept=kept):
            return kept if kept not in NUMBERS else ""
        case v.CBinary(op="&" | "|" | "^", left=left, right=right):
            kept = named(left, enumerations) or named(right, enumerations)
            return kept if kept not in enumerations else ""
        case v.CConvert(type=kind, operand=operand) if kind.width == operand.type.width:
            return named(operand, enumerations)
        case _:
            return ""


def native(value: v.Expr, kept: str, enumerations: frozenset[str]) -> bool:
    """Tell whether a value can be written in a type of the record without making a number of it."""
    match value:
        case v.CConst():
            return kept not in NUMBERS
        case v.CField(kept=own):
            return own == kept and kept not in NUMBERS
        case v.CBinary(op="&" | "|" | "^", left=left, right=right) if kept not in enumerations:
            return native(left, kept, enumerations) and native(right, kept, enumerations)
        case v.CChoose(then=then, otherwise=otherwise):
            return native(then, kept, enumerations) and native(otherwise, kept, enumerations)
        case v.CConvert(type=kind, operand=operand) if kind.width == operand.type.width:
            return native(operand, kept, enumerations)
        case _:
            return False


def is_truth(value: v.Expr) -> bool:
    """Tell whether a value is 0 or 1 because it is that of a condition."""
    if isinstance(value, v.CConvert):
        return value.type == BOOL or is_truth(value.operand)
    return value.type == BOOL or isinstance(value, v.CCompare | v.CLogic | v.CNot | v.CVisited)


def is_atom(text: str) -> bool:
    """Tell whether a text needs no parentheses around it as an operand."""
    if text.replace("_", "a").replace(".", "a").isalnum():
        return True
    if text.startswith(("align_down(", "(")) and text.endswith(")"):
        depth = 0
        for place, sign in enumerate(text):
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == ")" and depth == 0:
                return place == len(text) - 1
    return False


def number_text(value: int) -> str:
    """Return a number as one reads it: small ones decimal, others hexadecimal in groups of four digits."""
    if value < 4096:
        return str(value)
    digits = f"{value:x}"
    head = len(digits) % 4 or 4
    return "0x" + "_".join([digits[:head], *(digits[at : at + 4] for at in range(head, len(digits), 4))])


def layout_type(kind: CInt) -> str:
    """Return the type of the language that holds the residues of a type of C."""
    return "bool" if kind == BOOL else f"u{kind.width}"
