"""The page on budgets: what it shows is what the command prints.

``python -m tests.docs.test_budget`` writes it.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.documents import replay, steady
from tests.helpers.places import ROOT

PAGE = ROOT / "docs" / "budget.md"


def test_the_example_is_what_the_command_prints(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert steady(text) == steady(replay(text, tmp_path))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        PAGE.write_text(replay(PAGE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
