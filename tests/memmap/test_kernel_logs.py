"""Every generation of the kernel's list is read, behind any prefix and through what mail and terminals do to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.memmap import Descriptor, Format, MemoryMap, read_bytes
from tests.helpers.kernel_logs import Generation, generic_log, x86_log

ENTRIES = (
    Descriptor(4, 0, 2, 0xF),
    Descriptor(7, 0x100000, 0x63D0, 0xF),
    Descriptor(11, 0xFED00000, 4, 0x8000000000000001),
)
PREFIXES = [
    "",
    "[    0.000000] ",
    "[\t0.000000][\tT0] ",
    "[    0.000000][    T0] ",
    "Mar 12 10:00:00 some-host kernel: [    0.000000] ",
    "Mar  2 10:00:00 host kernel: ",
    "2024-01-02T10:00:00+0100 host kernel: ",
    "[    0.000000] host kernel: ",
    "> ",
    "> > [    0.000000] ",
    "<6>[    0.000000] ",
    "kern  :info  : [    0.000000] ",
    "[Mon Jan  1 00:00:00 2024] ",
    "\x1b[32m[    0.000000] \x1b[0m",
    '"[    0.000000] ',
]

flag_bits = st.sampled_from([0, 0x1, 0x8, 0xF, 0x4000, 0x10000, 0x40000, 0x80000, 0x100000, 1 << 63, 1 << 40])
descriptors = st.builds(
    Descriptor,
    st.one_of(st.integers(0, 16), st.integers(0x70000000, 0xFFFFFFFF)),
    st.integers(0, (1 << 51)).map(lambda page: page << 12),
    st.one_of(st.integers(0, 0x10000), st.just(0), st.integers(0, (1 << 51) - 1)),
    st.lists(flag_bits, max_size=5).map(lambda bits: sum(set(bits)) & ((1 << 64) - 1)),
).map(lambda each: Descriptor(each.type, each.phys_addr, each.num_pages, each.attribute & ((1 << 64) - 1)))


def entries_of(text: str) -> tuple[Descriptor, ...]:
    answer = read_bytes("log", text.encode())
    assert isinstance(answer, MemoryMap), answer
    return answer.descriptors


@given(st.lists(descriptors, min_size=1, max_size=8), st.sampled_from(Generation))
def test_what_an_x86_kernel_of_any_generation_prints_reads_back(
    entries: list[Descriptor], generation: Generation
) -> None:
    assert entries_of(x86_log(entries, generation)) == tuple(entries)


@given(
    st.lists(descriptors, min_size=1, max_size=8, unique=True),
    st.sampled_from([Generation.F2, Generation.F4, Generation.F5]),
    st.sampled_from(["", "*"]),
)
def test_what_other_kernels_print_reads_back(entries: list[Descriptor], generation: Generation, mark: str) -> None:
    assert entries_of(generic_log(entries, generation, mark)) == tuple(entries)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("generation", Generation)
def test_a_prefix_means_nothing(prefix: str, generation: Generation) -> None:
    assert entries_of(x86_log(ENTRIES, generation, prefix)) == ENTRIES


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_means_nothing_where_the_word_efi_is_missing_too(prefix: str) -> None:
    old = x86_log(ENTRIES, Generation.F1, prefix).replace("EFI: ", "")
    arm = "".join(prefix + line for line in generic_log(ENTRIES, Generation.F2).replace("efi:", "").splitlines(True))
    assert entries_of(old) == ENTRIES
    assert entries_of(arm) == ENTRIES


def test_an_empty_entry_at_zero_ends_at_the_top() -> None:
    line = "efi: mem00: [Reserved |   |  ] range=[0x0000000000000000-0xffffffffffffffff] (0MB)\n"
    assert entries_of(line) == (Descriptor(0, 0, 0, 0),)


def test_the_whole_address_space_is_told_from_an_empty_entry_by_its_size() -> None:
    line = "efi: mem00: [Reserved |   |  ] range=[0x0000000000000000-0xffffffffffffffff] (17592186044416MB)\n"
    assert entries_of(line) == (Descriptor(0, 0, 1 << 52, 0),)


def test_a_half_open_range_may_reach_the_top() -> None:
    line = "EFI: mem00: type=11, attr=0x1, range=[0xfffffffffff00000-0x0000000000000000) (1MB)\n"
    assert entries_of(line) == (Descriptor(11, 0xFFFFFFFFFFF00000, 0x100, 1),)


def test_lines_that_only_look_like_rows_are_passed_over() -> None:
    rows = x86_log(ENTRIES, Generation.F5).splitlines(keepends=True)
    noise = [
        "efi: [Firmware Bug]: Invalid EFI memory map entries:\n",
        "efi: mem45: [Reserved    |   |  ] range=[0x0000000000000000-0x20ffffffffffffffff] (invalid)\n",
        "efi: Removing 1 invalid memory map entries.\n",
        "efi: Remove mem126: MMIO range=[0xc0000000-0xcfffffff] (256MB) from e820 map\n",
        "efi: Not removing mem90: MMIO range=[0xfe000000-0xfe010fff] (68KB) from e820 map\n",
        "efi: memattr:  0x00003eaa0000-0x00003eba1fff [Runtime Data|RUN|  |  |XP|   |  ]\n",
        "efi: memattr: ! 0x00003eaa0000-0x00003eba1fff [Runtime Data|RUN|  |  |XP|   |  ]\n",
        "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n",
        "0x0000000000000000-0x00000000e0000000        3584M PMD\n",
        "\n",
    ]
    assert entries_of("".join(noise + [part for row in rows for part in (row, *noise)])) == ENTRIES


def test_a_log_kept_as_json_strings_is_a_log() -> None:
    lines = ",\n".join(f'"{line}"' for line in x86_log(ENTRIES, Generation.F4).splitlines())
    assert entries_of(f"[{lines}]\n") == ENTRIES


def test_the_json_of_dmesg_is_a_log() -> None:
    lines = x86_log(ENTRIES, Generation.F4, "").splitlines()
    records = ",".join(f'{{\n "pri": 6,\n "time": 0.0,\n "msg": "{line}"\n}}' for line in lines)
    assert entries_of(f'{{\n"dmesg": [\n{records}]\n}}\n') == ENTRIES


def test_quoted_printable_mail_is_read() -> None:
    text = x86_log(ENTRIES, Generation.F1).replace("=", "=3D").replace(") (", "=\n) (")
    assert entries_of(text) == ENTRIES


@pytest.mark.parametrize("where", [" range", "|WB", " (", "x00"])
def test_mail_that_was_wrapped_is_read(where: str) -> None:
    wrapped = x86_log(ENTRIES[:1], Generation.F4, "> ").replace(where, f"\n> {where.strip()}", 1)
    assert entries_of(wrapped) == ENTRIES[:1]


@pytest.mark.parametrize("where", [" [", "|WB", "-0x"])
def test_wrapped_entries_of_other_kernels_are_read(where: str) -> None:
    wrapped = generic_log(ENTRIES[:2], Generation.F4).replace(where, f"\n{where.strip()}")
    assert entries_of(wrapped) == ENTRIES[:2]


def test_a_terminal_that_breaks_at_its_width_is_read() -> None:
    rows = x86_log(ENTRIES, Generation.F5).splitlines()
    assert entries_of("\n".join(row[at : at + 80] for row in rows for at in range(0, len(row), 80))) == ENTRIES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    answer = read_bytes("log", x86_log(ENTRIES, Generation.F4).replace("\n", "\r\n").encode(encoding))
    assert isinstance(answer, MemoryMap)
    assert answer.descriptors == ENTRIES
    assert answer.format == Format("linux-x86-flags-closed")


def test_bytes_that_are_no_text_do_not_matter_outside_the_list() -> None:
    answer = read_bytes("log", b"\xff\xfe\x00junk\x80\n"[2:] + x86_log(ENTRIES, Generation.F4).encode() + b"\xc0\n")
    assert isinstance(answer, MemoryMap)
