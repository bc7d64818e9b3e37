"""One question to the prover, in a process of its own: ``python -m tests.benchmarks.points LABEL [REGIONS]``.

Without REGIONS the check is decided for every length; with it, it is refuted or not on maps of so many regions, by
unrolling. Prints the answer and the CPU seconds from the loaded program to the answer, as JSON.
"""

from __future__ import annotations

import json
import sys
import time

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.language import load
from checker.prove import Limits, decide
from checker.prove.search.shapes import Shape
from checker.prove.search.unroll import Unrolled
from checker.prove.system.inputs import inputs
from checker.prove.terms.effort import Effort
from checker.prove.terms.solver import Solver
from checker.verify import replay
from tests.helpers.places import ROOT

MODEL = ROOT / "models" / "linux-x86-reversed.layout"
NO_LIMIT = (1 << 32) - 1
"""Z3's resource count is a word of 32 bits: here only time ends a query."""


def find(label: str) -> tuple[p.Scenario, p.Check]:
    """The check of the model that is called so."""
    program = load(MODEL, (ROOT / "spec",))
    if isinstance(program, Diagnostic):
        raise ValueError(program.message)
    return next((s, check) for s in program.scenarios for check in s.checks if check.label == label)


def for_every_length(scenario: p.Scenario, check: p.Check) -> str:
    """The verdict of the prover."""
    (result,) = decide(scenario, (check,), replay, Limits())
    return result.verdict.value


def for_one_length(scenario: p.Scenario, check: p.Check, regions: int) -> str:
    """What the solver says of a map of so many regions that breaks the check."""
    unrolled = Unrolled(inputs(scenario, check.assumptions), Shape(regions))
    solver = Solver(Effort(NO_LIMIT, NO_LIMIT), unrolled.constraints)
    solver.add(unrolled.broken(check.goal))
    return solver.check().value


def main() -> None:
    """Answer the question on the command line."""
    scenario, check = find(sys.argv[1])
    began = time.process_time()
    if len(sys.argv) > 2:
        answer = for_one_length(scenario, check, int(sys.argv[2]))
    else:
        answer = for_every_length(scenario, check)
    sys.stdout.write(json.dumps({"answer": answer, "seconds": time.process_time() - began}) + "\n")


if __name__ == "__main__":
    main()
