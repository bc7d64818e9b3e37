#!/usr/bin/env bash
# GDB: without a program an unsigned long has 4 bytes on a 64-bit machine, and address arithmetic in it is cut there.
#
# Guess: a GDB that was built for x86-64 calculates with that machine's types when nothing is loaded.
# Behaviour: the architecture is i386 until a file or `set architecture` says otherwise. A number that is too long for an
#   int is a long long and is right, which hides it; what has a suffix or a cast to long is cut.
# Seen (GDB 18.1 of gdb-for-pwndbg 18.1.0.post1; 2026-12-01):
#                                   nothing loaded     set architecture i386:x86-64
#   sizeof(long)                    4                  8
#   (unsigned long)-1               4294967295         18446744073709551615
#   1UL << 40                       0, with a warning  1099511627776
#   (long)0x100000000               0                  4294967296
#   0xffff000000000 + 0x1000        the same in both
# What it means: `gdb -batch -ex 'print ...'` as a calculator of addresses needs the architecture first. Its arithmetic is
#   C's otherwise: -7 / 2 is -3, and 0xffffffff > -1 is false.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check gdb-for-pwndbg==18.1.0.post1
"$work/venv/bin/python" - <<'PY'
"""Print the values of expressions before and after the architecture is set."""

import os
import re
import subprocess
import sys
from importlib.metadata import version

print("gdb-for-pwndbg", version("gdb-for-pwndbg"))
GDB = os.path.join(os.path.dirname(sys.executable), "gdb")
EXPECTED = {
    "sizeof(long)": (4, 8),
    "(unsigned long)-1": (2**32 - 1, 2**64 - 1),
    "1UL << 40": (0, 2**40),
    "(long)0x100000000": (0, 2**32),
    "0xffff000000000 + 0x1000": (0xFFFF000001000, 0xFFFF000001000),
    "-7 / 2": (-3, -3),
    "0xffffffff > -1": (0, 0),
}


def value(expression: str, *before: str) -> int:
    commands = [word for each in (*before, f"print {expression}") for word in ("-ex", each)]
    ran = subprocess.run([GDB, "-nx", "-q", "-batch", *commands], capture_output=True, text=True, timeout=60)
    return int(re.search(r"^\$1 = (-?\d+)", ran.stdout, re.MULTILINE)[1])


seen = {each: (value(each), value(each, "set architecture i386:x86-64")) for each in EXPECTED}
for each, values in seen.items():
    print(f"{each:28} {values[0]:22} {values[1]:22}")
if seen != EXPECTED:
    sys.exit("CHANGED: other values than described")
print("as described: i386 until told otherwise")
PY
