#!/usr/bin/env bash
# LIEF: of a memory dump with more than 10000 segments it keeps the first 10000, and raises nothing.
#
# Guess: all segments are there; or parse() gives None or raises.
# Behaviour: it stops at 10000, well below the 65534 that an ELF header can count itself; the header's own number is as
#   it should be. pyelftools and drgn read them all, beyond 65535 too, where the number is in the first section header.
# Seen (lief 1.0.0, pyelftools 0.33, drgn 0.3.0; 2026-12-01), segments of one byte each:
#   in the file       LIEF       pyelftools   the last one's byte by drgn
#   9999              9999       9999         found
#   20000             10000      20000        found
#   70000             10000      70000        found
# What it means: a kernel dump of a machine with fragmented memory has a segment for each piece, so what lies high is
#   missing from a map that is made with LIEF. Compare with the header's number, or read the program headers oneself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check lief==1.0.0 pyelftools==0.33 drgn==0.3.0
"$work/venv/bin/python" - <<'PY'
"""Write core files with many segments and count them with three readers."""

import os
import struct
import sys
import tempfile
from importlib.metadata import version

import drgn
import lief
from elftools.elf.elffile import ELFFile

print(*(f"{name} {version(name)}" for name in ("lief", "pyelftools", "drgn")))
path = os.path.join(tempfile.mkdtemp(), "core")
PAGE, LIMIT = 0x1000, 0xFFFF


def core(count: int) -> bytes:
    """Return an x86-64 core file: header, one program header a page, a section header, and one byte for all."""
    content = 64 + 56 * count + 64
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    counted, beyond = min(count, LIMIT), count >= LIMIT
    header += struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 64 + 56 * count, 0, 64, 56, counted, 64, 1, 0)
    segments = b"".join(
        struct.pack("<IIQQQQQQ", 1, 6, content, PAGE * number, PAGE * number, 1, 1, 0) for number in range(count)
    )
    section = struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, 0, 0, count if beyond else 0, 0, 0)
    return header + segments + section + b"Z"


changed = False
for count in (9999, 20000, 70000):
    with open(path, "wb") as file:
        file.write(core(count))
    parsed = lief.ELF.parse(path)
    with open(path, "rb") as file:
        other = ELFFile(file).num_segments()
    program = drgn.Program()
    program.set_core_dump(path)
    last = program.read(PAGE * (count - 1), 1)
    print(f"{count}: LIEF {len(parsed.segments)}, pyelftools {other}, drgn reads {last!r}")
    changed |= (len(parsed.segments), other, last) != (min(count, 10000), count, b"Z")
if changed:
    sys.exit("CHANGED: other numbers of segments")
print("as described")
PY
