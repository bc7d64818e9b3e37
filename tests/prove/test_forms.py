"""All that type-checks has a form: every operator between every two kinds of operands, where an algorithm computes and
where a formula does, and every way to split regions. Nothing may end `unknown` for how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product, zip_longest

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import NOWHERE, Diagnostic, Rejected, Source
from checker.language import load_text
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.scope import Scope, TypeBinding, ValueBinding
from checker.language.elaborate.spending import Spending
from checker.language.limits import Limits
from checker.language.syntax import tree as s
from checker.language.syntax.parse import parse_expression
from checker.program import fold
from checker.program import types as t
from checker.prove import Limits as Effort
from checker.prove import Verdict, decide, groups
from checker.verify import replay
from tests.helpers.loading import load_source, verdicts
from tests.helpers.places import SPEC

KIND = t.Enumeration("Kind", 32, (("RAM", 1), ("CODE", 5)))
WORD = t.Flags("Word", 64, (("X", 1), ("TOP", 1 << 63)))
LOW = t.Flags("Low", 32, (("L", 1), ("M", 0x4000)))
TYPES: tuple[t.Type, ...] = (t.U8, t.U32, t.U64, t.BYTES, t.PAGES, t.PA, t.VA, t.BOOL, KIND, WORD, LOW)
VARIABLES = {f"a_{kind.name}": kind for kind in TYPES}
CONSTANTS = ("7", "4K", "3 as pages", "4K as pa", "4K as va", "9 as u8", "true", "Kind.CODE", "Word.TOP", "Low.M")
OPERATORS = (
    *("+", "-", "*", "/", "%", "+%", "-%", "*%", "<<", "<<%", ">>", "&", "|", "^"),
    *("==", "!=", "<", ">=", "and", "or", "=>", "has", "aligned"),
)
FUNCTIONS = ("min", "max", "align_down", "align_up")


def _parsed(text: str) -> s.Expr:
    return parse_expression(Source("probe", text), Limits())


def _written() -> Iterator[s.Expr]:
    """Every operator, function and conversion, between operands of every kind."""
    operands = [s.Parenthesis(_parsed(each), span=NOWHERE) for each in (*VARIABLES, *CONSTANTS)]
    for left, right in product(operands, repeat=2):
        yield from (s.Binary(each, left, right, span=NOWHERE) for each in OPERATORS)
        yield from (s.Call(s.Ident(each, NOWHERE), (left, right), span=NOWHERE) for each in FUNCTIONS)
        yield s.MemberOf(left, (right, right), span=NOWHERE)
        yield s.Choice(_parsed("a_bool"), left, right, span=NOWHERE)
    for name, kind, sign in product(VARIABLES, TYPES, ("as", "as%")):
        yield _parsed(f"{name} {sign} {kind.name}")
        # What was narrowed is met by each of the operators on bits, and by its own kind.
        yield _parsed(f"~({name} {sign} {kind.name})")
        yield _parsed(f"({name} {sign} {kind.name}) == a_{kind.name}")
        yield _parsed(f"({name} {sign} {kind.name}) ^ a_{kind.name}")
        yield _parsed(f"if a_bool then {name} {sign} {kind.name} else a_{kind.name}")
    yield from (_parsed(f"{sign}{name}") for name, sign in product(VARIABLES, ("~", "not ")))


def reading() -> tuple[Elaborator, Scope]:
    """Return what types expressions, and a scope in which all operands are known."""
    scope = Scope({})
    for kind in TYPES:
        scope.bind(s.Ident(kind.name, NOWHERE), TypeBinding(kind), NOWHERE)
    for name, kind in VARIABLES.items():
        scope.bind(s.Ident(name, NOWHERE), ValueBinding(p.Var(kind, name)), NOWHERE)
    return Elaborator(Spending(Limits())), scope


@cache
def accepted() -> tuple[p.Expr, ...]:
    """Return all of these that the type checker accepts, and that are no constants."""
    elaborator, scope = reading()
    found: dict[p.Expr, None] = {}
    for node in _written():
        try:
            found[elaborator.expression(node, scope)] = None
        except Rejected:
            elaborator.budget.surface()
    return tuple(each for each in found if not isinstance(each, p.Const))


def scenario(body: tuple[p.Statement, ...], goal: p.Formula | p.ExactArithmetic) -> p.Scenario:
    """Return a scenario with one run, in which all operands are given."""
    (made,) = load_source(
        "algorithm probe(map: MemoryMap) { for r in map { r.attribute |= WB } }\n"
        "scenario s { given map: MemoryMap\n let made = probe(map)\n check each r in made: r.attribute has WB }"
    ).scenarios
    (run,), (check,) = made.runs, made.checks
    parameters = tuple((name, kind, None) for name, kind in VARIABLES.items())
    algorithm = replace(run.algorithm, parameters=parameters, body=(*run.algorithm.body, *body))
    arguments = tuple(p.Var(kind, name) for name, kind in VARIABLES.items())
    asked = goal if isinstance(goal, p.ExactArithmetic) else (p.Conjunct("goal", None, goal),)
    return replace(
        made,
        scalars=tuple(p.GivenScalar(name, kind) for name, kind in VARIABLES.items()),
        runs=(replace(run, algorithm=algorithm, arguments=arguments),),
        checks=(replace(check, goal=asked),),
    )


def decided(made: p.Scenario) -> tuple[Verdict, str]:
    (group,) = groups(made)
    (result,) = decide(made, group, replay, Effort(bound=1))
    return result.verdict, result.detail


def in_algorithm(exprs: tuple[p.Expr, ...]) -> p.Scenario:
    """Return a scenario whose run computes the values, and some other ones, in the turn of each region."""
    values = tuple(p.Declare(f"x{number}", each.type, each) for number, each in enumerate(exprs))
    placed = p.Pass("r", False, fold.TRUE, (*values, p.SetField("r", "placed", fold.TRUE)))
    region = p.Field(t.BOOL, "r", "placed")
    binder = p.Binder("r", p.Regions("made", "", fold.TRUE))
    return scenario((placed,), p.ForAll((binder,), p.Relation.ANY, fold.TRUE, region, None, NOWHERE))


def in_formula(exprs: tuple[p.Expr, ...]) -> p.Scenario:
    """Return a scenario whose check says of each value that it is itself."""
    parts: list[p.Expr] = [p.Compare(p.Rel.EQ, each, each, t.BOOL) for each in exprs]
    while len(parts) > 1:  # in pairs, so that nothing is nested deep
        pairs = zip_longest(parts[::2], parts[1::2], fillvalue=fold.TRUE)
        parts = [p.Logic(p.Junction.AND, one, other, t.BOOL) for one, other in pairs]
    body = parts[0]
    binder = p.Binder("r", p.Regions("made", "", fold.TRUE))
    return scenario((), p.ForAll((binder,), p.Relation.ANY, fold.TRUE, body, None, NOWHERE))


def test_the_probe_meets_every_operator_and_every_kind() -> None:
    operators = {each.op for each in accepted() if isinstance(each, p.Arith)}
    assert operators == set(p.Op)
    assert {each.type for each in accepted()} == set(TYPES)
    assert len(accepted()) > 500


def test_every_value_that_type_checks_has_a_form_in_a_formula() -> None:
    assert without_form(in_formula, accepted()) == []


@pytest.mark.parametrize("part", range(4))
def test_every_value_that_type_checks_has_a_form_in_an_algorithm(part: int) -> None:
    assert without_form(in_algorithm, accepted()[part::4]) == []


def without_form(place: Callable[[tuple[p.Expr, ...]], p.Scenario], exprs: tuple[p.Expr, ...]) -> list[p.Expr]:
    """Return those of some values over which there is no proof of what is obvious."""
    if decided(place(exprs))[0] is Verdict.PROVED:
        return []
    return [each for each in exprs if decided(place((each,)))[0] is not Verdict.PROVED]


BITS = [f"a_{kind.name} {each} a_{kind.name}" for kind in (t.U8, t.U64, t.BYTES, t.PAGES) for each in "&|^"]
ACROSS = [
    *(f"a_Word {each} {kind.name}" for kind in TYPES if isinstance(kind, t.Integer) for each in ("as", "as%")),
    *(f"a_{kind.name} as Low" for kind in TYPES if not isinstance(kind, t.Flags | t.Boolean)),
]


@pytest.mark.parametrize("text", [*BITS, "a_pa & a_bytes", "a_va | a_bytes", *ACROSS])
def test_what_would_need_another_encoding_is_refused_with_a_remedy(text: str) -> None:
    elaborator, scope = reading()
    with pytest.raises(Rejected) as raised:
        elaborator.expression(_parsed(text), scope)
    assert raised.value.diagnostic.code is LayoutCode.NOT_LINEAR
    assert raised.value.diagnostic.help


@pytest.mark.parametrize(
    "text",
    [
        *("5 as Low == Low.L", "Word.X as u64 == a_u64", "1 as Word == a_Word"),
        *(f"(a_u64 {sign} 7) == a_u64" for sign in "&|^"),
        *(f"(4K {sign} a_bytes) == a_bytes" for sign in "&|^"),
        "(a_Word & a_Word) == a_Word",
    ],
)
def test_what_is_beside_it_is_not(text: str) -> None:
    elaborator, scope = reading()
    assert elaborator.boolean(_parsed(text), scope).type == t.BOOL


# --- what was narrowed in a formula keeps its value

NARROWED = """
flags Wide: u64 {{ A = 1 B = 0x1_0000_0000 }}
flags Narrow: u32 {{ N = 1 }}
record Region {{
    placed at at: va
    wide: Wide
    narrow: Narrow
}}
list Regions of Region
layout RegionsMade of Regions
algorithm as_it_is(map: Regions) {{
    for r in map {{ place r at 4K }}
}}
scenario s {{
    given map: Regions where each r in map: r.wide == A | B and r.narrow == N
    let made = as_it_is(map)
    check each r in made: {}
}}
"""


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("(r.wide as Narrow) != r.narrow", True),
        ("(r.wide as% Narrow) == r.narrow", True),
        ("((r.wide as Narrow) ^ r.narrow) as Wide == B", True),
        ("((r.wide as Narrow) & r.narrow) == N", True),
        ("(if r.placed then r.wide as Narrow else r.narrow) as Wide == r.wide", True),
        ("~(r.wide as Narrow) == ~r.narrow", True),
        ("(r.wide as Narrow) == r.narrow", False),
        ("(r.wide as% Narrow) as Wide == r.wide", False),
        ("((r.wide as Narrow) | N) == r.narrow", False),
    ],
)
def test_flags_that_are_narrowed_in_a_formula_keep_their_value(condition: str, holds: bool) -> None:
    """A refutation is one only if the interpreter, which counts in plain integers, finds the same."""
    program = load_text("probe.layout", NARROWED.format(condition).encode(), (SPEC,))
    assert not isinstance(program, Diagnostic), program
    ((_, result),) = verdicts(program)
    assert result.verdict is (Verdict.PROVED if holds else Verdict.REFUTED)


# --- splits

AT_ONCE = "split r at 1G"
COUNTED = "n +%= 1\n split r at 1G"
ENDED = "if r.num_pages > 9 { break }\n split r at 1G"
TWICE = "split r at 1G, 2G"
SPLITS = {"at once": AT_ONCE, "with a variable": COUNTED, "ended": ENDED, "at two addresses": TWICE}
FOLLOWED = {
    "alone": "check each r in made: r.wide",
    "before a kernel": "let next = plain(whole(made))\n check each r in next: r.wide",
    "by the next kernel": "let one = plain(map)\n let two = cutting(whole(one))\n check each r in two: r.wide",
    "in a chain": "let last = repeat plain(whole(made))\n check each r in last: r.wide",
    "chained": "let next = plain(map)\n let last = repeat cutting(whole(next))\n check each r in last: r.wide",
    "beside another": "let other = plain(map)\n check each r in other with q in made: q.wide",
    "beside one that splits": "let other = cutting(map)\n check each r in other with q in made: q.wide",
    "beside a list": "let other = looking(map, table)\n check each r in made, m in table: r.wide",
}


@pytest.mark.parametrize("followed", FOLLOWED)
@pytest.mark.parametrize("split", SPLITS)
def test_a_split_is_decided_or_refused_wherever_it_stands(split: str, followed: str) -> None:
    text = f"""
use uefi, x86_64, invariants, kexec
record Entry {{ start: pa }}
list Table of Entry
record Cut extends Descriptor {{ derive wide: bool = num_pages <= 0xffff_ffff_ffff_ffff }}
list CutMap of Cut
layout Cuts of CutMap
handover whole(made: Cuts) {{
    pass region where true
    phys_addr: u64
    num_pages: u64
}}
algorithm plain(map: CutMap) {{ for r in map {{ place r at 4K }} }}
algorithm cutting(map: CutMap) {{
    var n: u64 = 0
    for r in map {{ {SPLITS[split]} }}
}}
algorithm looking(map: CutMap, table: Table) {{
    for m in table {{ for r in map where r.phys_addr == m.start {{ r.attribute |= WB }} }}
}}
scenario s {{
    given map: CutMap
    given table: Table
    let made = cutting(map)
    {FOLLOWED[followed]}
}}
"""
    program = load_text("probe.layout", text.encode(), (SPEC,))
    if isinstance(program, Diagnostic):
        assert (program.code, bool(program.help)) == (LayoutCode.LOST_PIECES, True)
        assert followed in ("in a chain", "chained", "beside one that splits")
        return
    for _, result in verdicts(program, Effort(bound=2)):
        assert result.verdict in (Verdict.PROVED, Verdict.PROVED_TO_BOUND), result.detail


def test_a_split_beside_a_list_says_what_can_be_done_instead() -> None:
    text = """
use uefi
record Entry { start: pa }
list Table of Entry
algorithm cutting(map: MemoryMap, table: Table) {
    for m in table { for r in map where r.phys_addr == m.start { r.attribute |= WB } }
    for r in map { split r at 1G }
}
scenario s {
    given map: MemoryMap where well_formed
    given table: Table
    let made = cutting(map, table)
    check each r in made: r.phys_end <= 1G or 1G <= r.phys_addr
}
"""
    program = load_text("probe.layout", text.encode(), (SPEC,))
    assert isinstance(program, p.Program)
    ((_, result),) = verdicts(program, Effort(bound=2))
    assert result.verdict is Verdict.PROVED_TO_BOUND
    assert "give what an entry says as parameters" in result.detail
