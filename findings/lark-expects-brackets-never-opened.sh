#!/usr/bin/env bash
# Lark: its error for a stray character offers a closing bracket that nobody opened.
#
# Guess: what an LALR error lists as expected is what could stand there.
# Behaviour: LALR merges states, so `expected` holds what could stand there in some text or other. The message of
#   UnexpectedToken is made from `accepts`, which is right. UnexpectedCharacters has no `accepts`; its message and its
#   `allowed` are the merged list. The right answer is at hand even then: error.interactive_parser.accepts().
# Seen (lark 1.3.1, contextual lexer; 2026-11-27), a grammar of sums with brackets:
#   "a = 5 b"   expected PLUS RPAR SEMICOLON   accepts PLUS SEMICOLON   the message offers the latter
#   "a = 5 $"   allowed  PLUS RPAR SEMICOLON                            the message offers all three
#   "a = (5 $"  allowed  PLUS RPAR SEMICOLON   though a semicolon cannot follow
# What it means: build "expected one of" from accepts() for both kinds of error, never from `expected` or `allowed`: or
#   a language tells its users to close what is not open.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check lark==1.3.1
"$work/venv/bin/python" - <<'PY'
import sys

import lark

print("lark", lark.__version__)
GRAMMAR = r"""
start: (NAME "=" sum ";")*
sum: atom ("+" atom)*
atom: NUM | NAME | "(" sum ")"
NAME: /[a-z]+/
NUM: /[0-9]+/
%ignore /\s+/
"""
parser = lark.Lark(GRAMMAR, parser="lalr")
seen = []
for text in ("a = 5 b", "a = 5 $", "a = (5 $"):
    try:
        parser.parse(text)
    except lark.UnexpectedInput as error:
        listed = error.expected if isinstance(error, lark.UnexpectedToken) else error.allowed
        offered = [name for name in ("PLUS", "RPAR", "SEMICOLON") if f"* {name}" in str(error)]
        can_be = sorted(error.interactive_parser.accepts())
        seen.append((sorted(listed), offered, can_be))
        print(f"{text!r:11} {type(error).__name__}: listed {sorted(listed)}, offered {offered}, possible {can_be}")
every = ["PLUS", "RPAR", "SEMICOLON"]
closed, opened = ["PLUS", "SEMICOLON"], ["PLUS", "RPAR"]
if seen != [(every, closed, closed), (every, every, closed), (every, every, opened)]:
    sys.exit("CHANGED: other tokens are offered now")
print("as described")
PY
