"""The pages of the site: what they tell of the code is so. That links lead somewhere, the generator checks."""

from __future__ import annotations

import re

import pytest

from tests.helpers.places import ROOT

DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", ["architecture.md", "walks.md"])
def test_a_place_in_the_code_that_is_named_is_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for place in re.findall(
        r"`((?:base|program|language|interpret|prove|library|memmap|layouts|verify|report)/\w[\w/]*)", text
    ):
        path = ROOT / "checker" / place
        assert path.is_dir() or path.with_suffix(".py").is_file(), place
