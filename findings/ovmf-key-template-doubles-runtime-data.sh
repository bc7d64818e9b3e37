#!/usr/bin/env bash
# OVMF: the variable store with Microsoft's keys (OVMF_VARS_4M.ms.fd) more than doubles a runtime memory region.
#
# Guess: Debian's two templates for the variable store differ in the keys for Secure Boot and in nothing else; the
#   memory map comes from the firmware's code.
# Behaviour: the template with keys is the store of a machine that has been booted. Beside the keys it holds 26 deleted
#   variables, boot entries, consoles, 8 iSCSI attempts and MemoryTypeInformation: how much memory of each type that
#   machine used. The firmware reads it and reserves that much, on a machine that never ran before.
# Seen (ovmf 2022.11-6+deb12u2, OVMF_CODE_4M.ms.fd, shim 16.1, GRUB 2.06, QEMU 7.2.22 without KVM, 256 MiB; 2026-11-27):
#   MemoryTypeInformation in the template: runtime data 582 pages; with the empty template the default, 256 pages
#   empty store      RT-data   e4ec000-e5ebfff   0x100 pages
#   store with keys  RT-data   e3a6000-e5ebfff   0x246 pages (582), all below it moved
# What it means: "the same firmware" with and without Secure Boot gives two memory maps, and the difference is
#   somebody's test machine, not the keys. Record the store with the map; for comparisons enroll keys into an empty
#   store.
# Needs: apt's package lists of Debian 12, about a minute. QEMU is taken from Debian if there is none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get ovmf=2022.11-6+deb12u2 \
    grub-efi-amd64-signed=1+2.06+13+deb12u2 shim-signed=1.51~1+deb12u1+16.1-2~deb12u1
qemu=$(command -v qemu-system-x86_64 || true)
if [[ -z $qemu ]]; then
    get $(apt-get -s --no-install-recommends install qemu-system-x86 | awk '/^Inst/{print $2}')
    qemu=usr/bin/qemu-system-x86_64
fi
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
mkdir -p disk/EFI/BOOT disk/EFI/debian
cp usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed disk/EFI/BOOT/grubx64.efi
cp usr/lib/shim/shimx64.efi.signed disk/EFI/BOOT/BOOTX64.EFI
printf 'terminal_output console\nset pager=0\nlsefimmap\nhalt\n' > disk/EFI/debian/grub.cfg
boot() { # variable store (written to), file for the memory map
    LD_LIBRARY_PATH=$libraries nice -n 10 timeout 60 "$qemu" -L usr/share/qemu -L usr/share/seabios \
        -machine q35,accel=tcg,smm=on -m 256 -net none -display none -serial stdio -monitor none \
        -global driver=cfi.pflash01,property=secure,value=on \
        -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/OVMF/OVMF_CODE_4M.ms.fd \
        -drive if=pflash,format=raw,unit=1,file="$1" -drive file=fat:rw:disk,format=raw </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' > "$2"
    [[ $(grep -c 'UC' "$2") -gt 90 ]] || { echo "CHANGED: no memory map in the output"; cat "$2"; exit 1; }
}
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
name=$(printf MemoryTypeInformation | sed 's/./&\\x00/g')
holds() { LC_ALL=C grep -qaP "$name" "usr/share/OVMF/$1.fd"; }
{ holds OVMF_VARS_4M.ms && ! holds OVMF_VARS_4M; } ||
    { echo "CHANGED: MemoryTypeInformation is in both templates or in none"; exit 1; }
for template in OVMF_VARS_4M OVMF_VARS_4M.ms; do
    cp usr/share/OVMF/$template.fd $template.fd
    boot $template.fd $template.map
    echo "$template.fd:"
    grep '^RT-' $template.map
done
pages() { awk '$1 == "RT-data" { print $3 }' "$1.map" | paste -sd' '; }
[[ $(pages OVMF_VARS_4M) == 00000100 && $(pages OVMF_VARS_4M.ms) == 00000246 ]] ||
    { echo "CHANGED: the templates give other runtime regions than described"; exit 1; }
echo "as described"
