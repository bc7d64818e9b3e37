#!/usr/bin/env bash
# OVMF: the number of CPUs, and the switch for S3, move the memory of runtime services.
#
# Guess: where firmware puts runtime code and data depends on the firmware and on the size of RAM. More CPUs cost
#   boot-services memory, and that is free again once the kernel runs.
# Behaviour: some runtime data lies below areas at the end of RAM that grow by 7 to 8 pages a CPU and shrink without S3.
#   So regions move by amounts that are no multiple of 2 MiB, and a kernel that keeps an address's place within 2 MiB
#   maps them elsewhere. CPUs that could be plugged in later (maxcpus=4) are enough to move the region at the end of
#   RAM. A network card with its option ROM, no graphics card, the older machine type and -cpu max moved nothing.
# Seen (ovmf 2022.11-6+deb12u2, GRUB 2.06's lsefimmap, QEMU 7.2.22 without KVM, 256 MiB; 2026-11-27), lowest page of the
#   three runtime data regions:
#   1 CPU        eaa0000  f4ec000  fef4000
#   4 CPUs       ea8a000  f4ec000  fedc000
#   maxcpus=4    eaa0000  f4ec000  fedc000
#   no S3        eaa0000  f4ec000  ff7c000
#   -vga none    eaa0000  f4ec000  fef4000
# What it means: a map recorded for a test belongs to one command line, not to "OVMF with 256 MiB". A golden layout that
#   changes when CI gets more CPUs is no regression; fix -smp and S3, or record the map in the same run.
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
boot() { # name, QEMU's arguments: writes the map to name.map, prints where the runtime data regions begin
    local name=$1
    shift
    cp usr/share/OVMF/OVMF_VARS_4M.fd "$name.fd"
    LD_LIBRARY_PATH=$libraries nice -n 10 timeout 60 "$qemu" -L usr/share/qemu -L usr/share/seabios \
        -machine q35,accel=tcg,smm=off -m 256 -net none -display none -serial stdio -monitor none \
        -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/OVMF/OVMF_CODE_4M.fd \
        -drive if=pflash,format=raw,unit=1,file="$name.fd" -drive file=fat:rw:disk,format=raw "$@" </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' > "$name.map"
    awk '$1 == "RT-data" { sub(/^0+/, "", $2); sub(/-.*/, "", $2); print $2 }' "$name.map" | paste -sd' '
}
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
declare -A at
at[one]=$(boot one)
at[four]=$(boot four -smp 4)
at[later]=$(boot later -smp 1,maxcpus=4)
at[nosleep]=$(boot nosleep -global ICH9-LPC.disable_s3=1)
at[blind]=$(boot blind -vga none)
for name in one four later nosleep blind; do printf '%-8s %s\n' "$name" "${at[$name]}"; done
[[ ${at[one]} == "eaa0000 f4ec000 fef4000" ]] || { echo "CHANGED: other addresses than described"; exit 1; }
[[ ${at[four]} == "ea8a000 f4ec000 fedc000" && ${at[later]} == "eaa0000 f4ec000 fedc000" &&
    ${at[nosleep]} == "eaa0000 f4ec000 ff7c000" && ${at[blind]} == "${at[one]}" ]] ||
    { echo "CHANGED: CPUs or S3 move other regions than described"; exit 1; }
echo "as described"
