"""What the command says of a real tree: what it reads, what that conforms to, and what a change of it does."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.places import ROOT
from tests.kernels.comparisons import boots_of
from tests.kernels.maps import Boot, Region
from tests.kernels.mutations import Mutation, mutate, patch_of
from tests.kernels.real import FIELDS, FILES, RealKernel

BINDING = "linux-x86-64"
"""The binding of the functions that are changed."""

STEP = "only_map"
"""What of a kernel these functions come to."""


@dataclass(frozen=True)
class Said:
    """The answer of a command: its exit status, what it says in JSON if that is any, and its seconds."""

    status: int
    said: Any
    seconds: float

    @property
    def in_words(self) -> str:
        """Alike, different with the regions of the smallest map, or undecided."""
        if self.status == 0:
            return "alike on every map, proved"
        if self.status == 1:
            return f"differ, smallest map: {len(self.smallest or ())}"
        return f"status {self.status}"

    @property
    def smallest(self) -> tuple[Region, ...] | None:
        """The smallest map on which both differ, if there is one."""
        for each in self.said["results"] if self.said else ():
            if each["verdict"] == "refuted" and each["counterexample"]:
                return tuple(
                    {field: _number(region[field]) for field in FIELDS} for region in each["counterexample"]["map"]
                )
        return None

    @property
    def scalars(self) -> dict[str, int]:
        """The values of parameters with which they differ."""
        for each in self.said["results"] if self.said else ():
            if each["verdict"] == "refuted" and each["counterexample"]:
                return {name: _number(value) for name, value in each["counterexample"]["scalars"].items()}
        return {}


def _number(value: str | int) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def ask(*arguments: str) -> Said:
    """Run the command, as one who has no Python would."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout) if done.stdout.startswith("{") else None
    return Said(done.returncode, said, time.perf_counter() - began)


@dataclass(frozen=True)
class Judged:
    """A change of a kernel: on how many maps the compiled functions differ from those as they are and on how few
    regions, what the command says, and whether the compiled functions differ on its smallest map."""

    mutation: Mutation
    maps: int
    differing: int
    fewest: int | None
    said: Said
    confirmed: bool | None


def judge(folder: Path, original: RealKernel, mutation: Mutation, maps: int) -> Judged:
    """Compile a changed kernel beside the one that is not, and ask the command what the change does."""
    with tempfile.TemporaryDirectory() as work:
        changed = RealKernel(folder, Path(work) / "changed", lambda text: mutate(text, mutation.changes))
        patch = Path(work) / "change.patch"
        patch.write_text(patch_of(folder, FILES, mutation.changes))
        said = ask("conform", "--binding", BINDING, "--format", "json", "--patch", str(patch), str(folder))
    sizes = [len(boot.regions) for _, boot in boots_of(maps, {}) if _differ(original, changed, boot)]
    smallest = said.smallest
    confirmed = None
    if smallest is not None:
        soft_reserve = bool(said.scalars.get("soft_reserve", 0))
        confirmed = _differ(original, changed, Boot(smallest, soft_reserve=soft_reserve))
    return Judged(mutation, maps, len(sizes), min(sizes, default=None), said, confirmed)


def _differ(one: RealKernel, other: RealKernel, boot: Boot) -> bool:
    return one.step(STEP, boot) != other.step(STEP, boot)


def wrong(judged: Sequence[Judged], *, alike: bool) -> list[str]:
    """Name the changes of which the command says something else than is so of the compiled functions: those that are to
    be told from the kernel as it is, or to be ``alike``."""
    right = [(0, None)] if alike else [(1, True)]
    return [
        each.mutation.text
        for each in judged
        if (each.said.status, each.confirmed) not in right or (alike and each.differing)
    ]
