"""What can be stated of a pass, and where."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.language import load_text
from checker.program.types import BOOL
from checker.program.walk import checked_arithmetic
from tests.helpers.places import SPEC


def outcome(body: str, before: str = "") -> p.Program | Diagnostic:
    """What loading an algorithm gives that makes one pass with this body."""
    text = (
        "use uefi, x86_64, invariants\nalgorithm f(map: MemoryMap) {"
        f" var cursor: va = 0 {before} for region in map {{ {body} }} }}"
    )
    return load_text("test.layout", text.encode(), (SPEC,))


def stated(body: str) -> p.Formulas:
    """The invariants of the pass."""
    result = outcome(body)
    assert isinstance(result, p.Program), result
    (walk,) = (each for each in result.algorithms[0].body if isinstance(each, p.Pass))
    return walk.invariants


def test_invariants_are_said_of_the_pass_and_done_by_nothing() -> None:
    body = "invariant cursor >= 0, each r in map where r.placed: cursor <= r.virt_addr cursor = 1M"
    result = outcome(body)
    assert isinstance(result, p.Program)
    (walk,) = (each for each in result.algorithms[0].body if isinstance(each, p.Pass))
    assert [type(each.formula) for each in walk.invariants] == [p.Plain, p.ForAll]
    assert [type(each) for each in walk.body] == [p.Assign]


def test_a_property_of_layouts_can_be_stated_of_the_map_on_its_way() -> None:
    assert [each.rule for each in stated("invariant no_overlap(map)")] == ["no_overlap"]


def test_an_invariant_can_ask_whether_the_pass_has_come_to_a_region() -> None:
    (said,) = stated("invariant each r in map: r.visited")
    assert isinstance(said.formula, p.ForAll)
    assert said.formula.body == p.Field(BOOL, "r", p.VISITED)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("cursor = 1M invariant cursor >= 0", LayoutCode.FORMULA_MISPLACED, "an invariant stands at the beginning"),
        ("if cursor > 0 { invariant cursor >= 0 }", LayoutCode.FORMULA_MISPLACED, "an invariant stands at"),
        ("invariant each a next b in map: true", LayoutCode.FORMULA_MISPLACED, "an invariant is about variables"),
        ("invariant each a in map with b in map: true", LayoutCode.FORMULA_MISPLACED, "an invariant is about"),
        (
            "invariant total(r.num_pages for r in map) <= 5",
            LayoutCode.FORMULA_MISPLACED,
            "an invariant is about variables",
        ),
        ("invariant size >= 0 let size = cursor", LayoutCode.UNKNOWN_NAME, "unknown name `size`"),
        ("invariant region.placed", LayoutCode.UNKNOWN_NAME, "unknown name `region`"),
        ("if region.visited { continue }", LayoutCode.UNKNOWN_FIELD, "unknown field `visited` of `Descriptor`"),
    ],
)
def test_what_cannot_be_stated_is_refused_with_its_place(body: str, code: LayoutCode, message: str) -> None:
    result = outcome(body)
    assert isinstance(result, Diagnostic)
    assert (result.code, result.message[: len(message)]) == (code, message)


def test_outside_a_pass_there_is_nothing_to_state_it_of() -> None:
    result = outcome("continue", before="invariant cursor >= 0")
    assert isinstance(result, Diagnostic)
    assert result.code is LayoutCode.FORMULA_MISPLACED


def test_a_variable_can_be_called_invariant() -> None:
    text = "use uefi algorithm f(map: MemoryMap) { var invariant: va = 0 for r in map { invariant = 1M } }"
    assert isinstance(load_text("test.layout", text.encode(), (SPEC,)), p.Program)


def test_arithmetic_in_an_invariant_is_exact_and_owes_nothing() -> None:
    (walk,) = (each for each in loaded("invariant cursor + 4K >= 4K").algorithms[0].body if isinstance(each, p.Pass))
    assert list(checked_arithmetic(walk)) == []


def loaded(body: str) -> p.Program:
    result = outcome(body)
    assert isinstance(result, p.Program), result
    return result
