#!/usr/bin/env bash
# dt-validate: the rules for reserved memory are applied only to children with a known `compatible`; its status is 0
# whatever it finds.
#
# Guess: a region below /reserved-memory that is both no-map and reusable, which dtschema's own rules exclude, is
#   refused wherever it is; and a validator that found something exits with another status than 0.
# Behaviour: the rules are in a schema that others refer to (shared-dma-pool, framebuffer); a child without
#   `compatible`, as firmware adds for itself, is matched by none of them. A memory node whose unit address is not that
#   of its reg, and regions that overlap, are no matter either (dtc, too, says nothing of both). Messages go to the
#   output, the status is 0.
# Seen (dtschema 2026.9, device-tree-compiler 1.6.1-4+b1; 2026-12-01):
#   no compatible                      no message, status 0
#   compatible = "shared-dma-pool"     "should not be valid under {'required': ['reusable']}" and more, status 0
# What it means: "dt-validate is silent" says nothing about memory reserved by firmware; a job in CI has to look at the
#   output, and overlap has to be checked by other means.
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check dtschema==2026.9
apt-get download -qq -o APT::Sandbox::User="$(id -un)" \
    device-tree-compiler=1.6.1-4+b1 libfdt1=1.6.1-4+b1 libyaml-0-2=0.2.5-1
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH PATH=$work/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
echo "dtschema $(venv/bin/dt-validate -V), $(dtc --version)"
tree() { # what every reserved child has beside its place
    cat <<DTS
/dts-v1/;
/ {
    compatible = "vendor,board"; model = "board"; #address-cells = <2>; #size-cells = <2>;
    memory@80000000 { device_type = "memory"; reg = <0 0x90000000 0 0x20000000>; };
    reserved-memory {
        #address-cells = <2>; #size-cells = <2>; ranges;
        one@90000000 { reg = <0 0x90000000 0 0x2000>; no-map; reusable; $1 };
        two@90001000 { reg = <0 0x90001000 0 0x2000>; no-map; reusable; $1 };
    };
};
DTS
}
tree '' > plain.dts
tree 'compatible = "shared-dma-pool";' > pool.dts
for name in plain pool; do
    dtc -O dtb -o $name.dtb $name.dts 2> $name.warnings
    status=0
    venv/bin/dt-validate $name.dtb > $name.txt 2>&1 || status=$?
    echo "$name: $(wc -l < $name.warnings) warnings of dtc, $(wc -l < $name.txt) lines of dt-validate, status $status"
    [[ $status == 0 ]] || { echo "CHANGED: status $status"; exit 1; }
done
grep -m 1 -o "should not be valid.*" pool.txt || { echo "CHANGED: nothing is said about a pool"; exit 1; }
[[ ! -s plain.txt ]] || { echo "CHANGED: plain children are checked"; cat plain.txt; exit 1; }
[[ ! -s plain.warnings ]] || { echo "CHANGED: dtc warns"; cat plain.warnings; exit 1; }
echo "as described"
