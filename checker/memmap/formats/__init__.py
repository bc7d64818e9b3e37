"""The textual formats, a file each, and the one table of them."""

from __future__ import annotations

from collections.abc import Callable

from checker.memmap.descriptor import MemoryMap
from checker.memmap.formats.csv_map import CSV_ROWS, write_csv
from checker.memmap.formats.e820 import E820
from checker.memmap.formats.edk2_debug import EDK2_DEBUG
from checker.memmap.formats.esx_boot import ESX_BOOT
from checker.memmap.formats.freebsd import FREEBSD
from checker.memmap.formats.grub import GRUB
from checker.memmap.formats.haiku import HAIKU
from checker.memmap.formats.iomem import IOMEM
from checker.memmap.formats.json_map import write_json
from checker.memmap.formats.linux_generic import LINUX_GENERIC
from checker.memmap.formats.linux_memattr import LINUX_MEMATTR
from checker.memmap.formats.linux_x86 import LINUX_X86, write_kernel_log
from checker.memmap.formats.mikanos import MIKANOS_COLUMNS, MIKANOS_CSV
from checker.memmap.formats.shell import UEFI_SHELL, UEFI_SHELL_SFO, write_shell
from checker.memmap.formats.uboot import UBOOT
from checker.memmap.formats.uboot_mem import UBOOT_MEM
from checker.memmap.formats.uefi_lessons import UEFI_LESSONS
from checker.memmap.formats.uefi_rs import UEFI_RS
from checker.memmap.formats.xen import XEN
from checker.memmap.text.row_grammar import LineFormat

LINE_FORMATS: tuple[LineFormat, ...] = (
    LINUX_X86,
    LINUX_GENERIC,
    XEN,
    HAIKU,
    ESX_BOOT,
    UEFI_LESSONS,
    UEFI_RS,
    EDK2_DEBUG,
    CSV_ROWS,
    MIKANOS_CSV,
    MIKANOS_COLUMNS,
    UEFI_SHELL_SFO,
    FREEBSD,
    GRUB,
    UBOOT_MEM,
    UBOOT,
    UEFI_SHELL,
)
"""In the order in which they are asked whether a line is theirs: the less mistakable first."""

WRITERS: dict[str, Callable[[MemoryMap], str]] = {
    "kernel-log": write_kernel_log,
    "shell": write_shell,
    "json": write_json,
    "csv": write_csv,
}
"""The forms in which a map can be written as text."""

SIDE_FORMATS: tuple[LineFormat, ...] = (LINUX_MEMATTR, E820, IOMEM)
"""Lists that are no maps of firmware, and may stand beside one or within it."""

__all__ = ["LINE_FORMATS", "SIDE_FORMATS", "WRITERS"]
