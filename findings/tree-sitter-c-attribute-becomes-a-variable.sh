#!/usr/bin/env bash
# tree-sitter-c: the macro in `struct d { ... } __packed;` is read as a variable named __packed, without an ERROR node.
#
# Guess: an unknown word after a struct's closing brace is an error, as an unknown word before a function's name is.
# Behaviour: it is a declaration: a variable of that struct, named like the attribute. The struct looks unpacked, so its
#   offsets are computed wrongly; and two packed structs in a file "define" the same variable twice. Elsewhere the same
#   kind of macro does make an ERROR node: after a variable, or after a member. The attribute spelled out is seen as
#   one.
# Seen (tree-sitter 0.26.1, tree-sitter-c 0.24.2; 2026-11-27):
#   struct d { char a; long b; } __packed;                       declaration of __packed, has_error False
#   struct d { char a; long b; } __attribute__((packed));        struct_specifier with attribute_specifier
#   static u64 cursor __ro_after_init = 1;                       has_error True
#   if (x ?: y) ...                                              conditional_expression without a consequence field
# What it means: a front end for kernel structures must look for declarators whose name begins with two underscores, or
#   strip the known macros first. Asking for child_by_field_name("consequence") of `a ?: b` gives None, not an error.
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


def root(code):
    node = parser.parse(code.encode()).root_node
    print(code, "->", node, "has_error", node.has_error)
    return node


def find(node, kind):
    if node.type == kind:
        return node
    return next((found for child in node.children if (found := find(child, kind))), None)


macro = root("struct d { char a; long b; } __packed;")
spelled = root("struct d { char a; long b; } __attribute__((packed));")
variable = root("static u64 cursor __ro_after_init = 1;")
short = find(root("int f(int x, int y) { return x ?: y; }"), "conditional_expression")
declared = macro.children[0].child_by_field_name("declarator")
if macro.has_error or declared is None or declared.text != b"__packed":
    sys.exit("CHANGED: __packed is no variable any more")
if spelled.has_error or find(spelled, "attribute_specifier") is None or not variable.has_error:
    sys.exit("CHANGED: attributes elsewhere are read otherwise now")
if short is None or short.child_by_field_name("consequence") is not None:
    sys.exit("CHANGED: `x ?: y` is read otherwise now")
print("as described")
PY
