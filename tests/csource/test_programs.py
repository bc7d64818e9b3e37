"""Small programs in C mean what the C compiler says that they mean.

Each is about one rule. A twin breaks that rule, and answers otherwise: so the numbers tell the rules apart.
"""

from __future__ import annotations

import os

import pytest

from tests.csource.corpus import Program, answers, compiled, layouts, programs
from tests.oracles.compiled import COMPILER, Library

if COMPILER is None and not os.environ.get("CI"):
    pytest.skip("no C compiler here: apt-get install gcc", allow_module_level=True)

CALLED, WALKING = programs("calls"), programs("walks")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return compiled([*CALLED.values(), *WALKING.values()], tmp_path_factory.mktemp("programs"))


def test_every_program_is_about_a_rule_of_its_own() -> None:
    rules = [program.rule for program in (*CALLED.values(), *WALKING.values())]
    assert len(rules) >= 60
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize("program", CALLED.values(), ids=CALLED)
def test_the_compiler_tells_a_program_from_one_that_breaks_its_rule(library: Library, program: Program) -> None:
    said = answers(library, program)
    assert said == answers(library, program), "its state is fresh each time"
    assert said != answers(library, program, "_otherwise")


@pytest.mark.parametrize("program", WALKING.values(), ids=WALKING)
def test_the_compiler_tells_a_walk_from_one_that_breaks_its_rule(library: Library, program: Program) -> None:
    said = layouts(library, program)
    assert said == layouts(library, program), "its state is fresh each time"
    assert said != layouts(library, program, "_otherwise")
