"""The interpreter's attack on proofs: what the whole line of the prover takes for proved, and is not, is seen by it.

Each fault here is in something that the prover, every other solver and `recheck` start from: the faulty checker says
`proved`, cvc5 confirms every statement of the proof, a certificate of it is accepted. tests/data/attack-faults.md has
the table; `python -m tests.records --write attack-faults` writes it anew.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checker.base.exit_status import ExitStatus
from checker.library import Program
from checker.program.valuation import Valuation
from checker.prove import Limits, Result, Verdict
from checker.verify import replay
from checker.verify.attack import Attacked, Attacker, Broken
from checker.verify.certificate import Rechecking
from checker.verify.cross_check import second_opinions
from checker.verify.plan import Task, plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, attack, prove
from tests.helpers.loading import load_file, load_source
from tests.helpers.patching import forget
from tests.helpers.places import DATA, FOOLING, FOOLING_RUNS
from tests.prove.faults import (
    arithmetic,
    assumptions,
    counterexamples,
    handovers,
    loops,
    obligations,
    outcomes,
    runs,
    statements,
)
from tests.prove.faults.seeding import Fault, Seeding

TABLE = DATA / "attack-faults.md"
FAMILIES = (arithmetic, assumptions, counterexamples, handovers, loops, obligations, outcomes, runs, statements)
FOLDERS = (FOOLING, FOOLING_RUNS)


@dataclass(frozen=True)
class Fooled:
    """A fault by its text, and a check that is wrong and that the faulty checker proves."""

    fault: str
    name: str
    scenario: str
    label: str
    maps: int | None = None
    """How many maps it takes (`--attack`), where those that a tenth of the proof pays for are not enough."""

    @property
    def seeded(self) -> Fault:
        return next(each for family in FAMILIES for each in family.FAULTS if each.text == self.fault)

    @property
    def path(self) -> Path:
        return next(path for folder in FOLDERS if (path := folder / f"{self.name}.layout").exists())

    def task(self) -> Task:
        """The check alone."""
        program = Program(self.name, self.path, load_file(self.path))
        for task in plan([program], (self.label.split("(")[0],)):
            if program.program.scenarios[task.scenario].name == self.scenario:
                for position, check in zip(task.positions, task.checks, strict=True):
                    if check.label == self.label:
                        return replace(task, positions=(position,))
        raise LookupError(self.label)


FOOLED = (
    Fooled("a cast that cuts owes nothing", "pages-cut", "broken", "exact_arithmetic(first)"),
    Fooled("what stands behind `and` owes nothing", "short-circuit", "broken", "exact_arithmetic(second)"),
    Fooled(
        "checked operators in filters owe nothing",
        "wrap-in-filter",
        "broken",
        "exact_arithmetic(first)",
    ),
    Fooled(
        "`continue` in a branch ends nothing",
        "forgotten-on-continue",
        "broken",
        "no_overlap(first)",
    ),
    Fooled(
        "an assumption about some regions is made of all",
        "aligned-only-where",
        "broken",
        "on_pages(first)",
    ),
    Fooled(
        "what is assumed aligned of some regions is so of all",
        "aligned-only-where",
        "broken_among",
        "on_pages(first)",
    ),
    Fooled(
        "addresses that are aligned in one map are so in both",
        "aligned-in-one-map",
        "broken",
        "agree(first, again)",
        1_000,
    ),
    Fooled(
        "maps that are alike do not differ", "depends-on-boot-services", "broken", "independent(first, again)", 1_000
    ),
    Fooled("a hand-over does not cut fields", "cut-on-the-way", "broken", "same(first, second)"),
    Fooled("dropped regions travel", "dropped-and-passed", "broken", "there(first, second)"),
    Fooled("a run that another check is about has to exist", "choice-of-another-run", "broken", "fits(first)"),
)


@pytest.fixture(autouse=True)
def _leaving_nothing() -> Iterator[None]:
    yield
    forget()


@pytest.mark.parametrize("fooled", FOOLED, ids=lambda fooled: f"{fooled.fault} ({fooled.name}, {fooled.scenario})")
def test_what_everything_else_takes_for_proved_is_broken(fooled: Fooled) -> None:
    task = fooled.task()
    options = Options(limits=Limits(bound=2), write=True, attack=fooled.maps)
    shown: list[Valuation] = []
    with pytest.MonkeyPatch.context() as patch:
        seeding = Seeding(patch)
        fooled.seeded.seed(seeding)
        proved = _only(prove(task, options))
        assert proved.verdict is Verdict.PROVED
        assert all(seeding.reached.values())
        (asked,) = second_opinions([CheckResult(task, 0, proved)], "cvc5", options)
        assert asked.opinion is not None and asked.opinion.confirms
        again = Rechecking({task.key: [proved]})
        assert _only(again(task, options)).verdict is Verdict.PROVED
        for deciding in (prove, again):
            ((attacked, _),) = attack(task, deciding(task, options), options)
            assert attacked.verdict is Verdict.ERROR
            assert "the interpreter contradicts the proof" in attacked.detail
            assert CheckResult(task, 0, attacked).status is ExitStatus.INTERNAL_ERROR
            assert attacked.counterexample is not None
            shown.append(attacked.counterexample)
    right = fooled.task()
    assert all(replay.breaks(right.subject, right.checks[0], each) for each in shown)


@pytest.mark.parametrize("fooled", FOOLED, ids=lambda fooled: f"{fooled.fault} ({fooled.name}, {fooled.scenario})")
def test_without_the_fault_nothing_is_proved(fooled: Fooled) -> None:
    task = fooled.task()
    assert _only(prove(task, Options())).verdict is not Verdict.PROVED


def _only(results: Iterator[Result]) -> Result:
    (result,) = results
    return result


def test_table() -> None:
    assert TABLE.read_text() == table()


def table() -> str:
    lines = ["# Faults that every solver and `recheck` take over, and that the interpreter's attack catches", ""]
    lines += [
        "Written by tests/verify/test_attack.py, which puts each fault in its place and sees that a wrong check is"
    ]
    lines += ["proved, confirmed by cvc5 and accepted by `recheck`, and that the attack breaks it in both commands."]
    lines += [f"There are {len(FOOLED)}.", ""]
    lines += ["| fault | what is proved with it, and is not so | maps |", "| --- | --- | --- |"]
    for each in FOOLED:
        maps = "as the proof pays for" if each.maps is None else f"{each.maps} (`--attack`)"
        lines.append(f"| {each.fault} | {each.name}, {each.scenario}: `{each.label}` | {maps} |")
    return "\n".join(lines) + "\n"


RIGHT = """
algorithm low(map: MemoryMap) { for r in map { place r at EFI_WINDOW.start } }
scenario s { given map: MemoryMap where well_formed  let first = low(map)  check congruent(first) expect refuted
  check each r in first: r.placed }
"""


def test_maps_that_are_drawn_keep_what_is_assumed() -> None:
    (scenario,) = load_source(RIGHT).scenarios
    found = Attacker(scenario, 200).attack(scenario.checks[1], 0, ())
    assert isinstance(found, Attacked)
    assert found.drawn == 200
    assert found.kept > 150
    assert found.applied > 50


def test_the_map_that_is_shown_has_as_few_regions_as_can_be() -> None:
    (scenario,) = load_source(RIGHT).scenarios
    found = Attacker(scenario, 200).attack(scenario.checks[0], 0, ())
    assert isinstance(found, Broken)
    assert len(found.values.maps["map"]) == 1


def test_the_same_is_drawn_every_time() -> None:
    (scenario,) = load_source(RIGHT).scenarios
    once, again = (Attacker(scenario).attack(scenario.checks[1], 10_000_000, ()) for _ in range(2))
    assert once == again


MANY_FIELDS = """
record Wide extends Descriptor { a: bytes b: bytes c: bytes d: bytes e: bytes }
list WideMap of Wide
algorithm seen(map: WideMap) { for r in map { export r } }
scenario s { given map: WideMap  let first = seen(map)  check each r in first: r.exported }
"""


def test_maps_of_one_region_are_not_made_before_they_are_asked_for() -> None:
    """Of ten fields with seven values each there are 282 million maps of one region."""
    (scenario,) = load_source(MANY_FIELDS).scenarios
    tracemalloc.start()
    found = Attacker(scenario, 200).attack(scenario.checks[0], 0, ())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, Attacked)
    assert found.applied > 50
    assert most < 10 << 20


def test_more_effort_pays_for_more_maps() -> None:
    (scenario,) = load_source(RIGHT).scenarios
    few, many = (Attacker(scenario).attack(scenario.checks[1], effort, ()) for effort in (0, 10_000_000))
    assert isinstance(few, Attacked) and isinstance(many, Attacked)
    assert few.drawn < many.drawn


if __name__ == "__main__":
    TABLE.write_text(table())
