"""The benchmarks run, and what is kept of them is what they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.library import open_program

from .groups import COMMANDS, FLOOR, LABELS, Bench
from .growing import growth
from .growing.families import FAMILIES
from .measure import python, spread, warm_bytecode
from .table import markdown

HERE = Path(__file__).parent


def test_the_tables_that_are_kept_are_those_of_the_figures_that_are_kept() -> None:
    report = json.loads((HERE / "results.json").read_text())
    assert markdown(report) == (HERE / "results.md").read_text()
    assert [row["command"] for row in report["processes"]] == list(COMMANDS)
    assert [row["property"] for row in report["growth"]] == list(LABELS)
    assert report["about"]["command"].startswith("python -m tests.benchmarks")


def test_a_process_is_measured_and_one_that_takes_too_long_is_ended() -> None:
    with warm_bytecode() as environment:
        done = python("-c", "print(sum(range(2_000_000)))", environment=environment, limit=30)
        late = python("-c", "import time; time.sleep(30)", environment=environment, limit=0.3)
    assert (done.status, done.over, done.output) == (0, False, "1999999000000\n")
    assert 0 < done.cpu < 30
    assert done.megabytes > 5
    assert late.over
    assert late.wall < 25


def test_a_point_is_answered_for_every_length_and_for_one() -> None:
    with warm_bytecode() as environment:
        bench = Bench(environment, runs=1, limit=60)
        point = bench.point(LABELS[1])
        unrolled = bench.point(LABELS[1], "1")
        late = Bench(environment, runs=1, limit=0.05).point(LABELS[1], "16")
    assert (point["answer"], unrolled["answer"]) == ("proved", "unsat")
    assert late == {"over": True, "answer": None, "seconds": None}


def test_a_median_has_its_ends() -> None:
    assert (spread([3.0, 1.0, 2.0]).median, spread([3.0, 1.0]).low, spread([3.0, 1.0]).high) == (2.0, 1.0, 3.0)
    assert FLOOR in COMMANDS


def test_what_is_kept_of_growth_is_of_the_families_that_there_are_and_in_its_table() -> None:
    points = json.loads(growth.KEPT.read_text())
    assert growth.table(points) == growth.TABLE.read_text()
    assert set(points) == set(FAMILIES)
    for of in points.values():
        assert all(each["over"] == (each["cpu"] > growth.MOST) for each in of.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_programs_of_every_size_that_are_right_and_differ(family: str, tmp_path: Path) -> None:
    texts = [FAMILIES[family](size) for size in growth.SIZES]
    assert len(set(texts)) == len(texts)
    for text in (texts[0], texts[-1]):
        (tmp_path / "grown.layout").write_text(text)
        assert not isinstance(open_program(tmp_path / "grown.layout"), Diagnostic)


def test_a_point_is_decided_or_ended_when_it_had_its_time() -> None:
    text = FAMILIES["flags"](1)
    assert growth.measured(text)["verdicts"] == ["proved", "proved"]
    late = growth.measured(text, most=0)
    assert (late["over"], late["verdicts"]) == (True, [])
