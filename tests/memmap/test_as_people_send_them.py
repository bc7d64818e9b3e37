"""Maps as people send them: with prefixes, marks and quotations, wrapped, cited, cut, and with other tables around."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap import Descriptor, MemoryMap, read_bytes, read_path
from tests.helpers.kernel_logs import Generation, generic_log, x86_log
from tests.helpers.places import DATA, SHARED

MAPS = DATA / "maps"
ENTRIES = (
    Descriptor(7, 0, 0x80, 0xF),
    Descriptor(6, 0x80000, 1, 0x800000000000000F),
    Descriptor(4, 0x81000, 2, 0xF),
    Descriptor(5, 0x100000, 0x10, 0x800000000000000F),
)
LOG = x86_log(ENTRIES, Generation.F5)
ARM_LOG = generic_log(ENTRIES, Generation.F5)


def read(text: str | bytes) -> MemoryMap:
    answer = read_bytes("text", text.encode() if isinstance(text, str) else text)
    assert isinstance(answer, MemoryMap), answer
    return answer


def refused(text: str) -> Diagnostic:
    answer = read_bytes("text", text.encode())
    assert isinstance(answer, Diagnostic), answer
    return answer


@pytest.mark.parametrize(
    ("name", "text", "said", "help"),
    [
        ("map.txt", "", "this file is empty", "write it again"),
        ("map.txt", " \n\n", "this file is empty", "write it again"),
        ("-", "", "standard input is empty", "command before the pipe"),
    ],
)
def test_of_an_input_in_which_nothing_is_that_is_said(name: str, text: str, said: str, help: str) -> None:
    answer = read_bytes(name, text.encode())
    assert isinstance(answer, Diagnostic)
    assert (answer.code, answer.message) == (MapCode.NO_MAP, said)
    assert help in answer.help


# --- prefixes and marks

TABLES = ["uefi-shell.txt", "uboot.txt", "freebsd.txt", "grub.txt", "xen.txt", "haiku.txt", "esx-boot.txt"]
TABLES += [
    "mikanos.csv",
    "mikanos-columns.txt",
    "uefi-lessons.txt",
    "uefi-rs.txt",
    "uboot-efi-mem.txt",
    "edk2-debug.txt",
]
TABLES += ["linux-x86-type.txt", "linux-x86-flags-closed.txt", "linux-generic.txt", "uefi-shell-ia64.txt"]
PREFIXES = [
    "[14:26:36.123] ",
    "[2026-11-29 14:26:36.123] ",
    "14:26:36.123: ",
    "console: ",
    "Okt 12 10:00:00 rechner kernel: ",
    "ao\N{LATIN SMALL LETTER U WITH CIRCUMFLEX}t 12 10:00:00 host kernel: ",
    "+",
    "- ",
    "&gt; ",
    "> > ",
    "| ",
    "ttyS0: ",
    "target-7 stdout ",
    "\N{NO-BREAK SPACE}",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", TABLES)
def test_every_format_is_read_behind_any_prefix(name: str, prefix: str) -> None:
    text = (MAPS / name).read_text()
    marked = "".join(prefix + line for line in text.splitlines(keepends=True))
    assert read(marked).descriptors == read(text).descriptors


@pytest.mark.parametrize(
    "mark", ["  <--", " |", " # this one", " (!)", ", so what?", '",', " <- overlaps with the one above"]
)
@pytest.mark.parametrize("name", [name for name in TABLES if "edk2" not in name])
def test_what_stands_behind_a_complete_row_is_no_part_of_it(name: str, mark: str) -> None:
    text = (MAPS / name).read_text()
    plain = read(text)
    marked = "".join(line.rstrip("\n") + mark + "\n" for line in text.splitlines(keepends=True))
    assert read(marked).descriptors == plain.descriptors


@pytest.mark.parametrize("lost", [" Runtime", " rt", " WB|", "|RT"])
def test_an_attribute_that_is_written_otherwise_is_no_mark(lost: str) -> None:
    assert refused(f"  RT-data   0000000007ef6000-0000000007f09fff 00000014     80KiB WB{lost}\n").code in (
        MapCode.MALFORMED,
        MapCode.UNKNOWN_ATTRIBUTE,
    )


def test_attribute_names_may_be_wrapped_onto_the_next_line() -> None:
    rows = "  RT-data   0000000007ef6000-0000000007f09fff 00000014     80KiB RT UC\nWC WT WB\n"
    (entry,) = read(rows).descriptors
    assert entry.attribute == 0x800000000000000F


@pytest.mark.parametrize("blank", ["\t", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}"])
def test_any_blank_is_a_blank(blank: str) -> None:
    row = f"RT_Data{blank}000000000009F000-000000000009FFFF{blank}0000000000000001{blank}800000000000000F\n"
    assert read(row).descriptors == (Descriptor(6, 0x9F000, 1, 0x800000000000000F),)


def test_lines_may_end_as_on_a_teletype() -> None:
    assert read(LOG.replace("\n", "\r")).descriptors == ENTRIES


def test_two_numbers_of_a_wrapped_line_are_no_row_of_a_shell() -> None:
    acpi = "ACPI: BGRT 0x000000007F770000 000038 (v01 INTEL  EDK2\n> 00000002      01000013)\n"
    assert read(acpi + LOG + acpi).descriptors == ENTRIES


# --- quotations

CITED = LOG.splitlines(keepends=True)


@pytest.mark.parametrize("number", [0, 1, 3])
@pytest.mark.parametrize("log", [LOG, ARM_LOG])
def test_a_row_that_is_cited_below_its_list_is_a_quotation(log: str, number: int) -> None:
    row = log.splitlines(keepends=True)[number]
    text = f"{log}\nYou see, there is a region:\n{row}\nand so on.\n{row}"
    assert read(text).descriptors == ENTRIES
    assert not read(text).remarks


@pytest.mark.parametrize("rows", [[1], [3], [1, 2], [3, 1]])
@pytest.mark.parametrize("log", [LOG, ARM_LOG])
def test_rows_that_are_cited_above_their_list_are_a_quotation(log: str, rows: list[int]) -> None:
    lines = log.splitlines(keepends=True)
    cited = "\nand\n".join(lines[row] for row in rows)
    text = f"Look at this:\n{cited}\nThe whole list:\n{log}"
    assert read(text).descriptors == ENTRIES
    assert not read(text).remarks


@pytest.mark.parametrize("number", [1, 3])
def test_a_row_of_the_first_list_may_be_cited_below_the_second(number: int) -> None:
    second = x86_log([ENTRIES[3], ENTRIES[1]], Generation.F5)
    text = f"{LOG}efi: EFI runtime memory map:\n{second}\nSee:\n{CITED[number]}so it is\n{CITED[number]}"
    assert read(text).descriptors == ENTRIES


def test_a_list_that_goes_on_below_a_quotation_is_one_list() -> None:
    text = "".join([*CITED[:3], "see above:\n", CITED[1], "and then:\n", CITED[3]])
    assert read(text).descriptors == ENTRIES


def test_a_row_of_the_same_number_that_says_something_else_is_no_quotation() -> None:
    other = CITED[1].replace("0x0000000000080000", "0x0000000000070000").replace("(0MB)", "(0MB)")
    assert refused(f"{LOG}\nbut on the second boot\n{other}").code == MapCode.REPEATED_INDEX


@pytest.mark.parametrize("piece", ["mem01: [Runtime Data|RUN|", "efi: mem03: [Runtime Code", "mem01: type=6 and so on"])
def test_a_part_of_a_row_that_is_cited_in_prose_is_a_quotation(piece: str) -> None:
    assert read(f"{LOG}\nLook at {piece}\nwhat does it do there?\n").descriptors == ENTRIES


def test_a_part_of_a_row_without_a_number_is_known_by_its_address() -> None:
    piece = "efi:   0x000000080000-0x000000080fff is the one\n"
    assert read(f"{ARM_LOG}\nHere\n{piece}").descriptors == ENTRIES
    other = piece.replace("0x000000080000", "0x000000070000")
    assert refused(f"{ARM_LOG}\nHere\n{other}").code == MapCode.MALFORMED


def test_a_part_of_the_next_row_is_a_row_that_was_cut() -> None:
    assert refused(f"{LOG}\nand then\nefi: mem04: [Runtime Data|RUN|\n").code == MapCode.CUT


def test_a_list_without_its_beginning_is_cut_however_much_follows() -> None:
    assert refused("".join(CITED[1:]) + "\nthat is all\n").code == MapCode.MISSING_INDEX


# --- rows that the kernel threw away

INVALID = "efi: mem47: [Reserved    |   |  |  ] range=[0x0000000000000000-0x20ffffffffffffffff] (invalid)\n"


@pytest.mark.parametrize("wrap", ["|  |\n|", " range", "] (inv", "ffff] "])
def test_a_row_that_the_kernel_threw_away_may_be_wrapped(wrap: str) -> None:
    broken = (
        INVALID.replace("|  |  ]", "|  |\n|  ]") if "\n" in wrap else INVALID.replace(wrap, "\n" + wrap.lstrip(), 1)
    )
    assert broken.count("\n") == 2
    assert read(f"efi: [Firmware Bug]: Invalid EFI memory map entries:\n{broken}{LOG}").descriptors == ENTRIES
    assert read(f"{LOG}{broken}").descriptors == ENTRIES


# --- what was left out


@pytest.mark.parametrize("elision", ["...", "[...]", "\N{HORIZONTAL ELLIPSIS}", "<snip>"])
def test_lines_that_people_left_out_are_missed_where_rows_have_no_numbers(elision: str) -> None:
    lines = ARM_LOG.splitlines(keepends=True)
    answer = refused("".join([*lines[:2], elision + "\n", *lines[3:]]))
    assert answer.code == MapCode.ELIDED
    assert answer.span is not None
    assert answer.span.text == elision


def test_what_was_left_out_below_the_list_is_not_missed() -> None:
    assert read(ARM_LOG + "[...]\nefi: memory attributes follow\n").descriptors == ENTRIES


def test_a_row_with_dots_for_its_flags_is_told_so() -> None:
    answer = refused("efi: mem00: [Runtime Data|RUN|...|WB] range=[0x0000000000080000-0x0000000000080fff] (0MB)\n")
    assert (answer.code, "left out" in answer.message) == (MapCode.ELIDED, True)


@pytest.mark.parametrize("colon", ["\t:", ":", "   :", "\N{NO-BREAK SPACE}:"])
def test_the_count_in_the_header_is_checked_whatever_the_blanks(colon: str) -> None:
    header = f"efi:   MemMap Size     {colon} 0x00000000000000f0\nefi:   MemMap Desc. Size{colon} 0x0000000000000030\n"
    answer = refused(header + "efi: Processing EFI memory map:\n" + ARM_LOG)
    assert answer.code == MapCode.INCOMPLETE


def test_a_difference_of_two_maps_is_neither_of_them() -> None:
    lines = ARM_LOG.splitlines(keepends=True)
    longer = lines[1].replace("-0x000000080fff", "-0x000000081fff")
    text = f" {lines[0]}-{lines[1]}+{longer} {lines[3]}"
    assert refused(text).code == MapCode.MIXED_FORMATS


# --- no map at all, and why


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (
            "efi: EFI v2.70 by EDK II\nefi: Remove mem126: MMIO range=[0xc0000000-0xcfffffff] (256MB) from e820 map\n",
            "without",
        ),
        ("Kernel command line: quiet efi=debug\nefi: EFI v2.70 by EDK II\n", "started with `efi=debug`"),
        ("efi: memattr:  0x00003eaa0000-0x00003eba1fff [Runtime Data|RUN|  |  |XP|   |  ]\n", "attributes table"),
        (INVALID, "threw away"),
        ("\x07\x00\x00\x00" + "\x00" * 36, "no text"),
        ("hello\n", "no line"),
    ],
)
def test_a_refusal_says_what_was_seen_instead_of_a_map(text: str, seen: str) -> None:
    answer = refused(text)
    assert answer.code == MapCode.NO_MAP
    assert seen in answer.message
    assert answer.help


def test_the_attributes_table_within_a_map_is_passed_over() -> None:
    row = "efi: memattr:  0x00003eaa0000-0x00003eba1fff [Runtime Data|RUN|  |  |XP|   |  ]\n"
    broken = row.replace("RUN", "RAN")
    assert read("".join(line + row + broken for line in ARM_LOG.splitlines(keepends=True))).descriptors == ENTRIES


@pytest.mark.parametrize("name", ["e820.txt", "iomem.txt"])
def test_a_list_without_attributes_is_marked_as_one(name: str) -> None:
    memory_map = read((MAPS / name).read_bytes())
    assert [each.code for each in memory_map.remarks] == [MapCode.LACKS_ATTRIBUTES]


def test_addresses_that_the_kernel_hides_are_no_addresses() -> None:
    text = "00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n"
    assert "root" in refused("00001000-00001fff : Reserved\n" + text).help
    assert refused(text).help == "copy /proc/iomem again as root"


def test_a_printer_that_masks_runtime_is_noticed() -> None:
    memory_map = read((MAPS / "mikanos.csv").read_bytes())
    assert [each.code for each in memory_map.remarks] == [MapCode.LACKS_ATTRIBUTES]


def test_regions_that_a_printer_merged_are_told() -> None:
    text = (MAPS / "uboot-efi-mem.txt").read_text()
    merged = text.replace(" 0  3:bs_code ", " 0  7:conv    ") + "*Some areas are merged (use 'all' to see)\n"
    assert [each.code for each in read(merged).remarks] == [MapCode.MERGED]


# --- what lies beside the repository

REPORTS = sorted((SHARED / "reports").glob("[0-9]*.txt")) if SHARED.is_dir() else []
READ_OR_REFUSED = {
    "01b": 2,
    "03-": MapCode.INCOMPLETE,
    "07-": 1,
    "07b": MapCode.NO_MAP,
    "15-": 1,
    "17-": 1,
    "22-": 1,
    "44-": 1,
    "48-": MapCode.NO_MAP,
}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_report_is_read_or_refused_for_the_right_reason(path: Path) -> None:
    answer = read_path(str(path))
    expected = READ_OR_REFUSED[path.name[:3]]
    assert expected == (answer.code if isinstance(answer, Diagnostic) else len(answer.descriptors))
