"""The parser's tables are kept between runs, where nobody else can have changed them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.base.files import own_folder
from checker.language.syntax import parse
from tests.helpers.command import program


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".cache" / "mapproof"


def tables(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_they_are_kept_once_for_each_python(folder: Path) -> None:
    parse.parser.__wrapped__()
    (kept,) = tables(folder)
    before = kept.stat()
    parse.parser.__wrapped__()
    assert tables(folder) == [kept]
    assert kept.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("damage", [b"", b"no tables at all", None], ids=["empty", "other", "cut"])
def test_damaged_ones_are_made_anew(folder: Path, damage: bytes | None) -> None:
    parse.parser.__wrapped__()
    (kept,) = tables(folder)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    parser = parse.parser.__wrapped__()
    assert kept.stat().st_size > 0.9 * len(whole)
    assert parser.parse(program("check low(shelf)"), start="module").data == "module"


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_folder_that_others_can_write_to_is_not_used(folder: Path, mode: int) -> None:
    folder.mkdir(parents=True)
    folder.chmod(mode)
    assert own_folder() is None
    parse.parser.__wrapped__()
    assert tables(folder) == []


def test_without_a_folder_it_works_as_well(folder: Path) -> None:
    folder.parent.write_text("no folder")
    assert own_folder() is None
    assert parse.parser.__wrapped__().parse(program("check low(shelf)"), start="module").data == "module"
