#!/usr/bin/env bash
# libclang: without the kernel's headers a function becomes a variable, a struct has size 1, and a loop's body runs
#   once.
#
# Guess: a translation unit with errors is partly missing, and what is there is right; an unknown type makes a node that
#   says so.
# Behaviour: the tree looks complete and is wrong. Nothing raises; the errors are in a list that one has to ask for.
#   - static void __init f(u64 x) { ... }   is a VAR_DECL named __init, of type void; no function f.
#   - struct with u64 members              the members are there, of type int; get_size() is 1, get_fields() is empty.
#   - u64 y = x + 1; return y << 40;       the function is there, takes an int, and its body is empty.
#   - for_each_md(md) { n++; }             a call, and after it a block that belongs to nothing, so it runs once.
# Seen (libclang 18.1.1, 2026-11-27); each with two to four errors among the diagnostics. And <stddef.h> is "not found",
#   since the wheel brings no headers of its own, so that size_t is an int.
# What it means: refuse a translation unit with any diagnostic of severity Error before reading a single node; give the
#   annotations as -D__init= and the like, and the types as a prelude of one's own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check libclang==18.1.1
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from clang.cindex import Index

print("libclang", version("libclang"))


def unit(code, *args):
    made = Index.create().parse("a.c", args=list(args), unsaved_files=[("a.c", code)])
    return made.cursor, [each.spelling for each in made.diagnostics if each.severity >= 3]


def show(node, depth=0):
    line = f"{' ' * depth}{node.kind.name} {node.spelling} {node.type.spelling}\n"
    return line + "".join(show(child, depth + 1) for child in node.get_children())


TYPE = "typedef unsigned long long u64;\n"
annotated, errors = unit(TYPE + "static void __init f(u64 x) { u64 y = x; }\n")
print(show(annotated), errors)
first = [(node.kind.name, node.spelling) for node in annotated.get_children()][1:]
helped, none = unit(TYPE + "static void __init f(u64 x) { u64 y = x; }\n", "-D__init=")
struct, struct_errors = unit("struct d { u64 a; u64 b; };\n")
print(show(struct), struct_errors)
kind = next(struct.get_children()).type
members = [node.type.spelling for node in next(struct.get_children()).get_children()]
print("size", kind.get_size(), "fields", len(list(kind.get_fields())))
body, body_errors = unit("u64 f(u64 x) { u64 y = x + 1; return y << 40; }\n")
print(show(body), body_errors)
loop, loop_errors = unit("int f(int md) { int n = 0; for_each_md(md) { n++; } return n; }\n")
print(show(loop), loop_errors)
statements = [node.kind.name for node in list(list(loop.get_children())[0].get_children())[-1].get_children()]
if first != [("VAR_DECL", "__init")] or none or not (errors and struct_errors and body_errors and loop_errors):
    sys.exit("CHANGED: the annotated function")
if members != ["int", "int"] or kind.get_size() != 1 or list(kind.get_fields()):
    sys.exit("CHANGED: the struct")
if "int (int)" not in show(body) or "RETURN_STMT" in show(body):
    sys.exit("CHANGED: the function's body")
if statements != ["DECL_STMT", "CALL_EXPR", "COMPOUND_STMT", "RETURN_STMT"]:
    sys.exit("CHANGED: the loop")
print("as described")
PY
