"""What is known of a solver that can be asked for a second opinion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class MissingError(Exception):
    """The solver is not installed."""


@dataclass(frozen=True)
class Limit:
    """What one answer may cost. ``steps`` are a solver's own count, for those that have one: it makes an answer
    independent of the machine. ``seconds`` are for all, as a backstop or as the only limit."""

    seconds: int = 60
    steps: int = 20_000_000


@dataclass(frozen=True)
class Other:
    """A solver. ``integers``, ``words`` (of bits), and ``together`` (both in one text) say what it can decide.

    ``version`` raises `MissingError`. ``ask`` takes SMT-LIB text with one question, and gives `sat`, `unsat`,
    `unknown`, or else what the solver complains of; it is to be called in a process of its own.
    """

    name: str
    package: str
    integers: bool
    words: bool
    together: bool
    limited_by: str
    note: str
    version: Callable[[], str]
    ask: Callable[[str, Limit], str]

    def can_read(self, text: str) -> bool:
        """Whether it has the logic that a text of `checker.prove.second.smtlib` asks for."""
        logic = text.partition("(set-logic ")[2].partition(")")[0]
        return {"QF_UF": True, "QF_BV": self.words, "QF_LIA": self.integers}.get(logic, self.together)
