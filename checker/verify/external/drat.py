"""Proofs of a SAT solver, and their check by a program that shares nothing with it: CaDiCaL, through python-sat, and
dratify. Neither knows anything of what the clauses mean."""

from __future__ import annotations

from importlib.metadata import version

from checker.base.diagnostic import Diagnostic
from checker.base.extras import missing
from checker.verify.external.circuits import Circuit

EXTRA = "drat"

_SOLVER = "cadical153"
_CONTRADICTION = "0"
"""The last step of a proof: the clause without literals."""


def lacks() -> Diagnostic | None:
    """Return the complaint that one of the two is not installed."""
    return missing("what makes and checks proofs in clauses", EXTRA, "pysat", "dratify")


def versions() -> str:
    """Return the names and versions of the solver and of what checks its proofs."""
    return f"{_SOLVER} of python-sat {version('python-sat')}, dratify {version('dratify')}"


def prove(circuit: Circuit) -> str | None:
    """Return a proof that some clauses contradict each other, a step to a line; None if they do not."""
    from pysat.solvers import Solver

    with Solver(name=_SOLVER, bootstrap_with=circuit.clauses, with_proof=True) as solver:
        if solver.solve():
            return None
        steps = [str(step) for step in solver.get_proof() or ()]
    # Where the clauses contradict each other at once the solver says nothing; the step is to be checked like any.
    if not steps or steps[-1].strip() != _CONTRADICTION:
        steps.append(_CONTRADICTION)
    return "".join(f"{step}\n" for step in steps)


def objection(formula: str, proof: str) -> str | None:
    """Return what the checker has to object to a proof that a formula in DIMACS contradicts itself; None if nothing. A
    proof without steps is none, and of a formula that holds the empty clause nothing is left to prove."""
    from dratify import check_proof, parse_dimacs

    if not proof.strip():
        return "the proof is empty"
    if any(line.split() == [_CONTRADICTION] for line in formula.splitlines()):
        return "the formula holds the empty clause: there is nothing to prove"
    try:
        result = check_proof(parse_dimacs(formula), proof, engine="python")
    except (ValueError, IndexError, KeyError) as error:
        return f"it cannot be read: {error}"
    return None if result.ok else str(result.reason)
