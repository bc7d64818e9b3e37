"""Writes the index of ``models/bugs`` and the smallest maps of its entries, which the interpreter can run again.

``python -m tests.records.zoo`` verifies the entries, keeps the counterexamples in ``tests/data/zoo``, and writes
``models/bugs/README.md``; with ``--index`` it writes the index only, of what is kept.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from checker import program as p
from checker.memmap import TYPES
from tests.helpers.loading import load_file
from tests.helpers.places import DATA, MODELS, ROOT

BUGS = MODELS / "bugs"
KEPT = DATA / "zoo"
INDEX = BUGS / "README.md"
UNSAID = BUGS / "unsaid.md"
VERDICTS = DATA / "verdicts.txt"
_TITLE = re.compile(r"# (Bug|Open|Proposal) (K?\d+): (.+)\.")


@dataclass(frozen=True)
class Entry:
    """A bug of the catalogue: its kind and number there, what it was, which kernels have it, and what mended it; the
    verdicts on both sides, and the smallest map that shows it."""

    path: Path
    kind: str
    number: str
    title: str
    kernels: str
    mended: str
    broken: tuple[str, ...]
    proved: tuple[str, ...]
    smallest: Path


def entries() -> list[Entry]:
    """The entries, by their numbers in the catalogue."""
    verdicts = VERDICTS.read_text(encoding="utf-8").splitlines()
    return [entry(path, verdicts) for path in sorted(BUGS.glob("*.layout"))]


def entry(path: Path, verdicts: list[str]) -> Entry:
    """Read an entry's file, and look its verdicts up among those on record."""
    text = path.read_text(encoding="utf-8")
    title = _TITLE.fullmatch(text.partition("\n")[0])
    if title is None:
        raise ValueError(f"{path.name} does not begin with a title")
    kind, number, what = title.groups()
    runs = {each.name: [run.algorithm for run in each.runs] for each in load_file(path).scenarios}
    broken = [each for each in runs["broken"] if each not in runs["mended"]]
    mended = [each for each in runs["mended"] if each not in runs["broken"]]
    remark = re.search(r"((?:^# .*\n)+)scenario mended", text, flags=re.MULTILINE)
    told = " ".join(line.removeprefix("# ") for line in remark[1].splitlines()) if remark else ""
    return Entry(
        path,
        kind,
        number,
        what,
        _machines(broken) or _machines(runs["broken"]) or _origins(runs["broken"]),
        told or _origins(mended or runs["mended"]),
        tuple(_verdicts(path, "broken", verdicts)),
        tuple(_verdicts(path, "mended", verdicts)),
        next(iter(sorted(KEPT.glob(f"{path.stem}-*.json"))), KEPT),
    )


def _machines(algorithms: list[p.Algorithm]) -> str:
    """The machines that algorithms say they are for."""
    return "; ".join(dict.fromkeys(target.text for each in algorithms for target in each.targets))


def _origins(algorithms: list[p.Algorithm]) -> str:
    return "; ".join(dict.fromkeys(each.origin for each in algorithms if each.origin))


def _verdicts(path: Path, scenario: str, lines: list[str]) -> Iterator[str]:
    """The verdicts on record on what a scenario asks, without the file and the name."""
    head = f"{path.relative_to(ROOT).as_posix()} {scenario}: "
    said = (line.removeprefix(head) for line in lines if line.startswith(head))
    return (each for each in said if not each.startswith("exact_arithmetic("))


def smallest(kept: Path) -> str:
    """The regions of a counterexample in short: type, start and pages of each."""
    (regions, *_) = json.loads(kept.read_text(encoding="utf-8"))["maps"].values()
    return ", ".join(map(_region, regions))


def _region(fields: dict[str, object]) -> str:
    if "phys_addr" not in fields:
        return " ".join(f"{name} {value}" for name, value in fields.items() if value is not False)
    number = int(str(fields["type"]))
    kind = next((name for name, value in TYPES.items() if value == number), f"type {number}")
    mark = " RUNTIME" if int(str(fields["attribute"]), 0) >> 63 else ""
    return f"{kind}{mark} {fields['phys_addr']} {fields['num_pages']}p"


def index(found: list[Entry]) -> str:
    """The index of entries as a text."""
    lines = [
        "# What has broken",
        "",
        "Made by `python -m tests.records.zoo`; do not edit. Every entry is a file with two scenarios: `broken`, which",
        "is refuted, and `mended`, which is proved for maps of any length; some have a third, `spared`, of what they",
        "keep all the same, and a fourth, `possible`, which refutes that what they leave open cannot be. Numbers are",
        "those of the catalogue that the project keeps of bugs in this part of kernels, of proposals, and of what is",
        "open: found by reading, and not mended yet.",
        "",
        "| number | what | kernels | mended by | refuted (regions) | proved | smallest map |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in found:
        number = f"[{each.number}]({each.path.name}) {each.kind.lower()}"
        cells = (
            number,
            each.title,
            each.kernels,
            each.mended,
            _short(each.broken, "refuted"),
            _short(each.proved, "proved"),
            smallest(each.smallest),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n\n" + UNSAID.read_text(encoding="utf-8")


def _short(verdicts: tuple[str, ...], usual: str) -> str:
    """Checks with their verdicts: the size alone behind the usual one."""
    said = (re.sub(rf": {usual}(?: (\(\d+\)))?$", r" \1", each).strip() for each in verdicts)
    return ", ".join(re.sub(r"^(.*?)( \(\d+\))?$", r"`\1`\2", each) for each in said)


def keep() -> None:
    """Verify the entries, and keep the counterexamples to what is broken."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "checker", "verify", "models/bugs", "--counterexamples", f"{folder}/kept"]
        subprocess.run(command, cwd=ROOT, check=True)
        for old in KEPT.glob("bug-*.json"):
            old.unlink()
        for path in sorted(Path(f"{folder}/kept").glob("*-broken-*.json")):
            (KEPT / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    if "--index" not in sys.argv:
        keep()
    INDEX.write_text(index(entries()), encoding="utf-8")
