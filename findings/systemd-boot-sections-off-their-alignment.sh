#!/usr/bin/env bash
# systemd-boot and its stub: sections begin off their own SectionAlignment, and two or three share one page.
#
# Guess: in an image that every UEFI firmware loads, sections begin at multiples of SectionAlignment, as the PE format
#   says, and that is a page, so that memory can be protected section by section; a PE reader would warn otherwise.
# Behaviour: SectionAlignment is 512 bytes, and .sdmagic or .sbat and .osrel begin at multiples of neither that nor a
#   page. pefile warns of relocations but not of this. The Debian kernel's own image has 4 KiB and begins each section
#   there.
# Seen (systemd-boot-efi 252.39-1~deb12u2, pefile 2024.8.26; 2026-12-01):
#   linuxx64.efi.stub     alignment 0x200    .sdmagic at 0x19100, in the page of .sbat
#   systemd-bootx64.efi   alignment 0x200    .sbat at 0x28040, .osrel at 0x28140, in the page of .sdmagic
# What it means: permissions are set by the page, so firmware can protect the sections of such an image only all alike
#   (EDK II leaves them all writable and executable). Do not expect a boot loader's image to come in pieces of one
#   permission, and do not take section addresses for page-aligned.
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pefile==2024.8.26
apt-get download -qq -o APT::Sandbox::User="$(id -un)" systemd-boot-efi=252.39-1~deb12u2
dpkg -x systemd-boot-efi_*.deb .
venv/bin/python - <<'PY'
import sys
from importlib.metadata import version

import pefile

print("pefile", version("pefile"), "systemd-boot-efi 252.39-1~deb12u2")
EXPECTED = {
    "linuxx64.efi.stub": {".sdmagic": 0x19100},
    "systemd-bootx64.efi": {".sbat": 0x28040, ".osrel": 0x28140},
}
changed = False
for name, expected in EXPECTED.items():
    image = pefile.PE(f"usr/lib/systemd/boot/efi/{name}")
    alignment = image.OPTIONAL_HEADER.SectionAlignment
    places = {each.Name.rstrip(b"\0").decode(): each.VirtualAddress for each in image.sections}
    off = {section: place for section, place in places.items() if place % alignment}
    pages = [place // 4096 for place in places.values()]
    shared = [section for section, place in off.items() if pages.count(place // 4096) > 1]
    warned = [text for text in image.get_warnings() if "lign" in text]
    print(f"{name}: alignment {alignment:#x}, off it", {each: hex(place) for each, place in off.items()})
    print("  in a page with others:", *shared, "| warnings of it:", len(warned))
    changed |= alignment != 0x200 or off != expected or shared != list(off) or bool(warned)
if changed:
    sys.exit("CHANGED: sections lie otherwise")
print("as described")
PY
