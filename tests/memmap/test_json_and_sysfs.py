"""The project's JSON and the kernel's sysfs tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap import Descriptor, Format, MemoryMap, Origin, read_bytes, read_path, write_json

FIELDS = ("type", "phys_addr", "num_pages", "attribute", "virt_addr")
words = st.integers(0, (1 << 64) - 1)
descriptors = st.builds(Descriptor, st.integers(0, (1 << 32) - 1), words, words, words, words)


@given(st.lists(descriptors, min_size=1, max_size=10))
def test_json_reads_back_what_was_written(entries: list[Descriptor]) -> None:
    memory_map = MemoryMap(tuple(entries), Format("json"), "name")
    assert read_bytes("name", write_json(memory_map).encode()) == memory_map


@given(st.lists(descriptors, min_size=1, max_size=4), st.booleans(), st.sampled_from(["regions", "map", None]))
def test_either_kind_of_number_and_each_shape_is_read(entries: list[Descriptor], text: bool, key: str | None) -> None:
    regions = [{f: hex(getattr(e, f)) if text else getattr(e, f) for f in FIELDS} for e in entries]
    answer = read_bytes("name", json.dumps({key: regions} if key else regions).encode())
    assert isinstance(answer, MemoryMap)
    assert answer.descriptors == tuple(entries)


@pytest.mark.parametrize("virtual", ['"virt_addr": null, ', ""])
def test_a_region_without_a_virtual_address_has_address_zero(virtual: str) -> None:
    text = f'[{{"type": 6, {virtual}"phys_addr": "0x1000", "num_pages": 1, "attribute": 15, "placed": false}}]'
    assert read_bytes("name", text.encode()) == MemoryMap((Descriptor(6, 0x1000, 1, 15),), Format("json"), "name")


@pytest.mark.parametrize("value", ["true", "null", '"12"', '"0x"', "1.0", "-1", '"0x1g"', "[]", "18446744073709551616"])
def test_what_is_no_number_is_pointed_at(value: str) -> None:
    answer = read_bytes("name", f'[{{"type": 6, "phys_addr": 0, "num_pages": {value}, "attribute": 1}}]'.encode())
    assert isinstance(answer, Diagnostic)
    assert answer.span is not None
    assert answer.span.text == value


@pytest.mark.parametrize("text", ['{"regions": ' + "[" * 200_000, '[{"type": ' + "9" * 10_000 + "}]", '[{"a": NaN}]'])
def test_hostile_json_is_refused(text: str) -> None:
    answer = read_bytes("name", text.encode())
    assert isinstance(answer, Diagnostic)
    assert answer.code in (MapCode.JSON_SYNTAX, MapCode.JSON_SHAPE)


@pytest.mark.parametrize("rest", ["", "x", '{"type": ' + "9" * 10_000 + "}]", "[" * 200_000, ', "b'])
def test_a_key_that_is_there_twice_is_noticed_before_text_that_is_not_json(rest: str) -> None:
    answer = read_bytes("name", f'[{{"type": 6, "type": 6}}, {rest}'.encode())
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.JSON_REPEATED_KEY


def tree(root: Path, entries: list[Descriptor]) -> Path:
    for number, each in enumerate(entries):
        directory = root / str(number)
        directory.mkdir(parents=True)
        for name in FIELDS:
            (directory / name).write_text(f"{getattr(each, name):#x}\n")
    return root


def test_a_folder_with_folders_of_years_is_no_sysfs_tree_with_a_gap(tmp_path: Path) -> None:
    for year in ("2024", "2025"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "dmesg.txt").write_text("a log\n")
    answer = read_path(str(tmp_path))
    assert isinstance(answer, Diagnostic)
    assert (answer.code, answer.message.partition(" ")[2][:20]) == (MapCode.NO_MAP, "has no numbered fold")
    (tmp_path / "2025" / "type").write_text("0x6\n")
    gap = read_path(str(tmp_path))
    assert isinstance(gap, Diagnostic)
    assert gap.code == MapCode.MISSING_INDEX


def test_a_sysfs_tree_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    entries = [Descriptor(6, (20 - i) << 20, 1, 1 << 63, (40 - i) << 20) for i in range(12)]
    answer = read_path(str(tree(tmp_path / "map", entries)))
    assert answer == MemoryMap(tuple(entries), Format("linux-sysfs-runtime-map"), str(tmp_path / "map"), Origin.KERNEL)


def test_a_missing_directory_of_a_tree_is_noticed(tmp_path: Path) -> None:
    root = tree(tmp_path / "map", [Descriptor(6, 0, 1, 0)] * 3)
    (root / "1").rename(tmp_path / "elsewhere")
    answer = read_path(str(root))
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.MISSING_INDEX


def test_a_missing_file_of_a_tree_is_noticed(tmp_path: Path) -> None:
    root = tree(tmp_path / "map", [Descriptor(6, 0, 1, 0)] * 2)
    (root / "1" / "attribute").unlink()
    answer = read_path(str(root))
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.SYSFS_FIELD
    assert "1/attribute" in answer.message


@pytest.mark.parametrize(
    ("content", "code"), [("", MapCode.CUT), ("6\n", MapCode.MALFORMED), ("0x1ffffffff\n", MapCode.OUT_OF_RANGE)]
)
def test_a_damaged_file_of_a_tree_is_pointed_at(tmp_path: Path, content: str, code: MapCode) -> None:
    root = tree(tmp_path / "map", [Descriptor(6, 0, 1, 0)])
    (root / "0" / "type").write_text(content)
    answer = read_path(str(root))
    assert isinstance(answer, Diagnostic)
    assert answer.code == code
    assert answer.span is not None
    assert answer.span.source.name.endswith("0/type")


def test_a_directory_of_other_things_is_no_tree(tmp_path: Path) -> None:
    answer = read_path(str(tmp_path))
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.NO_MAP
