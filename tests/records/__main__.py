"""Lists the records and their age, tells which are too old, or writes one anew.

``python -m tests.records [--list] [--check] [--write NAME]`` in the root of the repository.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tests.helpers.places import ROOT
from tests.records.manifest import Record, age, records
from tests.records.of_models import standing


def main() -> int:
    """The command; its status is 1 where a record is too old, or could not be written."""
    known = records()
    parser = argparse.ArgumentParser(prog="python -m tests.records", description=__doc__)
    choices = parser.add_mutually_exclusive_group()
    choices.add_argument("--list", action="store_true", help="all records, their age and their commands (the default)")
    choices.add_argument("--check", action="store_true", help="the records that are older than is allowed")
    choices.add_argument("--write", metavar="NAME", choices=[n for n, r in known.items() if r.made], help="write one")
    options = parser.parse_args()
    if options.write:
        return subprocess.run([sys.executable, "-m", *known[options.write].made], cwd=ROOT, check=False).returncode
    ages = {name: age(record) for name, record in known.items()}
    old = {name for name, record in known.items() if not record.held_by and ages[name] > record.age}
    for name, record in known.items():
        if not options.check or name in old:
            sys.stdout.write(f"{line(name, record, ages[name])}\n")
        if record.of_models:
            sys.stdout.write(f"{name:18} {standing((ROOT / record.file).read_text()).count()}\n")
    return int(options.check and bool(old))


def line(name: str, record: Record, commits: int) -> str:
    """A record in a line: those that a test holds have no age."""
    state = f"held by {record.held_by}" if record.held_by else f"{commits} of {record.age} commits old"
    return f"{name:18} {record.file:36} {state:42} {record.command}"


if __name__ == "__main__":
    sys.exit(main())
