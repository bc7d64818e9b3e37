"""Faults in what is shown by the region in whose turn a variable got its value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.system.loops.authors import Authors
from checker.prove.terms.encode import FALSE, TRUE
from tests.helpers import seams
from tests.prove.faults.checks import fooling
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("a region that gives a variable its value is forgotten as its author", fooling("kept-of-none"))
def _(seed: Seeding) -> None:
    @seed.into(seams.AUTHORS_AFTER)
    def _(rightly: Any, authors: Authors, turn: int | None, taken: Any) -> Authors:
        return rightly(authors, None, taken)


@fault("what gets a value outside passes has neither an author nor none", fooling("kept-then-cleared"))
def _(seed: Seeding) -> None:
    @seed.into(seams.AUTHORS_AFTER_STATEMENT)
    def _(rightly: Any, authors: Authors, taken: Any) -> Authors:
        return authors.after(None, taken)


@fault("what no turn has set is taken for set", fooling("kept-of-none"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BY_AUTHOR)
    def _(rightly: Any, formula: Any, other: bool, system: Any) -> Any:
        system.authors = replace(system.authors, unset=FALSE)
        return rightly(formula, other, system)


@fault("the author is the region that a claim is about", fooling("kept-of-none"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BY_AUTHOR)
    def _(rightly: Any, formula: Any, other: bool, system: Any) -> Any:
        return TRUE if other and isinstance(formula, p.ForAll) else rightly(formula, other, system)


@fault("of two regions only the one that stands first is the author", fooling("kept-of-none"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BY_AUTHOR)
    def _(rightly: Any, formula: Any, other: bool, system: Any) -> Any:
        if system.count == 2:
            system.authors = replace(system.authors, each=(system.authors.each[0], FALSE))
        return rightly(formula, other, system)


@fault("of an equation that is shown by two authors one half is enough", fooling("both-highest"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PARTS_BY_AUTHORS)
    def _(rightly: Any, *asked: Any) -> Any:
        return list(rightly(*asked))[-1:]
