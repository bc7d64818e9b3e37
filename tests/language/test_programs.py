"""Random well-typed programs: they load, they format, and between them they use everything an algorithm can say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings

from checker import program as p
from checker.language import format_text, load_text
from tests.helpers.places import SPEC
from tests.writers.derivations import programs
from tests.writers.texts import Writer


def loaded(text: str) -> p.Program:
    """The typed program of a text that must load."""
    program = load_text("generated.layout", text.encode(), (SPEC,))
    assert isinstance(program, p.Program), (program, text)
    return program


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(programs())
def test_generated_programs_load_without_a_diagnostic(text: str) -> None:
    loaded(text)


@settings(deadline=None)
@given(programs())
def test_formatting_changes_nothing_about_a_generated_program(text: str) -> None:
    once = format_text("generated.layout", text.encode())
    assert isinstance(once, str)
    assert loaded(text) == loaded(once)
    assert once == format_text("generated.layout", once.encode())


def nodes(root: object) -> Iterator[object]:
    """Everything in a typed program."""
    if isinstance(root, tuple):
        for part in root:
            yield from nodes(part)
    elif dataclasses.is_dataclass(root):
        yield root
        for item in dataclasses.fields(root):
            if item.name != "span":
                yield from nodes(getattr(root, item.name))


@pytest.mark.slow
def test_generated_programs_use_every_statement_and_every_operator_checked_and_wrapping() -> None:
    seen: set[object] = set()
    passes = 0
    for seed in range(120):
        (algorithm,) = loaded(Writer(Random(seed), 20).algorithm()).algorithms
        passes = max(passes, sum(isinstance(statement, p.Pass) for statement in algorithm.body))
        for node in nodes(algorithm.body):
            seen.add(type(node))
            match node:
                case p.Arith(op=op, wraps=wraps):
                    seen.add((op, wraps))
                case p.Convert(wraps=wraps):
                    seen.add(("as", wraps))
                case p.Compare(rel=rel):
                    seen.add(rel)
                case p.Logic(junction=junction):
                    seen.add(junction)
                case p.Pass(reverse=reverse):
                    seen.add(("reversed", reverse))
                case p.Field(name=name):
                    seen.add(str(name))
    arithmetic = {(op, wraps) for op in p.Op for wraps in (True, False) if wraps or op in p.GROWING}
    wanted = {
        *(p.Expr.__args__),
        *(p.Statement.__args__),
        *arithmetic,
        *p.Rel,
        *p.Junction,
        *p.MARKS,
        *("serial", "tagged"),
        ("as", True),
        ("as", False),
        ("reversed", True),
        ("reversed", False),
    }
    assert wanted <= seen, wanted - seen
    assert passes >= 3
