#!/usr/bin/env bash
# edk2-pytool-library: VariableStore lists deleted UEFI variables among the living, and opens the file for writing.
#
# Guess: VariableStore(file).variables are the variables that the firmware would find there; looking changes no file.
# Behaviour: every header up to the end of the store is listed, whatever its State; a variable that was written several
#   times is there several times, oldest first, so a look-up by name finds a deleted value. The constructor opens the
#   file read-write and maps it, so to look one needs the right to write.
# Seen (edk2-pytool-library 0.23.17, ovmf 2022.11-6+deb12u2; 2026-11-27), OVMF_VARS_4M.ms.fd:
#   57 listed, 31 of them added and not deleted (State 0x3f); ConOut is listed six times; the only BootOrder entries are
#   deleted ones
# What it means: filter by State: living is 0x3f (or 0x3e while it is being replaced). Copy the image before looking,
#   and take the last one of a name, not the first. virt-fw-vars of virt-firmware 26.10 lists only the living.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check edk2-pytool-library==0.23.17
cd "$work"
apt-get download -qq -o APT::Sandbox::User="$(id -un)" ovmf=2022.11-6+deb12u2
dpkg -x ovmf_*.deb .
cp usr/share/OVMF/OVMF_VARS_4M.ms.fd vars.fd
"$work/venv/bin/python" - <<'PY'
import builtins
import os
import struct
import sys
from collections import Counter
from importlib.metadata import version

from edk2toollib.uefi.edk2.variablestore_manulipulations import VariableStore

print("edk2-pytool-library", version("edk2-pytool-library"), "ovmf 2022.11-6+deb12u2")
with open("vars.fd", "rb") as file:
    size = struct.unpack_from("<Q", file.read(), 32)[0]
modes, plain = [], builtins.open


def watched(name, mode="r", *rest, **more):
    if os.path.basename(name) == "vars.fd":
        modes.append(mode)
    return plain(name, mode, *rest, **more)


builtins.open = watched
store = VariableStore("vars.fd", 0, size)
builtins.open = plain
states = Counter(hex(each.State) for each in store.variables)
living = [each.Name for each in store.variables if each.State == 0x3F]
names = Counter(each.Name for each in store.variables)
order = [hex(each.State) for each in store.variables if each.Name == "BootOrder"]
print("opened with mode", modes, "| listed", len(store.variables), "| by state", dict(states))
print("living", len(living), "| ConOut listed", names["ConOut"], "times | states of BootOrder", order)
if not any("+" in mode for mode in modes) or len(store.variables) == len(living) or "0x3f" in order:
    sys.exit("CHANGED: only living variables are listed, or the file is opened for reading")
if (len(store.variables), len(living), names["ConOut"]) != (57, 31, 6):
    sys.exit("CHANGED: other numbers than described")
print("as described")
PY
