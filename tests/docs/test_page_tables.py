"""The page on page tables: its maps are counterexamples of the tool, and what a processor finds is told by tables that
are filled entry by entry.

`mapproof verify --counterexamples` writes such maps, `python -m tests.docs.test_page_tables` the page's blocks anew.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import checker
from tests.helpers.places import DATA, ROOT
from tests.oracles.page_tables import PAGE, Tables

DOCUMENT = ROOT / "docs" / "page-tables.md"
FOLDER = DATA / "page-tables"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
_BLOCK = re.compile(r"^```text\n([\w-]+)\n.*?^```$", re.MULTILINE | re.DOTALL)


def shown(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def number(value: str | int) -> int:
    return value if isinstance(value, int) else int(value, 16)


def placed(example: dict[str, Any]) -> dict[str, Any]:
    """The one region, as it was laid out."""
    layouts = example["layouts"]
    (region,) = layouts.get("laid", layouts["made"])["regions"]
    found: dict[str, Any] = region
    return found


def found_at(example: dict[str, Any]) -> int | None:
    """The frame that a processor finds for the page that the example looks at."""
    region = placed(example)
    # Models that are not given it are about one kind of processor.
    file = example["model"]["file"]
    huge_pages = bool(example["scalars"].get("gbpages", "without" not in file))
    tables = Tables(huge_pages, five_levels="five-levels" in file)
    for entry in example.get("beside", {}).get("tables", ()):
        tables.put(number(entry["address"]), number(entry["frame"]))
    tables.map(number(region["phys_addr"]), number(region["virt_addr"]), region["num_pages"])
    return tables.look_up(number(example["scalars"]["page"]))


def own_frame(example: dict[str, Any]) -> int | None:
    """The frame that the page should have; None where the region does not hold it."""
    region, page = placed(example), number(example["scalars"]["page"])
    physical, virtual = number(region["phys_addr"]), number(region["virt_addr"])
    inside = virtual < page + PAGE and page < virtual + region["num_pages"] * PAGE
    return (physical + page - virtual) // PAGE * PAGE if inside else None


def block(name: str) -> str:
    example = shown(name)
    region = placed(example)
    physical, pages = number(region["phys_addr"]), region["num_pages"]
    rows = [("map", f"{physical:#x}..{physical + pages * PAGE:#x}, {pages} page{'s' * (pages != 1)}")]
    rows += [
        ("there already", f"{each['address']}, with frame {each['frame']}")
        for each in example.get("beside", {}).get("tables", ())
    ]
    rows.append(("mapped at", f"{number(region['virt_addr']):#x}"))
    rows.append(("looked at", f"{number(example['scalars']['page']):#x}"))
    rows.append(("found there", _frame(found_at(example), "nothing")))
    rows.append(("should be", _frame(own_frame(example), "nothing, no region has this page")))
    rows.append(("refutes", example["property"]))
    return "\n".join(["```text", name, *(f"  {what:14}{said}" for what, said in rows), "```"])


def _frame(frame: int | None, nothing: str) -> str:
    return nothing if frame is None else f"{frame:#x}"


def written() -> str:
    return _BLOCK.sub(lambda found: block(found[1]), DOCUMENT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_map_of_the_page_still_breaks_its_model_and_a_processor_finds_something_else(name: str) -> None:
    again = checker.replay(FOLDER / f"{name}.json")
    assert isinstance(again, checker.Replayed), again
    assert not again.holds
    assert found_at(shown(name)) != own_frame(shown(name))


def test_the_page_shows_every_map_as_it_is() -> None:
    assert sorted(_BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))) == NAMES
    assert DOCUMENT.read_text(encoding="utf-8") == written()


if __name__ == "__main__":
    text = re.sub(r"^```text\n([\w-]+)\n```$", "```text\n\\1\n\n```", DOCUMENT.read_text(encoding="utf-8"), flags=re.M)
    DOCUMENT.write_text(text, encoding="utf-8")
    DOCUMENT.write_text(written(), encoding="utf-8")
