"""The record of budgets: which layouts it has, and that it says what is missing."""

from __future__ import annotations

from tests.records.budgets import RECORD, asked, cells, kept, layouts


def test_every_shipped_layout_has_a_row_or_is_named_as_one_that_was_not_run() -> None:
    text = RECORD.read_text(encoding="utf-8")
    missing = text.partition("Not run yet: ")[2].partition(".\n")[0].split(", ")
    assert sorted([*kept(), *filter(None, missing)]) == sorted(layouts())


def test_of_every_algorithm_that_has_none_it_is_said_why() -> None:
    text = RECORD.read_text(encoding="utf-8")
    for name, refused in asked().items():
        assert refused is None or f"- {name}: {refused.message}\n" in text


def test_a_budget_that_is_not_exact_says_what_it_is_instead_and_one_that_is_undecided_why() -> None:
    for name, line in kept().items():
        _, answer, proved, refuted, slack, seconds, why = (cell.strip() for cell in line.strip("|").split(" | "))
        assert answer in ("exact", "gap", "unneeded", "none", "undecided"), name
        assert bool(why) == (answer in ("gap", "undecided")) or answer == "gap", name
        assert float(seconds) > 0, name
        if answer == "exact":
            assert int(refuted, 16) - int(proved, 16) == 0x1000, name
            assert int(slack, 16) % 0x1000 == 0, name


def test_bounds_stand_in_a_row_as_the_command_gives_them() -> None:
    found = {"answer": "exact", "proved": 0x2000, "refuted": 0x3000, "slack": None}
    assert list(cells(found)) == ["exact", "0x2000", "0x3000", ""]
