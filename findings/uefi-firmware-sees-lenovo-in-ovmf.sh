#!/usr/bin/env bash
# uefi-firmware: it labels 35 modules of QEMU's open firmware (OVMF) as Lenovo's, and finds no variable in its store.
#
# Guess: a parser of firmware images names the standard EDK II modules as EDK II does (PeiCore, RuntimeDxe), and reads
#   the variables of a store as it reads those of laptops.
# Behaviour: the names come from a table of identifiers collected from vendors' images, and whoever shipped a module
#   first lends the name: PeiCore is LENOVO_PEI_MAIN_GUID, RuntimeDxe LENOVO_SYSTEM_RUNTIME_DXE_GUID. The true name is
#   there too, as a section of its own. The variable store is recognised as "NVRAM_EVSA" and left as one raw section.
#   The exit status is 0, and nothing is said of what was not understood.
# Seen (uefi-firmware 1.16, ovmf 2022.11-6+deb12u2; 2026-11-27):
#   OVMF_CODE_4M.fd: 145 files, 35 of them labelled LENOVO_..., one DELL_...
#   OVMF_VARS_4M.ms.fd (31 living variables): one volume with no object in it
# What it means: an inventory of firmware by these labels says things about the vendor that are not so; use the names in
#   the user interface sections. For a variable store take another tool.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check uefi-firmware==1.16
cd "$work"
apt-get download -qq -o APT::Sandbox::User="$(id -un)" ovmf=2022.11-6+deb12u2
dpkg -x ovmf_*.deb .
for image in OVMF_CODE_4M OVMF_VARS_4M.ms; do
    venv/bin/uefi-firmware-parser usr/share/OVMF/$image.fd | sed 's/\x1b\[[0-9;]*m//g' > $image.txt
done
venv/bin/pip list 2>/dev/null | grep -i uefi
files=$(grep -c '^ *File [0-9]*:' OVMF_CODE_4M.txt)
lenovo=$(grep -c '^ *File .*(LENOVO_' OVMF_CODE_4M.txt || true)
dell=$(grep -c '^ *File .*(DELL_' OVMF_CODE_4M.txt || true)
grep -A5 '^ *File .*(LENOVO_' OVMF_CODE_4M.txt | grep -oE '\(LENOVO_[A-Z_]*|Name: .*' | head -8
echo "files $files, LENOVO $lenovo, DELL $dell"
cat OVMF_VARS_4M.ms.txt
grep -q BootOrder OVMF_VARS_4M.ms.txt && { echo "CHANGED: variables are read now"; exit 1; }
grep -q 'Raw section: NVRAM' OVMF_VARS_4M.ms.txt || { echo "CHANGED: the store is seen otherwise"; exit 1; }
[[ "$files $lenovo $dell" == "145 35 1" ]] || { echo "CHANGED: other labels"; exit 1; }
echo "as described"
