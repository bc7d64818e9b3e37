#!/usr/bin/env bash
# hwtypes: signed division rounds down in its Python vectors and towards zero in its Z3 vectors; bvsrem is bvsmod.
#
# Guess: the semantics of SMT-LIB, as its description says, in each of its back ends: -7 bvsdiv 2 is -3, -7 bvsrem 4
#   is -3, -7 bvsdiv 0 is 1, and the first operand of concat is the upper half.
# Behaviour: the vectors in Python divide as Python does (-4; -1 for a zero divisor), those over Z3 as SMT-LIB does;
#   bvsrem is what SMT-LIB calls bvsmod in both; and the first operand of concat is the lower half in both.
# Seen (hwtypes 1.4.7 with z3-solver 5.4.1.0; 2026-12-01), 8 bits:
#                   BitVector   z3BitVector   SMT-LIB
#   -7 bvsdiv 2     -4          -3            -3
#   7 bvsdiv -2     -4          -3            -3
#   -7 bvsdiv 0     -1          1             1
#   -7 bvsrem 4     1           1             -3
#   7 bvsrem -2     -1          -1            1
#   1 concat 2      0x0201      0x0201        0x0102
# What it means: a counterexample that Z3 finds is not one when it is run in Python, and the other way round. Only
#   unsigned operations are one and the same here; and what is named after a standard needs a test against it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check hwtypes==1.4.7 z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
"""Run the same operations in both back ends, and in Z3 itself."""

import sys
from importlib.metadata import version

import hwtypes
import z3

print(*(f"{name} {version(name)}" for name in ("hwtypes", "z3-solver")))
Own, Solver = hwtypes.BitVector[8], hwtypes.z3BitVector[8]
STANDARD = {"bvsdiv": lambda x, y: x / y, "bvsrem": z3.SRem, "bvudiv": z3.UDiv, "bvurem": z3.URem}


def signed(number: int) -> int:
    return number - 256 if number > 127 else number


seen = {}
for x, operation, y in (
    (-7, "bvsdiv", 2),
    (7, "bvsdiv", -2),
    (-7, "bvsdiv", 0),
    (-7, "bvsrem", 4),
    (7, "bvsrem", -2),
    (-7, "bvudiv", 2),
    (-7, "bvurem", 4),
):
    own = signed(int(getattr(Own(x & 255), operation)(Own(y & 255))))
    over = z3.simplify(getattr(Solver(x & 255), operation)(Solver(y & 255)).value).as_signed_long()
    right = z3.simplify(STANDARD[operation](z3.BitVecVal(x, 8), z3.BitVecVal(y, 8))).as_signed_long()
    seen[f"{x} {operation} {y}"] = own, over, right
joined = int(Own(1).concat(Own(2))), z3.simplify(Solver(1).concat(Solver(2)).value).as_long()
seen["1 concat 2"] = *joined, z3.simplify(z3.Concat(z3.BitVecVal(1, 8), z3.BitVecVal(2, 8))).as_long()
for what, values in seen.items():
    print(f"{what:14}", *(f"{value:8}" for value in values))
if list(seen.values()) != [
    (-4, -3, -3),
    (-4, -3, -3),
    (-1, 1, 1),
    (1, 1, -3),
    (-1, -1, 1),
    (124, 124, 124),
    (1, 1, 1),
    (0x201, 0x201, 0x102),
]:
    sys.exit("CHANGED: other values than described")
print("as described: two divisions in one library")
PY
