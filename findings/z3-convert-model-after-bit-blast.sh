#!/usr/bin/env bash
# Z3: Goal.convert_model() turns a solver's model of a bit-blasted goal into a model that is false.
#
# Guess: solve what the tactic 'bit-blast' made of a goal, hand the solver's model to convert_model() as the tutorial on
#   tactics does, and get a model of the original goal.
# Behaviour: the bits are constants made by the tactic, and a solver leaves these out of its model (a FreshBool of one's
#   own is kept). The model that is converted is empty, every bit counts as false, and every bit-vector is 0. No error.
# Seen (z3-solver 5.4.1.0; the same with 4.15.4; 2026-11-27):
#   goal                                 x*y == 6, x != 1, x < y   (8 bits)
#   the solver's model of the bits       []
#   convert_model() of it                x = 0, y = 0
#   model.eval(bit) of the solver's model does not know the bits either
# What helps, shown below: assert `name == bit` with a named constant for each bit, and copy the values into a model by
#   ModelRef.update_value(). Bool("k!0") of the same name will not do: it is another constant.
# What it means: evaluate the original goal in every model that was converted back before it is shown as a
#   counterexample. Tactic.solver() converts its models rightly.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
import sys

import z3
from z3.z3util import get_vars

print("z3", z3.get_full_version())
x, y = z3.BitVecs("x y", 8)
wanted = z3.And(x * y == 6, x != 1, z3.ULT(x, y))
goal = z3.Goal()
goal.add(wanted)
bits = z3.Then("simplify", "bit-blast")(goal)[0]
solver = z3.Solver()
solver.add(*bits)
verdict, found = solver.check(), solver.model()
print("the bits:", verdict, "with the model", found)
converted = bits.convert_model(found)
right = z3.is_true(converted.eval(wanted, model_completion=True))
print("converted:", converted, "- is it a model of the goal?", right)

fresh = {each.get_id(): each for part in bits for each in get_vars(part)}.values()
some = next(iter(fresh))
print("the constant", some, "equals Bool of the same name:", some.eq(z3.Bool(str(some))))
named = [(bit, z3.Bool(f"named{number}")) for number, bit in enumerate(fresh)]
solver.add([name == bit for bit, name in named])
solver.check()
known, filled = solver.model(), z3.Model()
for bit, name in named:
    filled.update_value(bit, known.eval(name, model_completion=True))
mended = bits.convert_model(filled)
mended_right = z3.is_true(mended.eval(wanted, model_completion=True))
print("converted from a model with the bits filled in:", mended, "- is it a model of the goal?", mended_right)
if not (verdict == z3.sat and len(found) == 0 and not right and mended_right):
    sys.exit("CHANGED: the solver's model has the bits now, or is converted otherwise")
print("as described: the converted model is false")
PY
