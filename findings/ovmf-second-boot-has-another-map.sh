#!/usr/bin/env bash
# OVMF: the second boot of a fresh variable store has another memory map than the first; from then on it is stable.
#
# Guess: the same firmware, machine and disk give the same memory map at each boot; or else each boot differs a bit.
# Behaviour: the first boot finds an empty store and writes boot entries, consoles and languages into it; the second has
#   them, allocates otherwise, and boot-services and loader memory lie elsewhere. The third boot is the second one bit
#   for bit. Runtime, ACPI and reserved regions are the same in all three. Two fresh stores give the same first boot.
# Seen (ovmf 2022.11-6+deb12u2, GRUB 2.06's lsefimmap, QEMU 7.2.22 without KVM, 256 MiB; 2026-11-27):
#   of 125 entries boots 1 and 2 have 5 and 5 that the other does not have; boots 2 and 3 are equal; first boots of two
#   fresh stores are equal
# What it means: tests of boot-services regions (reserved for the kernel, exported over kexec, given free) are not
#   repeatable with a fresh copy of the template each time unless every run is a first boot, and recorded maps must say
#   which boot they are of. For runtime regions one boot is enough.
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
printf 'terminal_output console\nset pager=0\nlsefimmap\nhalt\n' > disk/EFI/debian/grub.cfg
boot() { # variable store (written to), file for the memory map
    LD_LIBRARY_PATH=$libraries nice -n 10 timeout 60 "$qemu" -L usr/share/qemu -L usr/share/seabios \
        -machine q35,accel=tcg,smm=off -m 256 -net none -display none -serial stdio -monitor none \
        -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/OVMF/OVMF_CODE_4M.fd \
        -drive if=pflash,format=raw,unit=1,file="$1" -drive file=fat:rw:disk,format=raw </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' > "$2"
    [[ $(grep -c 'UC' "$2") -gt 90 ]] || { echo "CHANGED: no memory map in the output"; cat "$2"; exit 1; }
}
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
cp usr/share/OVMF/OVMF_VARS_4M.fd store.fd
cp usr/share/OVMF/OVMF_VARS_4M.fd other.fd
for number in 1 2 3; do boot store.fd $number.map; done
boot other.fd other.map
all() { grep ' UC' "$1.map"; }
kept() { all "$1" | grep -E '^(RT-|ACPI|reserved|MMIO)'; }
for number in 1 2 3; do echo "boot $number: $(all $number | wc -l) entries, $(kept $number | wc -l) to be kept"; done
diff <(all 1) <(all 2) || true
[[ $(kept 1) == "$(kept 2)" && $(kept 2) == "$(kept 3)" ]] || { echo "CHANGED: runtime or ACPI regions move"; exit 1; }
[[ $(all 1) != "$(all 2)" ]] || { echo "CHANGED: boots 1 and 2 have one map"; exit 1; }
[[ $(all 2) == "$(all 3)" && $(all 1) == "$(all other)" ]] || { echo "CHANGED: not stable where it was"; exit 1; }
echo "as described"
