#!/usr/bin/env bash
# pySMT: its SMT-LIB reader has no integer `mod` and `div`, no chains, and no name of a named assertion.
#
# Guess: a library around solvers reads what they write, at least QF_LIA and QF_BV.
# Behaviour: (mod x 4) and (div x 4) are unknown functions; (< 0 x 5), (=> a b a), (= a b c), (xor a b c) and
#   (bvxor x x x) fail with a TypeError from inside; (- x 1 2) with a bare AssertionError; (! f :named n) followed by a
#   use of n with an AttributeError. (distinct ...), (bvadd x x x) and let are fine. None of the errors names a line.
# Seen (pysmt 0.9.6, 2026-11-27):
#   (= (mod x 4) 0)    NotImplementedError: Unknown function 'mod'
#   (< 0 x 5)          TypeError: FormulaManager.LT() takes 3 positional arguments but 4 were given
#   (- x 1 2)          AssertionError
# Z3 5.4.1.0 reads all of them.
# What it means: pySMT cannot be the neutral reader of proof files over page numbers with `mod`, and so neither can what
#   builds on it (pyvmt). Where it must be, write binary operators only, and q, r with x = 4q + r instead of mod.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pysmt==0.9.6 z3-solver==5.4.1.0
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from io import StringIO

import z3
from pysmt.shortcuts import reset_env
from pysmt.smtlib.parser import SmtLibParser

print("pysmt", version("pysmt"), "z3", z3.get_full_version())
INT, BOOL, BV = "(declare-const x Int)", "".join(f"(declare-const {n} Bool)" for n in "abc"), "(_ BitVec 4)"
REFUSED = {
    INT + "(assert (= (mod x 4) 0))": NotImplementedError,
    INT + "(assert (= (div x 4) 0))": NotImplementedError,
    INT + "(assert (< 0 x 5))": TypeError,
    INT + "(assert (= (- x 1 2) 0))": AssertionError,
    BOOL + "(assert (=> a b a))": TypeError,
    BOOL + "(assert (= a b c))": TypeError,
    BOOL + "(assert (xor a b c))": TypeError,
    BOOL + "(assert (! a :named n))(assert (not n))": AttributeError,
    f"(declare-const x {BV})(assert (= (bvxor x x x) x))": TypeError,
}
READ = (
    f"(declare-const x {BV})(assert (= (bvadd x x x) #x0))",
    INT + "(assert (distinct x 1 2))",
    INT + "(assert (let ((y x)) (= y 3)))",
)


def read(text):
    reset_env()
    try:
        SmtLibParser().get_script(StringIO(text)).get_last_formula()
    except Exception as error:
        return error
    return None


for text, kind in [*REFUSED.items(), *((text, None) for text in READ)]:
    z3.Solver().from_string(text)
    error = read(text)
    print(text[text.index("(assert") :], "->", "read" if error is None else f"{type(error).__name__}: {error}")
    if type(error) is not (kind or type(None)):
        sys.exit("CHANGED: this is read otherwise now")
print("as described: Z3 read every one")
PY
