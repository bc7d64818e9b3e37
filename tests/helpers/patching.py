"""Seams: functions and tables of the checker in whose place a test can put something else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.places import ROOT


@dataclass(frozen=True)
class Seam:
    """A function or property in whose place another one can be put, and the one thing that it decides."""

    idea: str
    place: Callable[..., Any] | property | cached_property[Any]

    @property
    def function(self) -> Callable[..., Any]:
        """The right function."""
        return _function(self.place)

    @property
    def module(self) -> str:
        return self.function.__module__

    @property
    def now(self) -> Callable[..., Any]:
        """The function that stands there now: the right one, or one that was put in its place."""
        found: Any = sys.modules[self.module]
        for name in self.function.__qualname__.split("."):
            found = getattr(found, name)
        return _function(found)

    def stand_in(self, instead: Callable[..., Any]) -> Callable[..., Any] | property:
        """Another function, as what stands at the seam: a function, or a property. That goes before what instances
        keep of their own."""
        return property(instead) if isinstance(self.place, property | cached_property) else instead


def _function(place: Any) -> Callable[..., Any]:
    if isinstance(place, cached_property):
        return place.func
    return place.fget if isinstance(place, property) else place  # type: ignore[no-any-return, return-value]


@dataclass(frozen=True)
class Table:
    """A table of the checker whose values can be exchanged."""

    idea: str
    owner: ModuleType
    name: str

    @property
    def module(self) -> str:
        return self.owner.__name__


@contextmanager
def meanwhile(seam: Seam, instead: Callable[..., Any]) -> Iterator[None]:
    """Put another function at a seam, as long as the context lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in list(places(seam)):
            patch.setattr(owner, name, seam.stand_in(instead))
        forget()
        yield
    forget()


def forget() -> None:
    """Empty what the checker and its tests keep of what was asked of them: answers of a right checker hide a fault,
    those of a faulty one are not for other tests."""
    for module in (*modules(ROOT / "checker"), *modules(ROOT / "tests")):
        for value in vars(module).values():
            if isinstance(value, _lru_cache_wrapper):
                value.cache_clear()


def places(seam: Seam) -> Iterator[tuple[object, str]]:
    """The names by which the function at a seam is known: of a method the one in its class, of any other function those
    in all modules that import it."""
    *owners, name = seam.function.__qualname__.split(".")
    if owners:
        yield getattr(sys.modules[seam.module], owners[0]), name
        return
    now = seam.now
    for module in modules(ROOT):
        yield from ((module, name) for name, value in vars(module).items() if value is now)


def modules(folder: Path) -> list[ModuleType]:
    """The modules that were imported from a folder."""
    return [each for each in sys.modules.values() if str(getattr(each, "__file__", "")).startswith(f"{folder}/")]
