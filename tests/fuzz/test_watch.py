"""The watch sees every kind of fault, and what was found is shrunk, kept and found again."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .bundle import arguments, joined, split, unpack
from .campaign import Finding, campaign, keep
from .shrink import shrunk
from .targets import Answer, Target, Wrong
from .watch import Kind, Limits, Watch

LIMITS = Limits(cpu=0.5, wall=5, memory=320 << 20)


def _deep(depth: int) -> int:
    return 1 + _deep(depth + 1)


def _spin() -> None:
    while True:
        pass


def _spin_in_c() -> None:
    10 ** (10**9)


def _spin_in_a_child() -> None:
    for seconds in (0.0, 1.0, 0.0, 0.0):
        child = os.fork()
        if not child:
            end = time.process_time() + seconds
            while time.process_time() < end:
                pass
            os._exit(0)
        os.waitpid(child, 0)


def _wrong() -> None:
    raise Wrong("two and two: 5")


def _hold() -> None:
    assert b"x" * (321 << 20)


PLANTED: dict[bytes, tuple[Callable[[], object], Kind, str]] = {
    b"raise": (lambda: int("x"), Kind.CRASH, "ValueError in test_watch.<lambda>"),
    b"recurse": (lambda: _deep(0), Kind.CRASH, "RecursionError in test_watch._deep"),
    b"leave": (lambda: sys.exit(3), Kind.CRASH, "SystemExit in test_watch.<lambda>"),
    b"wrong": (_wrong, Kind.WRONG, "two and two"),
    b"spin": (_spin, Kind.HANG, ""),
    b"power": (_spin_in_c, Kind.HANG, ""),
    b"child": (_spin_in_a_child, Kind.HANG, "in a process of the product"),
    b"hold": (_hold, Kind.MEMORY, ""),
    b"grab": (lambda: bytearray(8 << 30), Kind.MEMORY, ""),
    b"segfault": (lambda: ctypes.string_at(0), Kind.DIED, "SIGSEGV"),
    b"kill": (lambda: os.kill(os.getpid(), signal.SIGKILL), Kind.DIED, "SIGKILL"),
    b"exit": (lambda: os._exit(7), Kind.DIED, "status 7"),
    b"sleep": (lambda: time.sleep(60), Kind.STUCK, ""),
}
"""Faults by the word that brings them about, and how they must be seen."""


def planted(data: bytes, _: Path) -> Answer:
    yield
    for word, (fault, _kind, _what) in PLANTED.items():
        if word in data:
            fault()
    return "value"


TARGET = Target("planted", lambda chance: chance.choice((b"fine", b"a\nb\nraise\nc\n", b"...")), planted, seconds=0.3)


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    with Watch({"planted": TARGET}, LIMITS) as watch:
        yield watch


@pytest.mark.parametrize("word", PLANTED)
def test_a_fault_is_seen_and_survived(watch: Watch, word: bytes) -> None:
    _, kind, what = PLANTED[word]
    assert watch.see("planted", b"fine").fault is None
    assert watch.see("planted", b"..." + word + b"...").fault == (kind, what)
    assert watch.see("planted", b"fine").fault is None


def test_a_hang_says_where(watch: Watch) -> None:
    assert "in _spin" in watch.see("planted", b"spin").detail


def test_a_fault_is_found_shrunk_and_kept(tmp_path: Path) -> None:
    found: list[Finding] = []
    tally = campaign([TARGET], 0, least=30, limits=LIMITS, report=found.append)["planted"]
    assert tally.findings == found
    (finding,) = found
    assert (finding.data, finding.seen.kind) == (b"raise", Kind.CRASH)
    assert tally.faults.total() > 1
    assert tally.answers["value"] + tally.faults.total() == 30
    path = keep(finding, tmp_path / "new")
    assert path.name.startswith("planted.")
    assert path.read_bytes() == b"raise"


def test_a_series_is_the_same_every_time() -> None:
    one, two = (campaign([TARGET], 0, seed=5, least=10, limits=LIMITS)["planted"] for _ in range(2))
    assert (one.answers, one.faults) == (two.answers, two.faults)


def test_nothing_can_be_taken_from_what_was_shrunk() -> None:
    def fails(data: bytes) -> bool:
        return data.count(b"(") > 2 and b"x" in data

    assert sorted(shrunk(b"(a)\n(b)\nx = ((1)\n + y)\n" * 20, fails)) == sorted(b"(((x")


def test_files_come_back_out_of_a_bundle(tmp_path: Path) -> None:
    files = {"a.layout": b"use b\n", "0/type": b"\xff\n"}
    assert split(joined(files, b"first")) == {"": b"first", **files}
    assert split(joined({"a": b"", "b": b"\n"})) == {"": b"", "a": b"", "b": b"\n"}
    unpack(split(joined({**files, "0": b"", "a.layout/x": b""})), tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {"a.layout", "0", "0/type"}


@pytest.mark.parametrize("name", [b"/etc/x", b"../x", b"a/../../x", b".", b"a//b"])
def test_no_file_lies_outside_the_folder(name: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    unpack(split(b"@@ " + name + b"\nx"), folder)
    assert [path for path in tmp_path.rglob("*") if path != folder] == []
    (word,) = arguments({"arguments": name + b"\n--\n\n"})
    assert "/" not in word and ".." not in word
