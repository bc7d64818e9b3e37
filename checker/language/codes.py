"""The stable codes of everything that can be wrong with a `.layout` text, each with what it means.

spec/language.md lists them with an example each; a test holds the two together.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """A diagnostic's code."""

    FILE_UNREADABLE = "L001"
    FILE_TOO_LARGE = "L002"
    NOT_UTF8 = "L003"
    BAD_CHARACTER = "L004"
    UNEXPECTED = "L005"
    TOO_DEEP = "L006"
    TOO_MANY = "L007"

    UNKNOWN_MODULE = "L101"
    IMPORT_CYCLE = "L102"
    UNKNOWN_NAME = "L103"
    DUPLICATE_NAME = "L104"
    UNKNOWN_FIELD = "L105"
    UNKNOWN_TYPE = "L106"
    SHADOWED_NAME = "L107"

    TYPE_MISMATCH = "L201"
    WRONG_OPERAND = "L202"
    WRONG_ARGUMENTS = "L203"
    LITERAL_TOO_LARGE = "L204"
    DIVISION_BY_ZERO = "L205"
    SHIFT_TOO_FAR = "L206"
    NOT_CONSTANT = "L207"
    NOT_LINEAR = "L208"
    NEVER_FITS = "L209"
    BAD_RECORD = "L210"
    BAD_MEMBER = "L211"
    EMPTY_WINDOW = "L212"

    NOT_ASSIGNABLE = "L301"
    OUTSIDE_PASS = "L302"
    NESTED_PASS = "L303"
    UNREACHABLE = "L304"
    FORMULA_MISPLACED = "L306"
    UNKNOWN_VERDICT = "L307"
    BAD_MESSAGE = "L308"
    RECURSION = "L309"
    NOTHING_GIVEN = "L310"
