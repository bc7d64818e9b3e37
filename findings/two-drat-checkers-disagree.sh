#!/usr/bin/env bash
# drup and dratify: two checkers of DRAT proofs give the other verdict on valid proofs, in both directions.
#
# Guess: both accept a proof that uses deletions before a RAT step, comments, and a formula that holds the empty clause;
#   both refuse, or both accept, a proof that stops before the empty clause where units conflict.
# Behaviour: drup, whose core is verified, skips deletions, so a clause that is RAT only after one is refused, and a proof
#   that deletes what it needs later is accepted; it refuses comments and a formula with an empty clause. dratify wants
#   the empty clause to be written.
# Seen (drup 1.2.1, dratify 0.1.10; 2026-12-01):
#                                             drup      dratify
#   RAT after the deletion of its obstacle    INVALID   verified
#   a clause is deleted, then needed          VALID     rejected
#   the last lemma conflicts, no "0" after    VALID     rejected
#   a comment line in the proof               INVALID   verified
#   the formula holds the empty clause        INVALID   verified
#   plain proof                               VALID     verified
# What it means: "checked by a verified checker" needs the question which proofs it was verified for. Write proofs that
#   every checker takes: no comments, the empty clause at the end, no RAT step that rests on a deletion; then deletions
#   can be left out altogether.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check drup==1.2.1 dratify==0.1.10
"$work/venv/bin/python" - <<'PY'
"""Give the same formulas and proofs to both checkers."""

import sys
from importlib.metadata import version

import dratify
import drup

print(*(f"{name} {version(name)}" for name in ("drup", "dratify")))
SQUARE = "1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n"
CASES = {
    "plain proof": ("p cnf 2 4\n" + SQUARE, "2 0\n0\n", "VALID", True),
    "RAT after a deletion": ("p cnf 4 5\n" + SQUARE + "-3 4 0\n", "d -3 4 0\n3 0\n2 0\n0\n", "INVALID", True),
    "deleted, then needed": ("p cnf 2 4\n" + SQUARE, "d 1 2 0\n2 0\n0\n", "VALID", False),
    "no empty clause": ("p cnf 2 4\n" + SQUARE, "2 0\n", "VALID", False),
    "comment": ("p cnf 2 4\n" + SQUARE, "c a comment\n2 0\n0\n", "INVALID", True),
    "empty clause in the formula": ("p cnf 1 1\n0\n", "", "INVALID", True),
}
changed = False
for what, (formula, proof, one, two) in CASES.items():
    first = drup.check_proof_from_strings(formula, proof).outcome.name
    second = dratify.check_proof(dratify.parse_dimacs(formula), dratify.parse_proof(proof))
    accepted = "VERIFIED" in repr(second)
    print(f"{what:28} drup {first:8} dratify {'verified' if accepted else 'rejected'}")
    changed |= (first, accepted) != (one, two)
if changed:
    sys.exit("CHANGED: other verdicts than described")
print("as described")
PY
