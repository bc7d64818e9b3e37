"""Faults put into the checker on purpose: each is reached, and caught by the checks that are named beside it.

`tests.prove.faults` has the faults and the checks. The table goes
to tests/data/seeded-faults.md; `python -m tests.records --write seeded-faults` writes it
anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checker.solvers import SOLVERS
from tests.helpers import seams
from tests.helpers.patching import Seam, Table, forget
from tests.helpers.places import ROOT
from tests.prove.faults import (
    arithmetic,
    assumptions,
    authors,
    certificates,
    counterexamples,
    entries,
    goals,
    handovers,
    history,
    interpreter,
    invariants,
    lasting,
    loops,
    neighbours,
    obligations,
    outcomes,
    pieces,
    previous,
    runs,
    statements,
    tallies,
    totals,
)
from tests.prove.faults.checks import Check
from tests.prove.faults.seeding import Fault, Seeding

TABLE = ROOT / "tests" / "data" / "seeded-faults.md"
FAMILIES = (
    arithmetic,
    statements,
    assumptions,
    handovers,
    loops,
    entries,
    history,
    neighbours,
    pieces,
    previous,
    authors,
    runs,
    invariants,
    lasting,
    tallies,
    totals,
    goals,
    obligations,
    outcomes,
    counterexamples,
    certificates,
    interpreter,
)
FAULTS = [fault for family in FAMILIES for fault in family.FAULTS]

SEAMS = [each for each in vars(seams).values() if isinstance(each, Seam | Table)]

GOLDEN = {check for fault in FAULTS for check in fault.caught_by if check.kind == "golden verdict"}
"""These notice any other verdict than the one that is stated, and some that are stated are not always found."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.text)
def test_caught(fault: Fault) -> None:
    assert fault.caught_by
    for check in fault.caught_by:
        forget()
        check.prepare()
        with pytest.MonkeyPatch.context() as patch:
            seeding = Seeding(patch)
            fault.seed(seeding)
            assert check.notices(patch), f"{check.name} does not notice"
            assert all(seeding.reached.values()), f"{check.name} does not come to it: {seeding.reached}"


@pytest.fixture(autouse=True)
def _leaving_nothing() -> Iterator[None]:
    yield
    forget()


@pytest.mark.slow
@pytest.mark.parametrize("check", sorted(GOLDEN, key=lambda check: check.name), ids=lambda check: check.name)
def test_without_a_fault_nothing_is_noticed(check: Check) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert not check.notices(patch)


RESTS_ON = ("program/walk", "program/slice", "verify/certificate", "verify/replay")
"""Modules on which verdicts rest, beside the prover's, the interpreter's and the solvers'."""

NOT_SEEDED = {
    "checker.prove.results": "values",
    "checker.prove.rounds": "the order in which a check is tried, which no verdict rests on",
    "checker.prove.system.state": "values",
    "checker.prove.invariants.induction": "where a proof ends, which no verdict rests on",
    "checker.prove.invariants.of_runs": "what candidates are made from",
    "checker.prove.invariants.subject": "what candidates are made from",
    "checker.prove.invariants.told": "the sums that are looked at, which are sums of what the map decides in any case",
    "checker.prove.proof.naming": "invariants in words",
    "checker.prove.search.fewest": "where a bound is to be looked for, which no verdict rests on",
    "checker.prove.search.long_maps": "maps to try, of which the interpreter has the last word",
    "checker.prove.search.least": "that a counterexample is the least, which no verdict rests on",
    "checker.prove.terms.effort": "what may be spent",
    "checker.prove.terms.words": "invariants in words",
    **{
        f"checker.prove.invariants.templates.{path.stem}": "candidates, of which only those are kept that hold"
        for path in (ROOT / "checker" / "prove" / "invariants" / "templates").glob("[a-z]*.py")
    },
    "checker.solvers.backend": "values",
    "checker.solvers.registry": "values",
    "checker.solvers.self_test": "what is asked of other solvers, to see whether they work",
    **{f"checker.solvers.{name.replace('-', '_')}": "another solver" for name in SOLVERS},
}
"""Modules on which no verdict rests, and what they are."""


def test_every_module_on_which_a_verdict_rests_has_a_fault() -> None:
    rooms = [path for room in ("prove", "interpret", "solvers") for path in (ROOT / "checker" / room).rglob("*.py")]
    paths = [*rooms, *(ROOT / "checker" / f"{name}.py" for name in RESTS_ON)]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths if path.stem != "__init__"}
    seeded = {seam.module for fault in FAULTS for seam in fault.seams}
    assert names - seeded == NOT_SEEDED.keys()


def test_every_fault_and_every_seam_has_an_idea_of_its_own() -> None:
    for ideas in ([fault.text for fault in FAULTS], [seam.idea for seam in SEAMS]):
        assert len(ideas) == len(set(ideas))


def test_table() -> None:
    assert TABLE.read_text() == table()


def table() -> str:
    lines = ["# Faults seeded into the checker, and the checks that catch them", ""]
    lines += [
        "Written by tests/prove/test_seeded_faults.py, which puts each fault in its place, sees that it is reached,"
    ]
    lines += [f"and that each check named notices. There are {len(FAULTS)}.", ""]
    for family in FAMILIES:
        lines += [f"## {(family.__doc__ or '').rstrip('.')}", ""]
        lines += ["| in the place of | fault | caught by |", "| --- | --- | --- |"]
        for each in family.FAULTS:
            places = ", ".join(seam.idea for seam in each.seams)
            lines.append(f"| {places} | {each.text} | {', '.join(check.name for check in each.caught_by)} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    TABLE.write_text(table())
