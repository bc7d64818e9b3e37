#!/usr/bin/env bash
# GRUB: the memory map that lsefimmap shows is full of GRUB itself, and lsefisystab prints GUIDs with a dash missing.
#
# Guess: a boot loader takes a few MiB of loader data; its lists print an identifier as everybody else does
#   (8-4-4-4-12).
# Behaviour: GRUB 2.06 takes for its heap a quarter of the free memory, up to 499 MiB, and as loader *code*. So the
#   largest region of the map is GRUB's own. The kernel never sees that: it is given back when GRUB ends. Of a GUID the
#   last two groups are run together.
# Seen (GRUB 2.06-13+deb12u2 on ovmf 2022.11-6+deb12u2, QEMU 7.2.22 without KVM; 2026-11-27):
#   256 MiB of RAM    ldr-code 0x333f pages (51 MiB)
#   1 GiB of RAM      ldr-code 0xf33f pages (243 MiB)
#   3 GiB of RAM      ldr-code 0x1f33f pages (499 MiB)
#   lsefisystab       8868e871-e4f1-11d3-bc220080c73c8881   ACPI-2.0
#   the UEFI specification's form is 8868e871-e4f1-11d3-bc22-0080c73c8881
# What it means: take runtime, ACPI and reserved regions from lsefimmap, not loader and conventional memory; and a rule
#   that maps loader code (as 64-bit Linux on 32-bit firmware does) must not be judged by this map. A reader of GUIDs
#   that wants four dashes refuses all of GRUB's.
# Needs: apt's package lists of Debian 12, about a minute. QEMU is taken from Debian if there is none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get ovmf=2022.11-6+deb12u2 grub-efi-amd64-signed=1+2.06+13+deb12u2
qemu=$(command -v qemu-system-x86_64 || true)
if [[ -z $qemu ]]; then
    get $(apt-get -s --no-install-recommends install qemu-system-x86 | awk '/^Inst/{print $2}')
    qemu=usr/bin/qemu-system-x86_64
fi
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
mkdir -p disk/EFI/BOOT disk/EFI/debian
cp usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed disk/EFI/BOOT/BOOTX64.EFI
printf 'terminal_output console\nset pager=0\nlsefimmap\nlsefisystab\nhalt\n' > disk/EFI/debian/grub.cfg
boot() { # variable store (written to), file for what GRUB prints, MiB of RAM
    LD_LIBRARY_PATH=$libraries nice -n 10 timeout 60 "$qemu" -L usr/share/qemu -L usr/share/seabios \
        -machine q35,accel=tcg,smm=off -m "$3" -net none -display none -serial stdio -monitor none \
        -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/OVMF/OVMF_CODE_4M.fd \
        -drive if=pflash,format=raw,unit=1,file="$1" -drive file=fat:rw:disk,format=raw </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' > "$2"
    [[ $(grep -c 'UC' "$2") -gt 90 ]] || { echo "CHANGED: no memory map in the output"; cat "$2"; exit 1; }
}
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
largest() { awk '/ UC/ && $1 == "ldr-code" { print $3 }' "$1" | sort | tail -1; }
for memory in 256 1024 3072; do
    cp usr/share/OVMF/OVMF_VARS_4M.fd store.fd
    boot store.fd $memory.txt $memory
    echo "$memory MiB: largest region of loader code $(largest $memory.txt) pages"
done
sed -n '/^Address:/,$p' 256.txt
[[ "$(largest 256.txt) $(largest 1024.txt) $(largest 3072.txt)" == "0000333f 0000f33f 0001f33f" ]] ||
    { echo "CHANGED: GRUB takes another share"; exit 1; }
if ! grep -q '8868e871-e4f1-11d3-bc220080c73c8881' 256.txt; then
    echo "CHANGED: GUIDs are printed otherwise"
    exit 1
fi
echo "as described"
