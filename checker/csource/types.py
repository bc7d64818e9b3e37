"""The integer types of C where `long` and pointers have 64 bits, and the rules by which they become one another.

C17 6.3.1: conversion rank, promotions, the usual arithmetic conversions. `char` is signed, as gcc has it on x86.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.base.values import frozen


@frozen
class CInt:
    """An integer type: its width in bits, its sign, and its rank among types of one width; `_Bool` has width 1."""

    width: int
    signed: bool
    rank: int

    @property
    def size(self) -> int:
        """Bytes that a value takes in memory."""
        return 1 if self == BOOL else self.width // 8

    @property
    def modulus(self) -> int:
        """The number of values."""
        return 1 << self.width

    @property
    def name(self) -> str:
        """The type in C's words."""
        return _NAMES[self]


BOOL = CInt(1, False, 0)
CHAR, UCHAR = CInt(8, True, 1), CInt(8, False, 1)
SHORT, USHORT = CInt(16, True, 2), CInt(16, False, 2)
INT, UINT = CInt(32, True, 3), CInt(32, False, 3)
LONG, ULONG = CInt(64, True, 4), CInt(64, False, 4)
LONG_LONG, ULONG_LONG = CInt(64, True, 5), CInt(64, False, 5)

_NAMES = {
    BOOL: "_Bool",
    CHAR: "signed char",
    UCHAR: "unsigned char",
    SHORT: "short",
    USHORT: "unsigned short",
    INT: "int",
    UINT: "unsigned int",
    LONG: "long",
    ULONG: "unsigned long",
    LONG_LONG: "long long",
    ULONG_LONG: "unsigned long long",
}


@frozen
class Pointer:
    """A pointer; ``to`` is an integer type, a struct that is a region by its name, `void`, or empty for all else."""

    to: CInt | str


CType = CInt | Pointer

# The kernel's names, include/uapi/asm-generic/int-ll64.h and include/linux/types.h, and those of stdint.h on LP64.
TYPEDEFS: dict[str, CInt] = {
    "bool": BOOL,
    "_Bool": BOOL,
    **dict.fromkeys(("s8", "__s8", "int8_t"), CHAR),
    **dict.fromkeys(("u8", "__u8", "uint8_t"), UCHAR),
    **dict.fromkeys(("s16", "__s16", "int16_t"), SHORT),
    **dict.fromkeys(("u16", "__u16", "uint16_t"), USHORT),
    **dict.fromkeys(("s32", "__s32", "int32_t"), INT),
    **dict.fromkeys(("u32", "__u32", "uint32_t"), UINT),
    **dict.fromkeys(("s64", "__s64"), LONG_LONG),
    **dict.fromkeys(("u64", "__u64", "phys_addr_t", "resource_size_t"), ULONG_LONG),
    **dict.fromkeys(("int64_t", "ssize_t", "ptrdiff_t", "intptr_t"), LONG),
    **dict.fromkeys(("uint64_t", "size_t", "uintptr_t"), ULONG),
}

_WORDS = {"signed", "unsigned", "char", "short", "int", "long"}


def from_words(words: Sequence[str]) -> CInt | None:
    """Return the type that the words of a declaration mean (`unsigned long int`), None where they mean none."""
    if len(words) == 1 and words[0] in TYPEDEFS:
        return TYPEDEFS[words[0]]
    if not words or not _WORDS.issuperset(words):
        return None
    unsigned = "unsigned" in words
    if unsigned and "signed" in words:
        return None
    longs, others = words.count("long"), {each for each in words if each in ("char", "short")}
    if len(others) + bool(longs) > 1 or longs > 2 or ("char" in others and "int" in words):
        return None
    if "char" in others:
        return UCHAR if unsigned else CHAR
    if "short" in others:
        return USHORT if unsigned else SHORT
    pair = ((INT, UINT), (LONG, ULONG), (LONG_LONG, ULONG_LONG))[longs]
    return pair[unsigned]


def promoted(kind: CInt) -> CInt:
    """Return the type after the integer promotions: what is narrower than `int` becomes `int`, which holds it all."""
    return INT if kind.rank < INT.rank else kind


def common(left: CInt, right: CInt) -> CInt:
    """Return the type of the usual arithmetic conversions."""
    left, right = promoted(left), promoted(right)
    if left.signed is right.signed:
        return left if left.rank >= right.rank else right
    unsigned, signed = (right, left) if left.signed else (left, right)
    if unsigned.rank >= signed.rank:
        return unsigned
    if signed.width > unsigned.width:
        return signed
    # A signed type of higher rank and no more bits: both become its unsigned counterpart.
    return next(each for each in _NAMES if each.rank == signed.rank and not each.signed)


def literal_type(value: int, suffix: str, *, decimal: bool) -> CInt | None:
    """Return the first type of C's list that holds a literal (C17 6.4.4.1), None where none does."""
    suffix = suffix.lower()
    longs = suffix.count("l")
    if suffix not in {"", "u", "l", "ul", "lu", "ll", "ull", "llu"}:
        return None
    candidates = [(INT, UINT), (LONG, ULONG), (LONG_LONG, ULONG_LONG)][longs:]
    for signed, unsigned in candidates:
        if "u" not in suffix and value < signed.modulus >> 1:
            return signed
        if ("u" in suffix or not decimal) and value < unsigned.modulus:
            return unsigned
    return None
