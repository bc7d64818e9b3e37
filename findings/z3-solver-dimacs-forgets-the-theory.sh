#!/usr/bin/env bash
# Z3: Solver.dimacs() prints a satisfiable CNF for an unsatisfiable question over bit-vectors.
#
# Guess: Solver.dimacs() either bit-blasts (the CNF is satisfiable exactly when the question is), or it refuses what is
#   not propositional.
# Behaviour: neither. Every atom of a theory becomes one free variable, and nothing in the text says so but the
#   comments.
# Seen (z3-solver 5.4.1.0, python-sat 1.9.dev24; 2026-11-27):
#   the question                    unsat
#   its CNF                         p cnf 2 2, 1 0, 2 0, c 1 bvult, c 2 bvult
#   CaDiCaL 1.9.5 on that CNF       True
# Goal.dimacs() has the same trap, and it too says nothing: it numbers atoms of theories if asked before bit-blasting.
# What it means: a proof that goes to an independent SAT solver must be bit-blasted by a tactic of one's own choice
#   first ('bit-blast', 'tseitin-cnf'), and the exporter should refuse a CNF whose comments name an operator. The other
#   direction is safe: if the abstraction is unsatisfiable, so is the question.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 python-sat==1.9.dev24
"$work/venv/bin/python" - <<'PY'
import sys

import z3
from pysat.formula import CNF
from pysat.solvers import Cadical195

print("z3", z3.get_full_version())
x, y = z3.BitVecs("x y", 8)
less, more = z3.ULT(x, y), z3.ULT(y, x)
solver = z3.Solver()
solver.add(less, more)
verdict = solver.check()
print("the question:", verdict)


def decided(name, text):
    print(f"{name}:", ", ".join(text.splitlines()[:5]))
    clauses = "\n".join(line for line in text.splitlines() if not line.startswith("c"))
    with Cadical195(bootstrap_with=CNF(from_string=clauses)) as sat:
        found = sat.solve()
    print("CaDiCaL says", found)
    return found


goal = z3.Goal()
goal.add(less, more)
plain = [decided("Solver.dimacs()", solver.dimacs()), decided("Goal.dimacs()", goal.dimacs())]
blasted = decided("Goal.dimacs() after bit-blasting", z3.Then("bit-blast", "tseitin-cnf")(goal)[0].dimacs())
if not (verdict == z3.unsat and plain == [True, True] and blasted is False):
    sys.exit("CHANGED: the CNF is now as satisfiable as the question, or it is refused")
print("as described: unsat became satisfiable, without a word")
PY
