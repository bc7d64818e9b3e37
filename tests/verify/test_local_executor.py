"""Processes that hang, die or eat memory cost their own task, and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from mmap import mmap

import pytest

from checker.verify.executors.executor import End, Ended, Produced, Started
from checker.verify.executors.local import run


def listen(
    work: Callable[[int], Iterator[object]],
    tasks: int = 1,
    *,
    jobs: int = 2,
    seconds: float | None = None,
    memory: int | None = None,
    all_seconds: float | None = None,
    all_bytes: int | None = None,
) -> list[Started | Produced | Ended]:
    events = run(tasks, work, jobs=jobs, seconds=seconds, memory=memory, all_seconds=all_seconds, all_bytes=all_bytes)
    return [event for event in events if isinstance(event, Started | Produced | Ended)]


def test_values_come_one_by_one_and_in_order() -> None:
    assert listen(lambda task: iter([task, "two"])) == [
        Started(0),
        Produced(0, 0),
        Produced(0, "two"),
        Ended(0, End.DONE),
    ]


def test_a_task_that_hangs_ends_in_time_and_keeps_what_it_produced() -> None:
    def hang(task: int) -> Iterator[object]:
        yield "before"
        time.sleep(60)
        yield "after"

    assert listen(hang, seconds=0.2)[1:] == [Produced(0, "before"), Ended(0, End.OUT_OF_TIME)]


def test_a_process_that_is_killed_is_an_end_not_a_hang() -> None:
    def die(task: int) -> Iterator[object]:
        yield "before"
        os.kill(os.getpid(), signal.SIGKILL)

    events = listen(die)
    assert events[1:] == [Produced(0, "before"), Ended(0, End.KILLED, "its process was ended by SIGKILL")]


def test_a_process_that_leaves_without_a_word_is_an_end() -> None:
    def leave(task: int) -> Iterator[object]:
        os._exit(7)
        yield

    assert listen(leave)[1:] == [Ended(0, End.KILLED, "its process left with status 7")]


def test_more_memory_than_allowed_is_an_end() -> None:
    def eat(task: int) -> Iterator[object]:
        yield len(bytearray(8 << 30))

    assert listen(eat, memory=4 << 30)[1:] == [Ended(0, End.OUT_OF_MEMORY)]


def test_what_the_process_that_asks_has_already_is_no_task_s_to_pay() -> None:
    """A long test run has more than a check may take, and its checks are forks of it."""
    with mmap(-1, 4 << 30):
        assert listen(lambda task: iter([len(bytes(1 << 20))]), memory=1 << 30)[1:] == [
            Produced(0, 1 << 20),
            Ended(0, End.DONE),
        ]


def test_an_error_for_want_of_memory_is_that_end_whatever_it_says() -> None:
    def fail(task: int) -> Iterator[object]:
        held = []
        with suppress(OSError):
            while True:
                held.append(mmap(-1, 16 << 20))
        yield len(held) > 0
        raise ValueError("it is all the fault of something else")

    events = listen(fail, memory=4 << 30)
    assert events[1:] == [Produced(0, True), Ended(0, End.OUT_OF_MEMORY)]


def test_an_error_names_where_it_happened() -> None:
    def fail(task: int) -> Iterator[object]:
        raise ValueError("no")
        yield

    (_, ended) = listen(fail, memory=4 << 30)
    assert isinstance(ended, Ended)
    assert ended.end is End.FAILED
    assert ended.detail.startswith("ValueError: no (test_an_error_names_where_it_happened.<locals>.fail, line ")


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_run_once_and_no_more_at_a_time_than_asked_for(jobs: int) -> None:
    running, most = 0, 0
    done = []
    for event in run(5, lambda task: iter([task]), jobs=jobs, seconds=None, memory=None):
        running += isinstance(event, Started) - isinstance(event, Ended)
        most = max(most, running)
        if isinstance(event, Produced):
            done.append(event.value)
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert most == jobs


def test_leaving_early_ends_the_processes() -> None:
    def tell(task: int) -> Iterator[object]:
        yield os.getpid()
        time.sleep(60)

    events = run(1, tell, jobs=1, seconds=None, memory=None)
    process = next(event.value for event in events if isinstance(event, Produced))
    events.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_process_that_is_stopped_in_the_middle_of_a_message_ends_in_time() -> None:
    def stop(task: int) -> Iterator[object]:
        parent = os.getpid()
        if os.fork() == 0:
            time.sleep(0.2)
            os.kill(parent, signal.SIGSTOP)
            os._exit(0)
        while True:
            yield bytes(50_000_000)

    events = listen(stop, seconds=1)
    assert events[-1] == Ended(0, End.OUT_OF_TIME)


def test_a_task_that_never_stops_talking_ends_in_time() -> None:
    def chatter(task: int) -> Iterator[object]:
        while True:
            yield "still here"

    events = listen(chatter, seconds=0.3)
    assert events[-1] == Ended(0, End.OUT_OF_TIME)


def test_all_tasks_end_when_they_have_taken_their_time_together() -> None:
    def hang(task: int) -> Iterator[object]:
        if task == 1:
            time.sleep(60)
        yield task

    events = listen(hang, 4, jobs=1, all_seconds=0.3)
    assert events[:4] == [Started(0), Produced(0, 0), Ended(0, End.DONE), Started(1)]
    assert events[4:] == [Ended(task, End.OUT_OF_TOTAL_TIME) for task in (1, 2, 3)]


def test_all_tasks_end_when_they_have_sent_too_much_together() -> None:
    def pour(task: int) -> Iterator[object]:
        yield bytes(60_000)

    events = listen(pour, 4, jobs=1, all_bytes=100_000)
    assert events[:3] == [Started(0), Produced(0, bytes(60_000)), Ended(0, End.DONE)]
    assert events[-2:] == [Ended(task, End.OUT_OF_ROOM) for task in (2, 3)]
    assert Started(2) not in events


def test_a_message_without_an_end_is_not_waited_for() -> None:
    def flood(task: int) -> Iterator[object]:
        yield bytes(50 << 20)

    assert listen(flood, all_bytes=10 << 20)[-1] == Ended(0, End.OUT_OF_ROOM)


def test_where_the_system_has_no_process_to_give_the_task_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.get_context("fork").Process, "start", refuse)
    detail = "there was no process for it: Resource temporarily unavailable"
    assert listen(lambda task: iter([task]))[1:] == [Ended(0, End.KILLED, detail)]


def test_an_error_that_says_much_is_told_in_short() -> None:
    def fail(task: int) -> Iterator[object]:
        raise ValueError("no" * 1_000_000)
        yield

    (_, ended) = listen(fail)
    assert isinstance(ended, Ended)
    assert len(ended.detail) < 2_000


def test_a_task_is_what_the_system_ends_first_where_memory_runs_out() -> None:
    def look(task: int) -> Iterator[object]:
        with open("/proc/self/oom_score_adj", encoding="ascii") as file:
            yield int(file.read())

    assert Produced(0, 1000) in listen(look)
