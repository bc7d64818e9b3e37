"""Steps as the text of the language, with the line of C behind each."""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.diagnostic import Span
from checker.csource import values as v
from checker.csource.steps import (
    AssignStep,
    DeclareStep,
    DropStep,
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
from checker.csource.writing.forms import layout_type, native
from checker.csource.writing.values import ValueWriter

_WIDTH = 56


class Writer(ValueWriter):
    """Writes steps, and keeps the C that each line is from."""

    def __init__(self, map_name: str, taken: frozenset[str], enumerations: frozenset[str] = frozenset()) -> None:
        super().__init__(taken, enumerations)
        self.map_name = map_name
        self.lines: list[tuple[str, Span | None]] = []
        self.mutable: frozenset[str] = frozenset()

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
            case DropStep(region=region):
                return f"drop {region}"
            case LeaveStep(word=word, region=region):
                return f"{word} {region}".rstrip()
            case _:
                raise AssertionError(step)

    def _assign(self, name: str, value: v.Expr) -> str:
        if isinstance(value, v.CBinary) and value.op in "+-|&" and value.left == v.CRead(value.type, name):
            operator = value.op + ("%" if value.op in "+-" else "")
            simplified = self.number(value)
            if not simplified.startswith("align_down"):
                return f"{name} {operator}= {self.alone(value.right)}"
        return f"{name} = {self.of_type(value, value.type)}"

    def _kept(self, value: v.Expr, kept: str) -> str:
        if native(value, kept, self.enumerations):
            return self.in_type(value, kept)
        if kept == layout_type(value.type):
            return self.of_type(value, value.type)
        return f"{self.tight(value)} as {kept}"

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


def _c(span: Span) -> str:
    """Return a line of C with its place, for a comment."""
    line = " ".join(span.source.line(span.line).split())
    printable = "".join(each if each.isprintable() else " " for each in line)
    return f"{span.source.name.rpartition('/')[2]}:{span.line}: {printable}"
