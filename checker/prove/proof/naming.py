"""The names that the variables of a proof have in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import assert_never

from checker import program as p
from checker.base.values import mutable
from checker.program.types import BOOL, Type
from checker.program.walk import writes
from checker.prove.proof.goals import SolvedSystem
from checker.prove.proof.journal import LoopInvariants, final
from checker.prove.results import Worded
from checker.prove.system import inputs
from checker.prove.system.loop import Loop
from checker.prove.system.state import (
    Author,
    HadEntry,
    HadTurn,
    Held,
    Passed,
    Placed,
    Remembered,
    RunVariable,
    Spent,
    StateVar,
    Stopped,
    Tallied,
    Unset,
    WitnessField,
    witness_name,
)
from checker.prove.system.system import System
from checker.prove.terms import words as w
from checker.prove.terms.encode import Value
from checker.prove.terms.numbers import Num, Term
from checker.prove.terms.sexpr import text
from checker.prove.terms.words import Word, Words


def in_words(solved: SolvedSystem) -> list[list[tuple[str, Term]]]:
    """The invariants of each loop in words, with their terms: as they could be stated in the file, where they speak of
    one run."""
    naming = _Naming(solved.system)
    found = []
    for entry in final(solved.journal):
        if isinstance(entry, LoopInvariants):
            words = naming.enter(entry.loop)
            found.append([(naming.invariant(term, words), term) for term in entry.invariants])
            naming.leave(entry.loop)
    return found


def worded(proof: Iterable[SolvedSystem], template: Callable[[Term], str] = lambda _: "") -> dict[str, Worded]:
    """The invariants of a proof in words, by their texts, each with the name of its template."""
    said = (each for solved in proof for loop in in_words(solved) for each in loop)
    return {text(term): Worded(words, template(term)) for words, term in said}


@mutable
class _Naming:
    """Names the variables of a system, loop by loop. A variable that an earlier loop left behind is said to be that."""

    system: System

    def __post_init__(self) -> None:
        self.runs = {run.name: run for run in self.system.given.scenario.runs}
        rules = {id(each.formula): each.rule for each in self.system.given.assumptions}
        self.totals = [rules.get(id(total), f"line {total.span.line}") for total in inputs.totals(self.system.given)]
        self.words: dict[int, Word] = {}
        self.terms: list[Term] = []
        kinds = dict(self.system.given.record.fields)
        several = len(self.system.given.scenario.maps) > 1
        changed = frozenset(name for run in self.runs.values() for name in writes(run.algorithm.body))
        for index, row in enumerate(self.system.rows):
            for name, value in row.fields.items():
                belongs = " of the map" if name in changed else ""
                self._name(value, f"{witness_name(index)}.{name}{belongs}", kinds.get(name, BOOL))
            for given, present in row.present.items():
                if several:
                    self._name(present, f"{witness_name(index)} is in {given}", BOOL)
        for beside in self.system.given.scenario.beside:
            own = dict(beside.record.fields)
            for index, entry in enumerate(self.system.entries.get(beside.name, ())):
                for name, value in entry.items():
                    self._name(value, f"{beside.name}.{witness_name(index)}.{name}", own.get(name, BOOL))
        for given_scalar in self.system.given.scenario.scalars:
            self._name(self.system.given.scalars[given_scalar.name], given_scalar.name, given_scalar.type)

    def enter(self, loop: Loop) -> Words:
        """Name the state at the head of a loop. Returns the words that its invariants are made from: to it belongs also
        what is no variable, where the loop starts and where it changes nothing."""
        for key, value in loop.head.items():
            self._name(value, self._said(key), self._type(key, loop))
        made: dict[int, Word] = {}
        for key, value in loop.start.items():
            self._name(value, f"{self._said(key)} before line {self._lines(loop)}", self._type(key, loop), made)
        for index, columns in enumerate(loop.view.witnesses):
            for run, region in columns.items():
                for name, value in region.items() if run in self.runs else ():
                    field = WitnessField(run, index, name)
                    self._name(value, self._said(field), self._type(field, loop), made)
        return {**made, **self.words}

    def leave(self, loop: Loop) -> None:
        """Name the same as what the loop left behind."""
        for key, value in loop.head.items():
            self._name(value, f"{self._said(key)} after line {self._lines(loop)}", self._type(key, loop))

    def invariant(self, term: Term, words: Words) -> str:
        """An invariant as it could be stated in the file, if it speaks of one run."""
        said = w.in_words(term, words)
        about = [name for name in map(witness_name, range(self.system.count)) if re.search(rf"\b{name}\b", said)]
        of = f" in {next(iter(self.runs.values())).algorithm.map_parameter}" if len(self.runs) == 1 else ""
        if len(about) == 1:
            # Which of two it is does not matter where it is said of one.
            about, said = ["w"], re.sub(rf"\b{about[0]}\b", "w", said)
        return f"each {' before '.join(about)}{of}: {said}" if about else said

    def _name(self, value: Value, text: str, kind: Type, made: dict[int, Word] | None = None) -> None:
        """Name a variable; or, for one loop, what is ``made`` of several."""
        term, scale = (value.term, value.scale) if isinstance(value, Num) else (value, 1)
        if not isinstance(term, int) and bool(term.num_args()) is (made is not None):
            self.terms.append(term)  # a number of a term that nobody holds may become another one's
            (self.words if made is None else made).update({term.get_id(): Word(text, scale, kind)})

    def _lines(self, loop: Loop) -> str:
        return " and ".join(str(each.span.line) for each in loop.view.passes.values())

    def _type(self, key: StateVar, loop: Loop) -> Type:
        if isinstance(key, RunVariable):
            return loop.view.scalars[key][0]
        if isinstance(key, WitnessField):
            return dict(self.system.given.record.fields).get(key.name, BOOL)
        return BOOL

    def _said(self, key: StateVar) -> str:
        match key:
            case RunVariable():
                return f"{key.name}{self._of(key.run)}"
            case WitnessField():
                return f"{witness_name(key.witness)}.{key.name}{self._of(key.run)}"
            case HadTurn():
                return f"{witness_name(key.witness)}.{p.VISITED}"
            case HadEntry():
                return f"{key.list}.{witness_name(key.entry)}.{p.VISITED}"
            case Stopped():
                return f"(the pass has ended{self._of(key.run)})"
            case Remembered():
                return f"({witness_name(key.witness)} is {key.previous}{self._of(key.run)})"
            case Author():
                return f"({witness_name(key.witness)} had the last turn that set {key.name}{self._of(key.run)})"
            case Unset():
                return f"(no turn has set {key.name}{self._of(key.run)})"
            case Spent():
                return f"(sum of {self.totals[key.total]} so far{self._of(key.run)})"
            case Passed():
                return f"(sum of {self.totals[key.total]} in this pass so far{self._of(key.run)})"
            case Held():
                return f"(sum of {self.totals[key.total]} in this pass so far, as the list is{self._of(key.run)})"
            case Placed():
                return f"(sum of {self.totals[key.total]} so far, over what is placed{self._of(key.run)})"
            case Tallied():
                return f"(sum of line {self.system.tallies[key.tally].span.line} so far, over all regions)"
            case _:
                assert_never(key)

    def _of(self, run: str) -> str:
        return f" of {run}" if len(self.runs) > 1 else ""
