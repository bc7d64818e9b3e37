#!/usr/bin/env bash
# tree-sitter-c: (u64)-1 is read as "u64 minus 1", (u64)(x) as a call, (u64)*p as a product; no ERROR node.
#
# Guess: a cast to a typedef is a cast_expression. Where the grammar cannot know (a typedef's name looks like a
#   variable), there would be an error, or a cast, since casts are so common.
# Behaviour: whatever can be a binary operator or a call is taken for one, if the type in brackets is a name that the
#   grammar does not know. It knows uint64_t and size_t, not u64, phys_addr_t, efi_status_t. An operand that cannot
#   follow a value saves the cast: (u64)x, (u64)~x, ~(u64)0.
# Seen (tree-sitter 0.26.1, tree-sitter-c 0.24.2; 2026-11-27), has_error False in every row:
#   (u64)-1         binary_expression      (uint64_t)-1    cast_expression
#   (u64)(x)        call_expression        (uint64_t)(x)   cast_expression
#   (u64)*p         binary_expression      (u64)~x         cast_expression
#   (u64)&p         binary_expression      (u64)x          cast_expression
# What it means: kernel code has all four (ULONG_MAX by any other name is (u64)-1). A front end has to collect the
#   typedefs itself and turn these shapes back into casts by name; a refusal of ERROR nodes does not catch them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check tree-sitter==0.26.1 tree-sitter-c==0.24.2
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import tree_sitter
import tree_sitter_c

print(*(f"{name} {version(name)}" for name in ("tree-sitter", "tree-sitter-c")))
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))
EXPECTED = {
    "(u64)-1": "binary_expression",
    "(u64)(x)": "call_expression",
    "(u64)*p": "binary_expression",
    "(u64)&p": "binary_expression",
    "(u64)~x": "cast_expression",
    "(u64)x": "cast_expression",
    "(uint64_t)-1": "cast_expression",
    "(uint64_t)(x)": "cast_expression",
    "(unsigned long)-1": "cast_expression",
}


def expression(node):
    if node.type == "return_statement":
        return node.named_children[0]
    return next((found for child in node.children if (found := expression(child))), None)


for text, kind in EXPECTED.items():
    code = f"typedef unsigned long long u64;\nu64 f(u64 x, u64 *p) {{ return {text}; }}\n"
    root = parser.parse(code.encode()).root_node
    seen = expression(root).type
    print(f"{text:18} {seen:18} has_error {root.has_error}")
    if seen != kind or root.has_error:
        sys.exit("CHANGED: this cast is read otherwise now")
print("as described")
PY
