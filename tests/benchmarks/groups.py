"""What is measured, in three groups of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .measure import ROOT, Run, python, spread

Row = dict[str, Any]

FLOOR = 'python -c "import z3, lark"'
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    FLOOR: ("-c", "import z3, lark"),
    "mapproof --help": ("--help",),
    "mapproof models": ("models",),
    "mapproof run linux-x86-reversed linux-two-lists.txt": (
        *("run", "linux-x86-reversed", "tests/data/maps/linux-two-lists.txt"),
    ),
    "mapproof check --handover q35-512m-6.1": (*("check", "--handover", "tests/data/handover/captures/q35-512m-6.1"),),
    "mapproof verify linux-x86-reversed --property congruent": (
        *("verify", "linux-x86-reversed", "--property", "congruent"),
    ),
    "mapproof verify linux-x86-reversed": ("verify", "linux-x86-reversed"),
    "mapproof verify": ("verify",),
}

LABELS = (
    "no_overlap(first) assuming no_wrap(map)",
    "fits(first) assuming no_wrap(map)",
    "all_runtime_placed(first) assuming budget(map)",
)
LENGTHS = (2, 4, 8, 16)


class Bench:
    """Measures: each command ``runs`` times, none longer than ``limit`` seconds."""

    def __init__(self, environment: dict[str, str], runs: int, limit: float) -> None:
        self._environment = environment
        self._runs = runs
        self._limit = limit

    def processes(self) -> Iterator[Row]:
        """Whole processes of the command, beside what it costs to import what they rest on."""
        floor = 0.0
        for name, arguments in COMMANDS.items():
            of_python = name.startswith("python")
            runs = self._measure(*(arguments if of_python else ("-m", "checker", *arguments)))
            cpu = spread([run.cpu for run in runs])
            floor = cpu.median if name == FLOOR else floor
            yield {
                "command": name,
                "cpu": asdict(cpu),
                "wall": asdict(spread([run.wall for run in runs])),
                "megabytes": round(max(run.megabytes for run in runs)),
                "ratio": round(cpu.median / floor, 2) if floor else None,
            }

    def growth(self) -> Iterator[Row]:
        """A proof for every length, beside the same question for one length, unrolled."""
        for label in LABELS:
            points: Row = {"any": self.point(label)}
            for length in LENGTHS:
                points[str(length)] = self.point(label, str(length))
                if points[str(length)]["over"]:
                    break
            yield {"property": label, "points": points}

    def models(self) -> Iterator[Row]:
        """Each check of the proposals and of the agreement between kernels, as `verify` reports it."""
        files = [
            "models/kexec-agreement.layout",
            *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "models/proposals").glob("runtime-first-*")),
        ]
        for name in files:
            arguments = ("-m", "checker", "verify", name, "--jobs", "1", "--format", "json")
            runs = self._measure(*arguments, may_fail=True)
            if any(run.status for run in runs):
                failed = f"ends with status {max(run.status for run in runs)}"
                yield {"file": name, "scenario": "-", "property": "-", "verdict": failed, "seconds": None}
                continue
            for checks in zip(*(json.loads(run.output)["results"] for run in runs), strict=True):
                yield {
                    "file": name,
                    "scenario": checks[0]["scenario"],
                    "property": checks[0]["property"],
                    "verdict": checks[0]["verdict"],
                    "seconds": asdict(spread([check["seconds"] for check in checks])),
                }

    def point(self, *arguments: str) -> Row:
        """A question to the prover: whether it was over the limit, else the answer and how long it took."""
        answers = []
        for _ in range(self._runs):
            run = python("-m", "tests.benchmarks.points", *arguments, environment=self._environment, limit=self._limit)
            if run.over:
                return {"over": True, "answer": None, "seconds": None}
            if run.status:
                raise RuntimeError(f"{arguments} ended with status {run.status}:\n{run.output}")
            answers.append(json.loads(run.output))
        (answer,) = {each["answer"] for each in answers}
        return {"over": False, "answer": answer, "seconds": asdict(spread([each["seconds"] for each in answers]))}

    def _measure(self, *arguments: str, may_fail: bool = False) -> Sequence[Run]:
        """The runs of a command, after one that compiles its modules."""
        runs = [python(*arguments, environment=self._environment, limit=600) for _ in range(self._runs + 1)]
        for run in runs:
            if run.status and not may_fail:
                raise RuntimeError(f"{' '.join(arguments)} ended with status {run.status}:\n{run.output}")
        return runs[1:]
