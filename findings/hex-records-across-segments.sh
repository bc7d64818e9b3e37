#!/usr/bin/env bash
# bincopy, intelhex, hexrec: a record that crosses the end of its segment goes on above it, and S-records grow digits.
#
# Guess: in a file with segment base addresses (type 02) the second byte of a record at offset 0xffff wraps to the
#   segment's beginning, as Intel's format says; and what does not fit a format's addresses is refused when it is written.
# Behaviour: all three go on linearly, past 4 GiB too in a file of 32-bit addresses. bincopy writes Intel HEX for 4 GiB
#   and more only with an error, but S-records without one, where the address has an even number of digits: an S3
#   record, whose address has 8 digits, gets 10, and bincopy's own reader refuses it. (An odd number of digits raises.)
# Seen (bincopy 20.1.1, intelhex 2.3.0, hexrec 0.5.1; 2026-12-01), two bytes at offset 0xffff:
#                                        all three read           the format
#   type 02, base 0x1000                 0x1ffff, 0x20000         0x1ffff, 0x10000
#   type 04, base 0xffff                 0xffffffff, 0x100000000  0xffffffff, 0x0
#   as_srec() at 0x1234567890            S3071234567890AABB...    cannot be written
#   the same in 16 bits, at 0x123456     S105123456AABB...        cannot be written
# What it means: a memory image above 4 GiB must not go through these formats, and three readers that agree are no
#   evidence for what the format says.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check bincopy==20.1.1 intelhex==2.3.0 hexrec==0.5.1
"$work/venv/bin/python" - <<'PY'
"""Read records that cross the end of a segment, and write addresses that do not fit."""

import io
import sys
from importlib.metadata import version

import bincopy
import hexrec
import intelhex

print(*(f"{name} {version(name)}" for name in ("bincopy", "intelhex", "hexrec")))


def record(kind: int, offset: int, data: bytes) -> str:
    body = bytes([len(data)]) + offset.to_bytes(2, "big") + bytes([kind]) + data
    return ":" + (body + bytes([-sum(body) & 255])).hex().upper() + "\n"


def addresses(text: str) -> list[list[int]]:
    one = bincopy.BinFile()
    one.add_ihex(text)
    two = intelhex.IntelHex(io.StringIO(text))
    three = hexrec.IhexFile.parse(io.BytesIO(text.encode())).memory
    blocks = [(segment.address, segment.data) for segment in one.segments], list(three.to_blocks())
    listed = [[start + at for start, data in each for at in range(len(data))] for each in blocks]
    return [listed[0], two.addresses(), listed[1]]


changed = False
for kind, base, expected in ((2, b"\x10\x00", [0x1FFFF, 0x20000]), (4, b"\xff\xff", [0xFFFFFFFF, 0x100000000])):
    seen = addresses(record(kind, 0, base) + record(0, 0xFFFF, b"\xaa\xbb") + record(1, 0, b""))
    print(f"type {kind:02}:", *([f"{address:x}" for address in each] for each in seen))
    changed |= seen != [expected] * 3
for address, bits, start in ((0x1234567890, 32, "S3071234567890AABB"), (0x123456, 16, "S105123456AABB")):
    image, again = bincopy.BinFile(), bincopy.BinFile()
    image.add_binary(b"\xaa\xbb", address)
    text = image.as_srec(address_length_bits=bits)
    try:
        again.add_srec(text)
        refused = False
    except bincopy.Error as error:
        refused = True
        print(f"{address:x} in {bits} bits:", text.split()[0], "| read again:", error)
    changed |= not refused or not text.startswith(start)
image = bincopy.BinFile()
image.add_binary(b"\xaa\xbb", 1 << 32)
try:
    print("Intel HEX:", image.as_ihex())
    changed = True
except bincopy.Error as error:
    print("Intel HEX:", error)
if changed:
    sys.exit("CHANGED: records are read or written otherwise now")
print("as described")
PY
