"""Putting faults into the checker, and telling what notices them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from checker import program as p
from checker.prove import Result, Verdict
from tests.helpers.loading import FOOLING, FOOLING_RUNS, ROOT, load_file, provable, verdicts
from tests.prove import test_differential, test_numbers, test_runs, test_system

Patch = pytest.MonkeyPatch

# --- faults


@dataclass
class Seeding:
    """Puts something else in the place of functions, and counts how often it is reached there."""

    patch: Patch
    reached: dict[str, int] = field(default_factory=dict)

    def into(self, rightly: FunctionType) -> Callable[[Callable[..., Any]], None]:
        """Puts a function in the place of another one, under every name by which the checker or its tests know that;
        it is given the right one first, and then the arguments."""

        def put(wrongly: Callable[..., Any]) -> None:
            place = f"{rightly.__module__}.{rightly.__qualname__}"
            self.reached[place] = 0

            def instead(*arguments: Any, **named: Any) -> Any:
                self.reached[place] += 1
                return wrongly(rightly, *arguments, **named)

            for owner, name in _places(rightly):
                self.patch.setattr(owner, name, instead)

        return put

    def table(self, owner: ModuleType, name: str, wrongly: Mapping[Any, Any]) -> None:
        """Puts other values in the place of some in a table."""
        place = f"{owner.__name__}.{name}"
        self.reached[place] = 0
        seeding = self

        class Noted(dict[Any, Any]):
            def __getitem__(self, key: Any) -> Any:
                seeding.reached[place] += key in wrongly
                return super().__getitem__(key)

        self.patch.setattr(owner, name, Noted({**getattr(owner, name), **wrongly}))


def _places(function: FunctionType) -> Iterator[tuple[object, str]]:
    """Where a function is known, and by what name: a method in its class, any other in all modules that import it."""
    *owners, name = function.__qualname__.split(".")
    if owners:
        yield getattr(sys.modules[function.__module__], owners[0]), name
        return
    for module in _modules(ROOT):
        yield from ((module, name) for name, value in vars(module).items() if value is function)


def _modules(folder: Path) -> list[ModuleType]:
    """What is imported from a folder."""
    return [each for each in sys.modules.values() if str(getattr(each, "__file__", "")).startswith(f"{folder}/")]


def forget() -> None:
    """Empties what tests keep of their results: those of a right checker hide a fault, those of a faulty one are not
    for other tests."""
    for module in _modules(ROOT / "tests"):
        for value in vars(module).values():
            if isinstance(value, _lru_cache_wrapper):
                value.cache_clear()


@dataclass(frozen=True)
class Fault:
    """What is done to the checker, and what notices."""

    text: str
    seed: Callable[[Seeding], None]
    caught_by: tuple[Check, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The functions and tables in whose place something else is put."""
        with pytest.MonkeyPatch.context() as patch:
            seeding = Seeding(patch)
            self.seed(seeding)
        return tuple(seeding.reached)


def noting(faults: list[Fault]) -> Callable[..., Callable[[Callable[[Seeding], None]], None]]:
    """A decorator that adds a fault to a list: what it is, what catches it, and how it is seeded."""

    def fault(text: str, *caught_by: Check) -> Callable[[Callable[[Seeding], None]], None]:
        return lambda seed: faults.append(Fault(text, seed, caught_by))

    return fault


# --- checks


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
    test = test_runs.test_interpreter_and_terms_agree if runs else test_differential.test_interpreter_and_terms_agree
    return Check("differential", "runs" if runs else "", lambda patch: _fails(test, range(60 if runs else 120)))


def paths() -> Check:
    """Real runs against the loop system."""
    test = test_system.test_real_runs_are_paths
    return Check("paths", "", lambda patch: any(_fails(test, seeds, patch) for seeds in test_system.series()))


def numbers() -> Check:
    """Arithmetic at the edges."""
    checks = (test_numbers.ranges, test_numbers.divisions, test_numbers.pairs, test_numbers.masks)
    return Check("numbers", "", lambda patch: any(map(_fails, checks)))


def fooling(name: str) -> Check:
    """A program that tries to fool the prover: something is proved, with or without a search for counterexamples, that
    is not so or says nothing; or a watch of the checker on itself strikes."""

    def notices(patch: Patch) -> bool:
        program = _fooling(name)
        for made in program.scenarios:
            for check in made.checks:
                if check.expected is p.Expected.REFUTED and provable(made, check):
                    return True
        return any(_too_much(result) for _, result in verdicts(program))

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
