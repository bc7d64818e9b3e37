"""A diagnostic shows the line as the terminal will, with the caret under what is meant."""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from checker.base.diagnostic import Diagnostic, LabelledSpan, Severity, Source, Span
from checker.report.lines import plain, width
from checker.report.views.diagnostics import diagnostic_lines, json_diagnostic


def drawn(text: str, marked: str, name: str = "a.layout") -> list[str]:
    start = text.index(marked)
    span = Span(Source(name, text), start, start + len(marked))
    return plain(diagnostic_lines(Diagnostic("X001", "this is wrong", span))).splitlines()


def test_everything_that_is_known_is_said() -> None:
    span = Span(Source("a.layout", "first\nlet x = yy\n"), 14, 16)
    places = (LabelledSpan(Span(span.source, 0, 5), "this is near"),)
    diagnostic = Diagnostic(
        "L103", "unknown name `yy`", span, ("it is not a field either",), "did you mean `y`?", Severity.WARNING, places
    )
    assert plain(diagnostic_lines(diagnostic)) == (
        "a.layout:2:9: warning[L103]: unknown name `yy`\n"
        " 2 | let x = yy\n"
        "   |         ^~\n"
        "  a.layout:1:1: this is near\n"
        " 1 | first\n"
        "   | ^~~~~\n"
        "  note: it is not a field either\n"
        "  help: did you mean `y`?\n"
    )
    assert to_builtins(json_diagnostic(diagnostic)) == {
        "severity": "warning",
        "code": "L103",
        "message": "unknown name `yy`",
        "span": {"file": "a.layout", "line": 2, "column": 9, "end_line": 2, "end_column": 11},
        "places": [
            {"file": "a.layout", "line": 1, "column": 1, "end_line": 1, "end_column": 6, "label": "this is near"}
        ],
        "notes": ["it is not a field either"],
        "help": "did you mean `y`?",
    }


def test_without_a_place_there_is_only_the_message() -> None:
    assert plain(diagnostic_lines(Diagnostic("C001", "cannot read x"))) == "error[C001]: cannot read x\n"
    assert json_diagnostic(Diagnostic("C001", "cannot read x")).span is None


@pytest.mark.parametrize(
    ("text", "marked", "line", "underline"),
    [
        ("\tlet x", "x", "        let x", "            ^"),
        ("\u5730\u5716\u5730\u5716\tx", "x", "\u5730\u5716\u5730\u5716        x", "                ^"),
        ("ab\tx", "x", "ab      x", "        ^"),
        ("\u5730\u5716 = x", "x", "\u5730\u5716 = x", "       ^"),
        ("e\u0301 = x", "x", "e\u0301 = x", "    ^"),
        ("\u5730\u5716 = x", "\u5730\u5716", "\u5730\u5716 = x", "^~~~"),
        ("x\x1b[2Jy", "y", "x\ufffd[2Jy", "     ^"),
        ("first\nsecond", "first\nsec", "first", "^~~~~"),
        ("abc\n", "\n", "abc", "   ^"),
    ],
)
def test_the_caret_stands_under_what_the_terminal_shows(text: str, marked: str, line: str, underline: str) -> None:
    assert drawn(text, marked)[1:] == [f" 1 | {line}", f"   | {underline}"]


@pytest.mark.parametrize("at", [0, 100, 5000, 9990])
def test_a_long_line_is_cut_around_the_caret(at: int) -> None:
    text = "x" * at + "HERE" + "y" * (10_000 - at)
    _, line, underline = drawn(text, "HERE")
    assert width(line) <= 126
    assert line[underline.index("^") :].startswith("HERE")
    assert underline.strip(" |") == "^~~~"


def test_a_marked_part_that_is_too_long_is_cut_too() -> None:
    _, line, underline = drawn("z" * 5000, "z" * 5000)
    assert width(line) <= 126
    assert line.endswith("...")
    assert len(underline) == len(line)


def test_names_and_messages_cannot_steer_the_terminal() -> None:
    lines = drawn("abc", "b", "a\x1b]0;owned\x07\u202e.layout")
    assert lines[0] == "a\ufffd]0;owned\ufffd\ufffd.layout:1:2: error[X001]: this is wrong"
