"""The layout of expressions and types, with the comments that stand among them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from checker.language.formatter.document import Doc, Fresh, Group, Line, Nest, Remark, render
from checker.language.syntax import tree as s

_LEVELS = (
    ("=>",),
    ("or",),
    ("and",),
    ("|", "&", "^"),
    ("<<", ">>", "<<%"),
    ("+", "-", "+%", "-%"),
    ("*", "/", "%", "*%"),
)
"""Operators of which a row (``a + b - c``) is broken at each or at none."""


def format_expression(node: s.Expr) -> str:
    """An expression on one line, without its comments: the name of a check."""
    return render(ExpressionFormatter("", ()).expression(node), 1 << 30).removesuffix("\n")


def joined(docs: list[Doc]) -> Doc:
    """Documents with commas between them."""
    parts: list[Doc] = []
    for doc in docs:
        parts += [",", Line(), doc] if parts else [doc]
    return tuple(parts)


class ExpressionFormatter:
    """Lays expressions out; each comment is put before the first thing that it stands before."""

    def __init__(self, text: str, comments: tuple[s.Comment, ...]) -> None:
        self.text = text
        self._comments = deque(comments)

    # --- comments

    def pending(self, end: int) -> bool:
        """Tell whether a comment that begins before ``end`` is still to be printed."""
        return bool(self._comments) and self._comments[0].start < end

    def take(self, end: int) -> Iterator[tuple[s.Comment, Remark]]:
        """The comments that begin before ``end`` and are still to be printed."""
        while self.pending(end):
            comment = self._comments.popleft()
            line_start = self.text.rfind("\n", 0, comment.start) + 1
            own = not self.text[line_start : comment.start].strip()
            yield comment, Remark(comment.text, own)

    def lead(self, start: int) -> Doc:
        """The comments before something inside a line, which they break."""
        return tuple(part for _, remark in self.take(start) for part in (remark, Fresh()))

    # --- expressions

    def type(self, node: s.TypeName) -> Doc:
        """A type as written."""
        return (self.lead(node.span.start), f"window of {node.name}" if node.window else str(node.name))

    def expression(self, node: s.Expr) -> Doc:
        """An expression or formula."""
        lead = self.lead(node.span.start)
        return (lead, self._expression(node)) if lead else self._expression(node)

    def call(self, function: str, arguments: tuple[s.Expr, ...]) -> Doc:
        """``function(arguments)``."""
        if not arguments:
            return f"{function}()"
        return self._enclosed(f"{function}(", joined([self.expression(a) for a in arguments]), ")")

    def _enclosed(self, opening: str, body: Doc, closing: str) -> Doc:
        return Group((opening, Nest((Line(""), body)), Line(""), closing))

    def _expression(self, node: s.Expr) -> Doc:
        match node:
            case s.Integer(digits=digits):
                return digits
            case s.Truth(value=value):
                return "true" if value else "false"
            case s.Name(name=name):
                return str(name)
            case s.Attribute():
                return (self.expression(node.operand), ".", node.name)
            case s.Call():
                return self.call(node.function, node.arguments)
            case s.Unary():
                return ("not " if node.operator == "not" else node.operator, self.expression(node.operand))
            case s.Binary():
                return self._row(node)
            case s.MemberOf():
                operand = self.expression(node.operand)
                members = joined([self.expression(member) for member in node.members])
                return (operand, " in ", self._enclosed("{", members, "}"))
            case s.Cast():
                return (self.expression(node.operand), " as% " if node.wraps else " as ", self.type(node.target))
            case s.Choice():
                condition = ("if ", self.expression(node.condition), Line())
                then = ("then ", self.expression(node.then), Line())
                return Group(Nest((condition, then, "else ", self.expression(node.otherwise))))
            case s.Parenthesis():
                return self._enclosed("(", self.expression(node.inner), ")")
            case s.Each():
                return self._each(node)
            case s.Total():
                return self._total(node)
            case _:
                raise AssertionError(node)

    def _row(self, node: s.Binary) -> Doc:
        """A row of operators of one level, such as a conjunction, broken before each operator or not at all."""
        level = next((level for level in _LEVELS if node.operator in level), ())
        operations: list[s.Binary] = [node]
        while isinstance(first := operations[-1].left, s.Binary) and first.operator in level:
            operations.append(first)
        parts: list[Doc] = [self.expression(operations[-1].left)]
        for operation in reversed(operations):
            lead = self.lead(operation.right.span.start)
            parts += [lead, Line(), f"{operation.operator} ", self.expression(operation.right)]
        return Group(tuple(parts))

    def _each(self, node: s.Each) -> Doc:
        across = node.pairing is s.Pairing.ACROSS
        pairing = () if node.pairing is None else _PAIRING[node.pairing].format(node.second)
        word = "," if across else " with"
        same: Doc = () if node.others is None else (f"{word} {node.second} in ", self._sequence(node.others))
        head: Doc = (f"each {node.first}", pairing, " in ", self._sequence(node.sequence), same)
        for each in node.indices:
            lead = self.lead(each.name.span.start)
            head = (head, ", ", lead, f"{each.name}: ", self.type(each.type), " below ", self.expression(each.bound))
        if node.where is not None:
            head = Group((head, Nest((Line(), "where ", self.expression(node.where)))))
        body = (":", Nest((Line(), self.expression(node.body))))
        if node.message is None:
            return Group((head, body))
        remarks = self.lead(node.span.end - len(node.message) - 2)
        return Group((head, body, Nest((remarks, Line(), f'else "{node.message}"'))))

    def _sequence(self, node: s.Sequence) -> Doc:
        lead = self.lead(node.span.start)
        if node.variable is None or node.where is None:
            return (lead, node.name)
        return (lead, self._enclosed("[", (f"{node.variable} in {node.name} where ", self.expression(node.where)), "]"))

    def _total(self, node: s.Total) -> Doc:
        amount: Doc = () if node.amount is None else (self.expression(node.amount), Line(), "for ")
        where = () if node.where is None else (Line(), "where ", self.expression(node.where))
        opening = "count(" if node.amount is None else "total("
        return self._enclosed(opening, (amount, f"{node.variable} in {node.sequence}", where), ")")


_PAIRING = {s.Pairing.ANY: ", {}", s.Pairing.BEFORE: " before {}", s.Pairing.NEXT: " next {}", s.Pairing.ACROSS: ""}
