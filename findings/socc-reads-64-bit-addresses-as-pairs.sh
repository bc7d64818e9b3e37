#!/usr/bin/env bash
# soc-consistency: its memory map reads a 64-bit address above 4 GiB as two regions, and leaves reserved memory out.
#
# Guess: `socc analyze memory` takes #address-cells and #size-cells of the parent into account, and reports the overlap of
#   two reserved regions.
# Behaviour: <0x1 0x1000 0x0 0x1000> below two and two cells is a region at 0 and one at 1, which overlap each other and
#   whatever lies low; reserved memory is not looked at (0 regions scanned), and the result is PASS.
# Seen (soc-consistency 1.6.0; 2026-12-01):
#   one device at 0x100001000                     FAIL, overlap of the device with itself at 0x1-0xfff, status 1
#   two reserved regions that overlap by 1 MiB    PASS, 0 regions scanned, status 0
#   two devices below 4 GiB that overlap          FAIL, the right overlap, status 1
# What it means: a clean report does not cover reserved memory, and for devices above 4 GiB the report is about other
#   addresses than the tree's. Decode reg by the parent's cells, and check reserved regions, by other means.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check soc-consistency==1.6.0
"$work/venv/bin/python" - <<'PY'
"""Scan small device trees with the installed program."""

import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version

print("soc-consistency", version("soc-consistency"))
CELLS = "#address-cells = <2>; #size-cells = <2>;"
BUS = f'soc {{ {CELLS} ranges; compatible = "simple-bus"; %s }};'
TREES = {
    "high": BUS % 'd@100001000 { compatible = "v,d"; reg = <0x1 0x1000 0x0 0x1000>; };',
    "reserved": f"reserved-memory {{ {CELLS} ranges; a@90000000 {{ reg = <0 0x90000000 0 0x200000>; no-map; }};"
    " b@90100000 { reg = <0 0x90100000 0 0x200000>; no-map; }; };",
    "low": BUS % ('d@1000 { compatible = "v,d"; reg = <0 0x1000 0 0x1000>; };'
                  ' d@1800 { compatible = "v,d"; reg = <0 0x1800 0 0x1000>; };'),
}
folder = tempfile.mkdtemp()
seen = {}
for name, content in TREES.items():
    path = os.path.join(folder, f"{name}.dts")
    with open(path, "w") as file:
        file.write(f'/dts-v1/;\n/ {{ {CELLS} compatible = "v,board"; {content} }};\n')
    command = [os.path.join(os.path.dirname(sys.executable), "socc"), "analyze", "memory", path]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120)
    nodes = re.findall(r"^  Node [AB]: (\S+)\s+\[(\S+)", ran.stdout, re.MULTILINE)
    result = re.search(r"Result: (\w+)", ran.stdout)
    seen[name] = result[1] if result else None, nodes, ran.returncode
    print(name, *seen[name])
    print("  ", *re.findall(r"Regions scanned : \d+|Issues found.*", ran.stdout))
PLACE = "/soc/d@100001000"
if (
    seen["high"] != ("FAIL", [(PLACE, "0x00000000"), (PLACE, "0x00000001")], 1)
    or seen["reserved"] != ("PASS", [], 0)
    or seen["low"] != ("FAIL", [("/soc/d@1000", "0x00001000"), ("/soc/d@1800", "0x00001800")], 1)
):
    sys.exit("CHANGED: another report")
print("as described")
PY
