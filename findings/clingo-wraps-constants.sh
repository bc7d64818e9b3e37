#!/usr/bin/env bash
# clingo: a constant beyond 31 bits in a logic program is reduced to 32 bits with a sign, and no message says so.
#
# Guess: 2147483648 is kept, or refused, or reduced with a warning, as 1 / 0 has one.
# Behaviour: constants, sums, products, powers, intervals and aggregates wrap in silence; so an interval over the border
#   is empty and a sum of large weights is negative.
# Seen (clingo 5.8.3; 2026-12-01):
#   a(2147483648).  a(4294967295).  a(2**40).          a(-2147483648)  a(-1)  a(0)
#   a(4096*1048576).                                   a(0)
#   a(X) :- X = 2147483640..2147483650.                no atom
#   the sum of 2147483647 and 2147483647               -2
#   a(1/0).                                            no atom, "operation undefined"
# What it means: addresses and sizes do not go into an answer set program as bytes: a page number of 20 bits does, and
#   a check of the range has to come before clingo sees it. Strings keep every digit, but have no arithmetic.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check clingo==5.8.3
"$work/venv/bin/python" - <<'PY'
"""Ground and solve small programs; print the atoms and the messages."""

import sys

import clingo

print("clingo", clingo.__version__)


def solve(program: str) -> tuple[str, list[str]]:
    messages: list[str] = []
    control = clingo.Control(["0"], logger=lambda code, text: messages.append(code.name))
    control.add("base", [], program)
    control.ground([("base", [])])
    shown: list[str] = []
    control.solve(on_model=lambda model: shown.append(" ".join(sorted(map(str, model.symbols(shown=True))))))
    return shown[0], messages


EXPECTED = {
    "a(2147483647).": ("a(2147483647)", []),
    "a(2147483648).": ("a(-2147483648)", []),
    "a(4294967295).": ("a(-1)", []),
    "a(0xffffffff).": ("a(-1)", []),
    "a(2**40).": ("a(0)", []),
    "a(4096*1048576).": ("a(0)", []),
    "a(X) :- X = 2147483640..2147483650.": ("", []),
    "b(2147483647). a(S) :- S = #sum { X,1 : b(X); X,2 : b(X) }. #show a/1.": ("a(-2)", []),
    "a(1/0).": ("", ["OperationUndefined"]),
}
seen = {program: solve(program) for program in EXPECTED}
for program, (atoms, messages) in seen.items():
    print(f"{program:75} {atoms or 'no atom'} {messages or ''}")
if seen != EXPECTED:
    sys.exit("CHANGED: other atoms or messages")
print("as described: 32 bits, in silence")
PY
