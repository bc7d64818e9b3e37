"""What is answered about a place in a text: in this process, without a protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.language import Desk
from checker.lsp.completion import complete
from checker.lsp.documents import Document, moved, open_document
from checker.lsp.hover import hover
from checker.lsp.navigation import Refused, definition, references, rename, replaced
from checker.lsp.protocol import offset, position
from checker.lsp.remedies import remedies

WHERE = Path("/somewhere/example.layout")
TEXT = """\
use uefi, x86_64, kexec

# As far down as it goes.
const BOTTOM: va = 4K * 4 + EFI_WINDOW.start

algorithm down(map: MemoryMap) {
    var cursor: va = EFI_WINDOW.end
    for region in map where region.runtime and region.type == CONVENTIONAL {
        let before = cursor
        cursor -= region.size
        if cursor < BOTTOM { continue }
        place region at cursor
    }
}

property apart(layout: Layout) =
    each a, b in layout where a.placed and b.placed: a.virt_addr != b.virt_addr else "{a} is at {a.virt_addr}"

scenario s {
    given map: MemoryMap where not_empty
    let made = down(map)
    check apart(made) expect refuted
}
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def split(marked: str) -> tuple[str, int]:
    """A text and the place in it that is marked by `^`."""
    at = marked.index("^")
    return marked[:at] + marked[at + 1 :], at


def after(text: str, here: str, more: str = "") -> str:
    """A text with something more behind its first ``here``, and the place marked that is behind that."""
    return text.replace(here, f"{here}{more}^", 1)


def opened(text: str, desk: Desk, before: Document | None = None) -> Document:
    return open_document(WHERE, text, desk, before)


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ("BOTTOM", "As far down as it goes."),
        ("BOTTOM", "`va` (virtual address), value 0xffffffef00004000"),
        ("const BOTTOM: v", "64 bits, virtual address"),
        ("= 4", "`0x1000` = 4096"),
        ("EFI_WINDOW.st", "EFI_WINDOW.start: va = 0xffffffef00000000"),
        ("region.siz", "derive size: bytes = num_pages * EFI_PAGE"),
        ("region.siz", "of `Descriptor`"),
        ("region.run", "derive runtime: bool ="),
        ("CONVENT", "CONVENTIONAL = 7"),
        ("let bef", "let before: va"),
        ("for reg", "a region: `Descriptor`"),
        ('"{a', "a region: `Descriptor`"),
        ("is at {a.virt", "placed at virt_addr: va"),
        ("not_em", "assumption not_empty(map: MemoryMap)"),
        ("let ma", "let made = down(map)"),
    ],
)
def test_a_word_is_explained(here: str, said: str, desk: Desk) -> None:
    text, at = split(after(TEXT, here))
    found = hover(opened(text, desk), at)
    assert found is not None
    assert said in found[1]


def test_a_word_that_stands_for_nothing_is_not_explained(desk: Desk) -> None:
    text, at = split(after(TEXT, "whe"))
    assert hover(opened(text, desk), at) is None


@pytest.mark.parametrize(
    ("here", "more", "some", "none"),
    [
        ("use uefi", ", ", {"invariants", "x86_64"}, {"BOTTOM", "example"}),
        ("", "", {"use", "algorithm"}, {"place", "BOTTOM"}),
        ("var cursor: ", "", {"va", "MemoryType", "window"}, {"cursor", "if"}),
        ("        cursor -= region.", "", {"size", "phys_addr", "placed"}, {"cursor"}),
        (
            "        cursor -= ",
            "",
            {"cursor", "BOTTOM", "region", "align_down", "CONVENTIONAL", "if"},
            {"made", "place"},
        ),
        ("place ", "", {"region"}, {"cursor", "BOTTOM"}),
        ("let before = cursor\n", "        ", {"place", "cursor", "region"}, {"BOTTOM", "given"}),
        ("let ", "", set(), {"cursor", "if"}),
        ("for region in ", "", {"map", "reversed"}, {"cursor"}),
        ("a.placed ", "", {"and", "or", "has"}, {"BOTTOM"}),
        ("let made = ", "", {"down", "repeat"}, {"apart", "BOTTOM"}),
        ("check ", "", {"apart", "made", "not_empty"}, {"down", "cursor"}),
        ("expect ", "", {"refuted", "proved"}, {"apart"}),
        ("# As ", "", set(), {"algorithm"}),
        ('else "{a} is ', "", set(), {"apart"}),
    ],
)
def test_words_are_proposed_that_may_stand_there(
    here: str, more: str, some: set[str], none: set[str], desk: Desk
) -> None:
    good = opened(TEXT, desk)
    text, at = split(after(TEXT, here, more))
    # What follows is cut off: it is not written yet.
    found = {each.word for each in complete(opened(text[:at], desk, good), at)}
    assert some <= found
    assert not none & found
    assert found or not some


def test_a_name_leads_to_where_it_is_declared(desk: Desk) -> None:
    text, at = split(after(TEXT, "if cur"))
    found = definition(opened(text, desk), at)
    assert found is not None
    assert (found.line, found.text) == (7, "cursor")
    text, at = split(after(TEXT, "CONVENT"))
    found = definition(opened(text, desk), at)
    assert found is not None
    assert (Path(found.source.name).name, found.text) == ("uefi.layout", "CONVENTIONAL")


def test_all_uses_of_a_name_are_found_those_in_messages_too(desk: Desk) -> None:
    text, at = split(after(TEXT, "each a"))
    found = references(opened(text, desk), at)
    assert sorted(each.start for each in found) == sorted(
        [
            TEXT.index("each a, b") + 5,
            TEXT.index("a.placed"),
            TEXT.index("a.virt_addr !="),
            TEXT.index("{a}") + 1,
            TEXT.index("{a.virt") + 1,
        ]
    )


def test_renaming_changes_every_use_and_no_meaning(desk: Desk) -> None:
    text, at = split(after(TEXT, "each a"))
    document = opened(text, desk)
    done = rename(document, at, "first", {WHERE: text})
    assert isinstance(done, dict)
    new = replaced(text, done[WHERE], "first")
    body = "each first, b in layout where first.placed and b.placed: first.virt_addr != b.virt_addr"
    line = f'{body} else "{{first}} is at {{first.virt_addr}}"'
    assert line in new
    assert opened(new, desk).study.wrong == ()


@pytest.mark.parametrize(
    ("here", "new", "why"),
    [
        ("each a", "b", "`b` already names a region here"),
        ("var curs", "region", "already names"),
        ("var curs", "if", "unexpected `if`"),
        ("var curs", "a-b", "`a-b` is no name"),
        ("CONVENT", "FREE", "is declared in uefi.layout, which others use too"),
        ("BOTTOM: v", "address", "is a word of the language"),
        ("whe", "when", "there is no name here"),
    ],
)
def test_a_name_that_would_not_do_is_refused(here: str, new: str, why: str, desk: Desk) -> None:
    text, at = split(after(TEXT, here))
    found = rename(opened(text, desk), at, new, {WHERE: text})
    assert isinstance(found, Refused)
    assert why in found.why


def test_a_name_that_would_take_the_place_of_another_is_refused(desk: Desk) -> None:
    """A member of an enumeration has no name of its own: a constant that is called like it would be taken for it."""
    text = TEXT.replace(
        "const BOTTOM: va = 4K * 4 + EFI_WINDOW.start", "const LOWEST: MemoryType = MemoryType.UNUSABLE"
    )
    text = text.replace("if cursor < BOTTOM", "if region.type == LOWEST")
    assert opened(text, desk).study.wrong == ()
    found = rename(opened(text, desk), text.index("LOWEST"), "CONVENTIONAL", {WHERE: text})
    assert found == Refused("`CONVENTIONAL` would stand for something else in example.layout")


def test_other_files_that_use_a_name_are_changed_with_it(tmp_path: Path) -> None:
    base, user = tmp_path / "base.layout", tmp_path / "user.layout"
    base.write_text("const A: u64 = 1\nconst B: u64 = A\n", encoding="utf-8")
    user.write_text("use base\nconst C: u64 = A + B\n", encoding="utf-8")
    (tmp_path / "other.layout").write_text("const A: u64 = 1\n", encoding="utf-8")
    text = user.read_text(encoding="utf-8")
    done = rename(open_document(user, text, Desk()), text.index("A +"), "AA", {user: text})
    assert isinstance(done, dict)
    assert {path.name: [(each.line, each.column) for each in places] for path, places in done.items()} == {
        "base.layout": [(1, 7), (2, 16)],
        "user.layout": [(2, 16)],
    }


@pytest.mark.parametrize(
    ("old", "new", "mended"),
    [
        ("if cursor <", "if curser <", ["cursor"]),
        ("continue }", "continue; }", [""]),
        ("a.placed and", "a.placed &&", ["and"]),
        ("use uefi, x86_64, kexec", "use uefi, kexec", ["use x86_64\n"]),
        ("let before = cursor", "let before: u64 = cursor", ["cursor as u64"]),
        ("if cursor < BOTTOM {", "if region.num_pages {", ["region.num_pages != 0"]),
        ("expect refuted", "expect refutd", ["refuted"]),
        ("down(map)\n", "down(map\n", [")"]),
        ("        place region at cursor\n    }\n}\n", "        place region at cursor\n    }\n", ["}\n\n"]),
        ("    var cursor: va =", "    va cursor =", []),
    ],
)
def test_a_remedy_is_offered_if_it_mends(old: str, new: str, mended: list[str], desk: Desk) -> None:
    assert old in TEXT
    document = opened(TEXT.replace(old, new, 1), desk)
    problem = document.study.wrong[0]
    offered = remedies(document, problem, desk)
    assert [each.text for each in offered] == mended
    for change in offered:
        assert problem not in opened(change.apply(document.text), desk).study.wrong


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_places_go_both_ways_in_all_units(encoding: str, units: int, desk: Desk) -> None:
    document = opened("# one\n# \U0001f40d two\n", desk)
    snake = document.text.index("\U0001f40d")
    assert position(document.source, snake + 1, encoding).character == 2 + units
    for at in range(len(document.text) + 1):
        assert offset(document.source, position(document.source, at, encoding), encoding) == at


def test_lines_end_as_the_protocol_has_it_whatever_else_may_separate_lines(desk: Desk) -> None:
    document = opened("# a\u2028b\x85c\r\nconst A: u64 = b\n", desk)
    (wrong,) = [each for each in document.study.wrong if each.span is not None]
    assert wrong.code == "L004"
    document = opened("# a\u2028b\r\nconst A: u64 = b\n", desk)
    (wrong,) = document.study.wrong
    assert wrong.span is not None
    place = position(document.source, wrong.span.start, "utf-16")
    assert (place.line, place.character) == (1, 15)


def test_an_offset_is_where_its_text_went() -> None:
    old, new = "abc def ghi", "abc DDDD ghi"
    assert [moved(at, old, new) for at in (0, 4, 8, 11)] == [0, 4, 9, 12]
    assert moved(3, old, old) == 3
