#!/usr/bin/env bash
# Z3: terms that were made and thrown away before a solver was made change what the solver does, and what it counts.
#
# Guess: the same formulas, given to a new solver with the same seed in a new process, cost the same number of resource
#   units (`rlimit count`), whatever else the process has made before. Runs are deterministic, after all.
# Behaviour: they are, but the numbers of terms that were freed are given to new ones, and choices depend on the order of
#   the numbers. A few terms that nobody holds any more, nor any solver ever saw, move the count by a half up or down; that
#   Python frees objects in another order is enough.
# Seen (z3-solver 5.4.1.0, 2026-11-29), one set of formulas, satisfiable, random_seed as it is, twice each:
#   thrown away before   nothing 58731   1 term 42371   7 terms 72084   50 terms 39694   1000 terms 39694
#   held instead of thrown away, 50 terms change the count by 21.
# What it means: a limit on resource units is the same on every machine, not in every program; a benchmark or a budget that
#   is near its limit can tip over by a refactoring that makes the very same formulas.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check z3-solver==5.4.1.0
cat >"$work/effort.py" <<'PY'
import sys

import z3

before = [z3.Int(f"other{number}") + number for number in range(int(sys.argv[1]))]
if sys.argv[2] == "thrown":
    del before
terms = [z3.Int(f"x{number}") for number in range(14)]
solver = z3.SimpleSolver()
for number, (left, right) in enumerate(zip(terms, terms[1:])):
    solver.add(z3.Or(left + 3 <= right, right + 5 <= left, left == right))
    solver.add(left % 4 == number % 4)
solver.add(terms[0] >= 0, terms[13] <= 40, z3.Distinct(*terms))
answer = solver.check()
print(answer, next(value for key, value in solver.statistics() if key == "rlimit count"))
PY
declare -A seen
for kind in thrown held; do
    for number in 0 1 7 50; do
        seen[$kind$number]=$("$work/venv/bin/python" "$work/effort.py" "$number" "$kind")
        again=$("$work/venv/bin/python" "$work/effort.py" "$number" "$kind")
        echo "$number terms $kind: ${seen[$kind$number]}, and again: $again"
        if [ "${seen[$kind$number]}" != "$again" ]; then
            echo "CHANGED: two runs of the very same program differ" && exit 1
        fi
    done
done
if [ "${seen[thrown0]}" = "${seen[thrown1]}" ] && [ "${seen[thrown0]}" = "${seen[thrown7]}" ]; then
    echo "CHANGED: what was thrown away does not count any more" && exit 1
fi
few=$((${seen[held50]#sat } - ${seen[held0]#sat }))
if [ "${few#-}" -gt 100 ]; then
    echo "CHANGED: terms that are held count too" && exit 1
fi
echo "as described: what was thrown away counts"
