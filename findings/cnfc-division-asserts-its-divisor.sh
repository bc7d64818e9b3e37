#!/usr/bin/env bash
# cnfc: a quotient anywhere in a formula asserts that its divisor is not zero, also under an "or" and in a tautology.
#
# Guess: division by zero has some value, as in SMT-LIB, or is any; a formula that guards it ("y is 0, or x // y is 3") is
#   satisfiable with y = 0.
# Behaviour: what defines the quotient is asserted for the whole formula, so with y = 0 there is no model, whatever the
#   quotient is for: "q or not q" about it is unsatisfiable too. The remainder does the same.
# Seen (cnfc 2.1.0 and its own solver, z3-solver 5.4.1.0 for the same formula over bit-vectors; 2026-12-01):
#   with y = 0                             cnfc      Z3
#   nothing more                           sat       sat
#   y == 0 or x // y == 3                  unsat     sat
#   y > 0 implies x % y == 3               unsat     sat
#   x // y == 3, or not                    unsat     sat
#   with y = 1, y == 0 or x // y == 3      sat       sat
# What it means: "unsatisfiable" proves nothing of the maps in which a size or an alignment is zero: those were left out
#   without being named. Replace the divisor by one that is never zero (if y == 0 then 1 else y) before it divides.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check cnfc==2.1.0 z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
"""Ask both for a model of the same formulas over two numbers of five bits."""

import sys
from importlib.metadata import version

import cnfc
import z3

print(*(f"{name} {version(name)}" for name in ("cnfc", "z3-solver")))
BITS = 5


def by_cnfc(divisor, build) -> str:
    formula = cnfc.Formula()
    x, y = (cnfc.Integer(*(formula.AddVar(f"{name}{bit}") for bit in range(BITS))) for name in "xy")
    formula.Add(y == divisor)
    if build:
        formula.Add(build(cnfc, x, y, x // y, x % y))
    return "sat" if formula.Solve() else "unsat"


def by_z3(divisor, build) -> str:
    solver, (x, y) = z3.Solver(), z3.BitVecs("x y", BITS)
    solver.add(y == divisor)
    if build:
        solver.add(build(z3, x, y, x / y, x % y))
    return str(solver.check())


ROWS = {
    "nothing more": (0, None, "sat"),
    "y == 0 or x // y == 3": (0, lambda on, x, y, quotient, rest: on.Or(y == 0, quotient == 3), "unsat"),
    "y > 0 implies x % y == 3": (0, lambda on, x, y, quotient, rest: on.Implies(y > 0, rest == 3), "unsat"),
    "x // y == 3, or not": (
        0,
        lambda on, x, y, quotient, rest: on.Or(quotient == 3, on.Not(quotient == 3)),
        "unsat",
    ),
    "with y = 1, the second": (1, lambda on, x, y, quotient, rest: on.Or(y == 0, quotient == 3), "sat"),
}
changed = False
for what, (divisor, build, expected) in ROWS.items():
    seen = by_cnfc(divisor, build), by_z3(divisor, build)
    print(f"{what:28} cnfc {seen[0]:6} Z3 {seen[1]}")
    changed |= seen != (expected, "sat")
if changed:
    sys.exit("CHANGED: other answers than described")
print("as described")
PY
