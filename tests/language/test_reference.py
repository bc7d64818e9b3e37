"""spec/language.md: every example runs, every code that it names is one."""

from __future__ import annotations

import re

import pytest

from checker.base.codes import REGISTRY, LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.language import format_text, load_text
from checker.language.elaborate.operators import result_type
from checker.language.syntax.parse import parser
from checker.program import Op
from checker.program import types as t
from tests.helpers.places import SPEC

TEXT = (SPEC / "language.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```layout\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_reference_loads(number: int) -> None:
    assert not isinstance(load_text("example.layout", EXAMPLES[number].encode(), (SPEC,)), Diagnostic)


def test_every_code_that_is_named_is_one() -> None:
    named = set(re.findall(r"`([LCM]\d{3})`", TEXT))
    assert named
    assert named <= set(REGISTRY)


def test_every_family_of_codes_about_programs_is_told_of() -> None:
    families = {f"{code[:2]}xx" for code in LayoutCode}
    assert set(re.findall(r"\bL\dxx\b", TEXT)) == families


def test_every_fence_is_one_that_is_tested() -> None:
    assert re.findall(r"^```(.+)$", TEXT, flags=re.MULTILINE) == ["layout"] * len(EXAMPLES)


def test_the_list_of_reserved_words_is_that_of_the_grammar() -> None:
    (pattern,) = (terminal.pattern.value for terminal in parser().terminals if terminal.name == "NAME")
    reserved = re.match(r"\(\?!\(([a-z|]+)\)", pattern)
    written = re.search(r"never names: `([^`]+)`", TEXT)
    assert reserved is not None
    assert written is not None
    assert written[1].split() == sorted(reserved[1].split("|"))


NAMES = {
    "N": [t.U8, t.U16, t.U32, t.U64],
    "A": [t.PA, t.VA],
    "S": [t.U8, t.U16, t.U32, t.U64, t.BYTES, t.PAGES, t.PA, t.VA],
    **{kind.name: [kind] for kind in (t.U64, t.BYTES, t.PAGES)},
}


@pytest.mark.parametrize("operator", list(Op))
def test_the_table_of_operators_is_that_of_the_code(operator: Op) -> None:
    row = next(r for r in TEXT.splitlines() if r.startswith("| `") and f"`{operator}`" in r.replace("\\|", "|")[:18])
    sign = {"|": "&", "^": "&", ">>": "<<"}.get(operator, str(operator))
    written = {}
    for left, right, result in re.findall(rf"`(\w+){re.escape(sign)}(\w+):(\w+)`", row):
        for a in NAMES[left]:
            for b in [a] if right == left else NAMES[right]:
                written[a, b] = a if result == left else b if result == right else NAMES[result][0]
    kinds = NAMES["S"]
    assert written == {(a, b): c for a in kinds for b in kinds if (c := result_type(operator, a, b)) is not None}


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_reference_is_in_canonical_layout(number: int) -> None:
    assert format_text("example.layout", EXAMPLES[number].encode()) == EXAMPLES[number]
