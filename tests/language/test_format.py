"""The formatter: one canonical layout, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.language import format_text, syntax_only
from checker.language.syntax import tree as s
from tests.helpers.places import ROOT
from tests.writers.derivations import RULES, derivations

SHIPPED = sorted([*(ROOT / "spec").rglob("*.layout"), *(ROOT / "models").rglob("*.layout")])


def tree(text: str) -> s.Module:
    """The tree of a text that must parse."""
    module = syntax_only("test", text.encode())
    assert isinstance(module, s.Module), module
    return module


def formatted(text: str) -> str:
    """The canonical layout of a text that must parse."""
    result = format_text("test", text.encode())
    assert isinstance(result, str), result
    return result


def remarks(text: str) -> list[str]:
    """The comments of a text."""
    return [comment.text for comment in tree(text).comments]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_shipped_files_are_in_canonical_layout(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == formatted(path.read_text(encoding="utf-8"))


def test_a_messy_file_becomes_a_tidy_one() -> None:
    folder = ROOT / "tests" / "data" / "formatting"
    assert formatted((folder / "messy.layout").read_text()) == (folder / "tidy.layout").read_text()


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_nothing_stays_nothing(text: str) -> None:
    assert formatted(text) == ""


def test_a_file_of_comments_only_keeps_them() -> None:
    assert formatted("\n# one\n\n\n# two   ") == "# one\n\n# two\n"


def test_lines_stay_within_the_width_where_they_can() -> None:
    terms = " and ".join(f"some_condition_{i}(made)" for i in range(20))
    lines = formatted(f"property p(made: L) = {terms}").splitlines()
    assert len(lines) == 21
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("block", ["if a { b = 1 }", "if a {\n        b = 1\n    }"])
def test_a_block_on_one_line_stays_there_and_others_stay_open(block: str) -> None:
    text = f"algorithm f(m: M) {{\n    {block}\n}}\n"
    assert formatted(text) == text


def test_a_comment_after_else_stays_before_the_if_that_follows() -> None:
    inner = "        # why\n        if b {\n            x = 1\n        }\n"
    text = f"algorithm f(m: M) {{\n    if a {{\n        x = 0\n    }} else {{\n{inner}    }}\n}}\n"
    assert formatted(text) == text


def test_what_does_not_parse_is_not_formatted() -> None:
    assert isinstance(format_text("broken", b"const"), Diagnostic)


def test_what_formatting_makes_too_large_is_not_formatted() -> None:
    inner = "x = 1 " * 4000
    text = f"algorithm f(m: M) {{ {'if a { ' * 80} {inner} {'}' * 80} }}"
    result = format_text("large.layout", text.encode())
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.FILE_TOO_LARGE


def check_round_trip(text: str) -> None:
    """Formatting keeps the tree and the comments, and formatting again changes nothing."""
    once = formatted(text)
    assert tree(text) == tree(once)
    assert remarks(text) == remarks(once)
    assert once == formatted(once)
    assert all(line == line.rstrip() for line in once.split("\n"))


@settings(max_examples=5 * settings().max_examples // 2, deadline=None)
@given(derivations())
def test_formatting_any_text_of_the_grammar_keeps_tree_and_comments_and_is_idempotent(
    pair: tuple[str, frozenset[str]],
) -> None:
    check_round_trip(pair[0])


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_of_the_grammar_is_generated_and_round_trips(rule: str) -> None:
    @settings(max_examples=3, deadline=None, database=None, derandomize=True)
    @given(derivations(wanted=rule))
    def round_trips(pair: tuple[str, frozenset[str]]) -> None:
        assert rule in pair[1]
        check_round_trip(pair[0])

    round_trips()
