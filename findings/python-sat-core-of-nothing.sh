#!/usr/bin/env bash
# python-sat: get_core() is None, not [], when the clauses alone are unsatisfiable.
#
# Guess: after an unsatisfiable solve(assumptions=...) get_core() is a list: the assumptions that are to blame, empty if
#   none is. None is for "there was nothing unsatisfiable".
# Behaviour: it is None in both cases, in every solver that was tried. A loop over the core then raises TypeError, and a
#   test `core is None` takes a contradiction of the clauses for satisfiable.
# Seen (python-sat 1.9.dev24, 13 solvers; 2026-11-27):
#   clauses 1, -1, assumption 2    solve() False, get_core() None
#   clause 1, assumption 2         solve() True,  get_core() None
#   clause -2, assumption 2        solve() False, get_core() [2]
# What it means: look at get_status() first. In a loop that takes assumptions away by their cores, None after False says
#   that the assertions contradict each other, which for a checker is a vacuous proof, not an error of the solver.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check python-sat==1.9.dev24
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from pysat.solvers import Solver

print("python-sat", version("python-sat"))
SOLVERS = "cadical103 cadical153 cadical195 gluecard4 glucose3 glucose4 glucose42 lingeling maplechrono maplecm".split()
SOLVERS += ["maplesat", "minicard", "minisat22"]


def asked(name, clauses):
    with Solver(name=name, bootstrap_with=clauses) as solver:
        return solver.solve(assumptions=[2]), solver.get_core()


for name in SOLVERS:
    seen = [asked(name, clauses) for clauses in ([[1], [-1]], [[1]], [[-2]])]
    print(f"{name:12} {seen}")
    if seen != [(False, None), (True, None), (False, [2])]:
        sys.exit("CHANGED: the core of a contradiction is something else now")
print("as described")
PY
