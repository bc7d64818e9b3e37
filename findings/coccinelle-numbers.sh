#!/usr/bin/env bash
# Coccinelle: the pattern 4096 finds 0x1000, but not 4096UL, 4096u, 4096ULL or 010000.
#
# Guess: a number in a semantic patch is compared as text, so 4096 finds 4096 only (or else by its value, so that every
#   spelling of it is found).
# Behaviour: between: hexadecimal without a suffix is the same number, octal is not, and a suffix makes another one. The
#   order of the operands of + is no matter.
# Seen (coccinelle 1.1.1.deb-2+b1 with its own standard.iso; 2026-12-01), found by "e + 4096":
#   x + 4096, x + 0x1000, 4096 + x, (x) + 4096
#   not: x + 4096u, x + 4096UL, x + 0x1000UL, x + 4096ULL, x + 010000
# What it means: sizes and masks in kernel code mostly have a suffix, so a search for a page size or for 2 MiB by number
#   misses most of them without a word. List the spellings, as a disjunction in the pattern.
# Needs: apt's package lists of Debian 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User="$(id -un)" coccinelle=1.1.1.deb-2+b1 libpcre3=2:8.39-15
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH COCCINELLE_HOME=$work/usr/lib/coccinelle
LD_LIBRARY_PATH=$(find "$work" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
usr/bin/spatch --version | head -1
cat > rule.cocci <<'COCCI'
@@ expression e; @@
- e + 4096
+ FOUND(e)
COCCI
found=
while IFS= read -r expression; do
    echo "unsigned long f(unsigned long x) { return $expression; }" > one.c
    usr/bin/spatch --very-quiet --sp-file rule.cocci one.c > patch 2>&1
    if grep -q '^+.*FOUND' patch; then mark=yes; else mark=no; fi
    echo "$expression: $mark"
    found+="$mark "
done <<'C'
x + 4096
x + 0x1000
4096 + x
(x) + 4096
x + 4096u
x + 4096UL
x + 0x1000UL
x + 4096ULL
x + 010000
C
[[ $found == "yes yes yes yes no no no no no " ]] || { echo "CHANGED: other numbers are found"; exit 1; }
echo "as described"
