"""The tutorial, executed from its first line to its last.

`python -m tests.docs.test_tutorial` writes what the commands print now into it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.helpers.documents import furnish, replay, steady
from tests.helpers.places import ROOT

PAGE = ROOT / "docs" / "tutorial.md"


@pytest.mark.slow
def test_every_command_of_the_tutorial_prints_what_is_shown(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert steady(text) == steady(replay(text, furnish(tmp_path)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(replay(PAGE.read_text(encoding="utf-8"), furnish(Path(folder))), encoding="utf-8")
