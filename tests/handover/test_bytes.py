"""Hand-over structures go to bytes and back without loss; bytes that are none are refused at their offset."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.handover import (
    EfiInfo,
    EfiSetup,
    EfiSetupWithoutRuntime,
    SetupNode,
    decode_efi_info,
    decode_efi_setup,
    decode_efi_setup_without_runtime,
    decode_setup_chain,
    decode_setup_node,
    encode_efi_info,
    encode_efi_setup,
    encode_setup_node,
    read_across,
)
from checker.memmap import (
    Descriptor,
    DescriptorArray,
    Format,
    Limits,
    MemoryMap,
    Record,
    array_of,
    decode_array,
    encode_array,
    read_bytes,
    read_raw_bytes,
    read_raw_path,
)
from tests.helpers.handover_examples import bytes_of, descriptors, efi_infos, strides, u32, u64

words = st.tuples(*[u64] * 8)
REGION = Descriptor(6, 0x7F704000, 0x84, 0x800000000000000F, 0xFFFFFFFEFFB04000)


def refused(answer: object) -> Diagnostic:
    assert isinstance(answer, Diagnostic), answer
    assert answer.help
    return answer


@given(st.lists(descriptors, max_size=8), strides)
def test_an_array_decodes_to_what_was_encoded(regions: list[Descriptor], stride: int) -> None:
    array = array_of(regions, stride=stride)
    assert decode_array(bytes_of(encode_array(array)), stride=stride) == array


@given(st.data(), strides, st.integers(0, 5))
def test_an_array_encodes_to_what_was_decoded_padding_and_all(data: st.DataObject, stride: int, count: int) -> None:
    raw = data.draw(st.binary(min_size=stride * count, max_size=stride * count))
    array = decode_array(raw, stride=stride)
    assert isinstance(array, DescriptorArray)
    assert encode_array(array) == raw


def test_the_fields_of_a_record_stand_where_the_specification_has_them() -> None:
    raw = bytes_of(encode_array(array_of([REGION], stride=48)))
    assert raw == bytes.fromhex(
        "0600000000000000 0040707f00000000 0040b0fffeffffff 8400000000000000 0f00000000000080 0000000000000000"
    )


@pytest.mark.parametrize("stride", [0, 8, 39, 44, 49, -40])
def test_a_stride_that_cannot_be_is_refused(stride: int) -> None:
    assert refused(decode_array(b"", stride=stride)).code == MapCode.STRIDE
    assert refused(encode_array(DescriptorArray((), stride))).code == MapCode.STRIDE


@pytest.mark.parametrize("version", [0, 2])
def test_another_descriptor_version_is_refused(version: int) -> None:
    assert refused(decode_array(bytes(40), stride=40, version=version)).code == MapCode.DESCRIPTOR_VERSION


def test_a_cut_array_is_refused_at_the_descriptor_that_is_cut() -> None:
    answer = refused(decode_array(bytes(100), stride=48))
    assert answer.code == MapCode.PARTIAL_DESCRIPTOR
    assert "byte 96" in answer.message


@pytest.mark.parametrize("name", ["type", "phys_addr", "num_pages", "attribute", "virt_addr"])
@pytest.mark.parametrize("value", [-1, 1 << 64])
def test_a_number_that_does_not_fit_is_not_encoded(name: str, value: int) -> None:
    answer = refused(encode_array(array_of([REGION, replace(REGION, **{name: value})])))
    assert answer.code == MapCode.OUT_OF_RANGE
    assert "descriptor 1" in answer.message
    assert name in answer.message


def test_padding_that_does_not_fit_is_not_encoded() -> None:
    assert refused(encode_array(DescriptorArray((Record(REGION, 1 << 32),)))).code == MapCode.OUT_OF_RANGE
    assert refused(encode_array(DescriptorArray((Record(REGION, 0, b"123456789"),), 48))).code == MapCode.BYTES_LEFT


def test_an_array_beyond_the_input_limit_is_not_made() -> None:
    answer = encode_array(DescriptorArray((Record(REGION),), Limits().map_bytes + 8))
    assert refused(answer).code == MapCode.INPUT_TOO_LARGE


def test_a_raw_array_is_a_map_when_asked_for_with_its_stride(tmp_path: Path) -> None:
    path = tmp_path / "memmap.bin"
    path.write_bytes(bytes_of(encode_array(array_of([REGION, REGION], stride=40))))
    assert read_raw_path(str(path), stride=40) == MemoryMap((REGION, REGION), Format("efi-descriptors"), str(path))


@pytest.mark.parametrize(("size", "code"), [(0, MapCode.NO_MAP), (47, MapCode.PARTIAL_DESCRIPTOR)])
def test_a_raw_map_that_is_none_is_refused(size: int, code: MapCode) -> None:
    assert refused(read_raw_bytes("raw", bytes(size), stride=48)).code == code


def test_a_raw_map_beyond_the_input_limit_is_refused() -> None:
    assert refused(read_raw_bytes("raw", bytes(Limits().map_bytes + 32), stride=48)).code == MapCode.INPUT_TOO_LARGE


@pytest.mark.parametrize("stride", [40, 48])
def test_a_raw_array_is_never_guessed(stride: int) -> None:
    raw = bytes_of(encode_array(array_of([REGION] * 6, stride=stride)))
    assert refused(read_bytes("raw", raw)).code == MapCode.NO_MAP


@given(efi_infos)
def test_an_efi_info_decodes_to_what_was_encoded(info: EfiInfo) -> None:
    assert decode_efi_info(bytes_of(encode_efi_info(info))) == info


@given(st.binary(min_size=32, max_size=32))
def test_an_efi_info_encodes_to_what_was_decoded(raw: bytes) -> None:
    info = decode_efi_info(raw)
    assert isinstance(info, EfiInfo)
    assert encode_efi_info(info) == raw


def test_the_halves_of_addresses_are_put_together() -> None:
    raw = b"EL64" + struct.pack("<7I", 0x11111111, 48, 1, 0x22222222, 96, 0x33333333, 0x44444444)
    info = decode_efi_info(raw)
    assert info == EfiInfo(0x34364C45, 0x3333333311111111, 48, 1, 0x4444444422222222, 96)
    assert info.signature == "EL64"


@pytest.mark.parametrize(("size", "stride", "count"), [(96, 48, 2), (97, 48, None), (96, 0, None), (0, 48, 0)])
def test_the_number_of_entries_follows_from_the_sizes(size: int, stride: int, count: int | None) -> None:
    assert EfiInfo(memdesc_size=stride, memmap_size=size).entries == count


@pytest.mark.parametrize(
    ("size", "code"), [(31, MapCode.BYTES_MISSING), (33, MapCode.BYTES_LEFT), (0, MapCode.BYTES_MISSING)]
)
def test_an_efi_info_has_32_bytes(size: int, code: MapCode) -> None:
    answer = refused(decode_efi_info(bytes(size)))
    assert answer.code == code
    assert f"byte {min(size, 32)}" in answer.message


@pytest.mark.parametrize("info", [EfiInfo(memmap_size=1 << 32), EfiInfo(systab=1 << 64), EfiInfo(memmap=-1)])
def test_an_efi_info_that_does_not_fit_is_not_encoded(info: EfiInfo) -> None:
    assert refused(encode_efi_info(info)).code == MapCode.OUT_OF_RANGE


nodes = st.builds(SetupNode, u64, u32, st.binary(max_size=40))


@given(nodes, st.binary(max_size=5), st.binary(max_size=5))
def test_a_setup_node_decodes_to_what_was_encoded(node: SetupNode, before: bytes, behind: bytes) -> None:
    raw = before + bytes_of(encode_setup_node(node)) + behind
    assert decode_setup_node(raw, len(before)) == node


@given(st.binary(max_size=64), u64, u32)
def test_a_setup_node_encodes_to_what_was_decoded(data: bytes, following: int, kind: int) -> None:
    raw = struct.pack("<QII", following, kind, len(data)) + data
    node = decode_setup_node(raw)
    assert isinstance(node, SetupNode)
    assert encode_setup_node(node) == raw


@pytest.mark.parametrize("offset", [-1, 1, 17, 1 << 70])
def test_a_setup_header_must_be_there(offset: int) -> None:
    answer = refused(decode_setup_node(bytes(16), offset))
    assert answer.code == MapCode.BYTES_MISSING
    assert f"byte {offset} " in answer.message


def test_the_data_of_a_setup_node_must_be_there() -> None:
    answer = refused(decode_setup_node(struct.pack("<QII", 0, 4, 96) + bytes(95)))
    assert answer.code == MapCode.BYTES_MISSING
    assert "95 are there" in answer.message


def test_a_number_that_does_not_fit_a_setup_node_is_not_encoded() -> None:
    assert refused(encode_setup_node(SetupNode(1 << 64, 0, b""))).code == MapCode.OUT_OF_RANGE
    assert refused(encode_setup_node(SetupNode(0, 1 << 32, b""))).code == MapCode.OUT_OF_RANGE


def chain(*links: tuple[int, int, bytes]) -> bytes:
    return b"".join(bytes_of(encode_setup_node(SetupNode(*link))) for link in links)


def test_a_chain_is_followed_by_its_addresses() -> None:
    image = chain((0, 4, b"last"), (0x1000, 9, b"first"))
    assert decode_setup_chain(image, base=0x1000, first=0x1014) == (
        SetupNode(0x1000, 9, b"first"),
        SetupNode(0, 4, b"last"),
    )


def test_an_empty_chain_has_no_entries() -> None:
    assert decode_setup_chain(b"", base=0, first=0) == ()


def test_a_chain_that_leads_back_is_refused() -> None:
    image = chain((0x1010, 1, b""), (0x1000, 2, b""))
    assert refused(decode_setup_chain(image, base=0x1000, first=0x1000)).code == MapCode.CHAIN_LOOP


def test_a_chain_whose_entries_overlap_is_refused() -> None:
    inner = chain((0, 2, b""))
    assert refused(decode_setup_chain(chain((0x1010, 1, inner)), base=0x1000, first=0x1000)).code == MapCode.CHAIN_LOOP


@pytest.mark.parametrize("address", [0xFFF, 0x1010, 1 << 63])
def test_a_chain_that_leads_outside_is_refused(address: int) -> None:
    answer = refused(decode_setup_chain(chain((address, 1, b"")), base=0x1000, first=0x1000))
    assert answer.code == MapCode.CHAIN_OUTSIDE
    assert f"{address:#x}" in answer.message


def test_a_chain_with_a_cut_entry_is_refused() -> None:
    image = chain((0, 4, bytes(96)))[:-1]
    assert refused(decode_setup_chain(image, base=0x1000, first=0x1000)).code == MapCode.BYTES_MISSING


setups = st.builds(EfiSetup, u64, u64, u64, u64, words)
short_setups = st.builds(EfiSetupWithoutRuntime, u64, u64, u64, words)


@given(setups)
def test_efi_setup_decodes_to_what_was_encoded(setup: EfiSetup) -> None:
    assert decode_efi_setup(bytes_of(encode_efi_setup(setup))) == setup


@given(st.binary(min_size=96, max_size=96))
def test_efi_setup_encodes_to_what_was_decoded(raw: bytes) -> None:
    setup = decode_efi_setup(raw)
    assert isinstance(setup, EfiSetup)
    assert encode_efi_setup(setup) == raw


@given(short_setups)
def test_efi_setup_without_runtime_decodes_to_what_was_encoded(setup: EfiSetupWithoutRuntime) -> None:
    assert decode_efi_setup_without_runtime(bytes_of(encode_efi_setup(setup))) == setup


@given(st.binary(min_size=88, max_size=88))
def test_efi_setup_without_runtime_encodes_to_what_was_decoded(raw: bytes) -> None:
    setup = decode_efi_setup_without_runtime(raw)
    assert isinstance(setup, EfiSetupWithoutRuntime)
    assert encode_efi_setup(setup) == raw


@pytest.mark.parametrize(
    ("size", "code"), [(95, MapCode.BYTES_MISSING), (88, MapCode.BYTES_MISSING), (97, MapCode.BYTES_LEFT)]
)
def test_efi_setup_has_96_bytes(size: int, code: MapCode) -> None:
    assert refused(decode_efi_setup(bytes(size))).code == code


@pytest.mark.parametrize(("size", "code"), [(87, MapCode.BYTES_MISSING), (96, MapCode.BYTES_LEFT)])
def test_efi_setup_without_runtime_has_88_bytes(size: int, code: MapCode) -> None:
    assert refused(decode_efi_setup_without_runtime(bytes(size))).code == code


@pytest.mark.parametrize("setup", [EfiSetup(1 << 64, 0, 0, 0), EfiSetup(0, 0, 0, 0, (0,) * 7)])
def test_an_efi_setup_that_does_not_fit_is_not_encoded(setup: EfiSetup) -> None:
    assert refused(encode_efi_setup(setup)).code == MapCode.OUT_OF_RANGE


def test_without_the_runtime_member_the_new_kernel_takes_runtime_for_tables() -> None:
    raw = bytes_of(encode_efi_setup(EfiSetup(0x1, 0x2, 0x3, 0x4)))
    read = read_across(raw, EfiSetupWithoutRuntime)
    assert (read.fw_vendor, read.tables, read.smbios, read.reserved[0]) == (0x1, 0x2, 0x3, 0x4)


def test_without_the_runtime_member_the_old_layout_finds_smbios_in_tables() -> None:
    raw = bytes_of(encode_efi_setup(EfiSetupWithoutRuntime(0x1, 0x3, 0x4)))
    assert read_across(raw, EfiSetup) == EfiSetup(0x1, 0x3, 0x4, 0)
