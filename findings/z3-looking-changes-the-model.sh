#!/usr/bin/env bash
# Z3: model.eval(x, model_completion=True) writes the completed value into the model.
#
# Guess: eval() only looks. A constant that does not matter stays absent: model[y] is None, and len(model) is the same.
# Behaviour: completion makes the model's value for good. From then on model[y] is a number, the printed model lists it,
#   and it cannot be told from a value that the solver needed.
# Seen (z3-solver 5.4.1.0, 2026-11-27), for x > 0 alone:
#   before   [x = 1]          model[y] is None
#   after    [x = 1, y = 0]   model[y] is 0
# What it means: a report that prints only what matters in a counterexample must take the list of constants before
#   anything is evaluated with completion; and what a failing check prints depends on what was evaluated before it.
#   copy.copy() of the model keeps the original as it was: seen below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
import copy
import sys

import z3

print("z3", z3.get_full_version())
x, y = z3.Ints("x y")
solver = z3.Solver()
solver.add(x > 0)
solver.check()
model = solver.model()
before, absent = str(model), model[y] is None
apart = copy.copy(model)
apart.eval(y, model_completion=True)
untouched = str(model) == before
model.eval(y)
still = str(model) == before
model.eval(y + 1, model_completion=True)
print("before:", before, "| after looking at y + 1:", model, "| model[y]:", model[y])
print("without completion, and of a copy, nothing changed:", still and untouched)
if not (absent and still and untouched and model[y] is not None and len(model) == 2):
    sys.exit("CHANGED: looking with completion leaves the model alone now, or a copy no longer protects it")
print("as described: to look is to change")
PY
