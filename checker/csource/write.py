"""Steps as the text of the language, with the line of C behind each.

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

from collections.abc import Iterator

from checker.base.diagnostic import Span
from checker.csource import values as v
from checker.csource.steps import (
    AssignStep,
    DeclareStep,
    ExportStep,
    IfStep,
    LeaveStep,
    PassStep,
    PlaceStep,
    RemarkStep,
    SetFieldStep,
    Step,
    steps_within,
)
from checker.csource.types import BOOL, INT, CInt

_RELATIONS = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMBERS = frozenset(["u8", "u16", "u32", "u64", "pa", "va", "bytes", "pages", "bool"])
_WIDTH = 56


class Writer:
    """Writes steps; ``constants`` are the named ones that it met, with their types and values."""

    def __init__(self, map_name: str, taken: frozenset[str]) -> None:
        self.map_name = map_name
        self.taken = taken
        self.constants: dict[str, tuple[str, int]] = {}
        self.lines: list[tuple[str, Span | None]] = []
        self.mutable: frozenset[str] = frozenset()

    # --- steps --------------------------------------------------------------------------------------------------------

    def body(self, steps: tuple[Step, ...], depth: int) -> None:
        """Write steps out."""
        self.mutable |= {each.name for each in steps_within(steps) if isinstance(each, AssignStep)}
        said: str | None = None
        for step in steps:
            pad = "    " * depth
            if isinstance(step, RemarkStep):
                if said != step.span.short:
                    self._line(f"{pad}# {_c(step.span)}", None)
                    self._line(f"{pad}#   {step.text}", None)
                said = step.span.short
            elif isinstance(step, IfStep):
                self._if(step, depth)
            elif isinstance(step, PassStep):
                before = f" with previous {step.prior}" if step.prior else ""
                way = "reversed " if step.backward else ""
                self._line(f"{pad}for {step.region} in {way}{self.map_name}{before} {{", step.span)
                self.body(step.body, depth + 1)
                self._line(f"{pad}}}", None)
            else:
                self._line(pad + self._step(step), step.span)

    def _if(self, step: IfStep, depth: int) -> None:
        pad = "    " * depth
        then, otherwise, condition = step.then, step.otherwise, step.condition
        empty = [not any(not isinstance(each, RemarkStep) for each in way) for way in (then, otherwise)]
        if all(empty):
            self.body((*then, *otherwise), depth)
            return
        if empty[0]:
            self.body(then, depth)
            then, otherwise, condition = otherwise, (), v.negated(condition)
        self._line(f"{pad}if {self.condition(condition)} {{", step.span)
        self.body(then, depth + 1)
        if otherwise and not empty[1]:
            self._line(f"{pad}}} else {{", None)
            self.body(otherwise, depth + 1)
        self._line(f"{pad}}}", None)
        if otherwise and empty[1] and not empty[0]:
            self.body(otherwise, depth)

    def _step(self, step: Step) -> str:
        match step:
            case DeclareStep(name=name, type=kind, value=value):
                word = "var" if name in self.mutable else "let"
                return f"{word} {name}: {layout_type(kind)} = {self.of_type(value, kind)}"
            case AssignStep(name=name, value=value):
                return self._assign(name, value)
            case SetFieldStep(region=region, name=name, kept=kept, value=value):
                return f"{region}.{name} = {self._kept(value, kept)}"
            case PlaceStep(region=region, kept=kept, value=value):
                return f"place {region} at {self._kept(value, kept)}"
            case ExportStep(region=region):
                return f"export {region}"
            case LeaveStep(word=word, region=region):
                return f"{word} {region}".rstrip()
            case _:
                raise AssertionError(step)

    def _assign(self, name: str, value: v.Expr) -> str:
        if isinstance(value, v.CBinary) and value.op in "+-|&" and value.left == v.CRead(value.type, name):
            operator = value.op + ("%" if value.op in "+-" else "")
            simplified = self.number(value)
            if not simplified.startswith("align_down"):
                right = self.number(value.right)
                right = self.number(value.right, typed=True) if right.startswith("if ") else right
                return f"{name} {operator}= {right}"
        return f"{name} = {self.of_type(value, value.type)}"

    def _kept(self, value: v.Expr, kept: str) -> str:
        native = _native(value, kept)
        if native:
            return self._as(value, kept)
        if kept == layout_type(value.type):
            return self.of_type(value, value.type)
        return f"{self._tight(value)} as {kept}"

    def _line(self, text: str, span: Span | None) -> None:
        self.lines.append((text, span))

    def text(self) -> Iterator[str]:
        """Return the lines, each with the C that it is from."""
        last = ""
        for text, span in self.lines:
            if span is None or not text.strip():
                yield text
                continue
            comment = _c(span)
            yield f"{text.ljust(_WIDTH)}  # {comment}" if comment != last else text
            last = comment

    # --- expressions --------------------------------------------------------------------------------------------------

    def of_type(self, value: v.Expr, kind: CInt) -> str:
        """Return a value as it stands where a variable of its type is wanted."""
        return self.condition(value) if kind == BOOL else self.number(value)

    def _tight(self, value: v.Expr) -> str:
        made = self.number(value)
        if made.startswith("if "):
            made = self.number(value, typed=True)
        return made if _is_atom(made) else f"({made})"

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

    def _as(self, value: v.Expr, kept: str) -> str:
        """Return the text of a value in a type of the record, which `_native` says that it has."""
        match value:
            case v.CConst():
                return self._constant(value, kept)
            case v.CField(region=region, name=name):
                return f"{region}.{name}"
            case v.CBinary(op=op, left=left, right=right):
                one, other = self._as(left, kept), self._as(right, kept)
                return " ".join([one if _is_atom(one) else f"({one})", op, other if _is_atom(other) else f"({other})"])
            case v.CConvert(operand=operand):
                return self._as(operand, kept)
            case _:
                raise AssertionError(value)

    def _convert(self, kind: CInt, operand: v.Expr, *, typed: bool) -> str:
        if BOOL in (kind, operand.type) or isinstance(operand, v.CCompare | v.CLogic | v.CNot | v.CVisited):
            return self._zero_or_one(self.condition(operand), kind, typed=typed)
        if kind.width == operand.type.width:
            return self.number(operand, typed=typed)
        wider = kind.width > operand.type.width
        inner = self._tight(operand)
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
        left, right = self._tight(value.left), self._tight(value.right)
        constant = value.right.value if isinstance(value.right, v.CConst) else None
        if op == "&" and constant is not None:
            low = constant + 1
            if low & constant == 0 and constant:
                return f"{left} % {number_text(low)}" if low < kind.modulus else left
            cut = kind.modulus - constant
            if cut & (cut - 1) == 0 and constant.bit_count() > 1 and cut > 1:
                return f"align_down({self.number(value.left)}, {number_text(cut)})"
        rounded = _rounded_up(value)
        if rounded is not None:
            inner, most = rounded
            return f"align_down({self._tight(inner)} +% {number_text(most)}, {number_text(most + 1)})"
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
        x = self._tight(value.left)
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
            case v.CBinary(op="&", left=left, right=v.CConst() as mask) if kept := _named(left):
                return self._any_of(left, mask, kept)
            case v.CChoose(condition=asked, then=then, otherwise=otherwise):
                ways = self.condition(then), self.condition(otherwise)
                return f"if {self.condition(asked)} then {ways[0]} else {ways[1]}"
            case _:
                return f"{self._tight(value)} != 0"

    def _any_of(self, word: v.Expr, mask: v.CConst, kept: str) -> str:
        """Return the condition that some bit of a mask is set in a word of flags."""
        if mask.value.bit_count() == 1:
            return f"{self._as(word, kept)} has {self._constant(mask, kept)}"
        bits = [1 << place for place in range(mask.type.width) if mask.value >> place & 1]
        return " or ".join(f"{self._as(word, kept)} has ({number_text(bit)} as {kept})" for bit in bits) or "false"

    def _native_compare(self, op: str, left: v.Expr, right: v.Expr) -> str | None:
        """Return `==` or `!=` of two values of a type of the record; None where they are not such."""
        kept = _named(left) or _named(right)
        if not kept or op not in ("==", "!=") or not (_native(left, kept) and _native(right, kept)):
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
                every = f"{self._as(left.left, kept)} has {self._constant(left.right, kept)}"
                return every if op == "==" else f"not {every}"
        return f"{self._as(left, kept)} {op} {self._as(right, kept)}"

    def _not(self, operand: v.Expr) -> str:
        while isinstance(operand, v.CConvert) and _truth(operand.operand):
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
        return f"not {made if _is_atom(made) else f'({made})'}"

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
        native = self._native_compare(op, left, right)
        if native is not None:
            return native
        truths = [_truth(each) for each in (left, right)]
        if op in ("==", "!=") and any(truths) and isinstance(right if truths[0] else left, v.CConst):
            # `(x == y) == 0` and its like.
            inner, number = (left, right) if truths[0] else (right, left)
            assert isinstance(number, v.CConst)
            if number.value in (0, 1):
                holds = (number.value == 1) is (op == "==")
                return self.condition(inner) if holds else self._not(inner)
        if not kind.signed or op in ("==", "!="):
            return f"{self._tight(left)} {op} {self._tight(right)}"
        sign = kind.modulus >> 1
        biased = [
            number_text(each.value ^ sign)
            if isinstance(each, v.CConst)
            else f"({self._tight(each)} +% {number_text(sign)})"
            for each in (left, right)
        ]
        return f"{biased[0]} {op} {biased[1]}"


def _rounded_up(value: v.CBinary) -> tuple[v.Expr, int] | None:
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


def _named(value: v.Expr) -> str:
    """Return the type of the record, an enumeration or flags, that a value is of; empty where it is a number."""
    match value:
        case v.CField(kept=kept):
            return kept if kept not in _NUMBERS else ""
        case v.CBinary(op="&" | "|" | "^", left=left, right=right):
            return _named(left) or _named(right)
        case v.CConvert(type=kind, operand=operand) if kind.width == operand.type.width:
            return _named(operand)
        case _:
            return ""


def _native(value: v.Expr, kept: str) -> bool:
    """Tell whether a value can be written in a type of the record without making a number of it."""
    match value:
        case v.CConst():
            return kept not in _NUMBERS
        case v.CField(kept=own):
            return own == kept and kept not in _NUMBERS
        case v.CBinary(op="&" | "|" | "^", left=left, right=right):
            return _native(left, kept) and _native(right, kept)
        case v.CConvert(type=kind, operand=operand) if kind.width == operand.type.width:
            return _native(operand, kept)
        case _:
            return False


def _truth(value: v.Expr) -> bool:
    """Tell whether a value is 0 or 1 because it is that of a condition."""
    if isinstance(value, v.CConvert):
        return value.type == BOOL or _truth(value.operand)
    return value.type == BOOL or isinstance(value, v.CCompare | v.CLogic | v.CNot | v.CVisited)


def _is_atom(text: str) -> bool:
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


def _c(span: Span) -> str:
    """Return a line of C with its place, for a comment."""
    line = " ".join(span.source.line(span.line).split())
    printable = "".join(each if each.isprintable() else " " for each in line)
    return f"{span.source.name.rpartition('/')[2]}:{span.line}: {printable}"
