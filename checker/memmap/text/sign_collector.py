"""Collects signs: from what the text around a map says, and from the list itself.

From where the rules are: ``setup_arch()`` and ``efi_init()`` of the architectures for what kernels print, the release
names of Debian, Fedora and Ubuntu, and kernels 5.10 to 7.3 that were booted. A sign that is not there says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from checker.base.diagnostic import Source, Span
from checker.memmap.descriptor import RUNTIME, Descriptor, Format, Origin
from checker.memmap.reservations import Surroundings
from checker.memmap.signs import EXPORTED_MAP, KERNEL_LIST, NO_CALL, Sign, Signs, possible
from checker.memmap.text.reservation_collector import ReservationCollector

_X86 = ("x86_64", "i386")
_DEVICE_TREE = ("arm64", "arm", "riscv64", "loongarch64")
_SWITCHED = ("arm64", "arm", "riscv64")
"""Architectures whose stub looks for `efi=novamap`; that of LoongArch sets it aside."""

_MACHINES = (
    (r"x86_64|amd64", "x86_64"),
    (r"aarch64|arm64", "arm64"),
    (r"armv[0-9]\w*|armmp|armhf|arm", "arm"),
    (r"i[3-6]86|686", "i386"),
    (r"riscv64", "riscv64"),
    (r"loong(?:arch)?64", "loongarch64"),
    (r"ia64", "ia64"),
)
"""Names of architectures as compilers, distributions and ``uname`` have them, and the one that is used here."""

_MACHINE = re.compile("|".join(f"(?<![a-z0-9])(?:{names})(?![a-z0-9])" for names, _ in _MACHINES))
_COMPILER = re.compile(r"(?<![\w-])(\w+)-(?:\w+-)?linux-(?:gnu|musl)\w*-(?:gcc|clang|ld)")
_ARM64_RELEASE = re.compile("arm64|aarch64|-generic$")
_PACKAGE = re.compile(r"\bDebian (?P<debian>[0-9.]+)-[0-9]|\(Ubuntu \S+ (?P<ubuntu>[0-9.]+)\)")
"""The version of the sources in the name of a distribution's package: their releases keep that of the first one."""
_PAGES = re.compile(r"(?<![0-9a-z])(4|16|64)k(?![0-9a-z])")
_MARK = re.compile(
    r"(?P<version>Linux version (?P<number>[0-9]+(?:\.[0-9]+)+)(?P<release>\S*))"
    r"|(?P<uname>(?P<machine>\b\w{3,20}) GNU/Linux)"
    r"|(?P<e820>BIOS-e820:|e820: |BIOS-provided physical RAM map)"
    r"|(?P<lowmem>MB (?:LOWMEM|HIGHMEM) available)"
    r"|(?P<chosen>EFI parameters from (?:/chosen in DT|FDT))"
    r"|(?P<arm>CPU: ARMv[0-9]|CPU: \w+ \[[0-9a-f]+\] revision)"
    r"|(?P<arm64>Booting Linux on physical CPU 0x[0-9a-f]{10} \[0x|CPU: AArch64)"
    r"|(?P<riscv64>SBI specification v[0-9]|riscv: base ISA)"
    r"|(?P<loongarch64>\(Loongson-64bit)"
    r"|(?P<mismatch>No EFI runtime due to 32/64-bit mismatch)"
    r"|(?P<width>fw_platform_size(?:\W+(?P<bits>32|64)\b)?)"
    r"|(?P<kexec>MEMATTR=0xffffffffffffffff|\belfcorehdr=)"
    r"|(?P<novamap>(?<!\S)efi=(?:\w+,){0,9}novamap(?![^\s,]))"
)

_MOST = 10_000
"""Lines with signs that are read of a text; a boot has some dozens."""

_LONGEST = 1024
"""Characters of a line in which signs are looked for: what a kernel prints at once is no longer."""


class SignCollector:
    """Collects the signs of the boots in a text, one after the other; lives as long as the scan of the text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._boots: list[dict[str, Sign]] = [{}]
        self._reservations = [ReservationCollector()]
        self._width_follows = False
        self._has_list = False
        self._noted = 0

    def boot_of_list(self) -> int:
        """Return the number of the boot that is being read, of which a list is."""
        self._has_list = True
        return len(self._boots) - 1

    def of(self, boot: int) -> Signs:
        """The signs of a boot."""
        signs = Signs(**self._boots[boot])
        return signs if possible(signs.architecture, _SWITCHED) else replace(signs, switch=None)

    def told(self, boot: int) -> Surroundings:
        """All that a boot tells of beside its map."""
        return self._reservations[boot].told()

    def note(self, text: str, start: int) -> None:
        """Look for signs in a line that begins at ``start``."""
        self._signs(text[:_LONGEST], start)
        self._reservations[-1].note(text[:_LONGEST])

    def _signs(self, text: str, start: int) -> None:
        if self._width_follows:
            self._width_follows = False
            if text.strip() in ("32", "64"):
                self._add(
                    "firmware", (f"{text.strip()}-bit firmware",), f"fw_platform_size {text.strip()}", start, text
                )
        match = _MARK.search(text) if self._noted < _MOST else None
        if match is None:
            return
        self._noted += 1
        match match.lastgroup:
            case "version":
                self._version(match, text, start)
            case "uname":
                self._machine(match["machine"], text, start)
            case "e820":
                self._add("architecture", _X86, match[0].strip(), start, text)
            case "lowmem":
                self._add("architecture", ("i386",), match[0], start, text)
            case "chosen":
                self._add("architecture", _DEVICE_TREE, match[0], start, text)
            case "arm" | "arm64" | "riscv64" | "loongarch64" as name:
                self._add("architecture", (name,), match[0], start, text)
            case "mismatch":
                self._add("firmware", ("32-bit firmware",), match[0], start, text)
            case "novamap":
                self._add("switch", (NO_CALL,), match[0], start, text)
            case "width" if match["bits"]:
                self._add("firmware", (f"{match['bits']}-bit firmware",), match[0], start, text)
            case "width":
                self._width_follows = True
            case _:
                self._add("list", (KERNEL_LIST,), match[0], start, text)

    def _version(self, match: re.Match[str], text: str, start: int) -> None:
        """A kernel's first line: its version, the name of its release, the compiler that made it."""
        if "kernel" in self._boots[-1]:
            at = -1 if not self._has_list else len(self._boots)
            self._boots[at:], self._reservations[at:] = [{}], [ReservationCollector()]
            self._has_list = False
        number, said = match["number"], f"Linux version {match['number']}"
        for package in _PACKAGE.finditer(text):  # that of the compiler may stand before it
            sources = package[package.lastgroup or 0]
            if sources.startswith(f"{number.removesuffix('.0')}."):
                number, said = sources, package[0]
        self._add("kernel", (number, number), said, start, text)
        compiler = _COMPILER.search(text)
        self._machine(match["release"], text, start)
        if compiler is not None:
            self._machine(compiler[1], text, start)
        pages = _PAGES.search(match["release"])
        if pages is not None:
            self._add("pages", (f"{pages[1]} KiB pages",), match["number"] + match["release"], start, text)
        elif _ARM64_RELEASE.search(match["release"]):
            # Distributions name those of their kernels that have 16 KiB pages.
            self._add("pages", ("4 KiB pages", "64 KiB pages"), match["number"] + match["release"], start, text)

    def _machine(self, words: str, text: str, start: int) -> None:
        found = _MACHINE.search(words)
        if found is not None:
            name = next(name for names, name in _MACHINES if re.fullmatch(names, found[0]))
            self._add("architecture", (name,), found[0], start, text)

    def _add(self, kind: str, values: tuple[str, ...], what: str, start: int, text: str) -> None:
        """Keep a sign, unless one that leaves fewer values possible is known."""
        known = self._boots[-1].get(kind)
        if known is None or len(values) < len(known.values):
            at = max(text.find(what), 0)
            end = at + len(what) if what in text else len(text.rstrip())
            self._boots[-1][kind] = Sign(values, f"`{what}`", Span(self._source, start + at, start + end))


_RELEASE = re.compile(r"(?:Linux )?(?:version )?(?P<number>[0-9]+(?:\.[0-9]+)+)(?P<release>\S*)(?P<more>.{0,200})")


_WIDTH = re.compile(r"(?<![0-9])(32|64)-bit firmware\b")


def signs_of_release(text: str) -> Signs | None:
    """The signs that the name of a kernel's release bears, such as ``5.15``, ``6.1.0-56-amd64`` or ``6.1 x86_64``, and
    what may be said behind it of its pages, of the firmware and of a switch: ``6.1 arm64 16k``, ``6.1 x86_64, 32-bit
    firmware``, ``6.12 riscv64 efi=novamap``;
    None if it is no such name."""
    match = _RELEASE.fullmatch(text.strip())
    if match is None:
        return None
    said = f"`{text}`"
    width, more = _WIDTH.search(match["more"]), _WIDTH.sub("", match["release"] + match["more"])
    found, pages = _MACHINE.search(more), _PAGES.search(more)
    machine = None if found is None else (next(name for names, name in _MACHINES if re.fullmatch(names, found[0])),)
    return Signs(
        Sign((match["number"], match["number"]), said),
        None if machine is None else Sign(machine, said),
        None if width is None else Sign((f"{width[1]}-bit firmware",), said),
        None if pages is None else Sign((f"{pages[1]} KiB pages",), said),
        switch=Sign((NO_CALL,), said) if NO_CALL in more else None,
    )


def signs_of_list(
    descriptors: Sequence[Descriptor], form: Format, origin: Origin, made: Sequence[Descriptor] = ()
) -> Signs:
    """The signs that a list itself bears; ``made`` is what the kernel that printed it made of it, if that is known.

    A firmware's map has conventional memory: the firmware needs some itself. What kexec passes on on x86 has none. A
    kernel of 64 bits maps boot-services regions too, and conventional memory only where the firmware has 32 bits (Linux
    4.6 and later, should_map_region()).
    """
    types = {each.type for each in descriptors}
    architecture = Sign(form.architectures, "the form of its rows") if form.architectures else None
    firmware = whose = None
    if 13 in types:
        architecture = Sign(("ia64",), "a region of PAL code")
    if form.is_linux_log and not origin.is_derived and made:
        if not {each.type for each in made} & {3, 4} and types & {3, 4}:
            architecture = Sign(("i386",), "no boot-services region after `EFI runtime memory map:`")
        if any(each.type == 7 and not each.attribute & RUNTIME for each in made):
            firmware = Sign(("32-bit firmware",), "conventional memory after `EFI runtime memory map:`")
    if form.is_linux_log and origin is Origin.KERNEL:
        whose = Sign((KERNEL_LIST,), "`EFI runtime memory map:` above it")
    elif form.is_linux_log and 7 not in types and "x86_64" in form.architectures:
        whose = Sign((KERNEL_LIST,), "no conventional memory in it")
    elif 7 not in types and any(each.virt_addr not in (0, each.phys_addr) for each in descriptors):
        whose = Sign((EXPORTED_MAP,), "virtual addresses, and no conventional memory in it")
    return Signs(None, architecture, firmware, None, whose)
