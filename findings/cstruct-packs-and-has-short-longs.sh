#!/usr/bin/env bash
# dissect.cstruct: C structures are packed unless asked otherwise, and `unsigned long` has four bytes beside pointers of
# eight.
#
# Guess: a library that reads C declarations lays structures out as C compilers do on a 64-bit machine; the UEFI memory
#   descriptor, declared as in the specification without its padding, has 40 bytes, and long is as wide as a pointer.
# Behaviour: without align=True there is no padding, so num_pages of the descriptor is read from 4 bytes too low, and
#   the entries of a map drift apart; nothing is said. With align=True offsets are right. In both cases `unsigned long`
#   is uint32 while `void *` is uint64 (as on Windows, not as in a kernel), so structures with either in them are wrong
#   with alignment too.
# Seen (dissect.cstruct 4.7, 2026-12-01):
#   descriptor                            36 bytes packed, 40 aligned (gcc: 40)
#   struct efi_memory_map of Linux 6.1    40 bytes packed, 40 aligned (gcc on x86-64: 56)
#   first entry of a descriptor array, 16 pages at 0x1000: packed, phys_addr 0x100000000000, num_pages 0x1000000000
# What it means: pass align=True, and declare what a kernel calls unsigned long as uint64; compare len() with the size
#   of a descriptor that the firmware or kernel tells (it is often 48, not 40, so a step of its own is needed anyway).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check dissect.cstruct==4.7
"$work/venv/bin/python" - <<'PY'
import struct
import sys
from importlib.metadata import version

from dissect.cstruct import cstruct

print("dissect.cstruct", version("dissect.cstruct"))
DECLARATIONS = """
typedef struct { uint32 type; uint64 phys_addr; uint64 virt_addr; uint64 num_pages; uint64 attribute; } descriptor;
typedef struct {
    uint64 phys_map; void *map; void *map_end; int nr_map;
    unsigned long desc_version; unsigned long desc_size; unsigned long flags;
} memory_map;
typedef struct { unsigned long number; } a_long;
typedef struct { void *address; } a_pointer;
"""
entry = struct.pack("@IQQQQ", 7, 0x1000, 0, 16, 15)
sizes, pages = {}, {}
for align in (False, True):
    types = cstruct()
    types.load(DECLARATIONS, align=align)
    sizes[align] = [len(getattr(types, name)) for name in ("descriptor", "memory_map", "a_long", "a_pointer")]
    first = types.descriptor(entry)
    pages[align] = (first.phys_addr, first.num_pages)
    print("aligned" if align else "packed ", "sizes", sizes[align], "| phys_addr %#x, num_pages %#x" % pages[align])
print("the compiler that built Python: descriptor", len(entry), "| long", struct.calcsize("l"), "| pointer",
      struct.calcsize("P"))
if sizes[False] != [36, 40, 4, 8] or sizes[True] != [40, 40, 4, 8]:
    sys.exit("CHANGED: other sizes than described")
if pages[True] != (0x1000, 16) or pages[False] != (0x1000 << 32, 16 << 32):
    sys.exit("CHANGED: the packed entry is read otherwise")
print("as described")
PY
