#!/usr/bin/env bash
# sarif-tools: a result that is suppressed, or known since the baseline, fails its gate like any other, and messages are
# shown as they are stored: placeholders, doubled braces and identifiers are not resolved.
#
# Guess: messages are put together as SARIF 2.1.0 says: `{0}` is the argument, `{{` is one brace (3.11.5), an `id` stands
#   for the rule's messageStrings (3.11.7). Whether `sarif --check error` passes over what is suppressed (3.27.23) or
#   `unchanged` since a baseline (3.27.24): rather not.
# Behaviour: it reads neither property, and looks at message.text, or at the id, only.
# Seen (sarif-tools 3.0.5, 2026-11-29):
#   nothing said                                status 1   A expected '{{' here
#   suppressions external, accepted             status 1
#   baselineState unchanged                     status 1
#   text "use of {0}", arguments ["x"]          A use of {0}
#   id "d", messageStrings d "use of {0}"       A d
# What it means: a baseline that is told in SARIF lets nothing through here, however it is told; what is known has to
#   have the level `note`, which `--check error` passes over. A producer that keeps to the standard about braces is
#   shown with too many.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check sarif-tools==3.0.5
cd "$work"
"$work/venv/bin/python" - <<'PY'
import json
import subprocess
import sys
from importlib.metadata import version

print("sarif-tools", version("sarif-tools"))
RULE = {"id": "A", "messageStrings": {"d": {"text": "use of {0}"}}}


def shown(message, **more):
    """The status of a gate on one result, and how it is listed."""
    result = {"ruleId": "A", "level": "error", "message": message, **more}
    run = {"tool": {"driver": {"name": "t", "rules": [RULE]}}, "results": [result]}
    with open("one.sarif", "w", encoding="utf-8") as file:
        json.dump({"version": "2.1.0", "runs": [run]}, file)
    command = ["venv/bin/sarif", "--check", "error", "summary", "one.sarif"]
    done = subprocess.run(command, capture_output=True, text=True)
    (listed,) = [line.strip(" -").rpartition(":")[0] for line in done.stdout.splitlines() if line.startswith(" - ")]
    return done.returncode, listed


text = {"text": "expected '{{' here"}
found = [
    shown(text),
    shown(text, suppressions=[{"kind": "external", "status": "accepted"}]),
    shown(text, baselineState="unchanged"),
    shown({"text": "use of {0}", "arguments": ["x"]}),
    shown({"id": "d", "arguments": ["x"]}),
]
for each in found:
    print(*each)
plain = "A expected '{{' here"
if found != [(1, plain), (1, plain), (1, plain), (1, "A use of {0}"), (1, "A d")]:
    sys.exit("CHANGED: sarif-tools reads more of a result now")
print("as described")
PY
