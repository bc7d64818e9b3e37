"""What is cut out of C is all of a function, a variable or a macro, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernels.cut import NotFoundError, cut, lacks
from tests.kernels.real import MOST, descriptors, regions

TEXT = """\
#define SMALL 4
#define LONG(a) \\
	do { a; } \\
	while (0)
#define LONGER 5

static unsigned long cursor = (1UL << 4);

/* next() is said here, and is no function */
static int next(int from);

static int __init
next(int from)
{
	if (from) {
		cursor++;
	}
	return from + SMALL;
}

static int next_but_one(int from)
{
	return next(next(from));
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.c").write_text(TEXT)
    return tmp_path


def test_a_function_is_cut_out_with_its_head(tree: Path) -> None:
    assert cut(tree, ["a.c"], ["next"]).splitlines()[0] == "static int __init"
    assert cut(tree, ["a.c"], ["next"]).splitlines()[-2:] == ["\treturn from + SMALL;", "}"]
    assert cut(tree, ["a.c"], ["next_but_one"]).count("\n") == 3


def test_a_macro_is_cut_out_with_all_its_lines(tree: Path) -> None:
    assert cut(tree, ["a.c"], ["#define LONG"]).count("\n") == 2
    assert cut(tree, ["a.c"], ["#define SMALL", "static cursor"]).splitlines() == [
        "#define SMALL 4",
        "static unsigned long cursor = (1UL << 4);",
    ]


def test_what_is_not_there_is_told(tree: Path) -> None:
    assert lacks(tree, ["a.c", "b.c"], "last")
    with pytest.raises(NotFoundError, match="last"):
        cut(tree, ["a.c"], ["next", "last"])


def test_regions_are_read_from_memory_as_they_were_written() -> None:
    some = [
        {"type": 7, "phys_addr": 1 << 63, "virt_addr": 5, "num_pages": (1 << 64) - 1, "attribute": 0xF},
        {"type": 0xFFFFFFFF, "phys_addr": 0, "virt_addr": 0, "num_pages": 1, "attribute": 1 << 63},
    ]
    assert len(some) < MOST
    assert regions(descriptors(some), 2) == some
