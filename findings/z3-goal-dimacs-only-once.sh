#!/usr/bin/env bash
# Z3: the first Goal.dimacs() of a context is well formed; the second has literals beyond its own header, and no names.
#
# Guess: Goal.dimacs() numbers the variables of that goal from 1, however often it is called.
# Behaviour: numbers go on from the goals written before in the same context, while the header counts the variables of
#   this goal only. The comments that name the variables are gone as well. This also happens if the first goal is no
#   longer there.
# Seen (z3-solver 5.4.1.0; the same with 4.15.4; 2026-11-27), one question bit-blasted three times in one process:
#   first   p cnf 33 116   highest literal 33   33 names
#   second  p cnf 33 116   highest literal 65    0 names
#   third   p cnf 33 116   highest literal 98    0 names
#   the second, fed to CaDiCaL 1.5.3: "literal -37 exceeds maximum variable 33"; to Yices: a format error; Z3 takes it
# What it means: whoever writes one CNF for each proof obligation gets one good file, then files that strict solvers
#   refuse and from which no model can be read back. Use a context of its own for each goal: seen to help, and checked
#   below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
import sys

import z3

print("z3", z3.get_full_version())


def written(context):
    x, y = z3.BitVec("x", 4, context), z3.BitVec("y", 4, context)
    goal = z3.Goal(ctx=context)
    goal.add(x * y == 6, x != 1, z3.ULT(x, y))
    steps = [z3.Tactic(name, context) for name in ("simplify", "bit-blast", "tseitin-cnf")]
    lines = z3.Then(*steps, ctx=context)(goal)[0].dimacs().splitlines()
    names = sum(line.startswith("c") for line in lines)
    literals = (abs(int(word)) for line in lines[1:] if not line.startswith("c") for word in line.split())
    return int(lines[0].split()[2]), max(literals), names


shared = z3.Context()
together = [written(shared) for _ in range(3)]
apart = [written(z3.Context()) for _ in range(3)]
for title, results in (("one context", together), ("a context each", apart)):
    for header, highest, names in results:
        print(f"{title}: the header says {header} variables, the highest literal is {highest}, {names} are named")
first, *later = together
sound = all(header == highest == names for header, highest, names in [first, *apart])
if not (sound and all(highest > header and names == 0 for header, highest, names in later)):
    sys.exit("CHANGED: a second Goal.dimacs() in one context is numbered otherwise than described")
print("as described: only the first goal of a context is written well")
PY
