#!/usr/bin/env bash
# AAVMF (arm64): the number of CPUs moves nothing, but a second NUMA node moves every runtime region by its size.
#
# Guess: as in OVMF, more CPUs move the runtime regions a little; where memory is cut into nodes changes at most where
#   free memory is split, since the amount of memory and its addresses are the same.
# Behaviour: this firmware takes the lowest memory node of the device tree for its own, and lies at the end of that
#   node. With one node of 1 GiB runtime memory is at the top of RAM; with two nodes of 512 MiB it is in the middle, 512
#   MiB lower; with 256 + 768 MiB another 256 MiB lower; and the last half or three quarters of RAM are one free region.
#   With 4 CPUs instead of 1 the map is the same, entry by entry.
# Seen (qemu-efi-aarch64 2022.11-6+deb12u2, UEFI Shell's memmap, QEMU 7.2.22 without KVM, 1 GiB; 2026-12-01), first
#   and last address of runtime memory:
#   one node, 1 or 4 CPUs    7c440000 - 7ffdffff
#   512 + 512 MiB            5c440000 - 5ffdffff
#   256 + 768 MiB            4c440000 - 4ffdffff
# What it means: on arm64 a recorded map needs the node sizes beside it, and a guest that is cut into nodes later has
#   another layout at its next boot, though nothing in its memory or firmware was changed. The distances between runtime
#   regions stay the same, so what depends on offsets modulo 2 MiB does too.
# Needs: apt's package lists of Debian 12, about a minute.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get qemu-efi-aarch64=2022.11-6+deb12u2
qemu=$(command -v qemu-system-aarch64 || true)
if [[ -z $qemu ]]; then
    get $(apt-get -s --no-install-recommends install qemu-system-arm | awk '/^Inst/{print $2}')
    qemu=usr/bin/qemu-system-aarch64
fi
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
mkdir disk
printf 'memmap\r\nreset -s\r\n' > disk/startup.nsh
boot() { # file for the memory map, more options
    local map=$1
    shift
    cp usr/share/AAVMF/AAVMF_VARS.fd store.fd
    LD_LIBRARY_PATH=$libraries nice -n 10 timeout 120 "$qemu" -L usr/share/qemu \
        -machine virt,accel=tcg -cpu cortex-a57 -m 1024 -net none -display none -serial stdio -monitor none \
        -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/AAVMF/AAVMF_CODE.fd \
        -drive if=pflash,format=raw,unit=1,file=store.fd \
        -drive if=none,id=disk,format=raw,file=fat:rw:disk -device virtio-blk-device,drive=disk "$@" </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;=?]*[A-Za-z]//g' | grep -E '^[A-Za-z_]+ +[0-9A-F]{16}-' > "$map" || true
    [[ $(wc -l < "$map") -gt 20 ]] || { echo "CHANGED: no memory map in the output"; exit 1; }
}
nodes() { # MiB of the first node, MiB of the second
    echo -smp 2 -object "memory-backend-ram,id=a,size=$1M" -object "memory-backend-ram,id=b,size=$2M" \
        -numa node,memdev=a,cpus=0 -numa node,memdev=b,cpus=1
}
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
boot one -smp 1
boot four -smp 4
boot halves $(nodes 512 512)
boot quarter $(nodes 256 768)
runtime() { # first and last address of runtime memory
    grep '^RT_' "$1" | sed -E 's/^[A-Za-z_]+ +0{8}([0-9A-F]+)-0{8}([0-9A-F]+) .*/\1 \2/' | sort |
        awk 'NR == 1 { first = $1 } { last = $2 } END { print first, last }'
}
for map in one four halves quarter; do echo "$map: $(wc -l < $map) entries, runtime memory $(runtime $map)"; done
[[ $(cat one) == "$(cat four)" ]] || { echo "CHANGED: the number of CPUs moves something"; diff one four; exit 1; }
if [[ "$(runtime one) $(runtime halves) $(runtime quarter)" != \
    "7C440000 7FFDFFFF 5C440000 5FFDFFFF 4C440000 4FFDFFFF" ]]; then
    echo "CHANGED: runtime memory lies elsewhere"
    exit 1
fi
echo "as described"
