"""What a check of a hand-over says: nothing where nothing is wrong, and each thing that can be wrong by its code."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from checker.base.codes import FindingCode, MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover import (
    BootParams,
    EfiFiles,
    EfiInfo,
    EfiSetup,
    EfiSetupWithoutRuntime,
    Kernel,
    KexecStep,
    SetupDump,
    SetupEntry,
    SetupType,
    check_handover,
    check_step,
    encode_efi_setup,
    read_capture,
)
from checker.memmap import RUNTIME, Descriptor, Format, array_of, encode_array
from tests.helpers.handover_examples import (
    BOOT,
    CAPTURES,
    CODE,
    DATA,
    DATA_REGION,
    FILES,
    FIRMWARE,
    NEW,
    OLD,
    SETUP,
    bytes_of,
    codes,
    found,
    memory_map,
    params,
    setup_dump,
    step_of,
)

F = FindingCode
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((DATA / "expected.json").read_text())
RUNTIME_SET = setup_dump(replace(SETUP, runtime=0x7F000300))
QUIET = replace(NEW, setup=RUNTIME_SET)
"""A new kernel of which there is nothing to say but that boot services were passed."""


def steps_of(name: str) -> list[Any]:
    kernels = read_capture(str(CAPTURES / name))
    assert not isinstance(kernels, Diagnostic), kernels
    steps = check_handover(kernels)
    assert not isinstance(steps, Diagnostic), steps
    return list(zip(steps, kernels[1:], strict=True))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_answer_is_what_was_observed_when_the_kernels_ran(name: str) -> None:
    got = [
        {
            "gone": len(step.difference.gone),
            "new": len(step.difference.new),
            "list": "kept" if step.difference.same_order else "changed",
            "attributes": len(step.difference.attributes),
        }
        for step, _ in steps_of(name)
    ]
    assert got == [{key: value for key, value in step.items() if key != "how"} for step in EXPECTED[name]]


@pytest.mark.parametrize("name", sorted({*EXPECTED} - {"q35-512m-mixed32-6.1", "shaped-esrt-mok-6.12"}))
def test_a_map_that_arrived_unharmed_is_restorable_and_restored(name: str) -> None:
    for step, _ in steps_of(name):
        assert (step.restorable, step.restored) == (True, True)
        assert {finding.severity for finding in step.findings} == {Severity.NOTE}


@pytest.mark.parametrize("name", sorted({*EXPECTED} - {"q35-512m-mixed32-6.1"}))
def test_the_descriptor_size_is_40_after_the_classic_call_and_stays_so(name: str) -> None:
    classic = False
    for (step, kernel), expected in zip(steps_of(name), EXPECTED[name], strict=True):
        changed = not classic and expected["how"] == "kexec -c"
        classic = classic or changed
        assert kernel.boot_params.efi_info.memdesc_size == (40 if classic else 48)
        assert (F.STRIDE_CHANGED in codes(step)) == changed


@pytest.mark.parametrize("name", sorted({*EXPECTED} - {"q35-512m-mixed32-6.1"}))
def test_only_the_file_based_call_leaves_the_runtime_pointer_out(name: str) -> None:
    got = [F.RUNTIME_ZERO in codes(step) for step, _ in steps_of(name)]
    assert got == [not step["how"].startswith("kexec -c") for step in EXPECTED[name]]


@pytest.mark.parametrize("name", EXPECTED)
def test_attributes_were_only_ever_added(name: str) -> None:
    for step, _ in steps_of(name):
        assert F.ATTRIBUTES_LOST not in codes(step)


def test_a_split_that_copied_the_virtual_address_is_found_and_handed_on() -> None:
    (first, _), (second, _) = steps_of("shaped-esrt-mok-6.12")
    assert (first.restorable, first.restored) == (True, False)
    assert [hex(region.phys_addr) for region in found(F.SHARED_ADDRESS, first).regions] == ["0x3dfbf000", "0x3dfc0000"]
    assert "0xfffffffefdbc0000 before and 0xfffffffefdbbf000 now" in found(F.MOVED, first).message
    assert (second.restorable, second.restored) == (False, True)
    assert found(F.SHARED_ADDRESS, second).message.startswith("the old kernel's map")


def test_32_bit_firmware_is_lost_by_the_second_kernel_and_efi_by_the_third() -> None:
    (first, _), (second, _) = steps_of("q35-512m-mixed32-6.1")
    assert (first.restorable, first.restored) == (True, False)
    assert {F.FIRMWARE_32_BIT, F.NO_RUNTIME_MAP} <= {*codes(first)}
    assert (second.restorable, second.restored) == (False, None)
    assert {F.EFI_ABSENT, F.NO_SETUP_EFI, F.NOTHING_EXPORTED} == {*codes(second)}


def test_without_runtime_services_nothing_is_handed_over() -> None:
    for step, _ in steps_of("q35-4g-smm-6.1rt"):
        assert (step.restorable, step.restored) == (False, None)
        assert [*codes(step)] == [F.EFI_ABSENT, F.NO_SETUP_EFI, F.NOTHING_EXPORTED]


def test_a_hand_over_without_fault() -> None:
    step = step_of(OLD, QUIET)
    assert (step.restorable, step.restored, step.good) == (True, True, True)
    assert codes(step) == [F.BOOT_SERVICES_PASSED]
    assert (
        found(F.BOOT_SERVICES_PASSED, step).message == "1 of 3 entries are boot services, 0 of them marked as runtime"
    )


def told(**changes: int) -> Kernel:
    """The new kernel, with members of its ``efi_info`` changed."""
    info = replace(params().efi_info, **changes)
    return replace(QUIET, boot_params=BootParams(info), array=None)


def setup(dump: SetupDump | bytes) -> Kernel:
    """The new kernel with another ``setup_data``."""
    if isinstance(dump, bytes):
        dump = SetupDump((SetupEntry(SetupType.EFI, dump),))
    return replace(QUIET, setup=dump)


def words(**changes: Any) -> Kernel:
    """The new kernel, with members of SETUP_EFI changed."""
    return setup(setup_dump(replace(SETUP, **{"runtime": 0x7F000300, **changes})))


def array(raw: bytes) -> Kernel:
    return replace(QUIET, array=raw)


ARRAY = bytes_of(encode_array(array_of(FIRMWARE)))
SHORT_SETUP = bytes_of(encode_efi_setup(EfiSetupWithoutRuntime(SETUP.fw_vendor, SETUP.tables, SETUP.smbios)))


@pytest.mark.parametrize(
    ("kernel", "code", "severity"),
    [
        (replace(QUIET, boot_params=BootParams(EfiInfo()), array=None), F.EFI_ABSENT, Severity.ERROR),
        (told(memdesc_size=32), F.SIZES, Severity.ERROR),
        (told(memdesc_size=44, memmap_size=132), F.SIZES, Severity.ERROR),
        (told(memmap_size=145), F.SIZES, Severity.ERROR),
        (told(memdesc_size=56, memmap_size=168), F.STRIDE_UNUSUAL, Severity.NOTE),
        (told(memdesc_version=0), F.VERSION, Severity.ERROR),
        (told(memmap=0), F.NO_POINTER, Severity.ERROR),
        (told(systab=0), F.NO_POINTER, Severity.ERROR),
        (told(memmap_size=96), F.COUNT_DIFFERS, Severity.ERROR),
        (told(memmap_size=192), F.COUNT_DIFFERS, Severity.ERROR),
        (told(memdesc_size=40, memmap_size=120), F.STRIDE_CHANGED, Severity.NOTE),
        (told(systab=0x7F000408), F.SYSTEM_TABLE_CHANGED, Severity.ERROR),
        (told(loader_signature=int.from_bytes(b"EL32", "little")), F.SYSTEM_TABLE_CHANGED, Severity.ERROR),
        (told(loader_signature=int.from_bytes(b"EL32", "little")), F.FIRMWARE_32_BIT, Severity.WARNING),
        (setup(setup_dump()), F.NO_SETUP_EFI, Severity.ERROR),
        (setup(setup_dump(SETUP, SETUP)), F.SETUP_EFI_REPEATED, Severity.WARNING),
        (setup(SHORT_SETUP), F.SETUP_EFI_SIZE, Severity.ERROR),
        (setup(SHORT_SETUP + bytes(8)), F.LAYOUT_SKEW, Severity.ERROR),
        (setup(SetupDump((SetupEntry(SetupType.EFI, bytes(64), False),))), F.NOT_GIVEN, Severity.WARNING),
        (words(runtime=0), F.RUNTIME_ZERO, Severity.NOTE),
        (words(smbios=0), F.SMBIOS_ZERO, Severity.WARNING),
        (words(smbios=(1 << 64) - 1), F.SMBIOS_INVALID, Severity.NOTE),
        (words(tables=0), F.TABLES_ZERO, Severity.ERROR),
        (words(fw_vendor=0), F.TABLES_ZERO, Severity.WARNING),
        (words(reserved=(0,) * 7 + (1,)), F.RESERVED_USED, Severity.WARNING),
        (words(tables=0x7F000208), F.POINTER_DIFFERS, Severity.ERROR),
        (words(fw_vendor=0x7F000108), F.POINTER_DIFFERS, Severity.WARNING),
        (words(runtime=0x7F000308), F.POINTER_DIFFERS, Severity.WARNING),
        (words(smbios=0x7E000008), F.POINTER_DIFFERS, Severity.WARNING),
        (array(ARRAY[:-48]), F.ARRAY_SIZE, Severity.ERROR),
        (array(ARRAY[48:] + ARRAY[:48]), None, None),
        (array(ARRAY[:8] + b"\x01" + ARRAY[9:]), F.ARRAY_DIFFERS, Severity.ERROR),
        (array(ARRAY[:-96] + bytes(96)), F.ARRAY_DIFFERS, Severity.ERROR),
        (array(ARRAY[:4] + b"\x01" + ARRAY[5:]), F.ARRAY_PADDING, Severity.NOTE),
        (array(ARRAY[:-1] + b"\x01"), F.ARRAY_PADDING, Severity.NOTE),
        (replace(QUIET, boot_params=None, array=None), F.NOT_GIVEN, Severity.WARNING),
        (replace(QUIET, setup=None), F.NOT_GIVEN, Severity.WARNING),
    ],
)
def test_what_is_wrong_with_what_was_told(kernel: Kernel, code: FindingCode | None, severity: Severity | None) -> None:
    step = step_of(OLD, kernel)
    if code is None:
        assert codes(step) == [F.BOOT_SERVICES_PASSED]
        return
    assert found(code, step).severity == severity
    assert step.restored is True
    assert step.restorable is (Severity.ERROR not in {finding.severity for finding in step.findings})


def test_the_last_setup_efi_entry_counts() -> None:
    step = step_of(OLD, setup(setup_dump(replace(SETUP, tables=0), replace(SETUP, runtime=0x7F000300))))
    assert codes(step) == [F.SETUP_EFI_REPEATED, F.BOOT_SERVICES_PASSED]


def test_a_skewed_layout_is_shown_as_both_kinds_of_kernel_read_it() -> None:
    message = found(F.LAYOUT_SKEW, step_of(OLD, setup(SHORT_SETUP + bytes(8)))).message
    assert "read with `runtime`, tables is 0x7e000000 and smbios 0x0; without it, 0x7f000200 and 0x7e000000" in message


def test_a_virtual_runtime_pointer_is_what_a_later_kernel_shows() -> None:
    virtual = replace(FILES, runtime=0xFFFFFFFEFF000300)
    new = replace(QUIET, files=virtual, setup=setup_dump(replace(SETUP, runtime=0xFFFFFFFEFF000300)))
    assert codes(step_of(replace(OLD, files=virtual), new)) == [F.BOOT_SERVICES_PASSED]


ZERO = Descriptor(0, 0, 0, 0, 0)
MapChange = Callable[[tuple[Descriptor, ...]], tuple[Descriptor, ...]]


def instead(index: int, **changes: int) -> MapChange:
    """A change of one entry."""
    return lambda regions: (*regions[:index], replace(regions[index], **changes), *regions[index + 1 :])


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (lambda regions: (*regions, ZERO), F.ZERO_DESCRIPTOR, Severity.ERROR),
        (instead(0, num_pages=0), F.EMPTY_REGION, Severity.ERROR),
        (instead(2, num_pages=0), F.EMPTY_REGION, Severity.WARNING),
        (instead(0, virt_addr=0), F.NO_ADDRESS, Severity.ERROR),
        (instead(2, virt_addr=0), F.NO_ADDRESS, Severity.WARNING),
        (instead(1, virt_addr=CODE.virt_addr), F.SHARED_ADDRESS, Severity.ERROR),
        (instead(2, virt_addr=CODE.virt_addr + 0xFF000), F.SHARED_ADDRESS, Severity.ERROR),
        (instead(2, num_pages=1 << 52), F.IMPOSSIBLE_RANGE, Severity.ERROR),
        (instead(2, phys_addr=(1 << 64) - 0x1000), F.IMPOSSIBLE_RANGE, Severity.ERROR),
        (instead(2, phys_addr=BOOT.phys_addr + 1), F.MISALIGNED, Severity.WARNING),
        (instead(2, virt_addr=BOOT.virt_addr + 0x800), F.MISALIGNED, Severity.WARNING),
    ],
)
def test_a_map_that_is_wrong_is_found_where_it_is_handed_over(
    change: MapChange, code: FindingCode, severity: Severity
) -> None:
    regions = change(FIRMWARE)
    old = replace(OLD, runtime_map=memory_map(regions))
    new = replace(QUIET, runtime_map=memory_map(regions), boot_params=params(len(regions)), array=None, files=None)
    step = step_of(old, new)
    assert found(code, step).severity == severity
    assert found(code, step).message.startswith("the old kernel's map")
    assert (step.restorable, step.restored) == (severity is not Severity.ERROR, True)


@pytest.mark.parametrize(
    ("name", "short", "wrong"),
    [("virt_addr", 0, False), ("virt_addr", -1, True), ("phys_addr", 1, False), ("phys_addr", 0, True)],
)
def test_virtual_addresses_may_end_where_the_address_space_does_and_physical_ones_a_page_before(
    name: str, short: int, wrong: bool
) -> None:
    top = (1 << 64) - (BOOT.num_pages + short) * 4096
    regions = instead(2, **{name: top})(FIRMWARE)
    step = step_of(replace(OLD, runtime_map=memory_map(regions)), replace(QUIET, runtime_map=memory_map(regions)))
    assert (F.IMPOSSIBLE_RANGE in codes(step)) is wrong


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (lambda regions: (), F.NO_RUNTIME_MAP, Severity.ERROR),
        (lambda regions: regions[1:], F.MISSING, Severity.ERROR),
        (lambda regions: regions[:2], F.MISSING, Severity.WARNING),
        (instead(0, num_pages=0xFF), F.MISSING, Severity.ERROR),
        (instead(0, virt_addr=0xFFFFFFFEFE000000), F.MOVED, Severity.ERROR),
        (instead(2, virt_addr=0xFFFFFFFEFE000000), F.MOVED, Severity.WARNING),
        (instead(2, num_pages=0x21), F.EXTRA, Severity.WARNING),
        (lambda regions: (*regions, ZERO), F.ZERO_DESCRIPTOR, Severity.ERROR),
        (lambda regions: regions[::-1], F.ORDER_CHANGED, Severity.NOTE),
        (instead(2, attribute=RUNTIME | 0xF), F.ATTRIBUTES_GREW, Severity.NOTE),
        (instead(2, attribute=0x7), F.ATTRIBUTES_LOST, Severity.WARNING),
        (instead(0, attribute=0xF), F.ATTRIBUTES_LOST, Severity.ERROR),
        (instead(0, type=6), F.RETYPED, Severity.WARNING),
        (instead(1, virt_addr=CODE.virt_addr), F.SHARED_ADDRESS, Severity.ERROR),
    ],
)
def test_what_the_new_kernel_made_of_the_map(change: MapChange, code: FindingCode, severity: Severity) -> None:
    step = step_of(OLD, replace(QUIET, runtime_map=memory_map(change(FIRMWARE))))
    assert found(code, step).severity == severity
    assert (step.restorable, step.restored) == (True, severity is not Severity.ERROR)


def test_an_entry_divided_with_each_page_in_place_is_only_noted() -> None:
    lower = replace(CODE, num_pages=0x40)
    upper = replace(CODE, num_pages=0xC0, phys_addr=CODE.phys_addr + 0x40000, virt_addr=CODE.virt_addr + 0x40000)
    step = step_of(OLD, replace(QUIET, runtime_map=memory_map((lower, upper, DATA_REGION, BOOT))))
    assert found(F.DIVIDED, step).regions == (CODE,)
    assert codes(step) == [F.BOOT_SERVICES_PASSED, F.DIVIDED]
    assert step.restored is True


def test_runtime_services_elsewhere_are_an_error() -> None:
    step = step_of(OLD, replace(QUIET, files=replace(FILES, runtime=0xFFFFFFFEFF000308)))
    assert "by the old one's map they are at 0xfffffffeff000300" in found(F.RUNTIME_POINTER, step).message
    assert step.restored is False


def test_a_runtime_pointer_that_is_not_known_is_not_held_against_anything() -> None:
    assert F.RUNTIME_POINTER not in codes(step_of(OLD, replace(QUIET, files=EfiFiles())))


def test_a_list_of_a_log_may_hold_more_than_was_handed_over() -> None:
    log = memory_map(
        [replace(region, virt_addr=0) for region in FIRMWARE], Format("linux-x86-flags-closed", is_linux_log=True)
    )
    step = step_of(replace(OLD, runtime_map=log), replace(told(memmap_size=96), runtime_map=memory_map(FIRMWARE)))
    assert found(F.COUNT_DIFFERS, step).severity == Severity.WARNING
    assert F.ADDRESSES_UNKNOWN in codes(step)
    assert F.NO_ADDRESS not in codes(step)
    assert step.difference is not None
    assert step.difference.same_layout


def test_a_list_of_a_log_may_not_hold_less_than_was_handed_over() -> None:
    log = memory_map(FIRMWARE, Format("linux-x86-flags-closed", is_linux_log=True))
    step = step_of(replace(OLD, runtime_map=log), told(memmap_size=192))
    assert found(F.COUNT_DIFFERS, step).severity == Severity.ERROR


def test_two_maps_alone_say_only_whether_the_map_was_restored() -> None:
    step = step_of(Kernel("a", memory_map(FIRMWARE)), Kernel("b", memory_map(FIRMWARE)))
    assert (step.restorable, step.restored) == (None, True)


def test_what_was_told_alone_says_only_whether_the_map_is_restorable() -> None:
    step = step_of(Kernel("a"), replace(QUIET, runtime_map=None, files=None))
    assert (step.restorable, step.restored) == (True, None)
    assert codes(step) == [F.NOT_GIVEN]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (Kernel("a", memory_map(FIRMWARE)), Kernel("b"), MapCode.NO_HANDOVER),
        (Kernel("a"), Kernel("b", memory_map(FIRMWARE)), MapCode.NO_HANDOVER),
        (OLD, Kernel("b", setup=setup_dump(SETUP), array=ARRAY), MapCode.STRIDE),
        (OLD, replace(NEW, runtime_map=memory_map([CODE] * 4097)), MapCode.TOO_MANY_COMPARED),
        (replace(OLD, runtime_map=memory_map([CODE] * 4097)), NEW, MapCode.TOO_MANY_COMPARED),
    ],
)
def test_too_little_or_too_much_is_a_diagnostic(old: Kernel, new: Kernel, code: MapCode) -> None:
    answer = check_step(old, new)
    assert isinstance(answer, Diagnostic)
    assert answer.code == code
    assert answer.help
    assert check_handover([old, new]) == answer


def test_maps_at_the_limit_are_compared() -> None:
    full = memory_map([CODE] * 4096)
    assert isinstance(check_step(replace(OLD, runtime_map=full), replace(NEW, runtime_map=full)), KexecStep)


def test_an_array_of_very_many_descriptors_is_not_compared() -> None:
    raw = bytes(4097 * 48)
    step = step_of(OLD, replace(told(memmap_size=len(raw)), array=raw))
    assert found(F.ARRAY_SIZE, step).severity == Severity.ERROR


def test_one_kernel_hands_nothing_over() -> None:
    answer = check_handover([OLD])
    assert isinstance(answer, Diagnostic)
    assert answer.code == MapCode.NO_HANDOVER


def test_a_setup_written_as_agreed_is_not_taken_for_a_skewed_one() -> None:
    files = replace(FILES, config_table=SETUP.tables)
    dump = setup_dump(EfiSetup(SETUP.fw_vendor, SETUP.tables, SETUP.tables, SETUP.smbios))
    assert F.LAYOUT_SKEW not in codes(step_of(replace(OLD, files=files), setup(dump)))


def test_all_codes_are_different_and_explained() -> None:
    values = [code.value for kind in (MapCode, FindingCode) for code in kind.__members__.values()]
    assert len(values) == len({*values})
    assert all(code.value[0] == "M" and code.value[1:].isdigit() and code.meaning for code in FindingCode)
