"""A cluster of Dask: a real scheduler and workers on this machine, which are killed, come late and are others."""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import distributed
import psutil
import pytest

from checker.base.diagnostic import Diagnostic
from checker.verify.executors import cluster as clusters
from checker.verify.executors import executor_of, remote
from checker.verify.executors.cluster import ClusterExecutor
from checker.verify.executors.executor import Bounds, End, Ended, Produced, Started, nothing
from checker.verify.executors.remote import TaskRequest, have_done
from checker.verify.executors.setup import own_setup
from tests.helpers.command import HARD, program
from tests.helpers.places import ROOT

MODEL = "linux-x86-as-told"


@dataclass
class Cluster:
    """A scheduler, and its workers by the numbers of their processes."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        found = re.search(r"tcp://127\.0\.0\.1:\d+", (self.folder / "scheduler.log").read_text())
        return found[0] if found else ""

    def start_worker(self) -> None:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
        process = start(self.folder / f"worker-{len(self.workers)}.log", "worker", self.address, *options)
        self.workers[process.pid] = process


def start(log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of Dask as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as said:
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=log.parent)


def wait_until(is_so: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    made = Cluster(folder, start(folder / "scheduler.log", "scheduler", *options))
    try:
        wait_until(lambda: made.address)
        made.start_worker()
        made.start_worker()
        yield made
    finally:
        for process in (*made.workers.values(), made.scheduler):
            process.kill()
            process.wait()


@contextmanager
def connected(cluster: Cluster, workers: int = 2) -> Iterator[ClusterExecutor]:
    with executor_of(f"dask={cluster.address}", None, 1 << 30) as executor:
        assert isinstance(executor, ClusterExecutor), executor
        executor.client.wait_for_workers(workers, timeout=20)
        yield executor


def start_verify(folder: Path, executor: str) -> subprocess.Popen[str]:
    report = f"json={folder / executor[:5]}.json"
    words = ("verify", MODEL, "--no-cache", "--jobs", "2", "--executor", executor, "--output", report)
    command = [sys.executable, "-m", "checker", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def timeless(text: str) -> str:
    return re.sub(r'"seconds": [\d.]+| *\d+\.\d\d s', "TIME", text)


@pytest.mark.slow
def test_a_worker_is_killed_and_the_report_is_the_same_to_the_byte(cluster: Cluster, tmp_path: Path) -> None:
    """By the real command: the effort that is told depends on all that a process did before."""
    with start_verify(tmp_path, "local") as local:
        there, _ = local.communicate(timeout=120)
    with (
        distributed.Client(cluster.address) as client,
        start_verify(tmp_path, f"dask={cluster.address}") as running,
    ):
        processes = client.run(os.getpid)
        wait_until(lambda: all(client.processing().values()))
        busy = next(name for name, tasks in client.processing().items() if tasks)
        killed = cluster.workers.pop(processes[busy])
        killed.kill()
        here, _ = running.communicate(timeout=120)
    cluster.start_worker()
    assert (local.returncode, running.returncode, killed.wait()) == (0, 0, -signal.SIGKILL)
    assert timeless(here) == timeless(there)
    reports = [(tmp_path / name).read_text() for name in ("local.json", "dask=.json")]
    assert timeless(reports[0]) == timeless(reports[1])
    assert '"proved"' in reports[0]


def do(what: str) -> Iterator[object]:
    """The work of tasks that go wrong."""
    yield os.getpid()
    match what:
        case "hang":
            time.sleep(60)
        case "eat":
            yield len(bytearray(8 << 30))
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "fail":
            raise ValueError("no")
        case _:
            yield what


def ends(executor: ClusterExecutor, items: Sequence[str], bounds: Bounds) -> list[Ended]:
    return sorted(
        (event for event in executor.run(do, items, bounds) if isinstance(event, Ended)), key=lambda end: end.task
    )


def test_limits_hold_on_a_worker_and_each_end_is_told_as_it_is(cluster: Cluster) -> None:
    with connected(cluster) as executor:
        found = ends(executor, ("well", "hang", "eat", "die", "fail"), Bounds(8, 1.0, 4 << 30))
    assert found[:4] == [
        Ended(0, End.DONE),
        Ended(1, End.OUT_OF_TIME),
        Ended(2, End.OUT_OF_MEMORY),
        Ended(3, End.KILLED, "its process was ended by SIGKILL"),
    ]
    assert (found[4].end, found[4].detail.partition(" (")[0]) == (End.FAILED, "ValueError: no")


def test_what_all_tasks_may_take_together_holds(cluster: Cluster) -> None:
    with connected(cluster) as executor:
        late = ends(executor, ("hang", "hang", "hang"), Bounds(8, all_seconds=0.3))
        large = ends(executor, ("x" * 60_000, "x" * 60_000, "well"), Bounds(1, all_bytes=100_000))
    assert late == [Ended(task, End.OUT_OF_TOTAL_TIME) for task in range(3)]
    assert large == [Ended(0, End.DONE), Ended(1, End.DONE), Ended(2, End.OUT_OF_ROOM)]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(process: int) -> set[int]:
    """The processes that come of one, at any remove."""
    found = {
        int(each) for path in Path(f"/proc/{process}/task").glob("*/children") for each in path.read_text().split()
    }
    return found.union(*map(children, found))


def test_leaving_early_ends_what_workers_do(cluster: Cluster) -> None:
    with connected(cluster) as executor:
        before = set[int]().union(*map(children, cluster.workers))
        with closing(executor.run(do, ("hang", "hang"), Bounds(8))) as events:
            assert [next(events), next(events)] == [Started(0), Started(1)]
            at_work: set[int] = set()

            def all_at_work() -> bool:
                at_work.update(set[int]().union(*map(children, cluster.workers)) - before)
                next(events)
                return len(at_work) >= 2

            wait_until(all_at_work)
        wait_until(lambda: not any(map(is_alive, at_work)), seconds=1)


class Bomb:
    """Leaves a trace when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


OTHER = (("tool", "mapproof 0.0.1"), *own_setup()[1:])


def test_a_task_of_another_version_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    answer = have_done(TaskRequest(OTHER, 1_000, 5.0, pickle.dumps((iter, Bomb(path), Bounds(1), nothing))))
    assert (answer.setup, answer.events, path.exists()) == (own_setup(), (), False)
    have_done(TaskRequest(own_setup(), 1_000, 5.0, pickle.dumps((iter, Bomb(path), Bounds(1), nothing))))
    assert path.exists()
    remote.dismiss()


def test_workers_of_another_version_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "own_setup", lambda: OTHER)
    with executor_of(f"dask={cluster.address}", None, 1 << 30) as refused:
        assert isinstance(refused, Diagnostic)
    assert (refused.code, len(refused.notes)) == ("C062", 2)
    assert refused.notes[0].endswith(f": {own_setup()[0][1]} instead of mapproof 0.0.1")


def test_a_worker_of_another_version_that_comes_later_gives_no_verdict(cluster: Cluster) -> None:
    with connected(cluster) as executor:
        other = ClusterExecutor(executor.client, executor.where, OTHER)
        (ended,) = ends(other, ("well",), Bounds(8))
    assert ended.end is End.KILLED
    assert [each.code for each in other.problems] == ["C062"]


@contextmanager
def cluster_within(workers: int) -> Iterator[distributed.LocalCluster]:
    """A cluster in this process that can be spoken to from others."""
    with distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=50,
    ) as made:
        yield made


def test_a_scheduler_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_JOIN", 0.1)
    with cluster_within(0) as empty, executor_of(f"dask={empty.scheduler_address}", None, 1 << 30) as refused:
        assert isinstance(refused, Diagnostic)
    assert refused.code == "C061"


def test_the_cluster_of_one_process_cannot_be_reached_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    before = listening()
    with executor_of("dask", 1, 1 << 30) as executor:
        assert isinstance(executor, ClusterExecutor)
        assert {address for address, _ in listening() - before} == {"127.0.0.1"}
        remote.dismiss()
        monkeypatch.setattr(remote, "_start", refuse)
        (ended,) = ends(executor, ("well",), Bounds(1))
    assert (ended.end, ended.detail.partition(" (")[0]) == (End.KILLED, "no worker could do it: OSError: no process")


def listening() -> set[tuple[str, int]]:
    """The addresses and ports at which this process can be spoken to."""
    found = psutil.Process().net_connections(kind="inet")
    return {(each.laddr.ip, each.laddr.port) for each in found if each.status == psutil.CONN_LISTEN}


def refuse() -> None:
    raise OSError("no process")


def test_when_the_last_worker_is_gone_what_came_back_stands(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_LOOK", 0.1)
    produced, found = [], []
    with connected(cluster) as executor:
        monkeypatch.setattr(clusters, "_JOIN", 0.3)
        for event in executor.run(do, ("well", "hang"), Bounds(8)):
            if isinstance(event, Produced):
                produced.append(event)
            if isinstance(event, Ended):
                found.append(event)
                for process in cluster.workers.values():
                    process.kill()
                    process.wait()
        assert [each.code for each in executor.problems] == ["C061"]
    assert Produced(0, "well") in produced
    assert [(each.task, each.end) for each in found] == [(0, End.DONE), (1, End.KILLED)]
    cluster.workers.clear()
    cluster.start_worker()
    cluster.start_worker()


@contextmanager
def command(folder: Path, executor: str) -> Iterator[subprocess.Popen[str]]:
    """The command, when it has told its first verdict of two; the other takes minutes."""
    (folder / "cells.layout").write_text(program("check low(shelf)"))
    (folder / "hard.layout").write_text(HARD)
    words = ("verify", "cells.layout", "hard.layout", "--no-cache", "--jobs", "2", "--executor", executor)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-m", "checker", *words], cwd=folder, env=environment, text=True, **pipes
    ) as running:
        try:
            assert running.stdout is not None
            assert [running.stdout.readline().split()[:2] for _ in range(2)][1] == ["proved", "low(shelf)"]
            yield running
        finally:
            running.kill()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_ends_all_soon(tmp_path: Path, how: int) -> None:
    with command(tmp_path, "dask") as running:
        at_work = children(running.pid)
        assert len(at_work) >= 2
        began = time.monotonic()
        running.send_signal(how)
        assert running.wait(timeout=20) == (130 if how == signal.SIGINT else -how)
        wait_until(lambda: not any(map(is_alive, at_work)))
        # Within a second on a quiet machine; one that is busy with other tests is given more.
        assert time.monotonic() - began < 4


@pytest.mark.slow
def test_without_its_scheduler_the_command_tells_what_it_has_and_ends_with_2(cluster: Cluster, tmp_path: Path) -> None:
    with command(tmp_path, f"dask={cluster.address}") as running:
        cluster.scheduler.kill()
        said, wrong = running.communicate(timeout=20)
    assert (running.returncode, wrong.splitlines()[0]) == (
        2,
        f"error[C060]: there is no scheduler at {cluster.address}: the connection to it was lost",
    )
    assert re.search(r"unknown +apart\(shelf\)", said)
    assert said.splitlines()[-1].startswith("2 checks: 1 proved, 1 unknown; 1 NOT as expected")
