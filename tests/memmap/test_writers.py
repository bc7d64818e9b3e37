"""What is written of a map, in whatever form, reads back as the same map, or is not written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap import FORMS, Descriptor, Format, MemoryMap, Reading, read_bytes, read_path, write_map
from tests.helpers.kernel_logs import Generation, x86_log
from tests.helpers.places import DATA, SHARED

MAPS = sorted(path for path in (DATA / "maps").iterdir() if path.suffix in (".txt", ".csv", ".json"))
READABLE = [path for path in MAPS if path.name != "expected.json"]
words = st.integers(0, (1 << 64) - 1)
pages = st.integers(0, (1 << 52) - 1)
descriptors = st.one_of(
    st.builds(Descriptor, st.integers(0, 20), pages.map(lambda page: page << 12), st.integers(0, 1 << 20), words),
    st.builds(Descriptor, st.integers(0, (1 << 32) - 1), words, words, words, words),
)


def written(memory_map: MemoryMap, form: str) -> MemoryMap | None:
    """What is read of what is written; None if it is not."""
    made = write_map(memory_map, form)
    if isinstance(made, Diagnostic):
        assert made.help
        return None
    again = read_bytes("again", made, reading=Reading(stride=48 if form == "raw" else None))
    assert isinstance(again, MemoryMap)
    return again


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_every_map_is_written_in_every_form_or_refused_for_its_addresses(path: Path, form: str) -> None:
    memory_map = read_path(str(path))
    assert isinstance(memory_map, MemoryMap)
    again = written(memory_map, form)
    if again is None:
        assert form in ("kernel-log", "shell")
        assert any(each.virt_addr for each in memory_map.descriptors)
    else:
        assert again.descriptors == memory_map.descriptors


@given(st.lists(descriptors, min_size=1, max_size=6), st.sampled_from(FORMS))
def test_any_map_reads_back_or_is_refused(entries: list[Descriptor], form: str) -> None:
    again = written(MemoryMap(tuple(entries), Format("json"), "name"), form)
    assert again is None or again.descriptors == tuple(entries)
    assert again is not None or form in ("kernel-log", "shell") or (form == "csv" and len(set(entries)) < len(entries))


def test_a_kernel_log_is_written_as_the_kernel_prints_it() -> None:
    entries = (
        Descriptor(4, 0, 2, 0xF),
        Descriptor(11, 0xFED00000, 4, 1 << 63 | 1),
        Descriptor(20, 1 << 40, 1, 1 << 40),
    )
    made = write_map(MemoryMap(entries, Format("json"), "name"), "kernel-log")
    assert made == x86_log(entries, Generation.F5).encode()


def test_an_address_that_a_form_cannot_hold_is_named() -> None:
    made = write_map(MemoryMap((Descriptor(6, 0x1000, 1, 15, 0x5000),), Format("json"), "name"), "shell")
    assert isinstance(made, Diagnostic)
    assert made.code == MapCode.FORM_CANNOT_HOLD
    assert "entry 0 at 0x1000 would lose its virtual address" in made.message


@pytest.mark.parametrize("path", sorted((SHARED / "corpus").glob("[0-9]*.txt")), ids=lambda path: path.stem)
def test_every_map_of_the_collection_is_written_as_csv(path: Path) -> None:
    memory_map = read_path(str(path))
    assert isinstance(memory_map, MemoryMap)
    again = written(memory_map, "csv")
    assert again is not None
    assert again.descriptors == memory_map.descriptors
