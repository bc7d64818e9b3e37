"""Checks that catch faults: they run with every test run, or are a part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from checker import program as p
from checker.prove import Result, Verdict
from checker.prove.system.turn import EffectsError
from tests.helpers.loading import load_file, verdicts
from tests.helpers.places import FOOLING, FOOLING_RUNS
from tests.helpers.prover import provable
from tests.oracles import differential as oracles
from tests.prove import test_directed, test_numbers, test_paths, test_rechecking, test_runs
from tests.verify.test_certificate import certified as certified_folder
from tests.writers.programs import (
    ended_scenario,
    previous_scenario,
    room_scenario,
    scenario,
    split_scenario,
    totals_scenario,
)

Patch = pytest.MonkeyPatch


_PROGRAMS = 32
"""The programs of a series whose runs are followed."""


@dataclass(frozen=True)
class Check:
    """Something that runs with every test run, or a part of it; ``notices`` tells whether something is wrong."""

    kind: str
    subject: str
    notices: Callable[[Patch], bool] = field(compare=False)
    prepare: Callable[[], object] = field(compare=False, default=lambda: None)
    """Done before the fault is seeded, which is to be met in what comes after."""

    @property
    def name(self) -> str:
        return f"{self.kind} ({self.subject})" if self.subject else self.kind


def _fails(test: Callable[..., object], *arguments: Any) -> bool:
    try:
        test(*arguments)
    except (AssertionError, pytest.fail.Exception):
        return True
    return False


def differential(*, runs: bool = False) -> Check:
    """The interpreter against the terms; ``runs`` are scenarios of several kernels."""
    write, count = (test_runs.several_kernels, 60) if runs else (scenario, 120)
    return Check(
        "differential",
        "runs" if runs else "",
        lambda patch: _fails(oracles.agree, range(count), write, (1, 2, 3, 4) if runs else (0, 1, 2, 2, 3, 4)),
    )


def in_pieces() -> Check:
    """The same on regions that are split."""
    return Check("differential", "pieces", lambda patch: _fails(oracles.agree, range(60), split_scenario, (0, 1, 1, 2)))


def totals() -> Check:
    """The same on checks that compare totals."""
    return Check("differential", "totals", lambda patch: _fails(oracles.agree, range(60), totals_scenario, (1, 2, 3)))


def rooms() -> Check:
    """The same on addresses that are chosen beside what is placed."""
    return Check("differential", "room", lambda patch: _fails(oracles.agree, range(60), room_scenario, (2, 3, 4)))


def ends() -> Check:
    """The same on checks of what runs end with."""
    return Check("differential", "ends", lambda patch: _fails(oracles.agree, range(60), ended_scenario, (1, 2, 3)))


def befores() -> Check:
    """The same on passes that look at the region before."""
    return Check("differential", "before", lambda patch: _fails(oracles.agree, range(60), previous_scenario, (3, 4)))


def paths(first: int = 0) -> Check:
    """Real runs against the loop system; ``first`` is the program of the series that notices, where those before it
    take seconds and do not."""
    test = test_paths.test_real_runs_are_paths
    parts = [range(at, at + test_paths.SIZE) for at in range(first, _PROGRAMS, test_paths.SIZE)]
    return Check("paths", "", lambda patch: any(_fails(test, seeds) for seeds in parts))


def sums() -> Check:
    """Real runs that add up the same again against it."""
    test = test_paths.test_real_runs_that_add_up_the_same_again_are_paths
    return Check("paths", "sums", lambda patch: any(_fails(test, seeds) for seeds in test_paths.series(chunks=1)))


def both_ways() -> Check:
    """Invariants found all at once, and each by asking for what it rests on."""
    return Check("both ways", "", lambda patch: _fails(test_directed.compared, range(16)))


def numbers() -> Check:
    """Arithmetic at the edges."""
    checks = (test_numbers.ranges, test_numbers.divisions, test_numbers.pairs, test_numbers.masks)
    return Check("numbers", "", lambda patch: any(map(_fails, checks)))


def fooling(name: str) -> Check:
    """A program that tries to fool the prover: something is proved, with or without a search for counterexamples, that
    is not so or says nothing; or a watch of the checker on itself strikes."""

    def notices(patch: Patch) -> bool:
        program = _fooling(name)
        try:
            for made in program.scenarios:
                for check in made.checks:
                    if check.expected is p.Expected.REFUTED and provable(made, check):
                        return True
            return any(_too_much(result) for _, result in verdicts(program))
        except EffectsError:
            return True

    return Check("fooling", name, notices)


def _too_much(result: Result) -> bool:
    said, expected = result.verdict, result.check.expected
    return said is Verdict.ERROR or (said is Verdict.PROVED and expected is not p.Expected.PROVED)


def golden(name: str) -> Check:
    """The verdicts that such a program states: one is another."""

    def notices(patch: Patch) -> bool:
        return any(not result.as_expected for _, result in verdicts(_fooling(name)))

    return Check("golden verdict", name, notices)


def _fooling(name: str) -> p.Program:
    folder = FOOLING if (FOOLING / f"{name}.layout").exists() else FOOLING_RUNS
    return load_file(folder / f"{name}.layout")


def replay(name: str) -> Check:
    """A counterexample that the interpreter does not reproduce."""

    def notices(patch: Patch) -> bool:
        return any(result.verdict is Verdict.ERROR for _, result in verdicts(_fooling(name)))

    return Check("replay", name, notices)


def the_test(test: Callable[..., object], *arguments: Any, prepare: Callable[[], object] = lambda: None) -> Check:
    """A test of its own."""
    module = test.__module__.rpartition(".")[2].removeprefix("test_")
    said = test.__name__.removeprefix("test_").replace("_", " ")
    return Check(module, said, lambda patch: _fails(test, *arguments), prepare)


def certified(test: Callable[[Path], object]) -> Check:
    def in_a_folder() -> None:
        with TemporaryDirectory() as folder:
            test(certified_folder(Path(folder)))

    return the_test(wraps(test)(in_a_folder))


def with_monkeypatch(test: Callable[..., object]) -> Callable[..., object]:
    def patching(*arguments: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            test(*arguments, patch)

    return wraps(test)(patching)


def recheck(test: Callable[..., object], *arguments: Any) -> Check:
    return the_test(test, *arguments, prepare=test_rechecking.decided)
