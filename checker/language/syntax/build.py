"""Turns the parser's reductions into the syntax tree; one method per rule of grammar.lark."""

from __future__ import annotations

from typing import Any, TypeVar

from lark import Token, v_args
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from checker.base.diagnostic import Source, Span
from checker.language.syntax import tree as s

N = TypeVar("N", bound=s.Node)
Children = list[Any]


def _only(children: Children, kind: type[N]) -> tuple[N, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _pick(children: Children, kind: type[N]) -> N | None:
    return next(iter(_only(children, kind)), None)


@v_args(meta=True)
class TreeBuilder(Transformer_NonRecursive[Token, s.Node]):
    """Builds nodes as rules are reduced, so that no recursion is needed however deep the text nests."""

    def __init__(self, source: Source) -> None:
        super().__init__(visit_tokens=False)
        self.source = source

    def _span(self, meta: Meta) -> Span:
        if meta.empty:
            return Span(self.source, 0, 0)
        return Span(self.source, meta.start_pos, meta.end_pos)

    def _ident(self, token: Token) -> s.Ident:
        assert token.start_pos is not None  # the lexer sets both
        assert token.end_pos is not None
        return s.Ident(str(token), Span(self.source, token.start_pos, token.end_pos))

    def _string(self, token: Token) -> str:
        return str(token)[1:-1]

    # file and items

    def module(self, meta: Meta, c: Children) -> s.Module:
        uses = tuple(use for group in c if isinstance(group, list) for use in group)
        return s.Module(uses, _only(c, s.Item), span=Span(self.source, 0, len(self.source.text)))

    def use(self, meta: Meta, c: Children) -> list[s.Use]:
        names = [self._ident(token) for token in c]
        return [s.Use(name, span=name.span) for name in names]

    def constant(self, meta: Meta, c: Children) -> s.Constant:
        return s.Constant(self._ident(c[0]), c[1], c[2], span=self._span(meta))

    def member(self, meta: Meta, c: Children) -> s.Member:
        return s.Member(self._ident(c[0]), str(c[1]), span=self._span(meta))

    def enumeration(self, meta: Meta, c: Children) -> s.Enumeration:
        return s.Enumeration(self._ident(c[0]), c[1], tuple(c[2:]), flags=False, span=self._span(meta))

    def flagset(self, meta: Meta, c: Children) -> s.Enumeration:
        return s.Enumeration(self._ident(c[0]), c[1], tuple(c[2:]), flags=True, span=self._span(meta))

    def field(self, meta: Meta, c: Children) -> s.RecordField:
        prefer = c[2] if len(c) == 3 else None
        return s.RecordField(self._ident(c[0]), c[1], placement=False, prefer=prefer, span=self._span(meta))

    def placement_field(self, meta: Meta, c: Children) -> s.RecordField:
        return s.RecordField(self._ident(c[0]), c[1], placement=True, prefer=None, span=self._span(meta))

    def mark(self, meta: Meta, c: Children) -> s.Mark:
        return s.Mark(self._ident(c[0]), span=self._span(meta))

    def derived(self, meta: Meta, c: Children) -> s.Derived:
        return s.Derived(self._ident(c[0]), c[1], c[2], span=self._span(meta))

    def record(self, meta: Meta, c: Children) -> s.Record:
        base = next((child for child in c[1:2] if isinstance(child, s.Ident)), None)
        members = tuple(child for child in c[1:] if child is not base)
        return s.Record(self._ident(c[0]), base, members, span=self._span(meta))

    def extended(self, meta: Meta, c: Children) -> s.Ident:
        return self._ident(c[0])

    def list_type(self, meta: Meta, c: Children) -> s.ListType:
        return s.ListType(self._ident(c[0]), self._ident(c[1]), layout=False, span=self._span(meta))

    def layout_type(self, meta: Meta, c: Children) -> s.ListType:
        return s.ListType(self._ident(c[0]), self._ident(c[1]), layout=True, span=self._span(meta))

    def window(self, meta: Meta, c: Children) -> s.Window:
        return s.Window(self._ident(c[0]), c[1], c[2], c[3], span=self._span(meta))

    def function(self, meta: Meta, c: Children) -> s.Function:
        return s.Function(self._ident(c[0]), c[1], c[2], c[3], span=self._span(meta))

    def rule(self, meta: Meta, c: Children) -> s.Rule:
        origin = c[3] if len(c) == 5 else None
        return s.Rule(self._ident(c[1]), str(c[0]) == "property", c[2], origin, c[-1], span=self._span(meta))

    def origin(self, meta: Meta, c: Children) -> str:
        return self._string(c[0])

    def parameters(self, meta: Meta, c: Children) -> tuple[s.Parameter, ...]:
        return tuple(c)

    def parameter(self, meta: Meta, c: Children) -> s.Parameter:
        return s.Parameter(self._ident(c[0]), c[1], c[2] if len(c) > 2 else None, span=self._span(meta))

    def named_type(self, meta: Meta, c: Children) -> s.TypeName:
        return s.TypeName(self._ident(c[0]), span=self._span(meta))

    def window_type(self, meta: Meta, c: Children) -> s.TypeName:
        return s.TypeName(self._ident(c[0]), window=True, span=self._span(meta))

    # algorithms

    def algorithm(self, meta: Meta, c: Children) -> s.Algorithm:
        origin = next((each for each in c[2:-1] if isinstance(each, str)), None)
        targets = next((each for each in c[2:-1] if isinstance(each, tuple)), ())
        return s.Algorithm(self._ident(c[0]), c[1], origin, targets, c[-1], span=self._span(meta))

    def targets(self, meta: Meta, c: Children) -> tuple[s.Ident, ...]:
        return tuple(s.Ident(self._string(each), self._ident(each).span) for each in c)

    def block(self, meta: Meta, c: Children) -> tuple[s.Statement, ...]:
        return tuple(c)

    def let(self, meta: Meta, c: Children) -> s.Let:
        return s.Let(self._ident(c[0]), c[1] if len(c) == 3 else None, c[-1], mutable=False, span=self._span(meta))

    def var(self, meta: Meta, c: Children) -> s.Let:
        return s.Let(self._ident(c[0]), c[1], c[2], mutable=True, span=self._span(meta))

    def choose(self, meta: Meta, c: Children) -> s.Choose:
        apart = c[-1] if isinstance(c[-1], s.Apart) else None
        low, high, alignment = (*c[2 : len(c) - (apart is not None)], None, None, None)[:3]
        return s.Choose(self._ident(c[0]), c[1], low, high, alignment, apart, span=self._span(meta))

    def apart(self, meta: Meta, c: Children) -> s.Apart:
        return s.Apart(c[0], span=self._span(meta))

    def assign(self, meta: Meta, c: Children) -> s.Assign:
        return s.Assign(self._ident(c[0]), None, str(c[1]), c[2], span=self._span(meta))

    def assign_field(self, meta: Meta, c: Children) -> s.Assign:
        return s.Assign(self._ident(c[0]), self._ident(c[1]), str(c[2]), c[3], span=self._span(meta))

    def place(self, meta: Meta, c: Children) -> s.Place:
        field = self._ident(c[1]) if len(c) > 2 else None
        return s.Place(self._ident(c[0]), field, c[-1], span=self._span(meta))

    def split(self, meta: Meta, c: Children) -> s.Split:
        return s.Split(self._ident(c[0]), tuple(c[1:]), span=self._span(meta))

    def act(self, meta: Meta, c: Children) -> s.Act:
        return s.Act(s.RegionAct(str(c[0])), self._ident(c[1]), span=self._span(meta))

    def unplace(self, meta: Meta, c: Children) -> s.Act:
        field = self._ident(c[1]) if len(c) > 1 else None
        return s.Act(s.RegionAct.UNPLACE, self._ident(c[0]), field, span=self._span(meta))

    def continue_(self, meta: Meta, c: Children) -> s.Leave:
        return s.Leave(s.Exit.CONTINUE, span=self._span(meta))

    def break_(self, meta: Meta, c: Children) -> s.Leave:
        return s.Leave(s.Exit.BREAK, span=self._span(meta))

    def conditional(self, meta: Meta, c: Children) -> s.If:
        otherwise = c[2] if len(c) > 2 else ()
        if isinstance(otherwise, s.If):
            otherwise = (otherwise,)
        return s.If(c[0], c[1], otherwise, span=self._span(meta))

    def while_(self, meta: Meta, c: Children) -> s.While:
        return s.While(c[0], c[1], c[2], span=self._span(meta))

    def invariant(self, meta: Meta, c: Children) -> s.Invariant:
        return s.Invariant(tuple(c), span=self._span(meta))

    def loop(self, meta: Meta, c: Children) -> s.For:
        names = [self._ident(child) for child in c if isinstance(child, Token)]
        previous = next((child[0] for child in c if isinstance(child, list) and len(child) == 1), None)
        key = next(((child[0], child[1]) for child in c if isinstance(child, list) and len(child) > 1), None)
        backward = "reversed" in names[1:-1]
        return s.For(names[0], backward, names[-1], key, previous, _pick(c, s.Expr), c[-1], span=self._span(meta))

    def key(self, meta: Meta, c: Children) -> list[s.Ident]:
        return [self._ident(each) for each in c]

    def previous(self, meta: Meta, c: Children) -> list[s.Ident]:
        return [self._ident(c[0])]

    def keep(self, meta: Meta, c: Children) -> s.Keep:
        return s.Keep(self._ident(c[0]), span=self._span(meta))

    def handover(self, meta: Meta, c: Children) -> s.Handover:
        variable = next(i for i, child in enumerate(c) if i > 1 and isinstance(child, Token))
        origin = c[2] if variable == 3 else None
        fields, travel = _only(c, s.RecordField), next((x[0] for x in c if isinstance(x, list)), None)
        return s.Handover(
            self._ident(c[0]),
            c[1],
            origin,
            self._ident(c[variable]),
            _pick(c[variable:], s.Expr),
            travel,
            fields,
            span=self._span(meta),
        )

    def travel(self, meta: Meta, c: Children) -> list[s.Ident]:
        return [self._ident(c[0])]

    # scenarios

    def scenario(self, meta: Meta, c: Children) -> s.Scenario:
        origin = c[1] if len(c) > 1 and isinstance(c[1], str) and not isinstance(c[1], Token) else None
        return s.Scenario(self._ident(c[0]), origin, _only(c, s.Clause), span=self._span(meta))

    def given(self, meta: Meta, c: Children) -> s.Given:
        like = _pick(c, s.Likeness)
        return s.Given(self._ident(c[0]), c[1], like, _only(c[2:], s.Expr), span=self._span(meta))

    def likeness(self, meta: Meta, c: Children) -> s.Likeness:
        return s.Likeness(self._ident(c[0]), self._ident(c[1]), c[2], span=self._span(meta))

    def run(self, meta: Meta, c: Children) -> s.Run:
        repeated = c[1].type == "REPEAT"
        return s.Run(self._ident(c[0]), repeated, self._ident(c[-2]), c[-1], span=self._span(meta))

    def check(self, meta: Meta, c: Children) -> s.Check:
        expected = next((x for x in c if isinstance(x, s.Ident)), None)
        return s.Check(_only(c, s.Expr), expected, span=self._span(meta))

    def expectation(self, meta: Meta, c: Children) -> s.Ident:
        return self._ident(c[0])

    def assuming(self, meta: Meta, c: Children) -> s.Assuming:
        return s.Assuming(_only(c, s.Expr), _only(c, s.Clause), span=self._span(meta))

    def arguments(self, meta: Meta, c: Children) -> tuple[s.Expr, ...]:
        return tuple(c)

    # formulas

    def quantified(self, meta: Meta, c: Children) -> s.Each:
        pairing, second = next((p for p in c if isinstance(p, tuple)), (None, None))
        other, others, across = next((p for p in c if isinstance(p, list)), (None, None, None))
        expressions = _only(c, s.Expr)
        where, body = expressions if len(expressions) == 2 else (None, expressions[0])
        message = self._string(c[-1]) if isinstance(c[-1], Token) else None
        sequence = _pick(c, s.Sequence)
        assert sequence is not None  # the grammar requires one
        indices = _only(c, s.Index)
        first, span = self._ident(c[0]), self._span(meta)
        relation, partner = across or pairing, second or other
        return s.Each(first, relation, partner, sequence, others, indices, where, body, message, span=span)

    def index(self, meta: Meta, c: Children) -> s.Index:
        return s.Index(self._ident(c[0]), c[1], c[2], span=self._span(meta))

    def counterpart(self, meta: Meta, c: Children) -> list[Any]:
        return [self._ident(c[0]), c[1], None]

    def across(self, meta: Meta, c: Children) -> list[Any]:
        return [self._ident(c[0]), c[1], s.Pairing.ACROSS]

    def any_pair(self, meta: Meta, c: Children) -> tuple[s.Pairing, s.Ident]:
        return (s.Pairing.ANY, self._ident(c[0]))

    def before_pair(self, meta: Meta, c: Children) -> tuple[s.Pairing, s.Ident]:
        return (s.Pairing.BEFORE, self._ident(c[0]))

    def next_pair(self, meta: Meta, c: Children) -> tuple[s.Pairing, s.Ident]:
        return (s.Pairing.NEXT, self._ident(c[0]))

    def whole(self, meta: Meta, c: Children) -> s.Sequence:
        return s.Sequence(self._ident(c[0]), span=self._span(meta))

    def filtered(self, meta: Meta, c: Children) -> s.Sequence:
        return s.Sequence(self._ident(c[1]), self._ident(c[0]), c[2], span=self._span(meta))

    # expressions

    def _binary(self, operator: str, meta: Meta, left: s.Expr, right: s.Expr) -> s.Binary:
        return s.Binary(operator, left, right, span=self._span(meta))

    def implies(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary("=>", meta, c[0], c[1])

    def or_(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary("or", meta, c[0], c[1])

    def and_(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary("and", meta, c[0], c[1])

    def has(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary("has", meta, c[0], c[1])

    def aligned(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary("aligned", meta, c[0], c[1])

    def binary(self, meta: Meta, c: Children) -> s.Binary:
        return self._binary(str(c[1]), meta, c[0], c[2])

    compare = binary

    def not_(self, meta: Meta, c: Children) -> s.Unary:
        return s.Unary("not", c[0], span=self._span(meta))

    def complement(self, meta: Meta, c: Children) -> s.Unary:
        return s.Unary("~", c[0], span=self._span(meta))

    def member_of(self, meta: Meta, c: Children) -> s.MemberOf:
        return s.MemberOf(c[0], tuple(c[1:]), span=self._span(meta))

    def cast(self, meta: Meta, c: Children) -> s.Cast:
        return s.Cast(c[0], c[2], str(c[1]).endswith("%"), span=self._span(meta))

    def integer(self, meta: Meta, c: Children) -> s.Integer:
        return s.Integer(str(c[0]), span=self._span(meta))

    def true(self, meta: Meta, c: Children) -> s.Truth:
        return s.Truth(True, span=self._span(meta))

    def false(self, meta: Meta, c: Children) -> s.Truth:
        return s.Truth(False, span=self._span(meta))

    def name(self, meta: Meta, c: Children) -> s.Name:
        return s.Name(self._ident(c[0]), span=self._span(meta))

    def attribute(self, meta: Meta, c: Children) -> s.Attribute:
        return s.Attribute(c[0], self._ident(c[1]), span=self._span(meta))

    def call(self, meta: Meta, c: Children) -> s.Call:
        return s.Call(self._ident(c[0]), c[1], span=self._span(meta))

    def total(self, meta: Meta, c: Children) -> s.Total:
        where = c[3] if len(c) > 3 else None
        return s.Total(c[0], self._ident(c[1]), self._ident(c[2]), where, span=self._span(meta))

    def count(self, meta: Meta, c: Children) -> s.Total:
        where = c[2] if len(c) > 2 else None
        return s.Total(None, self._ident(c[0]), self._ident(c[1]), where, span=self._span(meta))

    def choice(self, meta: Meta, c: Children) -> s.Choice:
        return s.Choice(c[0], c[1], c[2], span=self._span(meta))

    def parenthesis(self, meta: Meta, c: Children) -> s.Parenthesis:
        return s.Parenthesis(c[0], span=self._span(meta))
