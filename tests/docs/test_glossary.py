"""docs/glossary.md: its words are those of the code."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.helpers.places import ROOT

ROWS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| (?:`([\w.]+)`)? ?\|$", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE
)
NAMED = [(word, place) for word, _, place in ROWS if place]


def test_every_row_of_the_glossary_is_read() -> None:
    rows = [line for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    assert len(ROWS) == len([row for row in rows if not row.startswith("| word ")])


def test_a_word_stands_there_once_and_in_order_of_the_alphabet() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    words = [word.lower() for word, _, _ in ROWS]
    assert len(words) == len(set(words))
    for section in text.split("\n## ")[1:]:
        listed = re.findall(r"^\| (?!word |---)([^|]+?) \|", section, re.MULTILINE)
        assert listed == sorted(listed, key=str.lower)


@pytest.mark.parametrize(("word", "place"), NAMED, ids=[word for word, _ in NAMED])
def test_a_word_that_names_something_in_the_code_does(word: str, place: str) -> None:
    where, _, name = f"checker.{place}".rpartition(".")
    is_module = find_spec(where) is not None and hasattr(import_module(where), "__path__")
    assert (is_module and find_spec(f"checker.{place}") is not None) or hasattr(import_module(where), name), word
