"""The description of a solver that can be asked for a second opinion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class MissingError(Exception):
    """The solver is not installed."""


@dataclass(frozen=True)
class Limit:
    """The most that one answer may cost. ``steps`` are a solver's own count, for those that have one: it makes an
    answer independent of the machine. ``seconds`` are for all, as a backstop or as the only limit."""

    seconds: int = 60
    steps: int = 20_000_000


@dataclass(frozen=True)
class Backend:
    """A solver. ``integers``, ``words`` (of bits), and ``together`` (both in one text) say what it can decide.

    ``package`` is what has to be installed for it; the extra that does so has the solver's name. ``version`` raises
    `MissingError`. ``ask`` takes SMT-LIB text with one question, and gives `sat`, `unsat`,
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

    def lacks(self, text: str) -> str:
        """Return what it would need to read a text of `checker.prove.proof.smtlib`; nothing if it can."""
        logic = text.partition("(set-logic ")[2].partition(")")[0]
        if logic not in ("QF_UF", "QF_BV") and not self.integers:
            return "integers"
        if logic == "QF_BV" and not self.words:
            return "words of bits"
        return (
            "" if logic in ("QF_UF", "QF_BV", "QF_LIA") or self.together else "integers and words of bits in one text"
        )
