"""Faults put into the checker at its seams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.helpers.patching import Seam, Table, places
from tests.prove.faults.checks import Check


@dataclass
class Seeding:
    """Something else in the place of functions, and how often it is reached there."""

    patch: pytest.MonkeyPatch
    reached: dict[Seam | Table, int] = field(default_factory=dict)

    def into(self, seam: Seam) -> Callable[[Callable[..., Any]], None]:
        """Put a function in the place of the one at a seam, under every name by which the checker or its tests know
        that; it is given the right one first, and then the arguments."""
        rightly = seam.now

        def put(wrongly: Callable[..., Any]) -> None:
            self.reached[seam] = 0

            def instead(*arguments: Any, **named: Any) -> Any:
                self.reached[seam] += 1
                return wrongly(rightly, *arguments, **named)

            for owner, name in places(seam):
                self.patch.setattr(owner, name, seam.stand_in(instead))

        return put

    def table(self, table: Table, wrongly: Mapping[Any, Any]) -> None:
        """Put other values in the place of some in a table."""
        self.reached[table] = 0
        seeding = self

        class Noted(dict[Any, Any]):
            def __getitem__(self, key: Any) -> Any:
                seeding.reached[table] += key in wrongly
                return super().__getitem__(key)

        values = getattr(table.owner, table.name)
        self.patch.setattr(table.owner, table.name, Noted({**values, **wrongly}))


@dataclass(frozen=True)
class Fault:
    """A change that is done to the checker, and the checks that notice it."""

    text: str
    seed: Callable[[Seeding], None]
    caught_by: tuple[Check, ...]

    @property
    def seams(self) -> tuple[Seam | Table, ...]:
        """The places where something else is put."""
        with pytest.MonkeyPatch.context() as patch:
            seeding = Seeding(patch)
            self.seed(seeding)
        return tuple(seeding.reached)


def noting(faults: list[Fault]) -> Callable[..., Callable[[Callable[[Seeding], None]], None]]:
    """A decorator that adds a fault to a list: what it is, what catches it, and how it is seeded."""

    def fault(text: str, *caught_by: Check) -> Callable[[Callable[[Seeding], None]], None]:
        return lambda seed: faults.append(Fault(text, seed, caught_by))

    return fault


class Believes:
    """A judge who has seen everything, whatever he is shown."""

    def breaks(self, *_: Any) -> bool:
        return True

    def applies(self, *_: Any) -> bool:
        return True
