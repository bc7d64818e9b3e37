"""What is read of a file while it is written: as much as a fresh reader would see, whatever was there before."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from checker import library
from checker.base.diagnostic import Source
from checker.language import Desk, Study, study
from checker.language.syntax.again import placed, untouched
from tests.helpers.places import MODELS

MODEL = MODELS / "linux-x86-reversed.layout"
TEXT = MODEL.read_text(encoding="utf-8")
SEARCH = (MODELS, *library.search_path())


def read(text: str, desk: Desk, path: Path = MODEL) -> Study:
    return study(str(path), text.encode(), (path.parent, *library.search_path()), desk)


def seen(found: Study) -> object:
    """All that an editor can be told of a reading."""
    names = {} if found.names is None else found.names.at
    words = {
        start: (word.place.text, word.declared and (word.declared.source.name, word.declared.start))
        for start, word in names.items()
    }
    wrong = [(each.code, each.message, each.help, each.span and each.span.start) for each in found.wrong]
    return wrong, words, found.program, found.tree, places(found), sorted(found.known)


def places(found: Study) -> list[tuple[str, int, int]]:
    """Return where all nodes and names of the tree stand."""
    nodes, left = [], [] if found.tree is None else [found.tree]
    while left:
        node = left.pop()
        nodes.append((type(node).__name__, node.span.start, node.span.end))
        nodes += [(word, word.span.start, word.span.end) for word in node.declares()]
        left += node.children()
    return nodes


def edited(text: str, choose: random.Random) -> str:
    """A text with a word less, a word more, or another word."""
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    word, other = choose.choice(words), choose.choice(words)
    put = choose.choice(["", other[0], f"{word[0]} {other[0]}", word[0] + "_x", "\n# a comment\n" + word[0]])
    return text[: word.start()] + put + text[word.end() :]


@pytest.mark.parametrize("seed", range(2))
def test_what_is_taken_over_from_before_changes_nothing(seed: int) -> None:
    choose, desk, text = random.Random(seed), Desk(), TEXT
    right = broken = 0
    for _ in range(12):
        # Mostly broken, mended now and then.
        text = edited(text if choose.random() < 0.4 else TEXT, choose)
        again, fresh = read(text, desk), read(text, Desk())
        assert seen(again) == seen(fresh)
        broken, right = broken + bool(fresh.wrong), right + (not fresh.wrong)
    assert broken > 2
    assert right > 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("const B: u64 = 2", "+ 2"),
        ("const B", "use B"),
        ("const B", "const B ="),
        ("B: u64 = 2", "A: u64 = 2"),
        ("= 2", "= A"),
        ("= 2", "= 2 # "),
        ("= 2\n", "= 2 # "),
        ("= 2\n", "= 2"),
        ("= 2\n", "= 2 "),
        ("= 2", "= (2"),
        ("const B: u64 = 2\nconst", ""),
        ("const B: u64 = 2\n", ""),
        ("const B: u64 = 2", "const B: u64 = 2 +"),
        ("const B: u64 = 2", 'rule B() from "'),
        ("const B: u64 = 2", "window"),
        ("const B: u64 = 2", "window B: va = 1 .. 2\nlayout L of"),
        ("const A: u64 = 1\n", "use "),
        ("const A: u64 = 1\n", "use b,\n"),
        ("const A: u64 = 1\n", "{\n"),
    ],
)
def test_what_is_taken_over_ends_where_a_word_may_mean_something_else(old: str, new: str, tmp_path: Path) -> None:
    desk, text = Desk(), "const A: u64 = 1\nconst B: u64 = 2\nconst C: u64 = 3\n"
    assert read(text, desk, tmp_path / "x.layout").wrong == ()
    changed = text.replace(old, new)
    assert seen(read(changed, desk, tmp_path / "x.layout")) == seen(read(changed, Desk(), tmp_path / "x.layout"))


def test_a_file_that_is_used_is_read_again_when_it_changes(tmp_path: Path) -> None:
    used, path, desk = tmp_path / "base.layout", tmp_path / "user.layout", Desk()
    used.write_text("const A: u64 = 1\n", encoding="utf-8")
    text = "use base\nconst B: u64 = A\nconst C: u64 = 1\n"
    assert read(text, desk, path).wrong == ()
    used.write_text("const A: bytes = 1\n", encoding="utf-8")
    (wrong,) = read(text, desk, path).wrong
    assert wrong.message == "this is `bytes`; `u64` is needed here"
    desk.texts = {used: b"const A: u64 = 2\n"}
    again = read(text, desk, path)
    assert again.wrong == ()
    assert again.program is not None
    assert again.program.sources == read(text, Desk(desk.texts), path).program.sources  # type: ignore[union-attr]


def test_what_files_have_spent_counts_when_they_are_not_read_again() -> None:
    desk = Desk()
    sizes = [found.program.size for _ in range(3) if (found := read(TEXT, desk)).program is not None]
    fresh = read(TEXT, Desk()).program
    assert fresh is not None
    assert sizes == [fresh.size] * 3


def test_of_a_text_only_what_is_around_a_change_is_parsed_again() -> None:
    text = TEXT.replace("algorithm ", "const A: u64 = 1\nalgorithm ", 1)
    tree = read(text, Desk()).tree
    assert tree is not None
    changed = text.replace("{ continue }\n", "{\n continue\n} # a remark\n", 1)
    kept = untouched(tree, changed)
    assert (kept.before, kept.behind) == (tree.items[:1], tree.items[2:])
    assert "# a remark" in changed[kept.start : kept.end]
    last = tree.items[-1]
    moved = placed(last, Source("x", changed), kept.moved)
    assert (moved, moved.span.text, moved.span.line) == (last, last.span.text, last.span.line + 2)


def test_what_stands_behind_an_item_that_is_wrong_is_known_when_more_is_written(tmp_path: Path) -> None:
    path, desk = tmp_path / "x.layout", Desk()
    text = "const A: u64 = 1\nconst B: u64 = nope\nconst C: u64 = A\nconst D: u64 = 4\nconst E: u64 = 5\n"
    read(text, desk, path)
    again = read(text.replace("5", "6"), desk, path)
    assert again.names is not None
    assert again.names.at[text.index("A\nconst D")].declared is not None
    assert seen(again) == seen(read(text.replace("5", "6"), Desk(), path))


def test_the_items_before_a_change_are_not_read_again() -> None:
    desk = Desk()
    first = read(TEXT, desk)
    again = read(TEXT + "const MORE: u64 = 1\n", desk)
    assert first.tree is not None
    assert again.tree is not None
    assert [one is other for one, other in zip(first.tree.items, again.tree.items, strict=False)] == [
        *[True] * (len(first.tree.items) - 1),
        False,
    ]
