#!/usr/bin/env bash
# U-Boot: of a machine whose device tree has a memory node for each NUMA node it sees one, and on arm64 the upper one.
#
# Guess: bdinfo shows a bank for each memory node, together all RAM; U-Boot moves itself to the end of RAM; QEMU writes
#   memory nodes with rising addresses.
# Behaviour: the first memory node in the blob is taken for all memory. On riscv64 QEMU writes the lower node first, on
#   arm64 the upper one. So on riscv64 three quarters of RAM are not there; on arm64 the first quarter is not, and
#   U-Boot lies neither at the end of RAM nor at that of its bank: it adds the bank's size to where RAM begins.
# Seen (u-boot-qemu 2023.01+dfsg-2+deb12u3, QEMU 7.2.22, 1 GiB as nodes of 256 + 768 MiB; 2026-12-01):
#               memory nodes in the blob            bank of bdinfo            relocaddr
#   riscv64     80000000+10000000, 90000000+...     80000000 + 10000000       8ff57000
#   arm64       50000000+30000000, 40000000+...     50000000 + 30000000       6fef7000
#   one node    all                                 all                       bff57000, 7fef7000
# What it means: the memory map that a boot loader hands over can lack most of RAM, or its beginning, without an error
#   anywhere; and a reader of device trees must not take the first memory node, nor the first for the lowest.
# Needs: apt's package lists of Debian 12, about two minutes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get u-boot-qemu=2023.01+dfsg-2+deb12u3
programs=
for each in aarch64:qemu-system-arm riscv64:qemu-system-misc; do
    found=$(command -v qemu-system-"${each%:*}" || true)
    if [[ -z $found ]]; then
        get $(apt-get -s --no-install-recommends install "${each#*:}" opensbi | awk '/^Inst/{print $2}')
        found=usr/bin/qemu-system-${each%:*}
    fi
    programs+=" $found"
done
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
python3 - $programs <<'PY'
import os
import re
import select
import subprocess
import sys
import time

ARM, RISCV = sys.argv[1:]
MACHINES = {
    "riscv64": [RISCV, "-kernel", "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"],
    "arm64": [ARM, "-cpu", "cortex-a57", "-bios", "usr/lib/u-boot/qemu_arm64/u-boot.bin"],
}
NODES = []
for number, (name, size) in enumerate((("low", "256M"), ("high", "768M"))):
    NODES += ["-object", f"memory-backend-ram,id={name},size={size}", "-numa", f"node,memdev={name},cpus={number}"]
COMMON = "-machine virt,accel=tcg -m 1024 -smp 2 -L usr/share/qemu -net none -display none -serial stdio -monitor none"
EXPECTED = {
    ("riscv64", 1): [0x80000000, 0x40000000, 0xBFF57000],
    ("riscv64", 2): [0x80000000, 0x10000000, 0x8FF57000],
    ("arm64", 1): [0x40000000, 0x40000000, 0x7FEF7000],
    ("arm64", 2): [0x50000000, 0x30000000, 0x6FEF7000],
}


def bdinfo(command):
    """Start U-Boot and return what its bdinfo says."""
    machine = subprocess.Popen(["nice", "-n", "10", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    said, end = b"", time.monotonic() + 120
    for text, until in ((b"", b"autoboot"), (b" ", b"=> "), (b"bdinfo\r", b"devicetree")):
        start = len(said)
        machine.stdin.write(text)
        machine.stdin.flush()
        while until not in said[start:] and time.monotonic() < end:
            if select.select([machine.stdout], [], [], 1)[0]:
                said += os.read(machine.stdout.fileno(), 65536)
    machine.kill()
    machine.wait()
    return said.decode(errors="replace")


print(subprocess.run([ARM, "--version"], capture_output=True, text=True).stdout.splitlines()[0])
changed = False
for (name, nodes), expected in EXPECTED.items():
    said = bdinfo([*MACHINES[name], *COMMON.split(), *(NODES if nodes == 2 else [])])
    banks = re.findall(r"-> start\s+= (\w+)\s+-> size\s+= (\w+)", said)
    moved = re.search(r"relocaddr\s+= (\w+)", said)
    seen = [int(each, 16) for bank in banks for each in bank] + ([int(moved[1], 16)] if moved else [])
    print(f"{name}, {nodes} nodes: {len(banks)} bank", *(f"{each:#x}" for each in seen))
    changed |= seen != expected
if changed:
    sys.exit("CHANGED: other banks, or another place")
print("as described")
PY
