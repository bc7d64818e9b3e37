#!/usr/bin/env bash
# dtc: a /memreserve/ of size 0 hides all that follow, and fdtoverlay drops those of the overlay; nothing is said.
#
# Guess: dtc refuses, or warns of, a reservation that no reader gets past; what it writes it reads back; an overlay's
#   reservations are added to those of the tree it is applied to.
# Behaviour: the specification ends the list with an entry whose address and size are both 0. dtc and libfdt stop at
#   size 0 whatever the address; fdtdump and the Python package fdt read on to the entry of two zeros. dtc writes the
#   entry without a warning, so a tree that goes through it twice has lost reservations. fdtoverlay merges nodes only.
# Seen (device-tree-compiler 1.6.1-4+b1, pylibfdt 1.7.2.post2, fdt 0.3.3; 2026-12-01), reservations read from a
#   blob with three of sizes 0x10000, 0, 0x1000:
#   dtc 1, libfdt 1, fdtdump 3, fdt 3
#   after fdtoverlay with an overlay that reserves 0x40000000: the base tree's only
# What it means: a memory map from a device tree depends on its reader: what Linux, which uses libfdt, does not see it
#   gives away as free memory. Refuse a size of 0, and take reservations as nodes under /reserved-memory.
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pylibfdt==1.7.2.post2 fdt==0.3.3
apt-get download -qq -o APT::Sandbox::User="$(id -un)" \
    device-tree-compiler=1.6.1-4+b1 libfdt1=1.6.1-4+b1 libyaml-0-2=0.2.5-1
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH PATH=$work/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
dtc --version
cat > tree.dts <<'DTS'
/dts-v1/;
/memreserve/ 0x80000000 0x10000;
/memreserve/ 0x70000000 0x0;
/memreserve/ 0x60000000 0x1000;
/ { #address-cells = <2>; #size-cells = <2>; };
DTS
cat > overlay.dts <<'DTS'
/dts-v1/;
/plugin/;
/memreserve/ 0x40000000 0x1000;
/ { fragment@0 { target-path = "/"; __overlay__ { added = <1>; }; }; };
DTS
dtc -O dtb -o tree.dtb tree.dts 2> warnings
sed '/ 0x0;/d' tree.dts | dtc -q -@ -O dtb -o base.dtb
dtc -q -@ -O dtb -o overlay.dtbo overlay.dts
fdtoverlay -i base.dtb -o both.dtb overlay.dtbo
count() { grep -c '^/memreserve/' || true; }
echo "warnings of dtc: $(wc -l < warnings)"
once=$(dtc -q -I dtb -O dts tree.dtb | count)
dumped=$(fdtdump tree.dtb 2> /dev/null | count)
python=$(venv/bin/python - <<'PY'
import fdt
import libfdt

with open("tree.dtb", "rb") as file:
    blob = file.read()
print(libfdt.Fdt(blob).num_mem_rsv(), len(fdt.parse_dtb(blob).entries))
PY
)
echo "read from one blob: dtc $once, fdtdump $dumped, libfdt and fdt $python"
fdtdump both.dtb 2> /dev/null | grep -E '^/memreserve|added'
[[ ! -s warnings ]] || { echo "CHANGED: dtc warns"; cat warnings; exit 1; }
[[ "$once $dumped $python" == "1 3 1 3" ]] || { echo "CHANGED: the list ends elsewhere"; exit 1; }
fdtdump both.dtb 2> /dev/null | grep -q 'added' || { echo "CHANGED: the overlay was not applied"; exit 1; }
if fdtdump both.dtb 2> /dev/null | grep -q '/memreserve/ 0x40000000'; then
    echo "CHANGED: the overlay's reservation is kept"
    exit 1
fi
echo "as described"
