"""The parts of a hand-over are found in the directory of a capture, and told apart among files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.handover import (
    BootParams,
    EfiFiles,
    Kernel,
    SetupDump,
    check_handover,
    read_capture,
    read_handover,
    read_part,
    read_parts,
)
from checker.memmap import MemoryMap, array_of, encode_array, read_path
from tests.helpers.handover_examples import CAPTURES, bytes_of

CAPTURE = CAPTURES / "q35-2g-6.12"
LOG = """[    0.0] efi: mem00: [Runtime Data|RUN|  |  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x1000-0x1fff] (0MB)
""".replace("0x1000", f"{0x1000:#018x}").replace("0x1fff", f"{0x1FFF:#018x}")


def kernels(answer: tuple[Kernel, ...] | Diagnostic) -> tuple[Kernel, ...]:
    assert not isinstance(answer, Diagnostic), answer
    return answer


def problem(answer: object) -> Diagnostic:
    assert isinstance(answer, Diagnostic), answer
    assert answer.help
    return answer


def copied(directory: Path, *names: str) -> list[str]:
    """Files of the capture under names that say nothing."""
    made = []
    for number, name in enumerate(names):
        target = directory / f"{number}"
        shutil.copy(CAPTURE / name, target)
        made.append(str(target))
    return made


def tree(directory: Path, regions: MemoryMap) -> Path:
    """The map as the kernel shows it in sysfs."""
    for number, each in enumerate(regions.descriptors):
        (directory / str(number)).mkdir(parents=True)
        for name in ("type", "phys_addr", "num_pages", "attribute", "virt_addr"):
            (directory / str(number) / name).write_text(f"{getattr(each, name):#x}\n")
    return directory


def test_the_kernels_of_a_capture_are_found_in_their_order() -> None:
    found = kernels(read_capture(str(CAPTURE)))
    assert [kernel.name for kernel in found] == ["first kernel", "kexec 1", "kexec 2"]
    assert [kernel.setup is not None for kernel in found] == [False, True, True]
    for kernel in found:
        assert kernel.runtime_map is not None
        assert len(kernel.runtime_map.descriptors) == 105
        assert kernel.boot_params is not None
        assert kernel.files is not None


def test_an_empty_runtime_map_is_a_map_without_entries() -> None:
    first = kernels(read_capture(str(CAPTURES / "q35-4g-smm-6.1rt")))[0]
    assert first.runtime_map is not None
    assert first.runtime_map.descriptors == ()


def test_a_capture_of_one_kernel_hands_nothing_over(tmp_path: Path) -> None:
    shutil.copy(CAPTURE / "runtime-map.json", tmp_path)
    assert problem(read_capture(str(tmp_path))).code == MapCode.NO_HANDOVER


def test_a_directory_of_something_else_is_no_capture(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing\n")
    assert problem(read_handover([str(tmp_path)])).code == MapCode.NO_HANDOVER


def test_a_damaged_file_of_a_capture_is_refused(tmp_path: Path) -> None:
    shutil.copytree(CAPTURE, tmp_path / "c")
    (tmp_path / "c" / "kexec1-setup_data.hex").write_text("0 type=0x4\n0g\n")
    assert problem(read_capture(str(tmp_path / "c"))).code == MapCode.SETUP_ROW


def test_a_capture_may_hold_the_tree_of_sysfs(tmp_path: Path) -> None:
    shutil.copytree(CAPTURE, tmp_path / "c")
    (tmp_path / "c" / "runtime-map.json").unlink()
    exported = read_path(str(CAPTURE / "runtime-map.json"))
    assert isinstance(exported, MemoryMap)
    tree(tmp_path / "c" / "runtime-map", exported)
    first = kernels(read_capture(str(tmp_path / "c")))[0]
    assert first.runtime_map is not None
    assert first.runtime_map.descriptors == exported.descriptors


def test_a_capture_may_hold_a_log_with_a_second_list(tmp_path: Path) -> None:
    (tmp_path / "dmesg-efi.txt").write_text(f"{LOG}[    0.1] efi: EFI runtime memory map:\n{LOG}")
    shutil.copy(CAPTURE / "kexec1-setup_data.hex", tmp_path)
    first = kernels(read_capture(str(tmp_path)))[0]
    assert first.runtime_map is not None
    assert first.runtime_map.format.is_linux_log


def test_a_log_without_a_second_list_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "dmesg-efi.txt").write_text(LOG)
    assert problem(read_capture(str(tmp_path))).code == MapCode.NO_HANDOVER


def test_the_raw_array_of_a_capture_is_compared(tmp_path: Path) -> None:
    shutil.copytree(CAPTURE, tmp_path / "c")
    exported = read_path(str(CAPTURE / "runtime-map.json"))
    assert isinstance(exported, MemoryMap)
    (tmp_path / "c" / "kexec1-memmap.bin").write_bytes(bytes_of(encode_array(array_of(exported.descriptors))))
    steps = check_handover(kernels(read_capture(str(tmp_path / "c"))))
    assert not isinstance(steps, Diagnostic)
    assert steps[0].restorable is True
    (tmp_path / "c" / "kexec1-memmap.bin").write_bytes(bytes(105 * 48))
    steps = check_handover(kernels(read_capture(str(tmp_path / "c"))))
    assert not isinstance(steps, Diagnostic)
    assert steps[0].restorable is False


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("runtime-map.json", MemoryMap),
        ("kexec1-setup_data.hex", SetupDump),
        ("boot_params_efi.json", BootParams),
        ("efi-sysfs.txt", EfiFiles),
    ],
)
def test_a_file_is_known_by_its_content(name: str, kind: type, tmp_path: Path) -> None:
    (path,) = copied(tmp_path, name)
    assert isinstance(read_part(path), kind)


def test_a_raw_array_is_known_by_its_content(tmp_path: Path) -> None:
    raw = bytes_of(encode_array(array_of([])))
    exported = read_path(str(CAPTURE / "runtime-map.json"))
    assert isinstance(exported, MemoryMap)
    raw = bytes_of(encode_array(array_of(exported.descriptors)))
    (tmp_path / "x").write_bytes(raw)
    assert read_part(str(tmp_path / "x")) == raw


@pytest.mark.parametrize(
    ("name", "expected"),
    [("setup_data.hex", SetupDump(())), ("efi-sysfs.txt", EfiFiles()), ("kexec7-memmap.bin", b"")],
)
def test_an_empty_file_is_known_by_its_name(name: str, expected: object, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    assert read_part(str(tmp_path / name)) == expected


@pytest.mark.parametrize("text", ["[]", " [\n\n]\n", '{"regions": []}'])
def test_an_empty_list_is_a_map_without_entries(text: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(text)
    part = read_part(str(tmp_path / "x"))
    assert isinstance(part, MemoryMap)
    assert part.descriptors == ()


def test_a_log_stands_for_its_second_list(tmp_path: Path) -> None:
    second = LOG.replace(f"{0x1000:#018x}", f"{0x0:#018x}")
    (tmp_path / "x").write_text(f"{LOG}[    0.1] efi: EFI runtime memory map:\n{second}")
    part = read_part(str(tmp_path / "x"))
    assert isinstance(part, MemoryMap)
    assert [region.num_pages for region in part.descriptors] == [2]


@pytest.mark.parametrize(("text", "code"), [("", MapCode.NO_MAP), ("hello\n", MapCode.NO_MAP), ("{", MapCode.NO_MAP)])
def test_what_is_nothing_of_a_hand_over_is_refused(text: str, code: MapCode, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(text)
    assert problem(read_part(str(tmp_path / "x"))).code == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert problem(read_parts([str(tmp_path / "x")])).code == MapCode.UNREADABLE


def test_the_first_map_is_the_old_kernels_and_what_was_told_is_the_new_ones(tmp_path: Path) -> None:
    names = ("kexec1-setup_data.hex", "kexec1-boot_params_efi.json", "efi-sysfs.txt", "runtime-map.json")
    old, new = kernels(read_parts(copied(tmp_path, *names)))
    assert (old.runtime_map is not None, old.files is not None, old.boot_params, old.setup) == (True, True, None, None)
    assert (new.runtime_map, new.files) == (None, None)
    assert (new.boot_params is not None, new.setup is not None) == (True, True)


def test_a_single_file_is_no_capture() -> None:
    old, new = kernels(read_handover([str(CAPTURE / "runtime-map.json")]))
    assert (old.name, new.name) == ("first kernel", "second kernel")


def test_a_directory_among_files_is_a_map(tmp_path: Path) -> None:
    exported = read_path(str(CAPTURE / "runtime-map.json"))
    assert isinstance(exported, MemoryMap)
    directory = tree(tmp_path / "map", exported)
    old, new = kernels(read_handover([str(directory), str(CAPTURE / "kexec1-setup_data.hex")]))
    assert old.runtime_map is not None
    assert old.runtime_map.descriptors == exported.descriptors
    assert new.setup is not None


def test_of_two_parts_of_a_kind_the_first_is_the_old_kernels(tmp_path: Path) -> None:
    names = ("runtime-map.json", "boot_params_efi.json", "kexec1-runtime-map.json", "kexec1-boot_params_efi.json")
    old, new = kernels(read_parts(copied(tmp_path, *names)))
    assert old.runtime_map is not None
    assert old.runtime_map.source.endswith("0")
    assert new.runtime_map is not None
    assert new.runtime_map.source.endswith("2")
    assert old.boot_params is not None
    assert old.boot_params.source.endswith("1")
    assert new.boot_params is not None
    assert new.boot_params.source.endswith("3")


@pytest.mark.parametrize("name", ["runtime-map.json", "efi-sysfs.txt"])
def test_three_of_a_kind_are_refused(name: str, tmp_path: Path) -> None:
    assert problem(read_parts(copied(tmp_path, *[name] * 3))).code == MapCode.INPUT_TWICE


def test_two_raw_arrays_are_refused(tmp_path: Path) -> None:
    for name in ("a.memmap.bin", "b.memmap.bin"):
        (tmp_path / name).write_bytes(bytes(48))
    answer = read_parts([str(tmp_path / "a.memmap.bin"), str(tmp_path / "b.memmap.bin")])
    assert problem(answer).code == MapCode.INPUT_TWICE


def test_deep_json_is_no_map(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(json.dumps({"regions": []})[:-1] + ', "x": ' + "[" * 100_000)
    assert isinstance(read_part(str(tmp_path / "x")), Diagnostic)
