#!/usr/bin/env bash
# cvc5: TermManager.mkInteger() takes no Python integer of 2**31 or more, though cvc5's integers have no bound.
#
# Guess: mkInteger(n) takes any Python int, as mkBitVector(64, n) does, and Z3's IntVal(n).
# Behaviour: from 2**31 on it raises OverflowError, as if a C int had to hold it. Every address above 2 GiB lies there,
#   and so does a size of 2 GiB in bytes. The decimal digits as a string work at any size; "0x..." does not.
# Seen (cvc5 1.4.2, 2026-11-27):
#   mkInteger(2**31 - 1)                        2147483647
#   mkInteger(2**31)                            OverflowError: value too large to convert to int
#   mkInteger(0xfffffffeffffffff)               OverflowError: Python int too large to convert to C long
#   mkInteger(str(0xfffffffeffffffff))          18446744069414584319
#   mkInteger("0xfffffffeffffffff")             RuntimeError
#   mkBitVector(64, 0xfffffffeffffffff)         works
# What it means: a model of addresses as unbounded integers passes its tests with small numbers and raises on the first
#   real one. Always write mkInteger(str(n)).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check cvc5==1.4.2
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import cvc5

print("cvc5", version("cvc5"))
terms, address = cvc5.TermManager(), 0xFFFFFFFEFFFFFFFF
calls = {
    "mkInteger(2**31 - 1)": lambda: terms.mkInteger(2**31 - 1),
    "mkInteger(2**31)": lambda: terms.mkInteger(2**31),
    "mkInteger(-2**31 - 1)": lambda: terms.mkInteger(-(2**31) - 1),
    "mkInteger(address)": lambda: terms.mkInteger(address),
    "mkInteger(str(address))": lambda: terms.mkInteger(str(address)),
    "mkInteger(hex(address))": lambda: terms.mkInteger(hex(address)),
    "mkBitVector(64, address)": lambda: terms.mkBitVector(64, address),
}
seen = []
for name, call in calls.items():
    try:
        seen.append(str(call().toPythonObj()))
        print(name, "->", seen[-1])
    except Exception as error:
        seen.append(type(error).__name__)
        print(name, "->", seen[-1], error)
big = ["OverflowError"] * 3
if seen != [str(2**31 - 1), *big, str(address), "RuntimeError", str(address)]:
    sys.exit("CHANGED: mkInteger() takes other numbers now")
print("as described")
PY
