"""Mutants in one expression that has the value of the original's wherever it is looked at: each beside a twin that has
not."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.base.diagnostic import NOWHERE
from checker.library import Program
from checker.prove import Limits
from checker.verify.mutation.contexts import contexts
from checker.verify.mutation.judge import judge
from checker.verify.mutation.mutants import Mutant
from checker.verify.mutation.operators import Kind, Mutation
from checker.verify.mutation.outcomes import Equal
from checker.verify.run import Options
from tests.helpers.loading import load_source
from tests.helpers.places import ROOT

OPTIONS = Options(limits=Limits.chosen(bound=3, effort=20))

CUT = "for region in map where low < high { split region at low, high }"
PLACE = "{ place region at 4K }"

ALIKE = {
    "no region is empty": ("for region in map where region.num_pages ? 0 " + PLACE, ">", ">="),
    "no piece is empty": (CUT + "for region in map where region.num_pages ? 0 " + PLACE, ">", ">="),
    "in a turn": ("for region in map { if region.num_pages ? 0 " + PLACE + "}", ">", ">="),
    "what is set is set": (
        "for region in map { region.attribute |= RUNTIME } "
        "for region in map where region.num_pages > ? { region.attribute |= RUNTIME }",
        "1",
        "2",
    ),
    "a variable has one value": (
        "var most: pages = 1 for region in map { region.num_pages = 2 } most = 2 "
        "for region in map where region.num_pages ? most { place region at 4K }",
        "<=",
        "==",
    ),
}
"""Of an algorithm the text, and what stands in it first and then: the layouts are alike on every map."""

OTHER = {
    "a region is emptied before": (
        "for region in map { region.num_pages = 0 } "
        "for region in map where region.num_pages ? 0 { place region at 4K }",
        ">",
        ">=",
    ),
    "a piece is emptied before": (
        CUT + " for region in map where region.phys_addr == low { region.num_pages = 0 } "
        "for region in map where region.num_pages ? 0 { place region at 4K }",
        ">",
        ">=",
    ),
    "emptied in the turn": (
        "for region in map { region.num_pages = 0 if region.num_pages ? 0 { place region at 4K } }",
        ">",
        ">=",
    ),
    "what is set was not": (
        "for region in map { region.attribute |= RUNTIME } "
        "for region in map where region.num_pages > ? { region.attribute |= WB }",
        "1",
        "2",
    ),
    "a variable changes from turn to turn": (
        "var most: pages = 0 for region in map { region.num_pages = 1 } "
        "for region in map { if most ? 0 { place region at 4K } most = 1 }",
        "==",
        ">=",
    ),
    "a variable of the turn": (
        "for region in map { var most: pages = region.num_pages if most ? 1 { place region at 4K } }",
        "==",
        ">=",
    ),
    "the one before is emptied": (
        "for region in map with previous prior { region.num_pages = 0 "
        "if prior.visited and prior.num_pages ? 0 { place region at 4K } }",
        ">",
        ">=",
    ),
    "a sum that does not fit": (
        "for region in map where ? == (low as bytes) { place region at 4K }",
        "((low as bytes) + (low as bytes)) / 2",
        "(low as bytes)",
    ),
    "what is assumed is not": ("for region in map where region.virt_addr ? 0 { place region at 4K }", ">", ">="),
}
"""The same; there the layouts differ, or that they do not is not seen from the expression."""


def loaded(body: str) -> p.Program:
    return load_source(
        f"algorithm any(map: MemoryMap, low: pa, high: pa) {{ {body} }} scenario s {{ "
        "given low: pa where low aligned EFI_PAGE given high: pa where high aligned EFI_PAGE "
        "given map: MemoryMap where well_formed let made = any(map, low, high) check true }"
    )


def mutant(text: str, before: str, after: str) -> tuple[p.Program, Mutant]:
    original, other = (loaded(text.replace("?", each)) for each in (before, after))
    change = Mutation(Kind.COMPARISON, NOWHERE, (before,), (after,))
    return original, Mutant("any", change, original.algorithms[-1], other.algorithms[-1])


def seen(program: p.Program, changed: Mutant) -> bool:
    """Whether it is asked of the one expression alone."""
    return all(each.up_to(changed) is not None for each in contexts(program, changed.original))


@pytest.mark.parametrize("name", ALIKE)
def test_one_expression_that_has_the_value_of_the_other_makes_no_difference(name: str) -> None:
    program, changed = mutant(*ALIKE[name])
    assert seen(program, changed)
    assert judge(Program("a", ROOT / "a.layout", program), (), changed, OPTIONS).fate == Equal()


@pytest.mark.parametrize("name", OTHER)
def test_one_expression_that_has_another_value_may(name: str) -> None:
    program, changed = mutant(*OTHER[name])
    fate = judge(Program("a", ROOT / "a.layout", program), (), changed, OPTIONS).fate
    assert not isinstance(fate, Equal)
