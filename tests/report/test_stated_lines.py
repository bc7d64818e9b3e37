"""Invariants that a file states and no proof needs: for which checks they were shown."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.command import mapproof

IN_TURNS = """
use uefi, x86_64, invariants

algorithm in_turns(map: MemoryMap) {
    var phase: u8 = 0
    for region in map where region.runtime {
        invariant phase <= 7
        place region at EFI_WINDOW.start
        if phase == 0 { phase = 1 } else { phase = 0 }
    }
}

scenario any_map {
    given map: MemoryMap where well_formed
    let made = in_turns(map)
    check congruent(made) expect refuted
    check only_runtime_placed(made)
    check all_runtime_placed(made)
}
"""


def test_an_invariant_that_no_proof_needs_is_told_with_the_checks_for_which_it_was_shown(tmp_path: Path) -> None:
    (tmp_path / "turns.layout").write_text(IN_TURNS)
    done = mapproof("verify", "turns.layout", "--no-cache", cwd=tmp_path)
    assert done.returncode == 0
    (told,) = (line for line in done.stdout.splitlines() if "invariant" in line)
    assert told == (
        "turns.layout:7: no proof needs this invariant: it is shown in what was tried for only_runtime_placed(made) "
        "and 1 more"
    )
