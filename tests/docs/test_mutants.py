"""The page on mutants: what it shows is what the command prints."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.documents import replay, steady
from tests.helpers.places import ROOT

PAGE = ROOT / "docs" / "mutants.md"


def test_the_example_is_what_the_command_prints(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert steady(text) == steady(replay(text, tmp_path))
