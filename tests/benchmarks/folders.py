"""Measures `check` of a folder of very many maps and `identify` of one of captures, with one process and with two, here
and on a cluster: `python -m tests.benchmarks.folders --write`."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import psutil

from tests.helpers.places import ROOT

FILE = Path(__file__).parent / "folders.md"
MAPS = ROOT / "tests" / "data" / "maps"
CAPTURES = ROOT / "tests" / "data" / "handover" / "captures"


HEAD = """# Folders of very many files

Made by `{words}` on {cores} cores. Load (1 minute) {loads}:
with neighbours at work the wall's clock says little, and CPU time wobbles by a third. Maps are copies of those in
`tests/data/maps`, captures links to those in `tests/data/handover/captures`. A worker has one thread. CPU seconds are
those of all processes; each reads the shipped models once, which takes one of them.

| command | files | where | wall s | CPU s | files/s | CPU ms/file |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Figure:
    """What a command took: seconds of the wall's clock, and of processors, in all processes."""

    what: str
    files: int
    where: str
    wall: float
    cpu: float

    @property
    def row(self) -> str:
        return (
            f"| `{self.what}` | {self.files:,} | {self.where} | {self.wall:.0f} | {self.cpu:.0f} "
            f"| {self.files / self.wall:.0f} | {1000 * self.cpu / self.files:.1f} |"
        )


def make_maps(folder: Path, count: int) -> None:
    """Copies of the maps that are kept, a thousand in a folder."""
    sources = sorted(path for path in MAPS.iterdir() if path.is_file() and path.suffix != ".md")
    for number, source in enumerate(islice(cycle(sources), count)):
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        shutil.copy(source, place / f"{number:05}-{source.name}")


def make_captures(folder: Path, count: int) -> None:
    """Links to the captures that are kept, and whose files are complete."""
    logs = sorted(CAPTURES.glob("*/dmesg-efi.txt"))
    sources = [log.parent for log in logs if (log.parent / "runtime-map.json").exists()]
    for number, source in enumerate(islice(cycle(sources), count)):
        (folder / f"{number:05}").symlink_to(source)


def spent(process: psutil.Process) -> float:
    """Seconds of processors that a process and all that came of it have taken."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler and workers, each with one thread."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    made: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, log: Path) -> None:
        with log.open("wb") as said:
            made.append(
                subprocess.Popen([sys.executable, "-m", "dask", *arguments], stdout=said, stderr=said, env=environment)
            )

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "scheduler"
        try:
            start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", log=log)
            while not (found := re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())):
                time.sleep(0.1)
            for number in range(workers):
                options = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
                start("worker", found[0], *options, log=Path(folder) / f"worker-{number}")
            time.sleep(3)
            yield f"dask={found[0]}", [psutil.Process(each.pid) for each in made]
        finally:
            for each in made:
                each.kill()
                each.wait()


def measure(
    what: str, folder: Path, files: int, where: str, options: tuple[str, ...], beside: list[psutil.Process]
) -> Figure:
    """Run the command on a folder; ``beside`` are the processes that work for it."""
    before = sum(map(spent, beside))
    began, used = time.monotonic(), os.times()
    command = [sys.executable, "-m", "checker", what, str(folder), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    now = os.times()
    assert re.match(r"\d+ (maps|captures)", done.stdout.splitlines()[-1]), done.stdout[-500:]
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    return Figure(what, files, where, time.monotonic() - began, cpu + sum(map(spent, beside)) - before)


def figures(folder: Path, maps: int, captures: int) -> Iterator[Figure]:
    """The figures, one after the other."""
    many = {"check": (folder / "maps", maps), "identify": (folder / "captures", captures)}
    for place, _ in many.values():
        place.mkdir()
    make_maps(folder / "maps", maps)
    make_captures(folder / "captures", captures)
    for what, (place, files) in many.items():
        for jobs in (1, 2):
            said = f"{jobs} process{'' if jobs == 1 else 'es'}"
            yield measure(what, place, files, said, ("--jobs", str(jobs)), [])
        for workers in (1, 2):
            with cluster(workers) as (executor, beside):
                said = f"{workers} worker{'' if workers == 1 else 's'} of Dask"
                yield measure(what, place, files, said, ("--executor", executor), beside)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.folders", description=__doc__)
    parser.add_argument("--maps", type=int, default=10_000)
    parser.add_argument("--captures", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="keep folders.md beside this program")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(Path(folder), options.maps, options.captures):
            rows.append(figure.row)
            sys.stderr.write(f"{figure.row}\n")
    words = " ".join(["python -m tests.benchmarks.folders", *sys.argv[1:]])
    loads = f"{before:.1f} before and {os.getloadavg()[0]:.1f} after"
    text = HEAD.format(words=words, cores=os.cpu_count(), loads=loads) + "\n".join(rows) + "\n"
    sys.stdout.write(text)
    if options.write:
        FILE.write_text(text)


if __name__ == "__main__":
    main()
