"""Holds what is read of real trees against the compiled functions that it is read from, and keeps a record of it.

``python -m tests.kernels.imports`` in the root of the repository, after `python -m tests.kernels --fetch`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from checker.base.diagnostic import Diagnostic
from checker.csource import bindings, chosen, find_binding, import_tree, names_used
from tests.helpers.places import DATA, ROOT
from tests.kernels.comparisons import Comparison, Real, Tally, compare, table, whole
from tests.kernels.conforming import Said, ask
from tests.kernels.fetch import PACKAGES, Tree, tree
from tests.kernels.maps import Boot
from tests.kernels.told import exported

RECORD = DATA / "kernel-imports.md"
MAPS = 50_000

IMPORTED = """\
What is read of the same functions by each binding that is shipped, run by the interpreter on maps that are drawn alike,
and what `mapproof conform` says of the tree and the models of the binding, and in how many seconds.
"""

RUNS: dict[str, Callable[[Real, Boot], object]] = {
    "linux-x86-64": lambda real, boot: real.kernel.step("only_map", boot) or [],
    "linux-x86-64-merging": lambda real, boot: real.kernel.step("merge_and_map", boot) or [],
    "linux-x86-mixed": lambda real, boot: (
        real.kernel.step("only_map", replace(boot, mixed=True, soft_reserve=True)) or []
    ),
    "linux-x86-clean": lambda real, boot: real.kernel.step("only_clean", boot) or [],
    "linux-x86-kexec": lambda real, boot: real.kernel.step("only_kexec", boot) or [],
    "linux-stub": lambda real, boot: real.stub.lay_out(boot.regions)[1],
    "linux-stub-novamap": lambda real, boot: real.stub.lay_out(boot.regions, without_call=True)[0],
    "linux-stub-loongarch": lambda real, boot: real.loongarch.lay_out(boot.regions)[1],
}
"""The bindings, and the run of the compiled functions that is the same."""


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
    told = exported if "export " in made.text or "drop " in made.text else whole
    run = RUNS.get(name)
    tally = None if run is None else compare(Comparison("", "", run, told), real, known.algorithm, maps)
    conforms = tuple(
        (model, ask("conform", model, str(folder), "--binding", name, "--format", "json")) for model in binding.models
    )
    return Imported(name, binding.entry, "", seconds, tally, conforms)


def all_imported(folder: Path, real: Real, maps: int) -> list[Imported]:
    """Do so with every binding that is shipped."""
    return [imported(folder, name, real, maps) for name in bindings()]


def main() -> int:
    """The command; its status is 1 where the compiled functions and what is read of them differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.kernels.imports", description=__doc__)
    parser.add_argument("--maps", type=int, default=MAPS, help=f"maps for each binding (default: {MAPS})")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()
    trees = [each for each in map(tree, PACKAGES) if each is not None]
    if len(trees) < len(PACKAGES):
        sys.stderr.write("the sources are not here: python -m tests.kernels --fetch downloads them\n")
        return 2
    found = [(each, all_imported(each.folder, Real.of(each.folder), options.maps)) for each in trees]
    text = "".join(f"{line}\n" for line in record(found, options.maps))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    return int(any(each.tally and each.tally.differing for _, imports in found for each in imports))


def record(found: list[tuple[Tree, list[Imported]]], maps: int) -> Iterator[str]:
    """The lines of the record."""
    yield "# What is read of real kernels"
    yield ""
    yield f"Written by `python -m tests.kernels.imports --maps {maps} --write`."
    yield ""
    yield from IMPORTED.splitlines()
    for kernel, imports in found:
        yield ""
        yield f"## {kernel.package} {kernel.version}"
        yield ""
        yield from table("binding, functions, read in, maps, alike, differ, conforms to")
        yield from map(row, imports)
    yield from (
        f"\nDIFFERS {kernel.package}, {each.binding}: the map of seed {seed}"
        for kernel, imports in found
        for each in imports
        for seed in (each.tally.differing if each.tally else ())
    )


def row(each: Imported) -> str:
    """A line of the table of what is read."""
    tally = each.tally
    counts = ("-", "-", "-") if tally is None else (tally.maps, tally.alike, len(tally.differing))
    conforms = "; ".join(f"{model}: {said.in_words}, {said.seconds:.1f} s" for model, said in each.conforms)
    functions = ", ".join(f"{name}()" for name in each.entry)
    seconds = f"refused, {each.refused}" if each.refused else f"{each.seconds:.1f} s"
    return f"| {' | '.join(map(str, (each.binding, functions, seconds, *counts, conforms or '-')))} |"


if __name__ == "__main__":
    sys.exit(main())
