"""A map that is cut off or contradicts itself is refused, with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap import MemoryMap, read_bytes, read_path
from tests.helpers.places import DATA

BROKEN = DATA / "broken-maps"
MAPS = BROKEN.parent / "maps"
EXPECTED: dict[str, dict[str, Any]] = json.loads((BROKEN / "expected.json").read_text())


def refused(answer: MemoryMap | Diagnostic) -> Diagnostic:
    assert isinstance(answer, Diagnostic), answer
    return answer


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_map_is_refused_at_its_place(name: str) -> None:
    answer = refused(read_path(str(BROKEN / name)))
    assert answer.span is not None
    got = {"code": answer.code, "line": answer.span.line, "column": answer.span.column, "text": answer.span.text}
    assert got == EXPECTED[name]
    assert answer.message
    assert answer.help


def test_every_broken_map_has_its_expected_answer() -> None:
    assert {path.name for path in BROKEN.iterdir()} - {"expected.json", "README.md"} == set(EXPECTED)


def test_codes_are_unique_and_explained() -> None:
    assert len({code.value for code in MapCode}) == len(MapCode)
    assert all(code.value[0] == "M" and code.value[1:].isdigit() and code.meaning for code in MapCode)


def test_the_column_of_a_coloured_line_is_that_of_the_file() -> None:
    line = "\x1b[32m[    0.000000] \x1b[0m\x1b[33mefi: \x1b[0mmem00: [Boot Dato |RUN] range=[0x0"
    line += "000000000001000-0x0000000000001fff] (0MB)\n"
    answer = refused(read_bytes("log", line.encode()))
    assert answer.code == MapCode.UNKNOWN_TYPE
    assert answer.span is not None
    assert answer.span.text == "Boot Dato"
    assert answer.span.column == line.index("Boot Dato") + 1


def test_no_message_holds_control_characters() -> None:
    line = "efi: mem00: [Boot\x07\x00Data |RUN] range=[0x0000000000001000-0x0000000000001fff] (0MB)\n"
    assert refused(read_bytes("log", line.encode())).message.isprintable()


@pytest.mark.parametrize(
    "name", ["linux-x86-type.txt", "linux-x86-flags-halfopen.txt", "linux-x86-flags-closed.txt", "xen.txt"]
)
def test_no_line_can_be_cut_without_being_noticed(name: str) -> None:
    lines = (MAPS / name).read_text().splitlines()
    place = len(lines) // 2
    row = lines[place]
    begin = row.index("mem") if "mem" in row else 7
    for length in range(begin + 1, len(row)):
        text = "\n".join([*lines[:place], row[:length], *lines[place + 1 :]])
        answer = read_bytes("log", text.encode())
        assert isinstance(answer, Diagnostic), row[:length]
        assert answer.span is not None
        assert answer.span.line in (place + 1, place + 2)


@pytest.mark.parametrize("name", ["linux-x86-type.txt", "linux-x86-flags-closed.txt", "linux-arm64-with-header.txt"])
def test_no_line_but_the_last_can_be_missing(name: str) -> None:
    lines = (MAPS / name).read_text().splitlines()
    rows = [i for i, line in enumerate(lines) if "efi: mem0" in line or "efi:   0x0" in line]
    for row in rows[:-1]:
        answer = refused(read_bytes("log", "\n".join(lines[:row] + lines[row + 1 :]).encode()))
        assert answer.code in (MapCode.MISSING_INDEX, MapCode.INCOMPLETE)


def test_a_missing_file_is_an_answer(tmp_path: Path) -> None:
    answer = refused(read_path(str(tmp_path / "nowhere")))
    assert answer.code == MapCode.UNREADABLE
    assert answer.span is None


def test_a_path_with_a_null_character_is_an_answer() -> None:
    assert refused(read_path("a\0b")).code == MapCode.UNREADABLE
