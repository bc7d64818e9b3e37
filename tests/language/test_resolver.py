"""The resolver: names, modules, macros, algorithms, formulas and scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.language import load
from tests.helpers.loading import refused
from tests.helpers.loading import typed as program
from tests.helpers.places import ROOT

SPEC = (ROOT / "spec",)
WALK = "use uefi, x86_64, invariants\nalgorithm walk(map: MemoryMap) { for r in map { place r at EFI_WINDOW.start } }\n"


def scenario(clauses: str, head: str = WALK) -> p.Scenario:
    """The one scenario with these clauses."""
    (found,) = program(f"{head}scenario s {{ given map: MemoryMap\n{clauses} }}").scenarios
    return found


@pytest.mark.parametrize("path", sorted([*(ROOT / "spec").rglob("*.layout"), *(ROOT / "models").rglob("*.layout")]))
def test_shipped_files_load(path: Path) -> None:
    assert isinstance(load(path, SPEC), p.Program)


def test_a_module_beside_the_file_comes_before_one_on_the_search_path(tmp_path: Path) -> None:
    (tmp_path / "uefi.layout").write_text("const MINE: u64 = 1\n")
    (tmp_path / "user.layout").write_text("use uefi\nconst X: u64 = MINE\n")
    assert isinstance(load(tmp_path / "user.layout", SPEC), p.Program)


def test_what_a_module_uses_is_not_known_to_those_who_use_it() -> None:
    assert refused("use invariants\nlist L of Descriptor").code == LayoutCode.UNKNOWN_NAME


def test_two_modules_may_use_the_same_third() -> None:
    program("use x86_64, invariants, uefi\nconst A: bytes = EFI_PAGE + PMD_SIZE")


def test_scenarios_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "one.layout").write_text(f"{WALK}scenario s {{ given map: MemoryMap }}")
    (tmp_path / "two.layout").write_text("use one\nconst s: u64 = 1\n")
    result = load(tmp_path / "two.layout", SPEC)
    assert isinstance(result, p.Program)
    assert not result.scenarios


def test_a_function_means_what_it_meant_where_it_was_written() -> None:
    text = (
        "use uefi, x86_64\ndef is_mmio(kind: MemoryType): bool = kind == MMIO\nconst MMIO: MemoryType = RESERVED\n"
        "algorithm f(map: MemoryMap) { for r in map where is_mmio(r.type) { drop r } }"
    )
    (walk,) = program(text).algorithms[0].body
    assert isinstance(walk, p.Pass)
    assert isinstance(walk.where, p.Compare)
    assert isinstance(walk.where.right, p.Const)
    assert walk.where.right.value == 11


def test_two_modules_may_each_have_a_function_of_one_name_inside(tmp_path: Path) -> None:
    (tmp_path / "a.layout").write_text("def f(x: u64): u64 = x +% 1\n")
    (tmp_path / "b.layout").write_text("use a\ndef g(x: u64): u64 = f(x)\n")
    (tmp_path / "c.layout").write_text("use b\ndef f(x: u64): u64 = g(x)\nconst X: u64 = f(1)\n")
    assert isinstance(load(tmp_path / "c.layout", ()), p.Program)


def test_defaults_fill_in_for_arguments_left_out() -> None:
    program("def add(a: u64, b: u64 = 2): u64 = a +% b\nconst X: u64 = add(1)\nconst Y: u64 = add(1, 3)")
    assert refused("def add(a: u64, b: u64 = 2): u64 = a +% b\nconst X: u64 = add()").message == (
        "`add` takes 1 to 2 arguments, not 0"
    )


def test_a_default_is_read_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.layout").write_text("const K: u64 = 3\n")
    (tmp_path / "b.layout").write_text("use a\ndef f(x: u64 = K): u64 = x\n")
    (tmp_path / "c.layout").write_text("use b\nconst X: u64 = f()\n")
    assert isinstance(load(tmp_path / "c.layout", ()), p.Program)


CELL = "record Cell {{ placed at spot: va  words: u64  derive size: u64 = words {} }}\n"


@pytest.mark.parametrize("clause", ["check doubled(made)", "let other = empty(cells)"])
def test_a_record_is_not_another_one_that_has_the_same_fields(tmp_path: Path, clause: str) -> None:
    """What it derives from them may be something else."""
    (tmp_path / "cell.layout").write_text(CELL.format("* 2") + "list Cells of Cell\nlayout Shelf of Cells\n")
    (tmp_path / "rules.layout").write_text(
        "use cell\nproperty doubled(shelf: Shelf) = each c in shelf: c.size == 2 * c.words\n"
        "algorithm empty(cells: Cells) { for cell in cells where cell.size > 0 { drop cell } }\n"
    )
    mine = "list Row of Cell\nlayout Made of Row\nalgorithm fill(row: Row) { for cell in row { place cell at 0 } }\n"
    text = f"use rules\n{CELL.format('')}{mine}scenario s {{ given cells: Row let made = fill(cells) {clause} }}"
    (tmp_path / "main.layout").write_text(text)
    result = load(tmp_path / "main.layout", ())
    assert isinstance(result, Diagnostic)
    assert result.code is LayoutCode.TYPE_MISMATCH
    (tmp_path / "main.layout").write_text(text.replace("use rules", "use cell, rules").replace(CELL.format(""), ""))
    assert isinstance(load(tmp_path / "main.layout", ()), p.Program)


def test_a_default_that_does_not_fit_is_refused_where_it_stands() -> None:
    result = refused("use x86_64\ndef f(a: u64 = PMD_SIZE): u64 = a")
    assert result.span is not None
    assert result.span.text == "PMD_SIZE"


def test_derived_values_are_expanded_where_they_are_used() -> None:
    (walk,) = program("use uefi\nalgorithm f(map: MemoryMap) { for r in map where r.runtime { } }").algorithms[0].body
    assert isinstance(walk, p.Pass)
    assert isinstance(walk.where, p.Compare)


def test_a_rule_expands_to_its_conjuncts_with_their_names_and_origins() -> None:
    made = scenario("let made = walk(map)\nassuming well_formed(map) { check congruent(made) }")
    (check,) = made.checks
    assert [c.rule for c in check.assumptions] == ["page_aligned", "not_empty", "ends_in_address_space", "disjoint"]
    assert check.assumptions[0].origin is not None
    assert check.label == "congruent(made) assuming well_formed(map)"


def test_assumptions_add_up_inwards() -> None:
    checks = "assuming sorted(map) { assuming disjoint(map) { check congruent(made) } }\ncheck fits(made)"
    made = scenario(f"let made = walk(map)\n{checks}")
    inner, outer = made.checks
    assert [c.rule for c in inner.assumptions] == ["sorted", "disjoint"]
    assert inner.label.endswith(" assuming sorted(map) and disjoint(map)")
    assert outer.assumptions == ()


def test_the_bare_name_of_a_rule_is_about_what_is_given() -> None:
    (found,) = program(
        f"{WALK}scenario s {{ given map: MemoryMap where sorted, disjoint(map)\ncheck sorted(map) }}"
    ).scenarios
    assert [c.rule for c in found.checks[0].assumptions] == ["sorted", "disjoint"]


def test_a_check_expects_a_proof_unless_it_says_otherwise() -> None:
    made = scenario("let made = walk(map)\ncheck fits(made)\ncheck fits(made), congruent(made) expect refuted")
    assert [c.expected for c in made.checks] == [p.Expected.PROVED, p.Expected.REFUTED, p.Expected.REFUTED]


def test_labels_of_checks_have_no_comments_and_no_line_breaks() -> None:
    made = scenario("let made = walk(map)\ncheck fits( # why\n    made)")
    assert made.checks[0].label == "fits(made)"


SUMS = "use uefi, x86_64\nalgorithm walk(map: MemoryMap, x: u64 = 0) { var y: u64 = x\ny += 1 }\n"
SHIFTS = "use uefi, x86_64\nalgorithm walk(map: MemoryMap, x: u64 = 0) { var y: u64 = x\ny +%= 1 }\n"


def test_checked_arithmetic_is_an_obligation_of_every_run() -> None:
    made = scenario("let a = walk(map)\nlet b = walk(map)", SUMS)
    assert [(c.label, c.written) for c in made.checks] == [
        ("exact_arithmetic(a)", False),
        ("exact_arithmetic(b)", False),
    ]


def test_wrapping_that_is_meant_is_no_obligation() -> None:
    assert scenario("let a = walk(map)", SHIFTS).checks == ()


def test_checked_arithmetic_in_the_arguments_of_a_run_is_an_obligation() -> None:
    made = scenario("given n: u64\nlet a = walk(map, n + 1)", SHIFTS)
    assert [c.label for c in made.checks] == ["exact_arithmetic(a)"]


def test_an_obligation_that_is_stated_is_not_added() -> None:
    made = scenario("let a = walk(map)\ncheck exact_arithmetic(a) expect refuted", SUMS)
    assert [(c.label, c.written, c.expected) for c in made.checks] == [
        ("exact_arithmetic(a)", True, p.Expected.REFUTED)
    ]


def test_an_algorithm_knows_whether_it_exports() -> None:
    assert not program(WALK).algorithms[0].exports
    assert program("use uefi\nalgorithm f(map: MemoryMap) { for r in map { export r } }").algorithms[0].exports


def test_variables_of_a_block_are_gone_after_it() -> None:
    text = "use uefi\nalgorithm f(map: MemoryMap) { if true { let a = 1 }\nlet b = a }"
    assert refused(text).code == LayoutCode.UNKNOWN_NAME
    program("use uefi\nalgorithm f(map: MemoryMap) { if true { let a = 1 } else { let a = 4K } }")


def test_a_bound_may_come_from_an_argument_that_is_constant() -> None:
    text = "use uefi\nassumption at_most(map: MemoryMap, n: bytes) = total(r.size for r in map) <= n\n"
    (found,) = program(
        f"{text}scenario s {{ given map: MemoryMap where at_most(map, 4G)\ncheck not_empty(map) }}"
    ).scenarios
    (assumed,) = found.checks[0].assumptions
    assert isinstance(assumed.formula, p.TotalAtMost)
    assert assumed.formula.bound == 4 << 30
    assert refused(f"{text}scenario s {{ given map: MemoryMap given n: bytes where at_most(map, n) }}").code == (
        LayoutCode.NOT_CONSTANT
    )


def test_a_message_has_values_between_its_texts() -> None:
    (found,) = program(
        'use uefi\nscenario s { given map: MemoryMap\ncheck each r in map: r.placed else "{r} at {r.size + 1}!" }'
    ).scenarios
    (conjunct,) = found.checks[0].goal if isinstance(found.checks[0].goal, tuple) else ()
    assert isinstance(conjunct.formula, p.ForAll)
    assert conjunct.formula.message is not None
    assert conjunct.formula.message.texts == ("", " at ", "!")
    assert conjunct.formula.message.values[0] == "r"


@pytest.mark.parametrize(
    ("text", "place", "help"),
    [
        ("const A: u64 = 1\nconst A: u64 = 2", "A", "choose another name"),
        ("use uefi\nproperty q(l: Layout) = each r in l: fits", "fits", "add `use invariants`"),
        ("use uefi\nproperty q(l: Layout) = each r in l: zzz", "zzz", "is it misspelt, or a `use` missing?"),
        ("use uefi, invariants\nproperty q(l: Layout) = fits", "fits", "give it its arguments: `fits(...)`"),
        ("use uefi\nproperty q(l: Layout) = each r in l: r.size.start > 1", "r.size", "name one before the dot"),
        ("const A: u64 = B\nconst B: u64 = 1", "B", "move its declaration above this one"),
    ],
)
def test_a_caret_stands_under_what_is_wrong_and_the_help_says_what_to_do(text: str, place: str, help: str) -> None:
    result = refused(text)
    assert result.span is not None
    assert (result.span.text, result.help) == (place, help)
