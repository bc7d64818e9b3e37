"""Signs of which machine, firmware and kernel a map is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from checker.base.diagnostic import Span
from checker.base.values import frozen

FIRMWARE_MAP = "firmware's map"
EXPORTED_MAP = "exported map"
KERNEL_LIST = "kernel's list"
"""Whose list it is: the firmware's; one that a kernel made and that names virtual addresses; one that names none."""


NO_CALL = "efi=novamap"
CALL = "without efi=novamap"
"""The switch with which the EFI stub of arm, arm64 and RISC-V makes no call of SetVirtualAddressMap(), and its
absence."""


VALUES: dict[str, tuple[str, ...]] = {
    "architecture": ("x86_64", "i386", "arm64", "arm", "riscv64", "loongarch64", "ia64"),
    "firmware": ("64-bit firmware", "32-bit firmware"),
    "pages": ("4 KiB pages", "16 KiB pages", "64 KiB pages"),
    "list": (FIRMWARE_MAP, EXPORTED_MAP, KERNEL_LIST),
    "switch": (NO_CALL, CALL),
}
"""The values of each kind of sign but the version."""


@frozen
class Sign:
    """The values that something seen leaves possible, ``what`` was seen in words, and the place if it is one. Of
    versions the values are the first and the last."""

    values: tuple[str, ...]
    what: str
    place: Span | None = None


@frozen
class Signs:
    """The signs of a map: the version of the kernel, the ``architecture``, the width of the firmware, the size of the
    kernel's pages, whose list it is, and a switch of the kernel's that decides on addresses."""

    kernel: Sign | None = None
    architecture: Sign | None = None
    firmware: Sign | None = None
    pages: Sign | None = None
    list: Sign | None = None
    switch: Sign | None = None

    def or_else(self, others: Signs) -> Signs:
        """These signs; where one is missing, that of ``others``."""
        return Signs(*(getattr(self, each.name) or getattr(others, each.name) for each in fields(self)))

    def narrowed_by(self, others: Signs) -> Signs:
        """These signs; that of ``others`` where one is missing, or leaves more possible than that."""
        found = ((getattr(self, each.name), getattr(others, each.name)) for each in fields(self))
        return Signs(
            *(other if other and (not own or set(other.values) < set(own.values)) else own for own, other in found)
        )


NO_SIGNS = Signs()


def possible(sign: Sign | None, words: Iterable[str]) -> bool:
    """Tell whether a sign leaves one of ``words`` possible; one that is not there leaves all."""
    return sign is None or bool(set(sign.values) & set(words))


_LIKELY = Signs(firmware=Sign(("64-bit firmware",), "nothing"))


def likely(signs: Signs) -> Signs:
    """These signs with what who has to choose may take for granted where they leave it open: kernels of 32 bits on x86
    are rare, and firmware of 32 bits is."""
    if signs.architecture is not None and "x86_64" in signs.architecture.values:
        signs = replace(signs, architecture=replace(signs.architecture, values=("x86_64",)))
    return signs.or_else(_LIKELY)


UNSAID = {"list": Sign((FIRMWARE_MAP,), "nothing"), "switch": Sign((CALL,), "nothing")}
"""Signs of each kind that stand for those that are not there, of maps and of targets alike."""
