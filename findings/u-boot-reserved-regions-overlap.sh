#!/usr/bin/env bash
# U-Boot: two of the reserved regions that bdinfo lists overlap, and one begins inside a page.
#
# Guess: the list of reserved regions of the boot loader's allocator is disjoint, as the memory map it hands over must
#   be; seen once on arm64 and taken for a quirk of that board, then guessed to be disjoint on riscv64.
# Behaviour: the region from U-Boot's heap upwards and the region from its stack upwards are both listed, each to the
#   end of RAM, so the second lies within the first; it begins wherever the stack pointer was. `reserved.cnt` counts
#   both.
# Seen (u-boot-qemu 2023.01+dfsg-2+deb12u3, QEMU 7.2.22, 512 MiB; 2026-12-01):
#   qemu-riscv64_smode   [0x80000000-0x8007ffff]  (OpenSBI)
#                        [0x9e731000-0x9fffffff]
#                        [0x9f7344d0-0x9fffffff]
# What it means: merge such a list before sizes are added up or regions are held to be disjoint, and round outwards to
#   pages; "every entry begins on a page" is a rule for firmware's map, not for a boot loader's.
# Needs: apt's package lists of Debian 12, half a minute.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get u-boot-qemu=2023.01+dfsg-2+deb12u3
qemu=$(command -v qemu-system-riscv64 || true)
if [[ -z $qemu ]]; then
    get $(apt-get -s --no-install-recommends install qemu-system-misc opensbi | awk '/^Inst/{print $2}')
    qemu=usr/bin/qemu-system-riscv64
fi
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
"$qemu" --version | head -1
python3 - "$qemu" <<'PY'
import os
import re
import select
import subprocess
import sys
import time

uboot = "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"
command = f"nice -n 10 {sys.argv[1]} -L usr/share/qemu -machine virt,accel=tcg -m 512 -kernel {uboot}".split()
machine = subprocess.Popen(
    [*command, *"-net none -display none -serial stdio -monitor none".split()],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
)
said, end = b"", time.monotonic() + 90


def answer(text, until):
    """Send text and wait for what is to follow."""
    global said
    start = len(said)
    machine.stdin.write(text)
    machine.stdin.flush()
    while until not in said[start:] and time.monotonic() < end:
        if select.select([machine.stdout], [], [], 1)[0]:
            said += os.read(machine.stdout.fileno(), 65536)
    return said[start:].decode(errors="replace")


answer(b"", b"autoboot")
answer(b" ", b"=> ")
listed = answer(b"bdinfo\r", b"devicetree")
machine.kill()
machine.wait()
print(*re.findall(r"U-Boot 20.*", said.decode(errors="replace"))[:1])
regions = [tuple(int(n, 16) for n in pair) for pair in re.findall(r"reserved\[\d+\]\s+\[(\w+)-(\w+)\]", listed)]
for first, last in regions:
    print(f"reserved {first:#x} - {last:#x}")
if not regions:
    sys.exit("CHANGED: no list of reserved regions in the output")
overlaps = [(one, two) for one in regions for two in regions if one < two and two[0] <= one[1]]
if len(overlaps) != 1 or all(first % 4096 == 0 for first, _ in regions):
    sys.exit("CHANGED: no overlap any more, or all begin on a page")
print("as described")
PY
