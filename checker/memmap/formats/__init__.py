"""The textual formats, a file each, and the one table of them."""

from __future__ import annotations

from checker.memmap.formats.esx_boot import ESX_BOOT
from checker.memmap.formats.freebsd import FREEBSD
from checker.memmap.formats.grub import GRUB
from checker.memmap.formats.haiku import HAIKU
from checker.memmap.formats.linux_generic import LINUX_GENERIC
from checker.memmap.formats.linux_x86 import LINUX_X86
from checker.memmap.formats.mikanos import MIKANOS_COLUMNS, MIKANOS_CSV
from checker.memmap.formats.shell import UEFI_SHELL, UEFI_SHELL_SFO
from checker.memmap.formats.uboot import UBOOT
from checker.memmap.formats.uefi_lessons import UEFI_LESSONS
from checker.memmap.formats.xen import XEN
from checker.memmap.text.row_grammar import LineFormat

LINE_FORMATS: tuple[LineFormat, ...] = (
    LINUX_X86,
    LINUX_GENERIC,
    XEN,
    HAIKU,
    ESX_BOOT,
    UEFI_LESSONS,
    MIKANOS_CSV,
    MIKANOS_COLUMNS,
    UEFI_SHELL_SFO,
    FREEBSD,
    GRUB,
    UBOOT,
    UEFI_SHELL,
)
"""In the order in which they are asked whether a line is theirs: the less mistakable first."""

__all__ = ["LINE_FORMATS"]
