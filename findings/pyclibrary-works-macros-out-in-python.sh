#!/usr/bin/env bash
# PyCLibrary: macros of a C header are worked out by Python: 7/2 is 3.5, -7 % 4 is 1, ~0UL is -1, 010 is nothing.
#
# Guess: its parser of C headers gives macros the values that C gives: 3, -3, 2**64 - 1, 8.
# Behaviour: suffixes and casts are cut off and the rest is evaluated as Python; what is no Python expression is None.
#   An array's length can be 3.5; an enumerator with an octal value is None, and its whole enum has no entry.
# Seen (pyclibrary 0.3.0; 2026-12-01):
#   (7/2)  (-7/2)  (-7 % 4)  (~0UL)  010  (1 ? 2 : 3)      3.5  -3.5  1  -1  None  None
#   ((unsigned long)1 << 12)                               4096
#   struct { char k[7/2]; }                                k has 3.5 elements
# What it means: the constants of a page table or of a memory map, taken from kernel headers this way, are right as long
#   as nothing is divided, negative or octal. Refuse what is None or a float, and have the rest confirmed by a compiler.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pyclibrary==0.3.0
"$work/venv/bin/python" - <<'PY'
"""Parse one header and print the values of its macros."""

import os
import sys
import tempfile
from importlib.metadata import version

from pyclibrary import CParser

print("pyclibrary", version("pyclibrary"))
EXPECTED = {
    "(7/2)": 3.5,
    "(-7/2)": -3.5,
    "(-7 % 4)": 1,
    "(~0UL)": -1,
    "010": None,
    "(1 ? 2 : 3)": None,
    "((unsigned long)1 << 12)": 4096,
    "4096UL": 4096,
    "0x80000000": 2147483648,
}
text = "".join(f"#define M{number} {each}\n" for number, each in enumerate(EXPECTED))
text += "struct region { char k[7/2]; };\nenum kind { first = 010, second };\nenum plain { third = 3, fourth };\n"
path = os.path.join(tempfile.mkdtemp(), "header.h")
with open(path, "w") as file:
    file.write(text)
parser = CParser([path], cache=None)
seen = {each: parser.defs["values"][f"M{number}"] for number, each in enumerate(EXPECTED)}
for each, value in seen.items():
    print(f"{each:28} {value}")
((name, kind, _),) = parser.defs["structs"]["region"]["members"]
print("struct region:", name, kind, "| enums:", parser.defs["enums"])
if seen != EXPECTED or kind[1] != [3.5] or sorted(parser.defs["enums"]) != ["plain"]:
    sys.exit("CHANGED: other values than described")
print("as described: Python's arithmetic")
PY
