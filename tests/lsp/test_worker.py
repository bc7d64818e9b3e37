"""What is decided for an editor: in this process, without a server."""

from __future__ import annotations

import os
from pathlib import Path

from checker.language import Desk
from checker.lsp.documents import open_document
from checker.lsp.verdicts import Request, Told
from checker.lsp.worker import decide
from checker.verify.cache.decide import Caching
from checker.verify.cache.store import Store
from tests.helpers.command import program

TEXT = program("check low(shelf) check none(shelf) expect refuted")


def request(path: Path, text: str = TEXT) -> Request:
    read = open_document(path, text, Desk()).study.program
    assert read is not None
    return Request(os.getpid(), str(path), {str(path): text}, list(read.sources), 1, 60.0, 2 << 30)


def test_what_was_decided_is_kept_and_not_believed(tmp_path: Path) -> None:
    caching = Caching(Store(tmp_path / "kept"))
    titles = []
    for _ in range(2):
        told: list[Told] = list(decide(request(tmp_path / "kept.layout"), caching))
        titles.append([each.title for each in sorted(told, key=lambda each: each.position)])
        kept = sorted((tmp_path / "kept").rglob("*.json"))
        assert len(kept) == 2
        for each in kept:
            # Of what is said there nothing is told that was not seen.
            each.write_text(each.read_text(encoding="utf-8").replace("refuted", "proved"), encoding="utf-8")
    assert titles[0] == titles[1]
    assert titles[0][0] == "proved"
    assert titles[0][1].startswith("refuted: 1 region, ")


def test_what_was_changed_since_is_not_decided(tmp_path: Path) -> None:
    path = tmp_path / "changed.layout"
    asked = request(path)
    other = Request(asked.server, asked.path, {str(path): TEXT + "# more\n"}, asked.sources, 1, 60.0, 2 << 30)
    assert list(decide(other)) == []
