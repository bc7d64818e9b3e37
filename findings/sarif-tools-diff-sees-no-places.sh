#!/usr/bin/env bash
# sarif-tools: "sarif diff" compares neither places nor fingerprints, and a second finding of a known kind passes --check.
#
# Guess: a finding that moved to another file, or whose partial fingerprint is another, is one new and one eliminated;
#   a second finding beside the known one is new, and --check fails for it.
# Behaviour: what is compared is the level and the text of rule and message. The same rule and message in another file is
#   "no changes"; twice instead of once is counted, and the status is 0.
# Seen (sarif-tools 3.0.5; 2026-12-01), sarif --check error diff old new:
#   another line, another fingerprint      no changes                     status 0
#   another file                           no changes                     status 0
#   the same twice, in two files           occurrences 1 -> 2, +0         status 0
#   another address in the message         +1 -1                          status 1
#   a warning instead of an error          error -1, warning +1           status 0
# What it means: as a gate it lets pass whatever repeats a known message elsewhere. Put what tells two findings apart
#   (address, region, map) into the message itself, or compare by fingerprints with something else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check sarif-tools==3.0.5
"$work/venv/bin/python" - <<'PY'
"""Write pairs of logs and compare them with the installed program."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version

print("sarif-tools", version("sarif-tools"))
folder = tempfile.mkdtemp()


def result(line=1, message="gap at 0x1000", level="error", fingerprint="aa", file="a.layout"):
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": line}}
    return {
        "ruleId": "R1",
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"finding/v1": fingerprint},
    }


def log(name, results):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        run = {"tool": {"driver": {"name": "mapcheck", "rules": [{"id": "R1"}]}}, "results": results}
        json.dump({"version": "2.1.0", "runs": [run]}, file)
    return path


changed = False
for what, results, status, total in (
    ("another line and fingerprint", [result(line=9, fingerprint="bb")], 0, "+0 +0"),
    ("another file", [result(file="b.layout")], 0, "+0 +0"),
    ("twice, in two files", [result(), result(file="b.layout", fingerprint="bb")], 0, "+0 +0"),
    ("another address", [result(message="gap at 0x2000")], 1, "+1 -1"),
    ("a warning", [result(level="warning")], 0, "+1 -1"),
):
    program = os.path.join(os.path.dirname(sys.executable), "sarif")
    pair = log("old.sarif", [result()]), log("new.sarif", results)
    ran = subprocess.run([program, "--check", "error", "diff", *pair], capture_output=True, text=True)
    (seen,) = (line.split(": ")[1] for line in ran.stdout.splitlines() if line.startswith("all levels"))
    print(f"{what:30} {seen}, status {ran.returncode}")
    changed |= (ran.returncode, seen) != (status, total)
if changed:
    sys.exit("CHANGED: compared otherwise now")
print("as described")
PY
