"""A change is made to the token that it names, and to no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernels.mutations import Change, NoSuchTokenError, mutate, patch_of

TEXT = """\
static u64 cursor;

static bool low(u64 address)
{
	return address < 16 || address <= cursor;
}

static void step(u64 size)
{
	cursor -= size;
	if (size - 1 < cursor)
		cursor -= 1;
}
"""


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change("low", "<", ">"), "\treturn address > 16 || address <= cursor;"),
        (Change("low", "<=", "=="), "\treturn address < 16 || address == cursor;"),
        (Change("low", "address", "cursor", None), "\treturn cursor < 16 || cursor <= cursor;"),
        (Change("step", "-=", "+=", 1), "\t\tcursor += 1;"),
        (Change("step", "-", "+"), "\tif (size + 1 < cursor)"),
    ],
)
def test_one_token_of_one_function_is_changed(change: Change, line: str) -> None:
    changed = mutate(TEXT, [change])
    differing = [new for old, new in zip(TEXT.splitlines(), changed.splitlines(), strict=True) if old != new]
    assert differing == [line]


def test_a_token_that_is_not_there_is_told() -> None:
    with pytest.raises(NoSuchTokenError, match=r"step\(\) has no `-=` \(2\)"):
        mutate(TEXT, [Change("step", "-=", "+=", 2)])


def test_a_change_of_a_tree_is_a_patch(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text(TEXT)
    (tmp_path / "b.c").write_text("int other;\n")
    patch = patch_of(tmp_path, ["a.c", "b.c", "c.c"], [Change("low", "16", "17")])
    assert patch.startswith("--- a/a.c\n+++ b/a.c\n@@ -2,7 +2,7 @@\n")
    assert [line for line in patch.splitlines()[2:] if line[0] in "-+"] == [
        "-\treturn address < 16 || address <= cursor;",
        "+\treturn address < 17 || address <= cursor;",
    ]
