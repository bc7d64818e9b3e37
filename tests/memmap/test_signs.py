"""A map carries the signs by which its machine, firmware and kernel can be told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.base.codes import MapCode
from checker.memmap import MemoryMap, Reading, read_bytes, read_path
from checker.memmap.signs import EXPORTED_MAP, KERNEL_LIST, Signs
from tests.helpers.places import DATA, SHARED

MAPS = DATA / "maps"
X86 = re.sub("Linux version.*", "", (MAPS / "linux-x86-flags-closed.txt").read_text())
ARM = (MAPS / "linux-generic.txt").read_text()


def signs(text: str | bytes) -> Signs:
    answer = read_bytes("text", text.encode() if isinstance(text, str) else text)
    assert isinstance(answer, MemoryMap), answer
    return answer.signs


@pytest.mark.parametrize(
    ("line", "architecture"),
    [
        ("Linux version 6.1.0-50-686-pae (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP", "i386"),
        ("Linux version 6.12.9-amd64 (x86_64-linux-gnu-gcc-14 (Debian) 14.2.0)", "x86_64"),
        ("Linux version 5.14.0-427.el9.x86_64 (mockbuild@host) (gcc (GCC) 11.4.1)", "x86_64"),
        ("Linux version 6.8.0-31-generic (buildd@host) (aarch64-linux-gnu-gcc-13 13.2.0)", "arm64"),
        ("Linux version 6.1.0-50-armmp-lpae (gcc-12 (Debian 12.2.0-14) 12.2.0)", "arm"),
        ("Linux version 6.12.117+deb13-riscv64 (riscv64-linux-gnu-gcc-14 14.2.0)", "riscv64"),
        ("Linux version 6.6.0-loong64 (gcc 13.2.0)", "loongarch64"),
        ("Linux host 6.1.0 #1 SMP Debian 6.1.176-1 (2026-07-02) armv7l GNU/Linux", "arm"),
        ("[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd070]", "arm64"),
        ("[    0.000000] SBI specification v2.0 detected", "riscv64"),
        ("[    0.000000] 1023MB HIGHMEM available.", "i386"),
    ],
)
def test_the_architecture_is_told_by_what_kernels_print(line: str, architecture: str) -> None:
    rows = X86 if architecture in ("i386", "x86_64") else ARM
    for text in (f"{line}\n{rows}", f"{rows}\n{line}\n"):
        found = signs(text).architecture
        if text.startswith(line) or "Linux version" not in line:
            assert found is not None
            assert found.values == (architecture,)
            assert found.place is not None
            assert found.place.text in line


@pytest.mark.parametrize(("text", "values"), [(X86, "x86_64 i386 ia64"), (ARM, "arm64 arm riscv64 loongarch64")])
def test_the_form_of_the_rows_leaves_some_architectures(text: str, values: str) -> None:
    found = signs(re.sub("Linux version.*|BIOS-e820.*|e820.*", "", text)).architecture
    assert found is not None
    assert found.values == tuple(values.split())


@pytest.mark.parametrize(
    "text", ["/sys/firmware/efi/fw_platform_size:32", "== fw_platform_size\n32", "cat fw_platform_size\n32"]
)
def test_the_width_of_the_firmware_is_told(text: str) -> None:
    found = signs(f"{X86}\n{text}\n").firmware
    assert found is not None
    assert found.values == ("32-bit firmware",)


ROW = "efi: mem{:02d}: [{:12}|{}|WB] range=[0x{:016x}-0x{:016x}] (0MB)\n"
CONVENTIONAL = ROW.format(0, "Conventional", "   ", 0, 0xFFF)
BOOT = ROW.format(1, "Boot Data", "   ", 0x1000, 0x1FFF)
RUNTIME = ROW.format(2, "Runtime Data", "RUN", 0x2000, 0x2FFF)
MADE = "efi: EFI runtime memory map:\n"


def renumbered(*rows: str) -> str:
    return "".join(re.sub(r"mem\d\d", f"mem{number:02d}", row) for number, row in enumerate(rows))


def test_conventional_memory_that_the_kernel_maps_means_firmware_of_32_bits() -> None:
    found = signs(CONVENTIONAL + BOOT + RUNTIME + MADE + renumbered(CONVENTIONAL, BOOT, RUNTIME))
    assert found.firmware is not None
    assert found.firmware.values == ("32-bit firmware",)


def test_a_kernel_that_maps_no_boot_services_has_32_bits() -> None:
    found = signs(CONVENTIONAL + BOOT + RUNTIME + MADE + renumbered(RUNTIME))
    assert found.architecture is not None
    assert found.architecture.values == ("i386",)


def test_a_kernel_of_64_bits_on_firmware_of_64_bits_bears_neither_sign() -> None:
    found = signs(CONVENTIONAL + BOOT + RUNTIME + MADE + renumbered(RUNTIME, BOOT))
    assert found.firmware is None
    assert found.architecture is not None
    assert "x86_64" in found.architecture.values


@pytest.mark.parametrize(
    "text",
    [
        renumbered(BOOT, RUNTIME),
        "efi: SMBIOS=0x1 MEMATTR=0xffffffffffffffff\n" + CONVENTIONAL + BOOT + RUNTIME,
        "Command line: quiet elfcorehdr=0x7000000\n" + CONVENTIONAL + BOOT + RUNTIME,
    ],
)
def test_the_log_of_a_kernel_that_kexec_started_is_told(text: str) -> None:
    found = signs(text).list
    assert found is not None
    assert found.values == (KERNEL_LIST,)


def test_an_exported_map_is_told_by_its_addresses() -> None:
    found = signs((MAPS / "runtime-map.json").read_bytes()).list
    assert found is not None
    assert found.values == (EXPORTED_MAP,)


def test_each_boot_of_a_log_has_signs_of_its_own() -> None:
    first = f"Linux version 4.2.8 (gcc)\n{CONVENTIONAL}{BOOT}{RUNTIME}"
    second = f"Linux version 6.1.0 (gcc)\n{CONVENTIONAL}{BOOT}{RUNTIME}"
    found = signs(first + second).kernel
    assert found is not None
    assert found.values == ("4.2.8", "4.2.8")


SHELL_THEN_KERNEL = f"{(MAPS / 'uefi-shell-ia64.txt').read_text()}\nShell> linux\nLinux version 6.1.0 (gcc)\n{X86}"


def test_what_another_program_printed_above_the_kernel_bears_no_sign_of_it() -> None:
    answer = read_bytes("text", SHELL_THEN_KERNEL.encode(), reading=Reading(number=1))
    assert isinstance(answer, MemoryMap)
    assert answer.signs.kernel is None


def test_of_a_console_log_the_map_is_taken_that_the_kernel_printed() -> None:
    """What a shell or a loader shows before is not yet what the kernel finds."""
    answer = read_bytes("text", SHELL_THEN_KERNEL.encode())
    assert isinstance(answer, MemoryMap)
    assert answer.format.is_linux_log
    assert answer.signs.kernel is not None
    assert [each.code for each in answer.remarks][:1] == [MapCode.SEVERAL_LISTS]


@pytest.mark.parametrize(
    ("line", "version", "said"),
    [
        (
            "Linux version 6.1.0-57-amd64 (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.192-3 (2026-11-26)",
            "6.1.192",
            "`Debian 6.1.192-3`",
        ),
        (
            "Linux version 5.15.0-91-generic (gcc (Ubuntu 11.4.0-1) 11.4.0) #1 (Ubuntu 5.15.0-91.1-generic 5.15.131)",
            "5.15.131",
            "`(Ubuntu 5.15.0-91.1-generic 5.15.131)`",
        ),
        ("Linux version 6.11.4-300.fc41.x86_64 (gcc (GCC) 14.2.1) #1 SMP", "6.11.4", "`Linux version 6.11.4`"),
    ],
)
def test_a_kernel_of_a_distribution_is_of_the_version_of_its_sources(line: str, version: str, said: str) -> None:
    found = signs(f"{line}\n{X86}").kernel
    assert found is not None
    assert found.values == (version, version)
    assert found.what == said


RELEASES = [("7.3.4+deb13-arm64-16k", "16 KiB pages"), ("6.8.0-31-generic-64k", "64 KiB pages")]
RELEASES += [("6.11.4-300.fc41.aarch64", "4 KiB pages"), ("6.11.4-400.asahi.fc41.aarch64+16k", "16 KiB pages")]


@pytest.mark.parametrize(("release", "pages"), RELEASES)
def test_the_size_of_pages_is_told_by_the_name_of_the_release(release: str, pages: str) -> None:
    found = signs(f"Linux version {release} (aarch64-linux-gnu-gcc)\n{ARM}").pages
    assert found is not None
    assert pages in found.values


CAPTURES = sorted((SHARED / "captures" / "2025").glob("*-[0-9].[0-9]*.txt")) if SHARED.is_dir() else []
NAMED = {"x64": "x86_64", "i386": "i386", "arm64": "arm64", "armhf": "arm", "riscv64": "riscv64"}


@pytest.mark.parametrize(
    "path", [each for each in CAPTURES if each.name.split("-")[0] in NAMED], ids=lambda path: path.stem
)
def test_the_architecture_of_every_capture_is_told(path: Path) -> None:
    answer = read_path(str(path))
    assert isinstance(answer, MemoryMap)
    assert answer.signs.architecture is not None
    assert answer.signs.architecture.values == (NAMED[path.name.split("-")[0]],)
