"""Runs the functions of real kernels against the models of their versions, and keeps a record of it.

``python -m tests.kernels`` in the root of the repository; `--fetch` downloads the sources first, by the names of
Debian's packages, into a folder that git ignores.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

from checker.base.diagnostic import Diagnostic
from checker.library import find_algorithm
from tests.helpers.places import DATA, ROOT
from tests.kernels.comparisons import COMPARISONS, Comparison, Real, Tally, compare
from tests.kernels.fetch import PACKAGES, Tree, fetch, tree

RECORD = DATA / "kernel-trees.md"
MAPS = 20_000

ABOUT = """\
What the functions of real kernels make of memory maps, beside what the models of their versions say. The functions are
cut out of the tree as they are, compiled with a shim in the place of all that has no bearing on the layout, and run.
Maps and what is beside them are drawn: three in four keep the rules of UEFI and come near the edges of large pages and
of the window, one in four keeps none. What a model does not speak of is run as well, and told apart.
"""


def main() -> int:
    """The command; its status is 1 where a kernel and a model differ on a map that the model speaks of."""
    parser = argparse.ArgumentParser(prog="python -m tests.kernels", description=__doc__)
    parser.add_argument("--fetch", action="store_true", help="download the sources first")
    parser.add_argument("--maps", type=int, default=MAPS, help=f"maps for each comparison (default: {MAPS})")
    parser.add_argument("--write", action="store_true", help=f"keep the record in {RECORD.relative_to(ROOT)}")
    parser.add_argument("package", nargs="*", default=PACKAGES, help=f"default: {' '.join(PACKAGES)}")
    options = parser.parse_args()
    trees = [fetch(package) if options.fetch else tree(package) for package in options.package]
    if None in trees:
        sys.stderr.write("the sources are not here: --fetch downloads them\n")
        return 2
    found = {each: list(tallies(each, options.maps)) for each in trees if each is not None}
    text = "".join(f"{line}\n" for line in record(found, options.maps))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    return int(any(tally.differing for each in found.values() for _, tally in each))


Tallies = list[tuple[Comparison, Tally]]


def tallies(kernel: Tree, maps: int) -> Iterator[tuple[Comparison, Tally]]:
    """Make every comparison for a tree."""
    real = Real.of(kernel.folder)
    for each in COMPARISONS:
        chosen = find_algorithm(each.model)
        assert not isinstance(chosen, Diagnostic)
        yield each, compare(each, real, chosen.algorithm, maps)


def record(found: dict[Tree, Tallies], maps: int) -> Iterator[str]:
    """The lines of the record."""
    yield "# Real kernels beside the models"
    yield ""
    yield f"Written by `python -m tests.kernels --fetch --maps {maps} --write`."
    yield ""
    yield from ABOUT.splitlines()
    for kernel, tallied in found.items():
        yield ""
        yield f"## {kernel.package} {kernel.version}"
        yield ""
        yield "| functions | model | maps | alike | not spoken of | differ | seconds |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        yield from (row(comparison, tally) for comparison, tally in tallied)
        yield ""
        yield from apart(tallied)
    yield ""
    yield from (
        f"DIFFERS {kernel.package}, {comparison.functions}: the map of seed {seed}"
        for kernel, tallied in found.items()
        for comparison, tally in tallied
        for seed in tally.differing
    )


def row(comparison: Comparison, tally: Tally) -> str:
    """A line of the table."""
    cells = (
        comparison.functions,
        comparison.model,
        tally.maps,
        tally.alike,
        tally.outside.total(),
        len(tally.differing),
        f"{tally.seconds:.0f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def apart(tallied: Tallies) -> Iterator[str]:
    """Tell of the maps that a model does not speak of, and on how many of them it says otherwise than the kernel."""
    counts: Counter[str] = sum((tally.outside for _, tally in tallied), Counter())
    for reason, count in counts.items():
        otherwise = sum(tally.differing_outside[reason] for _, tally in tallied)
        yield f"- {reason}: {count} maps, of {otherwise} of which the kernel makes something else"


if __name__ == "__main__":
    sys.exit(main())
