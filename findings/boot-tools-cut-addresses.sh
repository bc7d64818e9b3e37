#!/usr/bin/env bash
# fdtput and mkimage: an address beyond 32 bits is cut off without an error; fdtget prints one from 2 GiB on negative.
#
# Guess: fdtput refuses a number that does not fit a cell; its modifier for long numbers makes one of 64 bits; mkimage
#   refuses a load address that the 32 bits of its old header do not hold; fdtget prints addresses without a sign.
# Behaviour: fdtput and mkimage keep the lowest 32 bits and exit with 0; -t lx, which fdtput's usage text allows, writes
#   4 bytes too. mkimage's newer format (FIT) keeps all of the address. fdtget's default is a signed decimal, and a
#   64-bit property is printed as two of them. dtc and pylibfdt refuse what does not fit.
# Seen (device-tree-compiler 1.6.1-4+b1, pylibfdt 1.7.2.post2, u-boot-tools 2023.01+dfsg-2+deb12u3; 2026-12-01):
#   fdtput -t x tree.dtb / p 0x123456789      status 0, p = <0x23456789>
#   fdtput -t u tree.dtb / p 4294967296       status 0, p = <0x0>
#   fdtput -t lx tree.dtb / p 123456789       status 0, p = <0x23456789>
#   mkimage -A arm64 -a 0x180000000           status 0, Load Address: 80000000
#   mkimage -f, load = <0x1 0x80000000>       Load Address: 0x180000000
#   fdtget tree.dtb /memory@80000000 reg      0 -2147483648 0 536870912
#   dtc, <0x123456789>                        Error: ... Value out of range for 32-bit array element
# What it means: write addresses as two cells, read with -t x (or -t u), and join the cells by #address-cells; for what
#   is loaded above 4 GiB make a FIT image. Believe none of these tools' status.
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pylibfdt==1.7.2.post2
apt-get download -qq -o APT::Sandbox::User="$(id -un)" \
    device-tree-compiler=1.6.1-4+b1 libfdt1=1.6.1-4+b1 libyaml-0-2=0.2.5-1 u-boot-tools=2023.01+dfsg-2+deb12u3 libssl3
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH PATH=$work/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
dtc --version
cat > tree.dts <<'DTS'
/dts-v1/;
/ {
    #address-cells = <2>;
    #size-cells = <2>;
    memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x20000000>; };
};
DTS
dtc -O dtb -o tree.dtb tree.dts
put() { # type, number; prints what was written, or "refused"
    fdtput -t "$1" tree.dtb / p "$2" 2> /dev/null || { echo refused; return; }
    fdtget -t x tree.dtb / p
}
seen="$(put x 0x123456789) $(put u 4294967296) $(put lx 123456789)"
read_back=$(fdtget tree.dtb /memory@80000000 reg)
echo "fdtput: $seen | fdtget: $read_back"
printf '/dts-v1/;\n/ { p = <0x123456789>; };\n' > wide.dts
if dtc -q -O dtb -o wide.dtb wide.dts 2> refused; then echo "CHANGED: dtc takes it"; exit 1; fi
head -1 refused
venv/bin/python - <<'PY'
import sys

import libfdt

tree = libfdt.FdtSw()
tree.finish_reservemap()
with tree.add_node(""):
    pass
tree = tree.as_fdt()
tree.resize(256)
try:
    tree.setprop_u32(0, "p", 0x123456789)
except OverflowError as error:
    print("pylibfdt:", type(error).__name__, error)
else:
    sys.exit("CHANGED: pylibfdt takes it")
PY
printf 'not a kernel' > kernel
image="$(mkimage -A arm64 -O linux -T kernel -C none -a 0x180000000 -e 0x180000000 -n old -d kernel old.img |
    grep 'Load Address')" || { echo "CHANGED: mkimage refuses it"; exit 1; }
cat > new.its <<'DTS'
/dts-v1/;
/ {
    description = "new"; #address-cells = <2>;
    images {
        kernel {
            description = "kernel"; data = /incbin/("kernel"); type = "kernel"; arch = "arm64"; os = "linux";
            compression = "none"; load = <0x1 0x80000000>; entry = <0x1 0x80000000>;
        };
    };
    configurations { default = "one"; one { kernel = "kernel"; }; };
};
DTS
newer=$(mkimage -f new.its new.img 2> /dev/null | grep -m 1 'Load Address')
echo "mkimage: $image | as FIT: $newer"
[[ $image == *" 80000000" && $newer == *" 0x180000000" ]] || { echo "CHANGED: other load addresses"; exit 1; }
[[ $seen == "23456789 0 23456789" ]] || { echo "CHANGED: fdtput does otherwise"; exit 1; }
[[ $read_back == "0 -2147483648 0 536870912" ]] || { echo "CHANGED: fdtget prints otherwise"; exit 1; }
echo "as described"
