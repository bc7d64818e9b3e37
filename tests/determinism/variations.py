"""Ways of running the command that must not change a byte of what it says, times apart."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.places import ROOT

DATA = ROOT / "tests" / "data"
RECORDS = {"variations": DATA / "determinism-record.txt", "effort": DATA / "effort-over-seeds.txt"}

TEXT = ("-v",)
JSON = ("--format", "json")
FORMS = (TEXT, JSON)
"""Everything that is said of a result, for people and for programs."""

_TIMES = re.compile(rb' *[0-9]+\.[0-9]{2} s\b|"seconds": [0-9.e-]+')
_STOPPED, _RUNNING = 0.03, 0.01


@dataclass(frozen=True)
class Variation:
    """One way of running the command.

    ``shuffle`` is what the order of the files on the command line comes from, None for the order in which they are
    given; ``elsewhere`` is another working directory; ``slow`` is a machine that is four times slower; ``often`` is how
    often Python collects garbage, None for as often as usual.
    """

    name: str
    hash_seed: int = 0
    jobs: int = 1
    shuffle: int | None = None
    elsewhere: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    often: int | None = None


USUAL = Variation("PYTHONHASHSEED=0")
VARIATIONS = (
    USUAL,
    *(Variation(f"PYTHONHASHSEED={seed}", hash_seed=seed) for seed in range(1, 10)),
    Variation("2 jobs", jobs=2),
    Variation("another order of the files", shuffle=1),
    Variation("a third order of the files, 2 jobs", shuffle=2, jobs=2),
    Variation("another working directory", elsewhere=True),
    Variation("another environment", environment={"LC_ALL": "C", "COLUMNS": "40", "TZ": "Asia/Tokyo", "HOME": "/"}),
    Variation("garbage collected all the time", often=100),
    Variation("a machine four times slower", slow=True, jobs=2),
)


@dataclass(frozen=True)
class Said:
    """What the command printed, times apart, and how it ended."""

    status: int
    output: bytes
    complaints: bytes

    @property
    def digest(self) -> str:
        """A short hash of all of it."""
        whole = b"%d\0%b\0%b" % (self.status, self.output, self.complaints)
        return hashlib.sha256(whole).hexdigest()[:16]


def run(names: Sequence[str], form: Sequence[str], variation: Variation, places: tuple[Path, Path]) -> Said:
    """Verify what has these names in the first of two places, or, ``elsewhere``, in the second one."""
    names = list(names)
    if variation.shuffle is not None:
        random.Random(variation.shuffle).shuffle(names)
    start = "from checker.cli import main; main()"
    if variation.often is not None:
        start = f"import gc; gc.set_threshold({variation.often}, 2, 2); {start}"
    command = [sys.executable, "-c", start, "verify", *names, *form, "--jobs", str(variation.jobs)]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_"))},
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": str(variation.hash_seed),
        **variation.environment,
    }
    place = places[variation.elsewhere]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command, cwd=place, env=environment, stdout=output, stderr=complaints, start_new_session=True
        )
        if variation.slow:
            _slow_down(process)
        status = process.wait()
        output.seek(0)
        complaints.seek(0)
        return Said(status, _TIMES.sub(b"", output.read()), complaints.read())


def _slow_down(process: subprocess.Popen[bytes]) -> None:
    """Let a process and its children run for a quarter of the time, until it ends."""
    while process.poll() is None:
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(_STOPPED)
        os.killpg(process.pid, signal.SIGCONT)
        time.sleep(_RUNNING)
