#!/usr/bin/env bash
# pygls: a change of a line is put into another one if a line separator of Unicode, or a form feed, stands above it.
#
# Guess: the Language Server Protocol ends lines at \n, \r\n and \r, and nowhere else; a server's copy of a text is the
#   editor's after any number of incremental changes, whatever characters are in it.
# Behaviour: the text is cut with `str.splitlines`, which also ends lines at U+2028, U+2029, U+0085, \v, \f and some more.
#   Below one of these the numbers of lines are one too high: an incremental change goes to the line above, and from then on
#   the copy is another text. Nothing is logged.
# Seen (pygls 2.1.1, Python 3.11, 2026-11-29): of seven separators in a comment, `\r` alone is counted as by the protocol.
# What it means: a server that tells what is wrong with a file, or proves something of it, may speak of a text that nobody
#   wrote. Ask for whole texts (`TextDocumentSyncKind.Full`), and count lines by oneself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pygls==2.1.1
cat >"$work/lines.py" <<'PY'
from importlib.metadata import version

from lsprotocol.types import Position, Range, TextDocumentContentChangePartial
from pygls.workspace import TextDocument

print("pygls", version("pygls"))
SEPARATORS = {
    **{"CR": "\r", "U+2028": "\u2028", "U+2029": "\u2029", "NEL": "\x85"},
    **{"VT": "\v", "FF": "\f", "FS": "\x1c"},
}
wrong = []
for name, separator in SEPARATORS.items():
    # The line below the comment, as the protocol counts it, is changed from `limit = 1` to `limit = 2`.
    lines = 2 if separator == "\r" else 1
    document = TextDocument("file:///a.txt", f"# a{separator}b\nlimit = 1\n# the end\n")
    change = Range(Position(lines, 8), Position(lines, 9))
    document.apply_change(TextDocumentContentChangePartial(range=change, text="2"))
    right = document.source == f"# a{separator}b\nlimit = 2\n# the end\n"
    print(f"{name:7} {'right' if right else 'wrong'} {document.source!r}")
    wrong += [] if right else [name]
if wrong != ["U+2028", "U+2029", "NEL", "VT", "FF", "FS"]:
    raise SystemExit("CHANGED: lines end elsewhere now")
print("as described: six characters end lines that the protocol does not know")
PY
"$work/venv/bin/python" "$work/lines.py"
