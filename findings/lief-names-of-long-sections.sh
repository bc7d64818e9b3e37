#!/usr/bin/env bash
# LIEF and pefile: shim's section .vendor_cert is not found by its name.
#
# Guess: a PE parser gives the name that objdump shows, and get_section(".vendor_cert") finds the section.
# Behaviour: a name of more than eight characters stands in the COFF string table, and the header has "/37". Both
#   libraries give "/37" as the name; LIEF's `fullname` is not the full name but the eight raw bytes. LIEF does know the
#   long name: it is in `coff_string`. With pefile one has to read the string table oneself.
# Seen (lief 1.0.0, pefile 2024.8.26, Debian's shim-unsigned; 2026-11-27), shimx64.efi:
#   lief    .name "/37", .fullname b"/37\0\0\0\0\0", .coff_string ".vendor_cert"; get_section(".vendor_cert") is None
#   pefile  Name b"/37\0\0\0\0\0"
#   the same with .eh_frame, .data.ident, .sbatlevel; .sbat is short and is found
# What it means: a check of signed boot files that looks for .vendor_cert or .sbatlevel by name finds nothing and may
#   take that for "has none". Look names up through coff_string first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check lief==1.0.0 pefile==2024.8.26
cd "$work"
apt-get download -qq -o APT::Sandbox::User="$(id -un)" shim-unsigned=16.1-2~deb12u1
dpkg -x shim-unsigned_*.deb .
"$work/venv/bin/python" - "$(find . -name shimx64.efi)" <<'PY'
import sys
from importlib.metadata import version

import lief
import pefile

print("lief", version("lief"), "pefile", version("pefile"), "shim-unsigned 16.1-2~deb12u1")
image = lief.parse(sys.argv[1])
longs = {}
for section in image.sections:
    if section.coff_string is not None:
        longs[section.coff_string.string] = (section.name, bytes(section.fullname))
print("lief:", longs)
raw = [section.Name for section in pefile.PE(sys.argv[1], fast_load=True).sections]
print("pefile:", raw)
print("get_section:", image.get_section(".vendor_cert"), "|", image.get_section(".sbat").name)
if ".vendor_cert" not in longs or not longs[".vendor_cert"][0].startswith("/"):
    sys.exit("CHANGED: LIEF gives long names now")
if image.get_section(".vendor_cert") is not None or image.get_section(".sbat") is None:
    sys.exit("CHANGED: LIEF finds sections otherwise now")
if not any(name.startswith(b"/") for name in raw):
    sys.exit("CHANGED: pefile gives long names now")
print("as described")
PY
