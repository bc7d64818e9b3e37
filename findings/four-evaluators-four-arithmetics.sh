#!/usr/bin/env bash
# dtc, dtlib, iasl, pcpp: each evaluates expressions of C, and each in its own arithmetic; none says so.
#
# Guess: where a language of this field takes an expression in the notation of C, its value is the one C gives to 64-bit
#   signed numbers; a number without a prefix is decimal.
# Behaviour: dtc and iasl compute without signs, so -1 is greater than 0 and a shift to the right fills with zeros.
#   dtlib (Python's device-tree reader, of Zephyr) divides and takes remainders as Python does, downwards. pcpp, a
#   preprocessor, divides as C and takes remainders as Python. In iasl's data tables numbers are hexadecimal in
#   expressions too, shift counts among them, and they wrap at 64: 1 << 32 is 2**50, 1 << 40 is 1.
# Seen (device-tree-compiler 1.6.1-4+b1 in /bits/ 64, devicetree 0.0.2, acpica-tools 20200925-8 in the Address Length of
#   an SRAT, pcpp 1.30 in #if; 2026-12-01), as signed numbers:
#                   C       dtc                    dtlib    iasl                   pcpp
#   (0-7) / 2       -3      9223372036854775804    -4       9223372036854775804    -3
#   (0-7) % 4       -3      1                      1        1                      1
#   7 / (0-2)       -3      0                      -4       0                      -3
#   7 % (0-4)       3       7                      -1       7                      -1
#   (0-1) < 0       1       0                      1        0                      1
#   (0-8) >> 1      -4      9223372036854775804    -4       9223372036854775804    -4
#   1 << 32         2**32   2**32                  2**32    2**50                  2**32
#   1 << 40         2**40   2**40                  2**40    1                      2**40
# What it means: offsets below a base are where these differ, and so do the two readers of one device tree. Write
#   addresses out, or let expressions have positive operands, and 0x before every number (iasl takes it).
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check devicetree==0.0.2 pcpp==1.30
apt-get download -qq -o APT::Sandbox::User="$(id -un)" \
    device-tree-compiler=1.6.1-4+b1 libfdt1=1.6.1-4+b1 libyaml-0-2=0.2.5-1 acpica-tools=20200925-8
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH PATH=$work/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
dtc --version
venv/bin/python - <<'PY'
import io
import re
import subprocess
import sys

import pcpp
from devicetree import dtlib

SRAT = """Signature : "SRAT"
Table Length : 00000000
Revision : 03
Checksum : 00
Oem ID : "NONE"
Oem Table ID : "NONE"
Oem Revision : 00000001
Asl Compiler ID : "INTL"
Asl Compiler Revision : 20200925
Table Revision : 00000001
Reserved : 0000000000000000
Subtable Type : 01 [Memory Affinity]
Length : 28
Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000000000000000
Address Length : EXPRESSION
Reserved2 : 00000000
Flags (decoded below) : 00000001
Enabled : 1
Hot Pluggable : 0
Non-Volatile : 0
Reserved3 : 0000000000000000
"""
HUGE = 2**63 - 4
EXPECTED = {  # C, dtc, dtlib, iasl, pcpp
    "(0-7) / 2": (-3, HUGE, -4, HUGE, -3),
    "(0-7) % 4": (-3, 1, 1, 1, 1),
    "7 / (0-2)": (-3, 0, -4, 0, -3),
    "7 % (0-4)": (3, 7, -1, 7, -1),
    "(0-1) < 0": (1, 0, 1, 0, 1),
    "(0-8) >> 1": (-4, HUGE, -4, HUGE, -4),
    "1 << 32": (2**32, 2**32, 2**32, 2**50, 2**32),
    "1 << 40": (2**40, 2**40, 2**40, 1, 2**40),
}


def write(name, text):
    with open(name, "w") as file:
        file.write(text)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def by_dtc():
    run("dtc", "-q", "-O", "dtb", "-o", "one.dtb", "one.dts")
    return bytes(int(each, 16) for each in run("fdtget", "-t", "bx", "one.dtb", "/", "p").split())


def by_iasl(expression):
    write("srat.asl", SRAT.replace("EXPRESSION", expression))
    run("iasl", "srat.asl")
    run("iasl", "-d", "srat.aml")
    with open("srat.dsl") as file:
        return bytes.fromhex(re.search(r"Address Length : (\w+)", file.read())[1])


def by_pcpp(expression):
    for number in sorted({each for row in EXPECTED.values() for each in row}):
        reader, out = pcpp.Preprocessor(), io.StringIO()
        reader.parse(f"#if ({expression}) == ({number})\nyes\n#endif\n")
        reader.write(out)
        if "yes" in out.getvalue():
            return number
    return None


def signed(blob):
    return int.from_bytes(blob, "big", signed=True)


changed = False
for expression, (right, *expected) in EXPECTED.items():
    write("one.dts", "/dts-v1/;\n/ { p = /bits/ 64 <(%s)>; };\n" % expression)
    dtlib_value = dtlib.DT("one.dts").root.props["p"].value
    seen = [signed(by_dtc()), signed(dtlib_value), signed(by_iasl(expression)), by_pcpp(expression)]
    print(f"{expression:11} C {right} | dtc, dtlib, iasl, pcpp", *seen)
    changed |= seen != expected
if changed:
    sys.exit("CHANGED: one of them computes otherwise now")
print("as described")
PY
