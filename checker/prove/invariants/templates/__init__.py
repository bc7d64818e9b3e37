"""Candidates for invariants, from the program's own text: its variables, constants, alignments, and the goals.

A file a family, and a line a template in the tables below; the order of a table is that of its candidates: first those
that proofs need most often for each that turns out to be no invariant. A candidate may be wrong:
`checker.prove.invariants.directed` and `.houdini` keep only those that hold together. So nothing here bears on
soundness, only on what can be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from checker import program as p
from checker.base.values import frozen
from checker.prove.invariants.subject import Stage, Subject
from checker.prove.invariants.templates import (
    clauses,
    entries,
    goals,
    kept,
    lockstep,
    marks,
    orders,
    previous,
    stated,
    sums,
    variables,
    witnesses,
)
from checker.prove.invariants.vocabulary import Goals, Vocabulary
from checker.prove.system.inputs import Inputs
from checker.prove.system.loop import Loop
from checker.prove.terms.encode import is_false, is_true
from checker.prove.terms.numbers import Term
from checker.prove.terms.sexpr import of_state

Template = Callable[[Subject], Iterator[Term]]
TemplateOfRun = Callable[[Subject, str], Iterator[Term]]

_EVER = frozenset(Stage)
_FAR = frozenset({Stage.GUARDED, Stage.ALL, Stage.DEEP})
_ALL = frozenset({Stage.ALL, Stage.DEEP})
_DEEP = frozenset({Stage.DEEP})


@frozen
class Family:
    """A template: its name, what makes its candidates (for a loop, or for each run in it), and at which stages."""

    name: str
    make: Template | None = None
    of_run: TemplateOfRun | None = None
    stages: frozenset[Stage] = _EVER
    beside: bool = False
    """Tell whether it speaks only where there are lists beside the map."""

    def terms(self, about: Subject, run: str) -> Iterator[Term]:
        """The candidates; ``run`` counts where there are some for each."""
        if self.of_run is not None:
            yield from self.of_run(about, run)
        elif self.make is not None:
            yield from self.make(about)


IN_STEP = (
    Family("same variables", lockstep.same_variables),
    Family("definitions", variables.definitions),
    Family("untouched", marks.untouched),
    Family("marks", of_run=marks.marks),
    Family("agreements", lockstep.agreements),
    Family("same ways", lockstep.same_ways),
    Family("waiting", of_run=witnesses.waiting),
    Family("goals", goals.goals),
)
"""The templates of what runs in step have in common."""

TEMPLATES = (
    Family("untouched", marks.untouched),
    Family("addresses", of_run=witnesses.addresses, stages=_FAR | {Stage.PLACEMENT}),
    Family("budgets", variables.budgets),
    Family("previous", of_run=previous.previous),
    Family("goals", goals.goals),
    Family("still in the list", of_run=previous.left),
    Family("definitions", variables.definitions),
    Family("marks", of_run=marks.marks),
    Family("order of variables", variables.order_of_variables),
    Family("added up", sums.added_up),
    Family("parts of sums", sums.parts, stages=_FAR),
    Family("flags kept", of_run=entries.kept, beside=True),
    Family("answers of entries", of_run=entries.answers, beside=True),
    Family("entries and variables", of_run=entries.variables, beside=True),
    Family("answers", of_run=witnesses.answers, stages=_ALL),
    Family("waiting", of_run=witnesses.waiting, stages=_ALL),
    Family("room", sums.room, stages=_FAR | {Stage.PLACEMENT}),
    Family("same ways", lockstep.same_ways, stages=_ALL),
    Family("goals foreseen", goals.foreseen, stages=_ALL),
    Family("in common", of_run=marks.in_common, stages=_ALL),
    Family("one of two marks", of_run=marks.one_of_two, stages=_ALL),
    Family("effects", marks.effects, stages=_ALL),
    Family("goals ahead", goals.ahead, stages=_ALL),
    Family("kept", kept.kept, stages=_ALL),
    Family("alike", of_run=kept.alike, stages=_ALL),
    Family("congruent variables", of_run=kept.congruent, stages=_ALL),
    Family("authors", previous.authors, stages=_FAR),
    Family("conserved sums", sums.conserved, stages=_DEEP),
    Family("several sums", sums.several, stages=_DEEP),
    Family("units of a sum", sums.units, stages=_DEEP),
    Family("entries passed", of_run=entries.passed, stages=_DEEP, beside=True),
    Family("changed together", variables.together, stages=_DEEP),
    Family("beyond a constant", sums.beyond, stages=_DEEP),
    Family("two variables and a sum", sums.two_together, stages=_DEEP),
    Family("strict order", of_run=orders.strict, stages=_DEEP),
    Family("order in between", of_run=orders.in_between, stages=_DEEP),
    Family("order under a flag", of_run=orders.under_flags, stages=_DEEP),
    Family("order under a question", of_run=orders.under_questions, stages=_DEEP),
    Family("order in a window", of_run=orders.under_windows, stages=_DEEP),
    Family("numbers held", of_run=orders.held, stages=_DEEP),
    Family("different", of_run=orders.different, stages=_DEEP),
    Family("beside two variables", of_run=orders.beside, stages=_DEEP),
    Family("sought", of_run=clauses.sought, stages=_DEEP),
    Family("found", of_run=goals.found, stages=_DEEP),
    Family("clauses", clauses.clauses, stages=_DEEP),
    Family("witness and variables", of_run=witnesses.witness_and_variables),
    Family("agreements", lockstep.agreements),
)


@frozen
class Candidate:
    """Something that may be an invariant, and the template that it comes from."""

    term: Term
    template: str
    stated: p.Formula | None = None
    """The invariant that the file states, if it is one."""


def candidates(loop: Loop, words: Vocabulary, goals: Goals, given: Inputs, stage: Stage) -> list[Candidate]:
    """Candidate invariants of a loop, as conditions on its head's variables, without repetition."""
    about = Subject(loop, words, goals, given, stage)
    in_step = stage is Stage.LOCKSTEP and len(loop.view.tracks) > 1
    found: dict[int, Candidate] = {}
    # What is stated is told of each for itself, also where two say the same.
    stated_ones = list(_stated(about))
    seen = {each.term.get_id() for each in stated_ones}
    for each in _made(IN_STEP if in_step else TEMPLATES, about):
        if each.term.get_id() not in seen and not (is_true(each.term) or is_false(each.term)):
            found.setdefault(each.term.get_id(), each)
    # What a step alone knows, such as what it chooses, is no part of the state: the next one chooses anew.
    made = list(found.values())
    spoken = of_state([each.term for each in made], loop, given.scalars)
    return [*stated_ones, *(each for each, says in zip(made, spoken, strict=True) if says)]


def _stated(about: Subject) -> Iterator[Candidate]:
    """The invariants that the file states, at every stage."""
    for run in about.loop.view.tracks:
        for formula, term in stated.stated(about, run):
            yield Candidate(term, "stated", formula)


def _made(table: tuple[Family, ...], about: Subject) -> Iterator[Candidate]:
    beside = bool(about.given.scenario.beside)
    wanted = (family for family in table if about.stage in family.stages and (beside or not family.beside))
    for of_runs, families in groupby(wanted, key=lambda family: family.of_run is not None):
        together = list(families)
        for run in about.loop.view.tracks if of_runs else ("",):
            for family in together:
                yield from (Candidate(term, family.name) for term in family.terms(about, run))


__all__ = ["IN_STEP", "TEMPLATES", "Candidate", "Family", "Stage", "candidates"]
