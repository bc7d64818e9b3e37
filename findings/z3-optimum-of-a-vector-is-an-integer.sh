#!/usr/bin/env bash
# Z3: the optimum of a bit-vector is an Int, which cannot be compared with the bit-vector it is the optimum of.
#
# Guess: Optimize.maximize(x) of a 64-bit vector has a value of x's sort, so `x != goal.value()` excludes it.
# Behaviour: value(), lower() and upper() are integers without sign. Put beside x they raise "sort mismatch", where the
#   Python number of the same value is taken. The model has the vector. There is no signed optimum: the least of the
#   negative values is 2**63, and BV2Int(x, is_signed=True) has to be asked for.
# Seen (z3-solver 5.4.1.0; 2026-12-01):
#   maximize(x), x 64 bits, 4096 divides x     value 18446744073709547520 of sort Int
#   x != value                                 Z3Exception: sort mismatch
#   x != value.as_long()                       taken
#   minimize(x) with x < 0                     9223372036854775808
#   minimize(BV2Int(x, True)) with x < 0       -9223372036854775808
# What it means: the way from an optimum to the next question (the highest hole, then the one below) leads through
#   as_long() or the model; and "lowest address" of a signed comparison is another address.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
"""Ask for optima of bit-vectors and use them."""

import sys

import z3

print("z3", z3.get_full_version())
x = z3.BitVec("x", 64)


def best(goal: z3.ExprRef, constraint: z3.BoolRef, most: bool) -> z3.ExprRef:
    optimizer = z3.Optimize()
    optimizer.add(constraint)
    asked = (optimizer.maximize if most else optimizer.minimize)(goal)
    assert optimizer.check() == z3.sat
    return asked.value()


high = best(x, z3.URem(x, 4096) == 0, True)
least, signed = best(x, x < 0, False), best(z3.BV2Int(x, is_signed=True), x < 0, False)
print(high, high.sort(), least, least.sort(), signed)
refused = []
for use in (lambda: x != high, lambda: z3.ULT(x, high), lambda: z3.If(x == 0, x, high)):
    try:
        print("taken:", use())
    except z3.Z3Exception as error:
        refused.append(str(error))
print(refused)
print(x != high.as_long())
values = [each.as_long() for each in (high, least, signed)]
if (
    values != [2**64 - 4096, 2**63, -(2**63)]
    or not all(z3.is_int(each) for each in (high, least))
    or refused != ["sort mismatch"] * 3
):
    sys.exit("CHANGED: another sort or value")
print("as described: an Int")
PY
