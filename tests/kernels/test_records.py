"""The records of real kernels say that nothing differs that is not understood."""

from __future__ import annotations

import re

import pytest

from tests.helpers.places import DATA
from tests.kernels.comparisons import COMPARISONS
from tests.kernels.fetch import PACKAGES
from tests.kernels.mutations import MUTATIONS, REFACTORINGS

TREES = (DATA / "kernel-trees.md").read_text(encoding="utf-8")
IMPORTS = (DATA / "kernel-imports.md").read_text(encoding="utf-8")


HEADS = ("functions", "binding", "change", "---")


def rows(text: str, package: str) -> list[list[str]]:
    """The cells of all tables in the part about a package, without their heads."""
    part = re.split(r"^## ", text, flags=re.MULTILINE)
    mine = next(each for each in part if each.startswith(f"{package} "))
    lines = re.findall(r"^\| (.*) \|$", mine, re.MULTILINE)
    return [line.split(" | ") for line in lines if not line.startswith(HEADS)]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_model_says_what_the_compiled_functions_do(package: str) -> None:
    found = {
        (cells[0], cells[1]): [int(each) for each in cells[2:6]] for cells in rows(TREES, package) if len(cells) == 7
    }
    assert found.keys() == {(each.functions, each.model) for each in COMPARISONS}
    assert sum(maps for maps, *_ in found.values()) >= 100_000
    for maps, alike, outside, differ in found.values():
        assert differ == 0
        assert maps == alike + outside
        assert alike > outside


@pytest.mark.parametrize("package", PACKAGES)
def test_every_change_is_told_from_what_changes_nothing(package: str) -> None:
    found = {cells[0]: cells[1:] for cells in rows(TREES, package) if len(cells) == 6}
    assert len(MUTATIONS) >= 10
    for each in MUTATIONS:
        assert found[each.text][2].startswith("differ, smallest map: "), each.text
        assert found[each.text][3] == "yes", each.text
    for each in REFACTORINGS:
        assert (found[each.text][0], found[each.text][2]) == ("0", "alike on every map, proved"), each.text


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_read_does_what_the_compiled_functions_do(package: str) -> None:
    found = rows(IMPORTS, package)
    assert found
    for _, _, seconds, maps, alike, differ, _ in found:
        assert not seconds.startswith("refused")
        assert differ == "0"
        assert maps == alike
