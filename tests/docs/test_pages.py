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


@pytest.mark.parametrize("page", ["spec/language.md", "README.md", "CONTRIBUTING.md", "tests/README.md"])
def test_a_file_that_is_named_with_its_path_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:checker|tests|docs|spec|models)/[\w./-]*\w)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", sorted(path.name for path in (DOCS / "adding").glob("*.md")))
def test_a_recipe_names_files_that_are_there(page: str) -> None:
    text = (DOCS / "adding" / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:checker|tests|docs|spec)/[\w./-]*\w)`", text)
    assert [path for path in named if not re.search("NAME|FAMILY", path) and not (ROOT / path).exists()] == []


def test_the_page_on_json_lists_every_schema() -> None:
    listed = re.findall(r"\(schema/([\w.]+)\)", (DOCS / "json.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in (DOCS / "schema").iterdir())
