"""What is compared: some functions of a kernel, and the model that tells what they do."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from checker import program as p
from checker.interpret import Layout
from tests.kernels.maps import Boot, Region, draw
from tests.kernels.real import FIELDS, RealKernel, RealStub
from tests.kernels.told import exported, laid_out

OFFSET = 1 << 63
"""What LoongArch adds to every address."""


@dataclass(frozen=True)
class Real:
    """Everything of one tree that was compiled."""

    kernel: RealKernel
    stub: RealStub
    loongarch: RealStub

    @classmethod
    def of(cls, folder: Path) -> Real:
        """Compile it; each library has a file of its own, which is not needed once it is loaded."""
        with tempfile.TemporaryDirectory() as work:
            kernel, stub, loongarch = (Path(work) / name for name in ("kernel", "stub", "loongarch"))
            return cls(RealKernel(folder, kernel), RealStub(folder, stub), RealStub(folder, loongarch, OFFSET))


Reason = Callable[[Boot, Layout], str]
"""Tells why a model does not speak of a boot, in few words; nothing if it does."""


def _always(boot: Boot, layout: Layout) -> str:
    return ""


@dataclass(frozen=True)
class Comparison:
    """Functions of a kernel, the model that they are held against, what of a run is compared, and the maps that are
    drawn. What ``outside`` names is run too, and counted apart."""

    functions: str
    model: str
    real: Callable[[Real, Boot], object]
    told: Callable[[Layout], object]
    drawn: Mapping[str, bool] = field(default_factory=dict)
    outside: Reason = _always


def _mappings(layout: Layout) -> list[tuple[int, int, int]]:
    """Return what is mapped: each region of the list one to one, and where it is placed."""
    return [
        (region["phys_addr"], at, region["num_pages"])
        for region in exported(layout)
        for at in (region["phys_addr"], region["virt_addr"])
    ]


def whole(layout: Layout) -> list[Region]:
    """Return all regions of a layout, as they are left."""
    return [{name: region[name] for name in FIELDS} for region in layout.regions]


COMPARISONS = (
    Comparison(
        "efi_map_regions(), should_map_region(), efi_map_next_entry(), efi_map_region()",
        "linux-x86-reversed",
        lambda real, boot: real.kernel.step("only_map", boot) or [],
        exported,
    ),
    Comparison(
        "all of a first boot, 64-bit firmware",
        "linux-x86-5-7",
        lambda real, boot: real.kernel.first_boot(boot) or [],
        exported,
    ),
    Comparison(
        "all of a first boot, 32-bit firmware",
        "linux-x86-mixed-5-7",
        lambda real, boot: real.kernel.first_boot(boot) or [],
        exported,
        {"mixed": True},
    ),
    Comparison(
        "kexec_enter_virtual_mode(), efi_map_region_fixed(), and all before them: the list",
        "linux-x86-kexec",
        lambda real, boot: real.kernel.second_boot(boot)[0],
        exported,
        {"addressed": True},
    ),
    Comparison(
        "the same: what is mapped, and where",
        "linux-x86-kexec",
        lambda real, boot: real.kernel.second_boot(boot)[1],
        _mappings,
        {"addressed": True},
    ),
    Comparison(
        "efi_get_virtmap(): the list",
        "efi-stub-packed",
        lambda real, boot: real.stub.lay_out(boot.regions)[1],
        exported,
    ),
    Comparison(
        "efi_get_virtmap() with efi=novamap: the map",
        "efi-stub-flat",
        lambda real, boot: real.stub.lay_out(boot.regions, without_call=True)[0],
        whole,
    ),
    Comparison(
        "efi_get_virtmap() of LoongArch: the list",
        "efi-stub-loongarch",
        lambda real, boot: real.loongarch.lay_out(boot.regions)[1],
        exported,
    ),
)


@dataclass
class Tally:
    """How many maps were run, on how many the layouts are alike, and those on which they are not; of the maps that a
    model does not speak of how many there are, by reason, and on how many it is right or wrong all the same."""

    maps: int = 0
    alike: int = 0
    differing: list[int] = field(default_factory=list)
    outside: Counter[str] = field(default_factory=Counter)
    differing_outside: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def boots_of(maps: int, drawn: Mapping[str, bool]) -> Iterator[tuple[int, Boot]]:
    """Draw boots, each by its number; one in four has a map that keeps no rule."""
    for seed in range(maps):
        yield seed, draw(Random(seed), wild=seed % 4 == 3, **drawn)


def compare(comparison: Comparison, real: Real, algorithm: p.Algorithm, maps: int) -> Tally:
    """Run the functions of a kernel and an algorithm on maps, and hold what they make of them against each other."""
    tally = Tally()
    began = time.perf_counter()
    for seed, boot in boots_of(maps, comparison.drawn):
        layout = laid_out(algorithm, boot)
        same = comparison.real(real, boot) == comparison.told(layout)
        reason = comparison.outside(boot, layout)
        tally.maps += 1
        if reason:
            tally.outside[reason] += 1
            tally.differing_outside[reason] += not same
        elif same:
            tally.alike += 1
        else:
            tally.differing.append(seed)
    tally.seconds = time.perf_counter() - began
    return tally


def table(heads: str) -> Iterator[str]:
    """The head of a table."""
    yield f"| {heads.replace(', ', ' | ')} |"
    yield "| --- " * (heads.count(", ") + 1) + "|"
