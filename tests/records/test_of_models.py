"""A record that takes hours says of each row what it is of, and which models it does not know as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import library
from tests.records import external, mutants
from tests.records.of_models import digest_of, rows_of, standing

RECORDS = (mutants.RECORD, external.RECORD)


def test_a_model_whose_text_changed_or_that_is_new_is_named(tmp_path: Path) -> None:
    models = {name: tmp_path / f"{name}.layout" for name in ("kept", "edited", "new")}
    for name, path in models.items():
        path.write_text(name)
    rows = [f"| {name} | {digest_of(name.encode())} | 0abc123 | 30 | 100.0 % |" for name in ("kept", "edited", "gone")]
    models["edited"].write_text("edited once more")
    assert list(standing("\n".join(rows), models).lines()) == [
        "On record are 1 of 3 models as they are.",
        "Of an older text are 1: edited.",
        "Not on record are 1: new.",
    ]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_each_row_of_a_record_has_a_stamp(record: Path) -> None:
    text = record.read_text()
    table = [line.split(" | ")[0][2:] for line in text.splitlines() if line.startswith("| ")][2:]
    assert table == sorted(rows_of(text))
    assert len(table) > 10


def test_what_is_on_record_of_other_mutants_stays(tmp_path: Path) -> None:
    """A run over some models keeps the rows and the survivors of the others."""
    before = mutants.parts(mutants.RECORD.read_text())
    assert set(before) <= set(library.models())
    again = mutants.parts(mutants.text_of(before))
    assert again == before
    assert any(len(lines) > 1 for lines in before.values())
