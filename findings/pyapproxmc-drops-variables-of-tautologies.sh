#!/usr/bin/env bash
# pyapproxmc: a variable that occurs only in a clause "p or not p" is not counted, even where the count is over it.
#
# Guess: a free variable doubles the number of models; (p or not p) and q has 2, and counted over p alone it has 2.
# Behaviour: such a clause is dropped with its variable; both counts are 1. Numbers below the highest are no variables
#   either, if no clause has them: the clause 5 has 1 model, not 16 as a DIMACS header with 5 variables would say. A
#   second count() of one Counter raises.
# Seen (pyapproxmc 4.4.0, pycosat 0.6.6 for comparison; 2026-12-01):
#   clauses                over         pyapproxmc    by enumeration
#   [1, -1] [2]            all          1             2
#   [1, -1] [2]            [1]          1             2
#   [2, -2] [1, 3]         all          3             6
#   [1, 2]                 [1]          2             2
#   count() again          -            ValueError
# What it means: what is written to keep a free bit in a formula (a bit of an address on which nothing depends) does not
#   keep it. Multiply by two for each bit of the question that no other clause has, or count with an added fresh
#   definition for it. The tool's own answer is "exact" here: it says 1 * 2**0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pyapproxmc==4.4.0 pycosat==0.6.6
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import pyapproxmc
import pycosat

print(*(f"{name} {version(name)}" for name in ("pyapproxmc", "pycosat")))
ROWS = (([[1, -1], [2]], None, 1), ([[1, -1], [2]], [1], 1), ([[2, -2], [1, 3]], None, 3), ([[1, 2]], [1], 2))
ENUMERATED = (2, 2, 6, 2)
changed = False
for (clauses, over, expected), right in zip(ROWS, ENUMERATED, strict=True):
    counter = pyapproxmc.Counter()
    counter.add_clauses(clauses)
    cells, hashes = counter.count(over) if over else counter.count()
    highest = max(abs(literal) for clause in clauses for literal in clause)
    kept = set(over or range(1, highest + 1))
    models = {tuple(each for each in model if abs(each) in kept) for model in pycosat.itersolve(clauses, vars=highest)}
    print(clauses, "over", over or "all", "| pyapproxmc", cells, "* 2 **", hashes, "| by enumeration", len(models))
    changed |= cells * 2**hashes != expected or len(models) != right
if changed:
    sys.exit("CHANGED: other counts than described")
counter = pyapproxmc.Counter()
counter.add_clause([5])
print("clause 5:", counter.count())
try:
    counter.count()
except ValueError as error:
    print("counted again:", error)
else:
    sys.exit("CHANGED: counts twice")
print("as described")
PY
