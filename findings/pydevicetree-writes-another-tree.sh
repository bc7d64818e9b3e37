#!/usr/bin/env bash
# pydevicetree: reading and writing a device tree loses what /memreserve/ reserves, makes 7 / 2 a cell of 3.5 and octal
# decimal.
#
# Guess: what is read is written again: reservations with their numbers, cells as 32-bit numbers in C's notation (010 is
#   eight, 7 / 2 is three, 2 > 1 is one), and of two properties of one name the later.
# Behaviour: a memory reservation comes out without its numbers, expressions are worked out by Python, a leading zero
#   means nothing, and a property that is given twice is written twice. A reg property in several brackets is cells that
#   are not enough for its own reader.
# Seen (pydevicetree 0.0.13; 2026-12-01):
#   /memreserve/ 0x80000000 0x10000;    /memreserve/;
#   <(7 / 2)>, <(2 > 1)>, <010>         <3.5>, <True>, <10>
#   <(0x80000000 + 0x80000000)>         <4294967296>
#   n { a = <1>; }; and, later, a = <2> a = <1>; a = <2>;
#   reg = <0 1 0 2>, <0 4 0 1>          raises: not enough cells
# What it means: a reader of device trees is not a compiler of them. Take sizes and reservations from the blob that dtc
#   makes, where these questions are decided.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pydevicetree==0.0.13
"$work/venv/bin/python" - <<'PY'
"""Read small sources and write them again."""

import sys
from importlib.metadata import version

from pydevicetree import Devicetree

print("pydevicetree", version("pydevicetree"))
HEAD = "/dts-v1/;\n"


def lines(source: str) -> list[str]:
    return [line.strip() for line in Devicetree.from_dts(HEAD + source).to_dts().splitlines()]


changed = False
for value, expected in (
    ("<(7 / 2)>", "<3.5>"),
    ("<(2 > 1)>", "<True>"),
    ("<010>", "<10>"),
    ("<(0x80000000 + 0x80000000)>", "<4294967296>"),
    ("<0x10>", "<16>"),
):
    (written,) = (line for line in lines(f"/ {{ p = {value}; }};") if line.startswith("p ="))
    print(value, "->", written)
    changed |= written != f"p = {expected};"
reserved = [line for line in lines("/memreserve/ 0x80000000 0x10000;\n/ { };") if "memreserve" in line]
twice = [line for line in lines("/ { n { a = <1>; }; };\n/ { n { a = <2>; }; };") if line.startswith("a")]
print(reserved, twice)
CELLS = "#address-cells = <2>; #size-cells = <2>;"
tree = Devicetree.from_dts(HEAD + f"/ {{ {CELLS} m@1 {{ reg = <0 1 0 2>, <0 4 0 1>; }}; }};")
try:
    print(list(tree.get_by_path("/m@1").get_reg()))
    changed = True
except Exception as error:
    print("reg:", error)
if changed or reserved != ["/memreserve/;"] or twice != ["a = <1>;", "a = <2>;"]:
    sys.exit("CHANGED: another tree is written now")
print("as described")
PY
