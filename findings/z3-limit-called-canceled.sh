#!/usr/bin/env bash
# Z3: a spent rlimit is reported now as "max. resource limit exceeded", now as "canceled".
#
# Guess: when check() gives up because `rlimit` is spent, reason_unknown() is "max. resource limit exceeded".
# Behaviour: it depends on the engine that was at work at that moment, so one and the same question has both reasons,
#   for two limits. Nonlinear integers and SimpleSolver said "canceled" each time. Nobody had cancelled anything, and no
#   time limit was set.
# Seen (z3-solver 5.4.1.0, 2026-11-27):
#   bit-vectors, Solver,       rlimit  100000   max. resource limit exceeded
#   bit-vectors, Solver,       rlimit 1000000   canceled
#   bit-vectors, SimpleSolver, rlimit  100000   canceled
#   integers,    Solver,       rlimit  100000   canceled
# What it means: a checker cannot tell "the budget is spent" from "somebody pressed Ctrl-C" by the reason. Compare
#   `rlimit count` of the statistics before and after with the allowance, as below, or know from one's own code whether
#   interrupt() was called. A retry rule that waits for the longer sentence will not fire.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
import sys

import z3

print("z3", z3.get_full_version())


def vectors(context):
    a, b = z3.BitVec("a", 64, context), z3.BitVec("b", 64, context)
    both = [bound for each in (a, b) for bound in (z3.UGT(each, 1), z3.ULT(each, 2**33))]
    return [a * b == 12345678901234567, *both]


def integers(context):
    x, y, z = (z3.Int(name, context) for name in "xyz")
    return [x * x * x + y * y * y + z * z * z == 33, x > 100]


def spent(solver):
    return next((value for key, value in solver.statistics() if key == "rlimit count"), 0)


reasons = {}
for question in (vectors, integers):
    for make in (z3.Solver, z3.SimpleSolver):
        for limit in (100_000, 1_000_000):
            context = z3.Context()
            solver = make(ctx=context)
            solver.set("rlimit", limit)
            solver.add(question(context))
            answer = solver.check()
            reasons[question, make, limit] = solver.reason_unknown()
            print(question.__name__, make.__name__, limit, answer, solver.reason_unknown(), "spent", spent(solver))
            if answer != z3.unknown:
                sys.exit("CHANGED: the question is decided within the limit now: choose another")
said = [reasons[vectors, z3.Solver, limit] for limit in (100_000, 1_000_000)]
if said != ["max. resource limit exceeded", "canceled"] or reasons[integers, z3.Solver, 100_000] != "canceled":
    sys.exit("CHANGED: other reasons than described")
print("as described: two names for one thing")
PY
