"""Values of C as the text of the language.

Numbers are residues: `int` is a `u32`, `long` a `u64`. What the language has no operator for is written with those that
it has, and each of these forms is exact:

    sign extension     ((x +% s) as u64) -% s       s is the sign bit, 2^(w-1): `x +% s` turns it over, so that the
    signed comparison  (x +% s) < (y +% s)          least number becomes 0
    signed shift       if x >= s then ~(~x >> n) else x >> n
    signed division    of the numbers without their signs, the sign put back
    rounding up        ((x - 1) | m) + 1, m = 2^k - 1, as align_down(x +% m, 2^k): with x - 1 = q * 2^k + r both are
                       (q + 1) * 2^k, and 2^k divides 2^w, so that they wrap alike
"""

from __future__ import annotations

from checker.csource import values as v
from checker.csource.types import BOOL, INT, CInt
from checker.csource.writing.forms import (
    is_atom,
    is_truth,
    layout_type,
    named,
    native,
    number_text,
    rounded_up,
)

_RELATIONS = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class ValueWriter:
    """Writes values; ``constants`` are the named ones that it met, with their types and values, ``enumerations`` the
    types of the record that are no flags."""

    def __init__(self, taken: frozenset[str], enumerations: frozenset[str]) -> None:
        self.taken = taken
        self.enumerations = enumerations
        self.constants: dict[str, tuple[str, int]] = {}

    def of_type(self, value: v.Expr, kind: CInt) -> str:
        """Return a value as it stands where a variable of its type is wanted."""
        return self.condition(value) if kind == BOOL else self.number(value)

    def tight(self, value: v.Expr) -> str:
        """Return the text of a value as an operand."""
        made = self.alone(value)
        return made if is_atom(made) else f"({made})"

    def alone(self, value: v.Expr) -> str:
        """Return the text of a number where nothing around it says of which type it is."""
        made = self.number(value)
        return self.number(value, typed=True) if made.startswith("if ") else made

    def number(self, value: v.Expr, *, typed: bool = False) -> str:
        """Return the text of a value that is a number; ``typed`` where nothing around it says of which type."""
        match value:
            case v.CConst():
                made = self._constant(value)
                bare = made[0].isdigit() and value.type.width != 64
                return f"{made} as {layout_type(value.type)}" if typed and bare else made
            case v.CRead(type=kind, name=name):
                return name if kind != BOOL else self._zero_or_one(name, INT, typed=typed)
            case v.CField(region=region, name=name, kept=kept, type=kind):
                return f"{region}.{name}" if kept == layout_type(kind) else f"{region}.{name} as {layout_type(kind)}"
            case v.CCompare() | v.CLogic() | v.CNot() | v.CVisited():
                return self._zero_or_one(self.condition(value), INT, typed=typed)
            case v.CConvert(type=kind, operand=operand):
                return self._convert(kind, operand, typed=typed)
            case v.CBinary():
                return self._binary(value)
            case v.CChoose(condition=condition, then=then, otherwise=otherwise):
                ways = self.number(then, typed=typed), self.number(otherwise, typed=typed)
                return f"if {self.condition(condition)} then {ways[0]} else {ways[1]}"
            case _:
                raise AssertionError(value)

    def _zero_or_one(self, condition: str, kind: CInt, *, typed: bool) -> str:
        """Return the number that a condition is. A bare number would be a `u64`."""
        suffix = f" as {layout_type(kind)}" if typed and kind.width != 64 and kind != BOOL else ""
        return f"if {condition} then 1{suffix} else 0{suffix}"

    def _constant(self, value: v.CConst, kept: str = "") -> str:
        kind = kept or layout_type(value.type)
        if value.name and value.name not in self.taken:
            known = self.constants.setdefault(value.name, (kind, value.value))
            if known == (kind, value.value):
                return value.name
        return f"{number_text(value.value)} as {kept}" if kept else number_text(value.value)

    def in_type(self, value: v.Expr, kept: str) -> str:
        """Return the text of a value in a type of the record, which `native` says that it has."""
        match value:
            case v.CConst():
                return self._constant(value, kept)
            case v.CField(region=region, name=name):
                return f"{region}.{name}"
            case v.CBinary(op=op, left=left, right=right):
                one, other = self.in_type(left, kept), self.in_type(right, kept)
                return " ".join([one if is_atom(one) else f"({one})", op, other if is_atom(other) else f"({other})"])
            case v.CConvert(operand=operand):
                return self.in_type(operand, kept)
            case v.CChoose(condition=condition, then=then, otherwise=otherwise):
                ways = self.in_type(then, kept), self.in_type(otherwise, kept)
                return f"if {self.condition(condition)} then {ways[0]} else {ways[1]}"
            case _:
                raise AssertionError(value)

    def _operand(self, value: v.Expr, kept: str) -> str:
        """Return the text of a value in a type of the record beside an operator."""
        made = self.in_type(value, kept)
        return f"({made})" if made.startswith("if ") else made

    def _convert(self, kind: CInt, operand: v.Expr, *, typed: bool) -> str:
        if BOOL in (kind, operand.type) or isinstance(operand, v.CCompare | v.CLogic | v.CNot | v.CVisited):
            return self._zero_or_one(self.condition(operand), kind, typed=typed)
        if kind.width == operand.type.width:
            return self.number(operand, typed=typed)
        wider = kind.width > operand.type.width
        inner = self.tight(operand)
        if isinstance(operand, v.CField) and not operand.type.signed and wider:
            return f"{operand.region}.{operand.name} as {layout_type(kind)}"
        if not wider:
            return f"{inner} as% {layout_type(kind)}"
        if not operand.type.signed:
            return f"{inner} as {layout_type(kind)}"
        sign = operand.type.modulus >> 1
        return f"(({inner} +% {number_text(sign)}) as {layout_type(kind)}) -% {number_text(sign)}"

    def _binary(self, value: v.CBinary) -> str:
        op, kind = value.op, value.type
        left, right = self.tight(value.left), self.tight(value.right)
        constant = value.right.value if isinstance(value.right, v.CConst) else None
        if op == "&" and constant is not None:
            low = constant + 1
            if low & constant == 0 and constant:
                return f"{left} % {number_text(low)}" if low < kind.modulus else left
            cut = kind.modulus - constant
            if cut & (cut - 1) == 0 and constant.bit_count() > 1 and cut > 1:
                return f"align_down({self.alone(value.left)}, {number_text(cut)})"
        rounded = rounded_up(value)
        if rounded is not None:
            inner, most = rounded
            return f"align_down({self.tight(inner)} +% {number_text(most)}, {number_text(most + 1)})"
        if op in ("+", "-", "*", "<<"):
            return f"{left} {op}% {right}"
        if op in ("/", "%", ">>") and kind.signed:
            return self._signed(value)
        if op == "^" and constant == kind.modulus - 1:
            return f"~{left}"
        return f"{left} {op} {right}"

    def _signed(self, value: v.CBinary) -> str:
        kind = value.type
        assert isinstance(value.right, v.CConst)
        by = v.number(value.right.value, value.right.type)
        sign = kind.modulus >> 1
        x = self.tight(value.left)
        if value.op == ">>":
            return f"if {x} >= {number_text(sign)} then ~(~{x} >> {by}) else {x} >> {by}"
        size = number_text(abs(by))
        if value.op == "%":
            # The remainder has the sign of what is divided.
            return f"if {x} >= {number_text(sign)} then 0 -% ((0 -% {x}) % {size}) else {x} % {size}"
        below, above = f"(0 -% {x}) / {size}", f"{x} / {size}"
        negative = [f"0 -% ({below})", above] if by > 0 else [below, f"0 -% ({above})"]
        return f"if {x} >= {number_text(sign)} then {negative[0]} else {negative[1]}"

    def condition(self, value: v.Expr) -> str:
        """Return the text of a value as a condition: that it is not 0."""
        match value:
            case v.CConst(value=number):
                return "true" if number else "false"
            case v.CRead(type=kind, name=name):
                return name if kind == BOOL else f"{name} != 0"
            case v.CVisited(region=region):
                return f"{region}.visited"
            case v.CNot(operand=operand):
                return self._not(operand)
            case v.CLogic(op=op, left=left, right=right):
                word = "and" if op == "&&" else "or"
                return f"{self._joined(left, word)} {word} {self._joined(right, word)}"
            case v.CCompare():
                return self._compare(value, value.op)
            case v.CConvert(type=kind, operand=operand) if kind == BOOL or kind.width >= operand.type.width:
                return self.condition(operand)
            case v.CBinary(op="&", left=left, right=v.CConst() as mask) if kept := named(value, self.enumerations):
                return self._any_of(left, mask, kept)
            case v.CChoose(condition=asked, then=then, otherwise=otherwise):
                ways = self.condition(then), self.condition(otherwise)
                return f"if {self.condition(asked)} then {ways[0]} else {ways[1]}"
            case _:
                return f"{self.tight(value)} != 0"

    def _any_of(self, word: v.Expr, mask: v.CConst, kept: str) -> str:
        """Return the condition that some bit of a mask is set in a word of flags."""
        if mask.value.bit_count() == 1:
            return f"{self._operand(word, kept)} has {self._constant(mask, kept)}"
        bits = [1 << place for place in range(mask.type.width) if mask.value >> place & 1]
        return " or ".join(f"{self._operand(word, kept)} has ({number_text(bit)} as {kept})" for bit in bits) or "false"

    def _native_compare(self, op: str, left: v.Expr, right: v.Expr) -> str | None:
        """Return `==` or `!=` of two values of a type of the record; None where they are not such."""
        kept = named(left, self.enumerations) or named(right, self.enumerations)
        if (
            not kept
            or op not in ("==", "!=")
            or not all(native(each, kept, self.enumerations) for each in (left, right))
        ):
            return None
        if (
            isinstance(left, v.CBinary)
            and left.op == "&"
            and isinstance(left.right, v.CConst)
            and isinstance(right, v.CConst)
        ):
            if right.value == 0:
                some = self._any_of(left.left, left.right, kept)
                return some if op == "!=" else f"not {some}" if " or " not in some else f"not ({some})"
            if right.value == left.right.value:
                every = f"{self._operand(left.left, kept)} has {self._constant(left.right, kept)}"
                return every if op == "==" else f"not {every}"
        return f"{self._operand(left, kept)} {op} {self._operand(right, kept)}"

    def _not(self, operand: v.Expr) -> str:
        while isinstance(operand, v.CConvert) and is_truth(operand.operand):
            operand = operand.operand
        if isinstance(operand, v.CNot):
            return self.condition(operand.operand)
        if isinstance(operand, v.CCompare):
            return self._compare(operand, _RELATIONS[operand.op])
        made = self.condition(operand)
        if isinstance(operand, v.CRead) and operand.type != BOOL:
            return f"{operand.name} == 0"
        if made.endswith(" != 0") and not isinstance(operand, v.CLogic | v.CChoose | v.CConvert):
            return f"{made.removesuffix(' != 0')} == 0"
        return f"not {made if is_atom(made) else f'({made})'}"

    def _joined(self, value: v.Expr, word: str) -> str:
        made = self.condition(value)
        inner = value
        while isinstance(inner, v.CConvert) and inner.type == BOOL:
            inner = inner.operand
        same = isinstance(inner, v.CLogic) and (inner.op == "&&") is (word == "and")
        plain = isinstance(inner, v.CCompare | v.CRead | v.CVisited | v.CNot) or (
            " and " not in made and " or " not in made
        )
        return made if same or (plain and not made.startswith("if ")) else f"({made})"

    def _compare(self, value: v.CCompare, op: str) -> str:
        kind = value.left.type
        left, right = value.left, value.right
        said = self._native_compare(op, left, right)
        if said is not None:
            return said
        truths = [is_truth(each) for each in (left, right)]
        if op in ("==", "!=") and any(truths) and isinstance(right if truths[0] else left, v.CConst):
            # `(x == y) == 0` and its like.
            inner, number = (left, right) if truths[0] else (right, left)
            assert isinstance(number, v.CConst)
            if number.value in (0, 1):
                holds = (number.value == 1) is (op == "==")
                return self.condition(inner) if holds else self._not(inner)
        if not kind.signed or op in ("==", "!="):
            return f"{self.tight(left)} {op} {self.tight(right)}"
        sign = kind.modulus >> 1
        biased = [
            number_text(each.value ^ sign)
            if isinstance(each, v.CConst)
            else f"({self.tight(each)} +% {number_text(sign)})"
            for each in (left, right)
        ]
        return f"{biased[0]} {op} {biased[1]}"
