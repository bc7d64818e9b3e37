#!/usr/bin/env bash
# pycparser: the type of a constant is told by its suffix alone: 0x80000000 and 0x100000000 are "int".
#
# Guess: Constant.type is the type that C gives: unsigned int for 0x80000000, long for 0x100000000, unsigned long for
#   0xffffffffffffffff, int for 'a'.
# Behaviour: a number without a suffix is "int" whatever its value, and a character is "char", which it is in C++ only.
# Seen (pycparser 3.12; 2026-12-01):
#   0x80000000, 2147483648, 0x100000000, 0xffffffffffffffff    int
#   0x80000000U    unsigned int          4096UL    unsigned long int
#   'a'            char                  1.5       double
# What it means: an evaluator that believes the node says -1 < 0x80000000 is true, where C says false, and wraps
#   0x100000000 to 0. Work the type out from the value, the base and the suffix (C11, 6.4.4.1).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pycparser==3.12
"$work/venv/bin/python" - <<'PY'
"""Print the type that the parser gives to constants."""

import sys

import pycparser
from pycparser import c_parser

print("pycparser", pycparser.__version__)
EXPECTED = {
    "0x80000000": "int",
    "2147483648": "int",
    "0x100000000": "int",
    "0xffffffffffffffff": "int",
    "0x80000000U": "unsigned int",
    "4096UL": "unsigned long int",
    "'a'": "char",
    "1.5": "double",
}
seen = {text: c_parser.CParser().parse(f"double x = {text};").ext[0].init.type for text in EXPECTED}
for text, kind in seen.items():
    print(f"{text:20} {kind}")
if seen != EXPECTED:
    sys.exit("CHANGED: constants have other types now")
print("as described: by the suffix alone")
PY
