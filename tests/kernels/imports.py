"""What is read of a real tree, beside the compiled functions that it is read from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.base.diagnostic import Diagnostic
from checker.csource import bindings, chosen, find_binding, import_tree, names_used
from tests.kernels.comparisons import Comparison, Real, Tally, compare, whole
from tests.kernels.conforming import Said, ask
from tests.kernels.maps import Boot
from tests.kernels.told import exported

RUNS: dict[tuple[str, ...], Callable[[Real, Boot], object]] = {
    ("efi_map_regions",): lambda real, boot: real.kernel.step("only_map", boot) or [],
    ("efi_merge_regions",): lambda real, boot: real.kernel.step("only_merge", boot),
    ("efi_merge_regions", "efi_map_regions"): lambda real, boot: real.kernel.step("merge_and_map", boot) or [],
    ("efi_get_virtmap",): lambda real, boot: real.stub.lay_out(boot.regions)[1],
    ("kexec_enter_virtual_mode",): lambda real, boot: real.kernel.step("only_kexec", boot),
}
"""The functions that a binding begins with, and the run of the compiled ones that is the same."""


@dataclass(frozen=True)
class Imported:
    """What became of one binding with one tree: the algorithm or why there is none, its seconds, how it compares with
    the compiled functions, and what the command says of it and each model."""

    binding: str
    entry: tuple[str, ...]
    refused: str
    seconds: float
    tally: Tally | None
    conforms: tuple[tuple[str, Said], ...]


def imported(folder: Path, name: str, real: Real, maps: int) -> Imported:
    """Read a tree as a binding says, run what comes of it, and have the command hold it against the models."""
    binding = find_binding(name)
    assert not isinstance(binding, Diagnostic), binding
    began = time.perf_counter()
    made = import_tree(folder, binding, taken=names_used(binding))
    known = made if isinstance(made, Diagnostic) else chosen(made, name)
    seconds = time.perf_counter() - began
    if isinstance(made, Diagnostic) or isinstance(known, Diagnostic):
        wrong = made if isinstance(made, Diagnostic) else known
        assert isinstance(wrong, Diagnostic)
        place = "" if wrong.span is None else f"{wrong.span.source.name.rpartition('/')[2]}:{wrong.span.line}: "
        return Imported(name, binding.entry, f"{place}{wrong.code}", seconds, None, ())
    told = exported if "export " in made.text else whole
    run = RUNS.get(binding.entry)
    tally = None if run is None else compare(Comparison("", "", run, told), real, known.algorithm, maps)
    conforms = tuple(
        (model, ask("conform", model, str(folder), "--binding", name, "--format", "json")) for model in binding.models
    )
    return Imported(name, binding.entry, "", seconds, tally, conforms)


def all_imported(folder: Path, real: Real, maps: int) -> list[Imported]:
    """Do so with every binding that is shipped."""
    return [imported(folder, name, real, maps) for name in bindings()]
