#!/usr/bin/env bash
# dd: "a => b => c" is (a => b) => c, and "a ^ b | c" is a ^ (b | c).
#
# Guess: implication groups to the right, as in logic and in SMT-LIB, and exclusive or binds tighter than or, as in C
#   and Python.
# Behaviour: implication groups to the left, and exclusive or binds weaker than or. The first differs from SMT-LIB's in
#   two rows of the truth table, the second from C's in two.
# Seen (dd 0.6.0, z3-solver 5.4.1.0 for SMT-LIB; 2026-12-01), values for abc = 000 ... 111:
#   "a => b => c"       01011101    SMT-LIB (=> a b c)      11111101
#   "a ^ b | c"         01111000    (a ^ b) | c             01111101
#   "a => b <=> c"      as (a => b) <=> c
# What it means: a premise that is written as a chain of implications is another one here, with an antecedent that may
#   be false; so what is proved of a diagram was not asked. Write every bracket in a formula that goes to add_expr().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check dd==0.6.0 z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
"""Compare the truth tables of formulas without brackets with those of their readings."""

import itertools
import sys
from importlib.metadata import version

import z3
from dd import autoref

print(*(f"{name} {version(name)}" for name in ("dd", "z3-solver")))
ROWS = tuple(itertools.product((False, True), repeat=3))


def table(formula: str) -> str:
    diagrams = autoref.BDD()
    diagrams.declare("a", "b", "c")
    made = diagrams.add_expr(formula)
    return "".join(str(int(diagrams.let(dict(zip("abc", row, strict=True)), made) == diagrams.true)) for row in ROWS)


def standard(formula: str) -> str:
    names = {name: z3.Bool(name) for name in "abc"}
    (term,) = z3.parse_smt2_string(f"(assert {formula})", decls=names)
    values = [[(names[name], z3.BoolVal(value)) for name, value in zip("abc", row, strict=True)] for row in ROWS]
    return "".join(str(int(z3.is_true(z3.simplify(z3.substitute(term, *value))))) for value in values)


seen = {text: table(text) for text in (
    "a => b => c", "(a => b) => c", "a => (b => c)", "a ^ b | c", "a ^ (b | c)", "(a ^ b) | c", "a => b <=> c",
    "(a => b) <=> c",
)}
seen["SMT-LIB (=> a b c)"] = standard("(=> a b c)")
for text, values in seen.items():
    print(f"{text:20} {values}")
left, chain = seen["(a => b) => c"], seen["a => b => c"]
if (
    chain != left
    or chain == seen["SMT-LIB (=> a b c)"]
    or seen["SMT-LIB (=> a b c)"] != seen["a => (b => c)"]
    or seen["a ^ b | c"] != seen["a ^ (b | c)"]
    or seen["a ^ b | c"] == seen["(a ^ b) | c"]
    or seen["a => b <=> c"] != seen["(a => b) <=> c"]
):
    sys.exit("CHANGED: formulas are grouped otherwise now")
print("as described")
PY
