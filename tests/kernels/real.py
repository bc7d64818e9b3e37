"""The functions of a real kernel that lay its map out, compiled as they are and run on maps."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.kernels.cut import cut, lacks
from tests.kernels.maps import Boot, Region
from tests.oracles.compiled import Library, compile_library

HERE = Path(__file__).parent

FIELDS = ("type", "phys_addr", "virt_addr", "num_pages", "attribute")

Edit = Callable[[str], str]
"""A change of the C that was cut out, before it is compiled."""

_EFI = "arch/x86/platform/efi"
FILES = (
    *(f"{_EFI}/efi_64.c", f"{_EFI}/efi.c", f"{_EFI}/quirks.c", f"{_EFI}/memmap.c"),
    *("drivers/firmware/efi/memmap.c", "drivers/firmware/efi/efi.c"),
)
STUB = ("drivers/firmware/efi/libstub/efi-stub.c",)
_HEADERS = (
    *("include/linux/efi.h", "arch/x86/include/asm/pgtable_64_types.h", "include/linux/math.h"),
    *("include/linux/align.h", "include/uapi/linux/const.h", "include/linux/sizes.h", "include/linux/mm.h"),
)

_TYPES = (
    *("RESERVED_TYPE", "LOADER_CODE", "LOADER_DATA", "BOOT_SERVICES_CODE", "BOOT_SERVICES_DATA"),
    "CONVENTIONAL_MEMORY",
)
_FEATURES = ("BOOT", "RUNTIME_SERVICES", "MEMMAP", "64BIT", "DBG", "PARAVIRT")
_MACROS = (
    *(f"EFI_{name}" for name in (*_TYPES, *_FEATURES)),
    *("EFI_MEMORY_RUNTIME", "EFI_MEMORY_SP", "EFI_PAGE_SHIFT", "EFI_PAGE_SIZE", "EFI_PAGES_MAX"),
    *("EFI_VA_START", "EFI_VA_END", "for_each_efi_memory_desc_in_map", "for_each_efi_memory_desc"),
    *("__round_mask", "round_up", "round_down", "ALIGN", "IS_ALIGNED", "__ALIGN_KERNEL", "__ALIGN_KERNEL_MASK"),
    *("SZ_64K", "SZ_1M", "SZ_2M", "SZ_512M"),
)
_SOME_HAVE = ("efi_early_memdesc_ptr", "efi_memdesc_ptr")
_OF_THE_FILE = ("#define OVERFLOW_ADDR_SHIFT", "#define OVERFLOW_ADDR_MASK", "#define U64_HIGH_BIT", "static efi_va")

FUNCTIONS = (
    *("efi_memmap_split_count", "efi_memmap_insert", "efi_arch_mem_reserve", "efi_memmap_entry_valid"),
    *("efi_clean_memmap", "efi_reserve_boot_services", "efi_merge_regions", "realloc_pages", "should_map_region"),
    *("efi_map_next_entry_reverse", "efi_map_next_entry", "efi_map_region", "efi_map_regions"),
    *("efi_map_region_fixed", "kexec_enter_virtual_mode", "efi_unmap_boot_services"),
)
"""What is cut out, in the order in which one needs the other; what looks a descriptor up comes before."""

_LOOKUP = ("__efi_mem_desc_lookup", "efi_mem_desc_lookup")

MOST = 512
"""Descriptors that a list may have after a run."""

_ARENA = 1 << 18


class _Descriptor(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
        *((name, ctypes.c_uint64) for name in FIELDS[1:]),
    ]


class _Range(ctypes.Structure):
    _fields_ = [("start", ctypes.c_uint64), ("end", ctypes.c_uint64)]


class _Surroundings(ctypes.Structure):
    _fields_ = [
        ("reserved_from", ctypes.c_uint64),
        ("reserved_to", ctypes.c_uint64),
        ("mixed", ctypes.c_uint32),
        ("soft_reserve", ctypes.c_uint32),
        ("debug", ctypes.c_uint32),
    ]


class _Mapping(ctypes.Structure):
    _fields_ = [("phys_addr", ctypes.c_uint64), ("virt_addr", ctypes.c_uint64), ("num_pages", ctypes.c_uint64)]


def real_text(folder: Path, edit: Edit = str) -> str:
    """Put together what is compiled: the tree's own macros and functions, between a shim and the runs of ours."""
    headers = [f"#define {name}" for name in _MACROS]
    headers += [f"#define {name}" for name in _SOME_HAVE if not lacks(folder, _HEADERS, f"#define {name}")]
    lookup = next(name for name in _LOOKUP if not lacks(folder, FILES, name))
    parts = [
        cut(folder, _HEADERS, headers),
        (HERE / "shim.h").read_text(),
        cut(folder, FILES, _OF_THE_FILE),
        cut(folder, FILES, (lookup,)),
        "" if lookup == "efi_mem_desc_lookup" else f"#define efi_mem_desc_lookup {lookup}",
        edit(cut(folder, FILES, FUNCTIONS)),
        (HERE / "runs.h").read_text(),
    ]
    return "\n".join(parts)


class RealKernel:
    """A kernel's own layout, from its tree."""

    def __init__(self, folder: Path, work: Path, edit: Edit = str) -> None:
        self._library = compile_library(real_text(folder, edit), work)
        self._arena = ctypes.create_string_buffer(_ARENA)
        self._made = (_Descriptor * MOST)()
        self._mapped = (_Mapping * (2 * MOST))()
        self._runs = {name: self._library.untyped(name) for name in ("first_boot", "second_boot", *_STEPS)}

    def first_boot(self, boot: Boot) -> list[Region] | None:
        """Return the kernel's own list after a boot, from all that is done to it; None if there is none."""
        return self._run("first_boot", boot, self._tables(boot))

    def step(self, name: str, boot: Boot) -> list[Region] | None:
        """Return what some of it makes of the map: one of the steps that are named below."""
        return self._run(name, boot, None)

    def second_boot(self, boot: Boot) -> tuple[list[Region], list[tuple[int, int, int]]]:
        """Return the list of a kernel that another one started, and the physical and virtual addresses and the pages
        of all that it maps."""
        made = self._run("second_boot", boot, self._tables(boot), self._mapped, len(self._mapped))
        assert made is not None
        count = int(self._library.untyped("mappings_made")())
        return made, [(each.phys_addr, each.virt_addr, each.num_pages) for each in self._mapped[:count]]

    def _run(self, name: str, boot: Boot, tables: object | None, *more: object) -> list[Region] | None:
        library: Library = self._library
        library.reset()
        low, high = boot.taken
        around = _Surroundings(low, high, boot.mixed, boot.soft_reserve, boot.debug)
        memory = descriptors(boot.regions)
        first = (memory, len(boot.regions), ctypes.byref(around))
        last = (self._arena, ctypes.c_uint64(_ARENA), self._made, MOST)
        count = int(self._runs[name](*first, *([] if tables is None else [tables]), *last, *more))
        assert count <= MOST
        return None if count < 0 else regions(self._made, count)

    def _tables(self, boot: Boot) -> object:
        return (_Range * 3)(*(_Range(*table) for table in boot.tables))


_STEPS = ("only_clean", "only_merge", "only_map", "merge_and_map", "only_kexec")


class RealStub:
    """The layout of a kernel's EFI stub, from its tree; ``offset`` is what its architecture adds to every address."""

    def __init__(self, folder: Path, work: Path, offset: int = 0, edit: Edit = str) -> None:
        macros = [f"#define {name}" for name in _MACROS]
        parts = [
            cut(folder, _HEADERS, macros),
            (HERE / "shim.h").read_text(),
            f"#define EFI_RT_VIRTUAL_OFFSET {offset}UL",
            cut(folder, STUB, ("#define EFI_RT_VIRTUAL_BASE", "static virtmap_base", "static flat_va_mapping")),
            "static bool efi_novamap;",
            edit(cut(folder, STUB, ("efi_get_virtmap",))),
            (HERE / "stub_runs.h").read_text(),
        ]
        self._library = compile_library("\n".join(parts), work)
        self._stub = self._library.untyped("stub")
        self._made = (_Descriptor * MOST)()

    def lay_out(self, found: Sequence[Region], *, without_call: bool = False) -> tuple[list[Region], list[Region]]:
        """Return the map as the stub leaves it and the list that firmware is told; ``without_call``: `efi=novamap`."""
        self._library.reset()
        memory = descriptors(found)
        count = int(self._stub(memory, len(found), int(without_call), self._made))
        return regions(memory, len(found)), regions(self._made, count)


def descriptors(found: Sequence[Region]) -> ctypes.Array[_Descriptor]:
    """Lay regions down in memory."""
    return (_Descriptor * len(found))(*(_Descriptor(each["type"], 0, *(each[f] for f in FIELDS[1:])) for each in found))


def regions(memory: ctypes.Array[_Descriptor], count: int) -> list[Region]:
    """Read regions from memory."""
    return [{field: int(getattr(each, field)) for field in FIELDS} for each in memory[:count]]
