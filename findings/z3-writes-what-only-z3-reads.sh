#!/usr/bin/env bash
# Z3's to_smt2() writes operators of its own for ordinary questions, and other solvers refuse the text.
#
# Guess: BVMulNoOverflow is written with SMT-LIB 2.7's bvumulo, a rotation by a constant as (_ rotate_left 3), i**2 as
#   i*i: all of it is standard, so any solver reads it.
# Behaviour: each is written with a name of Z3's own. Other operations are expanded into standard ones without being
#   asked (BVAddNoOverflow, Abs, BV2Int of a signed value), so one cannot guess which are safe.
# Seen (z3-solver 5.4.1.0, cvc5 1.4.2, bitwuzla 0.10.0; 2026-11-27):
#   BVMulNoOverflow(a, b, False)    bvumul_noovfl     refused by cvc5 and bitwuzla
#   RotateLeft(a, 3)                ext_rotate_left   refused by cvc5 and bitwuzla
#   simplify(UDiv(a, 12))           bvudiv_i          refused by cvc5 and bitwuzla
#   i**2                            **                refused by cvc5
#   BVAddNoOverflow, Abs, BVRedOr                     read by cvc5
# What it means: a second opinion by text needs terms built from what SMT-LIB has. Write the overflow of a product in a
#   wider vector, rotate by extract and concat, multiply out, and write before anything is simplified.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 cvc5==1.4.2 bitwuzla==0.10.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import bitwuzla
import cvc5
import z3


def by_cvc5(text):
    terms = cvc5.TermManager()
    solver, symbols = cvc5.Solver(terms), cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "text")
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, symbols)
    return said.strip()


def by_bitwuzla(text):
    terms = bitwuzla.TermManager()
    parser = bitwuzla.Parser(terms, bitwuzla.Options())
    parser.parse(text, parse_only=True, parse_file=False)
    return "read"


def answer(reader, text):
    try:
        return reader(text)
    except Exception as refusal:
        return "refused: " + " ".join(str(refusal).split())


print("z3", z3.get_full_version(), "bitwuzla", bitwuzla.version())
a, b, i = z3.BitVec("a", 8), z3.BitVec("b", 8), z3.Int("i")
private = [z3.BVMulNoOverflow(a, b, False), z3.RotateLeft(a, 3) == b, z3.simplify(z3.UDiv(a, 12)) == 3, i**2 == 4]
standard = [z3.BVAddNoOverflow(a, b, False), z3.Abs(i) == 2, z3.BVRedOr(a) == 1]
for terms, refused in ((private, True), (standard, False)):
    for term in terms:
        solver = z3.Solver()
        solver.add(term)
        text = "(set-logic ALL)\n" + solver.to_smt2()
        answers = [answer(by_cvc5, text)] + ([answer(by_bitwuzla, text)] if "Int" not in text else [])
        print(" ".join(term.sexpr().split()), "|", " | ".join(answers))
        if any(each.startswith("refused") != refused for each in answers):
            sys.exit("CHANGED: this one is written or read otherwise now")
print("as described")
PY
