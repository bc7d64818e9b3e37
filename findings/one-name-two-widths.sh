#!/usr/bin/env bash
# Interfaces to solvers: the same name asked for twice, with one width or two, is one variable, two, or an error.
#
# Guess: in what imitates z3 a name is one variable, and a second width for it is refused; in the native interfaces of
#   cvc5, Bitwuzla and Boolector each call makes a variable of its own.
# Behaviour: a second width is refused by none of the three like z3: x of 8 bits is 0 and x of 16 bits is 1 in one model.
#   The text that Z3 writes then declares x twice, and neither cvc5 nor Z3 itself reads it. Boolector, smt-switch and
#   pySMT refuse where cvc5 and Bitwuzla make a second variable of the same name.
# Seen (z3-solver 5.4.1.0, cvc5 1.4.2, bitwuzla 0.10.0, bitwuzla-pythonic 1.0.0, smt-switch 0.3.2,
#   PyBoolector 3.2.4.38488416565, pysmt 0.9.6; 2026-12-01), x = 0 and x = 1:
#                                       the same width     8 and 16 bits
#   z3, cvc5.pythonic, _pythonic        unsat              sat
#   cvc5, bitwuzla                      sat                sat
#   PyBoolector, smt-switch over z3     refused            refused
#   pySMT                               one object         refused
#   Z3's text of the second, read by Z3 or cvc5            refused, at the first use of x
# What it means: a typing mistake in a width cuts a constraint off from its variable, and the question gets weaker without
#   a word. Make each variable in one place, and let names carry the width or a number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 cvc5==1.4.2 bitwuzla==0.10.0 \
    bitwuzla-pythonic==1.0.0 smt-switch==0.3.2 PyBoolector==3.2.4.38488416565 pysmt==0.9.6
"$work/venv/bin/python" - <<'PY'
"""Ask each interface for two variables of one name, and whether one is 0 and the other 1."""

import os
import subprocess
import sys
import tempfile

import bitwuzla
import cvc5
import pyboolector
import smt_switch
import z3
from pysmt.shortcuts import Symbol
from pysmt.typing import BVType


def like_z3(module: str, widths: tuple[int, int]) -> str:
    interface = __import__(module, fromlist=["BitVec"])
    one, two = (interface.BitVec("x", width) for width in widths)
    solver = interface.Solver()
    solver.add(one == 0, two == 1)
    return str(solver.check())


def by_cvc5(widths: tuple[int, int]) -> str:
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setLogic("QF_BV")
    for value, width in enumerate(widths):
        made = terms.mkConst(terms.mkBitVectorSort(width), "x")
        solver.assertFormula(terms.mkTerm(cvc5.Kind.EQUAL, made, terms.mkBitVector(width, value)))
    return str(solver.checkSat())


def by_bitwuzla(widths: tuple[int, int]) -> str:
    terms = bitwuzla.TermManager()
    solver = bitwuzla.Bitwuzla(terms)
    for value, width in enumerate(widths):
        sort = terms.mk_bv_sort(width)
        made = [terms.mk_const(sort, "x"), terms.mk_bv_value(sort, value)]
        solver.assert_formula(terms.mk_term(bitwuzla.Kind.EQUAL, made))
    return solver.check_sat().name.lower()


def by_boolector(widths: tuple[int, int]) -> str:
    boolector = pyboolector.Boolector()
    for value, width in enumerate(widths):
        boolector.Assert(boolector.Var(boolector.BitVecSort(width), "x") == value)
    return "sat" if boolector.Sat() == boolector.SAT else "unsat"


def by_smt_switch(widths: tuple[int, int]) -> str:
    solver = smt_switch.create_z3_solver(False)
    for value, width in enumerate(widths):
        sort = solver.make_sort(smt_switch.sortkinds.BV, width)
        made = solver.make_symbol("x", sort)
        solver.assert_formula(solver.make_term(smt_switch.primops.Equal, made, solver.make_term(value, sort)))
    return str(solver.check_sat())


def by_pysmt(widths: tuple[int, int]) -> str:
    one, two = (Symbol("x", BVType(width)) for width in widths)
    return "one object" if one is two else "two"


sys.unraisablehook = lambda _: None  # PyBoolector's half-made node complains when it is freed
ASK = {
    "z3": lambda widths: like_z3("z3", widths),
    "cvc5.pythonic": lambda widths: like_z3("cvc5.pythonic", widths),
    "bitwuzla_pythonic": lambda widths: like_z3("bitwuzla_pythonic", widths),
    "cvc5": by_cvc5,
    "bitwuzla": by_bitwuzla,
    "PyBoolector": by_boolector,
    "smt-switch": by_smt_switch,
    "pySMT": by_pysmt,
}
EXPECTED = {
    **dict.fromkeys(("z3", "cvc5.pythonic", "bitwuzla_pythonic"), ("unsat", "sat")),
    **dict.fromkeys(("cvc5", "bitwuzla"), ("sat", "sat")),
    **dict.fromkeys(("PyBoolector", "smt-switch"), ("refused", "refused")),
    "pySMT": ("one object", "refused"),
}
seen = {}
for name, ask in ASK.items():
    answers = []
    for widths in ((8, 8), (8, 16)):
        try:
            answers.append(ask(widths))
        except Exception:
            answers.append("refused")
    seen[name] = tuple(answers)
    print(f"{name:20} {answers[0]:12} {answers[1]}")
solver = z3.Solver()
solver.add(z3.BitVec("x", 8) == 0, z3.BitVec("x", 16) == 1)
text = solver.to_smt2()
path = os.path.join(tempfile.mkdtemp(), "question.smt2")
with open(path, "w") as file:
    file.write(text)
READ = """
import sys, cvc5
parser = cvc5.InputParser(cvc5.Solver(cvc5.TermManager()))
parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.argv[1])
while not (command := parser.nextCommand()).isNull():
    command.invoke(parser.getSolver(), parser.getSymbolManager())
"""
read = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True)
print(text.count("declare-fun x"), "declarations of x; read by cvc5:", read.stderr.strip().splitlines()[-1:])
try:
    z3.Solver().from_string(text)
    own = "taken"
except z3.Z3Exception as error:
    own = "refused" if "ambiguous" in str(error) else str(error)
print("read by Z3:", own)
if own != "refused":
    sys.exit("CHANGED: Z3 reads its own text")
if seen != EXPECTED or text.count("declare-fun x") != 2 or read.returncode == 0:
    sys.exit("CHANGED: other answers than described")
print("as described")
PY
