#!/usr/bin/env bash
# cvc5: the interpolant for "the low four bits are zero" is "its square is zero".
#
# Guess: an interpolant over bit-vectors is made of what both sides say: masks, extracts, comparisons. Whoever asks for
#   a hint at an invariant gets something like x & 15 = 0.
# Behaviour: cvc5 searches the grammar of all bit-vector operators for the shortest term that will do, so it answers
#   with whatever short multiplication happens to be true. It is a right interpolant (Z3 confirms it below), and of no
#   use to a reader; nor to a prover, for whom a product of two variables is the hardest thing there is.
# Seen (cvc5 1.4.2, z3-solver 5.4.1.0; 2026-11-27), 8 bits:
#   x = k << 4           implies   ((_ extract 3 0) x) = 0     interpolant  (= #b00000000 (bvmul x x))
#   x < k, k < y         implies   x < y                       interpolant  (bvult x y)
# And what cvc5 is asked for is B with A |= B, where bitwuzla wants A and B that contradict each other: the second
#   formula has to be negated between them.
# What it means: as a candidate for an invariant take only an interpolant without bvmul, or let cvc5 have the question
#   over integers. An alignment is better stated than searched for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check cvc5==1.4.2 z3-solver==5.4.1.0
timeout 60 "$work/venv/bin/python" - <<'PY'
import sys

import cvc5
import z3

DECLARED = "".join(f"(declare-const {name} (_ BitVec 8))" for name in "xyk")


def interpolant(premises, conclusion):
    terms = cvc5.TermManager()
    solver, symbols = cvc5.Solver(terms), cvc5.SymbolManager(terms)
    solver.setOption("produce-interpolants", "true")
    solver.setLogic("QF_BV")
    text = DECLARED + "".join(f"(assert {premise})" for premise in premises)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "premises")
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, conclusion, "conclusion")
    return str(solver.getInterpolant(parser.nextTerm()))


def refuted(*formulas):
    solver = z3.Solver()
    solver.from_string(DECLARED + "".join(f"(assert {each})" for each in formulas))
    return solver.check() == z3.unsat


print("cvc5", cvc5.Solver(cvc5.TermManager()).getVersion().decode(), "z3", z3.get_full_version())
found = []
for premises, conclusion in (
    (["(= x (bvshl k #x04))"], "(= ((_ extract 3 0) x) #x0)"),
    (["(bvult x k)", "(bvult k y)"], "(bvult x y)"),
):
    found.append(interpolant(premises, conclusion))
    right = refuted(*premises, f"(not {found[-1]})") and refuted(found[-1], f"(not {conclusion})")
    print(" ".join(premises), "|", conclusion, "->", found[-1], "- right:", right)
    if not right:
        sys.exit("CHANGED: not an interpolant")
if "(bvmul x x)" not in found[0] or found[1] != "(bvult x y)":
    sys.exit("CHANGED: another interpolant is found")
print("as described")
PY
