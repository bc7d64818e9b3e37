"""Every limit of a program text: reached one above it, with a message that names it; and lifted by raising it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.base.limits import rows
from checker.language import Limits, format_text, load, load_text

from .test_broken_layouts import HOSTILE

LIMITS = rows(Limits)
CELLS = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
"""
FILL = CELLS + "algorithm fill(cells: Cells, at: va = 4K) { for cell in cells { place cell at at } }\n"
SCENE = FILL + "property low(shelf: Shelf) = each c in shelf: c.spot <= 4K\nscenario s { given cells: Cells\n"
RUN = SCENE + "let shelf = fill(cells)\n"


def words(text: str) -> str:
    """A constant whose file has a certain number of words in all."""
    return f"const A: u64 = {text}"


MAKERS: dict[str, tuple[int, Callable[[int], str]]] = {
    "layout-bytes": (200, lambda n: words("1") + " " * (n - 16)),
    "tokens": (100, lambda n: words("1" + "+1" * ((n - 6) // 2))),
    "word": (20, lambda n: f"const {'A' * n}: u64 = 1"),
    "text": (20, lambda n: FILL.replace("{ for", f'from "{"x" * n}" {{ for')),
    "depth": (60, lambda n: words("(" * (n - 3) + "1" + ")" * (n - 3))),
    "nesting": (
        50,
        lambda n: "def f0(x: u64): u64 = x\n" + "".join(f"def f{i}(x: u64): u64 = f{i - 1}(x)\n" for i in range(1, n)),
    ),
    "expansion": (40, lambda n: "".join(f"const A{i}: u64 = 1\n" for i in range(n))),
    "members": (10, lambda n: f"enum E: u32 {{ {' '.join(f'M{i} = {i}' for i in range(n))} }}"),
    "passes": (3, lambda n: f"{CELLS}algorithm a(cells: Cells) {{ {'for c in cells { drop c } ' * n} }}"),
    "rounds": (
        4,
        lambda n: (
            f"{CELLS}algorithm a(cells: Cells) {{ for c in cells {{ while c.base > 4 up to {n} {{ drop c }} }} }}"
        ),
    ),
    "conjuncts": (20, lambda n: f"{RUN}assuming low(shelf){', low(shelf)' * (n - 1)} {{}} }}"),
    "given": (5, lambda n: SCENE + "".join(f"given x{i}: u64\n" for i in range(n - 1)) + "}"),
    "runs": (4, lambda n: SCENE + "".join(f"let shelf{i} = fill(cells)\n" for i in range(n)) + "}"),
    "checks": (7, lambda n: f"{RUN}check low(shelf){', low(shelf)' * (n - 1)} }}"),
    "assumed": (30, lambda n: f"{RUN}assuming low(shelf) {{ check low(shelf){', low(shelf)' * (n - 1)} }} }}"),
    "label": (100, lambda n: f"{RUN}check 1 <={' ' * (n - 5)}2 }}"),
}
"""A limit lower than usual, and a text that needs just so much."""


def set_to(name: str, value: int) -> Limits:
    return Limits(**{name.replace("-", "_"): value})


@pytest.mark.parametrize("name", MAKERS)
def test_a_limit_is_reached_one_above_it_and_lifted_by_raising_it(name: str) -> None:
    (row,) = (each for each in LIMITS if each.name == name)
    at, make = MAKERS[name]
    text = make(at).encode()
    found = load_text("some.layout", text, (), set_to(name, at - 1))
    assert isinstance(found, Diagnostic)
    assert found.code == row.code
    assert found.message == f"more than {at - 1} {row.of}"
    assert found.help.startswith(row.remedy)
    assert found.help.endswith(f"--limit {name}=N")
    assert found.span is not None
    assert isinstance(load_text("some.layout", text, (), set_to(name, at)), p.Program)


def test_every_limit_is_tried() -> None:
    assert {row.name for row in LIMITS} == {*MAKERS, "modules"}


def test_the_limit_of_modules_counts_the_files_of_a_program(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"m{number}.layout").write_text(f"use m{number + 1}\n")
    (tmp_path / "m3.layout").write_text("")
    found = load(tmp_path / "m0.layout", (), Limits(modules=3))
    assert isinstance(found, Diagnostic)
    assert "more than 3 files in a program" in found.message
    assert isinstance(load(tmp_path / "m0.layout", (), Limits(modules=4)), p.Program)


@pytest.mark.parametrize("name", ["layout-bytes", "tokens", "word", "text", "depth"])
def test_the_formatter_has_the_limits_of_the_text(name: str) -> None:
    at, make = MAKERS[name]
    found = format_text("some.layout", make(at).encode(), set_to(name, at - 1))
    assert isinstance(found, Diagnostic)
    assert found.help.endswith(f"--limit {name}=N")
    assert isinstance(format_text("some.layout", make(at).encode(), set_to(name, at)), str)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("layout-bytes", " " * 600_000),
        ("tokens", "".join(f"const {{}}{i}: u64 = 1 " for i in range(3_400))),
        ("checks", RUN + "check low(shelf) " * 300 + "}"),
    ],
)
def test_limits_are_for_all_files_of_a_program_together(name: str, text: str, tmp_path: Path) -> None:
    for module in ("one", "two"):
        (tmp_path / f"{module}.layout").write_text(text.replace("{}", module))
        assert isinstance(load(tmp_path / f"{module}.layout", ()), p.Program)
    (tmp_path / "both.layout").write_text("use one, two\n")
    found = load(tmp_path / "both.layout", ())
    assert isinstance(found, Diagnostic)
    assert f"--limit {name}=N" in found.help


def test_a_module_that_is_used_many_times_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "one.layout").write_text("".join(f"const A{i}: u64 = {i}\n" for i in range(5_000)))
    text = f"use one{', one' * 4_000}\n"
    start = time.process_time()
    assert isinstance(load_text("many.layout", text.encode(), (tmp_path,)), p.Program)
    assert time.process_time() - start < 2


def test_every_limit_stops_a_hostile_file() -> None:
    reached = {name for name, _ in HOSTILE.values()}
    assert {row.name for row in LIMITS} - reached == {"modules"}
