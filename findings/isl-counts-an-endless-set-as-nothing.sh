#!/usr/bin/env bash
# isl: count_val() of a set without an end is 0, and of one that is partly bounded the size of that part.
#
# Guess: the count of an endless set is infinity (isl has such a value), and a set with a parameter is refused.
# Behaviour: what is not bounded, and what depends on a parameter, counts as nothing; added to a bounded piece it leaves
#   the bounded piece's number.
# Seen (islpy 2026.2.2; 2026-12-01):
#   { [x] : x >= 0 }                               0
#   { [x] : 0 <= x <= 5 or x >= 10 }               6
#   [n] -> { [x] : 0 <= x < n }                    0
#   [n] -> { [x] : 0 <= x < 10 and n >= 0 }        0
#   { [x] : 0 <= x < 2^64 and x mod 4096 = 0 }     4503599627370496, which is right
#   the maximum of { [x] : x >= 0 }                infty
# What it means: "no address is uncovered" must not be asked as "the count is 0": a forgotten upper bound gives that
#   answer for every question. Ask is_empty(), and is_bounded() before any count.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check islpy==2026.2.2
"$work/venv/bin/python" - <<'PY'
"""Count sets of integers."""

import sys
from importlib.metadata import version

import islpy

print("islpy", version("islpy"))
EXPECTED = {
    "{ [x] : x >= 0 }": ("0", False),
    "{ [x] : 0 <= x <= 5 or x >= 10 }": ("6", False),
    "[n] -> { [x] : 0 <= x < n }": ("0", True),
    "[n] -> { [x] : 0 <= x < 10 and n >= 0 }": ("0", True),
    "{ [x] : 0 <= x < 2^64 and x mod 4096 = 0 }": (str(2**52), True),
}
seen = {}
for text in EXPECTED:
    made = islpy.Set(text)
    seen[text] = made.count_val().to_str(), made.is_bounded()
    print(f"{text:45} count {seen[text][0]}, bounded {seen[text][1]}, empty {made.is_empty()}")
    if made.is_empty():
        sys.exit("CHANGED: such a set is empty now")
highest = islpy.Set("{ [x] : x >= 0 }").dim_max_val(0).to_str()
print("maximum:", highest)
if seen != EXPECTED or highest != "infty":
    sys.exit("CHANGED: counted otherwise now")
print("as described")
PY
