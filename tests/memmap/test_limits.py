"""Large and hostile inputs are answered in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from checker.diagnostic import Diagnostic
from checker.memmap import MAX_DESCRIPTORS, MAX_INPUT_BYTES, MAX_LINES, Code, MemoryMap, lists, read_bytes

ROWS: dict[str, Callable[[int], str]] = {
    "x86": lambda i: (
        f"[    0.000000] efi: mem{i:02d}: [Boot Data   |RUN|  |  |   |WB|WT|WC|UC] "
        f"range=[0x{i << 12:016x}-0x{(i << 12) + 4095:016x}] (0MB)\n"
    ),
    "generic": lambda i: f"efi:   0x{i << 12:012x}-0x{(i << 12) + 4095:012x} [Boot Data   |RUN|  |WB]\n",
    "shell": lambda i: f"BS_Data    {i << 12:016X}-{(i << 12) + 4095:016X} {1:016X} {15:016X}\n",
    "json": lambda i: f'{"[" if i == 0 else ","}{{"type":4,"phys_addr":{i << 12},"num_pages":1,"attribute":15}}',
}


def answer_and_seconds(data: bytes) -> tuple[MemoryMap | Diagnostic, float]:
    start = time.process_time()
    answer = read_bytes("big", data)
    return answer, time.process_time() - start


@pytest.mark.parametrize("kind", ROWS)
def test_a_map_of_200_000_entries_is_read_in_two_seconds(kind: str) -> None:
    text = "".join(map(ROWS[kind], range(200_000))) + ("]" if kind == "json" else "")
    answer, seconds = answer_and_seconds(text.encode())
    assert isinstance(answer, MemoryMap)
    assert len(answer.descriptors) == 200_000
    assert seconds < 2


@pytest.mark.parametrize(
    "piece",
    [
        *(" ", "0", "0x", "f", "efi: ", "efi: mem00: [", "mem", "[", "> ", "|", "=3D", "\x1b[", "<7>", '"', "{", "[{"),
        *('{"a":', "(XEN) ", "MMap[", "0-", "BS_Data ", "A "),
    ],
)
def test_a_line_of_ten_megabytes_is_answered_in_a_second(piece: str) -> None:
    answer, seconds = answer_and_seconds((piece * (10_000_000 // len(piece))).encode())
    assert isinstance(answer, Diagnostic)
    assert seconds < 1


@pytest.mark.parametrize("piece", [" ", "0", "0x0-", "efi: mem00: [", "|", "=3D", "\x1b[", "<7>", "(XEN) ", "phys: "])
def test_a_line_just_below_the_limit_is_answered_in_a_second(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    answer, seconds = answer_and_seconds((ROWS["generic"](0) + text + "\n" + text).encode())
    assert answer is not None
    assert seconds < 1


def test_a_long_line_is_refused_at_its_place() -> None:
    answer, _ = answer_and_seconds(b"first\n" + b"x" * 2_000_000)
    assert isinstance(answer, Diagnostic)
    assert answer.span is not None
    assert (answer.code, answer.span.line) == (Code.LINE_TOO_LONG, 2)


def test_an_input_beyond_the_limit_is_refused_unread() -> None:
    answer, seconds = answer_and_seconds(bytes(MAX_INPUT_BYTES + 1))
    assert isinstance(answer, Diagnostic)
    assert answer.code == Code.INPUT_TOO_LARGE
    assert seconds < 0.1


def test_too_many_lines_are_refused() -> None:
    answer, _ = answer_and_seconds(b"\n" * (MAX_LINES + 1))
    assert isinstance(answer, Diagnostic)
    assert answer.code == Code.INPUT_TOO_LARGE


def test_too_many_descriptors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_DESCRIPTORS == 1_000_000
    monkeypatch.setattr(lists, "MAX_DESCRIPTORS", 100)
    answer, _ = answer_and_seconds("".join(map(ROWS["x86"], range(101))).encode())
    assert isinstance(answer, Diagnostic)
    assert answer.span is not None
    assert (answer.code, answer.span.line) == (Code.TOO_MANY, 101)
