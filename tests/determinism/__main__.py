"""Verifies all shipped models in every way that must not change a result, and keeps a record of what came out."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from checker import library
from checker.base.versions import versions
from checker.prove import Limits, Result

from ..benchmarks.__main__ import git_commit
from .effort import MARGIN, SEEDS, Place, essence, expecting_proofs, hasty, outcome, results, shipped, spreads, table
from .variations import FORMS, RECORDS, ROOT, VARIATIONS, run


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.determinism", description=__doc__)
    parser.add_argument("--only", choices=RECORDS, help="only this half")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time, where it is not varied (default: 1)")
    parser.add_argument("--write", action="store_true", help="keep the records in tests/data")
    options = parser.parse_args()
    halves: dict[str, Callable[[int], Iterator[str]]] = {"variations": variations, "effort": effort}
    failed = False
    for name, half in halves.items():
        if options.only in (None, name):
            lines = [*heading(), *watched(half(options.jobs))]
            failed = failed or any("DIFFER" in line for line in lines)
            if options.write:
                RECORDS[name].write_text("".join(f"{line}\n" for line in lines))
    sys.exit(failed)


def heading() -> Iterator[str]:
    """What made a record."""
    yield f"$ {' '.join(['python -m tests.determinism', *sys.argv[1:]])}"
    yield ""
    yield f"commit {git_commit()}, {', '.join(versions().values())}, Python {platform.python_version()}"
    yield ""


def watched(lines: Iterator[str]) -> Iterator[str]:
    """The lines, shown as they come."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        yield line


def variations(jobs: int) -> Iterator[str]:
    """What is printed under each variation, and what each check comes to if other checks are not asked for."""
    yield "All shipped models, named one by one, times apart: a hash of exit status, output and complaints, of"
    yield "`mapproof verify -v` and of `mapproof verify --format json`."
    yield ""
    usual = None
    with tempfile.TemporaryDirectory() as elsewhere:
        for variation in VARIATIONS:
            places = (ROOT, Path(elsewhere))
            said = [run(list(library.models()), form, variation, places).digest for form in FORMS]
            usual = usual or said
            yield f"{variation.name:40} {'  '.join(said)}  {'the same' if said == usual else 'DIFFERS'}"
    yield ""
    yield "Verdict, bound, counterexample, invariants and obligations of each check:"
    yield ""
    all_results = results(shipped(), Limits(), jobs)
    for program in shipped():
        yield compared(program.name, all_results, results([program], Limits(), jobs))
    for label in sorted({label for *_, label in all_results}):
        yield compared(f"--property '{label}'", all_results, results(shipped(), Limits(), jobs, (label,)))


def compared(what: str, usual: dict[Place, Result], found: dict[Place, Result]) -> str:
    """Whether these results are the usual ones."""
    wrong = [" ".join(place) for place, result in found.items() if essence(result) != essence(usual[place])]
    return f"{what}: {len(found)} checks, {f'DIFFERS: {wrong}' if wrong else 'the same'}"


def effort(jobs: int) -> Iterator[str]:
    """How near each check comes to the limits, and that verdicts do not depend on what may run out."""
    limits = Limits()
    found = spreads(jobs)
    changed = sum(len(each.verdicts) > 1 for each in found)
    ran_out = sum(result.cost.gave_up for each in found for result in each.results)
    yield f"All shipped models, with each of {len(SEEDS)} seeds for the solver's random choices. The unit is Z3's"
    yield f"resource count. Limits: {limits.effort} for a check, {limits.per_query} for a query. The margin says how"
    yield "many times as much as it took at most, all in all or for its hardest query, a check would have been allowed."
    yield ""
    yield f"{len(found)} checks, least margin {found[0].margin:.1f}{'' if found[0].margin >= MARGIN else ' DIFFERS'}"
    yield f"verdicts and sizes of counterexamples: {f'{changed} DIFFER' if changed else 'the same for every seed'}"
    yield f"queries that ran out of effort: {ran_out}"
    yield ""
    yield "Where no check is expected to be refuted, and the quick searches before a proof always run out, or never:"
    yield ""
    hopeful = [expecting_proofs(program) for program in shipped()]
    usual = results(hopeful, limits, jobs)
    for what, much in (("always", 1), ("never", limits.per_query)):
        other = hasty(hopeful, much, limits, jobs)
        wrong = [" ".join(place) for place, result in other.items() if outcome(result) != outcome(usual[place])]
        yield f"{what:6} {len(other)} checks, {f'DIFFERS: {wrong}' if wrong else 'the same verdicts'}"
    yield ""
    yield from table(found)


if __name__ == "__main__":
    main()
