"""The parser: what the text says, and what it points at when it says nothing."""

from __future__ import annotations

import copy
import pickle

import pytest

from checker.base.diagnostic import Diagnostic
from checker.language import syntax_only
from checker.language.syntax import tree as s


def tree(text: str) -> s.Module:
    """The tree of a text that must parse."""
    module = syntax_only("test", text.encode())
    assert isinstance(module, s.Module), module
    return module


def value(text: str) -> s.Expr:
    """The tree of an expression."""
    (item,) = tree(f"const X: u64 = {text}").items
    assert isinstance(item, s.Constant)
    return item.value


def refused(text: str) -> Diagnostic:
    """What is wrong with a text."""
    result = syntax_only("test", text.encode())
    assert isinstance(result, Diagnostic)
    return result


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a << b + c", "a << (b + c)"),
        ("a | b << c", "a | (b << c)"),
        ("a == b | c", "a == (b | c)"),
        ("not a == b", "not (a == b)"),
        ("not a and b", "(not a) and b"),
        ("a or b and c", "a or (b and c)"),
        ("a => b => c", "a => (b => c)"),
        ("a => b or c", "a => (b or c)"),
        ("a * b as u8", "a * (b as u8)"),
        ("~a as u8", "(~a) as u8"),
        ("a +% b % c", "a +% (b % c)"),
        ("if a then b else c + d", "if a then b else (c + d)"),
        ("a aligned b + c", "a aligned (b + c)"),
    ],
)
def test_operators_bind_as_the_reference_says(text: str, same: str) -> None:
    def bare(node: s.Expr) -> object:
        match node:
            case s.Parenthesis(inner=inner):
                return bare(inner)
            case s.Binary(operator=operator, left=left, right=right):
                return (operator, bare(left), bare(right))
            case s.Unary(operator=operator, operand=operand):
                return (operator, bare(operand))
            case s.Cast(operand=operand, target=target):
                return ("as", bare(operand), target.name)
            case s.Choice(condition=condition, then=then, otherwise=otherwise):
                return ("if", bare(condition), bare(then), bare(otherwise))
        return node

    assert bare(value(text)) == bare(value(same))
    assert value(text) != value(same)


@pytest.mark.parametrize("text", ["a == b == c", "a < b <= c", "a has b has c", "a aligned b == c"])
def test_comparisons_do_not_chain(text: str) -> None:
    assert "do not chain" in refused(f"const X: bool = {text}").help


def test_choose_reads_its_bounds_and_its_alignment_apart() -> None:
    (item,) = tree("algorithm f(m: M) { choose x: va in a .. b aligned c }").items
    assert isinstance(item, s.Algorithm)
    (choose,) = item.body
    assert isinstance(choose, s.Choose)
    assert choose.alignment is not None
    assert (choose.low.span.text, choose.high.span.text, choose.alignment.span.text) == ("a", "b", "c")


@pytest.mark.parametrize(
    "word", ["flags", "layout", "list", "check", "given", "expect", "from", "next", "const", "window"]
)
def test_words_that_begin_something_can_name_fields_and_variables(word: str) -> None:
    (record,) = tree(f"record R {{ a: u64 {word}: u64 b: u64 }}").items
    (algorithm,) = tree(f"algorithm f(m: M) {{ let a = b {word} = a r.{word} += {word} }}").items
    assert isinstance(record, s.Record)
    assert [member.name for member in record.members] == ["a", word, "b"]
    assert isinstance(algorithm, s.Algorithm)
    assert isinstance(algorithm.body[1], s.Assign)


@pytest.mark.parametrize("text", ["for r inm { }", "forr in m { }", "for r in reversedm wherex { }"])
def test_words_that_run_together_are_not_taken_apart(text: str) -> None:
    assert refused(f"algorithm f(m: M) {{ {text} }}").code == "L005"


def test_spans_cover_the_text_that_they_are_of() -> None:
    (item,) = tree("use a\nproperty p(l: Layout) =\n    each r in l: r.size + 4K <= limit(1)").items
    assert isinstance(item, s.Rule)
    assert isinstance(item.formula, s.Each)
    assert item.name.span.text == "p"
    assert item.parameters[0].span.text == "l: Layout"
    assert item.formula.span.text == "each r in l: r.size + 4K <= limit(1)"
    assert item.formula.first.span.text == "r"
    assert isinstance(item.formula.body, s.Binary)
    assert item.formula.body.left.span.text == "r.size + 4K"
    assert item.formula.body.right.span.text == "limit(1)"
    assert item.formula.body.span.line == 3


def test_trees_of_texts_that_differ_only_in_layout_are_equal() -> None:
    assert tree("const A: u64 = 1 + 2") == tree("# why\nconst A : u64\n=\n1+2 # done")


def test_comments_are_found_outside_texts_only() -> None:
    module = tree('# one\nproperty p(l: L) from "not # a comment" = true # two')
    assert [comment.text for comment in module.comments] == ["# one", "# two"]


def test_line_ends_of_other_systems_and_a_byte_order_mark_change_nothing() -> None:
    assert tree("\ufeffconst A: u64 = 1\r\nconst B: u64 = 2\r\n") == tree("const A: u64 = 1\nconst B: u64 = 2\n")


def test_a_block_that_is_not_closed_is_named() -> None:
    result = refused("algorithm f(m: M) {\n    for r in m {\n        drop r\n    }\n")
    assert result.notes == ("`{` in line 1 is not closed",)


def test_what_is_expected_is_named_in_the_words_of_the_language() -> None:
    assert refused("window W: va = 1").help.endswith("`has` or `in`") or "`..`" in refused("window W: va = (1)").help
    assert refused("const A u64 = 1").help == "expected `:`"
    assert refused("algorithm f(m: M) { place r 4 }").help == "expected `.` or `at`"
    assert refused("scenario s { given }").help == "expected a name"


def test_names_become_plain_strings_when_they_are_copied() -> None:
    name = tree("use a").uses[0].name
    assert type(copy.deepcopy(name)) is str
    assert type(pickle.loads(pickle.dumps(name))) is str
