"""The canonical layout of a file: what `mapproof fmt` prints.

Comments keep their order and their kind: one that stands alone on its line still does, and one behind something stays
behind it. A block with one statement that was written on one line stays on one line; all others are opened up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from checker.base.diagnostic import Diagnostic, Span
from checker.language.elaborate.modules import syntax_only
from checker.language.formatter.document import Doc, Fresh, Group, Line, Nest, Remark, render
from checker.language.formatter.expressions import ExpressionFormatter, joined
from checker.language.limits import STANDARD, Limits, beyond
from checker.language.syntax import tree as s

WIDTH = 120
"""Lines are broken to stay within this many columns, where they can be broken."""

_ADJACENT = (s.Constant, s.ListType, s.Window)
"""Items of one line; two of them may follow each other without an empty line."""

N = TypeVar("N", bound=s.Node)


def format_text(name: str, data: bytes, limits: Limits = STANDARD) -> str | Diagnostic:
    """The bytes of the file ``name`` in canonical layout, or the first error in them; one that would be too large to be
    read again is an error, too."""
    tree = syntax_only(name, data, limits)
    if isinstance(tree, Diagnostic):
        return tree
    text = format_module(tree)
    if len(text.encode()) > limits.layout_bytes:
        return beyond(limits, "layout_bytes", Span(tree.span.source, 0, 0)).diagnostic
    return text


def format_module(tree: s.Module) -> str:
    """The canonical layout of a parsed file."""
    return render(_Formatter(tree).module(tree), WIDTH)


class _Formatter(ExpressionFormatter):
    """One method for each kind of item, statement and clause; units are what begins a line."""

    def __init__(self, tree: s.Module) -> None:
        super().__init__(tree.span.source.text, tree.comments)
        self._last = 0

    # --- lines

    def module(self, tree: s.Module) -> Doc:
        """The whole file."""
        docs: list[Doc] = []
        if tree.uses:
            docs += self._unit(tree.uses[0].span.start, tree.uses[-1].span.end, lambda: self._uses(tree.uses), True)
        previous: s.Item | None = None
        for item in tree.items:
            first = not docs
            separate = not (isinstance(previous, _ADJACENT) and isinstance(item, _ADJACENT))
            docs += self._unit(item.span.start, item.span.end, partial(self._item, item), first, separate)
            previous = item
        docs += self._remarks(len(self.text) + 1, not docs)
        return tuple(docs)

    def _unit(
        self, start: int, end: int, make: Callable[[], Doc], first: bool, separate: bool = False
    ) -> Iterable[Doc]:
        """The comments before something that begins a line, an empty line where there is one, and the thing itself."""
        before = self._last
        docs = [*self._remarks(start, first, separate)]
        alone = self._last == before
        docs.append(Fresh(not (first and alone) and ((separate and alone) or self._gap(start))))
        self._last = start
        docs.append(make())
        self._last = end
        return docs

    def _remarks(self, end: int, first: bool, separate: bool = False) -> Iterable[Doc]:
        """The comments that begin before ``end``."""
        behind = False
        for comment, remark in self.take(end):
            if behind and not remark.own:
                remark = Remark(remark.text, own=True)  # noqa: PLW2901 - one comment behind a line is all it can have
            behind = True
            if remark.own:
                yield Fresh(not first and (separate or self._gap(comment.start)))
                separate = False
                self._last = comment.start + len(comment.text)
                first = False
            yield remark

    def _gap(self, end: int) -> bool:
        """Tell whether an empty line stands between the last thing printed and ``end``."""
        return re.search(r"\n[ \t\r]*\n", self.text[self._last : end]) is not None

    def _lines(self, nodes: Sequence[N], make: Callable[[N], Doc], close: int) -> Doc:
        """``{``, a line for each node, and the ``}`` that stands at ``close``."""
        docs: list[Doc] = []
        for node in nodes:
            docs += self._unit(node.span.start, node.span.end, partial(make, node), not docs)
        docs += self._remarks(close, not docs)
        self._last = close
        return (" {", Nest(tuple(docs)), Fresh(), "}") if docs else " {}"

    def _skip(self, position: int) -> int:
        """The next character that is neither white space nor in a comment."""
        found = re.compile(r"(?:\s|#[^\n]*)*").match(self.text, position)
        assert found is not None  # it matches the empty string
        return found.end()

    def _close(self, nodes: Sequence[s.Node], before: int) -> int:
        """Find the end of the block that holds ``nodes`` and whose header ends at ``before``."""
        return self._skip(nodes[-1].span.end if nodes else self._skip(before) + 1)

    # --- items

    def _uses(self, uses: tuple[s.Use, ...]) -> Doc:
        return Group(("use ", Nest(joined([(self.lead(use.span.start), str(use.name)) for use in uses]))))

    def _item(self, node: s.Item) -> Doc:
        head: Doc
        match node:
            case s.Constant():
                head = ("const ", node.name, ": ", self.type(node.type), " =")
                return Group((head, Nest((Line(), self.expression(node.value)))))
            case s.Enumeration():
                head = ("flags " if node.flags else "enum ", node.name, ": ", self.type(node.type))
                return (head, self._lines(node.members, lambda m: f"{m.name} = {m.digits}", node.span.end - 1))
            case s.Record():
                extended = () if node.base is None else f" extends {node.base}"
                return ("record ", node.name, extended, self._lines(node.members, self._member, node.span.end - 1))
            case s.ListType():
                return f"{'layout' if node.layout else 'list'} {node.name} of {node.element}"
            case s.Window():
                head = ("window ", node.name, ": ", self.type(node.type), " =")
                start = self.expression(node.start)
                return Group((head, Nest((Line(), start, Line(), ".. ", self.expression(node.end)))))
            case s.Function():
                head = ("def ", node.name, self._parameters(node.parameters), ": ", self.type(node.result), " =")
                return Group((head, Nest((Line(), self.expression(node.value)))))
            case s.Rule():
                kind = "property " if node.property else "assumption "
                head = (kind, node.name, self._parameters(node.parameters), self._origin(node.origin), " =")
                return (head, Nest((Fresh(), self.expression(node.formula))))
            case s.Algorithm():
                head = ("algorithm ", node.name, self._parameters(node.parameters), self._origin(node.origin))
                apart = _below(node.origin or next(iter(node.targets), None))
                return (head, self._targets(node.targets), apart, self._block(node.body, node.span.end - 1))
            case s.Handover():
                return self._handover(node)
            case s.Scenario():
                head = ("scenario ", node.name, self._origin(node.origin), _below(node.origin))
                return (head, self._lines(node.clauses, self._clause, node.span.end - 1))
            case _:
                raise AssertionError(node)

    def _handover(self, node: s.Handover) -> Doc:
        head = ("handover ", node.name, self._parameters((node.parameter,)), self._origin(node.origin))
        last = node.travel or node.where or node.variable
        chosen = s.Name(node.variable, span=node.variable.span.to(last.span))

        def line(unit: s.Node) -> Doc:
            return self._member(unit) if isinstance(unit, s.RecordField) else self._passed(node)

        return (head, _below(node.origin), self._lines((chosen, *node.fields), line, node.span.end - 1))

    def _passed(self, node: s.Handover) -> Doc:
        where = () if node.where is None else (" where ", Nest(self.expression(node.where)))
        if node.travel is None:
            return ("pass ", node.variable, where)
        return ("pass ", node.variable, where, self.lead(node.travel.span.start), Fresh(), f"arriving {node.travel}")

    def _member(self, node: s.RecordField | s.Mark | s.Derived) -> Doc:
        if isinstance(node, s.Mark):
            return f"mark {node.name}"
        if isinstance(node, s.Derived):
            head = ("derive ", node.name, ": ", self.type(node.type), " =")
            return Group((head, Nest((Line(), self.expression(node.value)))))
        field: Doc = ("placed at " if node.placement else "", node.name, ": ", self.type(node.type))
        if node.prefer is None:
            return field
        return Group((field, Nest((Line(), "prefer ", self.expression(node.prefer)))))

    def _parameters(self, nodes: tuple[s.Parameter, ...]) -> Doc:
        docs = []
        for node in nodes:
            doc: Doc = (self.lead(node.span.start), node.name, ": ", self.type(node.type))
            docs.append((doc, " = ", self.expression(node.default)) if node.default is not None else doc)
        return Group(("(", Nest((Line(""), joined(docs))), Line(""), ")")) if docs else "()"

    def _origin(self, origin: str | None) -> Doc:
        return () if origin is None else Nest((Fresh(), f'from "{origin}"'))

    def _targets(self, targets: tuple[s.Ident, ...]) -> Doc:
        if not targets:
            return ()
        first, *others = targets
        return Nest((Fresh(), f'for "{first}"', *((",", Nest((Fresh(), f'"{each}"'))) for each in others)))

    # --- statements

    def _block(self, nodes: tuple[s.Statement, ...], close: int) -> Doc:
        return self._lines(nodes, self._statement, close)

    def _statement(self, node: s.Statement) -> Doc:
        head: Doc
        match node:
            case s.Let():
                kind: Doc = () if node.type is None else (": ", self.type(node.type))
                head = ("var " if node.mutable else "let ", node.name, kind, " =")
                return Group((head, Nest((Line(), self.expression(node.value)))))
            case s.Choose():
                head = ("choose ", node.name, ": ", self.type(node.type))
                if node.low is None or node.high is None:
                    return head
                bounds: Doc = (Line(), self.expression(node.low), Line(), ".. ", self.expression(node.high))
                step = () if node.alignment is None else (Line(), "aligned ", self.expression(node.alignment))
                apart = () if node.apart is None else (Line(), "apart by ", self.expression(node.apart.size))
                return Group((head, " in", Nest((bounds, step, apart))))
            case s.Assign():
                target = node.target if node.field is None else f"{node.target}.{node.field}"
                return Group((target, f" {node.operator}", Nest((Line(), self.expression(node.value)))))
            case s.Place():
                place = node.region if node.field is None else f"{node.region}.{node.field}"
                return Group(("place ", place, " at", Nest((Line(), self.expression(node.address)))))
            case s.Split():
                return Group(("split ", node.region, " at", Nest((Line(), self._all(node.cuts)))))
            case s.Act():
                return f"{node.act} {node.region}" if node.field is None else f"{node.act} {node.region}.{node.field}"
            case s.Leave():
                return str(node.exit)
            case s.Keep():
                return f"keep {node.previous}"
            case s.Invariant():
                return Group(("invariant ", Nest(self._all(node.formulas))))
            case s.If():
                return self._if(node)
            case s.While():
                most: Doc = (Nest(self.expression(node.condition)), " up to ", Nest(self.expression(node.most)))
                return ("while ", most, self._block(node.body, node.span.end - 1))
            case s.For():
                direction = "reversed " if node.reversed else ""
                before = "" if node.previous is None else f" with previous {node.previous}"
                key = "" if node.key is None else f" by {node.key[0]}.{node.key[1]}"
                head = f"for {node.variable} in {direction}{node.sequence}{key}{before}"
                where = () if node.where is None else (" where ", Nest(self.expression(node.where)))
                return (head, where, self._block(node.body, node.span.end - 1))
            case _:
                raise AssertionError(node)

    def _if(self, node: s.If) -> Doc:
        condition: Doc = ("if ", Nest(self.expression(node.condition)))
        if self._is_short(node):
            return Group((condition, " {", Nest((Line(), self._statement(node.then[0]))), Line(), "}"))
        close = self._close(node.then, node.condition.span.end)
        then = self._block(node.then, close)
        if not node.otherwise:
            return (condition, then)
        after = self._skip(close + 1) + len("else")
        nested = node.otherwise[0]
        if isinstance(nested, s.If) and len(node.otherwise) == 1 and not self.pending(nested.span.start):
            return (condition, then, " else ", self._if(nested))
        opened = self._skip(after)
        end = self._close(node.otherwise, after) if self.text[opened] == "{" else node.otherwise[-1].span.end
        return (condition, then, " else", self._block(node.otherwise, end))

    def _is_short(self, node: s.If) -> bool:
        """Tell whether this is one simple statement under a condition, written on one line."""
        simple = len(node.then) == 1 and not isinstance(node.then[0], s.If | s.For | s.While) and not node.otherwise
        return simple and "\n" not in node.span.text and not self.pending(node.span.end)

    # --- scenarios

    def _clause(self, node: s.Clause) -> Doc:
        head: Doc
        match node:
            case s.Given():
                head = ("given ", node.name, ": ", self.type(node.type))
                if node.like is not None:
                    like = f" like {node.like.map} except {node.like.variable}: "
                    head = (head, like, Nest(self.expression(node.like.where)))
                if not node.assumptions:
                    return head
                return Group((head, " where ", Nest(self._all(node.assumptions))))
            case s.Run():
                repeat = "repeat " if node.repeated else ""
                return ("let ", node.name, " = ", repeat, self.call(node.algorithm, node.arguments))
            case s.Check():
                verdict = () if node.expected is None else (Line(), "expect ", node.expected)
                return Group(("check ", Nest((self._all(node.formulas), verdict))))
            case s.Assuming():
                head = Group(("assuming ", Nest(self._all(node.assumptions))))
                return (head, self._lines(node.clauses, self._clause, node.span.end - 1))
            case _:
                raise AssertionError(node)

    def _all(self, formulas: tuple[s.Expr, ...]) -> Doc:
        return joined([self.expression(formula) for formula in formulas])


def _below(origin: str | None) -> Doc:
    """An origin stands on a line of its own; the block then begins on the next."""
    return () if origin is None else Fresh()
