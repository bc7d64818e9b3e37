"""What is read of a small program in C does what the compiled program does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from tests.csource.corpus import Program, answers, compiled, layouts, programs
from tests.csource.faults import FAULTS, Fault
from tests.csource.imported import kept, laid, told
from tests.csource.random_programs import random_program
from tests.helpers.patching import meanwhile
from tests.oracles.compiled import COMPILER, Library

if COMPILER is None and not os.environ.get("CI"):
    pytest.skip("no C compiler here: apt-get install gcc", allow_module_level=True)

CALLED, WALKING = programs("calls"), programs("walks")

NOT_UNDERSTOOD = {
    "bounded_rounds": "S002",
    "comma_in_a_loop": "S002",
    "effect_of_an_argument": "S002",
    "return_from_a_walk": "S002",
    "alignment": "S003",
    "call_by_value": "S006",
    "configured_out": "S004",
    "enumeration_counts_on": "S003",
    "enumeration_member_is_an_int": "S003",
    "macro_evaluates_twice": "S006",
    "macro_of_macros": "S004",
    "macro_is_text": "S002",
    "macro_of_statements": "S002",
    "macro_parameter_is_text": "S002",
    "macro_that_compares": "S002",
    "macro_that_is_a_sum": "S002",
    "maximum_in_a_long": "S003",
    "minimum_in_a_signed_type": "S003",
    "minimum_in_a_type": "S003",
    "minimum_of_one_type": "S003",
    "rounding_down": "S003",
    "rounding_in_the_first_type": "S003",
    "rounding_up": "S003",
    "size_of_an_expression": "S006",
}
"""Programs that are refused, each with the code of the reason: a wrong reading would be worse."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return compiled([*CALLED.values(), *WALKING.values()], tmp_path_factory.mktemp("programs"))


@pytest.mark.parametrize("name", sorted(CALLED.keys() - NOT_UNDERSTOOD.keys()))
def test_calls_give_what_the_compiled_program_gives(library: Library, name: str) -> None:
    assert told(CALLED[name]) == answers(library, CALLED[name])


@pytest.mark.parametrize("name", sorted(WALKING.keys() - NOT_UNDERSTOOD.keys()))
def test_walks_lay_maps_out_as_the_compiled_program_does(library: Library, name: str) -> None:
    assert laid(WALKING[name]) == kept(layouts(library, WALKING[name]))


@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(60, 3_000), marks=pytest.mark.campaign)], ids=str)
def test_random_functions_give_what_the_compiled_ones_give(tmp_path: Path, seeds: range) -> None:
    written = [random_program(seed) for seed in seeds]
    library = compiled(written, tmp_path)
    assert [each.name for each in written if told(each) != answers(library, each)] == []


def test_a_truth_that_is_rounded_is_a_number_of_its_own_type() -> None:
    program = random_program(1322)
    assert "& (-8)" in program.text
    assert not isinstance(told(program), Diagnostic)


@pytest.mark.parametrize(("name", "code"), NOT_UNDERSTOOD.items())
def test_what_is_not_understood_is_refused_at_its_place(name: str, code: str) -> None:
    refused = told(CALLED[name]) if name in CALLED else laid(WALKING[name])
    assert isinstance(refused, Diagnostic)
    assert refused.code == code
    assert refused.span is not None
    assert refused.span.source.name == f"{name}.c"
    assert refused.help


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.text)
def test_a_fault_in_the_reading_is_noticed(library: Library, fault: Fault) -> None:
    program: Program = CALLED.get(fault.program) or WALKING[fault.program]
    right = fault.seam.function
    reached = []

    def instead(*arguments: object, **named: object) -> object:
        reached.append(1)
        return fault.instead(right, *arguments, **named)

    with meanwhile(fault.seam, instead):
        found = told(program) if fault.program in CALLED else laid(program)
    assert reached
    assert not isinstance(found, Diagnostic)
    assert found != (answers(library, program) if fault.program in CALLED else kept(layouts(library, program)))
