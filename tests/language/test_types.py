"""Types: which values go together, what a bare number is, what is folded."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.language import load_text
from checker.program import types as t
from checker.program.walk import checked_arithmetic
from tests.helpers.loading import refused
from tests.helpers.places import SPEC


def outcome(text: str) -> p.Program | Diagnostic:
    """What loading a text gives."""
    return load_text("test.layout", f"use uefi, x86_64\n{text}".encode(), (SPEC,))


def body(statements: str, parameters: str = "") -> tuple[p.Statement, ...]:
    """The statements of the one pass of an algorithm."""
    result = outcome(f"algorithm f(map: MemoryMap{parameters}) {{ for r in map {{ {statements} }} }}")
    assert isinstance(result, p.Program), result
    (walk,) = result.algorithms[0].body
    assert isinstance(walk, p.Pass)
    return walk.body


def typed(expression: str) -> p.Expr:
    """An expression in a pass over `r`, typed."""
    (declare,) = body(f"let x = {expression}")
    assert isinstance(declare, p.Declare)
    return declare.value


def folded(kind: str, expression: str) -> int:
    """The value of a constant expression, which a pass places something at."""
    declare = body(f"let x: {kind} = {expression}")[0]
    assert isinstance(declare, p.Declare)
    assert isinstance(declare.value, p.Const)
    return declare.value.value


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("1", t.U64),
        ("4K", t.BYTES),
        ("0x1000", t.U64),
        ("r.phys_addr + 4K", t.PA),
        ("4K + r.phys_addr", t.PA),
        ("r.phys_addr + 0x1000", t.PA),
        ("r.phys_end - r.phys_addr", t.BYTES),
        ("r.num_pages * EFI_PAGE", t.BYTES),
        ("r.num_pages * 2", t.PAGES),
        ("r.size / EFI_PAGE", t.U64),
        ("r.size / 2", t.BYTES),
        ("r.phys_addr % 2M", t.BYTES),
        ("r.phys_addr >> 12", t.PA),
        ("r.phys_addr & ~(2M - 1)", t.PA),
        ("align_up(r.virt_addr, 2M)", t.VA),
        ("r.virt_addr as pa", t.PA),
        ("if r.runtime then 4K else r.size", t.BYTES),
        ("if r.runtime then 7 else r.num_pages", t.PAGES),
        ("EFI_WINDOW.size", t.BYTES),
        ("min(r.size, 4096)", t.BYTES),
    ],
)
def test_an_expression_has_the_type_that_the_table_gives(expression: str, kind: t.Type) -> None:
    assert typed(expression).type == kind


@pytest.mark.parametrize(
    "expression",
    [
        "r.type == MMIO",
        "MMIO == r.type",
        "r.type in {MMIO, PAL_CODE, 99}",
        "r.attribute has WB | RUNTIME",
        "r.type == 7",
    ],
)
def test_a_member_is_known_where_its_enumeration_is_expected(expression: str) -> None:
    assert typed(expression).type == t.BOOL


def test_flags_can_be_built_where_they_are_expected() -> None:
    assert folded("MemoryAttribute", "RUNTIME | WB") == 0x8000_0000_0000_0008


@pytest.mark.parametrize(
    ("kind", "expression", "value"),
    [
        ("u64", "2 + 3 * 4", 14),
        ("u64", "0 -% 1", (1 << 64) - 1),
        ("u8", "200 +% 100", 44),
        ("u8", "0x1234 as% u8", 0x34),
        ("u64", "~0", (1 << 64) - 1),
        ("bytes", "4 * 4K", 16384),
        ("bytes", "align_up(5000, 4K)", 8192),
        ("va", "align_down(EFI_WINDOW.end -% 1, 2M)", 0xFFFF_FFFE_FFE0_0000),
        ("bool", "not (1 < 2) or 4K == 4096", 1),
        ("u64", "if 1 < 2 then 3 else 4", 3),
        ("bytes", "EFI_WINDOW.size", 64 << 30),
        ("u64", "1 << 63", 1 << 63),
        ("u64", "1 << 63 <<% 1", 0),
    ],
)
def test_constants_are_folded_to_what_the_machine_would_compute(kind: str, expression: str, value: int) -> None:
    assert folded(kind, expression) == value


@pytest.mark.parametrize(
    ("operator", "wraps"), [("+", False), ("+%", True), ("-", False), ("-%", True), ("|", True), ("&", True)]
)
def test_only_marked_operators_and_those_that_lose_nothing_may_wrap(operator: str, wraps: bool) -> None:
    value = typed(f"r.size {operator} {'4K' if wraps else 'r.size'}")
    assert isinstance(value, p.Arith)
    assert value.wraps is wraps


@pytest.mark.parametrize(
    ("cast", "checked"), [("as u32", True), ("as% u32", False), ("as u64", False), ("as MemoryType", True)]
)
def test_a_cast_is_checked_only_where_it_narrows(cast: str, checked: bool) -> None:
    value = typed(f"r.size {cast}")
    assert isinstance(value, p.Convert)
    assert (value in checked_arithmetic(value)) is checked


@pytest.mark.parametrize(
    "expression",
    [
        "r.phys_addr + r.virt_addr",
        "r.phys_addr - r.virt_addr",
        "r.size + r.num_pages",
        "r.num_pages << r.size",
        "r.phys_addr * 2",
        "r.phys_addr / 2",
        "r.size % r.num_pages",
        "r.num_pages aligned 4K",
        "align_down(r.runtime, 2)",
        "min(r.type, MMIO)",
        "r.attribute + WB",
        "r.type | r.type",
        "~r.type",
        "r.runtime < r.placed",
        "r.runtime as u8",
        "1 as bool",
        "r.size and r.runtime",
        "if r.size then 1 else 2",
        "(1 as u8) + (1 as u16)",
        "(3 as u8) * r.size",
    ],
)
def test_quantities_that_do_not_go_together_are_refused(expression: str) -> None:
    result = outcome(f"algorithm f(map: MemoryMap) {{ for r in map {{ let x = {expression} }} }}")
    assert isinstance(result, Diagnostic)
    assert result.code in (LayoutCode.TYPE_MISMATCH, LayoutCode.WRONG_OPERAND, LayoutCode.UNKNOWN_TYPE)
    assert result.span is not None
    assert result.span.text in expression


def test_a_mismatch_names_both_types_and_the_operator() -> None:
    result = outcome("property q(l: Layout) = each r in l: r.phys_addr == r.virt_addr")
    assert isinstance(result, Diagnostic)
    assert result.message == "`==` between `pa` (physical address) and `va` (virtual address)"
    assert "as" in result.help


def test_enumerations_may_use_every_value_of_their_width_but_no_more() -> None:
    assert isinstance(outcome("enum E: u8 { LOW = 0 HIGH = 255 }"), p.Program)
    assert isinstance(outcome("flags F: u8 { ALL = 255 ONE = 1 }"), p.Program)
    assert isinstance(outcome("enum E: u8 { HIGH = 256 }"), Diagnostic)


def test_what_is_never_evaluated_is_folded_away_and_nothing_else() -> None:
    assert typed("false and r.size + r.size > 0") == p.Const(t.BOOL, 0)
    assert isinstance(typed("r.size + r.size > 0 and false"), p.Logic)


@pytest.mark.parametrize(
    ("run", "check", "message", "note"),
    [
        (
            *("map, n, at", "fits(a)", "this is `bytes`; `va` (virtual address) is needed here"),
            "the parameters are `low(map: MemoryMap, start: va, size: bytes)`",
        ),
        (
            *("cells, at, n", "fits(a)", "`map` wants a `MemoryMap`, `cells` is a `Cells`: another record"),
            "the parameters are `low(map: MemoryMap, start: va, size: bytes)`",
        ),
        (
            *("map, at, n", "fits(EFI_WINDOW, a)", "`layout` wants a `Layout`, not a window"),
            "the parameters are `fits(layout: Layout, w: window of va)`",
        ),
        (
            *("map, at, n", "fits(a, at)", "`w` wants a window of `va`"),
            "the parameters are `fits(layout: Layout, w: window of va)`",
        ),
    ],
    ids=["swapped values", "another record", "swapped layout and window", "no window"],
)
def test_who_swaps_arguments_or_passes_another_record_is_shown_the_parameters(
    run: str, check: str, message: str, note: str
) -> None:
    wrong = refused(
        f"""use uefi, x86_64, invariants
        record Cell {{ placed at spot: va  base: pa }}
        list Cells of Cell
        algorithm low(map: MemoryMap, start: va, size: bytes) {{ for region in map {{ place region at start }} }}
        scenario s {{
            given map: MemoryMap
            given cells: Cells
            given at: va
            given n: bytes
            let a = low({run})
            check {check}
        }}
        """
    )
    assert (str(wrong.code), wrong.message, wrong.notes[-1]) == ("L201", message, note)
