"""Passes that split regions and do more, as two passes: one that does all the rest, and one that splits afterwards.

A pass that changes variables, chooses or ends is a loop of turns (`checker.prove.system.system`); one that splits is
made at once (`checker.prove.pieces.elements`). What is both is proved of another program, which does the same:

* in the place of a `split` a turn notes in words of the region's own that it is to be split, by which of the
  statements, and where, if that is not told by the region and by what the pass does not change; and ends;
* the pass after that splits what is noted, and does nothing else.

*Sound*, because the two do the same to every map. Until a turn comes to its `split`, it does what it did. There it
ends in both; what it has changed of variables, and what it owes where the addresses are worked out, is the same. From
there to the end of the first pass nothing looks at the region or changes it: a turn sees its own region alone, and the
type checker lets nothing be split in a pass that looks at the region before, or in one of which the order is a key's.
The pieces that `split` makes have no turn in the pass that makes them. So the region is as it was when it is split
after all turns, and the pieces, which are copies of it, are too; and an address that is worked out only then, from
that region and from what has not changed since, is what it was. The order of the list is not changed by when a piece
is made, as they stand where their region stood; and in the list that is exported the first piece stands for its region
either way. A `break` keeps later turns out of the first pass, so that nothing is noted of their regions.

The words are marks that no map holds: 0 and false when a run begins, and written by nothing but these two passes. Two
passes of a run have different ones. A region that its turn has dropped would have no turn in the second pass: that it
is dropped is noted too, and is so again when it has been split.

The interpreter, and the search for counterexamples, know of none of this: they run the program as it is written. A
pass in the turn of an entry of a list beside the map is left as it is, since it is made more than once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker import program as p
from checker.program import walk
from checker.program.fold import FALSE, TRUE
from checker.program.types import BOOL, Type
from checker.prove.pieces.elements import can_be_at_once

Block = tuple[p.Statement, ...]


def split_afterwards(scenario: p.Scenario) -> p.Scenario:
    """A scenario whose runs do the same, in which what splits outside the turns of entries does nothing else."""
    record, runs = scenario.maps[0].record, []
    words: dict[str, Type] = {}
    for run in scenario.runs:
        taken: dict[str, Type] = {}
        body = _apart(run.algorithm.body, taken)
        runs.append(replace(run, algorithm=replace(run.algorithm, body=body)))
        words |= taken
    if not words:
        return scenario
    more = replace(record, fields=(*record.fields, *words.items()), marks=(*record.marks, *words))
    return replace(
        scenario,
        maps=tuple(replace(each, record=more) for each in scenario.maps),
        runs=tuple(replace(run, algorithm=run.algorithm.over(more)) for run in runs),
    )


def _apart(block: Block, taken: dict[str, Type]) -> Block:
    """The statements of a block, so taken apart; the words that this takes are added to those that others took."""
    made: list[p.Statement] = []
    for each in block:
        match each:
            case p.Pass(beside="", body=body) if walk.has_split(body) and not _splits_alone(each):
                # No name in a file has a dot.
                name = f"split{len(taken)}"
                taken |= _words(body, name)
                made += [replace(each, body=_noted(body, name)), _afterwards(each, name)]
            case p.If(then=then, otherwise=otherwise) if walk.has_split(each):
                made.append(replace(each, then=_apart(then, taken), otherwise=_apart(otherwise, taken)))
            case _:
                made.append(each)
    return tuple(made)


def _splits_alone(statement: p.Pass) -> bool:
    """Tell whether a pass can be made at once: no name that it brings is that of a variable around it."""
    return can_be_at_once(statement, walk.assigned(statement.body) - walk.bound(statement.body))


def _splits(body: Block) -> list[p.Split]:
    """The statements of a pass that split."""
    return [each for each in walk.statements(body) if isinstance(each, p.Split)]


def _drops(body: Block) -> bool:
    return p.DROPPED in walk.writes(body)


def _words(body: Block, name: str) -> dict[str, Type]:
    """The words of a region in which a pass leaves its notes, with their types."""
    words: dict[str, Type] = {f"{name}.noted": BOOL}
    for number, split in enumerate(_splits(body)):
        words |= {word: value.type for word, value in _notes(split, number, body, name).items()}
    return words


def _notes(split: p.Split, number: int, body: Block, name: str) -> dict[str, p.Expr]:
    """The values of words that a turn notes where it comes to a statement that splits."""
    noted: dict[str, p.Expr] = {f"{name}.noted": TRUE}
    if number:
        noted[f"{name}.by{number}"] = TRUE
    for place, address in enumerate(split.cuts):
        if not _is_fixed(address, body):
            noted[f"{name}.at{place}"] = address
    if _drops(body):
        noted[f"{name}.dropped"] = p.Field(BOOL, split.region, p.DROPPED)
    return noted


def _is_fixed(address: p.Expr, body: Block) -> bool:
    """Tell whether an address is the same after the pass, and owes nothing when it is worked out then."""
    moves = walk.assigned(body) | walk.bound(body)
    return not walk.scalars_read(address) & moves and next(walk.checked_arithmetic(address), None) is None


def _noted(body: Block, name: str) -> Block:
    """The statements of a pass, with notes in the place of what splits."""
    numbers = {id(each): number for number, each in enumerate(_splits(body))}

    def notes(split: p.Split) -> Iterator[p.Statement]:
        for word, value in _notes(split, numbers[id(split)], body, name).items():
            yield p.SetField(split.region, word, value, span=split.span)
        if _drops(body):
            yield p.SetField(split.region, p.DROPPED, FALSE, span=split.span)
        yield p.Leave(p.Exit.TURN, span=split.span)

    def block(statements: Block) -> Block:
        return tuple(made for each in statements for made in done(each))

    def done(statement: p.Statement) -> Iterator[p.Statement]:
        match statement:
            case p.Split():
                yield from notes(statement)
            case p.If(then=then, otherwise=otherwise):
                yield replace(statement, then=block(then), otherwise=block(otherwise))
            case _:
                yield statement

    return block(body)


def _afterwards(made: p.Pass, name: str) -> p.Pass:
    """The pass that splits what is noted."""
    region = made.variable
    first: list[p.Statement] = []
    if _drops(made.body):
        first.append(p.SetField(region, p.DROPPED, p.Field(BOOL, region, f"{name}.dropped")))
    splits: Block = ()
    for number, split in enumerate(_splits(made.body)):
        noted = _notes(split, number, made.body, name)
        words = (f"{name}.at{place}" for place in range(len(split.cuts)))
        cuts = zip(words, split.cuts, strict=True)
        done = replace(split, cuts=tuple(p.Field(e.type, region, word) if word in noted else e for word, e in cuts))
        by = p.Field(BOOL, region, f"{name}.by{number}")
        splits = (p.If(by, (done,), splits),) if number else (done,)
    where = p.Field(BOOL, region, f"{name}.noted")
    return replace(made, where=where, invariants=(), body=(*first, *splits))
