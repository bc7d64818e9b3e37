"""The attack on what is proved of random programs: it tells what is wrong, and its record says how much was tried."""

from __future__ import annotations

from collections.abc import Sequence

from checker import program as p
from checker.base.diagnostic import Diagnostic
from tests.helpers.loading import load_source
from tests.records.claims import RECORD, SERIES, attacked_scenario
from tests.writers import passes

TEXT = """algorithm fill(map: MemoryMap) { for r in map where r.runtime { place r at EFI_WINDOW.start } }
scenario any {
    given map: MemoryMap where well_formed
    let made = fill(map)
    check each r in made where r.placed: r.runtime
    check each r in made: r.placed expect refuted
}
"""


def of_all(_: p.Scenario, checks: Sequence[p.Check]) -> Sequence[p.Check]:
    """What stands in for a prover that proves everything."""
    return checks


def test_a_claim_that_some_map_breaks_is_told_with_its_place() -> None:
    tally = attacked_scenario(load_source(TEXT).scenarios[0], 60, of_all, "here")
    assert tally.broken == ("here: each r in made: r.placed",)
    assert tally.proved == tally.claims == 2
    assert 0 < tally.applied <= tally.kept <= tally.drawn == 60


def test_nearly_all_programs_of_passes_are_such_as_the_language_accepts() -> None:
    made = [passes.scenario(seed, keeps) for seed in range(12) for keeps in (0, 0.6)]
    assert sum(isinstance(each, Diagnostic) for each in made) <= len(made) / 4


def test_the_record_has_two_hundred_thousand_maps_and_none_that_breaks_what_is_proved() -> None:
    rows = [line.strip("| ").split(" | ") for line in RECORD.read_text().splitlines() if line.startswith("| ")]
    found = {name: [int(cell) for cell in cells] for name, *cells in rows if cells[0].isdigit()}
    assert found.keys() == {*SERIES, "all"}
    *_, kept, _, _, broken = found["all"]
    assert kept >= 200_000
    assert broken == 0
