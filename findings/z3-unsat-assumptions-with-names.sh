#!/usr/bin/env bash
# Z3: (get-unsat-assumptions) also lists named assertions, which were never assumed.
#
# Guess: it lists a subset of the literals of the last (check-sat-assuming ...), as the standard has it.
# Behaviour: Z3 lists what (get-unsat-core) lists: the literals and the names of named assertions, in one list. cvc5 and
#   bitwuzla keep the two apart.
# Seen (z3-solver 5.4.1.0, cvc5 1.4.2, bitwuzla 0.10.0; 2026-11-27), after (check-sat-assuming (a b c)):
#             get-unsat-assumptions   get-unsat-core
#   z3        (b a imp)               (b a imp)
#   cvc5      (a b)                   (imp)
#   bitwuzla  (a b)                   (imp)
# What it means: who turns that list into a learned clause (the negation of the failed assumptions) also negates an
#   assertion, and learns something weaker than was proved; in a loop that drops candidates by name, a name turns up
#   that was no candidate. Intersect the answer with what was assumed. For the Python API it is the same: unsat_core()
#   returns the labels of assert_and_track() and the assumptions together.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 cvc5==1.4.2 bitwuzla==0.10.0
cd "$work"
cat > core.smt2 <<'SMT'
(set-option :produce-unsat-assumptions true)
(set-option :produce-unsat-cores true)
(set-logic QF_BV)
(declare-const a Bool)
(declare-const b Bool)
(declare-const c Bool)
(assert (! (=> a (not b)) :named imp))
(check-sat-assuming (a b c))
(get-unsat-assumptions)
(get-unsat-core)
SMT
z3=$(venv/bin/z3 core.smt2 | tr '\n' ' ')
cvc5=$(venv/bin/python - <<'PY' | tr '\n' ' '
import cvc5

terms = cvc5.TermManager()
solver, symbols = cvc5.Solver(terms), cvc5.SymbolManager(terms)
parser = cvc5.InputParser(solver, symbols)
parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, "core.smt2")
while not (command := parser.nextCommand()).isNull():
    print(command.invoke(solver, symbols), end="")
PY
)
bitwuzla=$(venv/bin/python - <<'PY' | tr '\n' ' '
import bitwuzla

bitwuzla.Parser(bitwuzla.TermManager(), bitwuzla.Options()).parse("core.smt2")
PY
)
venv/bin/z3 --version
printf '%s\n' "z3: $z3" "cvc5: $cvc5" "bitwuzla: $bitwuzla"
changed() { echo "CHANGED: $1"; exit 1; }
[[ $z3 == "unsat ("*imp*") ("*imp*")"* ]] || changed "z3 lists assumptions only"
[[ $cvc5 == "unsat (a b) ( imp )"* && $bitwuzla == "unsat (a b) ( imp)"* ]] || changed "cvc5 or bitwuzla"
echo "as described: only Z3 mixes names into the assumptions"
