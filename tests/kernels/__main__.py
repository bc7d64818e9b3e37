"""Runs the functions of real kernels against the models of their versions, and keeps a record of it.

``python -m tests.kernels`` in the root of the repository; `--fetch` downloads the sources first, by the names of
Debian's packages, into a folder that git ignores.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checker.base.diagnostic import Diagnostic
from checker.library import find_algorithm
from tests.helpers.places import DATA, ROOT
from tests.kernels.comparisons import COMPARISONS, Comparison, Real, Tally, compare, table
from tests.kernels.conforming import Judged, judge, wrong
from tests.kernels.fetch import PACKAGES, Tree, fetch, tree
from tests.kernels.mutations import MUTATIONS, REFACTORINGS

RECORD = DATA / "kernel-trees.md"
MAPS = 13_000
FEWER = 10
"""How many times fewer maps a change is run on."""

ABOUT = """\
What the functions of real kernels make of memory maps, beside what the models of their versions say. The functions are
cut out of the tree as they are, compiled with a shim in the place of all that has no bearing on the layout, and run.
Maps and what is beside them are drawn: three in four keep the rules of UEFI and come near the edges of large pages and
of the window, one in four keeps none. What a model does not speak of is run as well, and told apart.
"""


CHANGED = """\
Changes of the functions, made where they are run (tests/kernels/mutations.py): on how many of {maps} maps the compiled
functions make something else of the map, with the fewest regions of such a map; what `mapproof conform --patch` says;
and whether the compiled functions differ on the smallest map that it shows.
"""

Tallies = list[tuple[Comparison, Tally]]


@dataclass(frozen=True)
class Found:
    """Everything that was found of one tree."""

    kernel: Tree
    tallies: Tallies
    mutations: list[Judged]
    refactorings: list[Judged]

    @property
    def wrong(self) -> Iterator[str]:
        """Tell what is otherwise than it should be."""
        for comparison, tally in self.tallies:
            yield from (f"{comparison.functions}: the map of seed {seed}" for seed in tally.differing)
        yield from (f"a change: {text}" for text in wrong(self.mutations, alike=False))
        yield from (f"a refactoring: {text}" for text in wrong(self.refactorings, alike=True))


def main() -> int:
    """The command; its status is 1 where a kernel and what is said of it differ."""
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
    found = [find(each, options.maps) for each in trees if each is not None]
    text = "".join(f"{line}\n" for line in record(found, options.maps))
    sys.stdout.write(text)
    if options.write:
        RECORD.write_text(text)
    return int(any(any(each.wrong) for each in found))


def find(kernel: Tree, maps: int) -> Found:
    """Make every comparison for a tree."""
    real = Real.of(kernel.folder)
    few = maps // FEWER
    return Found(
        kernel,
        list(tallies(real, maps)),
        [judge(kernel.folder, real.kernel, each, few) for each in MUTATIONS],
        [judge(kernel.folder, real.kernel, each, few) for each in REFACTORINGS],
    )


def tallies(real: Real, maps: int) -> Iterator[tuple[Comparison, Tally]]:
    """Hold a tree's functions against the models."""
    for each in COMPARISONS:
        chosen = find_algorithm(each.model)
        assert not isinstance(chosen, Diagnostic)
        yield each, compare(each, real, chosen.algorithm, maps)


def record(found: list[Found], maps: int) -> Iterator[str]:
    """The lines of the record."""
    yield "# Real kernels beside the models, and changes of them"
    yield ""
    yield f"Written by `python -m tests.kernels --fetch --maps {maps} --write`."
    for number, each in enumerate(found):
        yield ""
        yield f"## {each.kernel.package} {each.kernel.version}"
        yield ""
        yield from () if number else (*ABOUT.splitlines(), "")
        yield from table("functions, model, maps, alike, not spoken of, differ, seconds")
        yield from (row(comparison, tally) for comparison, tally in each.tallies)
        yield ""
        yield from apart(each.tallies)
        yield ""
        yield from () if number else (*CHANGED.format(maps=maps // FEWER).splitlines(), "")
        yield from table("change, maps that differ, fewest regions, the command, confirmed, seconds")
        yield from map(change_row, each.mutations)
        yield from map(change_row, each.refactorings)
    yield from (f"\nWRONG {each.kernel.package}, {text}" for each in found for text in each.wrong)


def change_row(each: Judged) -> str:
    """A line of the table of changes."""
    confirmed = "-" if each.confirmed is None else ("yes" if each.confirmed else "no")
    cells = (
        each.mutation.text,
        each.differing,
        "-" if each.fewest is None else each.fewest,
        each.said.in_words,
        confirmed,
        f"{each.said.seconds:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


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
