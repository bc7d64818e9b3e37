"""Each check has seconds and memory of its own: one that takes all of them takes none from the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.library import open_program
from checker.prove import Result, Unknown
from checker.prove.results import Cost
from checker.verify.plan import Key, Task, plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify

TEXT = """use uefi, x86_64, invariants
algorithm fill(map: MemoryMap) {{ for region in map {{ place region at region.phys_addr as va }} }}
property first(made: Layout) = each r in made: r.placed
property second(made: Layout) = each r in made: r.num_pages == 1
property third(made: Layout) = each r in made: r.virt_addr == 0
scenario shelves {{ given map: MemoryMap  let made = fill(map)  check {checks} }}
"""

NAMES = ("first", "second", "third")
SECONDS = 0.6


def slow(task: Task, options: Options) -> Iterator[Result]:
    """What stands in for a decision by a solver: of `second` it never comes to an end, of the others soon."""
    for check in task.checks:
        if check.label.startswith("second"):
            time.sleep(60)
        time.sleep(SECONDS / 2)
        yield Result(check, Unknown(f"{len(task.beside or task.checks)} belong together"), Cost(1, 1, 0, 0.0), ())


@dataclass(frozen=True)
class Claimed:
    """What stands in for the check of claims that are kept, those of each check apart: it says what is claimed."""

    claims: dict[Key, tuple[str, ...]]

    def __call__(self, task: Task, options: Options) -> Iterator[Result]:
        for claim, result in zip(self.claims[task.key], slow(task, options), strict=True):
            yield replace(result, outcome=Unknown(claim))

    def about(self, task: Task, whole: Task) -> Claimed:
        return Claimed({task.key: self.claims[whole.key][-len(task.positions) :]})


def decided(*names: str, claimed: bool = False) -> dict[str, tuple[int, str]]:
    """What is said of checks, with their place."""
    path = Path("shelves.layout")
    path.write_text(TEXT.format(checks=", ".join(f"{name}(made)" for name in names)))
    opened = open_program(path)
    assert not isinstance(opened, Diagnostic)
    tasks = plan([opened])
    assert len(tasks) == 1
    claims = Claimed({task.key: tuple(f"claimed of {check.label}" for check in task.checks) for task in tasks})
    deciding = claims if claimed else slow
    found = [each for each in verify(tasks, Options(seconds=SECONDS), deciding) if isinstance(each, CheckResult)]
    return {each.result.check.label.split("(")[0]: (each.order[2], each.result.detail) for each in found}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_check_out_of_time_leaves_the_others_their_own_in_every_order() -> None:
    for names in permutations(NAMES):
        found = decided(*names)
        assert [name for name, _ in sorted(found.items(), key=lambda one: one[1])] == list(names)
        said = {name: detail for name, (_, detail) in found.items()}
        assert said["second"] == f"out of time: {SECONDS:g} s (--timeout)", names
        assert said["first"] == said["third"] == "3 belong together", names


def test_checks_that_share_a_process_have_no_less_time_than_alone() -> None:
    found = decided("first", "third")
    assert {detail for _, detail in found.values()} == {"2 belong together"}
    many = decided("third", "first", "third", "first")
    assert {detail for _, detail in many.values()} == {"4 belong together"}


def test_a_claim_that_takes_all_the_time_leaves_the_others_theirs_and_what_is_claimed_of_them() -> None:
    for names in permutations(NAMES):
        said = {name: detail for name, (_, detail) in decided(*names, claimed=True).items()}
        assert said["second"] == f"out of time: {SECONDS:g} s (--timeout)", names
        assert {name: said[name] for name in ("first", "third")} == {
            name: f"claimed of {name}(made)" for name in ("first", "third")
        }
