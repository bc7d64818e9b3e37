#!/usr/bin/env bash
# GRUB: cutmem writes into the firmware's own memory map, as unusable memory; lsmmap merges no neighbours.
#
# Guess: cutmem changes the list that GRUB itself hands on (lsmmap), while the firmware's map (lsefimmap), which a
#   kernel started through EFI asks for again, stays as it is. Of a range that is partly in use the free part is cut;
#   one that begins inside a page is rounded inwards. lsmmap shows neighbours of one kind as one, as e820 would.
# Behaviour: GRUB allocates the range from the firmware with the type unusable, rounded outwards to pages, so every
#   later reader of the map finds three regions where one was. Of a range that reaches into memory in use (here GRUB's
#   own) nothing is cut, and nothing is said. lsmmap has a line for each descriptor; runtime code is "RAM holding
#   firmware code" and runtime data "reserved RAM".
# Seen (GRUB 2.06-13+deb12u2 on ovmf 2022.11-6+deb12u2, QEMU 7.2.22 without KVM, 512 MiB; 2026-12-01):
#   cutmem 0x10000000 0x11000000    unusable  0000000010000000-0000000010ffffff
#   cutmem 0x3000800 0x3003800      unusable  0000000003000000-0000000003003fff
#   cutmem 0x14000000 0x15000000    nothing, though all below 0x14754000 is free
#   lsmmap                          as many lines as the firmware has descriptors, over 100 of them "available RAM"
# Linux 6.1.192, started from there, has both in its efi=debug list and as "Unusable memory" in /proc/iomem (once, by
#   hand); they change no address of a runtime region.
# What it means: unusable memory (type 8) in a map need not come from the firmware, and a map recorded before the boot
#   loader ran lacks it. Rules must not take type 8 for never seen.
# Needs: apt's package lists of Debian 12, about a minute. QEMU is taken from Debian if there is none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
get() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@"; }
get ovmf=2022.11-6+deb12u2 grub-efi-amd64-bin=2.06-13+deb12u2 grub-common=2.06-13+deb12u2 libdevmapper1.02.1 liblzma5
qemu=$(command -v qemu-system-x86_64 || true)
if [[ -z $qemu ]]; then
    get $(apt-get -s --no-install-recommends install qemu-system-x86 | awk '/^Inst/{print $2}')
    qemu=usr/bin/qemu-system-x86_64
fi
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find . -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
mkdir -p disk/EFI/BOOT
cat > grub.cfg <<'GRUB'
terminal_output console
set pager=0
echo FIRST
lsefimmap
cutmem 0x10000000 0x11000000
cutmem 0x3000800 0x3003800
cutmem 0x14000000 0x15000000
echo SECOND
lsefimmap
echo THIRD
lsmmap
halt
GRUB
LD_LIBRARY_PATH=$libraries usr/bin/grub-mkimage -d usr/lib/grub/x86_64-efi -O x86_64-efi -p /EFI/BOOT -c grub.cfg \
    -o disk/EFI/BOOT/BOOTX64.EFI lsefimmap lsmmap mmap halt echo terminal normal
LD_LIBRARY_PATH=$libraries "$qemu" --version | head -1
cp usr/share/OVMF/OVMF_VARS_4M.fd store.fd
LD_LIBRARY_PATH=$libraries nice -n 10 timeout 120 "$qemu" -L usr/share/qemu -L usr/share/seabios \
    -machine q35,accel=tcg,smm=off -m 512 -net none -display none -serial stdio -monitor none \
    -drive if=pflash,format=raw,unit=0,readonly=on,file=usr/share/OVMF/OVMF_CODE_4M.fd \
    -drive if=pflash,format=raw,unit=1,file=store.fd -drive file=fat:rw:disk,format=raw </dev/null |
    tr -d '\r' | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' > all.txt || true
sed -n '/^FIRST/,/^SECOND/p' all.txt | grep ' UC' > before || true
sed -n '/^SECOND/,/^THIRD/p' all.txt | grep ' UC' > after || true
sed -n '/^THIRD/,$p' all.txt | grep '^base_addr' > listed || true
[[ $(wc -l < before) -gt 90 ]] || { echo "CHANGED: no memory map in the output"; cat all.txt; exit 1; }
echo "descriptors before $(wc -l < before), after $(wc -l < after), lines of lsmmap $(wc -l < listed)"
diff before after || true
grep -E 'faulty|firmware' listed || true
expected='0000000003000000-0000000003003fff 0000000010000000-0000000010ffffff '
[[ $(awk '$1 == "unusable" { printf "%s ", $2 }' after) == "$expected" ]] || { echo "CHANGED: cut otherwise"; exit 1; }
[[ $(wc -l < after) -eq $(($(wc -l < before) + 4)) ]] || { echo "CHANGED: not four regions more"; exit 1; }
[[ $(wc -l < listed) -eq $(wc -l < after) ]] || { echo "CHANGED: lsmmap merges"; exit 1; }
[[ $(grep -c 'available' listed) -gt 100 ]] || { echo "CHANGED: lsmmap merges"; exit 1; }
if ! grep -q 'firmware code' listed; then
    echo "CHANGED: runtime code is called otherwise"
    exit 1
fi
echo "as described"
