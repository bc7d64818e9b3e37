"""Processes that hang, die or eat memory cost their own task, and nothing else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from mmap import mmap

import pytest

from checker.workers import End, Ended, Produced, Started, run


def listen(
    work: Callable[[int], Iterator[object]],
    tasks: int = 1,
    *,
    jobs: int = 2,
    seconds: float | None = None,
    memory: int | None = None,
) -> list[Started | Produced | Ended]:
    events = run(tasks, work, jobs=jobs, seconds=seconds, memory=memory)
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
