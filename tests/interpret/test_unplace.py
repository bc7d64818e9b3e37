"""`unplace`: a region has no address any more, and keeps all else."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.interpret import Layout, run
from tests.helpers.loading import load_source


def laid_out(body: str) -> Layout:
    """What an algorithm makes of one region, which firmware says is at 0x7000."""
    (algorithm,) = load_source(f"algorithm f(map: MemoryMap) {{ for r in map {{ {body} }} }}").algorithms
    region = {"type": 5, "phys_addr": 0x1000, "virt_addr": 0x7000, "num_pages": 2, "attribute": 1 << 63}
    made = run(algorithm, (region,), {})
    assert isinstance(made, Layout)
    return made


@pytest.mark.parametrize(
    ("body", "placed", "address"),
    [
        ("unplace r", 0, 0x7000),
        ("place r at 0x9000 unplace r", 0, 0x9000),
        ("place r at 0 unplace r", 0, 0),
        ("unplace r place r at 0x9000", 1, 0x9000),
        ("place r at 0x9000 if r.placed { unplace r }", 0, 0x9000),
        ("place r at 0x9000 if not r.placed { unplace r }", 1, 0x9000),
    ],
)
def test_the_mark_goes_and_the_field_stays(body: str, placed: int, address: int) -> None:
    (region,) = laid_out(body).regions
    assert (region[p.PLACED], region["virt_addr"]) == (placed, address)


def test_what_was_exported_stays_in_the_list() -> None:
    made = laid_out("place r at 0x9000 export r unplace r")
    assert list(made.exported) == [0]
    assert made.regions[0][p.EXPORTED] == 1
