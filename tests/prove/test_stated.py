"""Invariants that a file states: tried, never believed, and told of where they do not help."""

from __future__ import annotations

import pytest

from checker.prove import Help, Result, Verdict
from tests.helpers.loading import load_source, verdicts

STEPS = """
algorithm in_turns(map: MemoryMap) {{
    var phase: u8 = 0
    var further: bytes = 0
    for region in map where region.runtime {{
        {stated}
        if phase == 0 {{
            place region at EFI_WINDOW.start +% further
            further +%= 4K
            phase = 1
        }} else if phase == 1 {{
            further +%= 8K
            phase = 2
        }} else {{
            further -%= 12K
            phase = 0
        }}
    }}
}}

scenario in_step {{
    given map: MemoryMap where well_formed(map)
    let made = in_turns(map)
    check each r in made where r.placed: r.virt_addr == EFI_WINDOW.start
}}
"""


def decided(stated: str) -> Result:
    """The result on regions that are placed in every third turn, with something stated of the pass."""
    ((_, result),) = verdicts(load_source(STEPS.format(stated=stated)), twice=True)
    return result


def helped(result: Result) -> list[Help]:
    return [each.help for each in result.stated]


def test_what_no_template_finds_is_proved_with_an_invariant() -> None:
    assert decided("").verdict is Verdict.PROVED_TO_BOUND
    found = decided("invariant (phase == 1 => further == 4K) and (phase > 1 => further == 12K)")
    assert found.verdict is Verdict.PROVED
    assert helped(found) == [Help.NEEDED]


@pytest.mark.parametrize(
    ("stated", "help"),
    [
        ("invariant phase == 1 => further == 8K", Help.BROKEN),
        ("invariant further <= 8K", Help.BROKEN),
        ("invariant each r in map where r.placed: r.virt_addr == EFI_WINDOW.start", Help.BROKEN),
        ("invariant each r in map where r.placed: r.visited", Help.HOLDS),
    ],
)
def test_what_is_false_or_does_not_help_proves_nothing(stated: str, help: Help) -> None:
    found = decided(stated)
    assert found.verdict is Verdict.PROVED_TO_BOUND
    assert helped(found) == [help]


def test_an_invariant_that_rests_on_another_one_is_shown_with_it() -> None:
    """The property itself is kept by a turn only where a first phase begins at the start."""
    found = decided(
        "invariant each r in map where r.placed: r.virt_addr == EFI_WINDOW.start\n"
        "        invariant (phase == 1 => further == 4K) and (phase > 1 => further == 12K)"
    )
    assert found.verdict is Verdict.PROVED
    assert helped(found) == [Help.NEEDED, Help.NEEDED]


@pytest.mark.parametrize(("stated", "help"), [("2 <= 4", Help.HOLDS), ("4 <= 2", Help.BROKEN)])
def test_what_is_so_in_a_word_is_no_other_premise(stated: str, help: Help) -> None:
    """That an assumption about neighbours is transitive is shown from premises of which one is `true` as well."""
    text = STEPS.format(stated=f"invariant each r in map: {stated}").replace(
        "where well_formed(map)", "where each a next b in map: a.phys_addr < b.phys_addr"
    )
    text = text.replace("r.virt_addr == EFI_WINDOW.start", "r.runtime")
    ((_, found),) = verdicts(load_source(text), twice=True)
    assert found.verdict is Verdict.PROVED
    assert helped(found) == [help]


def test_what_a_refuted_check_tried_is_not_told_of() -> None:
    text = STEPS.format(stated="invariant phase == 1 => further == 8K")
    text = text.replace("r.virt_addr == EFI_WINDOW.start", "r.virt_addr != EFI_WINDOW.start")
    ((_, found),) = verdicts(load_source(text))
    assert found.verdict is Verdict.REFUTED
    assert found.stated == ()


def test_where_the_proof_ends_the_turn_and_the_state_before_it_are_told() -> None:
    """Only a first phase that begins further on puts the region elsewhere."""
    gap = decided("").gap
    assert gap is not None
    line = STEPS.format(stated="").splitlines().index("    for region in map where region.runtime {") + 2
    assert (gap.line, gap.turn) == (line, "w1")
    (region,) = gap.regions
    assert (region.before["placed"], region.after["placed"], region.visited) == (0, 1, False)
    assert region.before["num_pages"] == 1, "it is as small as it can be"
    further, phase = sorted(gap.variables, key=lambda each: each.name)
    assert (further.name, phase.name) == ("further", "phase")
    assert (phase.before, phase.after) == (0, 1)
    assert further.before != 0
    assert "each w in map: w.placed => w.visited" in gap.held
