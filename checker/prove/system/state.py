"""The variables of the state at the head of a loop.

Each is a value that says what it is of; its text is the name that it has in terms, in invariants and in certificates.
The text of what a program does not name holds a colon, or begins like no name of a run, so that no two are alike: no
name in a program holds a colon or a full stop.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from checker.base.values import frozen


class When(Enum):
    """The moment at which a variable has a value: at the head of the loop, where the loop began, or where the first
    loop began that changes the variable."""

    NOW = ""
    START = "@start"
    FIRST = "@first"


@frozen
class RunVariable:
    """A variable of a run's algorithm. Part of the state is what it is `When.NOW`."""

    run: str
    name: str
    when: When = When.NOW

    def __str__(self) -> str:
        return f"{self.run}.{self.name.replace('.', ':')}{self.when.value}"


@frozen
class WitnessField:
    """A field or mark of a witness, counted from 0, as a run has it."""

    run: str
    witness: int
    name: str

    def __str__(self) -> str:
        return f"{self.run}.{witness_name(self.witness)}.{self.name}"


@frozen
class HadTurn:
    """That a witness had its turn."""

    witness: int

    def __str__(self) -> str:
        return f"seen{self.witness + 1}"


@frozen
class HadEntry:
    """That an entry of a list beside the map, counted from 0, had its turn in a run's pass over it."""

    list: str
    entry: int

    def __str__(self) -> str:
        return f"{self.list}:seen{self.entry + 1}"


@frozen
class Stopped:
    """That a run's pass has ended by a `break`."""

    run: str

    def __str__(self) -> str:
        return f"{self.run}:stopped"


@frozen
class Remembered:
    """That a witness is the region before, under the name that it has in a run's pass."""

    run: str
    witness: int
    previous: str

    def __str__(self) -> str:
        return f"{self.run}:{witness_name(self.witness)}:{self.previous}"


@frozen
class Author:
    """That a variable of a run got its value, last, in a turn of a witness."""

    run: str
    name: str
    witness: int

    def __str__(self) -> str:
        return f"{self.run}:{witness_name(self.witness)}:set:{self.name}"


@frozen
class Unset:
    """That a variable of a run got its value, last, in no turn of a region."""

    run: str
    name: str

    def __str__(self) -> str:
        return f"{self.run}:unset:{self.name}"


@frozen
class Spent:
    """The sum, by a total's number, of the regions that a run has selected in all its passes so far."""

    run: str
    total: int

    def __str__(self) -> str:
        return f"{self.run}:spent{self.total}"


@frozen
class Passed:
    """The sum, by a total's number, of the regions that a run has selected in this pass so far."""

    run: str
    total: int

    def __str__(self) -> str:
        return f"{self.run}:passed{self.total}"


@frozen
class Held:
    """The sum, by a total's number, of what the regions of a run's list hold that had their turn in this pass."""

    run: str
    total: int

    def __str__(self) -> str:
        return f"{self.run}:held{self.total}"


@frozen
class Placed:
    """The sum, by a total's number, of the regions that a run has placed."""

    run: str
    total: int

    def __str__(self) -> str:
        return f"{self.run}:placed{self.total}"


@frozen
class Tallied:
    """The sum, by a tally's number, of the rows of the table that had their turn in this loop."""

    tally: int

    def __str__(self) -> str:
        return f":tally{self.tally}"


StateVar = (
    RunVariable
    | WitnessField
    | HadTurn
    | HadEntry
    | Stopped
    | Remembered
    | Author
    | Unset
    | Spent
    | Passed
    | Held
    | Placed
    | Tallied
)
"""A variable of the state at the head of a loop."""


def witness_name(index: int) -> str:
    """Return what a witness, counted from 0, is called in terms."""
    return f"w{index + 1}"


def witness_of(key: StateVar) -> int | None:
    """Return the number of the witness that a state variable is about; None where it belongs to the execution, whoever
    the witnesses are."""
    match key:
        case (
            WitnessField(witness=witness)
            | HadTurn(witness=witness)
            | Remembered(witness=witness)
            | Author(witness=witness)
        ):
            return witness
        case RunVariable() | Unset() | Spent() | Passed() | Held() | Placed() | Tallied() | Stopped() | HadEntry():
            return None
        case _:
            assert_never(key)
