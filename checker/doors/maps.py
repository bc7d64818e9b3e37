"""Maps and captures of machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.compare.identify import Attempt
    from checker.compare.pairs import Pairs
    from checker.handover import KexecStep
    from checker.interpret import Layout
    from checker.memmap import MemoryMap
    from checker.program import Algorithm


def read_map(source: str | Path | bytes) -> MemoryMap | Diagnostic:
    """Read a memory map, from a path or from its bytes, in any of the formats that real maps come in.

    >>> found = read_map(b'[{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"}]')
    >>> found.format.value, found.descriptors[0].num_pages
    ('json', 1)
    """
    from checker.memmap import read_bytes, read_path

    return read_bytes("-", source) if isinstance(source, bytes) else read_path(str(source))


def lay_out(
    algorithm: str | Algorithm, memory_map: MemoryMap, *, settings: Mapping[str, str | int] | None = None
) -> Layout | Diagnostic:
    """Lay a memory map out as an algorithm does, which is one of a `Program`, or named as for `mapproof run`.

    ``settings`` are the values of its parameters beside the map.

    >>> found = read_map(b'[{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"}]')
    >>> hex(lay_out("linux-x86-reversed", found).regions[0]["virt_addr"])
    '0xfffffffeffe08000'
    """
    from checker.base.diagnostic import Diagnostic
    from checker.layouts.lay_out import lay_out as laid_out
    from checker.library import find_algorithm

    if isinstance(algorithm, str):
        chosen = find_algorithm(algorithm)
        if isinstance(chosen, Diagnostic):
            return chosen
        algorithm = chosen.algorithm
    values = {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in (settings or {}).items()
    }
    return laid_out(algorithm, memory_map.descriptors, values, around=memory_map.told)


def identify(*paths: str | Path, algorithms: Iterable[str] = ()) -> tuple[Attempt, ...] | Diagnostic:
    """Try the shipped models, and further algorithms, on a capture, or on a firmware's map and a runtime map; return
    them as `mapproof identify` does, what explains it best first."""
    from checker.base.diagnostic import Diagnostic
    from checker.compare.boot import read_boot
    from checker.compare.identify import identify as identified
    from checker.compare.identify import tried
    from checker.memmap import Limits

    chosen = tried(tuple(algorithms))
    boot = chosen if isinstance(chosen, Diagnostic) else read_boot([str(path) for path in paths], Limits())
    if isinstance(chosen, Diagnostic) or isinstance(boot, Diagnostic):
        return chosen if isinstance(chosen, Diagnostic) else boot  # type: ignore[return-value]
    return identified(boot, chosen, {}, Limits())


def compare(first: str | Path, second: str | Path) -> Pairs | Diagnostic:
    """Compare the maps of two boots, or what two kernels made of them, as `mapproof compare` does.

    >>> compare("README.md", "README.md").code.value
    'M101'
    """
    from checker.compare.pairs import read_pairs
    from checker.memmap import Limits

    return read_pairs(str(first), str(second), Limits())


def check_handover(*paths: str | Path) -> tuple[KexecStep, ...] | Diagnostic:
    """Return what is known of each step of a capture, the folder or its files, as `mapproof check --handover` says."""
    from checker.base.diagnostic import Diagnostic
    from checker.handover import check_handover as checked
    from checker.handover import read_handover

    kernels = read_handover([str(path) for path in paths])
    return kernels if isinstance(kernels, Diagnostic) else checked(kernels)
