#!/usr/bin/env bash
# Kconfiglib: "default 4096" of a hex symbol is 0x4096, is not equal to 4096, and no warning is given.
#
# Guess: a hex symbol whose default lacks 0x is refused or warned about; or its value is 4096, whatever the notation.
# Behaviour: the digits are kept and get their 0x in the header for C, so the size is 16534. Literals in conditions are
#   read by their own notation, so a condition that names the same number as the default is false.
# Seen (kconfiglib 14.1.0; 2026-12-01):
#   config SIZE, hex, default 4096       .config: CONFIG_SIZE=4096      header: 0x4096
#   SIZE = 4096                          n
#   SIZE = 0x4096                        y
#   SIZE = 16534                         y
#   config EMPTY, hex, no default        EMPTY < 5 is y, EMPTY = 0 is n
# What it means: an alignment or a physical start that is read from .config with int(text, 0) is another number than the
#   one that C sees. Read hex symbols in base 16 always, with or without the prefix.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check kconfiglib==14.1.0
"$work/venv/bin/python" - <<'PY'
"""Evaluate conditions over hex symbols, and write both output files."""

import os
import sys
import tempfile
from importlib.metadata import version

import kconfiglib

print("kconfiglib", version("kconfiglib"))
CONDITIONS = {
    "SIZE = 4096": "n",
    "SIZE = 0x4096": "y",
    "SIZE = 16534": "y",
    "EMPTY < 5": "y",
    "EMPTY = 0": "n",
}
text = 'config SIZE\n    hex\n    default 4096\nconfig EMPTY\n    hex "not set"\n'
text += "".join(f"config C{number}\n    def_bool {each}\n" for number, each in enumerate(CONDITIONS))
folder = tempfile.mkdtemp()
path = os.path.join(folder, "Kconfig")
with open(path, "w") as file:
    file.write(text)
made = kconfiglib.Kconfig(path, warn_to_stderr=False)
seen = {each: made.syms[f"C{number}"].str_value for number, each in enumerate(CONDITIONS)}
lines = []
for name, write in ((".config", made.write_config), ("autoconf.h", made.write_autoconf)):
    write(os.path.join(folder, name))
    with open(os.path.join(folder, name)) as file:
        lines += [line.strip() for line in file if "SIZE" in line]
print(lines, seen, "warnings:", made.warnings)
if seen != CONDITIONS or lines != ["CONFIG_SIZE=4096", "#define CONFIG_SIZE 0x4096"] or made.warnings:
    sys.exit("CHANGED: another value, or a warning")
print("as described: 4096 is 0x4096")
PY
