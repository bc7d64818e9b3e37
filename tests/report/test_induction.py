"""Where a proof ends, as it is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checker import library
from checker.program.types import U64
from checker.prove import InductionGap, RegionState
from checker.prove.results import VariableState
from checker.report.lines import plain
from checker.report.views.induction import gap_lines, json_gap

NAPKIN = library.open_program(Path(__file__).with_name("napkin.layout"))

BEFORE = {"kind": 0, "base": 0x2000, "spot": 0, "chunks": 4, "access": 3, "placed": 0, "exported": 0, "dropped": 0}
PLACED = {**BEFORE, "spot": 0x9000, "placed": 1}
GAP = InductionGap(
    "apart",
    12,
    "x",
    (RegionState("w1", "laid", PLACED, PLACED, True), RegionState("x", "laid", BEFORE, {**PLACED, "access": 1}, False)),
    (VariableState("cursor", "laid", U64, 5, 6), VariableState("other", "laid", U64, 7, 7)),
    tuple(f"fact {number}" for number in range(30)),
)

DRAWN = """\
the proof ends in the pass of line 12: for all that is known, apart is lost where x has its turn
  region  [base, end)     chunks    size  kind  access      had its turn  is put at
  w1      0x2000..0xa000       4  32 KiB  ROM   READ|WRITE  yes           0x9000..0x11000
  x       0x2000..0xa000       4  32 KiB  ROM   READ|WRITE  no            no address -> 0x9000..0x11000
  cursor = 5 -> 6
  other = 7
  access of x: READ|WRITE -> READ
no run need come there: an invariant that excludes it would help (`invariant` in the pass)
"""


def drawn(gap: InductionGap, *, verbose: bool = False) -> str:
    assert isinstance(NAPKIN, library.Program)
    return plain(gap_lines(NAPKIN.program.scenarios[0], gap, verbose=verbose))


def test_the_state_before_the_turn_is_a_table_with_what_the_turn_changes() -> None:
    assert drawn(GAP) == DRAWN


def test_where_the_pass_begins_there_is_no_turn() -> None:
    assert drawn(replace(GAP, turn=None)).splitlines()[0].endswith("apart is lost where the pass begins")


def test_few_of_the_invariants_that_held_are_listed() -> None:
    held = [each for each in drawn(GAP, verbose=True).splitlines() if each.startswith("held: ")]
    assert (len(held), held[0], held[-1]) == (25, "held: fact 0", "held: 6 more")


def test_a_program_gets_the_same() -> None:
    assert isinstance(NAPKIN, library.Program)
    shape = json_gap(NAPKIN.program.scenarios[0].maps[0].record, GAP)
    assert (shape.rule, shape.line, shape.turn) == ("apart", 12, "x")
    assert [(each.name, each.had_its_turn, each.after["placed"]) for each in shape.regions] == [
        ("w1", True, True),
        ("x", False, True),
    ]
    assert [(each.name, each.before, each.after) for each in shape.variables] == [("cursor", 5, 6), ("other", 7, 7)]
