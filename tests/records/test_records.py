"""The list of records is complete, and what it says of each is so."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.helpers.places import DATA, ROOT
from tests.records.manifest import Record, records

RECORDS = records()
KEPT = ("*.txt", "*.md", "*.json", "*/expected.json")
"""The files in tests/data that are records; all others there are read by the checker, or tell of such."""


def test_every_record_is_listed_once() -> None:
    listed = [record.file for record in RECORDS.values()]
    benchmarks = ROOT / "tests" / "benchmarks"
    kept = {path for pattern in KEPT for path in DATA.glob(pattern)} | {
        *benchmarks.glob("results.*"),
        *benchmarks.glob("*.md"),
    }
    assert len(listed) == len(set(listed))
    made_elsewhere = {"README.md", "docs/codes", "docs/page-tables.md", "docs/tutorial.md", "models/bugs/README.md"}
    assert {str(path.relative_to(ROOT)) for path in kept} == set(listed) - made_elsewhere


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_what_the_list_says_of_a_record_is_there(record: Record) -> None:
    assert (ROOT / record.file).exists()
    assert all((ROOT / each).exists() for each in record.inputs)
    assert record.inputs
    if record.made:
        assert find_spec(record.made[0]) is not None


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_is_fresh_by_a_test_or_has_an_age(record: Record) -> None:
    assert bool(record.held_by) == (record.age == 0)
    if record.held_by:
        told = (ROOT / record.held_by).read_text()
        assert record.file.rpartition("/")[2] in told, "the test reads the record"
