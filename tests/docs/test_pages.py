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
    listed = re.findall(r"\(schema/([\w.-]+)\)", (DOCS / "json.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in (DOCS / "schema").iterdir())


PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")))


@pytest.mark.parametrize("page", PAGES)
def test_who_reads_a_page_in_a_clone_can_follow_its_links(page: str) -> None:
    """The pages that the site alone has are made of files that are linked to here."""
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s#:]+)(?:#[\w-]*)?\)", text)
    assert [each for each in links if not ((ROOT / page).parent / each).exists()] == []
